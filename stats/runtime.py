"""Runtimes of one model: what published summaries allow, and what raw rows show."""

from dataclasses import dataclass
from math import inf, isfinite, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from stats.check import NoEstimateError, check_level, check_whole
from stats.interval import Estimate, Interval, TestResult


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """Mean A minus mean B, with Welch's test.

    Attributes
    ----------
    estimate : Estimate
        The difference in the unit of the data; n counts both groups.
    test : TestResult
        Two-sided; the statistic is t.
    degrees_of_freedom : float
        Welch-Satterthwaite's.
    """

    estimate: Estimate
    test: TestResult
    degrees_of_freedom: float


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A figure of a published summary that no data could have beside the others.

    Attributes
    ----------
    rule : str
        ``minimum_above_maximum``, ``mean_outside_range``, ``median_outside_range``,
        ``mean_impossible_for_median``, ``std_above_largest``, ``std_below_smallest`` or
        ``median_too_far_from_mean``.
    found : float
        The figure as published; for ``median_too_far_from_mean`` the distance of the two, for
        ``minimum_above_maximum`` the minimum.
    low, high : float
        What the other figures allow, rounding included; infinite where they set no limit.
    """

    rule: str
    found: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BoxStatistics:
    """What a box plot draws.

    Attributes
    ----------
    minimum, lower_quartile, median, upper_quartile, maximum : float
        Quartiles interpolate linearly between order statistics (Hyndman and Fan's type 7).
    lower_whisker, upper_whisker : float
        The outermost values within 1.5 interquartile ranges of the box (Tukey's).
    outliers : tuple of float
        Values beyond the whiskers, ascending.
    n : int
    """

    minimum: float
    lower_whisker: float
    lower_quartile: float
    median: float
    upper_quartile: float
    upper_whisker: float
    maximum: float
    outliers: tuple[float, ...]
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Ecdf:
    """Empirical distribution: at each of the distinct values, the share of values up to it.

    Attributes
    ----------
    values, share : float, shape (m,)
        Ascending; the last share is 1, or less where some never finished.
    n : int
        Values counted, those that never finished included.
    """

    values: NDArray[np.float64]
    share: NDArray[np.float64]
    n: int


def box_statistics(values: ArrayLike) -> BoxStatistics:
    """Summarise raw values for a box plot.

    Parameters
    ----------
    values : float, shape (n,)
        At least one, all finite.

    Raises
    ------
    ValueError
        A value that is not finite, or values in more than one dimension.
    NoEstimateError
        No values.

    References
    ----------
    Tukey (1977), Exploratory Data Analysis, ch. 2. Hyndman & Fan (1996), The American
    Statistician 50(4).
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or not np.isfinite(x).all():
        raise ValueError(f"values must be finite, of shape (n,), got shape {x.shape}")
    if x.size == 0:
        raise NoEstimateError("no values: there is nothing to summarise")
    lower, median, upper = np.quantile(x, [0.25, 0.5, 0.75])
    fence = 1.5 * (upper - lower)
    inside = (x >= lower - fence) & (x <= upper + fence)
    return BoxStatistics(
        minimum=float(x.min()),
        lower_whisker=float(min(x[inside].min(), lower)),
        lower_quartile=float(lower),
        median=float(median),
        upper_quartile=float(upper),
        upper_whisker=float(max(x[inside].max(), upper)),
        maximum=float(x.max()),
        outliers=tuple(np.sort(x[~inside]).tolist()),
        n=x.size,
    )


def ecdf(values: ArrayLike) -> Ecdf:
    """Count which share of the values is at most so large; infinite values never finished.

    Raises
    ------
    ValueError
        A value that is not a number, or values in more than one dimension.
    NoEstimateError
        No values.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or np.isnan(x).any():
        raise ValueError(f"values must be numbers, of shape (n,), got shape {x.shape}")
    if x.size == 0:
        raise NoEstimateError("no values: there is no distribution")
    distinct, counts = np.unique(x[np.isfinite(x)], return_counts=True)
    return Ecdf(distinct, np.cumsum(counts) / x.size, x.size)


def mean_interval_from_summary(
    count: int, mean: float, std: float, *, level: float = 0.95
) -> Estimate:
    """Student's t interval of a mean, from its published summary alone.

    The interval takes the runs for an independent sample and their mean for nearly normal. With
    runtimes, which are skewed to the right, it is too short on the right for small counts; a
    summary holds nothing to correct that with.

    Parameters
    ----------
    count : int
        Number of values behind the mean, at least 2.
    mean, std : float
        Mean, and standard deviation with divisor ``count - 1``, in the unit of the data.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        ``std`` is negative, a figure is not finite, or ``level`` is outside (0, 1).
    NoEstimateError
        Fewer than two values, or no spread: the interval would have no width.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6(1).
    """
    check_level(level)
    _check_moments(count, mean, std)
    half = _t_quantile(count - 1, level) * std / sqrt(count)
    interval = Interval(mean - half, mean + half, level, "student_t_from_summary")
    return Estimate(value=float(mean), interval=interval, n=int(count))


def welch_difference(
    count_a: int,
    mean_a: float,
    std_a: float,
    count_b: int,
    mean_b: float,
    std_b: float,
    *,
    level: float = 0.95,
) -> MeanDifference:
    """Mean A minus mean B from two published summaries, without assuming equal spread.

    The groups are taken as independent samples. Where both come from the same problems, or each
    from the problems that it happened to solve, the result says how the two sets of runs differ,
    not how two models would differ on one set of problems.

    Parameters
    ----------
    count_a, count_b : int
        Number of values behind each mean, at least 2.
    mean_a, std_a, mean_b, std_b : float
        Means, and standard deviations with divisor count - 1, in the unit of the data.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        A standard deviation is negative, a figure is not finite, or ``level`` is out of range.
    NoEstimateError
        A group of fewer than two values or without spread.

    References
    ----------
    Welch (1947), The generalization of Student's problem, Biometrika 34(1/2).
    Satterthwaite (1946), An approximate distribution of estimates of variance components,
    Biometrics Bulletin 2(6).
    """
    check_level(level)
    _check_moments(count_a, mean_a, std_a, suffix="_a")
    _check_moments(count_b, mean_b, std_b, suffix="_b")
    variance_a, variance_b = std_a**2 / count_a, std_b**2 / count_b
    variance = variance_a + variance_b
    freedom = variance**2 / (variance_a**2 / (count_a - 1) + variance_b**2 / (count_b - 1))
    difference = mean_a - mean_b
    half = _t_quantile(freedom, level) * sqrt(variance)
    t = difference / sqrt(variance)
    interval = Interval(difference - half, difference + half, level, "welch_t_from_summary")
    return MeanDifference(
        estimate=Estimate(difference, interval, int(count_a + count_b)),
        test=TestResult(_t_two_sided(t, freedom), "welch_t_from_summary", t),
        degrees_of_freedom=freedom,
    )


def summary_contradictions(
    count: int,
    mean: float,
    median: float,
    std: float,
    minimum: float,
    maximum: float,
    *,
    rounding: float = 0.0,
) -> tuple[Contradiction, ...]:
    """Find what is impossible in a published summary of one sample.

    Each rule is a theorem about any ``count`` numbers, so a contradiction means that a figure is
    wrong, not that it is unlikely. Whether ``std`` has divisor count or count - 1 is unknown: the
    reading that allows more is taken.

    Parameters
    ----------
    count : int
        Number of values, at least 1.
    mean, median, std, minimum, maximum : float
        As published, in one unit.
    rounding : float
        How far each published figure may be from the exact one: half a unit of its last decimal.

    Returns
    -------
    tuple of Contradiction
        Empty where the figures can stand together. A minimum above its maximum, or a mean or
        median that the range rules out, ends the search: the later rules presuppose them.

    Raises
    ------
    ValueError
        ``count`` is below 1 or no whole number, ``rounding`` is negative, or a figure is not
        finite.

    References
    ----------
    Bhatia & Davis (2000), A better bound on the variance, American Math. Monthly 107(4).
    Popoviciu (1935), Sur les équations algébriques ayant toutes leurs racines réelles,
    Mathematica 9; for a finite count the product of the two halves' sizes replaces n^2 / 4.
    Hotelling & Solomons (1932), The limits of a measure of skewness, Ann. Math. Stat. 3(2).
    """
    _check_summary(count, (mean, median, std, minimum, maximum), rounding)
    slack = rounding + 1e-12 * max(abs(minimum), abs(maximum), abs(mean))
    if minimum - maximum > 2 * slack:
        return (Contradiction("minimum_above_maximum", minimum, -inf, maximum + 2 * slack),)
    first = [
        ("mean_outside_range", mean, *_mean_bounds(count, minimum, maximum), 2 * slack),
        ("median_outside_range", median, minimum, maximum, 2 * slack),
    ]
    if found := _violated(first):
        return found
    centres = _mean_bounds_given_median(count, minimum, median, maximum)
    return _violated(
        [
            ("mean_impossible_for_median", mean, *centres, 2 * slack),
            (
                "std_above_largest",
                std,
                0.0,
                _largest_std(count, mean, minimum, maximum, slack),
                slack,
            ),
            (
                "std_below_smallest",
                std,
                _smallest_std(count, mean, minimum, maximum, slack),
                inf,
                slack,
            ),
            ("median_too_far_from_mean", abs(mean - median), 0.0, std, 3 * slack),
        ]
    )


def _check_moments(count: int, mean: float, std: float, *, suffix: str = "") -> None:
    """Refuse a summary that holds no interval."""
    if not (isfinite(mean) and isfinite(std)):
        raise ValueError(f"mean{suffix} and std{suffix} must be finite, got {mean} and {std}")
    if std < 0:
        raise ValueError(f"std{suffix} must be at least 0, got {std}")
    check_whole(count, name=f"count{suffix}", least=0)
    if count < 2:
        raise NoEstimateError(f"count{suffix} must be at least 2 to show any spread, got {count}")
    if std == 0:
        raise NoEstimateError(f"std{suffix} is 0: an interval of no width would claim certainty")


def _check_summary(count: int, figures: tuple[float, ...], rounding: float) -> None:
    check_whole(count, name="count", least=1)
    if not 0 <= rounding < inf:
        raise ValueError(f"rounding must be finite and at least 0, got {rounding}")
    if not all(map(isfinite, figures)):
        raise ValueError(f"mean, median, std, minimum and maximum must be finite, got {figures}")


def _violated(
    checks: list[tuple[str, float, float, float, float]],
) -> tuple[Contradiction, ...]:
    """Keep the checks (rule, found, low, high, slack) whose figure lies outside its bounds."""
    return tuple(
        Contradiction(rule, found, low - slack, high + slack)
        for rule, found, low, high, slack in checks
        if not low - slack <= found <= high + slack
    )


def _mean_bounds(count: int, minimum: float, maximum: float) -> tuple[float, float]:
    """Bound the mean: one value is the minimum, one the maximum, the rest lie at either."""
    low = minimum + (maximum - minimum) / count
    high = maximum - (maximum - minimum) / count
    return min(low, high), max(low, high)


def _mean_bounds_given_median(
    count: int, minimum: float, median: float, maximum: float
) -> tuple[float, float]:
    """Bound the mean: below the median all at the minimum and above it all but one at the median.

    The mirror image bounds it from above. Up to two values have no such freedom.
    """
    if count <= 2:
        return median, median
    outer = (count - 1) // 2
    inner = count - outer - 1
    low = (outer * minimum + inner * median + maximum) / count
    high = (outer * maximum + inner * median + minimum) / count
    return low, high


def _largest_std(count: int, mean: float, minimum: float, maximum: float, slack: float) -> float:
    """Bound the standard deviation (divisor count - 1) by range, count and mean."""
    if count == 1:
        return 0.0
    low, high = minimum - slack, maximum + slack
    centre = min(max((low + high) / 2, mean - slack), mean + slack)
    by_mean = count * max(high - centre, 0.0) * max(centre - low, 0.0)
    by_count = (count // 2) * (count - count // 2) / count * (high - low) ** 2
    return sqrt(min(by_mean, by_count) / (count - 1))


def _smallest_std(count: int, mean: float, minimum: float, maximum: float, slack: float) -> float:
    """Bound the standard deviation (divisor count) from below: both ends are values themselves."""
    if count == 1:
        return 0.0
    ends = [max(abs(end - mean) - 2 * slack, 0.0) for end in (minimum, maximum)]
    squares = ends[0] ** 2 + ends[1] ** 2
    if count > 2:
        rest = max(abs(minimum + maximum - 2 * mean) - 4 * slack, 0.0)
        squares += rest**2 / (count - 2)
    return sqrt(squares / count)


def _t_quantile(freedom: float, level: float) -> float:
    return float(stdtrit(freedom, (1 + level) / 2))


def _t_two_sided(t: float, freedom: float) -> float:
    return float(min(1.0, 2 * stdtr(freedom, -abs(t))))
