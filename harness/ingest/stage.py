"""A release folder as it would be: made beside the old one, read as a whole, then swapped in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from harness.errors import ReleaseFolderError, ResultFileError
from harness.reader import OUTCOMES, read_release


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Copy a release but for its outcomes, and give the copy; it goes when the block ends.

    The copy has the release's name, in a hidden folder beside it, so that renaming is one step.
    """
    recover(folder)
    work = Path(tempfile.mkdtemp(prefix=f".ingest-{folder.name}-", dir=folder.parent))
    try:
        copy = work / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*OUTCOMES), symlinks=True)
        yield copy
    finally:
        shutil.rmtree(work, ignore_errors=True)


def check_whole(copy: Path, folder: Path, rows: pl.LazyFrame) -> None:
    """Read the staged release as the site will, with one row for each model and problem.

    The rows themselves are checked before; here only what they are against the other files counts.

    Raises
    ------
    ReleaseFolderError
        Anything is wrong with the release; paths are those of the real folder.
    """
    thin = (
        rows.group_by("model", "problem", maintain_order=True)
        .agg(pl.col("passed", "score").drop_nulls().first())
        .with_columns(sample=pl.lit(0, pl.Int64()))
        .collect(engine="streaming")
    )
    with tempfile.TemporaryDirectory(prefix=".check-", dir=copy.parent) as work:
        whole = Path(work) / copy.name
        shutil.copytree(copy, whole, ignore=shutil.ignore_patterns(*OUTCOMES), symlinks=True)
        thin.write_parquet(whole / "outcomes.parquet")
        read_staged(whole, folder)


def read_staged(whole: Path, folder: Path) -> None:
    """Read a staged release and tell its errors as of the real folder."""
    try:
        read_release(whole)
    except ReleaseFolderError as error:
        raise ReleaseFolderError(folder, [_moved(e, folder) for e in error.errors]) from error


def _moved(error: ResultFileError, folder: Path) -> ResultFileError:
    return ResultFileError(
        folder / error.path.name,
        line=error.line if error.path.name not in OUTCOMES else None,
        field=error.field,
        found=error.found,
        expected=error.expected,
        way_out=error.way_out,
    )


def into_place(copy: Path, folder: Path) -> None:
    """Swap the staged release in; if that fails the old one is there again."""
    old = _old(folder)
    folder.replace(old)
    try:
        copy.replace(folder)
    except OSError:
        old.replace(folder)
        raise
    shutil.rmtree(old)


def recover(folder: Path) -> None:
    """Bring back what a killed run left between two renames, and drop what it left behind."""
    old = _old(folder)
    if old.exists() and not folder.exists():
        old.replace(folder)
    elif old.exists():
        shutil.rmtree(old)


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.before-ingest")
