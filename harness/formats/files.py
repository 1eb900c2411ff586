"""Bytes and JSON of foreign files: sizes are limited, and an error says where it is."""

import gzip
import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from harness.errors import ResultFileError
from harness.formats.place import Place
from harness.formats.zip_file import BROKEN, zipfile
from harness.text import shown

HEAD = 256 * 1024  # bytes that detection looks at
LARGEST = 4 * 1024**3  # bytes of one document, decompressed; it is held in memory
LONGEST_LINE = 256 * 1024**2  # bytes of one JSON line
RATIO = 400  # a harness's text compresses 5 to 50 times; a bomb a thousand times
UNSUSPECTED = 64 * 1024**2  # bytes below which no ratio is looked at
CHUNK = 1024**2

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def head(path: Path) -> bytes:
    """Read the first bytes of a file, decompressed; empty for a folder or what cannot be read."""
    try:
        if not path.is_file():
            return b""
        with _opened(path) as file:
            return file.read(HEAD)
    except (OSError, EOFError, zlib.error):
        return b""


def read_bytes(path: Path) -> bytes:
    """Read a whole file, gzip decompressed, without a byte order mark.

    Raises
    ------
    ResultFileError
        Missing, unreadable, empty, too large, damaged gzip, or a gzip bomb.
    """
    with open_bytes(path) as file:
        data = _limited(path, file, _size(path))
    if not data.strip():
        raise ResultFileError(
            path,
            found="the file is empty",
            expected="the output of a harness",
            way_out="Did the run end before it wrote its results?",
        )
    return data.removeprefix(b"\xef\xbb\xbf")


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, decompressing gzip; what is read is not limited.

    Raises
    ------
    ResultFileError
        Missing, not a regular file, or not readable.
    """
    try:
        if not path.is_file():
            found = "a folder" if path.is_dir() else "no such file"
            raise ResultFileError(
                path, found=found, expected="a file", way_out="Check the path you gave."
            )
        return _opened(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def is_packed(file: object) -> bool:
    """Tell whether what `open_bytes` gave decompresses."""
    return isinstance(file, gzip.GzipFile)


def read_json(path: Path, *, constants: bool = False) -> Any:
    """Read a file that is one JSON document; `parse_json` says what is refused."""
    return parse_json(path, read_bytes(path), constants=constants)


def parse_json(path: Path, data: bytes, *, line: int | None = None, constants: bool = False) -> Any:
    """Parse one JSON document strictly.

    Parameters
    ----------
    path
        For the message.
    data
        UTF-8 text.
    line
        1-based line of a file of JSON lines that the text stands on.
    constants
        Whether NaN and Infinity, which are not JSON but which Python writes, become floats. The
        caller then has to look at every number it uses.

    Raises
    ------
    ResultFileError
        Truncated or otherwise no JSON, NaN, a key twice in one object, not UTF-8, nested too deep.
    """
    pairs = _once(path, line)
    try:
        text = data.decode("utf-8")
        return json.loads(
            text,
            object_pairs_hook=pairs,
            parse_constant=float if constants else _refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data, error, line) from error
    except json.JSONDecodeError as error:
        raise _not_json(path, error, line) from error
    except RecursionError as error:
        raise ResultFileError(
            path, line=line, found="brackets nested too deeply", expected="JSON of a harness"
        ) from error
    except _ConstantError as error:
        raise _constant(path, text, str(error), line) from error
    except ValueError as error:  # an integer of more digits than Python reads
        raise ResultFileError(
            path, line=line, found="a whole number of thousands of digits", expected="JSON"
        ) from error


def json_lines(path: Path, *, constants: bool = False) -> Iterator[tuple[int, Any]]:
    """Yield (1-based line, value) of each line that is not blank, one at a time.

    Raises
    ------
    ResultFileError
        As `parse_json`; a line above 256 MB; nothing but blank lines.
    """
    empty = True
    for number, line in _lines(path):
        text = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
        if text:
            empty = False
            yield number, parse_json(path, text, line=number, constants=constants)
    if empty:
        raise ResultFileError(
            path, found="the file is empty", expected="one JSON object on each line"
        )


def read_member(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    """Read one member of a zip archive under the same limits as a file."""
    try:
        info = archive.getinfo(name)
        with archive.open(info) as file:
            return _limited(path, file, max(info.compress_size, 1))
    except (KeyError, *BROKEN, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise ResultFileError(
            path,
            field=name,
            found=f"cannot be read from the archive ({shown(str(error))[1:-1]})",
            expected="a whole zip archive",
            way_out="Copy the file again; it may have been cut off.",
        ) from error


def content_hash(*texts: str) -> str:
    """Give the SHA-256 of a problem's text: each part in NFC, parts kept apart."""
    digest = hashlib.sha256()
    for text in texts:
        part = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file's bytes as they are."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _size(path: Path) -> int:
    return max(path.stat().st_size, 1)


def _limited(path: Path, file: IO[bytes], packed: int) -> bytes:
    """Read all of a file in chunks, and stop at the first sign of a bomb."""
    data = bytearray()
    while chunk := _chunk(path, file):
        data += chunk
        _check_growth(path, len(data), packed)
    return bytes(data)


def _chunk(path: Path, file: IO[bytes]) -> bytes:
    try:
        return file.read(CHUNK)
    except (EOFError, zlib.error, gzip.BadGzipFile, *BROKEN) as error:
        raise ResultFileError(
            path,
            found=f"compressed data that end early or are damaged ({error})",
            expected="a whole compressed file",
            way_out="Copy the file again; it may have been cut off.",
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _check_growth(path: Path, size: int, packed: int) -> None:
    if size > LARGEST or (size > UNSUSPECTED and size > RATIO * packed):
        found = f"{packed:,} bytes that grow beyond {size:,} when decompressed"
        if size <= RATIO * packed:
            found = f"more than {LARGEST:,} bytes"
        raise ResultFileError(
            path,
            found=found,
            expected=f"at most {LARGEST:,} bytes, and at most {RATIO} times its compressed size",
            way_out="Split the file, or bring its rows as Parquet or JSONL of our own columns.",
        )


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    size = _size(path) if path.is_file() else 1
    with open_bytes(path) as file:
        number = total = 0
        while line := _line(path, file, number + 1):
            number, total = number + 1, total + len(line)
            if is_packed(file):
                _check_line_growth(path, total, size, number)
            yield number, line


def _line(path: Path, file: IO[bytes], number: int) -> bytes:
    try:
        line = file.readline(LONGEST_LINE + 1)
    except (EOFError, zlib.error, OSError) as error:
        raise ResultFileError(
            path,
            line=number,
            found=f"compressed data that end early or are damaged ({error})",
            expected="a whole compressed file",
            way_out="Copy the file again; it may have been cut off.",
        ) from error
    if len(line) > LONGEST_LINE:
        raise ResultFileError(
            path,
            line=number,
            found=f"a line of more than {LONGEST_LINE:,} bytes",
            expected=f"lines of at most {LONGEST_LINE:,} bytes",
            way_out="Leave long texts out; outcomes need none.",
        )
    return line


def _check_line_growth(path: Path, total: int, packed: int, number: int) -> None:
    if total > UNSUSPECTED and total > RATIO * packed:
        raise ResultFileError(
            path,
            line=number,
            found=f"{packed:,} bytes that grow beyond {total:,} when decompressed",
            expected=f"at most {RATIO} times the compressed size",
            way_out="Decompress the file yourself if it is what it should be.",
        )


class _ConstantError(Exception):
    """NaN or Infinity was met."""


def _refuse_constant(word: str) -> NoReturn:
    raise _ConstantError(word)


def _once(path: Path, line: int | None) -> Any:
    """Make the hook that builds objects and refuses a key that stands twice in one."""

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) != len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise ResultFileError(
                path,
                line=line,
                field=Place.quoted(twice),
                found="the key stands twice in one object",
                expected="each key once",
                way_out="Which of the two holds? Delete the other.",
            )
        return built

    return build


def _not_json(path: Path, error: json.JSONDecodeError, line: int | None) -> ResultFileError:
    rest = error.doc[error.pos :].strip()
    found = f"not JSON at column {error.colno} ({error.msg[:1].lower()}{error.msg[1:]})"
    if not rest or error.msg.startswith("Unterminated string"):
        found = f"the JSON ends early, at column {error.colno}"
    return ResultFileError(
        path,
        line=line if line is not None else error.lineno,
        found=found,
        expected="one whole JSON object on each line" if line is not None else "whole JSON",
        way_out="Copy the file again; it may have been cut off while it was written.",
    )


def _constant(path: Path, text: str, word: str, line: int | None) -> ResultFileError:
    found = re.search(rf"(?<![\w\"]){re.escape(word)}\b", text)
    at = text.count("\n", 0, found.start()) + 1 if found else None
    return ResultFileError(
        path,
        line=line if line is not None else at,
        found=f"{word}, which is not a number",
        expected="a number, or null where there is none",
        way_out="Write null.",
    )


def _not_utf8(
    path: Path, data: bytes, error: UnicodeDecodeError, line: int | None
) -> ResultFileError:
    at = data.count(b"\n", 0, error.start) + 1
    return ResultFileError(
        path,
        line=line if line is not None else at,
        found=f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8",
        expected="UTF-8 text",
        way_out="Is the file damaged, or compressed in a way other than gzip?",
    )


def _unreadable(path: Path, error: OSError) -> ResultFileError:
    return ResultFileError(
        path,
        found=f"cannot be read ({error.strerror or error})",
        expected="a readable file",
        way_out="Check that you may read it.",
    )
