"""Rows against the rest of the release: known names, no row twice, figures in order."""

from collections.abc import Iterator, Mapping, Sequence

from harness.csv_file import Row, Table
from harness.errors import ResultFileError
from harness.raw import RawRelease, tables_of
from harness.schema import load_schema
from harness.text import folded, shown, suggestion

Known = Mapping[str, tuple[str, Sequence[str] | None]]


def row_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    """Yield unknown names, repeated rows and summaries that contradict themselves."""
    known: Known = {
        "model": ("a model in models.toml", raw.ids("models")),
        "category": ("a category in release.toml", raw.words("categories")),
        "difficulty": ("a difficulty in release.toml", raw.words("difficulties")),
        "metric": ("a metric in release.toml", raw.ids("metrics")),
    }
    for name, table in raw.tables.items():
        yield from _reference_errors(table, known, raw)
        yield from _repeated_errors(table, load_schema(name)["x-key"])
    yield from _summary_errors(raw)


def _reference_errors(table: Table, known: Known, raw: RawRelease) -> Iterator[ResultFileError]:
    for row in table.rows:
        for column, (what, words) in known.items():
            value = row.values.get(column)
            if isinstance(value, str) and words is not None and value not in words:
                yield table.error(
                    row,
                    column,
                    found=f"{shown(value)} is unknown",
                    expected=what,
                    way_out=_model_way_out(value, raw)
                    if column == "model"
                    else suggestion(value, words),
                )


def _model_way_out(value: str, raw: RawRelease) -> str:
    """Suggest an id, also where a name or an alias was written."""
    ids = raw.ids("models") or []
    for _, model in tables_of(raw.models, "models") if raw.models is not None else ():
        names = [model.get("name"), *(model.get("aliases") or ())]
        if folded(value) in {folded(name) for name in names if isinstance(name, str)}:
            return f"Write its id, {shown(model['id'])}."
    return suggestion(value, ids)


def _repeated_errors(table: Table, key: Sequence[str]) -> Iterator[ResultFileError]:
    first: dict[tuple[object, ...], Row] = {}
    for row in table.rows if key else ():
        earlier = first.setdefault(tuple(row.values.get(column) for column in key), row)
        if earlier is not row:
            same = [column for column in key if column in row.values]
            yield table.error(
                row,
                None,
                found=f"the same {', '.join(same)} as on line {earlier.line}",
                expected="each row once",
                way_out="Delete one of the two.",
            )


def _summary_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    table = raw.table("summaries")
    metrics = tables_of(raw.release, "metrics") if raw.release is not None else []
    binary = {item["id"] for _, item in metrics if item.get("kind") == "binary"}
    for row in table.rows:
        yield from _middle_errors(table, row)
        if row.values["metric"] in binary:
            yield table.error(
                row,
                "metric",
                found=f"{shown(row.values['metric'])}, a binary metric",
                expected="a continuous metric",
                way_out="Binary metrics are counted in counts.csv.",
            )


def _middle_errors(table: Table, row: Row) -> Iterator[ResultFileError]:
    low, high = float(row.values["min"]), float(row.values["max"])
    for middle in ("mean", "median"):
        value = float(row.values[middle])
        if not low <= value <= high:
            yield table.error(
                row,
                middle,
                found=f"{value:g}",
                expected=f"a value from min to max, {low:g} to {high:g}",
            )
