"""Two estimates of each model, one under the other: as attempted and adjusted."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import theme

_ROW = 34


def sides_chart(
    rows: Sequence[dict[str, Any]], *, width: int, title: str, sides: Sequence[str]
) -> dict[str, Any]:
    """Point and interval for each model and side.

    Parameters
    ----------
    rows
        Mappings with model, side, value, low, high, focus and tip; a model's sides stand together.
    sides
        Names of the two sides, upper one first: a dot and a diamond.
    """
    data = theme.inline(rows, ordered=True)
    sides = list(sides)
    base = alt.Chart(data).encode(
        y=alt.Y(
            "model:N",
            sort=alt.EncodingSortField(field="order", op="min", order="ascending"),
            axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, minExtent=0),
            scale=alt.Scale(paddingInner=0.35),
        ),
        yOffset=alt.YOffset("side:N", sort=sides, scale=alt.Scale(domain=sides)),
        color=theme.focus_colour(),
    )
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Estimate")]
    x = alt.X("low:Q", scale=alt.Scale(zero=True, nice=True), axis=theme.percent_axis(title))
    shape = alt.Shape(
        "side:N",
        scale=alt.Scale(domain=sides, range=["circle", "diamond"]),
        legend=alt.Legend(title=None, symbolFillColor=theme.MUTED, symbolStrokeColor=theme.MUTED),
    )
    models = len({row["model"] for row in rows})
    chart = theme.layered(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", tooltip=tooltip),
        base.mark_point(filled=True, size=60, opacity=1).encode(
            x="value:Q", shape=shape, tooltip=tooltip
        ),
    ).properties(height=_ROW * max(models, 2))
    return theme.specification(chart, width=width)
