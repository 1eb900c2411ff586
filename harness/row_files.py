"""Files of canonical rows, CSV, JSONL or Parquet, to a typed table; every mistake with its line."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from harness.errors import ResultFileError
from harness.formats.reading import ROW_SCHEMA
from harness.outcome_rows import MOST_ERRORS, header_errors
from harness.outcomes import canonical
from harness.text import shown

FIRST_LINE = {".csv": 2, ".jsonl": 1, ".parquet": 1}
"""Line (of a Parquet file: record) on which row 0 stands."""

WORDS = {
    pl.String: "text",
    pl.Int64: "a whole number",
    pl.Float64: "a number",
    pl.Boolean: "true or false",
}


def read_rows(
    path: Path, *, metrics: Mapping[str, str]
) -> tuple[pl.DataFrame, list[ResultFileError]]:
    """Read a file of canonical rows.

    Parameters
    ----------
    path
        ``outcomes.parquet``, ``.csv`` or ``.jsonl``; the ending decides.
    metrics
        Kind (``binary`` or ``continuous``) of each further column that the release declares.

    Returns
    -------
    rows, errors
        The columns of `ROW_SCHEMA` and the metrics found; no rows where there are errors.
    """
    try:
        raw = _LOADERS[path.suffix](path)
    except (PolarsError, OSError, UnicodeDecodeError) as error:
        return _nothing(), [_unreadable(path, error)]
    except ResultFileError as error:
        return _nothing(), [error]
    wanted = {**ROW_SCHEMA, **{n: _type_of(k) for n, k in metrics.items()}}
    errors = list(header_errors(path, raw.columns, list(metrics)))
    if raw.height == 0:
        errors.append(ResultFileError(path, found="no rows", expected="at least one outcome"))
    if errors:
        return _nothing(), errors
    typed, errors = _typed(path, raw, wanted)
    return (canonical(typed), []) if not errors else (_nothing(), errors)


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=dict(ROW_SCHEMA))


def _type_of(kind: str) -> pl.DataType:
    return pl.Boolean() if kind == "binary" else pl.Float64()


def _read_csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False, null_values=[""])


def _read_parquet(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path)


def _read_jsonl(path: Path) -> pl.DataFrame:
    rows = []
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line, parse_constant=_no_constant)
            except ValueError as error:
                raise ResultFileError(
                    path,
                    line=number,
                    found=f"not JSON ({error})",
                    expected="one JSON object a line",
                ) from error
            if not isinstance(row, dict):
                raise ResultFileError(path, line=number, found=shown(row), expected="a JSON object")
            rows.append({key: _text(value) for key, value in row.items()})
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String()))


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _text(value: object) -> str | None:
    """Write a JSON value as CSV would: what does not fit is found when it gets its type."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


_LOADERS = {".csv": _read_csv, ".jsonl": _read_jsonl, ".parquet": _read_parquet}


def _unreadable(path: Path, error: Exception) -> ResultFileError:
    reason = str(error).strip().splitlines()
    return ResultFileError(
        path,
        found=f"cannot be read ({reason[0] if reason else type(error).__name__})",
        expected=f"a {path.suffix[1:]} file of outcomes",
        way_out="The file may be cut short, or not be what its ending says.",
    )


def _typed(
    path: Path, raw: pl.DataFrame, wanted: Mapping[str, pl.DataType]
) -> tuple[pl.DataFrame, list[ResultFileError]]:
    columns: list[pl.Series] = []
    errors: list[ResultFileError] = []
    for name in raw.columns:
        column = raw.get_column(name)
        cast = _cast(column, wanted[name])
        lost = (cast.is_null() & column.is_not_null()).arg_true()
        errors += _lost_errors(path, column, lost, wanted[name])
        columns.append(cast)
    return pl.DataFrame(columns), errors


def _cast(column: pl.Series, kind: pl.DataType) -> pl.Series:
    """Give a column its type; what does not fit becomes null. Text is brought into NFC."""
    if kind == pl.String():
        text = column.cast(pl.String())
        return text.str.normalize("NFC")
    if kind == pl.Boolean() and column.dtype == pl.String():
        words = {"true": True, "false": False, "True": True, "False": False, "1": True, "0": False}
        return column.replace_strict(words, default=None, return_dtype=pl.Boolean())
    if kind == pl.Boolean() and column.dtype.is_numeric():
        whole = column.cast(pl.Float64())
        return (
            pl.select(
                pl.when(whole == 1).then(statement=True).when(whole == 0).then(statement=False)
            )
            .to_series()
            .alias(column.name)
        )
    return column.cast(kind, strict=False)


def _lost_errors(
    path: Path, column: pl.Series, lost: pl.Series, kind: pl.DataType
) -> Iterator[ResultFileError]:
    for row in lost.head(MOST_ERRORS).to_list():
        more = len(lost) - MOST_ERRORS
        yield ResultFileError(
            path,
            line=FIRST_LINE[path.suffix] + row,
            field=column.name,
            found=shown(column[row]),
            expected=WORDS[type(kind)],
            way_out=f"{more} more rows are like this." if more > 0 else "",
        )
