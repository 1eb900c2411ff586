"""How many problems it takes, where power is exact and therefore not monotone in their number."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stats.check import NoEstimateError, check_whole
from stats.proportion import whole_numbers
from stats.roots import bracketed_roots

Whole = NDArray[np.int64]

MOST_PROBLEMS = 20_000
_RUN = 10  # so many sizes in a row that fail (or reach) the power end the search below (above)


@dataclass(frozen=True, slots=True)
class ProblemsNeeded:
    """How many problems give the wanted power.

    Attributes
    ----------
    smallest : int
        The least number that reaches the power.
    lasting : int
        From this number on the power stays reached; some between it and ``smallest`` fall short,
        because the power of an exact test does not rise steadily.
    power : float
        Power at ``smallest``.
    """

    smallest: int
    lasting: int
    power: float


def problems_needed(
    power_at: Callable[[int], float], wanted: float, *, most: int = MOST_PROBLEMS
) -> ProblemsNeeded:
    """Search a saw-toothed, on the whole rising power curve for the wanted power.

    Doubles, halves, then looks at every size near the crossing until 10 in a row below it fail
    and 10 in a row above it succeed.

    Raises
    ------
    TypeError, ValueError
        ``wanted`` outside (0, 1), ``most`` no whole number or below 1.
    NoEstimateError
        Even ``most`` problems fall short.
    """

    @cache
    def enough(n: int) -> bool:
        return power_at(n) >= wanted

    check_whole(most, name="most", least=1)
    check_plan(power=wanted)
    low, high = 0, 1
    while not enough(high):
        if high >= most:
            raise NoEstimateError(f"more than {most} problems: the difference is too small to plan")
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    smallest = lasting = high
    n = high - 1
    while n > max(0, smallest - 1 - _RUN):
        smallest = n if enough(n) else smallest
        n -= 1
    n = smallest + 1
    while n < lasting + _RUN:
        lasting = lasting if enough(n) else max(lasting, n + 1)
        n += 1
    return ProblemsNeeded(smallest, lasting, power_at(smallest))


def last_true(holds: Callable[[Whole], NDArray[np.bool_]], first: Whole, last: Whole) -> Whole:
    """Last of first, ..., last where something holds that, once it stops, never holds again.

    Binary search in all elements at once; first - 1 where it never holds.
    """
    low, high = first - 1, last + 1
    while (high - low > 1).any():
        middle = (low + high) // 2
        yes = holds(middle) | (middle <= low)
        low, high = np.where(yes, middle, low), np.where(yes, high, middle)
    return low


def crossing(excess: Callable[[float], float], low: float, high: float) -> float:
    """Where a function of one number changes its sign between low and high."""

    def function(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([excess(float(value)) for value in x])

    return float(bracketed_roots(function, np.array([low]), np.array([high]))[0])


def check_plan(
    *, n: int | None = None, alpha: float | None = None, power: float | None = None
) -> None:
    """Raise unless n is a whole number from 1 on, alpha and power strictly between 0 and 1."""
    if n is not None and whole_numbers(n, name="n") < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    for name, value in (("alpha", alpha), ("power", power)):
        if value is not None and not 0 < value < 1:
            raise ValueError(f"{name} must be between 0 and 1 (exclusive), got {value}")
