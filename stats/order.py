"""How far a list is from being in order, and how often chance comes as near."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial, isfinite

LONGEST_LIST = 170
"""``factorial(170)`` is the last that a float holds."""


@dataclass(frozen=True, slots=True)
class Order:
    """A list held against one direction.

    Attributes
    ----------
    n : int
        Items.
    out_of_place : tuple of int
        Positions that have to move, ascending: the fewest whose removal leaves the list in order.
        Empty where it is in order; equal neighbours are.
    inversions : tuple of pairs of int
        Positions (earlier, later) of every pair that stands the wrong way round.
    chance : float
        How often a random order of ``n`` different items has at most as many out of place;
        only for none and one, 1 beyond (the bound that says nothing).
    """

    n: int
    out_of_place: tuple[int, ...]
    inversions: tuple[tuple[int, int], ...]
    chance: float


def order(values: Sequence[float], *, descending: bool) -> Order:
    """Find what keeps a list from being in order.

    Parameters
    ----------
    values
        The numbers as they stand, top to bottom.
    descending
        Largest first; otherwise smallest first.

    Raises
    ------
    ValueError
        A value is not finite.

    References
    ----------
    Schensted (1961), Longest increasing and decreasing subsequences, Canadian J. Math. 13: of the
    n! orders, (n - 1)^2 + 1 have a longest increasing subsequence of n - 1 or more.
    """
    if not all(isfinite(value) for value in values):
        raise ValueError("values must be finite numbers")
    rising = [-value if descending else value for value in values]
    kept = _longest_rising(rising)
    out = tuple(i for i in range(len(rising)) if i not in kept)
    return Order(
        n=len(rising),
        out_of_place=out,
        inversions=tuple(
            (i, j)
            for i in range(len(rising))
            for j in range(i + 1, len(rising))
            if rising[i] > rising[j]
        ),
        chance=_chance(len(rising), len(out)),
    )


def _longest_rising(values: Sequence[float]) -> frozenset[int]:
    """Positions of one longest subsequence that never falls (patience sorting)."""
    tails: list[float] = []  # the smallest end of any such subsequence, by its length
    ends: list[int] = []  # where that end stands
    before: list[int | None] = []
    for position, value in enumerate(values):
        length = bisect_right(tails, value)
        before.append(ends[length - 1] if length else None)
        tails[length : length + 1] = [value]
        ends[length : length + 1] = [position]
    kept = []
    position_or_none = ends[-1] if ends else None
    while position_or_none is not None:
        kept.append(position_or_none)
        position_or_none = before[position_or_none]
    return frozenset(kept)


def _chance(n: int, out: int) -> float:
    if out > 1 or n < 2:
        return 1.0
    if n > LONGEST_LIST:
        return 0.0
    return (1 if out == 0 else (n - 1) ** 2 + 1) / factorial(n)
