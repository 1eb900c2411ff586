"""Two rates on different or unlinked problems: exact tests without conditioning on all successes.

Both tests take the supremum, over the rate that both sides would share if they were equal, of the
probability of all tables at least as extreme as the observed one; they differ in what they call
extreme. They never exceed their level and use more of it than Fisher's test does.

Given all successes t, the chance of an extreme table is hypergeometric and free of the shared
rate; call it share(t). The probability of all extreme tables is then the mean of share(t) over a
binomial t: a Bernstein polynomial in the rate, smooth on the scale of the arcsine.
"""

from collections.abc import Callable, Iterator
from math import ceil, isqrt, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from stats.fisher import fisher_probabilities
from stats.interval import TestResult
from stats.roots import Floats
from stats.supremum import binomial_suprema
from stats.two_rates import Counts, TwoRates, as_two_rates, check_two_rates

Shares = Callable[[Counts, int, Counts, int], Floats]

_BLOCK = 1 << 21  # elements of a working array
_CELLS = 1 << 16  # elements of a table of probabilities at a time: they stay in the cache
_FAR = 9.0  # standard deviations beyond an end: exp(-81 / 2) of the tail is left
_TIE = 1 + 1e-9  # Fisher p-values carry relative errors of some 1e-11

_NEAR_WHOLE = 1e-6  # roots below 1e8 (5,000 problems on either side) are good to 1e-8

_integer_root = np.frompyfunc(isqrt, 1, 1)


def unconditional_z_pooled(successes_a: int, n_a: int, successes_b: int, n_b: int) -> TestResult:
    """Unconditional exact test of equal rates, ordered by the pooled z statistic, two-sided.

    Tables without any or with nothing but successes have z = 0. Ties are decided in whole numbers.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int
        Successes among trials of either side, 0 <= successes <= n, n >= 1.

    Raises
    ------
    TypeError, ValueError
        A count is out of its range.
    NoEstimateError
        A side has no trials.

    References
    ----------
    Suissa & Shuster (1985), Journal of the Royal Statistical Society A 148:317-327. After Barnard
    (1947), Biometrika 34:123-138, whose own ordering is another.
    """
    return _z_pooled(_z_shares, successes_a, n_a, successes_b, n_b, "unconditional_z_pooled")


def unconditional_z_pooled_greater(
    successes_a: int, n_a: int, successes_b: int, n_b: int
) -> TestResult:
    """As `unconditional_z_pooled`, against ``p_a > p_b`` alone; swap the sides for the other.

    Ordered by signed z; 1 where z <= 0, since the rates 0 and 1 are part of the supremum.
    """
    method = "unconditional_z_pooled_greater"
    return _z_pooled(_z_greater_shares, successes_a, n_a, successes_b, n_b, method)


def unconditional_z_pooled_p_values(
    successes_a: ArrayLike, n_a: ArrayLike, successes_b: ArrayLike, n_b: ArrayLike
) -> Floats:
    """Two-sided p-values of `unconditional_z_pooled` for many comparisons, quick where n repeats.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int arrays that broadcast together
        Counts; all pairs of m models are two index arrays of length m (m - 1) / 2.

    Returns
    -------
    float, the broadcast shape
        Relative error below 1e-7.
    """
    return _p_values(_z_shares, as_two_rates(successes_a, n_a, successes_b, n_b))


def boschloo(successes_a: int, n_a: int, successes_b: int, n_b: int) -> TestResult:
    """Boschloo's test of equal rates: unconditional, ordered by Fisher's two-sided p-value.

    Never above Fisher's p. Some software doubles the one-sided test instead: that is
    `boschloo_greater`, doubled.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int
        Successes among trials of either side, 0 <= successes <= n, n >= 1.

    Raises
    ------
    TypeError, ValueError
        A count is out of its range.
    NoEstimateError
        A side has no trials.

    References
    ----------
    Boschloo (1970), Statistica Neerlandica 24(1).
    """
    return _boschloo(_fisher_shares, successes_a, n_a, successes_b, n_b, "boschloo")


def boschloo_greater(successes_a: int, n_a: int, successes_b: int, n_b: int) -> TestResult:
    """As `boschloo`, against ``p_a > p_b`` alone and ordered by Fisher's p-value for that."""
    return _boschloo(_fisher_greater_shares, successes_a, n_a, successes_b, n_b, "boschloo_greater")


def boschloo_p_values(
    successes_a: ArrayLike, n_a: ArrayLike, successes_b: ArrayLike, n_b: ArrayLike
) -> Floats:
    """Two-sided p-values of `boschloo` for many comparisons, of the arrays' broadcast shape."""
    return _p_values(_fisher_shares, as_two_rates(successes_a, n_a, successes_b, n_b))


def pooled_z(successes_a: int, n_a: int, successes_b: int, n_b: int) -> float:
    """Difference of two rates over its pooled standard error; 0 where all outcomes are alike."""
    successes_a, n_a, successes_b, n_b = check_two_rates(successes_a, n_a, successes_b, n_b)
    total, passed = n_a + n_b, successes_a + successes_b
    if passed in (0, total):
        return 0.0
    spread = n_a * n_b * passed * (total - passed)
    return (successes_a * n_b - successes_b * n_a) * sqrt(total / spread)


def _z_pooled(
    shares: Shares, successes_a: int, n_a: int, successes_b: int, n_b: int, method: str
) -> TestResult:
    z = pooled_z(successes_a, n_a, successes_b, n_b)
    p_value = _p_values(shares, as_two_rates(successes_a, n_a, successes_b, n_b))
    return TestResult(float(p_value), method, z)


def _boschloo(
    shares: Shares, successes_a: int, n_a: int, successes_b: int, n_b: int, method: str
) -> TestResult:
    check_two_rates(successes_a, n_a, successes_b, n_b)
    p_value = _p_values(shares, as_two_rates(successes_a, n_a, successes_b, n_b))
    return TestResult(float(p_value), method)


def _p_values(shares: Shares, rates: TwoRates) -> Floats:
    """Group the comparisons by their trials: these share the tables and the binomials."""
    p_values = np.empty(rates.n_a.size)
    trials, group = np.unique(np.stack((rates.n_a, rates.n_b)), axis=1, return_inverse=True)
    for index, (n_a, n_b) in enumerate(trials.T.tolist()):
        members = np.flatnonzero(group.ravel() == index)
        size = max(1, _BLOCK // (n_a + n_b + 1))
        for start in range(0, members.size, size):
            part = members[start : start + size]
            chance = shares(rates.successes_a[part], n_a, rates.successes_b[part], n_b)
            p_values[part] = binomial_suprema(chance)
    return p_values.reshape(rates.shape)


# What is extreme: share(t), shape (comparisons, N + 1)


def _z_shares(successes_a: Counts, n_a: int, successes_b: Counts, n_b: int) -> Floats:
    """Both tails of side a's successes at which z squared is at least the observed one."""
    least, _ = _distances(successes_a, n_a, successes_b, n_b)
    t = np.arange(n_a + n_b + 1)
    from_above = -((-least - t * n_a) // (n_a + n_b))
    from_below = (t * n_a - least) // (n_a + n_b)
    return _tail_shares(from_above, np.minimum(from_below, from_above - 1), n_a, n_b)


def _z_greater_shares(successes_a: Counts, n_a: int, successes_b: Counts, n_b: int) -> Floats:
    """Upper tail of side a's successes at which signed z is at least the observed one."""
    least, most_below = _distances(successes_a, n_a, successes_b, n_b)
    ahead = (successes_a * n_b > successes_b * n_a)[:, None]
    t = np.arange(n_a + n_b + 1)
    from_above = -((-np.where(ahead, least, -most_below) - t * n_a) // (n_a + n_b))
    return _tail_shares(from_above, np.full_like(from_above, -1), n_a, n_b)


def _distances(
    successes_a: Counts, n_a: int, successes_b: Counts, n_b: int
) -> tuple[Counts, Counts]:
    """Least distance with z squared at least the observed one, most with at most it; by each t.

    N times the distance of side a's successes from their expectation gives z squared as
    distance^2 / (t (N - t)), up to a constant. Roots near a whole number may be ties: these are
    taken in Python's whole numbers, which neither round nor overflow.
    """
    total = n_a + n_b
    distance = np.abs(successes_a * n_b - successes_b * n_a)
    t, passed = np.arange(total + 1), successes_a + successes_b
    # Where all outcomes are alike the distance is 0: any positive spread gives z = 0.
    spread = np.maximum(t * (total - t), 1)
    observed = np.maximum(passed * (total - passed), 1)
    root = (distance / np.sqrt(observed))[:, None] * np.sqrt(spread)
    least, most = np.ceil(root).astype(np.int64), np.floor(root).astype(np.int64)
    row, column = np.nonzero(np.abs(root - np.rint(root)) < _NEAR_WHOLE)
    if row.size:
        squared = distance[row].astype(object) ** 2 * spread[column].astype(object)
        scale = observed[row].astype(object)
        positive = (distance[row] > 0).astype(np.int64)
        up = _integer_root(np.maximum(-(-squared // scale) - 1, 0)) + positive
        least[row, column] = up.astype(np.int64)
        most[row, column] = _integer_root(squared // scale).astype(np.int64)
    return least, most


def _tail_shares(from_above: Counts, from_below: Counts, n_a: int, n_b: int) -> Floats:
    """P(X >= from_above) + P(X <= from_below), X side a's successes given all t of them."""
    shares = np.empty(from_above.shape)
    t = np.arange(n_a + n_b + 1)
    above = np.clip(from_above, np.maximum(t - n_b, 0), np.minimum(t, n_a) + 1)
    below = np.clip(from_below, np.maximum(t - n_b, 0) - 1, np.minimum(t, n_a))
    for rows, columns, pmf in _conditional(n_a, n_b, (below.min(axis=0), above.max(axis=0))):
        # A column of zeros on either side: an empty tail, on the far side of all successes.
        up_to = np.zeros((pmf.shape[0], pmf.shape[1] + 1))
        from_on = np.zeros_like(up_to)
        np.cumsum(pmf, axis=1, out=up_to[:, 1:])
        np.cumsum(pmf[:, ::-1], axis=1, out=from_on[:, -2::-1])
        row = np.arange(pmf.shape[0])
        high = above[:, rows] - columns.start
        low = below[:, rows] + 1 - columns.start
        shares[:, rows] = from_on[row, high] + up_to[row, low]
    return np.minimum(shares, 1.0)


def _fisher_shares(successes_a: Counts, n_a: int, successes_b: Counts, n_b: int) -> Floats:
    return _ordered_shares(
        lambda a, b: fisher_probabilities(a, n_a, b, n_b).two_sided,
        (successes_a, n_a, successes_b, n_b),
    )


def _fisher_greater_shares(successes_a: Counts, n_a: int, successes_b: Counts, n_b: int) -> Floats:
    return _ordered_shares(
        lambda a, b: fisher_probabilities(a, n_a, b, n_b).greater,
        (successes_a, n_a, successes_b, n_b),
    )


def _ordered_shares(
    p_value: Callable[[Counts, Counts], Floats], counts: tuple[Counts, int, Counts, int]
) -> Floats:
    """Chance, given t, of a table whose p-value is at most the observed one."""
    successes_a, n_a, successes_b, n_b = counts
    bound = _TIE * p_value(successes_a, successes_b)
    shares = np.empty((bound.size, n_a + n_b + 1))
    for rows, _, pmf in _conditional(n_a, n_b):
        a = np.arange(n_a + 1)
        b = np.arange(rows.start, rows.stop)[:, None] - a
        exists = (b >= 0) & (b <= n_b)
        found = np.full(b.shape, np.inf)
        found[exists] = p_value(np.broadcast_to(a, b.shape)[exists], b[exists])
        for index, most in enumerate(bound):
            shares[index, rows] = np.sum(pmf, axis=1, where=found <= most)
    return np.minimum(shares, 1.0)


def _conditional(
    n_a: int, n_b: int, ends: tuple[Counts, Counts] | None = None
) -> Iterator[tuple[slice, slice, Floats]]:
    """Probabilities of side a's successes (columns) given all t of them (rows), in blocks of rows.

    All columns 0 to n_a, or those around the mean and what lies between two ends for each t: from
    either on, what is left out is below 1e-16 of the tail.
    """
    total = n_a + n_b
    factorial = gammaln(np.arange(total + 1) + 1.0)
    size = max(1, _CELLS // (n_a + 1))
    for start in range(0, total + 1, size):
        t = np.arange(start, min(start + size, total + 1))
        columns = slice(0, n_a + 1)
        if ends is not None:
            middle = int(np.argmin(np.abs(2 * t - total)))
            spread = n_a * n_b / total**2 * t[middle] * (total - t[middle]) / max(total - 1, 1)
            far = ceil(_FAR * sqrt(spread)) + 1
            least = min(int(ends[0][t].min()) + 1, t[0] * n_a // total) - far
            most = max(int(ends[1][t].max()), -(-t[-1] * n_a // total)) + far
            columns = slice(max(least, 0), min(most, n_a) + 1)
        a = np.arange(columns.start, columns.stop)
        of_a = factorial[n_a] - factorial[a] - factorial[n_a - a]
        b = t[:, None] - a
        exists = (b >= 0) & (b <= n_b)
        b = np.clip(b, 0, n_b)
        of_b = factorial[n_b] - factorial[b] - factorial[n_b - b]
        of_all = factorial[total] - factorial[t] - factorial[total - t]
        log_pmf = np.where(exists, of_a + of_b - of_all[:, None], -np.inf)
        yield slice(start, start + t.size), columns, np.exp(log_pmf)
