"""CSV rows with the line each stands on, typed and checked by their schema."""

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import ResultFileError
from harness.schema import Schema, load_schema, violations
from harness.text import listed, near_miss, normalised, shown

Value = str | int | float | bool

NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
WHOLE = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, and its cells that are not empty."""

    line: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file that fit their schema."""

    path: Path
    rows: tuple[Row, ...]

    def error(
        self, row: Row, field: str | None, *, found: str, expected: str, way_out: str = ""
    ) -> ResultFileError:
        """Compose the error about one row of this table."""
        return ResultFileError(
            self.path, line=row.line, field=field, found=found, expected=expected, way_out=way_out
        )


def parse_csv(path: Path, text: str, name: str) -> tuple[Table, list[ResultFileError]]:
    """Parse and check one CSV file.

    Parameters
    ----------
    path : Path
        For the messages.
    text : str
        The whole file; the first line is the header.
    name : str
        The schema its rows follow, such as ``counts``.

    Returns
    -------
    Table and list of ResultFileError
        The rows without an error, and all errors. A header that cannot be used leaves no rows.
    """
    schema = load_schema(name)
    try:
        records = list(_records(text))
    except csv.Error as error:
        return Table(path, ()), [_not_csv(path, *error.args)]
    header_line, header = records[0]
    errors = list(_header_errors(path, header_line, header, schema))
    if errors:
        return Table(path, ()), errors
    if len(records) == 1:
        return Table(path, ()), [_no_rows(path, header_line)]
    rows = []
    for line, cells in records[1:]:
        row = Row(line, _typed(header, cells, schema))
        wrong = list(_row_errors(path, row, header, cells, name))
        errors += wrong
        if not wrong:
            rows.append(row)
    return Table(path, tuple(rows)), errors


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells) of each record; a record may span lines inside quotes.

    Raises csv.Error(line, reason) where the text stops being CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(line, str(error)) from error


def _not_csv(path: Path, line: int, reason: str) -> ResultFileError:
    return ResultFileError(
        path,
        line=line,
        found=f"not CSV from here on ({reason})",
        expected="CSV, with double quotes around text that holds a comma, quote or line end",
        way_out="Look for a quote that is not closed; a quote inside quotes is written twice.",
    )


def _header_errors(
    path: Path, line: int, header: Sequence[str], schema: Schema
) -> Iterator[ResultFileError]:
    known = list(schema["properties"])
    missing = [c for c in known if c not in header and c not in schema["x-optional-columns"]]
    unknown = [c for c in dict.fromkeys(header) if c not in known]
    meant = {column: near_miss(column, missing) for column in unknown}

    def error(found: str, way_out: str = "") -> ResultFileError:
        expected = f"the columns {','.join(known)}"
        return ResultFileError(
            path, line=line, field="header", found=found, expected=expected, way_out=way_out
        )

    if not set(header) & set(known):
        yield error(f"no known column in {shown(','.join(header))}", _separator_way_out(header))
        return
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            yield error(f"the column {shown(column)} stands there {header.count(column)} times")
    for column in unknown:
        way_out = f"Did you mean {shown(meant[column])}?" if meant[column] else "Remove it."
        yield error(f"the column {shown(column)} is unknown", way_out)
    for column in missing:
        if column not in meant.values():
            yield error(f"the column {shown(column)} is missing")


def _separator_way_out(header: Sequence[str]) -> str:
    for separator, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and separator in header[0]:
            return f"The file is separated by {called}; save it with commas."
    return "The first line names the columns."


def _no_rows(path: Path, line: int) -> ResultFileError:
    return ResultFileError(
        path,
        line=line,
        found="a header without rows",
        expected="at least one row",
        way_out="Delete the file if the release has nothing of this kind.",
    )


def _typed(header: Sequence[str], cells: Sequence[str], schema: Schema) -> dict[str, Value]:
    """Turn cells into the schema's types; what does not fit stays text and fails its schema."""
    return {
        column: _typed_cell(cell, schema["properties"][column]["type"])
        for column, cell in zip(header, cells, strict=False)
        if cell != ""
    }


def _typed_cell(cell: str, kind: str) -> Value:
    if kind == "integer" and WHOLE.fullmatch(cell):
        return int(cell)
    if kind == "number" and NUMBER.fullmatch(cell) and math.isfinite(float(cell)):
        return float(cell)
    if kind == "boolean" and cell in {"true", "false"}:
        return cell == "true"
    return normalised(cell)


def _row_errors(
    path: Path, row: Row, header: Sequence[str], cells: Sequence[str], name: str
) -> Iterator[ResultFileError]:
    if len(cells) != len(header):
        yield ResultFileError(
            path,
            line=row.line,
            found=f"{len(cells)} cells",
            expected=f"{len(header)}, as in the header ({listed(header)})",
            way_out="Text that holds a comma needs double quotes around it.",
        )
        return
    for violation in violations(row.values, name):
        yield ResultFileError(
            path,
            line=row.line,
            field=str(violation.where[0]),
            found=violation.found,
            expected=violation.expected,
            way_out=violation.way_out,
        )
