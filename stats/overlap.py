"""The change of a mean between two sets of problems that overlap in part.

Problems that both releases hold link the two rates; those that only one holds do not. The limits
of each mean are joined with the correlation that the shared problems give, so that the interval is
the paired one where all problems are shared and the unlinked one where none is.
"""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_level
from stats.interval import Estimate, Interval
from stats.problem_means import score_interval_of_means

Floats = NDArray[np.float64]


def overlapping_difference(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Mean of ``after`` minus mean of ``before``, with a score interval that knows the overlap.

    Parameters
    ----------
    before, after : float, shape (problems,)
        Values in [0, 1] of the problems of either set; NaN where the set lacks the problem.
    level : float
        Nominal coverage in (0, 1).

    Returns
    -------
    Estimate
        ``n`` is the number of problems in both. On outcomes of 0 and 1 the interval is Newcombe's
        paired one (method 10) where the sets are the same, and his unlinked one where they are
        disjoint.

    Raises
    ------
    ValueError
        Unequal shapes, a value outside [0, 1], or a level outside (0, 1).
    NoEstimateError
        A set without problems.

    References
    ----------
    Newcombe (1998), Stat Med 17:873-890 and 17:2635-2650, for the two ends. Zou (2007),
    Psychological Methods 12:399-413, for joining limits of correlated estimates. Derrick, Russ,
    Toher & White (2017), Journal of Modern Applied Statistical Methods 16(1):137-157, for the
    correlation of two means over partly shared units, r n_common / sqrt(n_before n_after).
    """
    check_level(level)
    x, y = _pair(before, after)
    own = [values[~np.isnan(values)] for values in (x, y)]
    for name, values in zip(("before", "after"), own, strict=True):
        if values.size == 0:
            raise NoEstimateError(f"{name} holds no problem: there is no mean to compare")
    means = [score_interval_of_means(values, level=level) for values in own]
    return _joined(means[0], means[1], mean_correlation(x, y), _common(x, y))


def mean_correlation(before: ArrayLike, after: ArrayLike) -> float:
    """Correlation of two means over partly shared problems; 0 where the shared ones do not vary.

    A positive covariance on the n shared problems is reduced by 1 / (2 n), not below 0: Newcombe's
    correction for continuity, without which few problems pretend to a link too strong.

    Parameters
    ----------
    before, after : float, shape (problems,)
        As in `overlapping_difference`.

    Raises
    ------
    ValueError
        Unequal shapes, or a value outside [0, 1].
    """
    x, y = _pair(before, after)
    both = ~(np.isnan(x) | np.isnan(y))
    n = int(both.sum())
    if n < 2:
        return 0.0
    a, b = x[both] - x[both].mean(), y[both] - y[both].mean()
    spread, product = sqrt(float(a @ a) * float(b @ b)), float(a @ b)
    if spread == 0:
        return 0.0
    r = max((max(product - 0.5, 0.0) if product > 0 else product) / spread, -1.0)
    return r * n / sqrt(int((~np.isnan(x)).sum()) * int((~np.isnan(y)).sum()))


def paired_mean_difference(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Mean of ``after - before`` on shared problems, with a score interval that is never empty.

    The differences, brought to [0, 1], are treated as `stats.problem_means` treats problem values;
    the further problem mixed in there keeps differences that are all alike from pretending to
    certainty.

    Parameters
    ----------
    before, after : float, shape (problems,)
        Values in [0, 1], all present.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        Unequal shapes, no problem, or a value outside [0, 1].
    """
    x, y = (np.asarray(values, dtype=np.float64) for values in (before, after))
    if x.shape != y.shape:
        raise ValueError(
            f"before and after must be lists of one length, got shapes {x.shape} and {y.shape}"
        )
    for values in (x, y):
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError("values must be numbers in [0, 1]")
    halves = score_interval_of_means((1 + y - x) / 2, level=level)
    limits = halves.interval
    scaled = Interval(2 * limits.low - 1, 2 * limits.high - 1, level, "paired_mean_score")
    return Estimate(2 * halves.value - 1, scaled, halves.n)


def _common(x: Floats, y: Floats) -> int:
    return int((~(np.isnan(x) | np.isnan(y))).sum())


def _joined(before: Estimate, after: Estimate, correlation: float, n: int) -> Estimate:
    """Difference of two means whose limits are known, and how strongly they are linked."""
    value, level = after.value - before.value, after.interval.level
    down, up = after.value - after.interval.low, after.interval.high - after.value
    earlier_down, earlier_up = (
        before.value - before.interval.low,
        before.interval.high - before.value,
    )
    low = value - _add(down, earlier_up, correlation)
    high = value + _add(up, earlier_down, correlation)
    return Estimate(value, Interval(low, high, level, "overlap_score"), n)


def _add(one: float, other: float, correlation: float) -> float:
    """Add two half-widths of correlated estimates in squares."""
    return sqrt(max(one**2 - 2 * correlation * one * other + other**2, 0.0))


def _pair(before: ArrayLike, after: ArrayLike) -> tuple[Floats, Floats]:
    """Check two lists of values from 0 to 1, NaN where there is none."""
    x, y = (np.asarray(values, dtype=np.float64) for values in (before, after))
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(
            f"before and after must be lists of one length, got shapes {x.shape} and {y.shape}"
        )
    for name, values in (("before", x), ("after", y)):
        known = values[~np.isnan(values)]
        if ((known < 0) | (known > 1)).any():
            raise ValueError(f"{name} must hold values in [0, 1], or NaN where there is none")
    return x, y
