"""What holds for every row of outcomes, checked as a table and said row by row."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import dataframely as dy
import polars as pl

from harness.errors import ResultFileError
from harness.formats.reading import ROW_SCHEMA
from harness.text import listed, near_miss, shown

KEY = ("model", "problem", "sample")
REQUIRED = ("model", "problem")
MOST_ERRORS = 20  # rows of one kind of mistake that a message names; the rest are counted


class OutcomeRows(dy.Schema):
    """What holds for every row; `SENTENCES` says each rule to a person."""

    model = dy.String(primary_key=True, min_length=1)
    problem = dy.String(primary_key=True, min_length=1)
    # The library has a method of this name, so the attribute bears another.
    number = dy.Int64(alias="sample", primary_key=True, min=0)
    compiled = dy.Bool(nullable=True)
    passed = dy.Bool(nullable=True)
    score = dy.Float64(nullable=True, min=0, max=1, allow_inf=False, allow_nan=False)
    runtime_s = dy.Float64(nullable=True, min_exclusive=0, allow_inf=False, allow_nan=False)
    outcome = dy.String(nullable=True)

    @dy.rule()
    def passed_has_compiled(cls) -> pl.Expr:  # noqa: N805
        """A program that passed has compiled."""
        return ~(pl.col("passed") & ~pl.col("compiled"))


SENTENCES: Mapping[str, tuple[str, str, str]] = {
    "model|nullability": ("model", "a model's id", "Every row says whose result it is."),
    "model|min_length": ("model", "a model's id", "Every row says whose result it is."),
    "problem|nullability": ("problem", "a problem's id", "Every row says which problem it is."),
    "problem|min_length": ("problem", "a problem's id", "Every row says which problem it is."),
    "sample|nullability": ("sample", "a whole number, 0 or more", "The first sample is 0."),
    "sample|min": ("sample", "a whole number, 0 or more", "The first sample is 0."),
    "score|min": ("score", "a fraction from 0 to 1", "Divide percentages by 100."),
    "score|max": ("score", "a fraction from 0 to 1", "Divide percentages by 100."),
    "score|nan": ("score", "a fraction from 0 to 1", "Leave out a score that is not known."),
    "score|inf": ("score", "a fraction from 0 to 1", "Leave out a score that is not known."),
    "runtime_s|min_exclusive": (
        "runtime_s",
        "a number of seconds above 0",
        "Leave out a runtime that was not measured; 0 and -1 are not runtimes.",
    ),
    "runtime_s|nan": ("runtime_s", "a number of seconds above 0", "Leave out what is not known."),
    "runtime_s|inf": ("runtime_s", "a number of seconds above 0", "Leave out what is not known."),
    "primary_key": (
        "",
        "each model, problem and sample once",
        "Number repeated attempts in the column sample: 0, 1, 2, …",
    ),
    "passed_has_compiled": (
        "passed",
        "compiled = true where passed = true",
        "A program that passed its tests has compiled; leave compiled empty if it is not known.",
    ),
}
"""For each rule: the field, what was expected, the way out."""


def outcome_errors(path: Path, frame: pl.DataFrame, *, first_line: int) -> list[ResultFileError]:
    """Check canonical rows as a table and say what is wrong, row by row.

    Parameters
    ----------
    path, first_line
        Where the rows come from: row 0 stands on ``first_line``.
    frame
        Rows with the columns of `ROW_SCHEMA`, typed.
    """
    checked = frame.select(*ROW_SCHEMA)
    _, failures = OutcomeRows.filter(checked)
    if not len(failures):
        return []
    found = _failing(checked, failures.counts())
    return [
        error
        for rule, rows in found.items()
        for error in _told(path, rule, rows, first_line=first_line)
    ]


def _failing(checked: pl.DataFrame, counts: Mapping[str, int]) -> dict[str, pl.DataFrame]:
    """Rows that break each rule, with their position in the file."""
    numbered = checked.with_row_index("row")
    return {rule: numbered.filter(_breaks(rule)) for rule in counts}


def _breaks(rule: str) -> pl.Expr:
    if rule == "primary_key":
        return ~pl.struct(KEY).is_first_distinct()
    if rule == "passed_has_compiled":
        return pl.col("passed") & ~pl.col("compiled")
    column, _, what = rule.partition("|")
    value = pl.col(column)
    broken = {
        "nullability": value.is_null(),
        "min_length": value == "",
        "min": value < 0,
        "max": (value > 1) & value.is_not_nan(),
        "min_exclusive": value <= 0,
    }
    if what in broken:
        return broken[what]
    return value.is_nan() if what == "nan" else value.is_infinite()


def _told(
    path: Path, rule: str, rows: pl.DataFrame, *, first_line: int
) -> Iterator[ResultFileError]:
    field, expected, way_out = SENTENCES.get(rule, (rule, "a row that fits the table", ""))
    for row in rows.head(MOST_ERRORS).iter_rows(named=True):
        more = rows.height - MOST_ERRORS
        yield ResultFileError(
            path,
            line=first_line + row["row"],
            field=field or None,
            found=_found(rule, row),
            expected=expected,
            way_out=way_out + (f" {more} more rows are like this." if more > 0 else ""),
        )


def _found(rule: str, row: Mapping[str, object]) -> str:
    where = f"{shown(row['model'])}, {shown(row['problem'])}, sample {row['sample']}"
    if rule == "primary_key":
        return f"{where} for a second time"
    if rule == "passed_has_compiled":
        return f"passed although it did not compile ({where})"
    value = row[rule.partition("|")[0]]
    return "nothing" if value is None else shown(value)


def near_duplicates(path: Path, names: Sequence[str], what: str) -> Iterator[ResultFileError]:
    """Yield ids that differ only in case or outer spaces: one thing in two spellings."""
    first: dict[str, str] = {}
    for name in names:
        earlier = first.setdefault(name.casefold().strip(), name)
        if earlier != name:
            yield ResultFileError(
                path,
                field=what,
                found=f"{shown(earlier)} and {shown(name)}",
                expected=f"one spelling for each {what}",
                way_out="Use one of the two throughout, or name them apart.",
            )


def header_errors(
    path: Path, columns: Sequence[str], metrics: Sequence[str]
) -> Iterator[ResultFileError]:
    """Yield columns that are missing or that the release does not declare."""
    known = [*ROW_SCHEMA, *metrics]
    for name in REQUIRED:
        if name not in columns:
            yield ResultFileError(
                path,
                field="header",
                found=f"no column {shown(name)} among {listed(columns[:12])}",
                expected=f"the columns {', '.join(REQUIRED)} and what was measured",
            )
    for name in columns:
        if name not in known:
            meant = near_miss(name, [c for c in known if c not in columns])
            yield ResultFileError(
                path,
                field="header",
                found=f"the column {shown(name)} is unknown",
                expected="a canonical column, or a metric of release.toml",
                way_out=f"Did you mean {shown(meant)}?"
                if meant
                else "Declare it as [[metrics]] in release.toml, or remove it.",
            )
