"""Text or native columns to the canonical types, with the record of the first that does not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from harness.errors import ResultFileError
from harness.formats.reading import PROBLEM_SCHEMA, ROW_SCHEMA, SetAside
from harness.text import shown

AT = "\0at"
EXPECTED = {
    "sample": "a whole number of at least 0",
    "compiled": "true or false",
    "passed": "true or false",
    "score": "a finite number",
    "runtime_s": "a finite number of seconds",
}
WAY_OUT = {
    "passed": 'A timed-out sample did not pass: write false, and keep the word in "outcome".',
    "compiled": 'Write true or false, and keep the word in "outcome".',
    "score": "A value that is not known is left empty.",
    "runtime_s": "Write seconds as a plain number; a time that is not known is left empty.",
}
TEXT = ("model", "problem", "outcome", *(n for n in PROBLEM_SCHEMA if n != "problem"))
TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns come from.

    ``first_line`` is the line of the first record, ``native`` the type of each column where the
    file has types, ``known`` the columns with a meaning.
    """

    path: Path
    first_line: int
    native: Mapping[str, pl.DataType]
    known: Sequence[str]


def typed(frame: pl.LazyFrame, columns: Columns) -> tuple[pl.LazyFrame, tuple[SetAside, ...]]:
    """Bring every column to its type in one streaming look at the values.

    Returns
    -------
    LazyFrame and tuple of SetAside
        Known columns typed, further numeric or boolean columns as metrics; what was set aside:
        runtimes that stand for "none", further text.

    Raises
    ------
    ResultFileError
        A value that does not fit its column, by the number of its record.
    """
    schema = frame.collect_schema()
    native = {**schema, **columns.native}
    known = {n: _expression(n, schema[n], native[n]) for n in schema if n in columns.known}
    metrics = {n: _metric(n, schema[n], columns.native.get(n)) for n in schema if n not in known}
    numbers = {n: e for n, e in metrics.items() if e is not None}
    counts = _counts(frame, {**known, **numbers}, columns.path)
    if not counts["rows"]:
        raise ResultFileError(columns.path, found="no rows", expected="at least one row")
    _raise_first(frame, counts, known, columns)
    kept = {n: e for n, e in numbers.items() if not counts[f"{n} bad"]}
    composed = {
        n: e.str.normalize("NFC") if counts.get(f"{n} beyond ASCII") else e
        for n, e in known.items()
    }
    rows = frame.select(*[e.alias(n) for n, e in {**composed, **kept}.items()])
    if "runtime_s" in known:
        rows = rows.with_columns(_without_sentinels())
    return rows, _set_aside(counts, [n for n in metrics if n not in kept])


def _counts(
    frame: pl.LazyFrame, expressions: Mapping[str, pl.Expr], path: Path
) -> dict[str, int | None]:
    """Look at all values once: what does not fit, what stands for nothing, what needs NFC."""
    looks = [
        pl.len().alias("rows"),
        *[_is_bad(n, e).sum().alias(f"{n} bad") for n, e in expressions.items()],
        *[
            (e.str.len_bytes() != e.str.len_chars()).any().alias(f"{n} beyond ASCII")
            for n, e in expressions.items()
            if n in TEXT
        ],
    ]
    if "runtime_s" in expressions:
        looks.append(_sentinels(expressions["runtime_s"]).alias("sentinels"))
    return _collected(frame.select(looks), path)


def _expression(name: str, kind: pl.DataType, native: pl.DataType) -> pl.Expr:
    """Turn one known column into its type; what does not fit becomes null."""
    column = pl.col(name)
    target = ROW_SCHEMA.get(name, pl.String())
    if target == pl.String():
        text = column if kind == pl.String() else column.cast(pl.String(), strict=False)
        if native.is_float() or native.is_nested():
            text = pl.lit(None, pl.String())  # 1.0 is no id, and "1.0" would be another
        return pl.when(text != "").then(text)  # `replace` would hold the whole column in memory
    if target == pl.Boolean():
        return _boolean(column, kind)
    number = _finite(column, kind)
    if target == pl.Int64():
        whole = pl.when(number == number.floor(), number >= 0, number < 2**53).then(number)
        return whole.cast(pl.Int64(), strict=False)
    return number


def _boolean(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if kind == pl.Boolean():
        return column
    if kind.is_nested():
        return pl.lit(None, pl.Boolean())
    if kind.is_float():
        column = pl.when(column == column.floor()).then(column).cast(pl.Int64(), strict=False)
    text = column.cast(pl.String(), strict=False)
    return pl.when(text.is_in(TRUE)).then(True).when(text.is_in(FALSE)).then(False)


def _finite(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if kind == pl.Boolean() or kind.is_nested() or kind.is_temporal():
        return pl.lit(None, pl.Float64())
    number = column.cast(pl.Float64(), strict=False)
    return pl.when(number.is_finite()).then(number)


def _metric(name: str, kind: pl.DataType, native: pl.DataType | None) -> pl.Expr | None:
    """Turn a further column into a number or yes and no; None where it can be neither."""
    kind_known = native if native is not None else kind
    if kind_known == pl.Boolean():
        return _boolean(pl.col(name), kind)
    if kind_known.is_numeric() or native is None:
        return _finite(pl.col(name), kind)
    return None


def _is_bad(name: str, expression: pl.Expr) -> pl.Expr:
    """Tell which values are there and do not fit."""
    column = pl.col(name)
    if name in TEXT:
        return column.is_not_null() & (expression.is_null() & (column.cast(pl.String()) != ""))
    there = (column.cast(pl.String(), strict=False) != "").fill_null(value=True)
    return column.is_not_null() & there & expression.is_null()


def _sentinels(runtime: pl.Expr) -> pl.Expr:
    return ((runtime == 0) | (runtime == -1)).sum()


def _without_sentinels() -> pl.Expr:
    runtime = pl.col("runtime_s")
    return pl.when(~((runtime == 0) | (runtime == -1))).then(runtime).alias("runtime_s")


def _collected(frame: pl.LazyFrame, path: Path) -> dict[str, int | None]:
    try:
        counts: dict[str, int | None] = frame.collect(engine="streaming").row(0, named=True)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise ResultFileError(
            path,
            found=f"rows that cannot be read ({shown(str(error))[1:-1]})",
            expected="a whole file",
            way_out="Copy the file again; it may have been cut off.",
        ) from error
    return counts


def _raise_first(
    frame: pl.LazyFrame,
    counts: Mapping[str, int | None],
    known: Mapping[str, pl.Expr],
    columns: Columns,
) -> None:
    bad = [n for n in known if counts[f"{n} bad"]]
    if not bad:
        return
    numbered = frame.with_row_index(AT)
    firsts = numbered.select(
        *[pl.col(AT).filter(_is_bad(n, known[n])).min().alias(n) for n in bad]
    ).collect(engine="streaming")
    at, name = min((firsts[n][0], n) for n in bad)
    value = numbered.filter(pl.col(AT) == at).select(name).collect(engine="streaming").item()
    raise ResultFileError(
        columns.path,
        line=at + columns.first_line,
        field=name,
        found=shown(value),
        expected=EXPECTED.get(name, "text"),
        way_out=WAY_OUT.get(name, ""),
    )


def _set_aside(counts: Mapping[str, int | None], left_out: Sequence[str]) -> tuple[SetAside, ...]:
    aside = []
    if sentinels := counts.get("sentinels"):
        rule = "A runtime of 0 or -1 says that none was taken; it is missing."
        aside.append(SetAside("runtimes of 0 or -1", sentinels, rule))
    rows = counts["rows"] or 0
    aside += [
        SetAside(f'texts in "{name}"', rows, "Further columns of text are not kept.")
        for name in left_out
    ]
    return tuple(aside)
