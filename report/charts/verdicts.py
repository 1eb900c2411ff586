"""The forest plot of claims: estimate and interval in the colour and shape of the verdict."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import NARROW, theme
from report.charts.intervals import POINTS

SHAPES = {
    "supported": "circle",
    "unresolved": "diamond",
    "contradicted": "cross",
    "misstated": "square",
    "untestable": "triangle-up",
}
"""The mark of each verdict: told apart without colour."""


def verdict_chart(
    rows: Sequence[dict[str, Any]], *, width: int, title: str, label_limit: int
) -> dict[str, Any]:
    """Point and interval of each claim, top to bottom, with a line at no difference.

    Parameters
    ----------
    rows
        Mappings with model (the row's label, each once), value, low, high, verdict, tip; values
        are differences of rates in the direction claimed.
    label_limit
        Longest label in pixels; a longer one is cut.
    """
    shown = [verdict for verdict in SHAPES if any(row["verdict"] == verdict for row in rows)]
    legend = alt.Legend(
        title=None, columns=1 if width <= NARROW else 5, symbolSize=80, symbolStrokeWidth=0
    )
    colour = alt.Color(
        "verdict:N",
        scale=alt.Scale(domain=shown, range=[f"var(--bp-{verdict})" for verdict in shown]),
        legend=legend,
    )
    shape = alt.Shape(
        "verdict:N",
        scale=alt.Scale(domain=shown, range=[SHAPES[verdict] for verdict in shown]),
        legend=legend,
    )
    axis = alt.Axis(tickCount=6, labelExpr=POINTS, title=title)
    x = alt.X("low:Q", scale=alt.Scale(nice=True), axis=axis)
    tooltip = [alt.Tooltip("model:N", title="Claim"), alt.Tooltip("tip:N", title="Estimate")]
    base = alt.Chart(theme.inline(rows, ordered=True)).encode(y=theme.by_order(), color=colour)
    chart = theme.layered(
        alt.Chart(theme.inline([{"at": 0}]))
        .mark_rule(strokeDash=[4, 3], color=theme.MUTED)
        .encode(x="at:Q"),
        base.mark_rule(strokeWidth=2.5).encode(x=x, x2="high:Q", tooltip=tooltip),
        base.mark_point(filled=True, size=95, opacity=1).encode(
            x="value:Q", shape=shape, tooltip=tooltip
        ),
    ).properties(height=theme.ROW * max(len(rows), 2))
    return theme.specification(chart, width=width, label_limit=label_limit)
