"""Two unlinked rates as counts: the checks and array shapes that their methods share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import check_count
from stats.proportion import check_counts

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


def check_two_rates(successes_a: int, n_a: int, successes_b: int, n_b: int) -> None:
    """Raise unless both are whole numbers of successes among at least one trial."""
    check_count(successes_a, n_a, name="successes_a")
    check_count(successes_b, n_b, name="successes_b")


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
    arrays = np.broadcast_arrays(*side_a, *side_b)
    a, all_a, b, all_b = (np.ravel(array) for array in arrays)
    return TwoRates(a, all_a, b, all_b, arrays[0].shape)
