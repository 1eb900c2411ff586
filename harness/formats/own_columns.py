"""Text or native columns to the canonical types, with the record of the first that does not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from harness.errors import ResultFileError
from harness.formats.reading import ROW_SCHEMA, SetAside
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
TRUE, FALSE = ("true", "1"), ("false", "0")


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
    raw = frame.with_row_index(AT)
    native = {**schema, **columns.native}
    known = {n: _expression(n, schema[n], native[n]) for n in schema if n in columns.known}
    metrics = {n: _metric(n, schema[n], columns.native.get(n)) for n in schema if n not in known}
    counted = raw.select(
        pl.len().alias("rows"),
        *[_first_bad(n, e).alias(f"{n} bad") for n, e in known.items()],
        *[_first_bad(n, e).alias(f"{n} bad") for n, e in metrics.items() if e is not None],
        *([_sentinels(known["runtime_s"]).alias("sentinels")] if "runtime_s" in known else []),
    )
    counts = _collected(counted, columns.path)
    if not counts["rows"]:
        raise ResultFileError(columns.path, found="no rows", expected="at least one row")
    _raise_first(raw, counts, list(known), columns)
    kept = {n: e for n, e in metrics.items() if e is not None and counts[f"{n} bad"] is None}
    rows = frame.select(
        *[e.alias(n) for n, e in {**known, **kept}.items()],
    )
    if "runtime_s" in known:
        rows = rows.with_columns(_without_sentinels())
    return rows, _set_aside(counts, [n for n in metrics if n not in kept])


def _expression(name: str, kind: pl.DataType, native: pl.DataType) -> pl.Expr:
    """Turn one known column into its type; what does not fit becomes null."""
    column = pl.col(name)
    target = ROW_SCHEMA.get(name, pl.String())
    if target == pl.String():
        text = column if kind == pl.String() else column.cast(pl.String(), strict=False)
        if native.is_float() or native.is_nested():
            text = pl.lit(None, pl.String())  # 1.0 is no id, and "1.0" would be another
        return text.str.normalize("NFC").replace("", None)
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
    text = column.cast(pl.String(), strict=False).str.to_lowercase()
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


def _first_bad(name: str, expression: pl.Expr) -> pl.Expr:
    """Give the position of the first value that is there and does not fit."""
    column = pl.col(name)
    there = column.is_not_null() & (column.cast(pl.String(), strict=False) != "").fill_null(True)
    return pl.col(AT).filter(there & expression.is_null()).min()


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
    raw: pl.LazyFrame, counts: Mapping[str, int | None], known: Sequence[str], columns: Columns
) -> None:
    bad = {n: at for n in known if (at := counts[f"{n} bad"]) is not None}
    if not bad:
        return
    name = min(bad, key=lambda n: bad[n])
    value = raw.filter(pl.col(AT) == bad[name]).select(name).collect(engine="streaming").item()
    raise ResultFileError(
        columns.path,
        line=bad[name] + columns.first_line,
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
