"""TOML files: the values as tomllib gives them, and the line of every key."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ResultFileError
from harness.text import normalised
from harness.toml_lines import KeyPath, key_lines


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed TOML file; dates are ISO text and all text is NFC."""

    path: Path
    document: Mapping[str, Any]
    lines: Mapping[KeyPath, int]

    def line_of(self, where: KeyPath) -> int | None:
        """Give the line of a key, or of the nearest table around it; None for the file itself."""
        for end in range(len(where), 0, -1):
            if where[:end] in self.lines:
                return self.lines[where[:end]]
        return None

    def error(
        self, where: KeyPath, *, found: str, expected: str, way_out: str = ""
    ) -> ResultFileError:
        """Compose the error about one key."""
        return ResultFileError(
            self.path,
            line=self.line_of(where),
            field=".".join(part for part in where if isinstance(part, str)) or None,
            found=found,
            expected=expected,
            way_out=way_out,
        )


def parse_toml(path: Path, text: str) -> TomlFile:
    """Parse the text of one file.

    Raises
    ------
    ResultFileError
        The text is no TOML; the error names the line and the column.
    """
    try:
        document = _plain(tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise _not_toml(path, text, error) from error
    return TomlFile(path, document, key_lines(text))


def _plain(value: Any) -> Any:
    """Reduce values to what JSON knows; an integer beyond TOML's 64 bits becomes text."""
    if isinstance(value, dict):
        return {normalised(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, int) and value.bit_length() > 63:
        return f"an integer of {value.bit_length()} bits"
    return normalised(value) if isinstance(value, str) else value


def _not_toml(path: Path, text: str, error: Exception) -> ResultFileError:
    position = re.search(r"\(at line (\d+), column (\d+)\)$", str(error))
    reason = re.sub(r"\s*\(at [^)]*\)$", "", str(error))
    if isinstance(error, RecursionError):
        reason = "brackets nested too deeply"
    column = f", column {position[2]}" if position else ""
    return ResultFileError(
        path,
        line=int(position[1]) if position else text.rstrip().count("\n") + 1,
        found=f"not TOML{column} ({reason[:1].lower()}{reason[1:]})",
        expected="TOML",
        way_out='A line holds one key: text = "in quotes", number = 12. See https://toml.io.',
    )
