"""Records become tables of the contract's columns."""

import polars as pl
import pytest

from harness.formats.reading import COUNT_SCHEMA, PROBLEM_SCHEMA, ROW_SCHEMA
from harness.formats.records import count_table, problem_table, row_table


def test_columns_that_records_leave_out_are_null() -> None:
    rows = row_table(
        [
            {"problem": "p", "sample": 0, "passed": True},
            {"problem": "q", "sample": 0, "ran": False},
        ],
        metrics={"ran": pl.Boolean()},
    ).collect()
    assert rows.columns == [*ROW_SCHEMA, "ran"]
    assert rows["passed"].to_list() == [True, None]
    assert rows["ran"].to_list() == [None, False]
    assert rows["model"].dtype == pl.String


def test_no_records_make_an_empty_table_with_every_column() -> None:
    assert row_table([]).collect().columns == list(ROW_SCHEMA)
    assert problem_table([]).columns == list(PROBLEM_SCHEMA)
    assert count_table([]).columns == list(COUNT_SCHEMA)


def test_a_key_outside_the_schema_is_refused_not_dropped() -> None:
    with pytest.raises(ValueError, match=r"got \['pased'\]"):
        row_table([{"problem": "p", "pased": True}])


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises((TypeError, pl.exceptions.PolarsError)):
        row_table([{"problem": "p", "passed": "yes"}])
