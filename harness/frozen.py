"""A frozen release: the checksum of every file and the figures of that day, held by freeze.json.

Any read of the folder verifies it, so no command, page or test ever sees a changed release.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ResultFileError
from harness.schema import violations
from harness.text import read_text, shown

RECORD = "freeze.json"
PENDING = ".freeze.json"
"""The record of a freeze that was stopped after release.toml said ``frozen``; as good as RECORD."""

_SEAL = re.compile(r'("sha256": ")([0-9a-f]{64})(")')
_CORRECTION = (
    "A frozen release does not change: restore the file from version control. "
    "A correction is a new release whose previous is {}."
)


@dataclass(frozen=True, slots=True)
class Freeze:
    """What freezing wrote down.

    Attributes
    ----------
    tool : str
        Version of Benchproof.
    libraries : mapping of str to str
        Versions of the libraries that compute.
    files : mapping of str to str
        SHA-256 of each file by its path below the folder.
    quantities : mapping of str to mapping
        Every figure of the analysis as ``analysis.json`` has it, by key.
    """

    tool: str
    libraries: Mapping[str, str]
    files: Mapping[str, str]
    quantities: Mapping[str, Mapping[str, Any]]


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its path below a release folder, sorted by path.

    The record of a freeze is left out, and so is what the reader skips: names that begin with a
    dot. A link to a folder counts as a file whose content is where it leads.

    Raises
    ------
    ResultFileError
        A file that cannot be read.
    """
    found = {}
    for file in _files(folder):
        path = file.relative_to(folder).as_posix()
        if path != RECORD:
            found[path] = _checksum(file)
    return dict(sorted(found.items()))


def fingerprint(sums: Mapping[str, str]) -> str:
    """Return one SHA-256 for a whole folder: that of the lines that ``sha256sum`` would print.

    Equal to ``sha256sum PATH … | sha256sum`` with the paths in the order of their bytes.
    """
    lines = [f"{digest}  {path}\n" for path, digest in sorted(sums.items(), key=_by_bytes)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _by_bytes(item: tuple[str, str]) -> bytes:
    return item[0].encode("utf-8", "surrogateescape")


def seal(text: str) -> str:
    """Return the record's text with the checksum of itself, whose digits count as zeros."""
    blank = _SEAL.sub(rf"\g<1>{'0' * 64}\g<3>", text, count=1)
    digest = hashlib.sha256(blank.encode()).hexdigest()
    return _SEAL.sub(rf"\g<1>{digest}\g<3>", blank, count=1)


def record_file(folder: Path) -> Path:
    """Return the record of a frozen release, which may not have got its name yet."""
    named, pending = folder / RECORD, folder / PENDING
    return pending if not named.exists() and pending.exists() else named


def read_freeze(
    folder: Path, sums: Mapping[str, str], *, frozen: bool, errors: list[ResultFileError]
) -> Freeze | None:
    """Read the record of a release and note in ``errors`` what is not as it was frozen.

    Parameters
    ----------
    folder
        The release folder.
    sums
        Its `checksums`.
    frozen
        Whether release.toml says that it is frozen.
    errors
        Gets one error for each changed, added or missing file, which names it.
    """
    file = record_file(folder) if frozen else folder / RECORD
    if not file.exists():
        if frozen:
            errors.append(_missing(file))
        return None
    try:
        record = _parse(file, folder)
    except ResultFileError as error:
        errors.append(error)
        return None
    errors += _differences(folder, record.files, sums)
    return record


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".") and name not in links]
        yield from (Path(place) / n for n in (*names, *links) if not n.startswith("."))


def _checksum(file: Path) -> str:
    try:
        if file.is_symlink() and file.is_dir():
            return hashlib.sha256(f"link to {file.readlink()}".encode()).hexdigest()
        if not file.is_file():
            raise ResultFileError(file, found="not a regular file", expected="a file")
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ResultFileError(
            file,
            found=f"cannot be read ({error.strerror or 'operating system error'})",
            expected="a readable file",
        ) from error


def _missing(file: Path) -> ResultFileError:
    return ResultFileError(
        file,
        found="the file is missing",
        expected="the checksums of this release, which is frozen as its release.toml says",
        way_out="Restore it from version control.",
    )


def _parse(file: Path, folder: Path) -> Freeze:
    text = read_text(file, folder=folder)
    if not _SEAL.search(text) or seal(text) != text or text.encode() != file.read_bytes():
        raise ResultFileError(
            file,
            found="content that is not what freezing wrote",
            expected="the checksums and figures as they were frozen",
            way_out="Restore the file from version control.",
        )
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ResultFileError(file, found=f"not JSON ({error})", expected="JSON") from error
    for violation in violations(document, "freeze"):
        raise ResultFileError(
            file,
            field=".".join(map(str, violation.where)),
            found=violation.found,
            expected=violation.expected,
        )
    return Freeze(
        tool=document["tool"],
        libraries=document["libraries"],
        files=document["files"],
        quantities=document["quantities"],
    )


def _differences(
    folder: Path, frozen: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[ResultFileError]:
    for path in sorted(frozen.keys() | now.keys()):
        before, after = frozen.get(path), now.get(path)
        if before == after:
            continue
        if after is None:
            found, expected = "the file is missing", "the file as it was frozen"
        elif before is None:
            found, expected = "a file that was added after freezing", "only the frozen files"
        else:
            found = f"changed after freezing (SHA-256 {after[:12]}…)"
            expected = f"the file as it was frozen ({before[:12]}…)"
        way_out = _CORRECTION.format(shown(folder.name))
        yield ResultFileError(folder / path, found=found, expected=expected, way_out=way_out)
