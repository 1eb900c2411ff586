"""A release folder as far as it could be read, for the checks that need several files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

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
    outcomes_path: Path | None = None
    outcomes: pl.DataFrame | None = None
    """Typed rows of the file of outcomes; None where there is none, or none that can be used."""
    printed_tables: TomlFile | None = None
    claims: TomlFile | None = None

    def table(self, name: str) -> Table:
        """Give the rows that could be read of one file; none where there is no file."""
        return self.tables.get(name, Table(self.folder / f"{name}.csv", ()))

    def words(self, field: str) -> Sequence[str] | None:
        """Give a list of names in release.toml, such as its categories.

        None where it cannot be used: then nothing is unknown, and the list's own error stands
        alone. The same holds for `ids`.
        """
        values = self.release.document.get(field, []) if self.release is not None else None
        usable = isinstance(values, list) and all(isinstance(value, str) for value in values)
        return values if usable else None

    def ids(self, what: str) -> Sequence[str] | None:
        """Give the ids of the models, metrics or comparisons; None where they cannot be used."""
        source = self.models if what == "models" else self.release
        if source is None:
            return None
        items = source.document.get(what, [])
        known = [item["id"] for _, item in tables_of(source, what)]
        usable = isinstance(items, list) and len(items) == len(known)
        return known if usable and (known or what == "comparisons") else None

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
