"""The best model corrected for having been picked as such, and what missing runs could do."""

from collections.abc import Sequence
from dataclasses import dataclass

from report.analysis.rates import Rate
from stats.interval import Estimate, Interval
from stats.missing import RateBracket, rate_bracket, rate_bracket_interval
from stats.selection import best_rate, lead


@dataclass(frozen=True, slots=True)
class Winner:
    """The model with the highest pass rate, seen as a winner.

    The highest of several uncertain rates is too high on average. ``rate`` and ``lead`` are
    median-unbiased given that the model won; the models count as independent.
    """

    model: str
    runner_up: str
    rate: Estimate
    lead: Estimate


@dataclass(frozen=True, slots=True)
class MissingRuns:
    """A model with fewer results than there are problems, and what the rest could change.

    ``bracket`` spans the rate over all outcomes that the missing runs could have had; ``interval``
    adds chance to it.
    """

    model: str
    attempted: int
    bracket: RateBracket
    interval: Interval


def winner(rates: Sequence[Rate], *, level: float) -> Winner | None:
    """Correct the best of several pass rates; None where there is no second model."""
    if len(rates) < 2:
        return None
    successes, n = [r.successes for r in rates], [r.n for r in rates]
    best, ahead = best_rate(successes, n, level=level), lead(successes, n, level=level)
    return Winner(
        model=rates[best.best].model,
        runner_up=rates[ahead.runner_up].model,
        rate=Estimate(best.estimate, best.interval, n[best.best]),
        lead=Estimate(ahead.estimate, ahead.interval, min(n[ahead.best], n[ahead.runner_up])),
    )


def missing_runs(
    rates: Sequence[Rate], *, n_problems: int, level: float
) -> tuple[MissingRuns, ...]:
    """Every model that lacks results, in the order of the rates."""
    return tuple(
        MissingRuns(
            r.model,
            r.n,
            rate_bracket(r.successes, r.n, n_problems),
            rate_bracket_interval(r.successes, r.n, n_problems, level=level),
        )
        for r in rates
        if r.n < n_problems
    )
