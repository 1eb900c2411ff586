"""The ratio of two pass rates on the same problems: "a solves 0.87 of what b solves".

The ratio is (both + only_a) / (both + only_b). Problems that neither model solved cancel, from
the estimate and from every interval here; they stay in the signatures so that a table of four
counts can be handed on whole.

The default is Tang's score interval: it has a width without discordant problems too, and limits
where a count is 0.
"""

from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_level, together
from stats.interval import Estimate, Interval
from stats.mcnemar import check_counts
from stats.proportion import normal_quantile, whole_numbers
from stats.roots import bracketed_roots

Floats = NDArray[np.float64]


def ratio(both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95) -> Estimate:
    """Pass rate of a over that of b on the same problems, with Tang's interval.

    Parameters
    ----------
    both, only_a, only_b, neither : int
        Problems passed by both models, by one alone, by neither.
    level : float in (0, 1)
        Nominal coverage.

    Returns
    -------
    Estimate
        In [0, inf]; infinite where b passed no problem and a did.

    Raises
    ------
    TypeError, ValueError
        A count that is no whole number, or negative; ``level`` outside (0, 1).
    NoEstimateError
        Neither model passed any problem: 0/0.
    """
    both, only_a, only_b, neither = _check(both, only_a, only_b, neither, level)
    interval = tang(both, only_a, only_b, neither, level=level)
    n = both + only_a + only_b + neither
    if both + only_a + only_b == 0:
        raise NoEstimateError(f"neither model passed any of the {n} problems: the ratio is 0/0")
    passed_b = both + only_b
    value = (both + only_a) / passed_b if passed_b else inf
    return Estimate(value, interval, n)


def tang(both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95) -> Interval:
    """Tang's score interval: the ratios that the score test does not reject.

    Parameters
    ----------
    both, only_a, only_b, neither, level
        As in `ratio`, which also says what is raised; 0/0 gives (0, inf): nothing is excluded.

    Returns
    -------
    Interval
        Lower limit 0 only where a passed nothing, upper limit infinite only where b did not.

    References
    ----------
    Tang, Tang & Chan (2003), On tests of equivalence via non-unity relative risk for matched-pair
    design, Stat Med 22:1217-1233. Fagerland, Lydersen & Laake (2014), Stat Med 33:2850-2875, sec 5.
    """
    both, only_a, only_b, _ = _check(both, only_a, only_b, neither, level)
    low, high = tang_limits(both, only_a, only_b, level=level)
    return Interval(float(low), float(high), level, "paired_ratio_tang")


def tang_limits(
    both: ArrayLike, only_a: ArrayLike, only_b: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of Tang's interval for many pairs at once.

    Parameters
    ----------
    both, only_a, only_b : int arrays that broadcast together, at least 0
        Problems passed by both models, by one alone.
    level : float in (0, 1)
        Nominal coverage.

    Returns
    -------
    low, high : float arrays of the common shape, in [0, inf]

    Raises
    ------
    TypeError, ValueError
        Counts that are no whole numbers, or negative; ``level`` outside (0, 1).
    """
    z = normal_quantile(level)
    named = (("both", both), ("only_a", only_a), ("only_b", only_b))
    whole = {name: whole_numbers(values, name=name) for name, values in named}
    a, b, c = (x.astype(np.float64) for x in together(**whole))
    if np.any((a < 0) | (b < 0) | (c < 0)):
        raise ValueError("both, only_a and only_b must be at least 0")
    low = _lower(a.ravel(), b.ravel(), c.ravel(), z)
    with np.errstate(divide="ignore"):
        high = 1 / _lower(a.ravel(), c.ravel(), b.ravel(), z)
    return low.reshape(a.shape), high.reshape(a.shape)


def _lower(both: Floats, only_a: Floats, only_b: Floats, z: float) -> Floats:
    """Lower limits; the upper ones are one over those of the swapped models."""
    passed_a, passed_b = both + only_a, both + only_b
    # Solved by hand, where the equation has a second root at the estimate or a pole there.
    nothing, alone, agree = passed_a == 0, passed_b == 0, only_a + only_b == 0
    limit = np.where(alone, only_a / z**2, both / (both + z * z))
    limit[nothing] = 0.0
    rest = ~(nothing | alone | agree)
    a, b, c = both[rest], only_a[rest], only_b[rest]
    estimate = (a + b) / (2 * a + b + c)
    share = bracketed_roots(
        _excess, np.zeros(a.shape), estimate, a, b, c, np.full(a.shape, z), tolerance=1e-15
    )
    limit[rest] = share / (1 - share)
    return limit


def _excess(share: Floats, both: Floats, only_a: Floats, only_b: Floats, z: Floats) -> Floats:
    """Give what the data have beyond a ratio r, less z standard errors; share = r / (1 + r).

    Everything is multiplied by 1 - share, so that an infinite ratio is an ordinary point.
    """
    rest = 1 - share
    passed_a, passed_b, any_passed = both + only_a, both + only_b, both + only_a + only_b
    # rest q^2 + linear q + constant = 0 gives the expected count of "only b" under the ratio.
    linear = passed_b * share**2 - (passed_a + 2 * only_b) * rest**2
    constant = only_b * (1 - 2 * share) * rest * any_passed
    root = np.sqrt(np.maximum(linear**2 - 4 * rest * constant, 0.0))
    q = np.where(
        linear > 0,
        -2 * constant / np.where(linear > 0, root + linear, 1.0),
        (root - linear) / (2 * rest),
    )
    variance = np.maximum(rest * q + (2 * share - 1) * rest * any_passed, 0.0)
    result: Floats = passed_a * rest - passed_b * share - z * np.sqrt(variance)
    return result


def wald_ratio(
    both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95
) -> Interval:
    """Wald's interval on the log scale, kept for comparison with reports that print it.

    The standard error of the log ratio is sqrt((only_a + only_b) / (passed_a passed_b)). It is 0
    without discordant problems: that width of zero is the method's failure, not certainty.

    Parameters
    ----------
    both, only_a, only_b, neither, level
        As in `ratio`, which also says what is raised.

    Returns
    -------
    Interval
        (0, inf) where either model passed nothing.

    References
    ----------
    Desu & Raghavarao (2004), Nonparametric Statistical Methods for Complete and Censored Data.
    Fagerland, Lydersen & Laake (2014), Stat Med 33:2850-2875, sec 5.
    """
    both, only_a, only_b, _ = _check(both, only_a, only_b, neither, level)
    passed_a, passed_b = both + only_a, both + only_b
    if passed_a == 0 or passed_b == 0:
        return Interval(0.0, inf, level, "paired_ratio_wald")
    half = normal_quantile(level) * sqrt((only_a + only_b) / (passed_a * passed_b))
    centre = log(passed_a / passed_b)
    return Interval(exp(centre - half), exp(centre + half), level, "paired_ratio_wald")


def bonett_price_ratio(
    both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95
) -> Interval:
    """Bonett and Price's hybrid: quotients of Wilson limits at a level that joins them.

    Parameters
    ----------
    both, only_a, only_b, neither, level
        As in `ratio`, which also says what is raised.

    Returns
    -------
    Interval
        (0, inf) where neither model passed anything.

    References
    ----------
    Bonett & Price (2006), Confidence intervals for a ratio of binomial proportions based on paired
    data, Stat Med 25:3039-3047.
    """
    both, only_a, only_b, _ = _check(both, only_a, only_b, neither, level)
    any_passed = both + only_a + only_b
    if any_passed == 0:
        return Interval(0.0, inf, level, "paired_ratio_bonett_price")
    z = _joint_quantile(both + only_a, both + only_b, any_passed, only_a + only_b, level)
    low_a, high_a = _wilson(both + only_a, any_passed, z)
    low_b, high_b = _wilson(both + only_b, any_passed, z)
    high = high_a / low_b if low_b > 0 else inf
    return Interval(low_a / high_b, high, level, "paired_ratio_bonett_price")


def _joint_quantile(
    passed_a: int, passed_b: int, any_passed: int, discordant: int, level: float
) -> float:
    """Scale z so that the two Wilson intervals together are as wide as the log ratio's."""
    together = sqrt((discordant + 2) / ((passed_a + 1) * (passed_b + 1)))
    apart = sum(
        sqrt((1 - (passed + 1) / (any_passed + 2)) / (passed + 1))
        for passed in (passed_a, passed_b)
    )
    return normal_quantile(level) * together / apart


def _wilson(successes: int, n: int, z: float) -> tuple[float, float]:
    """Wilson's limits at any z, exactly 0 at none and 1 at all."""
    centre = (successes + z * z / 2) / (n + z * z)
    half = z * sqrt(successes * (n - successes) / n + z * z / 4) / (n + z * z)
    low = centre - half if successes > 0 else 0.0
    high = centre + half if successes < n else 1.0
    return low, high


def _check(
    both: int, only_a: int, only_b: int, neither: int, level: float
) -> tuple[int, int, int, int]:
    both, only_a, only_b, neither = check_counts(
        both=both, only_a=only_a, only_b=only_b, neither=neither
    )
    check_level(level)
    if both + only_a + only_b + neither == 0:
        raise NoEstimateError("no problem was attempted by both models: there is no ratio")
    return both, only_a, only_b, neither
