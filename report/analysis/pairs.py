"""Every pair of models, as far as counts allow: unlinked test, range of the paired one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from report.analysis.rates import Rate
from stats.bounds import PairedTestRange, paired_test_range
from stats.families import holm
from stats.fisher import fisher_midp
from stats.independent import miettinen_nurminen
from stats.interval import Estimate, TestResult
from stats.ranks import rank_sets

Standing = Literal["separated", "open", "not_separated"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Model a against model b on one metric; a is the one with the higher rate.

    Both ran the same problems, but counts do not say who solved what. ``test`` treats the two as
    unlinked; ``paired`` spans every p-value that the test on the same problems could have had.
    ``adjusted`` values are Holm's over all pairs of the metric; ``adjusted_paired_low`` and
    ``…_high`` adjust the family when every pair is as favourable, or as unfavourable, as its
    margins allow.
    """

    metric: str
    a: str
    b: str
    difference: Estimate
    test: TestResult
    adjusted: float
    paired: PairedTestRange
    adjusted_paired_low: float
    adjusted_paired_high: float

    def standing(self, alpha: float) -> Standing:
        """Whether the corrected paired test separates the two: for sure, perhaps, or not at all."""
        if self.adjusted_paired_high <= alpha:
            return "separated"
        return "open" if self.adjusted_paired_low <= alpha else "not_separated"


@dataclass(frozen=True, slots=True)
class RankRange:
    """The ranks one model could hold, 1 is best, at a simultaneous level.

    ``unlinked`` comes from Holm-adjusted tests that ignore the pairing, ``any_pairing`` holds
    however the models' successes overlapped.
    """

    model: str
    position: int
    unlinked: tuple[int, int]
    any_pairing: tuple[int, int]
    family: int


def all_pairs(rates: Sequence[Rate], *, n_problems: int, level: float) -> tuple[Pair, ...]:
    """Compare all m(m-1)/2 pairs of one metric's rates, ordered as the rates are."""
    couples = list(combinations(sorted(rates, key=lambda r: -r.value), 2))
    if not couples:
        return ()
    tests = [fisher_midp(a.successes, a.n, b.successes, b.n) for a, b in couples]
    ranges = [
        paired_test_range(a.successes, a.n, b.successes, b.n, n_problems=n_problems)
        for a, b in couples
    ]
    adjusted = holm(np.array([test.p_value for test in tests]))
    low = holm(np.array([found.p_low for found in ranges]))
    high = holm(np.array([found.p_high for found in ranges]))
    return tuple(
        Pair(
            metric=a.metric,
            a=a.model,
            b=b.model,
            difference=difference(a, b, level=level),
            test=tests[i],
            adjusted=float(adjusted[i]),
            paired=ranges[i],
            adjusted_paired_low=float(low[i]),
            adjusted_paired_high=float(high[i]),
        )
        for i, (a, b) in enumerate(couples)
    )


def difference(a: Rate, b: Rate, *, level: float) -> Estimate:
    """Rate of a minus rate of b with the score interval for unlinked rates."""
    return Estimate(
        a.value - b.value,
        miettinen_nurminen(a.successes, a.n, b.successes, b.n, level=level),
        min(a.n, b.n),
    )


def rank_ranges(
    rates: Sequence[Rate], pairs: Sequence[Pair], *, level: float
) -> tuple[RankRange, ...]:
    """Simultaneous rank sets of all models, best rate first; equal rates share a position."""
    ordered = sorted(rates, key=lambda r: -r.value)
    index = {found.model: i for i, found in enumerate(ordered)}
    better = np.zeros((2, len(ordered), len(ordered)), dtype=bool)
    for pair in pairs:
        i, j = index[pair.a], index[pair.b]
        if pair.difference.value > 0:
            better[0, i, j] = pair.adjusted <= 1 - level
            better[1, i, j] = pair.adjusted_paired_high <= 1 - level
    unlinked, certain = rank_sets(better[0]), rank_sets(better[1])
    return tuple(
        RankRange(
            model=found.model,
            position=1 + sum(other.value > found.value for other in ordered),
            unlinked=(int(unlinked[i][0]), int(unlinked[i][1])),
            any_pairing=(int(certain[i][0]), int(certain[i][1])),
            family=len(pairs),
        )
        for i, found in enumerate(ordered)
    )
