"""The files a user gave, each with its format and its reading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import ResultFileError
from harness.formats.files import sha256
from harness.formats.paths import files_below
from harness.formats.reading import Format, Reading
from harness.formats.registry import by_id, candidates, detect
from harness.formats.remote import Remote, is_url, remote_format


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One file or run folder, read.

    Attributes
    ----------
    path
        As the user gave it, or below the folder that the user gave.
    name
        What a release calls it: the path below the folder that all files share.
    digest
        SHA-256 of the file; of a run folder, of its files in order; None for a URL.
    """

    path: Path
    name: str
    format: Format
    reading: Reading
    digest: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """All sources, and what given folders hold beside them.

    Attributes
    ----------
    sources
        The files that are read.
    unknown
        Files of folders that no format knows.
    beside
        Files of folders that state rates or counts, beside others that hold rows.
    """

    sources: tuple[Source, ...]
    unknown: tuple[Path, ...]
    beside: tuple[Source, ...] = ()


def gather(files: Sequence[str], *, format_id: str | None = None) -> Gathered:
    """Find the format of each file and read it.

    Parameters
    ----------
    files
        Files, folders (searched) and URLs, as the user gave them.
    format_id
        The format of all of them; found by content if None.

    Raises
    ------
    ResultFileError
        A file that cannot be read, or a folder without one that can.
    """
    found: list[tuple[Path, Format]] = []
    unknown: list[Path] = []
    named: set[Path] = set()
    for file in files:
        if is_url(file):
            found.append((Remote(file), remote_format(file, format_id)))
        else:
            below = _below(Path(file), format_id, unknown)
            named |= {path for path, _ in below if path == Path(file)}
            found += below
    _check_once([path for path, _ in found])
    names = _names([path for path, _ in found])
    sources = [
        Source(path, name, format_, format_.read(path), _digest(path))
        for (path, format_), name in zip(found, names, strict=True)
    ]
    beside = _beside(sources, named)
    return Gathered(
        sources=tuple(s for s in sources if s not in beside),
        unknown=tuple(unknown),
        beside=tuple(beside),
    )


def _beside(sources: Sequence[Source], named: set[Path]) -> list[Source]:
    """Find files of searched folders that state less than others of the folder hold."""
    searched = [s for s in sources if s.path not in named]
    rates = [s for s in searched if s.reading.lacks is not None]
    counts = [s for s in searched if s.reading.counts is not None]
    rows = [s for s in sources if s.reading.counts is None and s.reading.lacks is None]
    if rows:
        return [*rates, *counts]
    return rates if counts else []


def _below(path: Path, format_id: str | None, unknown: list[Path]) -> list[tuple[Path, Format]]:
    if not path.is_dir():
        return [(path, by_id(format_id, path) if format_id else detect(path))]
    found = list(_search(path, format_id, unknown, top=path))
    if not found:
        raise ResultFileError(
            path,
            found=f"{len(files_below(path))} files, none of them the output of a known harness",
            expected="at least one that is",
            way_out="Name the file itself to learn why; --format says what it is.",
        )
    return found


def _search(
    path: Path, format_id: str | None, unknown: list[Path], *, top: Path
) -> Iterator[tuple[Path, Format]]:
    """Go through a folder; a run folder that a format knows as a whole is not gone into."""
    chosen = [f for f in candidates(path) if format_id in {None, f.id}]
    if len(chosen) == 1:
        yield path, chosen[0]
    elif len(chosen) > 1:
        yield path, detect(path)
    elif path.is_dir():
        for entry in _entries(path, top):
            yield from _search(entry, format_id, unknown, top=top)
    else:
        unknown.append(path)


def _entries(folder: Path, top: Path) -> list[Path]:
    """List what lies in a folder, without links that leave the folder the user gave."""
    root = top.resolve()
    return [
        entry
        for entry in sorted(folder.iterdir())
        if not entry.name.startswith(".")
        and entry.resolve().is_relative_to(root)
        and not (entry.is_dir() and entry.is_symlink())
    ]


def _check_once(paths: Sequence[Path]) -> None:
    """Refuse a file that was given twice."""
    seen: set[Path] = set()
    for path in paths:
        real = path if isinstance(path, Remote) else path.resolve()
        if real in seen:
            raise ResultFileError(path, found="the file was given twice", expected="each file once")
        seen.add(real)


def _names(paths: Sequence[Path]) -> list[str]:
    """Name each file by its path below the deepest folder that holds all of them."""
    parts = [(str(p),) if isinstance(p, Remote) else p.absolute().parts for p in paths]
    shared = 0
    while all(len(p) > shared + 1 for p in parts) and len({p[shared] for p in parts}) == 1:
        shared += 1
    return ["/".join(p[shared:]) for p in parts]


def _digest(path: Path) -> str | None:
    if isinstance(path, Remote):
        return None
    if path.is_file():
        return sha256(path)
    import hashlib  # noqa: PLC0415 - only for run folders

    digest = hashlib.sha256()
    for file in files_below(path):
        digest.update(f"{file.relative_to(path).as_posix()}\0{sha256(file)}\n".encode())
    return digest.hexdigest()
