"""Every pair of models within each category and each difficulty."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from report.analysis import Analysis
from report.analysis.board import Board
from report.analysis.cells import CellRate
from stats.allpairs import pair_limits, pair_tables
from stats.independent import miettinen_nurminen_limits
from stats.interval import Estimate, Interval
from stats.problem_contrasts import score_limits_of_differences

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StratumPair:
    """Two models in one category or difficulty.

    Attributes
    ----------
    kind : "category" or "difficulty"
    name : str
    rate_a, rate_b : float
        With single outcomes over the problems that both have, else as each was counted.
    difference : Estimate
        a minus b; its n is the problems that both have (the smaller count, from counts), and its
        interval is for itself: not corrected for the number of strata or pairs.
    """

    kind: str
    name: str
    rate_a: float
    rate_b: float
    difference: Estimate


StrataPairs = dict[tuple[str, str], list[StratumPair]]
"""Strata by pair of model ids, first the difficulties, then the categories."""


def strata_pairs(analysis: Analysis) -> StrataPairs:
    """Compare all pairs of models in every difficulty and category that both have problems of.

    Each pair is there once, in the order of the release. From single outcomes the interval is
    paired (Tango's, or the score interval of a mean difference), from counts it treats the two as
    unlinked (Miettinen and Nurminen's).
    """
    found: StrataPairs = {}
    own = _of_board if analysis.board is not None else _of_counts
    for a, b, stratum in own(analysis):
        found.setdefault((a, b), []).append(stratum)
    return found


def _of_board(analysis: Analysis) -> Iterator[tuple[str, str, StratumPair]]:
    board, release = analysis.board, analysis.release
    if board is None:
        return
    models = [model for model in board.models if board.has(model)]
    for kind, names in (("difficulty", release.difficulties), ("category", release.categories)):
        for name in names:
            where = {"category": None, "difficulty": None, kind: name}
            here = board.where(category=where["category"], difficulty=where["difficulty"])
            values = _values(board, models)[here]
            for i, j, rates, difference in _compared(values, analysis):
                yield models[i], models[j], StratumPair(kind, name, *rates, difference)


def _values(board: Board, models: Sequence[str]) -> Floats:
    values: Floats = board.values["passed"][:, [board.place[model] for model in models]]
    return values


def _compared(
    values: Floats, analysis: Analysis
) -> Iterator[tuple[int, int, tuple[float, float], Estimate]]:
    """Pairs of columns that have a problem in common, with both rates and the difference."""
    if not values.size or values.shape[1] < 2:
        return
    known = ~np.isnan(values)
    zeros, both = np.where(known, values, 0.0), known.astype(np.float64)
    n, sums, squares = both.T @ both, zeros.T @ both, (zeros**2).T @ both
    first, second = np.triu_indices(values.shape[1], k=1)
    if analysis.fractional:
        square = np.maximum((squares + squares.T - 2 * zeros.T @ zeros)[first, second], 0.0)
        total = (sums - sums.T)[first, second]
        limits = score_limits_of_differences(total, square, n[first, second], level=analysis.level)
        method = "score_by_problem"
    else:
        limits = pair_limits(pair_tables(values), level=analysis.level)
        method = "tango"
    for k, (i, j) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        count = int(n[i, j])
        if count:
            rates = float(sums[i, j] / count), float(sums[j, i] / count)
            low, high = (float(ends[k]) for ends in limits)
            interval = Interval(low, high, analysis.level, method)
            yield i, j, rates, Estimate(rates[0] - rates[1], interval, count)


def _of_counts(analysis: Analysis) -> Iterator[tuple[str, str, StratumPair]]:
    parts = analysis.breakdowns
    for kind in ("difficulty", "category"):
        margins = [
            {
                getattr(cell, kind): cell
                for cell in (part.by_difficulty if kind == "difficulty" else part.by_category)
                if cell.rate.metric == "passed"
            }
            for part in parts
        ]
        for i, own in enumerate(margins):
            for j in range(i + 1, len(margins)):
                for name, cell in own.items():
                    if name in margins[j]:
                        pair = _unlinked(kind, name, cell, margins[j][name], analysis.level)
                        yield parts[i].model, parts[j].model, pair


def _unlinked(kind: str, name: str, a: CellRate, b: CellRate, level: float) -> StratumPair:
    counts = ([a.rate.count], [a.rate.n], [b.rate.count], [b.rate.n])
    low, high = (float(end[0]) for end in miettinen_nurminen_limits(*counts, level=level))
    interval = Interval(low, high, level, "miettinen_nurminen")
    difference = a.rate.value - b.rate.value
    n = min(a.rate.n, b.rate.n)
    return StratumPair(kind, name, a.rate.value, b.rate.value, Estimate(difference, interval, n))
