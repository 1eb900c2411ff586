"""Raw runtimes: a box and a strip for each model, on a logarithmic scale."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import theme


def box_strip_chart(
    boxes: Sequence[dict[str, Any]], points: Sequence[dict[str, Any]], *, width: int
) -> dict[str, Any]:
    """Boxes with a dot for each program.

    Boxes need model, focus, low, q1, median, q3, high, tip; points model, focus, value, failed
    and offset.

    Quartiles and whiskers come computed, so that the chart and its table cannot differ.
    """
    seconds = [point["value"] for point in points]
    ends = min(seconds), max(seconds)
    scale = theme.log_scale(*ends)
    axis = alt.Axis(
        title="Runtime in seconds (log scale)", values=theme.log_ticks(*ends), format="~g"
    )
    box = alt.Chart(theme.inline(boxes, ordered=True)).encode(
        y=theme.by_order(), color=theme.focus_colour()
    )
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Runtime")]
    strip = alt.Chart(theme.inline(points)).encode(
        x=alt.X("value:Q", scale=scale, axis=axis),
        y=alt.Y("model:N"),
        yOffset=alt.YOffset("offset:Q", scale=alt.Scale(domain=[-3, 3])),
        color=theme.focus_colour(),
    )
    chart = theme.layered(
        strip.transform_filter("!datum.failed").mark_point(filled=True, size=14, opacity=0.55),
        strip.transform_filter("datum.failed").mark_point(filled=False, size=14, opacity=0.55),
        box.mark_rule(strokeWidth=1.2).encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", tooltip=tooltip
        ),
        box.mark_bar(height=16, fillOpacity=0.18, strokeWidth=1.2).encode(
            x=alt.X("q1:Q", scale=scale, axis=axis),
            x2="q3:Q",
            stroke=theme.focus_colour(),
            tooltip=tooltip,
        ),
        box.mark_tick(thickness=2.5, size=18).encode(x=alt.X("median:Q", scale=scale)),
    ).properties(height=46 * max(len(boxes), 2))
    return theme.specification(chart, width=width)
