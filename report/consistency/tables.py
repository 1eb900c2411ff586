"""Rules on whole tables: order, rows that stand twice, models that a table leaves out."""

from collections.abc import Mapping, Sequence

from harness.release import PrintedTable
from harness.text import folded
from report import numbers
from report.consistency.findings import Checks, Facts, Finding, Held, table_words
from report.labels import listed
from stats.coincidence import identical_rows
from stats.order import Order, order

NEAR = 0.05
"""Chance of being so nearly sorted below which a table is taken to be meant sorted."""


def rows_twice(facts: Facts) -> Checks:
    """A label that two rows of a table carry."""
    for table in facts.release.printed_tables:
        groups = identical_rows([folded(label) for label in table.rows])
        again = {i for group in groups for i in group}
        for _ in range(len(table.rows) - len(again)):
            yield Held(table_words(table.id))
        for group in groups:
            label = table.rows[group[0]]
            model = facts.by_name.get(folded(label))
            yield Finding(
                rule="rows-twice",
                severity="contradiction",
                where=table_words(table.id),
                models=(model,) if model else (),
                part=label,
                found=f"{label} in rows {listed(str(i + 1) for i in group)}",
                expected="one row",
                arithmetic=f"{len(table.rows)} rows, {len(set(map(folded, table.rows)))} "
                "different labels",
            )


def rows_missing(facts: Facts) -> Checks:
    """A model that a table leaves out although it is said to list them all."""
    wanted = {
        "described": [model.id for model in facts.release.models],
        "evaluated": list(facts.totals),
    }
    for table in facts.release.printed_tables:
        listed_models = {facts.by_name.get(folded(label)) for label in table.rows}
        for model in wanted[table.covers] if table.covers else ():
            if model in listed_models:
                yield Held(table_words(table.id), (model,))
                continue
            yield Finding(
                rule="rows-missing",
                severity="contradiction",
                where=table_words(table.id),
                models=(model,),
                found=f"no row for {facts.named(model)}",
                expected="a row for each model "
                + ("described" if table.covers == "described" else "with results"),
                arithmetic=f"{len(table.rows)} rows for {len(wanted[str(table.covers)])} models",
            )


def unknown_rows(facts: Facts) -> Checks:
    """A row whose label is no model, category or difficulty of the release."""
    known = {
        "models": set(facts.by_name),
        "categories": {folded(word) for word in facts.release.categories},
        "difficulties": {folded(word) for word in facts.release.difficulties},
    }
    for table in facts.release.printed_tables:
        for label in table.rows:
            if label in table.aggregates or folded(label) in known[table.rows_are]:
                yield Held(table_words(table.id))
                continue
            yield Finding(
                rule="unknown-rows",
                severity="doubtful",
                where=table_words(table.id),
                part=label,
                found=f"a row {label}",
                expected=f"one of the release's {table.rows_are}, by a name or alias",
                arithmetic=f"{len(known[table.rows_are])} names are known.",
            )


def sorted_tables(facts: Facts) -> Checks:
    """A table that is sorted by a figure, or so nearly that it was meant to be, and is not."""
    for table in facts.release.printed_tables:
        columns = _columns(facts, table)
        if table.sorted_by:
            if values := columns.get(table.sorted_by):
                descending = table.direction == "descending"
                found = order([float(v) for v in values.values()], descending=descending)
                yield _told(facts, table, table.sorted_by, values, found)
        else:
            yield from _nearly(facts, table, columns)


def _columns(facts: Facts, table: PrintedTable) -> Mapping[str, Mapping[str, str]]:
    """Printed figures of a table by word, then by model in the table's order of rows."""
    rows = [facts.by_name.get(folded(label)) for label in table.rows]
    columns: dict[str, dict[str, str]] = {}
    for model in rows:
        for figure in facts.release.printed:
            plain = not (figure.versus or figure.category or figure.difficulty)
            if model and plain and (figure.table, figure.model) == (table.id, model):
                columns.setdefault(figure.figure, {})[model] = figure.printed
    return columns


def _nearly(facts: Facts, table: PrintedTable, columns: Mapping[str, Mapping[str, str]]) -> Checks:
    """Look for one row that alone keeps the table from being sorted by one of its columns.

    Columns go together (who passes more compiles more), so a table that is sorted by one of them is
    nearly sorted by others: where any column is in order, nothing is asked of the rest.
    """
    near = []
    for word, values in columns.items():
        for descending in (True, False):
            found = order([float(v) for v in values.values()], descending=descending)
            if 2 * found.chance < NEAR:  # either direction would have been taken
                near.append((len(found.inversions), word, found))
    if near:
        _, word, found = min(near, key=lambda item: item[0])
        yield _told(facts, table, word, columns[word], found)


def _told(
    facts: Facts, table: PrintedTable, word: str, values: Mapping[str, str], found: Order
) -> Finding | Held:
    if not found.out_of_place:
        return Held(table_words(table.id))
    models = list(values)
    moved = tuple(models[i] for i in found.out_of_place)
    column = word.replace("_", " ")
    said = f"the report sorts it by {column}" if table.sorted_by else f"sorted by {column}"
    return Finding(
        rule="sorted-tables",
        severity="contradiction" if table.sorted_by else "doubtful",
        where=table_words(table.id),
        models=moved,
        part=column,
        found=f"{facts.named(*moved)} out of order",
        expected=said if table.sorted_by else f"{said}, as all other rows are",
        arithmetic=_inversion_words(facts, models, values, found)
        + (
            ""
            if table.sorted_by
            else f". A random order of {found.n} rows is so nearly sorted, in either direction, "
            f"with a chance of {numbers.p_value(2 * found.chance)}."
        ),
    )


def _inversion_words(
    facts: Facts, models: Sequence[str], values: Mapping[str, str], found: Order
) -> str:
    """Which row stands above which, with the figures of both; neighbours of a moved row first."""
    moved = set(found.out_of_place)
    pairs = [(i, j) for i, j in found.inversions if {i, j} & moved]
    above: dict[int, list[int]] = {}
    for i, j in pairs:
        above.setdefault(i, []).append(j)
    if len(above) == 1:
        ((i, below),) = above.items()
        rest = listed(f"{facts.named(models[j])} ({values[models[j]]})" for j in below)
        return f"{facts.named(models[i])} ({values[models[i]]}) stands above {rest}"
    tops = listed(f"{facts.named(models[i])} ({values[models[i]]})" for i in above)
    bottoms = sorted({j for below in above.values() for j in below})
    rest = listed(f"{facts.named(models[j])} ({values[models[j]]})" for j in bottoms)
    return f"{tops} stand above {rest}"
