"""A place inside a foreign document: typed access to its fields, with errors that say where."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ResultFileError
from harness.text import normalised, shown

LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
PLAIN = re.compile(r"[A-Za-z_][\w@+-]*")


@dataclass(frozen=True, slots=True)
class Place:
    """A value somewhere in a file, and the way to it.

    Attributes
    ----------
    path
        The file.
    value
        What stands there, as `json` gave it.
    keys
        Keys and positions from the document to it.
    line
        1-based line, where the file has one value a line.
    """

    path: Path
    value: Any
    keys: tuple[str | int, ...] = ()
    line: int | None = None

    @property
    def field(self) -> str | None:
        """The way to the value as a person writes it, such as ``eval.HumanEval/0[1].base``."""
        text = ""
        for key in self.keys:
            if isinstance(key, int):
                text += f"[{key}]"
            else:
                text += ("." if text else "") + (key if PLAIN.fullmatch(key) else self.quoted(key))
        return text or None

    @staticmethod
    def quoted(key: str) -> str:
        """Quote a key for a message."""
        return shown(key)

    def error(
        self, *, expected: str, found: str | None = None, way_out: str = ""
    ) -> ResultFileError:
        """Compose the error about this value; without ``found`` the value itself is quoted."""
        return ResultFileError(
            self.path,
            line=self.line,
            field=self.field,
            found=found if found is not None else _found(self.value),
            expected=expected,
            way_out=way_out,
        )

    def at(self, key: str | int) -> "Place":
        """Go to a member that has to be there; `error` where it is not or this holds none."""
        container = self.value
        if isinstance(key, str) and not isinstance(container, dict):
            raise self.error(expected=f"an object with {shown(key)}")
        if isinstance(key, int) and not isinstance(container, list):
            raise self.error(expected="a list")
        if isinstance(key, str) and key not in container:
            raise Place(self.path, None, (*self.keys, key), self.line).error(
                found="it is missing", expected="a value"
            )
        if isinstance(key, int) and key >= len(container):
            raise self.error(
                found=f"a list of {len(container)}", expected=f"more than {key} entries"
            )
        return Place(self.path, container[key], (*self.keys, key), self.line)

    def get(self, key: str) -> "Place | None":
        """Go to a member that may be absent or null; None where it is."""
        if not isinstance(self.value, dict):
            raise self.error(expected=f"an object that may hold {shown(key)}")
        if self.value.get(key) is None:
            return None
        return Place(self.path, self.value[key], (*self.keys, key), self.line)

    def items(self) -> "Iterator[tuple[str, Place]]":
        """Go through an object."""
        for key, value in self.mapping().items():
            yield key, Place(self.path, value, (*self.keys, key), self.line)

    def entries(self) -> "Iterator[Place]":
        """Go through a list."""
        for position, value in enumerate(self.sequence()):
            yield Place(self.path, value, (*self.keys, position), self.line)

    def mapping(self) -> Mapping[str, Any]:
        """Take an object."""
        if not isinstance(self.value, dict):
            raise self.error(expected="an object")
        return self.value

    def sequence(self) -> list[Any]:
        """Take a list."""
        if not isinstance(self.value, list):
            raise self.error(expected="a list")
        return self.value

    def text(self) -> str:
        """Take text in NFC; it must be encodable."""
        if not isinstance(self.value, str):
            raise self.error(expected="text")
        if LONE_SURROGATE.search(self.value):
            raise self.error(expected="text without half a surrogate pair")
        return normalised(self.value)

    def name(self) -> str:
        """Take an id or a name: text that is not blank, or an integer, which becomes text."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return str(self.value)
        text = self.text()
        if not text.strip():
            raise self.error(expected="a name that is not empty")
        return text

    def boolean(self) -> bool:
        """Take true or false."""
        if not isinstance(self.value, bool):
            raise self.error(expected="true or false")
        return self.value

    def number(self, low: float = -math.inf, high: float = math.inf) -> float:
        """Take a finite number from low to high."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(expected="a number")
        if isinstance(value, int) and value.bit_length() > 1000:
            raise self.error(expected="a number that fits in 64 bits")
        if not (math.isfinite(value) and low <= value <= high):
            raise self.error(expected=_range(low, high))
        return float(value)

    def whole(self, low: int = 0) -> int:
        """Take a whole number of at least low that fits in 64 bits; 12.0 counts as 12."""
        value = self.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(expected="a whole number")
        if not low <= value < 2**63:
            raise self.error(expected=f"a whole number of at least {low}")
        return value


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return "a finite number"
    return f"a number from {low:g} to {high:g}" if math.isfinite(high) else f"at least {low:g}"


def _found(value: Any) -> str:
    if isinstance(value, list | dict):
        kind = "a list" if isinstance(value, list) else "an object"
        return kind if value else f"an empty {kind.split()[1]}"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return shown(value)
