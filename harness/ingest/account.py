"""For each model: what was attempted, what is missing, what nobody scored, what broke."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import polars as pl

from harness.formats.reading import SetAside

ERRORED = (
    r"(?i)^((harness|test|internal|infrastructure|sandbox|evaluation|install|environment)[ _-]*)?"
    r"(error(ed)?|crash(ed)?|cancelled|canceled)$"
)
"""Words of harnesses for "the harness or its machine failed", not the model's program."""


@dataclass(frozen=True, slots=True)
class Account:
    """One model's rows, counted.

    Attributes
    ----------
    id, name
        The model.
    sources
        How each of its names was found: the name, and where it stood.
    new
        Whether models.toml did not know it before.
    rows, problems
        Rows, and problems that have at least one.
    missing
        Problems of the release without a row.
    duplicated
        Rows that the file held twice and of which one was kept.
    unscored
        Rows with neither a pass nor a score.
    errored
        Rows whose outcome says that the harness failed; `ERRORED` lists the words.
    fewest_samples, most_samples
        Over the problems with a row.
    passed, scored, mean_score
        Rows that passed, of those that say; mean of the scores where there are any.
    outcomes
        How often the harness's own words occur; the twenty most frequent.
    """

    id: str
    name: str
    sources: tuple[str, ...]
    new: bool
    rows: int
    problems: int
    missing: int
    duplicated: int
    unscored: int
    errored: int
    fewest_samples: int
    most_samples: int
    passed: int
    scored: int
    mean_score: float | None
    outcomes: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give all fields as JSON knows them."""
        return {**asdict(self), "sources": list(self.sources)}

    def lasting(self) -> dict[str, Any]:
        """Give what a release keeps: that a model was new is over with the next ingest."""
        return {key: value for key, value in self.as_json().items() if key != "new"}


@dataclass(frozen=True, slots=True)
class Held:
    """What the rows of one model hold; `Account` says what each number counts."""

    model: str
    problems: int
    unscored: int
    errored: int
    fewest_samples: int
    most_samples: int


def held(rows: pl.LazyFrame) -> list[Held]:
    """Count what the rows of each model hold, in the order of the models' ids."""
    columns = [f.name for f in fields(Held)]
    return [Held(**row) for row in tallies(rows).select(columns).iter_rows(named=True)]


def tallies(rows: pl.LazyFrame) -> pl.DataFrame:
    """Count the rows of each model, streaming; the order is that of the models' first rows."""
    pairs = rows.group_by("model", "problem").agg(
        pl.len().alias("samples"),
        (pl.col("passed").is_null() & pl.col("score").is_null()).sum().alias("unscored"),
        pl.col("outcome").str.contains(ERRORED).sum().alias("errored"),
        pl.col("passed").sum(),
        pl.col("passed").count().alias("scored"),
        pl.col("score").sum().alias("scores"),
        pl.col("score").count().alias("with_score"),
    )
    return (
        pairs.group_by("model")
        .agg(
            pl.len().alias("problems"),
            pl.col("samples").sum().alias("rows"),
            pl.col("samples").min().alias("fewest_samples"),
            pl.col("samples").max().alias("most_samples"),
            pl.col("unscored", "errored", "passed", "scored", "scores", "with_score").sum(),
        )
        .sort("model")
        .collect(engine="streaming")
    )


def words(rows: pl.LazyFrame) -> Mapping[str, dict[str, int]]:
    """Count the harness's own words for each model."""
    counted = (
        rows.filter(pl.col("outcome").is_not_null())
        .group_by("model", "outcome")
        .len()
        .sort(["model", "len", "outcome"], descending=[False, True, False])
        .collect(engine="streaming")
    )
    found: dict[str, dict[str, int]] = {}
    for model, outcome, number in counted.iter_rows():
        if len(found.setdefault(model, {})) < 20:
            found[model][outcome] = number
    return found


def duplicated(set_aside: Sequence[SetAside], ids: Mapping[str | None, str], model: str) -> int:
    """Sum what a reader set aside as rows of one model that stood twice."""
    alone = set(ids.values()) == {model}
    return sum(
        item.count
        for item in set_aside
        if any(word in item.what.casefold() for word in ("duplicate", "repeat"))
        and (ids.get(item.model) == model if item.model is not None else alone)
    )
