"""Charts of two releases: rates from one to the other, changes with intervals, what they hold."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any
from unicodedata import east_asian_width

import altair as alt

from report.charts import NARROW, theme

STATES = ("up", "down", "focus", "same")
"""How a model is coloured: results changed up or down, a focus model, or none of these."""

PARTS = ("re-scored", "new problems", "dropped problems", "attempts", "missing rule")

_POINTS = "(datum.value > 0 ? '+' : '') + format(100 * datum.value, '.2~f')"
"""Vega expression for the tick of a change in points, which may be far below one point."""

_LABEL = 17
"""Pixels that a line of labels takes."""


def _state_colour() -> alt.Color:
    colours = [theme.UP, theme.DOWN, theme.FOCUS, theme.OTHER]
    return alt.Color("state:N", scale=alt.Scale(domain=list(STATES), range=colours), legend=None)


def slope_chart(
    rows: Sequence[dict[str, Any]], *, width: int, before: str, after: str
) -> dict[str, Any]:
    """Rates of each model in two releases, joined by a line, both ends with their interval.

    Parameters
    ----------
    rows
        Mappings with model, state (one of `STATES`), tip, and a, a_low, a_high, a_text and the
        same for b: rate, limits and the rate as written. A side that the release lacks is None.
    before, after
        Names of the releases, above the two ends.
    """
    narrow = width <= NARROW
    height = max(340, _LABEL * len(rows) + 60)
    placed = _placed(rows, height=height, narrow=narrow)
    both = [row for row in placed if row["a"] is not None and row["b"] is not None]
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Rates")]
    x = alt.X("xa:Q", scale=alt.Scale(domain=_domain(narrow), nice=False), axis=None)
    y = alt.Y("a:Q", scale=alt.Scale(zero=False), axis=theme.percent_axis(""))
    lines = (
        alt.Chart(theme.inline(both))
        .mark_rule(strokeWidth=1.8)
        .encode(x=x, x2="xb:Q", y=y, y2="b:Q", color=_state_colour(), tooltip=tooltip)
    )
    layers: list[alt.Chart] = [lines]
    for side, name in (("a", before), ("b", after)):
        own = [row for row in placed if row[side] is not None]
        layers += _side(own, side, narrow=narrow)
        layers += _heading(placed, side, name)
    # Words in the text's own colour, marks in that of their state: two scales for one field.
    chart = theme.layered(*layers).properties(height=height).resolve_scale(color="independent")
    return theme.specification(chart, width=width)


def _domain(narrow: bool) -> list[float]:
    return [-0.2, 2.75] if narrow else [-0.95, 1.95]


def _side(rows: list[dict[str, Any]], side: str, *, narrow: bool) -> list[alt.Chart]:
    """Intervals, points and labels of one release."""
    base = alt.Chart(theme.inline(rows)).encode(color=_state_colour())
    x, label = alt.X(f"x{side}:Q"), f"label_{side}:N"
    text = alt.Chart(theme.inline(rows)).mark_text(
        align="right" if side == "a" else "left", fontSize=11 if narrow else 12.5
    )
    marks = [
        base.mark_rule(strokeWidth=2, opacity=0.35).encode(
            x=x, y=f"{side}_low:Q", y2=f"{side}_high:Q"
        ),
        base.mark_point(filled=True, size=55, opacity=1).encode(x=x, y=f"{side}:Q"),
    ]
    if narrow and side == "a":
        return marks  # no room for names on both sides
    return [
        *marks,
        base.mark_rule(strokeWidth=0.8, opacity=0.35).encode(
            x=x, x2=f"end_{side}:Q", y=f"{side}:Q", y2=f"at_{side}:Q"
        ),
        text.encode(
            x=f"text_{side}:Q",
            y=f"at_{side}:Q",
            text=label,
            color=alt.Color(
                "state:N",
                scale=alt.Scale(
                    domain=list(STATES), range=[theme.UP, theme.DOWN, theme.FOCUS, theme.TEXT]
                ),
                legend=None,
            ),
        ),
    ]


def _heading(rows: Sequence[dict[str, Any]], side: str, name: str) -> list[alt.Chart]:
    top = max(row["top"] for row in rows)
    at = {"x": 0.0 if side == "a" else 1.0, "y": top, "name": name}
    return [
        alt.Chart(theme.inline([at]))
        .mark_text(fontWeight=600, fontSize=13, color=theme.TEXT, dy=-14)
        .encode(x="x:Q", y="y:Q", text="name:N")
    ]


def _placed(rows: Sequence[dict[str, Any]], *, height: int, narrow: bool) -> list[dict[str, Any]]:
    """Give each row its place across, so that intervals stand side by side, and its labels."""
    known = [v for row in rows for key in _LIMITS if (v := row[key]) is not None]
    low, high = min(known), max(known)
    gap = _LABEL / height * (high - low)
    placed = [{**row, "top": high} for row in rows]
    step = min(0.26 / max(len(rows), 1), 0.03)
    for i, row in enumerate(placed):
        shift = (i - (len(rows) - 1) / 2) * step
        row["xa"], row["xb"] = shift, 1 + shift
    for side, ends in (("a", (-0.2, -0.23)), ("b", (1.2, 1.23))):
        own = sorted((row for row in placed if row[side] is not None), key=lambda r: r[side])
        for row, at in zip(own, spread([r[side] for r in own], gap, low, high), strict=True):
            row[f"at_{side}"] = at
            row[f"end_{side}"], row[f"text_{side}"] = ends
            row[f"label_{side}"] = _label(row, side, narrow=narrow)
    return placed


_LIMITS = ("a_low", "a_high", "b_low", "b_high")


def _label(row: dict[str, Any], side: str, *, narrow: bool) -> str:
    share = row[f"{side}_text"]
    name = str(row["model"])
    name = shortened(name, 20 if narrow else 32)
    return f"{name}  {share}" if side == "a" else f"{share}  {name}"


def shortened(name: str, most: float) -> str:
    """Cut a name to the width of ``most`` small letters; wide letters count for more than one."""
    ends = list(accumulate(_width(char) for char in name))
    if not ends or ends[-1] <= most:
        return name
    return name[: sum(end <= most - 1 for end in ends)].rstrip() + "…"


def _width(char: str) -> float:
    if east_asian_width(char) in "WF":
        return 2
    return 1.65 if char in "MWmw@" else 1.25 if char.isupper() else 1


def spread(values: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move sorted values apart by at least ``gap``, as little as may be, within low and high.

    Values that touch form a block, centred on their mean; blocks that touch are joined.
    """
    blocks: list[tuple[float, int]] = []  # centre and size

    def within(centre: float, size: int) -> float:
        half = gap * (size - 1) / 2
        return min(max(centre, low + half), max(high - half, low + half))

    for value in values:
        centre, size = within(value, 1), 1
        while blocks and blocks[-1][0] + gap * (blocks[-1][1] + size) / 2 > centre:
            other, count = blocks.pop()
            centre = within((other * count + centre * size) / (count + size), count + size)
            size += count
        blocks.append((centre, size))
    return [centre + gap * (i - (size - 1) / 2) for centre, size in blocks for i in range(size)]


def change_chart(rows: Sequence[dict[str, Any]], *, width: int, title: str) -> dict[str, Any]:
    """Change of each model's rate: point, interval, and thinly the interval corrected for all.

    Rows need model, state, value, low, high, wide_low, wide_high and tip.
    """
    data = theme.inline(rows, ordered=True)
    axis = alt.Axis(tickCount=6, labelExpr=_POINTS, title=title)
    base = alt.Chart(data).encode(y=theme.by_order(), color=_state_colour())
    tooltip = [alt.Tooltip("model:N", title="Model"), alt.Tooltip("tip:N", title="Change")]
    zero = (
        alt.Chart(theme.inline([{"at": 0}]))
        .mark_rule(strokeDash=[4, 3], color=theme.MUTED)
        .encode(x="at:Q")
    )
    chart = theme.layered(
        zero,
        base.mark_rule(strokeWidth=1.2).encode(
            x=alt.X("wide_low:Q", axis=axis), x2="wide_high:Q", tooltip=tooltip
        ),
        base.mark_rule(strokeWidth=3.5).encode(x="low:Q", x2="high:Q", tooltip=tooltip),
        base.mark_point(filled=True, size=70, opacity=1).encode(x="value:Q", tooltip=tooltip),
    ).properties(height=theme.ROW * max(len(rows), 2))
    return theme.specification(chart, width=width)


def parts_chart(rows: Sequence[dict[str, Any]], *, width: int, title: str) -> dict[str, Any]:
    """What each change consists of: bars to either side of zero, and the sum as a point.

    Rows need model, place (order down the page), part (one of `PARTS`), value and total.
    """
    data = theme.inline(rows)
    y = alt.Y(
        "model:N",
        sort=alt.EncodingSortField(field="place", op="min", order="ascending"),
        axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, minExtent=0),
    )
    colours = [theme.FOCUS, theme.UP, theme.DOWN, theme.OTHER, theme.AXIS]
    axis = alt.Axis(tickCount=6, labelExpr=_POINTS, title=title)
    base = alt.Chart(data).encode(y=y)
    chart = theme.layered(
        base.mark_bar(height=13).encode(
            x=alt.X("value:Q", stack="zero", axis=axis),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(PARTS), range=colours),
                legend=alt.Legend(title=None, columns=2 if width <= NARROW else 5),
            ),
            tooltip=[
                alt.Tooltip("model:N", title="Model"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("tip:N", title="Points"),
            ],
        ),
        base.mark_point(filled=True, size=60, color=theme.TEXT, opacity=1).encode(x="total:Q"),
    ).properties(height=theme.ROW * max(len({row["model"] for row in rows}), 2))
    return theme.specification(chart, width=width)
