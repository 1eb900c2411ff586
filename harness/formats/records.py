"""Records of a format's reader as tables with the columns of the contract."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from harness.formats.reading import COUNT_SCHEMA, PROBLEM_SCHEMA, ROW_SCHEMA

Record = Mapping[str, Any]


def row_table(
    records: Iterable[Record], *, metrics: Mapping[str, pl.DataType] | None = None
) -> pl.LazyFrame:
    """Lay records out as canonical rows; a column that a record leaves out is null.

    Parameters
    ----------
    records
        One mapping for each model x problem x sample, with keys of `ROW_SCHEMA` and ``metrics``.
    metrics
        Types of the format's own columns, in order.
    """
    return _table(records, {**ROW_SCHEMA, **(metrics or {})}).lazy()


def problem_table(records: Iterable[Record]) -> pl.DataFrame:
    """Lay facts on problems out, one record a problem; a fact that is left out is null."""
    return _table(records, PROBLEM_SCHEMA)


def count_table(records: Iterable[Record]) -> pl.DataFrame:
    """Lay stated counts out, one record for each model or each of its cells."""
    return _table(records, COUNT_SCHEMA)


def _table(records: Iterable[Record], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    columns: dict[str, list[Any]] = {name: [] for name in schema}
    for record in records:
        if unknown := record.keys() - columns.keys():
            raise ValueError(f"records must have keys of the schema, got {sorted(unknown)}")
        for name, values in columns.items():
            values.append(record.get(name))
    return pl.DataFrame(columns, schema=dict(schema))
