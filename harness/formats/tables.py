"""Tables of text cells: CSV as polars scans it, its shape checked first, which polars does not."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from harness.errors import ResultFileError
from harness.formats.files import CHUNK, LONGEST_LINE, open_bytes
from harness.formats.lines import check_lines
from harness.text import listed, normalised, shown

WAY_OUT_CELLS = "Text that holds a comma needs double quotes around it."


def scan_csv(path: Path, *, separator: str = ",") -> pl.LazyFrame:
    """Scan a CSV, gzip allowed, every column as text; an empty cell is null.

    Every row has as many cells as the header, and the last line ends: a file that was cut off
    inside a row is never taken for a shorter one. Rows without any cell are left out.

    Raises
    ------
    ResultFileError
        No rows, a column twice or without a name, a row of another length, an open quote, a last
        line without its end, a line above 256 MB, a gzip bomb, not UTF-8.
    """
    check_lines(path, ended=True)
    header = csv_header(path, separator=separator)
    _check_cells(path, len(header), separator)
    frame = pl.scan_csv(
        path,
        separator=separator,
        schema=dict.fromkeys(header, pl.String()),
        glob=False,
    )
    # `replace` would hold whole columns in memory; `when` streams.
    frame = frame.with_columns(pl.when(pl.col(n) != "").then(pl.col(n)).alias(n) for n in header)
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


def csv_header(path: Path, *, separator: str = ",") -> tuple[str, ...]:
    """Read the names of the columns, in NFC.

    Raises
    ------
    ResultFileError
        There is none, or a name is empty or stands there twice.
    """
    _, cells = next(_records(path, separator), (1, []))
    header = tuple(normalised(cell.strip()) for cell in cells)
    twice = [name for name in header if header.count(name) > 1]
    if not any(header) or "" in header or twice:
        found = f"the column {shown(twice[0])} twice" if twice else "a column without a name"
        raise ResultFileError(
            path,
            line=1,
            field="header",
            found=found if any(header) else "no header",
            expected="a first line that names each column once",
        )
    return header


def _records(path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (last line, cells) of each record that is not blank."""
    line = 1
    with open_bytes(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        reader = csv.reader(text, delimiter=separator, strict=True)
        try:
            for cells in reader:
                line = reader.line_num
                if cells:
                    yield line, cells
        except csv.Error as error:
            raise ResultFileError(
                path,
                line=line + 1,
                found=f"not CSV from here on ({error})",
                expected="CSV, with text that holds a comma, quote or line end in double quotes",
                way_out="Look for a quote that is not closed; was the file cut off?",
            ) from error


def _check_cells(path: Path, columns: int, separator: str) -> None:
    """Refuse the first row whose number of cells differs from the header's."""
    if _has_quote(path):
        _check_records(path, columns, separator)
        return
    lines = pl.scan_lines(path, name="line", row_index_name="at", glob=False)
    blank = pl.col("line").str.strip_chars() == ""
    cells = pl.col("line").str.count_matches(separator, literal=True) + 1
    wrong = (
        lines.filter(~blank, cells != columns)
        .select("at", cells=cells)
        .head(1)
        .collect(engine="streaming")
    )
    if wrong.height:
        at, found = wrong.row(0)
        raise _cells_error(path, int(at) + 1, int(found), columns)


def _has_quote(path: Path) -> bool:
    with open_bytes(path) as file:
        while chunk := file.read(CHUNK):
            if b'"' in chunk:
                return True
    return False


def _check_records(path: Path, columns: int, separator: str) -> None:
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        for line, cells in _records(path, separator):
            if len(cells) != columns:
                raise _cells_error(path, line, len(cells), columns)
    finally:
        csv.field_size_limit(limit)


def _cells_error(path: Path, line: int, found: int, columns: int) -> ResultFileError:
    return ResultFileError(
        path,
        line=line,
        found=f"{found} cells" if found != 1 else "1 cell",
        expected=f"{columns}, as in the header",
        way_out=WAY_OUT_CELLS,
    )


def require_columns(path: Path, header: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a table that lacks a column."""
    missing = [name for name in needed if name not in header]
    if missing:
        raise ResultFileError(
            path,
            line=1,
            field="header",
            found=f"no column {listed(missing)}",
            expected=f"the columns {listed(needed)}",
        )
