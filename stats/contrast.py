"""Sums, differences and ratios of several unlinked rates: one model against a group's mean.

MOVER, the method of variance estimates recovery: each rate's own score limits tell how far it may
be off on either side, and these distances add in squares. The rates are taken as independent. On
shared problems they are positively linked: a difference or ratio is then known better than its
interval here says, a mean or sum less well.
"""

from collections.abc import Sequence
from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_count
from stats.interval import Estimate, Interval
from stats.proportion import check_counts, wilson_limits

Floats = NDArray[np.float64]


def mover_contrast(
    successes: ArrayLike, totals: ArrayLike, weights: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Weighted sum of unlinked rates, ``sum_i w_i p_i``, with its MOVER interval.

    With weights 1 and -1 this is Newcombe's hybrid score interval for a difference.

    Parameters
    ----------
    successes, totals : int, shape (k,)
        Successes among trials of each rate, 0 <= successes <= total, total >= 1.
    weights : float, shape (k,)
        Finite, any sign, not all 0: 1/k each for a mean; 1 and -1/k, ... for one against the mean.
    level : float
        Nominal coverage in (0, 1).

    Returns
    -------
    Estimate
        Interval by Wilson limits, never of width zero; n is the smallest of the totals.

    Raises
    ------
    TypeError, ValueError
        A count, weight or the level out of its range; unequal lengths.
    NoEstimateError
        A total is 0.

    References
    ----------
    Zou, Huang & Zhang (2009), Computational Statistics and Data Analysis 53:1080-1085.
    """
    passed, attempted = _check_rates(successes, totals)
    factors = _check_weights(weights, passed.size)
    limits = np.stack(wilson_limits(passed, attempted, level=level))
    value, low, high = _combined(passed / attempted, limits, factors)
    return Estimate(value, Interval(low, high, level, "mover_wilson"), int(attempted.min()))


def mover_of_estimates(estimates: Sequence[Estimate], weights: ArrayLike) -> Estimate:
    """Weighted sum of unlinked estimates of any kind, with its MOVER interval.

    Parameters
    ----------
    estimates : sequence of Estimate
        With intervals at one level, such as score intervals of means in separate strata.
    weights : float, shape (k,)
        As in `mover_contrast`, which also names the source.

    Returns
    -------
    Estimate
        n is the sum of the estimates' n.
    """
    factors = _check_weights(weights, len(estimates))
    levels = {estimate.interval.level for estimate in estimates}
    if len(levels) != 1:
        raise ValueError(f"estimates must have intervals at one level, got {sorted(levels)}")
    limits = np.array([(e.interval.low, e.interval.high) for e in estimates]).T
    value, low, high = _combined(np.array([e.value for e in estimates]), limits, factors)
    return Estimate(value, Interval(low, high, levels.pop(), "mover"), sum(e.n for e in estimates))


def _combined(values: Floats, limits: Floats, factors: Floats) -> tuple[float, float, float]:
    """Weighted sum and its limits: each value's distances to its own limits add in squares."""
    terms = factors * limits
    value = float(factors @ values)
    below = factors * values - terms.min(axis=0)
    above = terms.max(axis=0) - factors * values
    return value, value - sqrt(below @ below), value + sqrt(above @ above)


def mover_ratio(
    successes: int,
    n: int,
    successes_others: ArrayLike,
    totals_others: ArrayLike,
    *,
    level: float = 0.95,
) -> Estimate:
    """One rate over the mean of other unlinked rates, with its MOVER-R interval.

    A Fieller-type interval that needs no logarithm, hence takes counts of 0: no success of the
    one gives the lower limit 0, none of the others an infinite upper limit and estimate.

    Parameters
    ----------
    successes, n : int
        The rate above the line, 0 <= successes <= n, n >= 1.
    successes_others, totals_others : int, shape (k,)
        The rates below it, k >= 1; each counts alike in their mean.
    level : float
        Nominal coverage in (0, 1).

    Returns
    -------
    Estimate
        n is the smallest of all totals.

    Raises
    ------
    TypeError, ValueError
        A count or the level is out of its range; unequal lengths.
    NoEstimateError
        A total is 0, or no rate has a success: 0/0.

    References
    ----------
    Donner & Zou (2012), Statistical Methods in Medical Research 21:347-359.
    """
    check_count(successes, n)
    others = np.size(successes_others)
    below = mover_contrast(
        successes_others, totals_others, np.full(others, 1 / max(others, 1)), level=level
    )
    if successes == 0 and below.value == 0:
        raise NoEstimateError("neither the rate nor the others have a success: their ratio is 0/0")
    own = mover_contrast([successes], [n], [1.0], level=level)
    limits = Interval(*_ratio_limits(own, below), level, "mover_r_wilson")
    value = own.value / below.value if below.value > 0 else inf
    return Estimate(value, limits, min(own.n, below.n))


def _ratio_limits(above: Estimate, below: Estimate) -> tuple[float, float]:
    """Ratios at which a limit of ``above - ratio * below`` is 0.

    Squaring gives a quadratic for each limit, ``a r^2 - 2 b r + c = 0``, whose smaller
    (larger) root is wanted; where a vanishes or changes sign, c / (b + root) still is the lower.
    """
    t1, t2 = above.value, below.value
    l1, u1, l2, u2 = (above.interval.low, above.interval.high, *_ends(below))
    b = t1 * t2
    low = l1 * (2 * t1 - l1)
    if low > 0:
        low /= b + sqrt(max(b * b - low * u2 * (2 * t2 - u2), 0.0))
    a = l2 * (2 * t2 - l2)
    high = (b + sqrt(max(b * b - u1 * (2 * t1 - u1) * a, 0.0))) / a if a > 0 else inf
    return max(low, 0.0), high


def _ends(estimate: Estimate) -> tuple[float, float]:
    # A mean of rates cannot leave [0, 1]; its square roots may, by rounding.
    return max(estimate.interval.low, 0.0), min(estimate.interval.high, 1.0)


def _check_rates(
    successes: ArrayLike, totals: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if np.ndim(successes) != 1 or np.shape(successes) != np.shape(totals):
        raise ValueError(
            "successes and totals must be lists of one length, "
            f"got shapes {np.shape(successes)} and {np.shape(totals)}"
        )
    if np.size(successes) == 0:
        raise ValueError("successes must hold at least one rate, got none")
    return check_counts(successes, totals)


def _check_weights(weights: ArrayLike, size: int) -> Floats:
    factors = np.asarray(weights, dtype=np.float64)
    if factors.shape != (size,):
        raise ValueError(f"weights must have length {size}, got shape {factors.shape}")
    if not np.isfinite(factors).all() or not factors.any():
        raise ValueError(f"weights must be finite and not all 0, got {factors.tolist()}")
    return factors
