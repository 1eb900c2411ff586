"""The results folder: all its releases, oldest first; `reader` reads each one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from harness.errors import BenchproofError, ReleaseFolderError, ResultFileError
from harness.reader import OUTCOMES, read_release
from harness.release import Release
from harness.text import listed, read_text, shown, suggestion
from harness.toml_file import parse_toml

__all__ = ["read_release", "read_releases"]

RESULTS = (*OUTCOMES, "counts.csv", "summaries.csv", "runtimes.csv", "printed.csv")
BESIDE = ("README.md",)  # what may stand beside the release folders


def read_releases(results_dir: Path) -> tuple[Release, ...]:
    """Read every release of a folder and put each one after the release it follows.

    Releases that follow the same one, or none, are ordered by date and then by version.

    Parameters
    ----------
    results_dir : Path
        The folder of release folders, ``results/``. Names that begin with a dot are skipped.

    Raises
    ------
    ReleaseFolderError
        No release, an error in one of them, a ``previous`` that does not exist, releases that
        follow each other in a circle, versions that differ only in case, or a stray file.
    """
    errors: list[ResultFileError] = []
    folders = _folders(results_dir, errors)
    releases = {}
    begun = [folder for folder in folders if not waits(folder)]
    if folders and not begun:
        errors.append(_nothing_yet(folders[0]))
    for folder in begun:
        try:
            releases[folder.name] = read_release(folder)
        except ReleaseFolderError as error:
            errors += error.errors
    errors += _case_errors(folders)
    errors += _previous_errors(releases, [folder.name for folder in folders])
    errors += _circle_errors(releases)
    if errors:
        raise ReleaseFolderError(results_dir, errors)
    return tuple(_oldest_first(releases))


def waits(folder: Path) -> bool:
    """Tell whether a release has a description and no results yet: it has no pages either."""
    names = {entry.name for entry in folder.iterdir()}
    return "release.toml" in names and not names & set(RESULTS)


def waiting(results_dir: Path) -> tuple[str, ...]:
    """List the releases that have no results yet; pages are made of the others."""
    return tuple(f.name for f in _folders(results_dir, []) if waits(f))


def _nothing_yet(folder: Path) -> ResultFileError:
    return ResultFileError(
        folder,
        found="a release without results",
        expected="outcomes or counts",
        way_out=f"Read some in: python build.py ingest FILE… --release {folder.name}",
    )


def _folders(results_dir: Path, errors: list[ResultFileError]) -> list[Path]:
    try:
        entries = sorted(e for e in results_dir.iterdir() if not e.name.startswith("."))
    except OSError as error:
        raise _unreadable(results_dir, error) from error
    errors += [
        ResultFileError(
            entry,
            found="a file beside the releases",
            expected=f"a folder for each release, and {listed(BESIDE)}",
            way_out="Move it into the release it belongs to, or out of this folder.",
        )
        for entry in entries
        if not entry.is_dir() and entry.name not in BESIDE
    ]
    folders = [entry for entry in entries if entry.is_dir()]
    outside = [f for f in folders if not f.resolve().is_relative_to(results_dir.resolve())]
    errors += [_link(folder) for folder in outside]
    if not folders:
        errors.append(_nothing(results_dir))
    return [folder for folder in folders if folder not in outside]


def _unreadable(results_dir: Path, error: OSError) -> BenchproofError:
    reason = error.strerror or "operating system error"
    found = f"cannot be read ({reason})"
    expected = "a folder that holds a folder for each release"
    return ReleaseFolderError(
        results_dir, [ResultFileError(results_dir, found=found, expected=expected)]
    )


def _link(folder: Path) -> ResultFileError:
    return ResultFileError(
        folder,
        found=f"a link to {shown(str(folder.resolve()))}",
        expected="a folder inside the results folder",
        way_out="Replace the link by the folder itself.",
    )


def _nothing(results_dir: Path) -> ResultFileError:
    return ResultFileError(
        results_dir,
        found="no release",
        expected="at least one folder with a release.toml",
        way_out="results/README.md describes what a release consists of.",
    )


def _case_errors(folders: Sequence[Path]) -> Iterator[ResultFileError]:
    first: dict[str, Path] = {}
    for folder in folders:
        earlier = first.setdefault(folder.name.casefold(), folder)
        if earlier != folder:
            yield ResultFileError(
                folder,
                found=f"the same version as {earlier.name}, but for upper and lower case",
                expected="one folder for each version",
                way_out="Rename one of the two: many file systems cannot tell them apart.",
            )


def _previous_errors(
    releases: Mapping[str, Release], versions: Sequence[str]
) -> Iterator[ResultFileError]:
    for release in releases.values():
        if release.previous is not None and release.previous not in versions:
            yield _previous_error(
                release,
                found=f"{shown(release.previous)} is no release",
                expected=f"the name of a folder beside {shown(release.version)}",
                way_out=suggestion(release.previous, [v for v in versions if v != release.version]),
            )


def _circle_errors(releases: Mapping[str, Release]) -> Iterator[ResultFileError]:
    """Yield one error for each circle, at its alphabetically first release."""
    for version, release in releases.items():
        chain = _chain(releases, version)
        if chain[0] == chain[-1] and len(chain) > 1 and version == min(chain):
            yield _previous_error(
                release,
                found=f"a circle: {' follows '.join(chain)}",
                expected="releases of which one is the first",
                way_out="The first release has no previous one.",
            )


def _chain(releases: Mapping[str, Release], version: str) -> list[str]:
    """Follow ``previous`` from one release until it ends or comes back to any release."""
    chain = [version]
    while (release := releases.get(chain[-1])) and release.previous is not None:
        chain.append(release.previous)
        if chain.index(chain[-1]) < len(chain) - 1:
            break
    return chain


def _previous_error(
    release: Release, *, found: str, expected: str, way_out: str
) -> ResultFileError:
    path = release.path / "release.toml"
    file = parse_toml(path, read_text(path, folder=release.path))
    return file.error(("previous",), found=found, expected=expected, way_out=way_out)


def _oldest_first(releases: Mapping[str, Release]) -> Iterator[Release]:
    waiting = sorted(releases.values(), key=_age)
    done: set[str] = set()
    while waiting:
        oldest = next(r for r in waiting if r.previous is None or r.previous in done)
        waiting.remove(oldest)
        done.add(oldest.version)
        yield oldest


def _age(release: Release) -> tuple[str, list[tuple[int, str]]]:
    """Order by date, then by version as people count: v0.9 before v0.10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", release.version)
    return release.date, [(int(p), "") if p.isdigit() else (-1, p) for p in parts]
