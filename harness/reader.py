"""Reads release folders: every mistake in one go, and a Release only when there is none."""

from collections.abc import Iterator
from pathlib import Path

from harness.assemble import assemble
from harness.count_checks import count_errors
from harness.csv_file import Table, parse_csv
from harness.errors import ReleaseFolderError, ResultFileError
from harness.figures import figure_errors
from harness.raw import RawRelease
from harness.release import Release
from harness.release_checks import release_errors
from harness.row_checks import row_errors
from harness.schema import violations
from harness.text import read_text, suggestion
from harness.toml_file import TomlFile, parse_toml

TOMLS = ("release", "models")
TABLES = ("problem_counts", "problems", "counts", "summaries", "runtimes", "printed")
OUTCOMES = ("outcomes.parquet", "outcomes.csv", "outcomes.jsonl")
READ = (*(f"{name}.toml" for name in TOMLS), *(f"{name}.csv" for name in TABLES))
LEFT_ALONE = ("claims.toml", "pages", "README.md", "freeze.json")  # others read these


def read_release(path: Path) -> Release:
    """Read and check one release folder.

    Parameters
    ----------
    path : Path
        The folder, such as ``results/v0.1``. results/README.md describes its files.

    Returns
    -------
    Release
        Everything in it, checked.

    Raises
    ------
    ReleaseFolderError
        Anything is wrong; ``errors`` lists all that could be found in one go.
    """
    errors: list[ResultFileError] = []
    raw = _read(path, errors)
    for check in (release_errors, row_errors, count_errors, figure_errors):
        errors += check(raw)
    if errors:
        raise ReleaseFolderError(path, _in_order(errors))
    return assemble(raw)


def _read(path: Path, errors: list[ResultFileError]) -> RawRelease:
    """Read every file that can be read, and note what cannot."""
    names = _listing(path)
    errors += _name_errors(path, names)
    tomls = {name: _toml(path, name, errors) for name in TOMLS}
    tables = {n: _table(path, n, errors) for n in TABLES if f"{n}.csv" in names}
    refused = {error.path.stem for error in errors}
    return RawRelease(
        folder=path,
        release=tomls["release"],
        models=tomls["models"],
        tables={name: table for name, table in tables.items() if table is not None},
        clean=frozenset(tables) - refused,
    )


def _listing(path: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in path.iterdir())
    except OSError as error:
        raise ReleaseFolderError(
            path,
            [
                ResultFileError(
                    path,
                    found=f"cannot be read ({error.strerror or 'operating system error'})",
                    expected="the folder of a release",
                )
            ],
        ) from error


def _name_errors(path: Path, names: list[str]) -> Iterator[ResultFileError]:
    known = [*READ, *LEFT_ALONE]
    for name in names:
        if name in OUTCOMES:
            yield ResultFileError(
                path / name,
                found="single outcomes, which this version cannot read",
                expected="counts.csv, summaries.csv or runtimes.csv",
                way_out="Count them into counts.csv and keep this file outside the release.",
            )
        elif name not in known and not name.startswith("."):
            yield ResultFileError(
                path / name,
                found="an unknown file or folder",
                expected="only what a release consists of",
                way_out=f"{suggestion(name, known)} Nothing in a release is ignored.",
            )
    if "counts.csv" not in names and not set(names) & set(OUTCOMES):
        yield ResultFileError(
            path / "counts.csv",
            found="the file is missing",
            expected="how many problems each model attempted and passed",
            way_out="Summaries and runtimes come on top of counts, not instead of them.",
        )


def _toml(path: Path, name: str, errors: list[ResultFileError]) -> TomlFile | None:
    file = path / f"{name}.toml"
    try:
        parsed = parse_toml(file, read_text(file, folder=path))
    except ResultFileError as error:
        errors.append(error)
        return None
    errors += [
        parsed.error(v.where, found=v.found, expected=v.expected, way_out=v.way_out)
        for v in violations(parsed.document, name)
    ]
    return parsed


def _table(path: Path, name: str, errors: list[ResultFileError]) -> Table | None:
    file = path / f"{name}.csv"
    try:
        table, wrong = parse_csv(file, read_text(file, folder=path), name)
    except ResultFileError as error:
        errors.append(error)
        return None
    errors += wrong
    return table


def _in_order(errors: list[ResultFileError]) -> list[ResultFileError]:
    """Sort by file, as a release is read, then by line; equal places keep their order."""
    return sorted(errors, key=lambda e: (_place(e.path.name), e.path.name, e.line or 0))


def _place(name: str) -> int:
    return READ.index(name) if name in READ else len(READ)
