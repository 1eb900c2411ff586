"""The line of every key in a TOML file, which tomllib does not tell."""

import re
import tomllib
from collections.abc import Iterator
from typing import Self

from harness.text import normalised

KeyPath = tuple[str | int, ...]
Lines = dict[KeyPath, int]

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


class Word(str):
    """A token that knows its line; ``mark`` tells an opening bracket from the text of one."""

    __slots__ = ("line", "mark")

    line: int
    mark: bool

    def __new__(cls, text: str, *, line: int, mark: bool) -> Self:
        """Make the token."""
        word = super().__new__(cls, text)
        word.line = line
        word.mark = mark
        return word


def key_lines(text: str) -> Lines:
    """Find the line of each key, table and array item.

    Parameters
    ----------
    text : str
        TOML that tomllib accepts; of anything else the result is meaningless.

    Returns
    -------
    dict of key path to int
        1-based lines. A path is what leads to a value from the document: keys, and positions in
        arrays, so ``("models", 0, "parameters", "total")``.
    """
    lines: Lines = {}
    arrays: dict[KeyPath, int] = {}
    words = _words(text)
    table: KeyPath = ()
    for word in words:
        if word == "\n":
            continue
        if word.mark and word == "[":
            table = _header(words, arrays)
            _note(lines, table, word.line)
        else:
            key = table + _key(words, word)
            _note(lines, key, word.line)
            _value(words, key, lines)
    return lines


def _words(text: str) -> Iterator[Word]:
    line = 1
    for match in TOKEN.finditer(text):
        if match.lastgroup not in {"space", "comment"}:
            yield Word(match[0], line=line, mark=match.lastgroup in {"mark", "newline"})
        line += match[0].count("\n")


def _note(lines: Lines, path: KeyPath, line: int) -> None:
    """Note the line of a key, and of the tables that its dots create."""
    for end in range(1, len(path) + 1):
        lines.setdefault(path[:end], line)


def _header(words: Iterator[Word], arrays: dict[KeyPath, int]) -> KeyPath:
    """Read ``[a.b]`` or ``[[a.b]]`` after its first bracket; arrays counts the tables of each."""
    line = list(_until_newline(words))
    parts = [_unquoted(word) for word in line if not word.mark]
    path: KeyPath = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if line[0] == "[" and position == len(parts) - 1:
            arrays[path] = arrays.get(path, -1) + 1
        if path in arrays:
            path = (*path, arrays[path])
    return path


def _until_newline(words: Iterator[Word]) -> Iterator[Word]:
    for word in words:
        if word == "\n":
            return
        yield word


def _key(words: Iterator[Word], first: Word) -> KeyPath:
    """Read a dotted key up to its equals sign."""
    parts = [_unquoted(first)]
    for word in words:
        if word.mark and word == "=":
            break
        if not word.mark:
            parts.append(_unquoted(word))
    return tuple(parts)


def _value(words: Iterator[Word], path: KeyPath, lines: Lines) -> str:
    """Read one value, noting what is inside; return the mark that ended it."""
    for word in words:
        if word.mark and word in {"[", "{"}:
            _inside(words, word, path, lines)
        elif word.mark and word in {"\n", ",", "}"}:
            return str(word)
    return ""


def _inside(words: Iterator[Word], bracket: Word, path: KeyPath, lines: Lines) -> None:
    """Read an array or an inline table after its opening bracket."""
    if bracket == "[":
        _items(words, path, lines)
    else:
        _members(words, path, lines)


def _items(words: Iterator[Word], path: KeyPath, lines: Lines) -> None:
    position = 0
    for word in words:
        if word.mark and word == "]":
            return
        if word.mark and word == ",":
            position += 1
        elif word != "\n":
            lines.setdefault((*path, position), word.line)
            if word.mark and word in {"[", "{"}:
                _inside(words, word, (*path, position), lines)


def _members(words: Iterator[Word], path: KeyPath, lines: Lines) -> None:
    for word in words:
        if word.mark and word == "}":
            return
        if not word.mark:
            key = path + _key(words, word)
            _note(lines, key, word.line)
            if _value(words, key, lines) == "}":
                return


def _unquoted(word: str) -> str:
    if word[:1] in {'"', "'"}:
        return normalised(next(iter(tomllib.loads(f"{word} = 0"))))
    return str(word)
