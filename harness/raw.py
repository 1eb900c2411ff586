"""A release folder as far as it could be read, for the checks that need several files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from harness.csv_file import Table
from harness.toml_file import TomlFile

USUAL = (
    ("trivial", "very easy", "easy", "medium", "hard", "very hard", "extremely hard"),
    ("introductory", "interview", "competition"),
    ("beginner", "intermediate", "advanced", "expert"),
    ("low", "moderate", "high"),
    ("serial", "mpi"),  # the strata of parallel programs: one task, alone and on many processes
)
"""Words for difficulty whose order needs no list, easiest first."""


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
        values = self.release.document.get(field, self._found(field)) if self.release else None
        usable = isinstance(values, list) and all(isinstance(value, str) for value in values)
        return values if usable else None

    def _found(self, field: str) -> list[str]:
        """List the words of problems.csv, where release.toml lists none.

        Categories are in the alphabet's order, difficulties in the usual one: `order_errors` asks
        for a list where that is not known.
        """
        column = {"categories": "category", "difficulties": "difficulty"}.get(field, "")
        rows = self.table("problems").rows
        words = sorted({str(r.values[column]) for r in rows if column in r.values})
        return sorted(words, key=usual_order) if column == "difficulty" else words

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
        """The declared number of problems, else how many are listed; None where unusable."""
        if self.release is None:
            return None
        value = self.release.document.get("n_problems", self._listed_problems())
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _listed_problems(self) -> int | None:
        listed = [*self.table("problems").rows, *self.table("problem_counts").rows]
        return sum(int(row.values.get("problems", 1)) for row in listed) or None


def usual_order(difficulty: str) -> tuple[int, float, str]:
    """Rank a difficulty by the usual words, or by the number it is; unknown words come last."""
    word = difficulty.casefold().strip()
    for scale in USUAL:
        if word in scale:
            return 0, scale.index(word), word
    return (1, float(word), word) if word.isdecimal() else (2, 0, word)


def tables_of(source: TomlFile, what: str) -> list[tuple[int, Mapping[str, Any]]]:
    """List the tables of an array that have at least a usable id, with their position."""
    items = source.document.get(what, [])
    return [
        (position, item)
        for position, item in enumerate(items if isinstance(items, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]
