"""Our own columns as CSV, JSON lines or Parquet: what any script can write.

The columns are those of `reading.ROW_SCHEMA`. ``problem`` and one of ``passed``, ``compiled``,
``score`` and ``runtime_s`` are needed, all others may be absent. Facts on problems may stand in the
same rows, with the columns of `reading.PROBLEM_SCHEMA`. Further columns of numbers or yes and no
are metrics; further text is left out, and said.
"""

import glob
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from harness.errors import ResultFileError
from harness.formats.files import json_lines
from harness.formats.lines import check_lines
from harness.formats.own_columns import Columns, typed
from harness.formats.peek import first_line, is_json_lines, peek_record
from harness.formats.reading import PROBLEM_SCHEMA, ROW_SCHEMA, Format, Reading, no_problems
from harness.formats.tables import scan_csv
from harness.text import listed, shown, suggestion

MEASURED = ("passed", "compiled", "score", "runtime_s")
FACTS = tuple(name for name in PROBLEM_SCHEMA if name not in {"problem", "content_hash"})
KNOWN = (*ROW_SCHEMA, *FACTS)
PARQUET = b"PAR1"
ALMOST = 0.8  # a column this like a known one is a slip of the pen, not a metric


def read_csv(path: Path) -> Reading:
    """Read a CSV with our columns."""
    return reading(path, "csv", scan_csv(path), {})


def read_jsonl(path: Path) -> Reading:
    """Read JSON lines with our columns, one object a line."""
    check_lines(path, ended=False)
    frame, types = scan_jsonl(path)
    _check_nested(path, types)
    return reading(path, "jsonl", frame, types)


def read_parquet(path: Path) -> Reading:
    """Read a Parquet file with our columns."""
    try:
        frame = pl.scan_parquet(path, glob=False)
        types = frame.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(path, error) from error
    return reading(path, "parquet", frame, types)


def scan_jsonl(path: Path) -> tuple[pl.LazyFrame, Mapping[str, pl.DataType]]:
    """Scan JSON lines with every column as text, and tell the type that JSON gave each.

    Raises
    ------
    ResultFileError
        A line that is no JSON object, by its number.
    """
    source = glob.escape(str(path))
    try:
        types = pl.scan_ndjson(source, infer_schema_length=None).collect_schema()
        frame = pl.scan_ndjson(source, schema=dict.fromkeys(types, pl.String()))
    except pl.exceptions.PolarsError as error:
        raise _wrong_line(path, error) from error
    return frame, types


def reading(
    path: Path, kind: str, frame: pl.LazyFrame, types: Mapping[str, pl.DataType]
) -> Reading:
    """Turn a scanned table into a reading.

    Parameters
    ----------
    path, kind
        For messages, and for the rules and the format's id: ``csv``, ``jsonl`` or ``parquet``.
    frame
        The table; of CSV and JSON lines every column is text.
    types
        The type of each column where the file has types.
    """
    names = frame.collect_schema().names()
    _check_columns(path, names)
    columns = Columns(path, first_line=2 if kind == "csv" else 1, native=types, known=KNOWN)
    rows, set_aside = typed(frame, columns)
    sampled = "sample" in names
    have = rows.collect_schema()
    missing = [pl.lit(None, kind_).alias(n) for n, kind_ in ROW_SCHEMA.items() if n not in have]
    rows = rows.with_columns(missing)
    if not sampled:
        rows = rows.with_columns(sample=pl.lit(0, pl.Int64()))
    metrics = [n for n in have if n not in KNOWN]
    return Reading(
        format=f"benchproof-{kind}",
        path=path,
        rows=rows.select([*ROW_SCHEMA, *metrics]),
        problems=_facts(path, rows, [name for name in FACTS if name in names]),
        model_names={},
        rules=_rules(sampled=sampled, metrics=metrics),
        set_aside=set_aside,
    )


def _rules(*, sampled: bool, metrics: Sequence[str]) -> tuple[str, ...]:
    rules = ["The columns mean what results/README.md says; an empty value is not known."]
    if not sampled:
        rules.append('Without a column "sample" each model has one row for a problem.')
    if metrics:
        rules.append(f"Further columns are metrics: {listed(metrics)}.")
    return tuple(rules)


def _check_columns(path: Path, names: Sequence[str]) -> None:
    needed = ["problem"] if "problem" not in names else []
    if not set(names) & set(MEASURED):
        needed.append("one of passed, compiled, score, runtime_s")
    if needed:
        raise ResultFileError(
            path,
            line=1,
            field="columns",
            found=f"{listed(names[:12])}: no {' and no '.join(needed)}",
            expected="problem and at least one of passed, compiled, score, runtime_s",
            way_out="Rename the columns, or name the harness with --format.",
        )
    for name in names:
        close = [k for k in KNOWN if k not in names and alike(name, k)]
        if name not in KNOWN and close:
            raise ResultFileError(
                path,
                line=1,
                field="columns",
                found=f"the column {shown(name)} is unknown",
                expected=f"a column such as {shown(close[0])}, or a metric with a name of its own",
                way_out=suggestion(name, close),
            )


def alike(name: str, known: str) -> bool:
    """Tell whether a name is probably a slip of the pen for a known one."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only for a column that is not known

    return SequenceMatcher(None, name.casefold(), known).ratio() >= ALMOST


def _facts(path: Path, rows: pl.LazyFrame, facts: Sequence[str]) -> pl.DataFrame:
    """Take the facts on each problem from the rows; rows that disagree are an error."""
    if not facts:
        return no_problems()
    found = (
        rows.group_by("problem")
        .agg(
            pl.col(facts).drop_nulls().first(),
            pl.col(facts).drop_nulls().n_unique().name.suffix(" values"),
        )
        .sort("problem")
        .collect(engine="streaming")
    )
    for fact in facts:
        torn = found.filter(pl.col(f"{fact} values") > 1)
        if torn.height:
            raise ResultFileError(
                path,
                field=fact,
                found=f"several values for the problem {shown(torn['problem'][0])}",
                expected="one for each problem",
                way_out="Rows of one problem repeat its facts; make them equal.",
            )
    empty = [pl.lit(None, k).alias(n) for n, k in PROBLEM_SCHEMA.items() if n not in found.columns]
    return found.with_columns(empty).select(list(PROBLEM_SCHEMA))


def _check_nested(path: Path, types: Mapping[str, pl.DataType]) -> None:
    """Refuse lists and objects in known columns, also where only some lines hold one."""
    torn = [n for n in types if n in KNOWN and isinstance(types[n], pl.List | pl.Struct)]
    mixed = [n for n in ("model", "problem", *FACTS, "outcome") if n in types]
    frame = pl.scan_ndjson(glob.escape(str(path)), schema=dict.fromkeys(mixed, pl.String()))
    opens = [pl.col(n).str.starts_with(b) for n in mixed for b in ("[", "{")]
    bracketed = pl.any_horizontal(opens) if mixed else pl.lit(False)
    if not torn and not frame.select(bracketed.any()).collect(engine="streaming").item():
        return
    for line, record in json_lines(path):
        if error := _nested(path, line, record):
            raise error


def _nested(path: Path, line: int, record: Mapping[str, Any]) -> ResultFileError | None:
    for name in KNOWN:
        if isinstance(record.get(name), list | dict):
            kind = "a list" if isinstance(record[name], list) else "an object"
            return ResultFileError(path, line=line, field=name, found=kind, expected="one value")
    return None


def _wrong_line(path: Path, error: Exception) -> ResultFileError:
    """Find the line that the engine could not read; it does not tell."""
    for line, record in json_lines(path):
        if not isinstance(record, dict):
            return ResultFileError(
                path, line=line, found=shown(record), expected="one JSON object on each line"
            )
        if nested := _nested(path, line, record):
            return nested
    return ResultFileError(
        path,
        found=f"lines that cannot be read together ({shown(str(error))[1:-1]})",
        expected="one JSON object on each line",
    )


def _damaged(path: Path, error: Exception) -> ResultFileError:
    return ResultFileError(
        path,
        found=f"cannot be read as Parquet ({shown(str(error))[1:-1]})",
        expected="a whole Parquet file",
        way_out="Copy the file again; it may have been cut off.",
    )


def _is_csv(_: Path, head: bytes) -> bool:
    cells = {cell.strip().strip('"') for cell in first_line(head).split(",")}
    return "problem" in cells and bool(cells & set(MEASURED))


def _is_jsonl(_: Path, head: bytes) -> bool:
    record = peek_record(head) if is_json_lines(head) else {}
    return "problem" in record and bool(record.keys() & set(MEASURED))


def _is_parquet(_: Path, head: bytes) -> bool:
    return head.startswith(PARQUET)


FORMATS = (
    Format("benchproof-csv", "CSV with Benchproof's columns", _is_csv, read_csv, "any script"),
    Format(
        "benchproof-jsonl",
        "JSON lines with Benchproof's columns",
        _is_jsonl,
        read_jsonl,
        "any script",
    ),
    Format(
        "benchproof-parquet",
        "Parquet with Benchproof's columns",
        _is_parquet,
        read_parquet,
        "any script",
    ),
)
