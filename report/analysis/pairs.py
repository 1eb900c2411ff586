"""Every pair of models, as far as counts allow: unlinked test, range of the paired one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from harness.release import Release
from report.analysis.rates import Rate
from stats.bayes import probability_better
from stats.bounds import paired_test_range_over_strata, paired_test_ranges
from stats.families import holm
from stats.independent import miettinen_nurminen_limits
from stats.interval import Estimate, Interval, TestResult
from stats.ranks import rank_sets
from stats.unconditional import unconditional_z_pooled_p_values

IntArray = NDArray[np.int64]
Cell = tuple[str | None, str | None]
"""Category and difficulty."""

Standing = Literal["separated", "open", "not_separated"]


@dataclass(frozen=True, slots=True)
class Linked:
    """What single outcomes add to a pair.

    Attributes
    ----------
    n : int
        Problems that both models have.
    table : tuple of int or None
        Problems that both passed, only a, only b, neither; None where values are fractions.
    p_exact : float or None
        McNemar's exact test beside the mid-p one.
    adjusted_max_t : float or None
        Corrected over all pairs with their correlation (Westfall-Young); None where a model lacks
        a problem, or where there are too many pairs.
    """

    n: int
    table: tuple[int, ...] | None
    p_exact: float | None
    adjusted_max_t: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Model a against model b on one metric; a is the one with the higher rate.

    With single outcomes (``linked``) the test is the paired one, and its range is a point.

    Both ran the same problems, but counts do not say who solved what. ``test`` treats the two as
    unlinked; ``p_paired_low`` to ``p_paired_high`` spans every p-value that McNemar's mid-p test on
    the same problems could have had.
    ``adjusted`` values are Holm's over all pairs of the metric; ``adjusted_paired_low`` and
    ``…_high`` adjust the family when every pair is as favourable, or as unfavourable, as its
    margins allow. ``better`` is the posterior probability that a is better (Jeffreys prior): paired
    from the discordant problems, from counts as if unlinked, None for shares and scores.
    """

    metric: str
    a: str
    b: str
    difference: Estimate
    test: TestResult
    adjusted: float
    p_paired_low: float
    p_paired_high: float
    adjusted_paired_low: float
    adjusted_paired_high: float
    linked: Linked | None = None
    better: float | None = None

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


def all_pairs(rates: Sequence[Rate], release: Release, *, level: float) -> tuple[Pair, ...]:
    """Compare all m(m-1)/2 pairs of one metric's rates, ordered as the rates are.

    Where both models' counts are known by category and difficulty, the range of the paired test
    goes over the outcomes that these cells allow: fewer than their sums do.
    """
    ordered = sorted(rates, key=lambda r: -r.value)
    if len(ordered) < 2:
        return ()
    successes, n = (np.array([getattr(r, name) for r in ordered]) for name in ("count", "n"))
    a, b = np.triu_indices(len(ordered), k=1)
    counts = (successes[a], n[a], successes[b], n[b])
    p = np.array(_unlinked(*(tuple(c.tolist()) for c in counts)))
    limits = miettinen_nurminen_limits(*counts, level=level)
    low, high = paired_test_ranges(*counts, n_problems=release.n_problems)
    for k, (i, j) in enumerate(zip(a, b, strict=True)):
        strata = _common_strata(release, ordered[i], ordered[j])
        if strata is not None:
            within = paired_test_range_over_strata(*strata[:-1], n_problems=strata[-1])
            low[k], high[k] = within.p_low, within.p_high
    figures = np.column_stack([*limits, p, holm(p), low, high, holm(low), holm(high)])
    return tuple(
        _pair(ordered[i], ordered[j], row, level=level)
        for i, j, row in zip(a, b, figures.tolist(), strict=True)
    )


_better = lru_cache(maxsize=1 << 14)(probability_better)


@lru_cache(maxsize=256)  # releases share most of their counts, and are analysed for many ends
def _unlinked(*counts: tuple[int, ...]) -> tuple[float, ...]:
    """P-values of two rates as if unlinked; two models with the same counts give 1."""
    found = unconditional_z_pooled_p_values(*(np.array(c) for c in counts))
    return tuple(np.minimum(found, 1.0).tolist())


def _common_strata(release: Release, a: Rate, b: Rate) -> IntArray | None:
    """Rows passed_a, n_a, passed_b, n_b, n_problems over the cells that both models attempted."""
    sizes: dict[Cell, int] = {(c.category, c.difficulty): c.problems for c in release.problem_cells}
    cells_a, cells_b = _cells(release, a), _cells(release, b)
    if not sizes or not cells_a or not cells_b:
        return None
    shared = [(*cells_a[c], *cells_b[c], sizes[c]) for c in cells_a if c in cells_b and c in sizes]
    return np.array(shared).T if shared else None


def _cells(release: Release, rate: Rate) -> dict[Cell, tuple[int, int]]:
    """Successes and problems of each cell that the model attempted."""
    return {
        (cell.category, cell.difficulty): (found, cell.problems)
        for cell in release.cells(rate.model)
        if cell.problems and (found := getattr(cell, rate.metric)) is not None
    }


def _pair(a: Rate, b: Rate, figures: Sequence[float], *, level: float) -> Pair:
    low, high, p, adjusted, paired_low, paired_high, adjusted_low, adjusted_high = figures
    interval = Interval(low, high, level, "miettinen_nurminen")
    return Pair(
        metric=a.metric,
        a=a.model,
        b=b.model,
        difference=Estimate(a.value - b.value, interval, min(a.n, b.n)),
        test=TestResult(min(p, 1.0), "unconditional_z_pooled"),
        adjusted=adjusted,
        p_paired_low=paired_low,
        p_paired_high=paired_high,
        adjusted_paired_low=adjusted_low,
        adjusted_paired_high=adjusted_high,
        better=_better(a.count, a.n, b.count, b.n),
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
        if pair.difference.value == 0:
            continue
        # On their common problems a pair can be the other way round than by all their problems.
        ahead = (i, j) if pair.difference.value > 0 else (j, i)
        better[0][ahead] = pair.adjusted <= 1 - level
        better[1][ahead] = pair.adjusted_paired_high <= 1 - level
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
