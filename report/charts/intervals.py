"""Charts of estimates with intervals down the page: leaderboard, gaps, ratios, efficiency."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import NARROW, theme

POINTS = "(datum.value > 0 ? '+' : '') + format(100 * datum.value, '.0f')"
"""Vega expression for the tick of a difference in points; a constant, as all of ours must be."""


def interval_chart(  # noqa: PLR0913 - options of one chart, all by keyword
    rows: Sequence[dict[str, Any]],
    *,
    width: int,
    title: str,
    axis_format: str = ".0%",
    points: bool = False,
    zero: bool = True,
    reference: float | None = None,
    log: bool = False,
    weak_field: str | None = None,
    label_limit: int | None = None,
) -> dict[str, Any]:
    """Point and interval for each row, top to bottom in the rows' order.

    Parameters
    ----------
    rows
        Mappings with model, value, low, high, focus, and whatever the tooltip should show as
        ``tip``; equal labels would share a row and must be told apart before.
    points
        The values are differences of rates: the axis counts percentage points with their sign.
    reference
        Draws a dashed line there: no difference, or the best.
    weak_field
        A row field; where true the row is drawn faintly.
    label_limit
        Longest label in pixels, where the theme's limit would cut what matters.
    """
    data = theme.inline(rows, ordered=True)
    scale, axis = alt.Scale(zero=zero, nice=True), alt.Axis(format=axis_format, tickCount=6)
    if log:
        ends = min(row["low"] for row in rows), max(row["high"] for row in rows)
        scale, axis = theme.log_scale(*ends), alt.Axis(format="~g", values=theme.log_ticks(*ends))
    if points:
        axis = alt.Axis(tickCount=6, labelExpr=POINTS)
    axis.title = title
    x = alt.X("low:Q", scale=scale, axis=axis)
    base = alt.Chart(data).encode(y=theme.by_order(), color=theme.focus_colour())
    if weak_field:
        base = base.encode(
            opacity=alt.Opacity(
                f"{weak_field}:N",
                scale=alt.Scale(domain=[True, False], range=[0.45, 1]),
                legend=None,
            )
        )
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Estimate")]
    layers: list[alt.Chart] = []
    if reference is not None:
        layers.append(
            alt.Chart(theme.inline([{"at": reference}]))
            .mark_rule(strokeDash=[4, 3], color=theme.MUTED)
            .encode(x=alt.X("at:Q", scale=scale))
        )
    layers.append(base.mark_rule(strokeWidth=2.5).encode(x=x, x2="high:Q", tooltip=tooltip))
    layers.append(
        base.mark_point(filled=True, size=70, opacity=1).encode(x="value:Q", tooltip=tooltip)
    )
    chart = theme.layered(*layers).properties(height=theme.ROW * max(len(rows), 2))
    return theme.specification(chart, width=width, label_limit=label_limit)


def summary_chart(rows: Sequence[dict[str, Any]], *, width: int, title: str) -> dict[str, Any]:
    """Published summaries: line from min to max, bar for the mean's interval, mean and median.

    Rows need model, focus, mean, median, low, high (of the mean), min, max, tip. The axis is
    square-root scaled: runtimes are skewed, and a weighted metric starts at an exact 0 that a
    logarithm could not show.
    """
    data = theme.inline(rows, ordered=True)
    scale = alt.Scale(type="sqrt", nice=False)
    base = alt.Chart(data).encode(y=theme.by_order(), color=theme.focus_colour())
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Summary")]
    large = max(row["max"] for row in rows) > 10
    axis = alt.Axis(
        title=title,
        tickCount=6 if width > NARROW else 4,
        format=",.0f" if large else "~g",
    )
    chart = theme.layered(
        base.mark_rule(strokeWidth=1, opacity=0.7).encode(
            x=alt.X("min:Q", scale=scale, axis=axis), x2="max:Q", tooltip=tooltip
        ),
        base.mark_rule(strokeWidth=7, opacity=0.45).encode(x="low:Q", x2="high:Q", tooltip=tooltip),
        base.mark_point(filled=True, size=75, opacity=1).encode(x="mean:Q", tooltip=tooltip),
        base.mark_tick(thickness=2.5, size=17).encode(x="median:Q", tooltip=tooltip),
    ).properties(height=(theme.ROW + 6) * max(len(rows), 2))
    return theme.specification(chart, width=width)


def bars(rows: Sequence[dict[str, Any]], *, width: int, title: str) -> dict[str, Any]:
    """Plain counted bars with their number at the end; rows need label and count."""
    data = theme.inline(rows, ordered=True)
    y = alt.Y(
        "label:N",
        sort=alt.EncodingSortField(field="order", order="ascending"),
        axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8),
    )
    room = alt.Scale(domain=[0, 1.2 * max(row["count"] for row in rows) or 1], nice=False)
    base = alt.Chart(data).encode(
        y=y, x=alt.X("count:Q", scale=room, axis=alt.Axis(title=title, tickMinStep=1))
    )
    chart = theme.layered(
        base.mark_bar(color=theme.OTHER, height=14),
        base.mark_text(align="left", dx=5, color=theme.TEXT).encode(text="text:N"),
    ).properties(height=theme.ROW * max(len(rows), 2))
    return theme.specification(chart, width=width)
