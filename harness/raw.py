"""A release folder as far as it could be read, for the checks that need several files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.csv_file import Table
from harness.toml_file import TomlFile


@dataclass(frozen=True, slots=True)
class RawRelease:
    """What was read of a release; None or absent where a file is missing or cannot be parsed.

    ``clean`` names the files without an error of their own: totals are only compared within
    these, since a row that was refused would be missed a second time.
    """

    folder: Path
    release: TomlFile | None
    models: TomlFile | None
    tables: Mapping[str, Table]
    clean: frozenset[str]

    def table(self, name: str) -> Table:
        """Give the rows that could be read of one file; none where there is no file."""
        return self.tables.get(name, Table(self.folder / f"{name}.csv", ()))

    def words(self, field: str) -> Sequence[str] | None:
        """Give a list of names in release.toml, such as its categories; None where unusable."""
        if self.release is None:
            return None
        values = self.release.document.get(field, [])
        return [v for v in values if isinstance(v, str)] if isinstance(values, list) else None

    def ids(self, what: str) -> Sequence[str] | None:
        """Give the ids of the models, metrics or comparisons; None where unusable."""
        source = self.models if what == "models" else self.release
        return None if source is None else [item["id"] for _, item in tables_of(source, what)]

    @property
    def n_problems(self) -> int | None:
        """The declared number of problems; None where unusable."""
        value = self.release.document.get("n_problems") if self.release is not None else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def tables_of(source: TomlFile, what: str) -> list[tuple[int, Mapping[str, Any]]]:
    """List the tables of an array that have at least a usable id, with their position."""
    items = source.document.get(what, [])
    return [
        (position, item)
        for position, item in enumerate(items if isinstance(items, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]
