"""Rows of all files as one table: joined, merged with what the release has, checked by streaming.

Nothing here holds all rows in memory: text is read once and written as Parquet, and whatever looks
at all rows afterwards keeps numbers, or one slice of rows, at a time.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from harness.errors import ReleaseFolderError, ResultFileError
from harness.formats import own
from harness.formats.reading import ROW_SCHEMA
from harness.ingest.sources import Source
from harness.outcome_rows import KEY, SENTENCES, near_duplicates, outcome_errors
from harness.text import shown

SLICE = 500_000  # rows that are checked at a time
SHARE = 4_000_000  # keys that are compared at a time
ROW_GROUP = 250_000
READERS = {".parquet": own.read_parquet, ".csv": own.read_csv, ".jsonl": own.read_jsonl}
ID = r"^\S(.{0,298}\S)?$"


def sink(frame: pl.LazyFrame, path: Path, origin: Path) -> pl.LazyFrame:
    """Write rows as Parquet with zstd, streaming, and give them back lazily.

    Raises
    ------
    ResultFileError
        The rows of ``origin`` cannot be read to their end.
    """
    try:
        frame.sink_parquet(path, compression="zstd", row_group_size=ROW_GROUP)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise ResultFileError(
            origin,
            found=f"rows that cannot be read ({shown(str(error).splitlines()[0])[1:-1]})",
            expected="a whole file",
            way_out="Copy the file again; it may have been cut off.",
        ) from error
    return pl.scan_parquet(path, glob=False)


def models_in(part: pl.LazyFrame) -> list[str | None]:
    """List what stands in the model column, null included."""
    found = part.select(pl.col("model").unique()).collect(engine="streaming")
    return found.get_column("model").sort(nulls_last=True).to_list()


def named(
    part: pl.LazyFrame, ids: Mapping[str | None, str], *, source: int, metrics: Sequence[str]
) -> pl.LazyFrame:
    """Put the models' ids in place of the names, and keep the metrics that the release declares."""
    kept = [name for name in metrics if name in part.collect_schema()]
    if None in ids:
        part = part.with_columns(model=pl.lit(ids[None]))
    else:  # a join streams, where replacing values would hold the whole column in memory
        table = pl.LazyFrame({"model": list(ids), "id": list(ids.values())})
        part = part.join(table, on="model", how="left", maintain_order="left")
        part = part.with_columns(model=pl.col("id"))
    return part.select(*ROW_SCHEMA, *kept, pl.lit(source, pl.Int32()).alias("source"))


def existing_rows(folder: Path, *, but: Path | None = None) -> tuple[Path, pl.LazyFrame] | None:
    """Scan the outcomes that a release already has, and say in which file."""
    for ending, read in READERS.items():
        path = folder / f"outcomes{ending}"
        if path.exists() and path != but:
            return path, read(path).rows
    return None


def merged(
    old: pl.LazyFrame, new: pl.LazyFrame, *, replace: bool, origins: Sequence[Source], folder: Path
) -> pl.LazyFrame:
    """Add new rows to those of the release.

    Without ``replace`` a row that is there already has to be the same; with it, every problem of a
    model that the new rows hold is taken from them alone, so no two runs are mixed.

    Raises
    ------
    ResultFileError
        A row differs from the release's, and ``replace`` is not set.
    """
    shared = sorted({str(m) for m in models_in(old)} & {str(m) for m in models_in(new)})
    kept = [old.filter(~pl.col("model").is_in(shared))]
    for model in shared:  # one at a time: a join holds one side in memory
        before, now = (rows.filter(pl.col("model") == model) for rows in (old, new))
        if replace:
            kept.append(before.join(now.select("problem").unique(), on="problem", how="anti"))
        else:
            _check_same(before, now, origins, folder)
            kept.append(before.join(now.select(KEY), on=KEY, how="anti"))
    marked = [rows.with_columns(source=pl.lit(-1, pl.Int32())) for rows in kept]
    return pl.concat([*marked, new], how="diagonal")


def _check_same(
    old: pl.LazyFrame, new: pl.LazyFrame, origins: Sequence[Source], folder: Path
) -> None:
    names = set(old.collect_schema().names()) & set(new.collect_schema().names())
    values = sorted(names - {*KEY, "source"})
    both = new.join(old, on=KEY, how="inner", suffix=" before")
    changed = both.filter(
        pl.any_horizontal(~pl.col(v).eq_missing(pl.col(f"{v} before")) for v in values)
    )
    first = changed.head(1).collect(engine="streaming")
    if first.is_empty():
        return
    row = first.row(0, named=True)
    field = next(v for v in values if row[v] != row[f"{v} before"])
    raise ResultFileError(
        origins[row["source"]].path,
        field=field,
        found=f"{shown(row[field])} for {shown(row['model'])}, {shown(row['problem'])}, "
        f"sample {row['sample']}",
        expected=f"{shown(row[f'{field} before'])}, as in {folder.name}",
        way_out="With --replace the new file's rows take the place of the release's; a second run "
        "of a model can be kept apart with --model.",
    )


def check(rows: pl.LazyFrame, origins: Sequence[Source], folder: Path) -> None:
    """Check all rows as a table.

    Raises
    ------
    ReleaseFolderError
        A key twice, values out of range, passed without compiled, ids that differ only in case or
        that no line can hold.
    """
    paths = [source.path for source in origins]
    errors = [*_repeated(rows, paths, folder), *_id_errors(rows, paths, folder)]
    if not errors:
        errors = list(_value_errors(rows, paths, folder))
    if errors:
        raise ReleaseFolderError(paths[0] if len(paths) == 1 else folder, errors)


def _origin(source: int, paths: Sequence[Path], folder: Path) -> Path:
    return paths[source] if source >= 0 else folder


def _repeated(rows: pl.LazyFrame, paths: Sequence[Path], folder: Path) -> list[ResultFileError]:
    """Find keys that stand twice by their 64-bit hashes: numbers, however long the ids are."""
    twice = _hashes_twice(rows)
    if twice.is_empty():
        return []
    found = (
        rows.filter(_hash().is_in(twice.implode()))
        .group_by(KEY, maintain_order=True)
        .agg(pl.len(), pl.col("source").unique(maintain_order=True))
        .filter(pl.col("len") > 1)
        .collect(engine="streaming")
    )
    _, expected, way_out = SENTENCES["primary_key"]
    more = found.height - 1
    errors = []
    for row in found.head(1).iter_rows(named=True):
        files = [_origin(s, paths, folder) for s in row["source"]]
        beside = f", in {files[0].name} and {files[1].name}" if len(files) > 1 else ""
        errors.append(
            ResultFileError(
                files[-1],
                found=f"{row['len']} rows for {shown(row['model'])}, {shown(row['problem'])}, "
                f"sample {row['sample']}{beside}" + (f", and {more} more like it" if more else ""),
                expected=expected,
                way_out="Give one of the two files, or keep two runs of a model apart with --model."
                if len(files) > 1
                else way_out,
            )
        )
    return errors


def _hashes_twice(rows: pl.LazyFrame) -> pl.Series:
    """Find hashes of keys that occur twice, one share of all hashes at a time."""
    height = rows.select(pl.len()).collect(engine="streaming").item()
    shares = height // SHARE + 1
    hashed = rows.select(_hash())
    found = pl.Series("hash", [], dtype=pl.UInt64())
    for share in range(shares):
        part = hashed if shares == 1 else hashed.filter(pl.col("hash") % shares == share)
        twice = part.group_by("hash").len().filter(pl.col("len") > 1).head(1000)
        found = found.append(twice.collect(engine="streaming").get_column("hash"))
    return found


def _hash() -> pl.Expr:
    """Hash each part of the key with its own seed; a struct would be held in memory whole."""
    parts = [pl.col(name).hash(seed) for seed, name in enumerate(KEY, start=1)]
    return (parts[0] ^ parts[1] ^ parts[2]).alias("hash")


def _id_errors(rows: pl.LazyFrame, paths: Sequence[Path], folder: Path) -> list[ResultFileError]:
    problems = (
        rows.group_by("problem").agg(pl.col("source").min(), pl.len()).collect(engine="streaming")
    ).sort("problem", nulls_last=True)
    wrong = problems.filter(~pl.col("problem").str.contains(ID).fill_null(value=False))
    errors = [
        ResultFileError(
            _origin(row["source"], paths, folder),
            field="problem",
            found="nothing" if row["problem"] is None else shown(row["problem"]),
            expected="an id of 1 to 300 characters on one line, without outer spaces",
            way_out="Every row says which problem it is.",
        )
        for row in wrong.head(1).iter_rows(named=True)
    ]
    names = problems.get_column("problem").drop_nulls().to_list()
    where = paths[0] if len(paths) == 1 else folder
    return [*errors, *near_duplicates(where, names, "problem")]


def _value_errors(rows: pl.LazyFrame, paths: Sequence[Path], folder: Path) -> list[ResultFileError]:
    height = rows.select(pl.len()).collect(engine="streaming").item()
    errors: list[ResultFileError] = []
    for offset in range(0, height, SLICE):
        part = rows.slice(offset, SLICE).collect(engine="streaming")
        sources = part.get_column("source")
        for error in outcome_errors(folder, part.drop("source"), first_line=0):
            at = error.line or 0
            origin = _origin(sources[at], paths, folder)
            errors.append(
                ResultFileError(
                    origin,
                    field=error.field,
                    found=f"{error.found} ({_key(part, at)})",
                    expected=error.expected,
                    way_out=error.way_out,
                )
            )
        if errors:
            break
    return errors


def _key(part: pl.DataFrame, at: int) -> str:
    model, problem, sample = part.select(KEY).row(at)
    return f"{shown(model)}, {shown(problem)}, sample {sample}"
