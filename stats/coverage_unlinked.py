"""How often intervals of two unlinked rates cover the truth, and tests reject it: exactly.

Every pair of counts has a known probability once the true rates are given, so coverage and
type-I error are sums over all pairs of counts, without simulation.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from stats.binomial import binomial_pmf
from stats.check import check_whole
from stats.power_unpaired import Rejects
from stats.roots import Floats

Limits = Callable[..., tuple[Floats, Floats]]
"""Array function of counts, such as `stats.independent.miettinen_nurminen_limits`."""

_ROUNDING = 1e-12  # a limit that is the true value covers it, whatever its last digits are


def difference_coverage(
    limits: Limits, n_a: int, n_b: int, *, rates: ArrayLike, level: float = 0.95
) -> Floats:
    """Exact coverage of an interval for ``p_a - p_b``.

    Parameters
    ----------
    limits
        The interval: an array function of counts.
    n_a, n_b : int
        Problems of either side, at least 1.
    rates : float, shape (k,)
        True pass rates in [0, 1]; every one is paired with every one.
    level : float
        Nominal coverage in (0, 1).

    Returns
    -------
    float, shape (k, k)
        Row i, column j: side a has rate i, side b rate j.
    """
    true = _checked(rates, n_a=n_a, n_b=n_b)
    return _coverage(limits, (n_a, n_b), true, true[:, None] - true, level)


def ratio_coverage(
    limits: Limits, n_a: int, n_b: int, *, rates: ArrayLike, level: float = 0.95
) -> Floats:
    """Exact coverage of an interval for ``p_a / p_b``; as `difference_coverage`, rates above 0."""
    true = _checked(rates, n_a=n_a, n_b=n_b)
    if (true <= 0).any():
        raise ValueError(f"rates must be above 0 for a ratio, got {true.min()}")
    return _coverage(limits, (n_a, n_b), true, true[:, None] / true, level)


def type_one_error(
    rejects: Rejects, n_a: int, n_b: int, *, rates: ArrayLike, alpha: float = 0.05
) -> Floats:
    """Exact probability that a test rejects equal rates although they are equal.

    Parameters
    ----------
    rejects
        The test: `fisher_region`, `fisher_midp_region` or `z_pooled_region` of
        `stats.power_unpaired`.
    n_a, n_b : int
        Problems of either side, at least 1.
    rates : float, shape (k,)
        The shared true pass rate, in [0, 1].
    alpha : float
        Nominal level in (0, 1).

    Returns
    -------
    float, shape (k,)
    """
    shared = _checked(rates, n_a=n_a, n_b=n_b)
    rejected = binomial_pmf(n_a, shared) @ rejects(n_a, n_b, alpha)
    error: Floats = np.sum(rejected * binomial_pmf(n_b, shared), axis=1)
    return error


def _checked(rates: ArrayLike, **sizes: int) -> Floats:
    for name, n in sizes.items():
        check_whole(n, name=name, least=1)
    true = np.asarray(rates, dtype=np.float64)
    if true.ndim != 1 or true.size == 0 or not ((true >= 0) & (true <= 1)).all():
        raise ValueError("rates must be a list of at least one, from 0 to 1")
    return true


def _coverage(
    limits: Limits, sizes: tuple[int, int], rates: Floats, truth: Floats, level: float
) -> Floats:
    n_a, n_b = sizes
    a, b = np.arange(n_a + 1)[:, None], np.arange(n_b + 1)
    low, high = limits(a, n_a, b, n_b, level=level)
    chance_a, chance_b = binomial_pmf(n_a, rates), binomial_pmf(n_b, rates)
    coverage = np.empty(truth.shape)
    for place, value in np.ndenumerate(truth):
        near = _ROUNDING * max(1.0, value)
        covers = (low <= value + near) & (value - near <= high)
        coverage[place] = chance_a[place[0]] @ covers @ chance_b[place[1]]
    return coverage
