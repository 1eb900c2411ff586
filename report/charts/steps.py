"""Shares that rise with a runtime or a factor: one step line for each model."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import NARROW, theme

NAMED = 8  # lines that bear their name; more would lie on each other


def step_chart(
    rows: Sequence[dict[str, Any]], *, width: int, x_title: str, y_title: str
) -> dict[str, Any]:
    """Steps over a logarithmic axis.

    Rows need model, focus, x (above 0), share and tip, ascending in x within a model. The models
    with the highest last shares, and the focus models, bear their names behind their lines.
    """
    wide = width > NARROW
    xs = [row["x"] for row in rows]
    room = (max(xs) / min(xs)) ** (0.22 if wide else 0.02)
    x = alt.X(
        "x:Q",
        scale=theme.log_scale(min(xs), max(max(xs) * room, min(xs) * 1.1)),
        axis=alt.Axis(title=x_title, values=theme.log_ticks(min(xs), max(xs)), format="~g"),
    )
    top = max(row["share"] for row in rows)
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, min(1.0, top * 1.08) or 1.0]),
        axis=theme.percent_axis(y_title),
    )
    lines = [
        alt.Chart(theme.inline([row for row in rows if bool(row["focus"]) is focus]))
        .mark_line(interpolate="step-after", strokeWidth=2 if focus else 1.2)
        .encode(x=x, y=y, color=theme.focus_colour(), detail="model:N")
        for focus in (False, True)
    ]
    points = (
        alt.Chart(theme.inline(rows))
        .mark_point(size=40, opacity=0, filled=True)
        .encode(
            x=x,
            y=y,
            tooltip=[alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Share")],
        )
    )
    layers = [*lines, points]
    if wide:
        layers += _names(rows, x=x, y=y)
    return theme.specification(
        theme.layered(*layers).properties(height=360 if wide else 300), width=width
    )


def _names(rows: Sequence[dict[str, Any]], *, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Names behind the ends of the lines, those that would touch another left out."""
    last = {row["model"]: row for row in rows}
    ranked = sorted(last.values(), key=lambda row: (not row["focus"], -row["share"]))
    taken: list[float] = []
    named: list[dict[str, Any]] = []
    for row in ranked:
        if len(named) < NAMED and all(abs(row["share"] - other) > 0.035 for other in taken):
            taken.append(row["share"])
            named.append(row)
    text = (
        alt.Chart(theme.inline(named))
        .mark_text(align="left", baseline="middle", dx=6, fontSize=11)
        .encode(x=x, y=y, color=theme.focus_colour(), text="model:N")
    )
    return theme.with_halo(text)
