"""Rates that rise with a number of samples: one line for each model, with its intervals."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import NARROW, theme
from report.charts.slopes import spread

NAMED = 8
"""Lines that bear their name; more would lie on each other."""

_GAP = 0.04
"""Least distance between names, as a rate: the chart is 360 pixels high."""


def curve_chart(
    rows: Sequence[dict[str, Any]], *, width: int, x_title: str, y_title: str
) -> dict[str, Any]:
    """Lines over a logarithmic axis of whole numbers, an interval at each of them.

    Rows need model, focus, k (from 1), value, low, high and tip, ascending in k within a model.
    Focus models have a band, the others a rule at each k; the lines that end highest, and those
    of focus models, bear their names where there is room.
    """
    wide = width > NARROW
    ks = sorted({row["k"] for row in rows})
    room = (max(ks) / min(ks)) ** (0.2 if wide else 0.04)
    x = alt.X(
        "k:Q",
        scale=alt.Scale(type="log", domain=[min(ks) * 0.95, max(ks) * max(room, 1.1)], nice=False),
        axis=alt.Axis(title=x_title, values=ks, format=",.0f", grid=False),
    )
    bottom = min(row["low"] for row in rows)
    scale = alt.Scale(domain=[0 if bottom < 0.25 else bottom - 0.02, 1], nice=False)
    axis = theme.percent_axis(y_title)
    y, low = (alt.Y(f"{name}:Q", scale=scale, axis=axis) for name in ("value", "low"))
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Estimate")]
    layers: list[alt.Chart] = []
    for focus in (False, True):
        own = [row for row in rows if bool(row["focus"]) is focus]
        if not own:
            continue
        base = alt.Chart(theme.inline(own)).encode(x=x, color=theme.focus_colour())
        bars = base.mark_area(opacity=0.16) if focus else base.mark_rule(opacity=0.45)
        layers += [
            bars.encode(y=low, y2="high:Q", detail="model:N"),
            base.mark_line(strokeWidth=2.2 if focus else 1.3).encode(y=y, detail="model:N"),
            base.mark_point(filled=True, size=40, opacity=1).encode(y=y, tooltip=tooltip),
        ]
    if wide:
        layers += _names(rows, x=x, scale=scale, axis=axis)
    chart = theme.layered(*layers).properties(height=360 if wide else 300)
    return theme.specification(chart, width=width)


def _names(
    rows: Sequence[dict[str, Any]], *, x: alt.X, scale: alt.Scale, axis: alt.Axis
) -> list[alt.Chart]:
    """Names behind the ends of the lines, moved apart where lines end close together."""
    ends = list({row["model"]: row for row in rows}.values())
    shown = sorted(ends, key=lambda row: (not row["focus"], -row["value"]))[:NAMED]
    named = []
    for k in sorted({row["k"] for row in shown}):
        own = sorted((row for row in shown if row["k"] == k), key=lambda row: row["value"])
        places = spread([row["value"] for row in own], _GAP, 0.0, 1.0)
        named += [{**row, "at": at} for row, at in zip(own, places, strict=True)]
    text = (
        alt.Chart(theme.inline(named))
        .mark_text(align="left", baseline="middle", dx=8, fontSize=11)
        .encode(
            x=x,
            y=alt.Y("at:Q", scale=scale, axis=axis),
            color=theme.focus_colour(),
            text="model:N",
        )
    )
    return theme.with_halo(text)
