"""Inspect AI's ``.eval`` archive: a zip with a header and one JSON file a sample."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from harness.errors import ResultFileError
from harness.formats.files import ZIP, parse_json, read_bytes, read_member
from harness.formats.place import Place
from harness.formats.zip_file import BROKEN, zipfile
from harness.text import shown

HEADER = "header.json"
START = "_journal/start.json"  # all there is of the header while a run goes on
READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_ZSTANDARD}
SAMPLE = re.compile(r"samples/.+_epoch_\d+(\.json|/sample\.json)", re.DOTALL)
"""A sample in one entry, or the first of the entries of one that was cut into pieces."""
ENCRYPTED = 0x1  # bit of a member's flags
CONVERT = "Convert it with: inspect log convert --to json --output-dir DIR FILE"


def is_archive(head: bytes) -> bool:
    """Tell a zip by its first bytes."""
    return head.startswith(ZIP)


def archive_log(path: Path) -> tuple[Place, Iterator[Place]]:
    """Open an archive, itself gzip or not: its header, and its samples one at a time.

    Raises
    ------
    ResultFileError
        No whole zip, no header, a member that is encrypted, compressed in a way that Inspect AI
        does not use, or grows like a bomb, or a member that is no JSON.
    """
    try:
        with path.open("rb") as file:
            plain = is_archive(file.read(len(ZIP)))
        archive = zipfile.ZipFile(path if plain else io.BytesIO(read_bytes(path)))
    except (OSError, *BROKEN, NotImplementedError, ValueError) as error:
        raise ResultFileError(
            path,
            found=f"no whole zip archive ({shown(str(error))[1:-1]})",
            expected="an .eval log",
            way_out="Copy the file again; it may have been cut off while it was written.",
        ) from error
    try:
        names = _members(path, archive)
        header = _header(path, archive, names)
    except BaseException:
        archive.close()
        raise
    return header, _samples(path, archive, names)


def _members(path: Path, archive: zipfile.ZipFile) -> list[str]:
    """List the members once each; a sample that was written again counts as it was last."""
    for info in archive.infolist():
        if info.flag_bits & ENCRYPTED:
            raise ResultFileError(
                path, field=info.filename, found="an encrypted entry", expected="plain entries"
            )
        if info.compress_type not in READABLE:
            raise ResultFileError(
                path,
                field=info.filename,
                found=f"an entry compressed by method {info.compress_type}",
                expected="entries that are stored, or compressed with deflate or Zstandard",
                way_out=CONVERT,
            )
    return list(dict.fromkeys(archive.namelist()))


def _header(path: Path, archive: zipfile.ZipFile, names: list[str]) -> Place:
    name = next((name for name in (HEADER, START) if name in names), None)
    if name is None:
        raise ResultFileError(
            path,
            found=f"an archive without {HEADER}",
            expected="an .eval log of Inspect AI",
            way_out="Is this zip the output of another tool?",
        )
    header = parse_json(path, read_member(path, archive, name), constants=True)
    if name == START:
        header = {"status": "started", **Place(path, header, (name,)).mapping()}
    return Place(path, header, (name,))


def _samples(path: Path, archive: zipfile.ZipFile, names: list[str]) -> Iterator[Place]:
    with archive:
        for name in names:
            if SAMPLE.fullmatch(name):
                data = read_member(path, archive, name)
                yield Place(path, parse_json(path, data, constants=True), (name,))
