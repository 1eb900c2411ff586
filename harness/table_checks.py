"""What printed_tables.toml says, against the rest of the release."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.errors import ResultFileError
from harness.figures import FIGURES
from harness.raw import RawRelease
from harness.text import folded, listed, shown, suggestion
from harness.toml_file import TomlFile
from harness.toml_lines import KeyPath

Item = Mapping[str, Any]


def table_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    """Yield what printed_tables.toml says that nothing in the release can follow."""
    source = raw.printed_tables
    if source is None:
        return
    first: dict[str, KeyPath] = {}
    for position, item in enumerate(_tables(source)):
        where: KeyPath = ("tables", position)
        if isinstance(item.get("id"), str):
            yield from _repeated_errors(source, (*where, "id"), item["id"], first)
        yield from _need_errors(source, where, item)
        yield from _aggregate_errors(source, where, item)
        yield from _sorted_errors(raw, source, where, item)
        yield from _metric_errors(raw, source, where, item)


def _tables(source: TomlFile) -> Sequence[Item]:
    items = source.document.get("tables", [])
    usable = isinstance(items, list) and all(isinstance(item, dict) for item in items)
    return items if usable else []


def _repeated_errors(
    source: TomlFile, where: KeyPath, name: str, first: dict[str, KeyPath]
) -> Iterator[ResultFileError]:
    earlier = first.setdefault(folded(name), where)
    if earlier != where:
        yield source.error(
            where,
            found=f"{shown(name)} stands on line {source.line_of(earlier)} already",
            expected="tables that differ in more than case and spaces",
        )


_NEEDS = {
    "aggregates": "rows",
    "covers": "rows",
    "sorted_by": "rows",
    "direction": "sorted_by",
    "units": "metric",
}
"""Key to the key without which it says nothing."""


def _need_errors(source: TomlFile, where: KeyPath, item: Item) -> Iterator[ResultFileError]:
    for key, needed in _NEEDS.items():
        if key in item and needed not in item:
            yield source.error(
                (*where, key),
                found=f"it stands without {needed}",
                expected=f"{needed} beside it",
                way_out=f"Without {needed} it says nothing; add it, or leave {key} out.",
            )
    for key in ("covers", "sorted_by"):
        if key in item and item.get("rows_are", "models") != "models":
            yield source.error(
                (*where, key),
                found=f"it stands in a table of {item['rows_are']}",
                expected='a table whose rows_are "models"',
            )


def _aggregate_errors(source: TomlFile, where: KeyPath, item: Item) -> Iterator[ResultFileError]:
    rows, aggregates = item.get("rows"), item.get("aggregates")
    if not isinstance(rows, list) or not isinstance(aggregates, list):
        return
    for position, label in enumerate(aggregates):
        if isinstance(label, str) and label not in rows:
            yield source.error(
                (*where, "aggregates", position),
                found=f"{shown(label)} is no row of this table",
                expected="a label among its rows",
                way_out=suggestion(label, [row for row in rows if isinstance(row, str)]),
            )


def _sorted_errors(
    raw: RawRelease, source: TomlFile, where: KeyPath, item: Item
) -> Iterator[ResultFileError]:
    word = item.get("sorted_by")
    if not isinstance(word, str):
        return
    words = [name for name, figure in FIGURES.items() if figure.model == "needed"]
    printed = {
        row.values["figure"]
        for row in raw.table("printed").rows
        if row.values["table"] == item.get("id")
    }
    if word not in words:
        yield source.error(
            (*where, "sorted_by"),
            found=f"{shown(word)} is unknown",
            expected="a word of the vocabulary that speaks of a model",
            way_out=suggestion(word, words),
        )
    elif word not in printed and "printed" in raw.clean:
        yield source.error(
            (*where, "sorted_by"),
            found=f"no row of printed.csv gives {word} in this table",
            expected=f"its figures, with table = {shown(item.get('id'))}",
            way_out=f"There are: {listed(sorted(str(name) for name in printed))}.",
        )


def _metric_errors(
    raw: RawRelease, source: TomlFile, where: KeyPath, item: Item
) -> Iterator[ResultFileError]:
    metric, known = item.get("metric"), raw.ids("metrics")
    if isinstance(metric, str) and known is not None and metric not in known:
        yield source.error(
            (*where, "metric"),
            found=f"{shown(metric)} is unknown",
            expected="a metric in release.toml",
            way_out=suggestion(metric, known),
        )
