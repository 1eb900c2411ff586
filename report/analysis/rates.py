"""Rates of each model, and the order they give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from harness.release import Count, Release
from report.analysis.board import Board
from stats.bootstrap import percentile
from stats.interval import Interval
from stats.problem_means import bootstrap_of_means, score_interval_of_means
from stats.proportion import wilson

Floats = NDArray[np.float64]
_FINEST = 10_000  # shares of up to so many samples are told apart in the exact bootstrap

RateMetric = Literal["compiled", "passed", "passed_of_compiled"]
RATE_METRICS: tuple[RateMetric, ...] = ("compiled", "passed", "passed_of_compiled")


@dataclass(frozen=True, slots=True)
class Rate:
    """Successes out of n problems, with the interval we use and the one the design asks to show.

    ``successes`` is whole unless ``fractional``: then each problem adds the share of the model's
    samples that passed, or its score, and both intervals take the problem as the unit.
    ``wilson`` is the default (mean coverage nearest to nominal at about 100 problems);
    ``bootstrap`` is the exact percentile bootstrap, shown beside it, never alone.
    """

    model: str
    metric: RateMetric
    successes: float
    n: int
    wilson: Interval
    bootstrap: Interval
    fractional: bool = False

    @property
    def count(self) -> int:
        """Return the successes where they are whole: the statistics of counts need that.

        Raises
        ------
        ValueError
            The problems' values are fractions.
        """
        if self.fractional:
            raise ValueError(f"{self.model} has shares of problems, not counts")
        return int(self.successes)

    @property
    def value(self) -> float:
        """The rate as a fraction."""
        return self.successes / self.n


Rates = Mapping[tuple[str, str], Rate]
"""Rates by (model id, metric), models in order of their pass rate."""


def rate(model: str, metric: RateMetric, successes: int, n: int, *, level: float) -> Rate:
    """Build one rate with both its intervals."""
    return Rate(
        model,
        metric,
        successes,
        n,
        wilson(successes, n, level=level),
        percentile(successes, n, level=level),
    )


def rate_of_values(model: str, metric: RateMetric, values: Floats, *, level: float) -> Rate:
    """Build a rate from one value for each problem, none of them missing."""
    if np.isin(values, (0.0, 1.0)).all():
        return rate(model, metric, int(values.sum()), values.size, level=level)
    found = score_interval_of_means(values, level=level)
    shares = [Fraction(v).limit_denominator(_FINEST) for v in values.tolist()]
    return Rate(
        model,
        metric,
        float(values.sum()),
        values.size,
        found.interval,
        bootstrap_of_means(shares, level=level),
        fractional=True,
    )


def rates_of(count: Count, *, level: float) -> tuple[Rate, ...]:
    """Every rate that one row of counts supports; one without a denominator is left out."""
    found = [rate(count.model, "passed", count.passed, count.problems, level=level)]
    if count.compiled is not None:
        found.insert(0, rate(count.model, "compiled", count.compiled, count.problems, level=level))
        if count.compiled > 0:
            found.append(
                rate(count.model, "passed_of_compiled", count.passed, count.compiled, level=level)
            )
    return tuple(found)


def all_rates(release: Release, *, level: float) -> tuple[Rate, ...]:
    """Rates of every model with results, models in the order of their pass rate, best first.

    Models with equal pass rates keep the order of the release's files.
    """
    ordered = sorted(release.totals, key=lambda c: c.passed / c.problems, reverse=True)
    return tuple(found for count in ordered for found in rates_of(count, level=level))


def board_rates(board: Board, *, level: float) -> tuple[Rate, ...]:
    """Rates of every model from its single outcomes, in the order that `all_rates` has."""
    means = {m: float(np.nanmean(board.of(m))) for m in board.models if board.has(m)}
    return tuple(
        found
        for model in sorted(means, key=lambda m: -means[m])
        for found in _model_rates(board, model, level=level)
    )


def _model_rates(board: Board, model: str, *, level: float) -> Iterator[Rate]:
    metrics: tuple[RateMetric, ...] = ("compiled", "passed")
    for metric in metrics:
        if board.has(model, metric):
            values = board.of(model, metric)
            yield rate_of_values(model, metric, values[~np.isnan(values)], level=level)
    whole = not any(board.fractional.values())
    if whole and board.has(model, "compiled"):
        compiled = board.of(model, "compiled") == 1
        passed = board.of(model)[compiled]
        passed = passed[~np.isnan(passed)]
        if passed.size:
            yield rate_of_values(model, "passed_of_compiled", passed, level=level)
