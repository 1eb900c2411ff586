"""Pairs of models compared within categories and difficulties, where both have such counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from report.analysis.cells import Breakdown, CellRate
from stats.check import NoEstimateError
from stats.mantel_haenszel import CommonOddsRatio, Homogeneity, breslow_day, mantel_haenszel


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """Odds of passing of a against b within cells, all cells together.

    ``homogeneity`` is None where the cells cannot say whether the ratio is the same in all.
    """

    a: str
    b: str
    cells: int
    odds_ratio: CommonOddsRatio
    homogeneity: Homogeneity | None


def matched_pairs(breakdowns: Sequence[Breakdown], *, level: float) -> tuple[MatchedPair, ...]:
    """Every pair of models with counts by cell, over the cells that both attempted."""
    if any(c.rate.fractional for b in breakdowns for c in b.rates("passed")):
        return ()  # shares of problems are no counts, which odds need
    found = (_matched(a, b, level=level) for a, b in combinations(breakdowns, 2))
    return tuple(pair for pair in found if pair)


def _matched(a: Breakdown, b: Breakdown, *, level: float) -> MatchedPair | None:
    theirs = {(c.category, c.difficulty): c for c in b.rates("passed")}
    shared = [
        (own, theirs[own.category, own.difficulty])
        for own in a.rates("passed")
        if (own.category, own.difficulty) in theirs
    ]
    if not shared:
        return None
    counts = np.array([_counts(own, other) for own, other in shared]).T
    try:
        ratio = mantel_haenszel(*counts, level=level)
    except NoEstimateError:
        return None  # in every cell both passed all, or both none: nothing to compare
    try:
        same = breslow_day(*counts)
    except NoEstimateError:
        same = None
    return MatchedPair(a.model, b.model, len(shared), ratio, same)


def _counts(own: CellRate, other: CellRate) -> tuple[int, int, int, int]:
    return own.rate.count, own.rate.n, other.rate.count, other.rate.n
