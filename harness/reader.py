"""Reads release folders: every mistake in one go, and a Release only when there is none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from harness.assemble import assemble
from harness.claims import claim_errors
from harness.count_checks import count_errors
from harness.csv_file import Table, parse_csv
from harness.errors import ReleaseFolderError, ResultFileError
from harness.figures import figure_errors
from harness.formats.reading import ROW_SCHEMA
from harness.frozen import Freeze, checksums, fingerprint, read_freeze
from harness.outcome_checks import outcome_file_errors
from harness.raw import RawRelease, tables_of
from harness.release import Release
from harness.release_checks import release_errors
from harness.row_checks import row_errors
from harness.row_files import read_rows
from harness.schema import violations
from harness.table_checks import table_errors
from harness.text import check_file, read_text, suggestion
from harness.toml_file import TomlFile, parse_toml

TOMLS = ("release", "models", "printed_tables", "claims")
OPTIONAL = ("printed_tables.toml", "claims.toml")
TABLES = ("problem_counts", "problems", "counts", "summaries", "runtimes", "printed")
OUTCOMES = ("outcomes.parquet", "outcomes.csv", "outcomes.jsonl")
READ = (*(f"{name}.toml" for name in TOMLS), *(f"{name}.csv" for name in TABLES))
LEFT_ALONE = (
    "pages",
    "README.md",
    "freeze.json",
    "ingest.json",
)  # others read these

CHECKS = (
    release_errors,
    row_errors,
    count_errors,
    figure_errors,
    table_errors,
    outcome_file_errors,
    claim_errors,
)


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
        Anything is wrong; ``errors`` lists all that could be found in one go. In a frozen release
        each changed, added or missing file is an error.
    """
    errors: list[ResultFileError] = []
    raw = _read(path, errors)
    digest, freeze = _frozen(raw, errors)
    for check in CHECKS:
        errors += check(raw)
    if errors:
        raise ReleaseFolderError(path, _in_order(errors))
    return replace(assemble(raw), digest=digest, freeze=freeze)


def _frozen(raw: RawRelease, errors: list[ResultFileError]) -> tuple[str, Freeze | None]:
    """Return the digest of the folder and its freeze, where it is frozen and as it was then."""
    try:
        sums = checksums(raw.folder)
    except ResultFileError as error:
        if error.path not in {known.path for known in errors}:
            errors.append(error)
        return "", None
    frozen = raw.release is not None and raw.release.document.get("frozen") is True
    return fingerprint(sums), read_freeze(raw.folder, sums, frozen=frozen, errors=errors)


def _read(path: Path, errors: list[ResultFileError]) -> RawRelease:
    """Read every file that can be read, and note what cannot."""
    names = _listing(path)
    errors += _name_errors(path, names)
    tomls = {
        name: _toml(path, name, errors)
        for name in TOMLS
        if f"{name}.toml" in names or f"{name}.toml" not in OPTIONAL
    }
    tables = {n: _table(path, n, errors) for n in TABLES if f"{n}.csv" in names}
    outcomes_path = next((path / name for name in OUTCOMES if name in names), None)
    outcomes = _outcomes(outcomes_path, path, tomls["release"], errors) if outcomes_path else None
    refused = {error.path.stem for error in errors}
    return RawRelease(
        folder=path,
        release=tomls["release"],
        models=tomls["models"],
        tables={name: table for name, table in tables.items() if table is not None},
        clean=frozenset(tables) - refused,
        outcomes_path=outcomes_path,
        outcomes=outcomes,
        printed_tables=tomls.get("printed_tables"),
        claims=tomls.get("claims"),
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
    known = [*READ, *LEFT_ALONE, *OUTCOMES]
    for name in names:
        if name not in known and not name.startswith("."):
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
            way_out="Outcomes may stand instead of counts; summaries and runtimes come on top.",
        )
    several = [name for name in OUTCOMES if name in names]
    if len(several) > 1:
        yield ResultFileError(
            path / several[1],
            found=f"{several[0]} is there too",
            expected="one file of outcomes",
            way_out="Keep the one that is right.",
        )


def _outcomes(
    file: Path, folder: Path, release: TomlFile | None, errors: list[ResultFileError]
) -> pl.DataFrame | None:
    items = [item for _, item in tables_of(release, "metrics")] if release else []
    metrics = {item["id"]: str(item.get("kind")) for item in items}
    try:
        check_file(file, folder, largest=None)
    except ResultFileError as error:
        errors.append(error)
        return None
    rows, wrong = read_rows(file, metrics={n: k for n, k in metrics.items() if n not in ROW_SCHEMA})
    errors += wrong
    return None if wrong else rows


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
