"""Differences and ratios of means on the same problems, for values between 0 and 1.

The problem is the unit: two models' values on one problem (share of samples passed, partial mark)
form a pair, and the pair's difference carries what the two have in common.
"""

from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError
from stats.grid import check_finite
from stats.interval import Estimate, Interval
from stats.proportion import normal_quantile

Floats = NDArray[np.float64]

_ROUNDING = 1e-9  # relative: sums of thousands of differences are this exact


def score_limits_of_differences(
    total: ArrayLike, squares: ArrayLike, n: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of mean differences from their sums and sums of squares, elementwise.

    A difference d from -1 to 1 is moved to (d + 1) / 2, whose mean gets the score interval of
    `stats.problem_means.score_interval_of_means`; the limits are moved back. So a pair that never
    differs keeps an interval as wide as one further problem could make it.

    Parameters
    ----------
    total, squares : float, equal shapes
        Sum of the differences over n problems, and of their squares.
    n : int
        Problems of each pair; 0 gives limits of -1 and 1.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        Sums that no n differences from -1 to 1 have, NaN included; ``level`` out of range.
    """
    z = normal_quantile(level)
    problems, sums, squared = (np.asarray(x, dtype=np.float64) for x in (n, total, squares))
    most = problems * (1 + _ROUNDING)
    near = (np.abs(sums) <= most) & (squared >= 0) & (squared <= most) & np.isfinite(most)
    near &= problems == np.floor(problems)
    if not near.all():
        raise ValueError("total and squares must be sums over n differences from -1 to 1")
    count = np.maximum(problems, 1.0)
    difference = sums / count
    mean = (difference + 1) / 2
    spread = np.maximum(squared - count * difference**2, 0.0) / 4
    binary = mean * (1 - mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (spread + binary) / (count + 1)
        worth = count * np.where(binary > 0, np.maximum(binary / variance, 1.0), 1.0)
    centre = (mean * worth + z**2 / 2) / (worth + z**2)
    half = z / (worth + z**2) * np.sqrt(worth * binary + z**2 / 4)
    low = np.where(mean <= 0, -1.0, 2 * np.maximum(centre - half, 0.0) - 1)
    high = np.where(mean >= 1, 1.0, 2 * np.minimum(centre + half, 1.0) - 1)
    unknown = problems == 0
    return np.where(unknown, -1.0, low), np.where(unknown, 1.0, high)


def score_interval_of_differences(differences: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Mean of differences from -1 to 1 over problems, with its score interval.

    Parameters
    ----------
    differences : float, shape (problems,)
        Value of one model minus value of another (or minus a group's mean) on each problem.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        A value outside [-1, 1].
    NoEstimateError
        No problems.
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.ndim != 1 or not ((d >= -1) & (d <= 1)).all():
        raise ValueError("differences must be numbers in [-1, 1], one for each problem")
    if d.size == 0:
        raise NoEstimateError("no problem in common: there is no difference")
    low, high = score_limits_of_differences(d.sum(), (d**2).sum(), d.size, level=level)
    limits = Interval(float(low), float(high), level, "score_by_problem")
    return Estimate(float(d.mean()), limits, d.size)


def fieller(above: ArrayLike, below: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Ratio of two means on the same problems, with Fieller's interval.

    All ratios r for which the mean of ``above - r below`` is within z standard errors of 0, the
    variance taken about 0 as a score test does.

    Parameters
    ----------
    above, below : float, shape (problems,)
        Values from 0 to 1 of the two models on each problem.
    level : float
        Nominal coverage in (0, 1).

    Returns
    -------
    Estimate
        The upper limit is infinite where the mean below cannot be told from 0.

    Raises
    ------
    ValueError
        Unequal lengths, or a value outside 0 to 1.
    NoEstimateError
        No problems, or a mean of 0 below.

    References
    ----------
    Fieller (1954), J. R. Stat. Soc. B 16:175-185.
    """
    a, b = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"above and below must pair problems, got shapes {a.shape} and {b.shape}")
    for name, values in (("above", a), ("below", b)):
        check_finite(values, name=name)
        if ((values < 0) | (values > 1)).any():
            raise ValueError(f"{name} must hold values from 0 to 1")
    if a.size == 0 or b.sum() == 0:
        raise NoEstimateError("the mean below is 0: there is no ratio")
    n, z2 = a.size, normal_quantile(level) ** 2
    # (sum a - r sum b)^2 = z^2 sum (a - r b)^2 (1 - share), a quadratic in r.
    factor = z2 / (1 + z2 / n)
    square = b.sum() ** 2 - factor * (b @ b)
    middle = a.sum() * b.sum() - factor * (a @ b)
    constant = a.sum() ** 2 - factor * (a @ a)
    root = sqrt(max(middle**2 - square * constant, 0.0))
    if square > 0:
        low, high = (middle - root) / square, (middle + root) / square
    else:
        low, high = constant / (middle + root) if middle + root > 0 else 0.0, inf
    value = float(a.sum() / b.sum())
    limits = Interval(min(max(low, 0.0), value), max(high, value), level, "fieller")
    return Estimate(value, limits, n)
