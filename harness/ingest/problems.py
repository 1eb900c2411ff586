"""Facts on problems: from the formats, from the release, and from a table of the user's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from harness.errors import ResultFileError
from harness.formats import own
from harness.formats.files import head
from harness.formats.lines import check_lines
from harness.formats.peek import is_json_lines
from harness.formats.reading import PROBLEM_SCHEMA, no_problems
from harness.formats.tables import scan_csv
from harness.ingest.sources import Source
from harness.text import near_miss, shown

FACTS = tuple(name for name in PROBLEM_SCHEMA if name != "problem")


@dataclass(frozen=True, slots=True, eq=False)
class Problems:
    """What is known of the benchmark's problems.

    Attributes
    ----------
    table
        Columns of `PROBLEM_SCHEMA`, one row for each problem of the release.
    without_facts
        Problems with rows of which the user's table says nothing.
    without_rows
        Problems of the user's table that no row speaks of; they are left out.
    ignored
        Columns of the user's table that have no meaning here.
    """

    table: pl.DataFrame
    without_facts: tuple[str, ...] = ()
    without_rows: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


def problems_of(
    rows: pl.LazyFrame,
    sources: Sequence[Source],
    *,
    before: pl.DataFrame,
    extra: Path | None,
    replace: bool,
) -> Problems:
    """Put together one row for each problem.

    Problems of the release keep their order, new ones follow in the order of their ids. Facts of
    the user's table come first, then what the release has, then what formats say.

    Raises
    ------
    ResultFileError
        Two sources contradict each other, or the release (unless ``replace``): above all, the text
        of a problem changed under the same id.
    """
    told = no_problems()
    for source in sources:
        told = _joined(told, source.reading.problems, source.path)
    known = _merged_with_release(before, told, sources, replace=replace)
    ids = rows.select(pl.col("problem").unique()).collect(engine="streaming").get_column("problem")
    every = pl.concat([before.get_column("problem"), told.get_column("problem"), ids])
    order = pl.DataFrame({"problem": every.unique(maintain_order=True)})
    late = order.slice(before.height).sort("problem")
    table = pl.concat([order.head(before.height), late]).join(
        known, on="problem", how="left", maintain_order="left"
    )
    if extra is None:
        return Problems(table.select(list(PROBLEM_SCHEMA)))
    given, ignored = read_problems(extra)
    filled = _filled(table, given)
    return Problems(
        filled,
        without_facts=_without(ids, given.get_column("problem")),
        without_rows=_without(given.get_column("problem"), table.get_column("problem")),
        ignored=ignored,
    )


def read_problems(path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read a user's table of problems: CSV, JSON lines or Parquet with a column ``problem``.

    Returns
    -------
    DataFrame and names
        The columns of `PROBLEM_SCHEMA`, and the names of the columns that have no meaning.

    Raises
    ------
    ResultFileError
        No such file, no column ``problem``, a problem twice or without an id, a misspelt column.
    """
    frame, ignored = _text_columns(path)
    absent = [pl.lit(None, pl.String()).alias(n) for n in PROBLEM_SCHEMA if n not in frame.columns]
    table = frame.with_columns(absent).select(
        pl.col(list(PROBLEM_SCHEMA)).str.normalize("NFC").str.strip_chars().replace("", None)
    )
    ids = table.get_column("problem")
    twice = table.filter(ids.is_duplicated() | ids.is_null())
    if twice.height:
        name = twice.get_column("problem")[0]
        at = ids.eq_missing(pl.Series([name], dtype=pl.String())).arg_true()
        raise ResultFileError(
            path,
            line=int(at[-1]) + 2,
            field="problem",
            found="nothing" if name is None else f"{shown(name)} for a second time",
            expected="each problem once",
        )
    return table, ignored


def _text_columns(path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    start = head(path)
    if start.startswith(own.PARQUET):
        frame = pl.read_parquet(path, glob=False)
    elif is_json_lines(start):
        check_lines(path, ended=False)
        frame = own.scan_jsonl(path)[0].collect(engine="streaming")
    else:
        frame = scan_csv(path).collect(engine="streaming")
    if "problem" not in frame.columns:
        raise ResultFileError(
            path,
            line=1,
            field="header",
            found=f"no column problem among {shown(', '.join(frame.columns[:12]))[1:-1]}",
            expected=f"problem and some of {', '.join(FACTS)}",
        )
    ignored = tuple(name for name in frame.columns if name not in PROBLEM_SCHEMA)
    free = [name for name in PROBLEM_SCHEMA if name not in frame.columns]
    for name in ignored:
        if (meant := near_miss(name, free)) and own.alike(name, meant):
            raise ResultFileError(
                path,
                line=1,
                field="header",
                found=f"the column {shown(name)}",
                expected=f"some of {', '.join(FACTS)}",
                way_out=f"Did you mean {shown(meant)}?",
            )
    kept = [name for name in frame.columns if name in PROBLEM_SCHEMA]
    return frame.select(pl.col(kept).cast(pl.String())), ignored


def _joined(told: pl.DataFrame, more: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Add another file's facts; a fact that is there already has to agree."""
    if more.is_empty():
        return told
    more = more.select(pl.col(list(PROBLEM_SCHEMA)).str.normalize("NFC"))
    both = told.join(more, on="problem", how="full", coalesce=True, suffix=" more")
    for fact in FACTS:
        torn = both.filter(pl.col(fact) != pl.col(f"{fact} more"))
        if torn.height:
            raise _contradiction(path, fact, torn.row(0, named=True), "another of the given files")
    return both.select("problem", *(pl.coalesce(f, f"{f} more").alias(f) for f in FACTS))


def _merged_with_release(
    before: pl.DataFrame, told: pl.DataFrame, sources: Sequence[Source], *, replace: bool
) -> pl.DataFrame:
    both = before.join(told, on="problem", how="full", coalesce=True, suffix=" told")
    torn = both.filter(pl.col("content_hash") != pl.col("content_hash told"))
    if torn.height and not replace:
        path = next(
            s.path
            for s in sources
            if torn.get_column("problem")[0] in s.reading.problems.get_column("problem")
        )
        raise _contradiction(path, "content_hash", torn.row(0, named=True), "the release")
    hashed = pl.coalesce("content_hash told", "content_hash").alias("content_hash")
    facts = [f for f in FACTS if f != "content_hash"]
    return both.select("problem", *(pl.coalesce(f, f"{f} told").alias(f) for f in facts), hashed)


def _filled(table: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    both = table.join(given, on="problem", how="left", suffix=" given", maintain_order="left")
    return both.select("problem", *(pl.coalesce(f"{f} given", f).alias(f) for f in FACTS))


def _without(some: pl.Series, others: pl.Series) -> tuple[str, ...]:
    known = set(others.to_list())
    return tuple(sorted(name for name in some.drop_nulls().unique().to_list() if name not in known))


def _contradiction(path: Path, fact: str, row: dict[str, str], beside: str) -> ResultFileError:
    other = row.get(f"{fact} more", row.get(f"{fact} told"))
    if fact == "content_hash":
        return ResultFileError(
            path,
            field="problem",
            found=f"another text of the problem {shown(row['problem'])} than in {beside}",
            expected="one text under one id",
            way_out="Were the files made with two versions of the benchmark? Results on different "
            "texts do not belong in one release; --replace takes the new text.",
        )
    return ResultFileError(
        path,
        field=fact,
        found=f"{shown(other)} for the problem {shown(row['problem'])}",
        expected=f"{shown(row[fact])}, as in {beside}",
        way_out="Correct one of the two, or say it with --problems.",
    )
