"""Single outcomes laid out for the statistics: problems by models, one value in each place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.release import Problem, Release

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Board:
    """What every model did on every problem.

    Attributes
    ----------
    models : tuple of str
        Ids of the models that have outcomes, in the order of the release.
    problems : tuple of Problem
        In the order of the release.
    values : mapping from metric to float, shape (problems, models)
        Share of the model's samples that passed (or compiled), or its mean score; NaN where the
        model has no outcome of that metric.
    samples : int, shape (problems, models)
        Samples with a value of the main metric, 0 where there is none.
    filled : bool, shape (problems, models)
        Where a missing outcome counts as failed by the release's rule.
    rows_passed : int, shape (problems, models)
        Samples that passed; 0 where outcomes are scores.
    """

    models: tuple[str, ...]
    problems: tuple[Problem, ...]
    values: Mapping[str, Floats]
    samples: Ints
    filled: NDArray[np.bool_]
    rows_passed: Ints

    @cached_property
    def fractional(self) -> Mapping[str, bool]:
        """Whether a metric has values other than 0 and 1: averages, or repeated samples."""
        return {
            metric: bool(((v != 0) & (v != 1) & ~np.isnan(v)).any() or (self.samples > 1).any())
            for metric, v in self.values.items()
        }

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Column of each model."""
        return {model: i for i, model in enumerate(self.models)}

    def of(self, model: str, metric: str = "passed") -> Floats:
        """Values of one model, shape (problems,), NaN where missing."""
        return self.values[metric][:, self.place[model]]

    def has(self, model: str, metric: str = "passed") -> bool:
        """Whether the model has any value of the metric."""
        return (
            model in self.place
            and metric in self.values
            and not np.isnan(self.of(model, metric)).all()
        )

    def common(self, models: Sequence[str], metric: str = "passed") -> Floats:
        """Values of several models on the problems that all of them have, (problems, models)."""
        values = self.values[metric][:, [self.place[model] for model in models]]
        whole: Floats = values[~np.isnan(values).any(axis=1)]
        return whole

    def where(self, *, category: str | None, difficulty: str | None) -> NDArray[np.bool_]:
        """Mark the problems of a category, a difficulty or a cell; None stands for all."""
        return np.array(
            [
                category in (None, p.category) and difficulty in (None, p.difficulty)
                for p in self.problems
            ],
            dtype=bool,
        )


def board(release: Release) -> Board | None:
    """Lay out a release's outcomes; None where it has none.

    The metric ``passed`` is the release's main result, be it passes or scores.
    """
    if release.outcomes is None:
        return None
    rows = release.outcomes.frame
    models = release.tested
    success = release.success
    tallied = rows.group_by("model", "problem").agg(
        passed=pl.col(success).cast(pl.Float64).mean(),
        compiled=pl.col("compiled").cast(pl.Float64).mean(),
        samples=pl.col(success).count(),
        successes=pl.col("passed").sum(),
    )
    at = _places(tallied, models, release.problems)
    shape = (len(release.problems), len(models))
    samples, successes = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    samples[at] = tallied["samples"].to_numpy()
    successes[at] = tallied["successes"].to_numpy()
    values = {}
    for metric in ("compiled", "passed"):
        laid = np.full(shape, np.nan)
        laid[at] = tallied[metric].to_numpy()
        if not np.isnan(laid).all():
            values[metric] = laid
    filled = np.isnan(values["passed"]) & (release.missing == "failed")
    for metric, laid in values.items():
        known = ~np.isnan(laid).all(axis=0)
        values[metric] = np.where(filled & known, 0.0, laid)
    return Board(models, release.problems, values, samples, filled, successes)


def _places(
    tallied: pl.DataFrame, models: Sequence[str], problems: Sequence[Problem]
) -> tuple[Ints, Ints]:
    """Row and column of each tally."""
    rows = {problem.id: i for i, problem in enumerate(problems)}
    columns = {model: i for i, model in enumerate(models)}
    return (
        np.array([rows[p] for p in tallied["problem"]], dtype=np.int64),
        np.array([columns[m] for m in tallied["model"]], dtype=np.int64),
    )
