"""The best model corrected for having been picked as such, and what missing runs could do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from report.analysis.board import Board
from report.analysis.rates import Rate
from stats.interval import Estimate, Interval
from stats.missing import (
    DifferenceBracket,
    RateBracket,
    difference_of_brackets,
    rate_bracket,
    rate_bracket_interval,
)
from stats.problem_means import score_interval_of_means
from stats.selection import best_rate, best_rate_linked, lead, lead_linked


@dataclass(frozen=True, slots=True)
class Winner:
    """The model with the highest pass rate, seen as a winner.

    The highest of several uncertain rates is too high on average. ``rate`` and ``lead`` are
    median-unbiased given that the model won; from counts the models count as independent, with
    single outcomes (``linked``) what they have in common is part of it.
    """

    model: str
    runner_up: str
    rate: Estimate
    lead: Estimate
    linked: bool = False


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


def winner(rates: Sequence[Rate], board: Board | None = None, *, level: float) -> Winner | None:
    """Correct the best of several pass rates.

    None where there is no second model, or where outcomes have no problem that every model has.
    """
    if len(rates) < 2:
        return None
    if board is not None and rates:
        return _linked_winner(rates, board, level=level)
    successes, n = [r.count for r in rates], [r.n for r in rates]
    best, ahead = best_rate(successes, n, level=level), lead(successes, n, level=level)
    return Winner(
        model=rates[best.best].model,
        runner_up=rates[ahead.runner_up].model,
        rate=Estimate(best.estimate, best.interval, n[best.best]),
        lead=Estimate(ahead.estimate, ahead.interval, min(n[ahead.best], n[ahead.runner_up])),
    )


def _linked_winner(rates: Sequence[Rate], board: Board, *, level: float) -> Winner | None:
    values = board.common([r.model for r in rates])
    if values.shape[0] < 2:
        return None
    best, ahead = best_rate_linked(values, level=level), lead_linked(values, level=level)
    n = values.shape[0]
    return Winner(
        model=rates[best.best].model,
        runner_up=rates[ahead.runner_up].model,
        rate=Estimate(best.estimate, best.interval, n),
        lead=Estimate(ahead.estimate, ahead.interval, n),
        linked=True,
    )


def missing_runs(
    rates: Sequence[Rate], board: Board | None = None, *, n_problems: int, level: float
) -> tuple[MissingRuns, ...]:
    """Every model that lacks results, in the order of the rates."""
    found = (_missing(r, board, n_problems=n_problems, level=level) for r in rates)
    return tuple(runs for runs in found if runs.attempted < n_problems)


def missing_difference(
    a: Rate, b: Rate, missing: Sequence[MissingRuns], *, n_problems: int
) -> DifferenceBracket | None:
    """Range of rate A minus rate B over all that missing runs could have been.

    None where neither model lacks a result, and where a rate is none of those that ``missing``
    knows of and has fewer results than there are problems (compile rates of single outcomes).
    """
    known = {(runs.model, "passed"): runs.bracket for runs in missing}
    if not {(r.model, "passed") for r in (a, b)} & known.keys():
        return None
    brackets = []
    for r in (a, b):
        if (r.model, r.metric) in known:
            brackets.append(known[r.model, r.metric])
        elif r.n == n_problems:
            brackets.append(RateBracket(r.value, r.value, r.value, 0, n_problems))
        elif not r.fractional and r.n < n_problems:
            brackets.append(rate_bracket(r.count, r.n, n_problems))
        else:
            return None
    return difference_of_brackets(*brackets)


def _missing(r: Rate, board: Board | None, *, n_problems: int, level: float) -> MissingRuns:
    attempted, total = r.n, r.successes
    if board is not None:
        attempted = r.n - int(board.filled[:, board.place[r.model]].sum())
    if not r.fractional:
        return MissingRuns(
            r.model,
            attempted,
            rate_bracket(r.count, attempted, n_problems),
            rate_bracket_interval(r.count, attempted, n_problems, level=level),
        )
    bracket = RateBracket(
        low=total / n_problems,
        high=(total + n_problems - attempted) / n_problems,
        attempted_only=total / attempted,
        missing=n_problems - attempted,
        n=n_problems,
    )
    return MissingRuns(r.model, attempted, bracket, _around(r, board, bracket, level=level))


def _around(r: Rate, board: Board | None, bracket: RateBracket, *, level: float) -> Interval:
    """Chance on top of a bracket of shares: the outer limits of its two ends."""
    if board is None:
        raise ValueError("shares of problems come from single outcomes")
    known = board.of(r.model)[~board.filled[:, board.place[r.model]]]
    known = known[~np.isnan(known)]
    ends = [
        score_interval_of_means(
            np.concatenate([known, np.full(bracket.missing, end)]), level=level
        ).interval
        for end in (0.0, 1.0)
    ]
    return Interval(ends[0].low, ends[1].high, level, "wilson_by_problem_bracket")
