"""One look for all charts; colours are CSS variables, so a palette switch re-themes in place."""

import json
from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from textwrap import wrap
from typing import Any, cast

import altair as alt

from report.charts import NARROW

FOCUS, OTHER = "var(--bp-focus)", "var(--bp-other)"
UP, DOWN = "var(--bp-up)", "var(--bp-down)"
TEXT, MUTED, GRID, AXIS = (
    "var(--bp-text)",
    "var(--bp-muted)",
    "var(--bp-grid)",
    "var(--bp-axis)",
)
SURFACE = "var(--bp-surface)"
FONT = "Inter"

ROW = 26
"""Height of one model's row in interval charts."""


def specification(
    chart: alt.LayerChart | alt.HConcatChart | alt.VConcatChart,
    *,
    width: int,
    fit: bool = True,
    label_limit: int | None = None,
) -> dict[str, Any]:
    """Finish a chart: theme, total width, and the specification as plain data.

    With ``fit`` the width includes axes and legends, so that a chart never outgrows its column;
    concatenated charts cannot fit and set the widths of their parts. ``label_limit`` is in pixels.
    """
    # Set here and not through altair, which copies the whole chart at each step; validation
    # against Vega-Lite's schema takes longer than all else, so the tests do it.
    spec = dict(_unfolded(chart.to_dict(validate=False)))
    _describe(spec, spec.get("datasets", {}), None)
    if width <= NARROW:
        _wrap_titles(spec)
    spec["config"] = _config(
        label_limit or (240 if width > NARROW else 132), size=13 if width > NARROW else 12
    )
    if fit:
        spec |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    return spec


def _describe(part: Any, datasets: Mapping[str, Any], data: Any) -> None:
    """Let every mark say which model it draws, in place: `report.figure` reads it off the drawing.

    Parts inherit the data of what they are in; marks of rows without a model say nothing.
    """
    data = part.get("data", data)
    for key in ("layer", "hconcat", "vconcat"):
        for inner in part.get(key, ()):
            _describe(inner, datasets, data)
    if "mark" in part and data:
        rows = data.get("values") or datasets.get(data.get("name"), [])
        if rows and "model" in rows[0]:
            described = {"field": "model", "type": "nominal"}
            part["encoding"] = {**part.get("encoding", {}), "description": described}


def _wrap_titles(part: Any) -> None:
    """Break axis titles that the narrow drawing would cut, in place."""
    for value in part.values() if isinstance(part, dict) else part:
        if isinstance(value, (dict, list)):
            _wrap_titles(value)
    if isinstance(part, dict) and isinstance(axis := part.get("axis"), dict):
        title = axis.get("title")
        if isinstance(title, str) and len(title) > 30:
            axis["title"] = wrap(title, 30)


def _config(label_limit: int, *, size: int) -> dict[str, Any]:
    # The wide drawing is scaled down where the column is a little narrower than it.
    words = {"labelColor": TEXT, "labelFontSize": size}
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            **words,
            "domainColor": AXIS,
            "gridColor": GRID,
            "tickColor": AXIS,
            "labelLimit": label_limit,
            "labelSeparation": 6,
            "titleColor": MUTED,
            "titleFontSize": size,
            "titleFontWeight": "normal",
            "titlePadding": 8,
        },
        "header": {**words, "titleColor": MUTED},
        "legend": {**words, "titleColor": MUTED, "titleFontSize": size, "orient": "top"},
        "text": {"font": FONT, "fontSize": size},
    }


def inline(rows: Sequence[Mapping[str, Any]], *, ordered: bool = False) -> alt.InlineData:
    """Rows as data inside the specification; ``ordered`` adds each row's place as ``order``.

    They travel as one string: altair copies a chart's data at each step, and lists of mappings
    cost it most of a build. `specification` turns them back into rows.
    """
    values = [{**row, "order": i} for i, row in enumerate(rows)] if ordered else list(rows)
    text = json.dumps(values, ensure_ascii=False, allow_nan=False)
    return alt.InlineData(values=text)


def _unfolded(part: Any) -> Any:
    """The specification with every string of `inline` as rows again."""
    if isinstance(part, list):
        return [_unfolded(item) for item in part]
    if not isinstance(part, dict):
        return part
    found = {key: _unfolded(value) for key, value in part.items()}
    data = found.get("data")
    if isinstance(data, dict) and isinstance(data.get("values"), str):
        found["data"] = {**data, "values": json.loads(data["values"])}
    if isinstance(found.get("datasets"), dict):
        found["datasets"] = {
            name: json.loads(rows) if isinstance(rows, str) else rows
            for name, rows in found["datasets"].items()
        }
    return found


def layered(*charts: alt.Chart) -> alt.LayerChart:
    """Charts on top of each other; none of ours is faceted, so a layer is a layer."""
    return cast("alt.LayerChart", alt.layer(*charts))


def focus_colour(field: str = "focus") -> alt.Color:
    """Blue for focus models, gray for the rest, without a legend: the caption says it."""
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=[True, False], range=[FOCUS, OTHER]),
        legend=None,
    )


def log_scale(low: float, high: float) -> alt.Scale:
    """A logarithmic scale a little wider than the data, without rounding out to powers of ten."""
    room = max((high / low) ** 0.04, 1.02)
    return alt.Scale(type="log", domain=[low / room, high * room], nice=False)


def log_ticks(low: float, high: float) -> list[float]:
    """Ticks at 1, 2 and 5 times powers of ten between two positive numbers.

    Over more than three powers the ticks are powers alone, so that labels keep apart.
    """
    powers = range(floor(log10(low)) - 1, ceil(log10(high)) + 1)
    digits = (1, 2, 5) if log10(high / low) <= 3 else (1,)
    found = [digit * 10.0**power for power in powers for digit in digits]
    return [tick for tick in found if low / 1.05 <= tick <= high * 1.05]


def percent_axis(title: str, **more: Any) -> alt.Axis:
    """An axis of rates in percent."""
    return alt.Axis(format=".0%", title=title, tickCount=6, **more)


def by_order(axis: alt.Axis | None = None) -> alt.Y:
    """Models down the page in the order of their ``order`` field."""
    return alt.Y(
        "model:N",
        sort=alt.EncodingSortField(field="order", order="ascending"),
        axis=axis or alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, minExtent=0),
    )


def with_halo(text: alt.Chart) -> list[alt.Chart]:
    """Draw text twice, first outlined in the surface's colour, so that no line crosses it out."""
    halo = text.copy()
    halo.mark = alt.MarkDef(
        **{**text.mark.to_dict(), "stroke": SURFACE, "strokeWidth": 4, "strokeJoin": "round"}
    )
    return [halo, text]
