"""Rates of each model, and the order they give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from harness.release import Count, Release
from stats.bootstrap import percentile
from stats.interval import Interval
from stats.proportion import wilson

RateMetric = Literal["compiled", "passed", "passed_of_compiled"]
RATE_METRICS: tuple[RateMetric, ...] = ("compiled", "passed", "passed_of_compiled")


@dataclass(frozen=True, slots=True)
class Rate:
    """Successes out of n problems, with the interval we use and the one the design asks to show.

    ``wilson`` is the default (mean coverage nearest to nominal at about 100 problems);
    ``bootstrap`` is the exact percentile bootstrap, shown beside it, never alone.
    """

    model: str
    metric: RateMetric
    successes: int
    n: int
    wilson: Interval
    bootstrap: Interval

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
