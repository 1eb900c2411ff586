"""Charts with two quantitative axes: compile against pass rate, size against pass rate."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import NARROW, theme
from report.charts.places import cross_domains, size_domains


def cross_chart(
    rows: Sequence[dict[str, Any]], *, width: int, x_title: str, y_title: str
) -> dict[str, Any]:
    """A point for each model with an interval in both directions.

    Rows need model, focus, x, x_low, x_high, y, y_low, y_high, tip, and what
    `report.charts.places.place_labels` adds.
    """
    data = theme.inline(rows)
    across, up = cross_domains(rows)
    scale = alt.Scale(domain=list(across), nice=False)
    scale_y = alt.Scale(domain=list(up), nice=False)
    x = alt.X("x:Q", scale=scale, axis=theme.percent_axis(x_title))
    y = alt.Y("y:Q", scale=scale_y, axis=theme.percent_axis(y_title))
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Rates")]
    base = alt.Chart(data).encode(color=theme.focus_colour())
    layers = [
        base.mark_rule(strokeWidth=1.5, opacity=0.35).encode(
            x=alt.X("x_low:Q", scale=scale, axis=theme.percent_axis(x_title)), x2="x_high:Q", y=y
        ),
        base.mark_rule(strokeWidth=1.5, opacity=0.35).encode(
            x=x, y=alt.Y("y_low:Q", scale=scale_y, axis=theme.percent_axis(y_title)), y2="y_high:Q"
        ),
        base.mark_point(filled=True, size=80, opacity=1).encode(x=x, y=y, tooltip=tooltip),
    ]
    layers += _labels(rows, x=x, y=y)
    chart = theme.layered(*layers).properties(height=430 if width > NARROW else 380)
    return theme.specification(chart, width=width)


def size_chart(rows: Sequence[dict[str, Any]], *, width: int, y_title: str) -> dict[str, Any]:
    """Pass rate against size on a logarithmic axis, the Pareto front joined by steps.

    Rows need model, focus, size, y, y_low, y_high, speculative, pareto, tip, and what
    `report.charts.places.place_labels` adds. A speculative size is drawn hollow.
    """
    data = theme.inline(rows)
    (smallest, largest), up = size_domains(rows)
    scale = alt.Scale(type="log", domain=[smallest, largest], nice=False)
    values = theme.log_ticks(smallest, largest)
    x = alt.X(
        "size:Q",
        scale=scale,
        axis=alt.Axis(
            title="Parameters in billions (log scale)",
            values=values[:: 1 if width > NARROW else 2],
            format="~g",
        ),
    )
    scale_y = alt.Scale(domain=list(up), nice=False)
    y = alt.Y("y:Q", axis=theme.percent_axis(y_title), scale=scale_y)
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Figures")]
    base = alt.Chart(data).encode(x=x, color=theme.focus_colour())
    front = [row for row in rows if row["pareto"]]
    layers = [
        alt.Chart(theme.inline(front))
        .mark_line(interpolate="step-after", strokeDash=[4, 3], color=theme.MUTED)
        .encode(x=x, y=y),
        base.mark_rule(strokeWidth=1.5, opacity=0.35).encode(
            y=alt.Y("y_low:Q", axis=theme.percent_axis(y_title), scale=scale_y), y2="y_high:Q"
        ),
        alt.Chart(theme.inline([r for r in rows if not r["speculative"]]))
        .mark_point(filled=True, size=80, opacity=1)
        .encode(x=x, y=y, color=theme.focus_colour(), tooltip=tooltip),
        alt.Chart(theme.inline([r for r in rows if r["speculative"]]))
        .mark_point(filled=True, size=80, opacity=1, fill=theme.SURFACE, strokeWidth=2)
        .encode(x=x, y=y, stroke=theme.focus_colour(), tooltip=tooltip),
    ]
    layers += _labels(rows, x=x, y=y)
    chart = theme.layered(*layers).properties(height=420 if width > NARROW else 380)
    return theme.specification(chart, width=width)


def _labels(rows: Sequence[dict[str, Any]], *, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """One text layer for each offset: Vega-Lite takes offsets from the mark, not the data."""
    shown = [row for row in rows if row["named"]]
    offsets = dict.fromkeys((row["dx"], row["dy"]) for row in shown)
    texts = [
        alt.Chart(theme.inline([r for r in shown if (r["dx"], r["dy"]) == (dx, dy)]))
        .mark_text(
            align="left" if dx >= 0 else "right", baseline="middle", dx=dx, dy=dy, fontSize=12
        )
        .encode(
            x=x,
            y=y,
            text="model:N",
            color=alt.Color(
                "focus:N",
                scale=alt.Scale(domain=[True, False], range=[theme.FOCUS, theme.MUTED]),
                legend=None,
            ),
        )
        for dx, dy in offsets
    ]
    return [layer for text in texts for layer in theme.with_halo(text)]
