"""Figures that moved since a release was frozen."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from report import numbers
from report.document import Cell, Column, Table
from report.drift import Drift
from report.exhibits.common import Context, text
from stats.interval import Interval


def drift_table(context: Context) -> Table:
    """Every figure that moved: its value and method at freezing, and now."""
    return Table(
        "drift",
        "Every figure that this version of Benchproof computes differently from the one that froze "
        "the release. The data are the same, byte for byte.",
        columns=[
            Column("key", "Figure"),
            Column("frozen", "When frozen", "number"),
            Column("now", "Now", "number"),
            Column("method_frozen", "Method when frozen"),
            Column("method_now", "Method now"),
        ],
        rows=[_row(item) for item in context.drift],
        row_header="key",
    )


def drift_words(item: Drift) -> str:
    """One line for a terminal: what moved, from what to what, and by which method."""
    before, after = _both(item)
    methods = [_method(entry).text for entry in (item.frozen, item.now) if entry]
    by = " → ".join(dict.fromkeys(methods))
    return f"drift: {item.key}: {before} when frozen, {after or 'no longer computed'} now ({by})"


def _both(item: Drift) -> tuple[str, str]:
    before, after = _words(item.frozen), _words(item.now) if item.now else ""
    if before == after and item.now:
        return _words(item.frozen, precise=True), _words(item.now, precise=True)
    return before, after


def _row(item: Drift) -> dict[str, Cell]:
    before, after = _both(item)
    return {
        "key": Cell(item.key),
        "frozen": Cell(before, sort=item.frozen.get("value"), raw=_raw(item.frozen)),
        "now": Cell(after, sort=item.now.get("value"), raw=_raw(item.now))
        if item.now
        else Cell("no longer computed", raw="", weak=True),
        "method_frozen": _method(item.frozen),
        "method_now": _method(item.now) if item.now else Cell("–", raw="", weak=True),
    }


def _words(entry: Mapping[str, Any], *, precise: bool = False) -> str:
    """A figure with its limits; at all its digits where rounding would hide that it moved."""
    unit = str(entry.get("unit"))
    known = unit in numbers.UNITS and not precise
    write = (
        partial(numbers.written, unit=unit) if known else partial(numbers.significant, digits=12)
    )
    value = write(_number(entry, "value"))
    if entry.get("level") is None:
        return value
    limits = Interval(_number(entry, "low"), _number(entry, "high"), entry["level"], "")
    ends = f"{write(limits.low)} to {write(limits.high)}"
    return f"{value} ({numbers.interval(limits, unit) if known else ends})"


def _number(entry: Mapping[str, Any], name: str) -> float:
    """A number of the record; null stands for an infinite one."""
    found = entry.get(name)
    infinite = float("-inf") if name == "low" else float("inf")
    return infinite if found is None else float(found)


def _raw(entry: Mapping[str, Any]) -> str:
    return " ".join(str(entry.get(name)) for name in ("value", "low", "high"))


def _method(entry: Mapping[str, Any]) -> Cell:
    words = entry.get("method")
    n = f", n {entry['n']}" if entry.get("n") is not None else ""
    return text(f"{str(words).replace('_', ' ')}{n}" if words else None)
