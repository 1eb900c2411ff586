"""What the paired comparison could be when only each model's count is known.

Two models ran the same problems, but who solved which is unknown. Each margin allows many tables
of (both, only a, only b, neither); the results here are ranges over all of them, without a guess
which one is true. Where a model lacks some problems and nobody knows which, the problems common
to both and the passes among them vary too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import check_level
from stats.interval import Interval
from stats.linked_tables import LinkedTables, linked_tables, linked_tables_over_strata
from stats.mcnemar import exact_p_values, midp_p_values
from stats.tango import tango_limits
from stats.two_rates import as_two_rates, check_two_rates, distinct

Floats = NDArray[np.float64]


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
    return _test_range(_single(passed_a, n_a, passed_b, n_b, n_problems))


def paired_test_range_over_strata(
    passed_a: ArrayLike,
    n_a: ArrayLike,
    passed_b: ArrayLike,
    n_b: ArrayLike,
    *,
    n_problems: ArrayLike,
) -> PairedTestRange:
    """Range of McNemar's test where each model's counts are known in several strata.

    The strata part the problems, by category and difficulty for instance. A pass in one stratum
    cannot answer one in another, so the range lies within that of the sums.

    Parameters
    ----------
    passed_a, n_a, passed_b, n_b : int, shape (k,)
        Problems passed of those that the model attempted, for each stratum that both attempted;
        leave out the others, they hold no common problem.
    n_problems : int, shape (k,)
        Problems of each stratum.

    Raises
    ------
    TypeError, ValueError
        A count is no whole number or out of its range; unequal lengths, no stratum.
    NoEstimateError
        A model attempted nothing in some stratum.
    """
    return _test_range(_over_strata(passed_a, n_a, passed_b, n_b, n_problems))


def _test_range(tables: LinkedTables) -> PairedTestRange:
    few, many = (tables.least_a, tables.least_b), (tables.most_a, tables.most_b)
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
    rates, place = distinct(as_two_rates(passed_a, n_a, passed_b, n_b))
    low, high = [np.empty(0)], [np.empty(0)]
    for first, tables in linked_tables(rates, n_problems):
        p_few = midp_p_values(tables.least_a, tables.least_b)
        p_many = midp_p_values(tables.most_a, tables.most_b)
        low.append(np.minimum.reduceat(p_few, first))
        high.append(np.maximum.reduceat(p_many, first))
    return np.concatenate(low)[place], np.concatenate(high)[place]


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
    return _interval_range(_single(passed_a, n_a, passed_b, n_b, n_problems), level)


def paired_difference_range_over_strata(
    passed_a: ArrayLike,
    n_a: ArrayLike,
    passed_b: ArrayLike,
    n_b: ArrayLike,
    *,
    n_problems: ArrayLike,
    level: float = 0.95,
) -> PairedIntervalRange:
    """Range of Tango's score interval where each model's counts are known in several strata.

    The interval is that of all problems together. Counts and errors as in
    `paired_test_range_over_strata`, level as in `paired_difference_range`.
    """
    check_level(level)
    return _interval_range(_over_strata(passed_a, n_a, passed_b, n_b, n_problems), level)


def _interval_range(tables: LinkedTables, level: float) -> PairedIntervalRange:
    some = tables.common > 0
    common = tables.common[some]
    few = tango_limits(tables.least_a[some], tables.least_b[some], common, level=level)
    many = tango_limits(tables.most_a[some], tables.most_b[some], common, level=level)
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


def _single(passed_a: int, n_a: int, passed_b: int, n_b: int, n_problems: int) -> LinkedTables:
    ((_, tables),) = linked_tables(as_two_rates(passed_a, n_a, passed_b, n_b), n_problems)
    return tables


def _over_strata(
    passed_a: ArrayLike, n_a: ArrayLike, passed_b: ArrayLike, n_b: ArrayLike, n_problems: ArrayLike
) -> LinkedTables:
    shapes = {np.shape(x) for x in (passed_a, n_a, passed_b, n_b, n_problems)}
    if len(shapes) > 1 or len(next(iter(shapes))) != 1 or shapes == {(0,)}:
        raise ValueError(
            f"counts and n_problems must be lists of one length, at least 1; got {sorted(shapes)}"
        )
    return linked_tables_over_strata(as_two_rates(passed_a, n_a, passed_b, n_b), n_problems)
