"""Every table that n problems can give for two models, with its probability."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DISCORDANCES = np.arange(1, 13) * 0.05
"""Share of problems that exactly one of two models passes: 5 % to 60 %."""

LEANS = (np.arange(10) + 0.5) / 10
"""True difference as a share of the discordance; negative ones mirror these."""

BOTH = (0.25, 0.5, 0.75)
"""Share of the other problems that both models pass."""


@dataclass(frozen=True, slots=True)
class Tables:
    """All ways in which n problems fall into three or four cells.

    Attributes
    ----------
    n : int
    cells : tuple of int arrays, each of shape (tables,)
        Only a, only b, the rest; or both, only a, only b, neither.
    """

    n: int
    cells: tuple[Ints, ...]

    def chances(self, truths: Sequence[tuple[float, ...]]) -> Iterator[Floats]:
        """Yield the probability of every table, once for each truth (the cells' probabilities)."""
        ways = gammaln(self.n + 1) - sum(gammaln(cell + 1) for cell in self.cells)
        for truth in truths:
            pairs = zip(self.cells, np.log(truth), strict=True)
            yield np.exp(ways + sum(cell * share for cell, share in pairs))


def three_cells(n: int) -> Tables:
    """Only a, only b, the rest: all that tests and most intervals of a difference depend on."""
    a, b = (side.ravel() for side in np.mgrid[0 : n + 1, 0 : n + 1])
    inside = a + b <= n
    a, b = a[inside], b[inside]
    return Tables(n, (a, b, n - a - b))


def four_cells(n: int) -> Tables:
    """Both, only a, only b, neither; some n cubed over 6 tables."""
    discordant = three_cells(n)
    a, b, rest = discordant.cells
    start = np.repeat(np.cumsum(rest + 1) - (rest + 1), rest + 1)
    both = np.arange(start.size) - start
    a, b, rest = (np.repeat(cell, discordant.cells[2] + 1) for cell in (a, b, rest))
    return Tables(n, (both, a, b, rest - both))


def three_truths() -> list[tuple[float, ...]]:
    """True probabilities of the three cells over the grid."""
    return [
        (psi * (1 + lean) / 2, psi * (1 - lean) / 2, 1 - psi)
        for psi in DISCORDANCES
        for lean in LEANS
    ]


def four_truths() -> list[tuple[float, ...]]:
    """True probabilities of the four cells: the same grid, the rest divided in three ways."""
    return [
        (share * rest, only_a, only_b, (1 - share) * rest)
        for only_a, only_b, rest in three_truths()
        for share in BOTH
    ]
