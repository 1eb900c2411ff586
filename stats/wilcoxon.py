"""Wilcoxon's signed-rank test and the Hodges-Lehmann estimate that belongs to it.

The test sees the order of the differences, not their size, so that one very slow problem weighs
no more than the next. Conventions, which other software leaves unsaid: ties share their mean
rank, and the exact distribution is that of the tied ranks; problems without a difference are
dropped before ranking (Wilcoxon) or after (Pratt); the normal version uses the variance of the
ranks as they are, sum(rank^2) / 4.
"""

from dataclasses import dataclass
from math import ceil, erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from stats.check import NoEstimateError, check_level
from stats.grid import check_differences, lower_tail, to_grid
from stats.interval import Estimate, Interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_EXACT = 1_000  # problems up to which the exact distribution is counted: about half a second
MOST_AVERAGED = 10_000  # problems whose pairwise averages (n^2 / 2 floats) fit in memory


@dataclass(frozen=True, slots=True)
class SignedRank:
    """A signed-rank test of the hypothesis that differences are symmetric about 0.

    Attributes
    ----------
    w_plus, w_minus : float
        Sums of the ranks of the positive and of the negative differences.
    p_two_sided, p_greater, p_less : float
        P of a sum of positive ranks as far from its mean, as large, as small.
    p_normal, p_normal_corrected : float or None
        Two-sided from the normal distribution, the latter with the distance from the mean
        reduced by 1/2; None without a single difference.
    n, n_zero : int
        Problems, and those without a difference.
    method : str
        ``wilcoxon_exact`` or, above 1,000 differences, ``wilcoxon_normal``: then the three
        p-values are normal ones too.
    """

    w_plus: float
    w_minus: float
    p_two_sided: float
    p_greater: float
    p_less: float
    p_normal: float | None
    p_normal_corrected: float | None
    n: int
    n_zero: int
    method: str


def wilcoxon(differences: ArrayLike) -> SignedRank:
    """Signed-rank test with zeros dropped before ranking.

    Parameters
    ----------
    differences : (n_problems,)
        Score of model a minus score of model b, problem by problem.

    Returns
    -------
    SignedRank
        All p-values 1 where no problem has a difference.

    Raises
    ------
    ValueError
        A difference that is infinite or NaN.
    NoEstimateError
        No problems.

    References
    ----------
    Wilcoxon (1945), Individual comparisons by ranking methods, Biometrics Bull 1:80-83.
    """
    d = _tidy(differences)
    return _test(np.sign(d[d != 0]), doubled_ranks(np.abs(d[d != 0])), d.size)


def pratt(differences: ArrayLike) -> SignedRank:
    """Signed-rank test with zeros ranked, then dropped: they push the other ranks up.

    Parameters
    ----------
    differences : (n_problems,)
        As in `wilcoxon`, which also says what is returned and raised.

    Returns
    -------
    SignedRank

    References
    ----------
    Pratt (1959), Remarks on zeros and ties in the Wilcoxon signed rank procedures, JASA 54:655-667.
    """
    d = _tidy(differences)
    return _test(np.sign(d[d != 0]), doubled_ranks(np.abs(d))[d != 0], d.size)


def _tidy(differences: ArrayLike) -> Floats:
    """Take rounding errors out of differences on a grid, which would break ties and hide zeros."""
    d = check_differences(differences)
    grid = to_grid(d)
    return d if grid is None else grid.scores.astype(np.float64)


def doubled_ranks(sizes: Floats) -> Ints:
    """Twice the mid-ranks (1 = smallest), which are whole numbers, in the order of the input."""
    values, where, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (2 * last - counts + 1)[where] if values.size else np.zeros(0, dtype=np.int64)


def _test(signs: Floats, ranks2: Ints, n: int) -> SignedRank:
    total, plus = int(ranks2.sum()), int(ranks2[signs > 0].sum())
    n_zero = n - signs.size
    normal, corrected = _normal(plus, total, ranks2), _normal(plus, total, ranks2, less=1)
    if normal is None:
        return SignedRank(0.0, 0.0, 1.0, 1.0, 1.0, None, None, n, n_zero, "wilcoxon_exact")
    if signs.size > MOST_EXACT:
        z = (2 * plus - total) / sqrt(float((ranks2**2).sum()))
        tails, method = (normal, float(ndtr(-z)), float(ndtr(z))), "wilcoxon_normal"
    else:
        tails, method = _exact(plus, total, ranks2), "wilcoxon_exact"
    return SignedRank(plus / 2, (total - plus) / 2, *tails, normal, corrected, n, n_zero, method)


def _exact(plus: int, total: int, ranks2: Ints) -> tuple[float, float, float]:
    """Two-sided, greater and less, from the smaller tail: the distribution is symmetric."""
    up_to, below = lower_tail(ranks2, min(plus, total - plus))
    near, far = min(1.0, up_to), min(1.0, 1.0 - below)
    two_sided = 1.0 if 2 * plus == total else min(1.0, 2 * near)
    greater, less = (near, far) if 2 * plus > total else (far, near)
    return two_sided, greater, less


def _normal(plus: int, total: int, ranks2: Ints, *, less: int = 0) -> float | None:
    """Two-sided normal p-value; ``less`` is taken from the distance, in halves of a rank.

    W+ has mean sum(rank) / 2 and variance sum(rank^2) / 4. In doubled ranks the distance
    of W+ from its mean is abs(2 plus - total) / 4, and the variance sum(ranks2^2) / 16.
    """
    variance16 = float((ranks2**2).sum())
    if variance16 == 0:
        return None
    distance4 = max(abs(2 * plus - total) - 2 * less, 0)
    return erfc(distance4 / sqrt(2 * variance16))


@dataclass(frozen=True, slots=True)
class HodgesLehmann:
    """The centre of the differences, with the interval that the signed-rank test gives.

    Attributes
    ----------
    estimate : Estimate
        Median of all pairwise averages, with its interval.
    achieved_level : float
        Coverage for a continuous symmetric distribution. The distribution of ranks is discrete,
        so this is above the level asked for; for five problems or fewer even the widest interval
        falls short of 95 %.
    """

    estimate: Estimate
    achieved_level: float


def hodges_lehmann(differences: ArrayLike, *, level: float = 0.95) -> HodgesLehmann:
    """Median of the pairwise (Walsh) averages of the differences, with its exact interval.

    The limits are the averages number q and M + 1 - q of M = n (n + 1) / 2, where q is the
    smallest count whose signed-rank probability P(V <= q) reaches (1 - level) / 2, at least 1.
    Zeros stay; ties leave the order statistics as they are, which makes the interval wider than
    it need be. Takes 4 n^2 bytes.

    Parameters
    ----------
    differences : (n_problems,)
        Score of model a minus score of model b; for runtimes, of their logarithms.
    level : float in (0, 1)
        Coverage to reach.

    Returns
    -------
    HodgesLehmann

    Raises
    ------
    ValueError
        A difference that is infinite or NaN; ``level`` outside (0, 1).
    NoEstimateError
        No problems, or more than 10,000.

    References
    ----------
    Hodges & Lehmann (1963), Estimates of location based on rank tests, Ann Math Stat 34:598-611.
    Hollander, Wolfe & Chicken (2014), Nonparametric Statistical Methods, sec 3.3.
    """
    d = check_differences(differences)
    check_level(level)
    if d.size > MOST_AVERAGED:
        raise NoEstimateError(f"{d.size} problems have too many pairwise averages to sort")
    averages = walsh_averages(d)
    q, achieved = _critical_count(d.size, (1 - level) / 2)
    low, high = np.partition(averages, (q - 1, averages.size - q))[[q - 1, averages.size - q]]
    interval = Interval(float(low), float(high), level, "hodges_lehmann")
    return HodgesLehmann(Estimate(float(np.median(averages)), interval, d.size), achieved)


def walsh_averages(differences: ArrayLike) -> Floats:
    """All n (n + 1) / 2 averages of two differences, each with itself included, unsorted."""
    d = check_differences(differences)
    averages = np.empty(d.size * (d.size + 1) // 2)
    start = 0
    for i in range(d.size):
        end = start + d.size - i
        averages[start:end] = (d[i] + d[i:]) / 2
        start = end
    return averages


def _critical_count(n: int, tail: float) -> tuple[int, float]:
    """Smallest q >= 1 with P(V <= q) >= tail, and 1 - 2 P(V < q), for n untied ranks."""
    if n > MOST_EXACT:
        return _critical_count_large(n, tail)
    below = _signed_rank_cdf(n)
    q = max(int(np.searchsorted(below, tail)), 1)
    return q, float(1 - 2 * below[q - 1])


def _signed_rank_cdf(n: int) -> Floats:
    """P(V <= v) for v = 0 … M / 2: all that a lower tail below 1/2 needs."""
    mass = np.zeros(n * (n + 1) // 4 + 1)
    mass[0] = 1.0
    for rank in range(1, n + 1):
        part = mass[: rank * (rank + 1) // 2 + 1]
        part *= 0.5
        part[rank:] += part[:-rank].copy()
    cdf: Floats = np.cumsum(mass)
    return cdf


def _critical_count_large(n: int, tail: float) -> tuple[int, float]:
    """Edgeworth's expansion to the fourth cumulant; its error is of order 1 / n^2.

    V is a sum of independent rank * Bernoulli(1/2): variance n (n + 1) (2 n + 1) / 24, fourth
    cumulant -sum(rank^4) / 8; odd cumulants are 0.
    """
    spread = sqrt(n * (n + 1) * (2 * n + 1) / 24)
    fourth = -(n * (n + 1) * (2 * n + 1) * (3 * n * n + 3 * n - 1) / 30) / 8 / spread**4

    def cdf(v: int) -> float:
        x = (v + 0.5 - n * (n + 1) / 4) / spread
        density = np.exp(-x * x / 2) / sqrt(2 * np.pi)
        return float(ndtr(x) - density * fourth / 24 * (x**3 - 3 * x))

    q = ceil(n * (n + 1) / 4 + spread * float(ndtri(tail)))
    while cdf(q) >= tail:
        q -= 1
    while cdf(q) < tail:
        q += 1
    return q, 1 - 2 * cdf(q - 1)
