"""What so many problems can show: detectable difference against number of problems."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import NARROW, theme


def detectable_chart(
    rows: Sequence[dict[str, Any]], *, width: int, problems: int, title: str
) -> dict[str, Any]:
    """A falling line for each way of comparing two models, both axes logarithmic.

    On such axes power laws are straight: four times the problems, half the difference. Rows need
    line, label, short, paired, main, problems, difference (in points), own (whether this is the
    benchmark's number of problems), value (of own) and tip, in order of problems within a line.
    Each line's label stands behind its last point, ``short`` where the chart is narrow. The one
    ``main`` line is blue.
    """
    wide = width > NARROW
    ns = [row["problems"] for row in rows]
    gaps = [row["difference"] for row in rows]
    # Room on the right for the lines' labels, as a share of the axis's length.
    room = (max(ns) / min(ns)) ** (0.18 if wide else 0.34)
    x_scale = theme.log_scale(min(ns), max(ns) * room)
    x = alt.X(
        "problems:Q",
        scale=x_scale,
        axis=alt.Axis(
            title="Problems (log scale)",
            values=[t for t in theme.log_ticks(min(ns), max(ns)) if t != problems],
            format=",.0f",
        ),
    )
    y = alt.Y(
        "difference:Q",
        scale=theme.log_scale(min(gaps), max(gaps)),
        axis=alt.Axis(title=title, values=_ticks(min(gaps), max(gaps)), format="~g"),
    )
    colour = alt.Color(
        "main:N",
        scale=alt.Scale(domain=[True, False], range=[theme.FOCUS, theme.MUTED]),
        legend=None,
    )
    tooltip = [alt.Tooltip("line:N", title="Two models"), alt.Tooltip("tip:N", title="Detectable")]
    layers = [
        alt.Chart(theme.inline([{"problems": problems}]))
        .mark_rule(strokeDash=[4, 3], color=theme.AXIS)
        .encode(x=x),
        alt.Chart(theme.inline([{"problems": problems, "text": f"{problems:,} problems"}]))
        .mark_text(align="left", dx=5, color=theme.MUTED, fontSize=11)
        .encode(x=x, y=alt.value(8), text="text:N"),
        *_lines(rows, x=x, y=y, colour=colour),
        alt.Chart(theme.inline([row for row in rows if row["own"]]))
        .mark_point(filled=True, size=55, opacity=1)
        .encode(x=x, y=y, color=colour, tooltip=tooltip),
        *_labels(rows, x=x, y=y, colour=colour, wide=wide),
    ]
    chart = theme.layered(*layers).properties(height=400 if wide else 380)
    return theme.specification(chart, width=width)


def _lines(
    rows: Sequence[dict[str, Any]], *, x: alt.X, y: alt.Y, colour: alt.Color
) -> list[alt.Chart]:
    """Solid where the models are paired, dashed where they are not."""
    return [
        alt.Chart(theme.inline([row for row in rows if row["paired"] is paired]))
        .mark_line(strokeWidth=2, strokeDash=dash)
        .encode(x=x, y=y, color=colour, detail="line:N")
        for paired, dash in ((True, [1, 0]), (False, [6, 4]))
    ]


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers of points; closer than `theme.log_ticks`, since the axis spans little."""
    round_ones = (1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100)
    return [tick for tick in round_ones if low <= tick <= high]


def _labels(
    rows: Sequence[dict[str, Any]], *, x: alt.X, y: alt.Y, colour: alt.Color, wide: bool
) -> list[alt.Chart]:
    """Name each line behind its end, and write its value beside the benchmark's own point.

    A narrow chart has room for the main line's value only, on the left.
    """
    last = {row["line"]: row for row in rows}
    ends = (
        alt.Chart(theme.inline(list(last.values())))
        .mark_text(align="left", baseline="middle", dx=7, fontSize=11)
        .encode(x=x, y=y, color=colour, text=f"{'label' if wide else 'short'}:N")
    )
    values = (
        alt.Chart(theme.inline([row for row in rows if row["own"] and (wide or row["main"])]))
        .mark_text(
            align="left" if wide else "right",
            baseline="bottom" if wide else "top",
            dx=6 if wide else -6,
            dy=-2 if wide else 2,
            fontSize=11,
        )
        .encode(x=x, y=y, color=colour, text="value:N")
    )
    return [*theme.with_halo(ends), *theme.with_halo(values)]
