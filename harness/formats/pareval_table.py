"""ParEval's results as a flat table, one row for each model, task and parallelism model."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from harness.errors import ResultFileError
from harness.formats.pareval import (
    METRICS,
    RULES,
    STRONGER,
    ZERO,
    outcome_word,
    problem_id,
    unwritten_notes,
)
from harness.formats.peek import first_line
from harness.formats.reading import PROBLEM_SCHEMA, ROW_SCHEMA, Format, Reading, SetAside
from harness.formats.tables import require_columns, scan_csv
from harness.text import shown

KEYS = ("model", "problem_type", "problem_name", "parallelism_model")
FLAGS = ("did_build", "did_any_run", "did_all_run", "are_any_valid", "are_all_valid")
RUNTIME = "best_runtime"
NEEDED = (*KEYS, *FLAGS, RUNTIME)
WRITTEN = "source_write_success"
BOOLEANS: Mapping[str, bool] = {"True": True, "False": False, "true": True, "false": False}


def matches(path: Path, head: bytes) -> bool:
    """Tell a CSV whose header has the columns that are read here."""
    del path
    try:
        header = next(csv.reader([first_line(head)]), [])
    except csv.Error:
        return False
    return {*KEYS[1:], *FLAGS} <= {cell.strip() for cell in header}


def read(path: Path) -> Reading:
    """Read the table; rows of one model and problem are samples in their order.

    Raises
    ------
    harness.errors.ResultFileError
        No CSV, a missing column or cell, a flag that is no boolean, a runtime that is no number,
        a problem that stands more often for a model than others do.
    """
    frame = scan_csv(path)
    header = frame.collect_schema().names()
    require_columns(path, header, NEEDED)
    columns = [*NEEDED, *([WRITTEN] if WRITTEN in header else [])]
    cells = frame.select(columns).collect()
    table = _checked(path, cells)
    _check_even(path, table)
    rows = _rows(table)
    return Reading(
        format="pareval-csv",
        path=path,
        rows=rows.lazy(),
        problems=_problems(path, table),
        model_names={},
        rules=RULES,
        set_aside=(*_zeros(table), *_unwritten(rows)),
    )


def _checked(path: Path, cells: pl.DataFrame) -> pl.DataFrame:
    """Turn cells into names, booleans and numbers, and refuse the first that is none."""
    for name in KEYS:
        _refuse(path, cells, name, cells[name].is_null(), "a name")
    flags = [name for name in (*FLAGS, WRITTEN) if name in cells.columns]
    table = cells.with_columns(
        pl.col(flags).replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean()),
        pl.col(RUNTIME).cast(pl.Float64, strict=False),
        pl.col(*KEYS).str.normalize("NFC"),
    )
    for name in flags:
        _refuse(path, cells, name, table[name].is_null(), "True or False")
    for name, weaker in STRONGER.items():
        broken = table[name] & ~table[weaker]
        _refuse(path, cells, name, broken, f"False, as {weaker} is False")
    number = table[RUNTIME].is_finite().fill_null(value=False)
    _refuse(path, cells, RUNTIME, cells[RUNTIME].is_not_null() & ~number, "seconds, or nothing")
    return table


def _refuse(path: Path, cells: pl.DataFrame, name: str, wrong: pl.Series, expected: str) -> None:
    if not wrong.any():
        return
    row = int(wrong.arg_max() or 0)
    found = cells[name][row]
    raise ResultFileError(
        path,
        line=row + 2,
        field=name,
        found=shown(found) if found is not None else "an empty cell",
        expected=expected,
    )


def _check_even(path: Path, table: pl.DataFrame) -> None:
    """Refuse a row that stands twice: a model has as many samples of one problem as of another."""
    key = ["model", "problem_name", "parallelism_model"]
    sizes = table.with_row_index("row").group_by(key, maintain_order=True).agg("row")
    sizes = sizes.with_columns(
        samples=pl.col("row").list.len(),
        fewest=pl.col("row").list.len().min().over("model"),
    )
    odd = sizes.filter(pl.col("samples") > pl.col("fewest")).head(1)
    if odd.height:
        found: dict[str, Any] = odd.row(0, named=True)
        name = problem_id(found["problem_name"], found["parallelism_model"])
        raise ResultFileError(
            path,
            line=found["row"][-1] + 2,
            found=f"{shown(name)} stands {found['samples']} times for {shown(found['model'])}",
            expected=f"{found['fewest']}, as for another of its problems",
            way_out="Delete the rows that are doubled.",
        )


def _rows(table: pl.DataFrame) -> pl.DataFrame:
    problem = pl.concat_str("problem_name", "parallelism_model", separator="/")
    runtime = pl.when(pl.col(RUNTIME) > 0).then(RUNTIME)
    serial = pl.col("parallelism_model") == "serial"
    written = pl.col(WRITTEN) if WRITTEN in table.columns else pl.lit(value=True)
    scored = {
        "compiled": pl.col("did_build"),
        "passed": pl.col("are_all_valid"),
        "runtime_s": pl.when(serial).then(runtime),
        "ran": pl.col("did_any_run"),
        "ran_at_all_counts": pl.col("did_all_run"),
        "passed_at_any_count": pl.col("are_any_valid"),
        "parallel_runtime_s": pl.when(~serial).then(runtime),
    }
    return table.select(
        "model",
        problem=problem,
        sample=pl.int_range(pl.len()).over("model", problem),
        score=pl.lit(None, pl.Float64()),
        outcome=_outcome(written),
        **{name: pl.when(written).then(value) for name, value in scored.items()},
    ).select(*ROW_SCHEMA, *METRICS)


def _outcome(written: pl.Expr) -> pl.Expr:
    """Say how far each program came, in the words of `harness.formats.pareval.outcome_word`."""
    words = (
        pl.when(~written)
        .then(pl.lit(outcome_word(written=False)))
        .when(~pl.col("did_build"))
        .then(pl.lit(outcome_word()))
        .when(~pl.col("did_any_run"))
        .then(pl.lit(outcome_word(built=True)))
        .when(~pl.col("are_any_valid"))
        .then(pl.lit(outcome_word(built=True, ran=True)))
        .when(~pl.col("are_all_valid"))
        .then(pl.lit(outcome_word(built=True, ran=True, any_valid=True)))
    )
    return words.otherwise(
        pl.lit(outcome_word(built=True, ran=True, any_valid=True, all_valid=True))
    )


def _problems(path: Path, table: pl.DataFrame) -> pl.DataFrame:
    """Give each problem's category and parallelism; a problem in two categories is an error."""
    facts = table.select(
        problem=pl.concat_str("problem_name", "parallelism_model", separator="/"),
        category="problem_type",
        difficulty="parallelism_model",
    ).with_row_index("row")
    first = facts.unique("problem", keep="first", maintain_order=True)
    both = facts.join(first, on="problem", maintain_order="left").filter(
        pl.col("category") != pl.col("category_right")
    )
    if both.height:
        row, problem, category, *_, before, _ = both.row(0)
        raise ResultFileError(
            path,
            line=row + 2,
            field="problem_type",
            found=f"{shown(category)} for {shown(problem)}",
            expected=f"{shown(before)}, as in an earlier row",
        )
    missing = [
        pl.lit(None, kind).alias(name)
        for name, kind in PROBLEM_SCHEMA.items()
        if name not in first.columns
    ]
    return first.with_columns(missing).select(*PROBLEM_SCHEMA)


def _zeros(table: pl.DataFrame) -> tuple[SetAside, ...]:
    counts = table.filter(pl.col(RUNTIME) <= 0).group_by("model", maintain_order=True).len()
    return tuple(SetAside("runtimes of 0", count, ZERO, model) for model, count in counts.rows())


def _unwritten(rows: pl.DataFrame) -> tuple[SetAside, ...]:
    unscored = rows.filter(pl.col("passed").is_null())
    return unwritten_notes(dict(unscored.group_by("model", maintain_order=True).len().rows()))


FORMAT = Format(
    id="pareval-csv",
    title="ParEval table (raw_metrics.csv)",
    matches=matches,
    read=read,
    harness="ParEval, flattened",
)
