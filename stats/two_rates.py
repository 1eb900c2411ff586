"""Two unlinked rates as counts: the checks and array shapes that their methods share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_count

Counts = NDArray[np.int64]


class TwoRates(NamedTuple):
    """Checked counts of many comparisons, flattened to one shape (k,)."""

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
    """Broadcast four arrays of counts against each other and check them.

    Raises
    ------
    TypeError
        An array does not hold whole numbers.
    ValueError
        Successes outside 0 to n, or shapes that do not broadcast.
    NoEstimateError
        A comparison has a side without trials.
    """
    named = {"successes_a": successes_a, "n_a": n_a, "successes_b": successes_b, "n_b": n_b}
    arrays = np.broadcast_arrays(*(whole(name, value) for name, value in named.items()))
    passed_a, all_a, passed_b, all_b = (np.ravel(array) for array in arrays)
    _check_side(passed_a, all_a, "a")
    _check_side(passed_b, all_b, "b")
    return TwoRates(passed_a, all_a, passed_b, all_b, arrays[0].shape)


def whole(name: str, value: ArrayLike) -> Counts:
    """Return an array of whole numbers; raise TypeError for anything else."""
    array = np.asarray(value)
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name} must hold whole numbers, got dtype {array.dtype}")
    return array.astype(np.int64)


def _check_side(successes: Counts, n: Counts, side: str) -> None:
    if (n < 1).any():
        raise NoEstimateError(
            f"n_{side} must be at least 1, got {n.min()}: there is nothing to estimate from"
        )
    wrong = (successes < 0) | (successes > n)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"successes_{side} must be between 0 and n_{side} = {n[first]}, got {successes[first]}"
        )
