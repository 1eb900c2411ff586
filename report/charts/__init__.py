"""One function for each kind of chart: rows in, Vega-Lite specification out, made when needed."""

from report.charts.lazy import LazyFigure, lazy_chart

WIDE, NARROW = 860, 342
"""Widths in pixels, labels included; the page shows the one that fits its column."""

interval_chart = lazy_chart("intervals", "interval_chart")
summary_chart = lazy_chart("intervals", "summary_chart")
bars = lazy_chart("intervals", "bars")
cross_chart = lazy_chart("planes", "cross_chart")
size_chart = lazy_chart("planes", "size_chart")
heatmap = lazy_chart("grids", "heatmap")
pair_matrix = lazy_chart("grids", "pair_matrix")
box_strip_chart = lazy_chart("runtimes", "box_strip_chart")
step_chart = lazy_chart("steps", "step_chart")
detectable_chart = lazy_chart("power", "detectable_chart")
curve_chart = lazy_chart("curves", "curve_chart")
sides_chart = lazy_chart("sides", "sides_chart")
slope_chart = lazy_chart("slopes", "slope_chart")
change_chart = lazy_chart("slopes", "change_chart")
parts_chart = lazy_chart("slopes", "parts_chart")
verdict_chart = lazy_chart("verdicts", "verdict_chart")

__all__ = [
    "NARROW",
    "WIDE",
    "LazyFigure",
    "bars",
    "box_strip_chart",
    "change_chart",
    "cross_chart",
    "curve_chart",
    "detectable_chart",
    "heatmap",
    "interval_chart",
    "pair_matrix",
    "parts_chart",
    "sides_chart",
    "size_chart",
    "slope_chart",
    "step_chart",
    "summary_chart",
    "verdict_chart",
]
