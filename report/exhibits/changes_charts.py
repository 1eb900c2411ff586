"""Charts of a comparison: rates from one release to the other, changes, what they consist of."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from report import numbers
from report.changes.results import Entry, MetricChanges, RateChange, Side
from report.changes.words import METRICS, Wording, estimate, part
from report.charts import NARROW, WIDE, LazyFigure, change_chart, parts_chart, slope_chart
from report.exhibits.changes import parts_table, rates_table
from report.exhibits.common import Context
from report.exhibits.comparison import changes_of, exhibit_id, metric_of
from stats.decomposition import Decomposition

MOST_LINES = 24
"""Up to so many models are drawn from release to release; more would hide each other."""

MOST_BARS = 30

_PARTS = {
    "re-scored": "rescored",
    "new problems": "new_problems",
    "dropped problems": "dropped_problems",
    "attempts": "attempts",
    "missing rule": "missing_rule",
}


def slopes_figure(context: Context, before: str, metric: str = "") -> LazyFigure:
    """Rates of all models from the earlier release to the later one."""
    changes = changes_of(context, before)
    found, words = metric_of(changes, metric), Wording(changes)
    rows, left = _slope_rows(context, words, found)
    specs = [
        slope_chart(rows, width=width, before=words.before, after=words.after)
        for width in (WIDE, NARROW)
    ]
    kind = METRICS[found.metric]
    more = f" {left} models whose results are the same are not drawn." if left else ""
    return LazyFigure(
        id=exhibit_id(context, before, f"{found.metric}-slopes"),
        drawn=("before", "after", "rate"),
        caption=(
            f"{kind.capitalize()} in {words.before} (left) and {words.after} (right); vertical "
            f"lines are {context.level} intervals of each rate, set side by side. Green and "
            "orange: models whose results changed, up or down; blue: focus models; a model with "
            f"one end is in one release only.{more}"
        ),
        alt=_slope_words(words, found),
        wide=specs[0],
        narrow=specs[1],
        data=replace(
            rates_table(context, before, metric),
            id=exhibit_id(context, before, f"{found.metric}-slopes"),
        ),
    )


def _slope_rows(
    context: Context, words: Wording, found: MetricChanges
) -> tuple[list[dict[str, Any]], int]:
    """Rows of the chart, those that matter first, and how many models are left out."""
    moved = [_slope_row(context, words, c, c.before, c.after, moved=True) for c in found.moved]
    ends = [_slope_row(context, words, e, None, e.side) for e in found.added]
    ends += [_slope_row(context, words, e, e.side, None) for e in found.removed]
    same = [c for c in found.models if c.same]
    same.sort(key=lambda c: not context.is_focus(c.model))
    room = max(MOST_LINES - len(moved) - len(ends), 0)
    rest = [_slope_row(context, words, c, c.before, c.after) for c in same[:room]]
    rows = [*moved, *ends, *rest]
    rows.sort(key=lambda row: -(row["b"] if row["b"] is not None else row["a"]))
    return rows, len(same) - len(rest)


def _slope_row(
    context: Context,
    words: Wording,
    item: RateChange | Entry,
    before: Side | None,
    after: Side | None,
    *,
    moved: bool = False,
) -> dict[str, Any]:
    sides = {"a": before, "b": after}
    tips = [_side_words(side) for side in (before, after)]
    row: dict[str, Any] = {
        "model": words.name(item.model),
        "state": (_direction(before, after) if moved else "")
        or ("focus" if _is_focus(context, words, item.model) else "same"),
        "tip": " → ".join(tip or "not in it" for tip in tips),
    }
    for key, side in sides.items():
        row[key] = side.value if side else None
        row[f"{key}_low"] = side.interval.low if side else None
        row[f"{key}_high"] = side.interval.high if side else None
        row[f"{key}_text"] = numbers.percent(side.value) if side else ""
    return row


def _side_words(side: Side | None) -> str:
    if side is None:
        return ""
    return f"{numbers.percent(side.value)} ({numbers.interval(side.interval, 'fraction')})"


def _direction(before: Side | None, after: Side | None) -> str:
    if before is None or after is None or before.rate == after.rate:
        return ""
    return "up" if after.rate > before.rate else "down"


def _is_focus(context: Context, words: Wording, model: str) -> bool:
    """Whether the model is a focus model, in the later release if it is there."""
    known = {m.id: m.focus for m in words.changes.before.release.models}
    known |= {m.id: m.focus for m in context.analysis.release.models}
    return known.get(model, False)


def _slope_words(words: Wording, found: MetricChanges) -> str:
    start = f"Slope chart of {len(found.models)} models from {words.before} to {words.after}."
    told = [f"{words.rate(c)}." for c in found.moved[:3]]
    others = len(found.models) - len(found.moved)
    return " ".join([start, *told, f"{others} keep their results."])


def changes_figure(context: Context, before: str, metric: str = "") -> LazyFigure:
    """Changes of the models whose results changed, with both intervals."""
    changes = changes_of(context, before)
    found, words = metric_of(changes, metric), Wording(changes)
    moved = sorted(found.moved, key=lambda c: -c.change.value)
    rows = [_change_row(words, change) for change in moved]
    kind = METRICS[found.metric]
    specs = [
        change_chart(rows, width=width, title=f"Change of {kind}, points")
        for width in (WIDE, NARROW)
    ]
    linked = "paired on common problems" if found.evidence == "outcomes" else "as unlinked rates"
    table = rates_table(context, before, metric)
    return LazyFigure(
        id=exhibit_id(context, before, f"{found.metric}-forest"),
        drawn=("change", "corrected"),
        caption=(
            f"Change of {kind} from {words.before} to {words.after} of the models whose results "
            f"changed ({len(moved)} of {len(found.models)}), compared {linked}: {context.level} "
            f"interval (thick), and the one that holds for all {len(found.models)} together (thin)."
        ),
        alt=f"Forest plot of {len(moved)} changes. "
        + " ".join(f"{words.name(c.model)}: {estimate(c.change)}." for c in moved[:6]),
        wide=specs[0],
        narrow=specs[1],
        data=replace(
            table,
            id=exhibit_id(context, before, f"{found.metric}-forest"),
            rows=table.rows[: len(moved)],
        ),
    )


def _change_row(words: Wording, change: RateChange) -> dict[str, Any]:
    found = change.change
    return {
        "model": words.name(change.model),
        "state": "up" if found.value > 0 else "down" if found.value < 0 else "same",
        "value": found.value,
        "low": found.interval.low,
        "high": found.interval.high,
        "wide_low": change.simultaneous.low,
        "wide_high": change.simultaneous.high,
        "tip": f"{estimate(found)} points, corrected p {numbers.p_value(change.adjusted)}",
    }


def parts_figure(context: Context, before: str, metric: str = "") -> LazyFigure:
    """What each change consists of; needs outcomes in both releases."""
    changes = changes_of(context, before)
    found, words = metric_of(changes, metric), Wording(changes)
    largest = sorted(split_changes(found), key=lambda c: -abs(c.after.rate - c.before.rate))
    split = sorted(largest[:MOST_BARS], key=lambda c: -(c.after.rate - c.before.rate))
    left = len(largest) - len(split)
    rows = [row for place, c in enumerate(split) for row in _part_rows(words, c, place)]
    specs = [
        parts_chart(rows, width=width, title="Part of the change, points")
        for width in (WIDE, NARROW)
    ]
    table = parts_table(context, before, metric)
    name = exhibit_id(context, before, f"{found.metric}-parts-chart")
    return LazyFigure(
        id=name,
        caption=(
            f"What the change of each model from {words.before} to {words.after} consists of. "
            "Bars to either side of zero sum to the change, drawn as a point."
            + (f" The {left} models that changed least are in the table alone." if left else "")
        ),
        alt=f"Stacked bars of {len(split)} changes. " + " ".join(_part_words(words, split[:4])),
        wide=specs[0],
        narrow=specs[1],
        data=replace(table, id=name),
    )


def split_changes(found: MetricChanges) -> list[RateChange]:
    """Changes whose parts are known from outcomes and are not all zero."""
    return [
        c
        for c in found.models
        if isinstance(c.parts, Decomposition)
        and any(getattr(c.parts, name) != 0 for name in _PARTS.values())
    ]


def _part_rows(words: Wording, change: RateChange, place: int) -> list[dict[str, Any]]:
    return [
        {
            "model": words.name(change.model),
            "place": place,
            "part": title,
            "value": float(value),
            "total": float(change.after.rate - change.before.rate),
            "tip": part(value),
        }
        for title, name in _PARTS.items()
        if (value := getattr(change.parts, name)) != 0
    ]


def _part_words(words: Wording, split: Sequence[RateChange]) -> list[str]:
    return [
        f"{words.name(change.model)}: "
        + ", ".join(f"{row['part']} {row['tip']}" for row in _part_rows(words, change, 0))
        + "."
        for change in split
    ]
