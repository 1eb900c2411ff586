"""Single outcomes of a release: a table, one row for each model, problem and sample."""

from dataclasses import dataclass

import polars as pl

from harness.formats.reading import ROW_SCHEMA


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Checked rows: `ROW_SCHEMA`'s columns and further metrics of the release.

    ``frame`` has one row for each model, problem and sample, in the order of the file.
    """

    frame: pl.DataFrame

    def __eq__(self, other: object) -> bool:
        """Two tables are equal when all their rows are."""
        return isinstance(other, Outcomes) and self.frame.equals(other.frame)

    def __hash__(self) -> int:
        """Equal tables have the same shape; that is enough for a set."""
        return hash(self.frame.shape)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Columns beyond the canonical ones."""
        return tuple(name for name in self.frame.columns if name not in ROW_SCHEMA)

    def models(self) -> list[str]:
        """Ids of the models that have rows, in the order of the file."""
        return self.frame.get_column("model").unique(maintain_order=True).to_list()

    def problems(self) -> list[str]:
        """Ids of the problems that have rows, sorted."""
        return self.frame.get_column("problem").unique().sort().to_list()


def canonical(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the canonical columns that are absent, and put the canonical ones first.

    A file without ``sample`` holds one attempt each: sample 0.
    """
    absent = [
        pl.lit(0 if name == "sample" else None, dtype=kind).alias(name)
        for name, kind in ROW_SCHEMA.items()
        if name not in frame.columns
    ]
    whole = frame.with_columns(absent)
    return whole.select(*ROW_SCHEMA, *(c for c in whole.columns if c not in ROW_SCHEMA))
