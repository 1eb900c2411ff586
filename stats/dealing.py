"""Exact p-values where each problem's results are dealt out anew over the models.

Cochran's Q and Friedman's statistic both grow with the sum of the models' squared totals, since
a problem's results only change places. The distribution of the totals is built up problem by
problem; totals that are permutations of each other are kept as one, sorted, because the models
are exchangeable under the null.
"""

from collections.abc import Iterator
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

from stats.check import NoEstimateError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_DEALS = 50_000  # orders of one problem's results
MOST_STEPS = 20_000_000  # totals formed while counting


def exact_tail(values: Ints) -> float:
    """P(sum of squared column sums >= observed) under permutations within each row.

    Parameters
    ----------
    values : (n_problems, n_models) int
        Outcomes or ranks.

    Returns
    -------
    float
        Ties included.

    Raises
    ------
    NoEstimateError
        Too many arrangements to count within some ten seconds.

    References
    ----------
    Pagano & Tritchler (1983), On obtaining permutation distributions in polynomial time, JASA
    78:435-440 (adding one problem at a time).
    """
    observed = int((values.sum(axis=0) ** 2).sum())
    sums, mass = np.zeros((1, values.shape[1]), dtype=np.int64), np.ones(1)
    steps = 0
    for row in np.sort(values, axis=1).tolist():
        deals = _deals(tuple(row))
        steps += sums.shape[0] * deals.shape[0]
        if steps > MOST_STEPS:
            n, k = values.shape
            raise NoEstimateError(f"{n} problems x {k} models have too many arrangements to count")
        sums, mass = _add_row(sums, mass, deals)
    reached = (sums**2).sum(axis=1) >= observed
    return float(min(1.0, mass[reached].sum()))


def _add_row(sums: Ints, mass: Floats, deals: Ints) -> tuple[Ints, Floats]:
    """Distribution of the sorted sums after one more problem, each deal equally likely."""
    k = sums.shape[1]
    dealt = np.sort((sums[:, np.newaxis] + deals).reshape(-1, k), axis=1)
    first, places = _distinct(dealt)
    weights = np.repeat(mass / deals.shape[0], deals.shape[0])
    merged = np.bincount(places, weights=weights)
    return dealt[first], merged.astype(np.float64)


def _distinct(dealt: Ints) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find one row for each distinct one, and the place of every row among them."""
    base, k = int(dealt[:, -1].max()) + 1, dealt.shape[1]
    if base ** (k - 1) < 1 << 62:  # the total is the same for all: the last sum adds nothing
        codes = dealt[:, :-1] @ base ** np.arange(k - 1)
        _, first, places = np.unique(codes, return_index=True, return_inverse=True)
        return first, places
    _, first, places = np.unique(dealt, axis=0, return_index=True, return_inverse=True)
    return first, places.ravel()


def _deals(row: tuple[int, ...]) -> Ints:
    """All distinct orders of a sorted row."""
    counts = [row.count(value) for value in set(row)]
    number = factorial(len(row)) // prod(factorial(count) for count in counts)
    if number > MOST_DEALS:
        raise NoEstimateError(f"a problem's results have {number} orders: too many to count")
    return np.array(list(_orders(row)), dtype=np.int64)


def _orders(row: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(row) <= 1:
        yield row
    for i, value in enumerate(row):
        if i == 0 or value != row[i - 1]:
            for rest in _orders(row[:i] + row[i + 1 :]):
                yield (value, *rest)
