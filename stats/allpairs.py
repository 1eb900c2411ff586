"""Compare every model with every other on the same problems, from one matrix product.

With outcomes as a problems x models matrix of 0 and 1, the product of its transpose with itself
counts the problems that two models both passed; the sums of its columns give the rest. Counts
up to 2^24 are exact in single precision, which halves the time of the product.

Tests and limits depend on the counts alone, and far fewer distinct counts occur than pairs: each
is computed once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_level
from stats.mcnemar import midp_and_exact_p_values
from stats.tango import tango_limits

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]

EXACT_IN_SINGLE = 1 << 24  # whole numbers up to here are exact in float32, sums included
DENSE = 1 << 24  # distinct codes are marked in a table up to this size, found by sorting beyond


@dataclass(frozen=True, slots=True)
class PairTables:
    """The four counts of every pair of models; pair k is (first[k], second[k]), first < second.

    Pairs come row by row: (0, 1), (0, 2), …, (1, 2), …; all arrays have length m (m - 1) / 2.

    Attributes
    ----------
    n_models, n_problems : int
        Shape of the outcomes.
    first, second : int arrays
        Positions of the pair's models.
    both, only_first, only_second, neither : int arrays
        Problems passed by both, by one alone, by neither, among those that both attempted.
    """

    n_models: int
    n_problems: int
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    both: Counts
    only_first: Counts
    only_second: Counts
    neither: Counts

    @property
    def n(self) -> Counts:
        """Problems that both models of the pair attempted."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def missing(self) -> Counts:
        """Problems left out of the pair because a model has no outcome there."""
        return self.n_problems - self.n

    def differences(self) -> Floats:
        """Pass rate of the first model minus that of the second, for every pair.

        Raises
        ------
        NoEstimateError
            Two models have no problem in common; the message names the first such pair.
        """
        n = self.n
        if np.any(n == 0):
            k = int(np.argmin(n))
            pair = f"{self.first[k]} and {self.second[k]}"
            raise NoEstimateError(f"models {pair} have no problem in common: no difference")
        return (self.only_first - self.only_second) / n

    def matrix(self, values: ArrayLike, *, diagonal: float, swapped: float = 1.0) -> Floats:
        """Lay a value of each pair out as an (m, m) matrix.

        Parameters
        ----------
        values : (m (m - 1) / 2,)
            ``[i, j]`` of the result for i < j.
        diagonal : float
            What stands on the diagonal.
        swapped : float
            1 for what does not depend on the order of the pair (p-values), -1 for what it turns
            around (differences): ``[j, i] = swapped * [i, j]``.
        """
        square = np.full((self.n_models, self.n_models), diagonal, dtype=np.float64)
        square[self.first, self.second] = values
        square[self.second, self.first] = swapped * np.asarray(values)
        return square


@dataclass(frozen=True, slots=True)
class AllPairs:
    """Tests and intervals of every pair of models.

    Attributes
    ----------
    tables : PairTables
        The counts, in whose order the arrays below are.
    level : float
        Nominal coverage of each interval on its own.
    low, high : float arrays
        Tango's limits of the first model's pass rate minus the second's; (-1, 1) for a pair
        without common problems.
    p_midp, p_exact : float arrays
        McNemar's tests, two-sided, not adjusted for the number of pairs.
    """

    tables: PairTables
    level: float
    low: Floats
    high: Floats
    p_midp: Floats
    p_exact: Floats


def pair_tables(outcomes: ArrayLike) -> PairTables:
    """Count how the outcomes of every two models fall together.

    Parameters
    ----------
    outcomes : (n_problems, n_models) bool, or 0, 1 and NaN
        Row i is one problem for all models; NaN where a model has no outcome. A pair is counted
        on the problems that both models attempted, which can differ from pair to pair.

    Returns
    -------
    PairTables

    Raises
    ------
    ValueError
        Not two-dimensional, under two models, no problems, 2^24 problems or more, or a value
        other than 0, 1 and NaN.
    """
    passed, known = check_outcomes(outcomes)
    n_problems, m = passed.shape
    first, second = np.triu_indices(m, k=1)
    both = (passed.T @ passed)[first, second].astype(np.int32)
    if known is None:
        totals = passed.sum(axis=0).astype(np.int32)
        passed_first, passed_second = totals[first], totals[second]
        n = np.full(both.shape, n_problems, dtype=np.int32)
    else:
        passed_common = (passed.T @ known).astype(np.int32)  # [i, j]: i passed, j attempted
        passed_first, passed_second = passed_common[first, second], passed_common[second, first]
        n = (known.T @ known)[first, second].astype(np.int32)
    return PairTables(
        n_models=m,
        n_problems=n_problems,
        first=first,
        second=second,
        both=both,
        only_first=passed_first - both,
        only_second=passed_second - both,
        neither=n - passed_first - passed_second + both,
    )


def check_outcomes(
    outcomes: ArrayLike,
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Return what passed, as 0 and 1, and what is known, or None where everything is."""
    values = np.asarray(outcomes)
    if values.ndim != 2 or values.shape[0] < 1 or values.shape[1] < 2:
        raise ValueError(
            f"outcomes must be problems x models, at least 1 x 2, got shape {values.shape}"
        )
    if values.shape[0] >= EXACT_IN_SINGLE:
        raise ValueError(f"outcomes must have fewer than {EXACT_IN_SINGLE} problems")
    if values.dtype == np.bool_:
        return values.astype(np.float32), None
    values = values.astype(np.float64)
    absent = np.isnan(values)
    wrong = values[~(absent | (values == 0) | (values == 1))]
    if wrong.size:
        raise ValueError(f"outcomes must hold 0, 1 or NaN, got {wrong[0]}")
    if not absent.any():
        return values.astype(np.float32), None
    return np.where(absent, 0.0, values).astype(np.float32), (~absent).astype(np.float32)


def compare_all(outcomes: ArrayLike, *, level: float = 0.95) -> AllPairs:
    """Test and interval of every pair of models: McNemar mid-p and exact, Tango.

    Takes about 80 bytes for each pair at its peak.

    Parameters
    ----------
    outcomes : (n_problems, n_models) bool, or 0, 1 and NaN
        As in `pair_tables`, which also says what is raised.
    level : float in (0, 1)
        Nominal coverage of each interval.

    Returns
    -------
    AllPairs
    """
    check_level(level)
    tables = pair_tables(outcomes)
    p_midp, p_exact = pair_p_values(tables)
    low, high = pair_limits(tables, level=level)
    return AllPairs(tables, level, low, high, p_midp, p_exact)


def pair_p_values(tables: PairTables) -> tuple[Floats, Floats]:
    """McNemar's mid-p and exact p-value of every pair, in the order of the tables."""
    fewer, more = _sorted_counts(tables)
    width = int(more.max()) + 1

    def tests(codes: NDArray[np.int64]) -> tuple[Floats, Floats]:
        return midp_and_exact_p_values(*np.divmod(codes, width))

    return _once_each(fewer * width + more, int(fewer.max() + 1) * width, tests)


def pair_limits(tables: PairTables, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Tango's limits of every pair, in the order of the tables; (-1, 1) without common problems."""
    check_level(level)
    fewer, more = _sorted_counts(tables)
    n = tables.n.astype(np.int64)
    width, most = int(more.max()) + 1, int(n.max())
    # Most releases have the same problems for all pairs; then n is no part of the code.
    totals = most + 1 if int(n.min()) < most else 1
    codes = fewer * width + more
    if totals > 1:
        codes = codes * totals + n

    def limits(distinct: NDArray[np.int64]) -> tuple[Floats, Floats]:
        counts, total = np.divmod(distinct, totals) if totals > 1 else (distinct, most)
        few, many = np.divmod(counts, width)
        low, high = tango_limits(few, many, np.maximum(total, 1), level=level)
        return np.where(total == 0, -1.0, low), np.where(total == 0, 1.0, high)

    low, high = _once_each(codes, int(fewer.max() + 1) * width * totals, limits)
    # The limits are those of the model with fewer: swapping the two turns the interval around.
    mirrored = tables.only_first > tables.only_second
    return np.where(mirrored, -high, low), np.where(mirrored, -low, high)


def _sorted_counts(tables: PairTables) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Both discordant counts of each pair, the smaller first, wide enough to be multiplied."""
    a, b = tables.only_first.astype(np.int64), tables.only_second.astype(np.int64)
    return np.minimum(a, b), np.maximum(a, b)


def _once_each(
    codes: NDArray[np.int64],
    size: int,
    function: Callable[[NDArray[np.int64]], tuple[Floats, Floats]],
) -> tuple[Floats, Floats]:
    """Evaluate the function once for each distinct code in 0 … size - 1, and spread the results."""
    if size <= DENSE:
        present = np.zeros(size, dtype=np.bool_)
        present[codes] = True
        distinct = np.flatnonzero(present)
        place = np.empty(size, dtype=np.int32)
        place[distinct] = np.arange(distinct.size, dtype=np.int32)
        one, other = function(distinct)
        where = place[codes]
        return one[where], other[where]
    distinct, positions = np.unique(codes, return_inverse=True)
    one, other = function(distinct)
    return one[positions], other[positions]
