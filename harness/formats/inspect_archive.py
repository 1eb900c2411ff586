"""Inspect AI's ``.eval`` archive: a zip with a header and one JSON file a sample."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from harness.errors import ResultFileError
from harness.formats.files import ZIP, parse_json, read_bytes, read_member
from harness.formats.place import Place
from harness.text import shown

HEADER = "header.json"
START = "_journal/start.json"  # all there is of the header while a run goes on
READABLE = {zipfile.ZIP_STORED: "stored", zipfile.ZIP_DEFLATED: "deflate"}
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
        No whole zip, no header, a member that is encrypted, compressed in a way other than
        deflate, or grows like a bomb, or a member that is no JSON.
    """
    try:
        with path.open("rb") as file:
            plain = is_archive(file.read(len(ZIP)))
        archive = zipfile.ZipFile(path if plain else io.BytesIO(read_bytes(path)))
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
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
            kind = "zstd" if info.compress_type == 93 else f"method {info.compress_type}"
            raise ResultFileError(
                path,
                field=info.filename,
                found=f"an entry compressed with {kind}",
                expected="entries that are stored, or compressed with deflate",
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
            if name.startswith("samples/") and name.endswith(".json"):
                data = read_member(path, archive, name)
                yield Place(path, parse_json(path, data, constants=True), (name,))
