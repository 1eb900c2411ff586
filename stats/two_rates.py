"""Two unlinked rates as counts: the checks and array shapes that their methods share."""

from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import check_count, together
from stats.proportion import check_counts, normal_quantile

Counts = NDArray[np.int64]


class TwoRates(NamedTuple):
    """Checked counts of many comparisons, flattened to one length, and their first shape."""

    successes_a: Counts
    n_a: Counts
    successes_b: Counts
    n_b: Counts
    shape: tuple[int, ...]

    def part(self, where: slice) -> "TwoRates":
        """Return the comparisons in a slice: work in blocks bounds the memory."""
        a, n_a = self.successes_a[where], self.n_a[where]
        return TwoRates(a, n_a, self.successes_b[where], self.n_b[where], a.shape)


def check_two_rates(
    successes_a: int, n_a: int, successes_b: int, n_b: int
) -> tuple[int, int, int, int]:
    """Raise unless both are whole numbers of successes among at least one trial.

    Returns them as Python's: products of NumPy's 32-bit counts overflow at 216 problems.
    """
    check_count(successes_a, n_a, name="successes_a")
    check_count(successes_b, n_b, name="successes_b")
    return int(successes_a), int(n_a), int(successes_b), int(n_b)


def as_two_rates(
    successes_a: ArrayLike, n_a: ArrayLike, successes_b: ArrayLike, n_b: ArrayLike
) -> TwoRates:
    """Check four arrays of counts and broadcast them against each other.

    Raises
    ------
    TypeError
        An array does not hold whole numbers.
    ValueError
        Successes outside 0 to n, or shapes that do not broadcast.
    NoEstimateError
        A comparison has a side without trials.
    """
    side_a = check_counts(successes_a, n_a, name="successes_a")
    side_b = check_counts(successes_b, n_b, name="successes_b")
    arrays = together(side_a=side_a[0], n_a=side_a[1], side_b=side_b[0], n_b=side_b[1])
    a, all_a, b, all_b = (np.ravel(array) for array in arrays)
    return TwoRates(a, all_a, b, all_b, arrays[0].shape)


def distinct(rates: TwoRates) -> tuple[TwoRates, NDArray[np.intp]]:
    """Return each comparison once, and where every one of them is found again.

    Among all pairs of many models on few problems the same counts meet again and again: 1,000
    models on 107 problems are 499,500 pairs, but at most 108 x 108 different ones.

    Returns
    -------
    rates, place
        ``place`` has the original shape; ``result[place]`` puts results back into it.
    """
    columns = rates[:4]
    bases = [int(column.max(initial=0)) + 1 for column in columns]
    if prod(bases) >= np.iinfo(np.int64).max:  # too many to number: leave them as they are
        return rates, np.arange(rates.n_a.size).reshape(rates.shape)
    key = np.ravel_multi_index(columns, bases)
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    a, n_a, b, n_b = (column[first] for column in columns)
    return TwoRates(a, n_a, b, n_b, first.shape), place.reshape(rates.shape)


def score_scale(rates: TwoRates, level: float, *, bias_factor: bool) -> NDArray[np.float64]:
    """Squared normal quantile for each comparison, times N / (N - 1) with the bias factor."""
    total = (rates.n_a + rates.n_b).astype(np.float64)
    factor = total / (total - 1) if bias_factor else np.ones_like(total)
    scale: NDArray[np.float64] = normal_quantile(level) ** 2 * factor
    return scale
