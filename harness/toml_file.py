"""TOML with the line of every key: tomllib reads the values, a small scanner finds the lines."""

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import ResultFileError
from harness.text import normalised

KeyPath = tuple[str | int, ...]

TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*"{3,5} | '''.*?'{3,5}
                 | "(?:[^"\\\n]|\\.)*" | '[^'\n]*')
      | (?P<newline>\n)
      | (?P<space>[^\S\n]+)
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\[\]{}=,.\#"']+ | .)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed TOML file: the values as tomllib gives them, and where each key stands."""

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
    """Parse TOML text; dates become ISO text, and all text NFC.

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


def key_lines(text: str) -> dict[KeyPath, int]:
    """Find the line of each key, table and array item of valid TOML."""
    return _Scanner(text).lines


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {normalised(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return normalised(value) if isinstance(value, str) else value


def _not_toml(path: Path, text: str, error: Exception) -> ResultFileError:
    position = re.search(r"\s*\(at line (\d+), column (\d+)\)$", str(error))
    reason = re.sub(r"\s*\(at [^)]*\)$", "", str(error)) or "nested too deeply"
    line = int(position[1]) if position else len(text.rstrip().splitlines())
    column = f", column {position[2]}" if position else ""
    return ResultFileError(
        path,
        line=line,
        found=f"not TOML{column} ({reason[:1].lower()}{reason[1:]})",
        expected="TOML",
        way_out='Text needs quotes: name = "…"; a line holds one key; see https://toml.io.',
    )


@dataclass(slots=True)
class _Scanner:
    """Walks over the tokens once; the path of the container it is in is its state."""

    text: str
    lines: dict[KeyPath, int] = field(default_factory=dict)
    tables: dict[KeyPath, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tokens = _tokens(self.text)
        table: KeyPath = ()
        for kind, token, line in tokens:
            if kind == "newline":
                continue
            if token == "[":
                table = self._header(tokens, line)
            else:
                key = table + _key(tokens, token)
                self._note(key, line, above=len(table))
                self._value(tokens, key)

    def _note(self, path: KeyPath, line: int, *, above: int) -> None:
        for end in range(above + 1, len(path) + 1):
            self.lines.setdefault(path[:end], line)

    def _header(self, tokens: Iterator[tuple[str, str, int]], line: int) -> KeyPath:
        words = [token for _, token, _ in _until_newline(tokens)]
        is_array = words[0] == "["
        parts = [_unquoted(word) for word in words if word not in {"[", "]", "."}]
        path: KeyPath = ()
        for position, part in enumerate(parts):
            path = (*path, part)
            if is_array and position == len(parts) - 1:
                self.tables[path] = self.tables.get(path, -1) + 1
            if path in self.tables:
                path = (*path, self.tables[path])
        self._note(path, line, above=0)
        return path

    def _value(self, tokens: Iterator[tuple[str, str, int]], path: KeyPath) -> str:
        """Skip one value, noting what is inside; return the mark that ended it."""
        for kind, token, line in tokens:
            if token == "[" and kind == "mark":
                self._items(tokens, path)
            elif token == "{" and kind == "mark":
                self._members(tokens, path)
            elif kind == "newline" or (kind == "mark" and token in "],}"):
                return token
            else:
                self.lines.setdefault(path, line)
        return ""

    def _items(self, tokens: Iterator[tuple[str, str, int]], path: KeyPath) -> None:
        index = -1
        between = True
        for kind, token, line in tokens:
            if kind == "newline":
                continue
            if kind == "mark" and token == "]":
                return
            if kind == "mark" and token == ",":
                between = True
                continue
            if between:
                index += 1
                self.lines[*path, index] = line
                between = False
            if kind == "mark" and token == "[":
                self._items(tokens, (*path, index))
            elif kind == "mark" and token == "{":
                self._members(tokens, (*path, index))

    def _members(self, tokens: Iterator[tuple[str, str, int]], path: KeyPath) -> None:
        for kind, token, line in tokens:
            if kind == "newline" or token == ",":
                continue
            if kind == "mark" and token == "}":
                return
            key = path + _key(tokens, token)
            self._note(key, line, above=len(path))
            if self._value(tokens, key) == "}":
                return


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line = 1
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or "bare"
        if kind not in {"space", "comment"}:
            yield kind, match[0], line
        line += match[0].count("\n")


def _until_newline(tokens: Iterator[tuple[str, str, int]]) -> Iterator[tuple[str, str, int]]:
    for item in tokens:
        if item[0] == "newline":
            return
        yield item


def _key(tokens: Iterator[tuple[str, str, int]], first: str) -> KeyPath:
    parts = [_unquoted(first)]
    for _, token, _ in tokens:
        if token == "=":
            break
        if token != ".":
            parts.append(_unquoted(token))
    return tuple(parts)


def _unquoted(token: str) -> str:
    if token[:1] in {'"', "'"}:
        return normalised(next(iter(tomllib.loads(f"{token} = 0"))))
    return token
