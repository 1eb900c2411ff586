"""Adjust a family of paired comparisons with the dependence between them: step-down max-T.

Comparisons that share models and problems move together, so the largest of their statistics
varies less than Holm or Bonferroni must assume. Here whole problems are flipped (Westfall-Young)
or drawn again (Romano-Wolf), the same for all comparisons, and each statistic is held against the
maximum over those that are no larger than it.

Small families are enumerated without any random number; larger ones are drawn, with p-values
(hits + 1) / (draws + 1) and the error of the drawing beside them. Scores on a grid are compared
as whole numbers, so that ties count as ties.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb, factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.allpairs import pair_tables
from stats.check import NoEstimateError, check_whole
from stats.grid import check_finite, to_grid
from stats.signflip import draw_signs

Floats = NDArray[np.float64]

MOST_ENUMERATED = 50_000_000  # statistics computed in an enumeration: under a second
MOST_COUNTED = 10  # problems whose resamples are counted: 92,378 distinct ones
BLOCK = 1 << 22  # statistics held at a time
GRID_TIE, FLOAT_TIE = 1e-14, 1e-12  # relative; on a grid only rounding of a quotient is left


@dataclass(frozen=True, slots=True)
class MaxT:
    """A family of comparisons, adjusted together; arrays in the order of the input.

    Attributes
    ----------
    statistic : (k,) floats
        Absolute mean difference, or absolute paired t (infinite where all differences are equal).
    p_raw, p_adjusted, p_single_step : (k,) floats
        Of each comparison alone; step-down, the one to use; against the maximum over all.
    error : (k,) floats or None
        Standard error of p_adjusted from drawing; None where all were enumerated.
    n_draws : int
        Sign vectors or resamples, enumerated or drawn.
    method : str
        ``westfall_young`` or ``romano_wolf``, with ``_exact`` or ``_monte_carlo``.
    """

    statistic: Floats
    p_raw: Floats
    p_adjusted: Floats
    p_single_step: Floats
    error: Floats | None
    n_draws: int
    method: str


@dataclass(frozen=True, slots=True)
class _Family:
    """A family's data, reduced to what flipping and resampling need.

    Problems without any difference are left out of the sums, but counted in n.
    """

    n: int
    rows: int  # problems with a difference in some comparison
    sums: Callable[[Floats], Floats]  # (draws, rows) weights of problems to (draws, k) sums
    observed: Floats  # (k,) sums of the data
    step: float  # what a unit of the sums is worth
    squares: Floats | None  # (k,) sums of squared differences; None: not studentised
    slack: float  # comparable statistics this close are tied

    def comparable(self, sums: Floats) -> Floats:
        """Absolute sums; studentised T^2 / sum(d^2), in which the paired t is monotone."""
        if self.squares is None:
            return np.abs(sums)
        return np.divide(sums**2, self.squares, out=np.zeros_like(sums), where=self.squares > 0)

    def statistic(self) -> Floats:
        """Absolute means, or absolute t with n - 1 degrees of freedom; 0 without differences."""
        if self.squares is None:
            means: Floats = np.abs(self.observed) * self.step / self.n
            return means
        ratio = self.comparable(self.observed)
        with np.errstate(divide="ignore"):
            t: Floats = np.sqrt((self.n - 1) * ratio / (self.n - ratio))
        return t


def westfall_young(
    differences: ArrayLike,
    *,
    rng: np.random.Generator,
    studentised: bool = True,
    n_draws: int = 9_999,
) -> MaxT:
    """Step-down max-T under joint sign flips, exact for up to about 20 problems.

    Under the null each problem's row of differences is as likely as its negative. Rows without
    any difference change nothing.

    Parameters
    ----------
    differences : (n_problems, k)
        Each column a comparison: scores of one model minus scores of another.
    rng
        Used only where the 2^n sign vectors are too many to enumerate.
    studentised : bool
        Compare by the paired t, which weighs comparisons with few differing problems fairly;
        False: by the mean difference, which lets the noisiest comparison set the bar.
    n_draws : int
        Sign vectors to draw where not all are enumerated.

    Returns
    -------
    MaxT

    Raises
    ------
    ValueError
        Not two-dimensional, no comparison, a value that is infinite or NaN, ``n_draws`` below 1.
    NoEstimateError
        No problems; one problem only, studentised.

    References
    ----------
    Westfall & Young (1993), Resampling-Based Multiple Testing, algorithm 4.1.
    Ge, Dudoit & Speed (2003), Resampling-based multiple testing, Test 12:1-77, box 2.
    """
    d = _check_family(differences, n_draws)
    return _flip(_on_columns(d, studentised=studentised), rng, n_draws)


def westfall_young_pairs(
    outcomes: ArrayLike,
    *,
    rng: np.random.Generator,
    studentised: bool = True,
    n_draws: int = 9_999,
) -> MaxT:
    """Step-down max-T for all pairs of models at once, from their outcomes.

    The sum of a pair's flipped differences is the difference of two models' flipped sums, so the
    work is that of the models, not of the pairs, until the maxima. Studentised, the statistic is
    McNemar's chi-square. Time grows with n_draws times the number of pairs: 150 models take
    about two seconds.

    Parameters
    ----------
    outcomes : (n_problems, n_models) bool, or 0 and 1
        Row i is one problem for all models.
    rng, studentised, n_draws
        As in `westfall_young`.

    Returns
    -------
    MaxT
        Pairs in the order of `stats.allpairs.PairTables`: (0, 1), (0, 2), …, (1, 2), …

    Raises
    ------
    ValueError
        As in `stats.allpairs.pair_tables`; an outcome is missing: whole rows are flipped.
    """
    tables = pair_tables(outcomes)
    if tables.missing.any():
        raise ValueError("outcomes must not be missing: leave out the problem or the model")
    _check_draws(n_draws)
    scores = np.asarray(outcomes, dtype=np.float64)
    scores = scores[scores.min(axis=1) != scores.max(axis=1)]
    first, second = tables.first, tables.second

    def sums(weights: Floats) -> Floats:
        each = weights @ scores
        gaps: Floats = each[:, first] - each[:, second]
        return gaps

    family = _Family(
        n=tables.n_problems,
        rows=scores.shape[0],
        sums=sums,
        observed=(tables.only_first - tables.only_second).astype(np.float64),
        step=1.0,
        squares=(tables.only_first + tables.only_second).astype(np.float64)
        if studentised
        else None,
        slack=0.0,
    )
    return _flip(family, rng, n_draws)


def romano_wolf(differences: ArrayLike, *, rng: np.random.Generator, n_draws: int = 9_999) -> MaxT:
    """Step-down max of absolute means under the centred bootstrap of problems.

    Tests that the means are 0 without assuming symmetry, at the price of being approximate: the
    bootstrap's distribution stands in for the true one. Up to 10 problems all n^n resamples are
    counted, each distinct one once with its multinomial weight. A p-value of 0 is possible there.

    Parameters
    ----------
    differences : (n_problems, k)
        Each column a comparison: scores of one model minus scores of another.
    rng
        Used only above 10 problems.
    n_draws : int
        Resamples to draw there.

    Returns
    -------
    MaxT

    Raises
    ------
    ValueError
        Not two-dimensional, no comparison, a value that is infinite or NaN, ``n_draws`` below 1.
    NoEstimateError
        Fewer than two problems.

    References
    ----------
    Romano & Wolf (2005), Exact and approximate stepdown methods for multiple hypothesis testing,
    JASA 100:94-108, sec 4; (2016), Efficient computation of adjusted p-values, Stat Prob Lett
    113:38-40 (p-values).
    """
    d = _check_family(differences, n_draws)
    n, k = d.shape
    if n < 2:
        raise NoEstimateError("resamples of a single problem are all alike")
    family = _on_columns(d, studentised=False, all_rows=True)
    if n <= MOST_COUNTED and comb(2 * n - 1, n) * k <= MOST_ENUMERATED:
        counts = _all_counts(n)
        return _adjust(
            family, [(counts - 1, _multinomial(counts))], float(n**n), "romano_wolf_exact"
        )

    def draws() -> Iterator[tuple[Floats, None]]:
        for size in _blocks(n_draws, n + k):
            counts = rng.multinomial(n, np.full(n, 1 / n), size=size)
            yield counts.astype(np.float64) - 1, None

    return _adjust(family, draws(), n_draws, "romano_wolf_monte_carlo")


def _check_family(differences: ArrayLike, n_draws: int) -> Floats:
    d = np.asarray(differences, dtype=np.float64)
    if d.ndim != 2 or d.shape[1] == 0:
        raise ValueError(f"differences must be problems x comparisons, got shape {d.shape}")
    if d.shape[0] == 0:
        raise NoEstimateError("differences must hold at least one problem")
    check_finite(d, name="differences")
    _check_draws(n_draws)
    return d


def _check_draws(n_draws: int) -> None:
    check_whole(n_draws, name="n_draws", least=1)


def _on_columns(d: Floats, *, studentised: bool, all_rows: bool = False) -> _Family:
    """Put the differences on one grid, if they have one: then sums are exact."""
    n = d.shape[0]
    grid = to_grid(d)
    scores = d if grid is None else grid.scores.astype(np.float64)
    kept = scores if all_rows else scores[scores.any(axis=1)]
    largest = float(n) if studentised else float(np.abs(scores).sum(axis=0).max())
    return _Family(
        n=n,
        rows=kept.shape[0],
        sums=lambda weights: weights @ kept,
        observed=scores.sum(axis=0),
        step=1.0 if grid is None else grid.step,
        squares=(scores**2).sum(axis=0) if studentised else None,
        slack=FLOAT_TIE * largest if grid is None else 0.0,
    )


def _flip(family: _Family, rng: np.random.Generator, n_draws: int) -> MaxT:
    """Enumerate the sign vectors where they are few, else draw them."""
    rows, k = family.rows, family.observed.size
    if family.squares is not None and family.n < 2:
        raise NoEstimateError("the paired t of a single problem is 0/0")
    # Turning all signs around changes no absolute value: the first one can stay.
    free = max(rows - 1, 0)
    if free <= 40 and 2**free * k <= MOST_ENUMERATED:
        return _adjust(family, _all_signs(rows, free, k), 2.0**free, "westfall_young_exact")

    def draws() -> Iterator[tuple[Floats, None]]:
        for size in _blocks(n_draws, rows + k):
            yield draw_signs(rng, (size, rows)), None

    return _adjust(family, draws(), n_draws, "westfall_young_monte_carlo")


def _all_signs(rows: int, free: int, k: int) -> Iterator[tuple[Floats, None]]:
    start = 0
    for size in _blocks(2**free, rows + k):
        codes = np.arange(start, start + size)
        signs = np.ones((size, rows))
        signs[:, rows - free :] -= 2.0 * (codes[:, np.newaxis] >> np.arange(free) & 1)
        start += size
        yield signs, None


def _all_counts(n: int) -> Floats:
    """Every way to draw n problems n times, by how often each is drawn: stars and bars."""
    bars = np.array(list(combinations(range(2 * n - 1), n - 1)), dtype=np.int64)
    edges = np.pad(bars, ((0, 0), (1, 1)), constant_values=((0, 0), (-1, 2 * n - 1)))
    return (np.diff(edges, axis=1) - 1).astype(np.float64)


def _multinomial(counts: Floats) -> Floats:
    """In how many of the n^n resamples the problems are drawn so often: n! / prod(count!)."""
    n = counts.shape[1]
    factorials = np.array([factorial(i) for i in range(n + 1)], dtype=np.float64)
    ways: Floats = factorials[n] / factorials[counts.astype(np.int64)].prod(axis=1)
    return np.rint(ways)


def _blocks(n_draws: int, width: int) -> Iterator[int]:
    """Cut the draws into blocks of bounded memory."""
    size = max(1, BLOCK // max(1, width))
    for start in range(0, n_draws, size):
        yield min(size, n_draws - start)


def _adjust(
    family: _Family,
    draws: Iterable[tuple[Floats, Floats | None]],
    total: float,
    method: str,
) -> MaxT:
    """Count, for each comparison, how often the maxima reach it, and step down."""
    observed = family.comparable(family.observed)
    order = np.argsort(-observed, kind="stable")
    bars = observed[order] * (1 - GRID_TIE) - family.slack
    raw, step_down, single = (np.zeros(order.size) for _ in range(3))
    for weights, ways in draws:
        drawn = family.comparable(family.sums(weights))[:, order]
        raw += _count(drawn >= bars, ways)
        # In place: the maximum over this comparison and all with smaller statistics.
        np.maximum.accumulate(drawn[:, ::-1], axis=1, out=drawn[:, ::-1])
        step_down += _count(drawn >= bars, ways)
        single += _count(drawn[:, :1] >= bars, ways)
    exact = method.endswith("_exact")
    one = 0 if exact else 1
    raw, step_down, single = ((hits + one) / (total + one) for hits in (raw, step_down, single))
    adjusted = np.maximum.accumulate(step_down)
    back = np.empty_like(order)
    back[order] = np.arange(order.size)
    error = None if exact else np.sqrt(adjusted * (1 - adjusted) / total)[back]
    return MaxT(
        statistic=family.statistic(),
        p_raw=raw[back],
        p_adjusted=adjusted[back],
        p_single_step=single[back],
        error=error,
        n_draws=int(total),
        method=method,
    )


def _count(reached: NDArray[np.bool_], ways: Floats | None) -> Floats:
    counted: Floats = reached.sum(axis=0) if ways is None else ways @ reached
    return counted
