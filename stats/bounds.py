"""What the paired comparison could be when only each model's count is known.

Two models ran the same problems, but who solved which is unknown. Each margin allows many tables
of (both, only a, only b, neither); the results here are ranges over all of them, without a guess
which one is true. Where a model lacks some problems and nobody knows which, the problems common
to both and the passes among them vary too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import check_level
from stats.interval import Interval
from stats.mcnemar import exact_p_values, midp_p_values
from stats.proportion import whole_numbers
from stats.tango import tango_limits
from stats.two_rates import Counts, as_two_rates, check_two_rates

Floats = NDArray[np.float64]

_BLOCK = 1 << 14  # comparisons expanded together, each into a few tables where little is missing


@dataclass(frozen=True, slots=True)
class LinkedTable:
    """One way in which two models' passes may fall together, on the problems common to both."""

    only_a: int
    only_b: int
    common: int

    @property
    def discordant(self) -> int:
        """Problems that exactly one of the two passed."""
        return self.only_a + self.only_b


@dataclass(frozen=True, slots=True)
class PairedTestRange:
    """Smallest and largest p-value of McNemar's test over all tables that the margins allow.

    Attributes
    ----------
    p_low, p_high : float
        Range of the mid-p test, two-sided.
    at_low, at_high : LinkedTable
        A table at each end: fewest and most discordant problems for its difference.
    exact_low, exact_high : float
        Range of the exact test.
    method : str
        The test of ``p_low`` and ``p_high``.
    """

    p_low: float
    p_high: float
    at_low: LinkedTable
    at_high: LinkedTable
    exact_low: float
    exact_high: float
    method: str = "mcnemar_midp"


@dataclass(frozen=True, slots=True)
class PairedIntervalRange:
    """How far either limit of the paired interval may move over all tables that fit the margins.

    Attributes
    ----------
    narrowest, widest : Interval
        Interval of a table with the least, the greatest width.
    envelope : Interval
        From the smallest lower to the largest upper limit: holds every possible interval.
    low_highest, high_lowest : float
        Largest lower and smallest upper limit: between them, if in order, lies every interval.
    """

    narrowest: Interval
    widest: Interval
    envelope: Interval
    low_highest: float
    high_lowest: float


def paired_test_range(
    passed_a: int, n_a: int, passed_b: int, n_b: int, *, n_problems: int
) -> PairedTestRange:
    """Range of McNemar's test over all tables with these margins.

    The mid-p test is the default, the exact one beside it. No table is left out: where n_a or n_b
    is below n_problems, any set of problems may be the missing one.

    Parameters
    ----------
    passed_a, n_a, passed_b, n_b : int
        Problems passed of those that the model attempted, 0 <= passed <= n, n >= 1.
    n_problems : int
        Problems of the benchmark, at least n_a and n_b.

    Returns
    -------
    PairedTestRange
        p is 1 for tables without discordant problems, also where no problem is common to both.

    Raises
    ------
    TypeError, ValueError
        A count is no whole number or out of its range.
    NoEstimateError
        A model attempted nothing.

    Notes
    -----
    For a given difference ``only_a - only_b`` the p-value never falls when a discordant problem
    is added on either side: with X ~ Binomial(m, 1/2) and Y ~ Binomial(2, 1/2),
    ``P(X + Y <= c + 1) - P(X <= c) = (P(X = c + 1) - P(X = c)) / 4``, not negative below the
    middle. So the fewest and the most discordant problems for each difference are all that is
    computed.
    """
    check_two_rates(passed_a, n_a, passed_b, n_b)
    ((_, tables),) = _tables(passed_a, n_a, passed_b, n_b, n_problems)
    few, many = (tables.only_a, tables.least_b), (tables.only_a_at_most, tables.most_b)
    midp_few, midp_many = midp_p_values(*few), midp_p_values(*many)
    low, high = int(np.argmin(midp_few)), int(np.argmax(midp_many))
    return PairedTestRange(
        p_low=float(midp_few[low]),
        p_high=float(midp_many[high]),
        at_low=LinkedTable(*(int(x[low]) for x in (*few, tables.common))),
        at_high=LinkedTable(*(int(x[high]) for x in (*many, tables.common))),
        exact_low=float(exact_p_values(*few).min()),
        exact_high=float(exact_p_values(*many).max()),
    )


def paired_test_ranges(
    passed_a: ArrayLike,
    n_a: ArrayLike,
    passed_b: ArrayLike,
    n_b: ArrayLike,
    *,
    n_problems: int,
) -> tuple[Floats, Floats]:
    """Range of the mid-p test for many comparisons at once: see `paired_test_range`.

    Parameters
    ----------
    passed_a, n_a, passed_b, n_b : int arrays that broadcast together
        Counts; all pairs of m models are two index arrays of length m (m - 1) / 2.
    n_problems : int
        Problems of the benchmark, at least every n_a and n_b.

    Returns
    -------
    (p_low, p_high) : float, the broadcast shape each
    """
    shape = np.broadcast(*map(np.asarray, (passed_a, n_a, passed_b, n_b))).shape
    low, high = [np.empty(0)], [np.empty(0)]
    for first, t in _tables(passed_a, n_a, passed_b, n_b, n_problems):
        low.append(np.minimum.reduceat(midp_p_values(t.only_a, t.least_b), first))
        high.append(np.maximum.reduceat(midp_p_values(t.only_a_at_most, t.most_b), first))
    return np.concatenate(low).reshape(shape), np.concatenate(high).reshape(shape)


def paired_difference_range(
    passed_a: int, n_a: int, passed_b: int, n_b: int, *, n_problems: int, level: float = 0.95
) -> PairedIntervalRange:
    """Range of Tango's score interval for ``p_a - p_b`` over all tables with these margins.

    Tables without a common problem hold no difference and are left out.

    Parameters
    ----------
    passed_a, n_a, passed_b, n_b, n_problems : int
        As in `paired_test_range`.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    TypeError, ValueError
        A count or the level is out of its range.
    NoEstimateError
        A model attempted nothing.

    Notes
    -----
    For a given difference on given problems the interval grows on both sides with the discordant
    ones: the quadratic of the restricted estimate q falls by the variance 2q + d (1 - d) for each
    problem added to either side, so q and the variance rise at every d.
    """
    check_level(level)
    check_two_rates(passed_a, n_a, passed_b, n_b)
    ((_, tables),) = _tables(passed_a, n_a, passed_b, n_b, n_problems)
    some = tables.common > 0
    common = tables.common[some]
    few = tango_limits(tables.only_a[some], tables.least_b[some], common, level=level)
    many = tango_limits(tables.only_a_at_most[some], tables.most_b[some], common, level=level)
    narrow, wide = int(np.argmin(few[1] - few[0])), int(np.argmax(many[1] - many[0]))

    def interval(low: float, high: float) -> Interval:
        return Interval(float(low), float(high), level, "tango")

    return PairedIntervalRange(
        narrowest=interval(few[0][narrow], few[1][narrow]),
        widest=interval(many[0][wide], many[1][wide]),
        envelope=interval(many[0].min(), many[1].max()),
        low_highest=float(few[0].max()),
        high_lowest=float(few[1].min()),
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """For each number of common problems and difference: the ends of the discordant problems."""

    common: Counts
    difference: Counts
    least_b: Counts
    most_b: Counts

    @property
    def only_a(self) -> Counts:
        return self.least_b + self.difference

    @property
    def only_a_at_most(self) -> Counts:
        return self.most_b + self.difference


def _tables(
    passed_a: ArrayLike, n_a: ArrayLike, passed_b: ArrayLike, n_b: ArrayLike, n_problems: int
) -> Iterator[tuple[Counts, _Tables]]:
    """Yield blocks of tables with the place where each comparison's begin."""
    rates = as_two_rates(passed_a, n_a, passed_b, n_b)
    (most,) = np.ravel(whole_numbers(n_problems, name="n_problems"))
    attempted = max(rates.n_a.max(initial=0), rates.n_b.max(initial=0))
    if most < attempted:
        raise ValueError(
            f"n_problems must be at least the {attempted} that a model attempted, got {most}"
        )
    for start in range(0, rates.n_a.size, _BLOCK):
        block = rates.part(slice(start, start + _BLOCK))
        yield _expand(block.successes_a, block.n_a, block.successes_b, block.n_b, int(most))


def _expand(
    passed_a: Counts, n_a: Counts, passed_b: Counts, n_b: Counts, n_problems: int
) -> tuple[Counts, _Tables]:
    of_pair, common = _ranges(np.maximum(n_a + n_b - n_problems, 0), np.minimum(n_a, n_b))
    passed_a, passed_b = passed_a[of_pair], passed_b[of_pair]
    # Passes on the common problems: at most all of them, at least those that fit nowhere else.
    low_a, high_a = np.maximum(0, passed_a - n_a[of_pair] + common), np.minimum(passed_a, common)
    low_b, high_b = np.maximum(0, passed_b - n_b[of_pair] + common), np.minimum(passed_b, common)
    of_common, difference = _ranges(low_a - high_b, high_a - low_b)
    common, low_a, high_a = common[of_common], low_a[of_common], high_a[of_common]
    low_b, high_b = low_b[of_common], high_b[of_common]
    # A table exists iff "both" has room: max(0, low_a - only_a, low_b - only_b) <= both and
    # both <= min(high_a - only_a, high_b - only_b, common - only_a - only_b).
    most_b = np.minimum.reduce(
        (
            high_a - difference,
            high_b,
            (common - difference) // 2,
            common - low_a,
            common - difference - low_b,
        )
    )
    pairs = of_pair[of_common]
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    return first, _Tables(common, difference, np.maximum(0, -difference), most_b)


def _ranges(low: Counts, high: Counts) -> tuple[Counts, Counts]:
    """Write out low, low + 1, ..., high for each element, with the element's index."""
    length = high - low + 1
    owner = np.repeat(np.arange(low.size), length)
    begin = np.cumsum(length) - length
    return owner, low[owner] + np.arange(owner.size) - begin[owner]
