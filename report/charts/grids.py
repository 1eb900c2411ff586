"""Charts on a grid: category by difficulty, and every pair of models."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from report.charts import NARROW, theme


def heatmap(
    rows: Sequence[dict[str, Any]],
    *,
    width: int,
    columns: Sequence[str],
    panels: Sequence[str] = (),
) -> dict[str, Any]:
    """Rates by category (down) and difficulty (across); opacity is the rate, so both palettes work.

    Rows need row, column, order, rate (0 to 1, None where the cell is empty), text, tiny, tip,
    and panel where ``panels`` names several (they stand side by side, or below each other when
    narrow). A tiny cell has a dashed frame and faint text: few problems say little.
    """
    names = list(panels) or [""]
    side_by_side = len(names) > 1 and width > NARROW
    own = (width - 200) // len(names) if side_by_side else width - 150
    charts = [
        _panel(
            [row for row in rows if not panels or row["panel"] == name],
            width=own,
            columns=columns,
            title=name,
            labels=i == 0 or not side_by_side,
        )
        for i, name in enumerate(names)
    ]
    if len(charts) == 1:
        return theme.specification(charts[0], width=width, fit=False)
    joined = alt.hconcat if side_by_side else alt.vconcat
    return theme.specification(joined(*charts, spacing=18), width=width, fit=False)


def _panel(
    rows: Sequence[dict[str, Any]], *, width: int, columns: Sequence[str], title: str, labels: bool
) -> alt.LayerChart:
    count = len({row["row"] for row in rows})
    x = alt.X(
        "column:N",
        scale=alt.Scale(domain=list(columns)),
        axis=alt.Axis(orient="top", title=None, labelAngle=0, ticks=False, domain=False),
    )
    y = alt.Y(
        "row:N",
        sort=alt.EncodingSortField(field="order", order="ascending"),
        axis=alt.Axis(title=None, ticks=False, domain=False, labels=labels, labelPadding=8),
    )
    shaded = [
        {**row, "shade": None if row["rate"] is None else row["rate"] * _weight(row)}
        for row in rows
    ]
    base = alt.Chart(theme.inline(shaded)).encode(x=x, y=y)
    filled = base.transform_filter("datum.rate != null")
    tooltip = [alt.Tooltip("row:N", title="Category"), alt.Tooltip("tip:N", title="Cell")]
    cells = filled.mark_rect(
        fill=theme.FOCUS, cornerRadius=3, xOffset=1, width={"band": 0.96}, height={"band": 0.92}
    ).encode(
        fillOpacity=alt.FillOpacity(
            "shade:Q", scale=alt.Scale(domain=[0, 1], range=[0.04, 0.62]), legend=None
        ),
        tooltip=tooltip,
    )
    # Vega-Lite gives rectangles no dash by data, so the thin cells are a layer of their own.
    frames = filled.transform_filter("datum.tiny").mark_rect(
        filled=False,
        cornerRadius=3,
        stroke=theme.MUTED,
        strokeDash=[4, 3],
        width={"band": 0.96},
        height={"band": 0.92},
        xOffset=1,
    )
    text = base.mark_text(color=theme.TEXT).encode(
        text="text:N",
        opacity=alt.Opacity(
            "tiny:N", scale=alt.Scale(domain=[True, False], range=[0.62, 1]), legend=None
        ),
    )
    chart = theme.layered(cells, frames, text).properties(width=width, height=38 * count)
    if title:
        chart = chart.properties(
            title=alt.TitleParams(text=title, color=theme.TEXT, fontSize=13, anchor="middle")
        )
    return chart


def _weight(row: dict[str, Any]) -> float:
    """A rate from few problems is drawn paler than the same rate from many."""
    return 0.4 if row["tiny"] else 1.0


_READABLE = 10
"""Pixels of a column, or a row's name, below which names would lie on each other."""


def _pair_axes(cell: float, limit: int) -> tuple[alt.Axis, alt.Axis]:
    """Axes across and down a matrix; where columns are too thin for names, rows alone bear them."""
    bare: dict[str, Any] = {"ticks": False, "domain": False}
    if cell >= _READABLE:
        across = alt.Axis(orient="top", title=None, labelAngle=-45, labelLimit=limit, **bare)
        return across, alt.Axis(title=None, labelPadding=6, **bare)
    across = alt.Axis(orient="top", title="Columns in the order of the rows", labels=False, **bare)
    return across, alt.Axis(title=None, labelPadding=6, labelFontSize=_READABLE, **bare)


def pair_matrix(
    rows: Sequence[dict[str, Any]], *, width: int, order: Sequence[str]
) -> dict[str, Any]:
    """Every model against every other: shade is the size of the gap, the mark its standing.

    Rows need row, column, gap (a fraction, row minus column), standing, mark, tip; ``order``
    lists the labels best first. Blue: the row is ahead, orange: behind.
    """
    data = theme.inline(rows)
    cell = (width - (190 if width > NARROW else 120)) / len(order)
    across, down = _pair_axes(cell, 150 if width > NARROW else 90)
    x = alt.X("column:N", sort=list(order), axis=across)
    y = alt.Y("row:N", sort=list(order), axis=down)
    tooltip = [
        alt.Tooltip("row:N", title="Row"),
        alt.Tooltip("column:N", title="Column"),
        alt.Tooltip("tip:N", title="Row minus column"),
    ]
    base = alt.Chart(data).encode(x=x, y=y)
    largest = max((abs(row["gap"]) for row in rows), default=1) or 1
    cells = base.mark_rect(cornerRadius=2, width={"band": 0.94}, height={"band": 0.94}).encode(
        fill=alt.Fill(
            "ahead:N",
            scale=alt.Scale(domain=[True, False], range=[theme.FOCUS, theme.DOWN]),
            legend=None,
        ),
        fillOpacity=alt.FillOpacity(
            "size:Q", scale=alt.Scale(domain=[0, largest], range=[0.03, 0.62]), legend=None
        ),
        tooltip=tooltip,
    )
    marks = base.mark_text(fontSize=min(13, max(5, cell * 0.6)), color=theme.TEXT).encode(
        text="mark:N"
    )
    chart = theme.layered(cells, marks).properties(
        width=cell * len(order), height=min(max(cell, _READABLE + 1), 40) * len(order)
    )
    return theme.specification(chart, width=width, fit=False)
