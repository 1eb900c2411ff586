"""Every way in which two models' passes may fall together, given only each model's counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from stats.proportion import whole_numbers
from stats.two_rates import Counts, TwoRates

_BLOCK = 1 << 14  # comparisons expanded together, each into a few tables where little is missing


@dataclass(frozen=True, slots=True)
class LinkedTables:
    """For each number of common problems and difference: the ends of the discordant problems.

    Every whole number between the ends is possible too.

    Attributes
    ----------
    common : int array
        Problems that both models attempted.
    difference : int array
        Problems passed by a alone less those passed by b alone.
    least_b, most_b : int array
        Fewest and most problems that b alone may have passed.
    """

    common: Counts
    difference: Counts
    least_b: Counts
    most_b: Counts

    @property
    def least_a(self) -> Counts:
        """Problems passed by a alone where b has fewest."""
        return self.least_b + self.difference

    @property
    def most_a(self) -> Counts:
        """Problems passed by a alone where b has most."""
        return self.most_b + self.difference

    def part(self, where: slice) -> "LinkedTables":
        """Return the tables in a slice."""
        return LinkedTables(
            self.common[where], self.difference[where], self.least_b[where], self.most_b[where]
        )


def linked_tables(rates: TwoRates, n_problems: int) -> Iterator[tuple[Counts, LinkedTables]]:
    """Yield the tables of many comparisons in blocks, with the place where each one's begin.

    Raises
    ------
    TypeError, ValueError
        ``n_problems`` is no whole number, or below what a model attempted.
    """
    most = _check_problems(rates, n_problems)
    for start in range(0, rates.n_a.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        yield _expand(rates.part(part), most[part])


def linked_tables_over_strata(rates: TwoRates, n_problems: ArrayLike) -> LinkedTables:
    """Return the tables of one comparison whose counts are known in each of several strata.

    Problems and passes add over the strata, and so do the ends for given common problems and
    difference: the strata are added one by one, keeping the outermost ends.
    """
    first, tables = _expand(rates, _check_problems(rates, n_problems))
    bounds = [*first.tolist(), tables.common.size]
    strata = [tables.part(slice(*ends)) for ends in pairwise(bounds)]
    return reduce(_added, strata)


def _added(one: LinkedTables, other: LinkedTables) -> LinkedTables:
    common, difference, least, most = (
        np.add.outer(x, y).ravel()
        for x, y in (
            (one.common, other.common),
            (one.difference, other.difference),
            (one.least_b, other.least_b),
            (one.most_b, other.most_b),
        )
    )
    order = np.lexsort((difference, common))
    common, difference, least, most = (x[order] for x in (common, difference, least, most))
    changes = (np.diff(common, prepend=-1) != 0) | (np.diff(difference, prepend=0) != 0)
    changes[0] = True
    first = np.flatnonzero(changes)
    return LinkedTables(
        common[first],
        difference[first],
        np.minimum.reduceat(least, first),
        np.maximum.reduceat(most, first),
    )


def _check_problems(rates: TwoRates, n_problems: ArrayLike) -> Counts:
    most = np.broadcast_to(whole_numbers(n_problems, name="n_problems"), rates.n_a.shape)
    attempted = np.maximum(rates.n_a, rates.n_b)
    few = np.flatnonzero(most < attempted)
    if few.size:
        raise ValueError(
            f"n_problems must be at least the {attempted[few[0]]} that a model attempted, "
            f"got {most[few[0]]}"
        )
    return most


def _expand(rates: TwoRates, n_problems: Counts) -> tuple[Counts, LinkedTables]:
    passed_a, n_a, passed_b, n_b, _ = rates
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
    return first, LinkedTables(common, difference, np.maximum(0, -difference), most_b)


def _ranges(low: Counts, high: Counts) -> tuple[Counts, Counts]:
    """Write out low, low + 1, ..., high for each element, with the element's index."""
    length = high - low + 1
    owner = np.repeat(np.arange(low.size), length)
    begin = np.cumsum(length) - length
    return owner, low[owner] + np.arange(owner.size) - begin[owner]
