"""Outcomes against the rest of the release: known models and problems, each id in one spelling."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from harness.errors import ResultFileError
from harness.outcome_rows import near_duplicates, outcome_errors
from harness.raw import RawRelease, tables_of
from harness.row_files import FIRST_LINE
from harness.text import shown, suggestion

NAMED = 20  # unknown ids that are reported one by one


def outcome_file_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    """Yield what is wrong with the file of outcomes beyond its types."""
    if raw.outcomes is None or raw.outcomes_path is None:
        return
    path, rows = raw.outcomes_path, raw.outcomes
    if "counts" in raw.tables:
        yield ResultFileError(
            path,
            found="counts.csv is there too",
            expected="one of the two",
            way_out="Delete counts.csv: the counts are taken from the outcomes.",
        )
    yield from outcome_errors(path, rows, first_line=FIRST_LINE[path.suffix])
    yield from near_duplicates(path, _ids(rows, "problem"), "problem")
    yield from _unknown(path, rows, "model", raw.ids("models"), "a model in models.toml")
    problems = [str(row.values["problem"]) for row in raw.table("problems").rows]
    if "problems" in raw.clean and problems:
        yield from _unknown(path, rows, "problem", problems, "a problem in problems.csv")
    yield from _size_errors(raw, path, rows)
    yield from _result_errors(raw, path, rows)


def _ids(rows: pl.DataFrame, column: str) -> list[str]:
    return rows.get_column(column).drop_nulls().unique().sort().to_list()


def _unknown(
    path: Path, rows: pl.DataFrame, column: str, known: Sequence[str] | None, what: str
) -> Iterator[ResultFileError]:
    if known is None:
        return
    first = rows.with_row_index("row").filter(~pl.col(column).is_in(list(known)))
    first = first.unique(column, keep="first", maintain_order=True)
    for row in first.head(NAMED).iter_rows(named=True):
        yield ResultFileError(
            path,
            line=FIRST_LINE[path.suffix] + row["row"],
            field=column,
            found=f"{shown(row[column])} is unknown",
            expected=what,
            way_out=suggestion(row[column], known),
        )


def _size_errors(raw: RawRelease, path: Path, rows: pl.DataFrame) -> Iterator[ResultFileError]:
    found = rows.get_column("problem").n_unique()
    if raw.n_problems is not None and found > raw.n_problems:
        yield ResultFileError(
            path,
            field="problem",
            found=f"{found} problems",
            expected=f"at most n_problems of release.toml, {raw.n_problems}",
            way_out="Correct whichever of the two is wrong.",
        )


def _result_errors(raw: RawRelease, path: Path, rows: pl.DataFrame) -> Iterator[ResultFileError]:
    """The main result must be declared, and each model needs one of its values at least."""
    if raw.release is None:
        return
    kinds = {item["id"]: item.get("kind") for _, item in tables_of(raw.release, "metrics")}
    if kinds.get("passed") == "binary":
        success = "passed"
    elif kinds.get("score") == "fraction":
        success = "score"
    else:
        yield raw.release.error(
            ("metrics",),
            found='neither a binary metric "passed" nor a fraction "score"',
            expected='a [[metrics]] table with id = "passed" and kind = "binary", '
            'or id = "score" and kind = "fraction"',
            way_out="The release has to say what its outcomes are.",
        )
        return
    known = rows.group_by("model", maintain_order=True).agg(pl.col(success).count())
    for model, count in known.iter_rows():
        if count == 0 and model is not None:
            yield ResultFileError(
                path,
                field=success,
                found=f"no value for {shown(model)}",
                expected="at least one outcome of each model",
                way_out="Take its rows out: a model may be described without having results.",
            )
