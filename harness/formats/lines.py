"""One pass over the bytes of a file of lines, before an engine is let at it."""

import zlib
from pathlib import Path
from typing import IO

from harness.errors import ResultFileError
from harness.formats.files import CHUNK, LONGEST_LINE, RATIO, UNSUSPECTED, is_packed, open_bytes


def check_lines(path: Path, *, ended: bool) -> None:
    """Refuse what an engine would choke on, or would take for less than it is.

    Parameters
    ----------
    path
        A file of lines, gzip allowed.
    ended
        Whether the last line has to end: without its end a row that was cut off inside a number
        looks whole.

    Raises
    ------
    ResultFileError
        Empty, a line above 256 MB, a gzip bomb or damaged gzip, a NUL byte, a last line without
        its end, not UTF-8.
    """
    packed = max(path.stat().st_size, 1) if path.is_file() else 1
    total, number, begun, last = 0, 1, 0, b""
    decoder = _Decoder(path)
    with open_bytes(path) as file:
        while chunk := _chunk(path, file, number):
            total += len(chunk)
            if is_packed(file) and total > max(UNSUSPECTED, RATIO * packed):
                raise _bomb(path, packed, total, number)
            decoder.check(chunk, number)
            first, final = chunk.find(b"\n"), chunk.rfind(b"\n")
            begun = begun + len(chunk) if first < 0 else len(chunk) - final - 1
            if begun > LONGEST_LINE:
                raise _long(path, number)
            number += chunk.count(b"\n")
            last = chunk[-1:]
    if not total:
        raise ResultFileError(path, found="the file is empty", expected="rows")
    decoder.end(number)
    if ended and last not in {b"\n", b"\r"}:
        raise ResultFileError(
            path,
            line=number,
            found="the last line does not end",
            expected="a line end after the last row",
            way_out="If the row is whole, add a line end; if the file was cut off, copy it again.",
        )


class _Decoder:
    """UTF-8 across chunks; keeps the bytes of a character that a chunk cuts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rest = b""

    def check(self, chunk: bytes, number: int) -> None:
        if b"\0" in chunk:
            line = number + chunk.count(b"\n", 0, chunk.index(b"\0"))
            raise ResultFileError(
                self.path, line=line, found="a NUL byte", expected="text in UTF-8"
            )
        if chunk.isascii() and not self.rest:
            return
        data = self.rest + chunk
        try:
            data.decode("utf-8")
            self.rest = b""
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data" and error.end == len(data):
                self.rest = data[error.start :]
                return
            raise self._error(number + data.count(b"\n", 0, error.start), data, error) from error

    def end(self, number: int) -> None:
        if self.rest:
            raise ResultFileError(
                self.path, line=number, found="half a character", expected="UTF-8 text"
            )

    def _error(self, line: int, data: bytes, error: UnicodeDecodeError) -> ResultFileError:
        return ResultFileError(
            self.path,
            line=line,
            found=f"a byte (0x{data[error.start]:02x}) that is not UTF-8",
            expected="UTF-8 text",
            way_out="Save the file again with the encoding UTF-8.",
        )


def _chunk(path: Path, file: IO[bytes], number: int) -> bytes:
    try:
        return file.read(CHUNK)
    except (EOFError, zlib.error, OSError) as error:
        raise ResultFileError(
            path,
            line=number,
            found=f"cannot be read on from here ({error})",
            expected="a whole file",
            way_out="Copy the file again; it may have been cut off.",
        ) from error


def _bomb(path: Path, packed: int, total: int, number: int) -> ResultFileError:
    return ResultFileError(
        path,
        line=number,
        found=f"{packed:,} bytes that grow beyond {total:,} when decompressed",
        expected=f"at most {RATIO} times the compressed size",
        way_out="Decompress the file yourself if it is what it should be.",
    )


def _long(path: Path, number: int) -> ResultFileError:
    return ResultFileError(
        path,
        line=number,
        found=f"a line of more than {LONGEST_LINE:,} bytes",
        expected=f"lines of at most {LONGEST_LINE:,} bytes",
        way_out="Leave long texts out; outcomes need none.",
    )
