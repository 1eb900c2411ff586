"""Intervals for one rate: `successes` of `n` problems.

Every method exists twice: ``<method>_limits`` takes arrays of counts and returns two arrays, and
the scalar function of the method's name wraps it into an `Interval`. Wilson's is the default at
about 100 problems; the others are here to be compared with, and because readers know them.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainccinv, betaincinv, ndtri

from stats.check import NoEstimateError, check_count, check_level, together
from stats.interval import Interval

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Limits = tuple[FloatArray, FloatArray]


def normal_quantile(level: float) -> float:
    """Return the unrounded two-sided normal quantile: 1.959963984540054 at 0.95."""
    check_level(level)
    return float(-ndtri((1 - level) / 2))


def whole_numbers(values: ArrayLike, *, name: str) -> IntArray:
    """Return the values as an array of whole numbers; TypeError for any other kind."""
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold whole numbers, got an array of {array.dtype}")
    return array.astype(np.int64)


def check_counts(
    successes: ArrayLike, n: ArrayLike, *, name: str = "successes"
) -> tuple[IntArray, IntArray]:
    """Check arrays of counts and return them broadcast to one shape.

    Raises
    ------
    TypeError
        Not whole numbers (booleans and floats are refused, even 3.0).
    ValueError
        Shapes that do not fit together, or a count outside 0 to n; the message gives its place.
    NoEstimateError
        An ``n`` below 1: 0/0 is no rate.
    """
    whole = {name: whole_numbers(successes, name=name), "n": whole_numbers(n, name="n")}
    x, total = together(**whole)
    if np.any(total < 1):
        where = _first(total < 1)
        raise NoEstimateError(f"n must be at least 1, got {total[where]}{_place(where)}: 0/0")
    wrong = (x < 0) | (x > total)
    if np.any(wrong):
        where = _first(wrong)
        raise ValueError(
            f"{name} must be between 0 and n = {total[where]}, got {x[where]}{_place(where)}"
        )
    return x, total


def _first(wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(wrong)[0])


def _place(where: tuple[int, ...]) -> str:
    return f" at index {', '.join(map(str, where))}" if where else ""


def wilson_limits(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Wilson's score limits for arrays of counts; see `wilson`."""
    x, total = check_counts(successes, n)
    z = normal_quantile(level)
    return _mirrored(lambda hits: _score_lower(hits.astype(float), total, z), x, total)


def wilson(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """Wilson's score interval, without continuity correction: the default for one rate.

    All rates p with ``|p_hat - p| <= z * sqrt(p (1 - p) / n)``. The lower limit is exactly 0 at
    0 successes, the upper exactly 1 at n.

    Parameters
    ----------
    successes, n : int
        Problems solved, and problems attempted; ``0 <= successes <= n``, ``n >= 1``.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    TypeError, ValueError
        Counts that are no whole numbers or out of range; a level outside (0, 1).
    NoEstimateError
        ``n`` is 0.

    References
    ----------
    Wilson (1927), J. Am. Stat. Assoc. 22:209; Newcombe (1998), Stat. Med. 17:857, method 3.
    """
    return _one(wilson_limits, successes, n, level=level, method="wilson")


def wilson_continuity_limits(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Wilson's limits with continuity correction for arrays of counts; see `wilson_continuity`."""
    x, total = check_counts(successes, n)
    z = normal_quantile(level)
    return _mirrored(
        lambda hits: np.where(hits == 0, 0.0, _score_lower(np.maximum(hits - 0.5, 0), total, z)),
        x,
        total,
    )


def wilson_continuity(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """Wilson's interval with continuity correction: all p with ``|p_hat - p| - 1/(2n) <= z se(p)``.

    The correction is kept at ``successes = n/2`` too, where some software drops it. 0 at no
    success, 1 at n. Parameters and errors as in `wilson`.

    References
    ----------
    Newcombe (1998), Stat. Med. 17:857, method 4.
    """
    return _one(wilson_continuity_limits, successes, n, level=level, method="wilson_cc")


def clopper_pearson_limits(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Exact limits for arrays of counts; see `clopper_pearson`."""
    x, total = check_counts(successes, n)
    check_level(level)
    tail = (1 - level) / 2
    # The larger of (shape, 1) keeps the unused corner of each quantile inside its domain.
    low = np.where(x == 0, 0.0, betaincinv(np.maximum(x, 1), total - x + 1, tail))
    high = np.where(x == total, 1.0, betainccinv(x + 1, np.maximum(total - x, 1), tail))
    return low, high


def clopper_pearson(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """Exact interval of Clopper and Pearson: each tail at most ``(1 - level)/2``, so conservative.

    Beta quantiles with (x, n - x + 1) and (x + 1, n - x); 0 at no success, 1 at n. Parameters and
    errors as in `wilson`.

    References
    ----------
    Clopper & Pearson (1934), Biometrika 26:404.
    """
    return _one(clopper_pearson_limits, successes, n, level=level, method="clopper_pearson")


def jeffreys_limits(
    successes: ArrayLike, n: ArrayLike, *, level: float = 0.95, modified: bool = True
) -> Limits:
    """Jeffreys limits for arrays of counts; see `jeffreys`."""
    x, total = check_counts(successes, n)
    check_level(level)
    tail = (1 - level) / 2
    low = np.asarray(betaincinv(x + 0.5, total - x + 0.5, tail))
    high = np.asarray(betainccinv(x + 0.5, total - x + 0.5, tail))
    if modified:
        low, high = np.where(x == 0, 0.0, low), np.where(x == total, 1.0, high)
    return low, high


def jeffreys(successes: int, n: int, *, level: float = 0.95, modified: bool = True) -> Interval:
    """Jeffreys interval: equal-tailed quantiles of Beta(x + 1/2, n - x + 1/2).

    ``modified`` sets the lower limit to 0 at no success and the upper to 1 at n, without which
    the interval never covers rates close to 0 and 1. Parameters and errors as in `wilson`.

    References
    ----------
    Brown, Cai & DasGupta (2001), Stat. Sci. 16:101, sections 3.1.3 and 4.1.2.
    """

    def limits(x: ArrayLike, total: ArrayLike, *, level: float) -> Limits:
        return jeffreys_limits(x, total, level=level, modified=modified)

    return _one(limits, successes, n, level=level, method="jeffreys")


def agresti_coull_limits(
    successes: ArrayLike, n: ArrayLike, *, level: float = 0.95, truncated: bool = True
) -> Limits:
    """Agresti-Coull limits for arrays of counts; see `agresti_coull`."""
    x, total = check_counts(successes, n)
    z = normal_quantile(level)
    size = total + z**2
    centre = (x + z**2 / 2) / size
    half = z * np.sqrt(centre * (1 - centre) / size)
    low, high = centre - half, centre + half
    return (np.maximum(low, 0), np.minimum(high, 1)) if truncated else (low, high)


def agresti_coull(
    successes: int, n: int, *, level: float = 0.95, truncated: bool = True
) -> Interval:
    """Agresti-Coull interval: Wald's after adding z²/2 successes and z²/2 failures.

    Not the rounded "plus four". Its limits can lie outside [0, 1]; ``truncated`` cuts them there.
    Parameters and errors as in `wilson`.

    References
    ----------
    Agresti & Coull (1998), Am. Stat. 52:119.
    """

    def limits(x: ArrayLike, total: ArrayLike, *, level: float) -> Limits:
        return agresti_coull_limits(x, total, level=level, truncated=truncated)

    return _one(limits, successes, n, level=level, method="agresti_coull")


def wald_limits(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Wald limits for arrays of counts; see `wald`."""
    x, total = check_counts(successes, n)
    z = normal_quantile(level)
    rate = x / total
    half = z * np.sqrt(rate * (1 - rate) / total)
    return rate - half, rate + half


def wald(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """Wald interval ``p_hat ± z sqrt(p_hat (1 - p_hat) / n)``, for comparison only.

    Not cut to [0, 1], and of zero width at 0 and n successes, where it claims a certainty that
    the data do not give. Parameters and errors as in `wilson`.
    """
    return _one(wald_limits, successes, n, level=level, method="wald")


def _score_lower(x: FloatArray, n: IntArray, z: float) -> FloatArray:
    # The smaller root of (n + z²) p² - (2x + z²) p + x²/n = 0 from the product of both roots:
    # no cancellation, and exactly 0 at x = 0.
    larger = (x + z**2 / 2 + z * np.sqrt(x * (n - x) / n + z**2 / 4)) / (n + z**2)
    lower: FloatArray = x**2 / (n * (n + z**2) * larger)
    return lower


def _mirrored(lower: Callable[[IntArray], FloatArray], x: IntArray, n: IntArray) -> Limits:
    """Limits of a method that treats failures as it treats successes."""
    return lower(x), 1 - lower(n - x)


def _one(
    limits: Callable[..., Limits], successes: int, n: int, *, level: float, method: str
) -> Interval:
    check_count(successes, n)
    low, high = limits(successes, n, level=level)
    return Interval(float(low), float(high), level, method)
