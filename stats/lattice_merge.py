"""Binomials that add up on one lattice: distributions of sums with steps in whole proportion.

Strata of 1,032 and 688 problems that weigh the same move a mean in steps of 1/1,032 and 1/688:
two and three of 1/2,064. Their sum has 1,000 attainable values near its middle where the pairs of
counts are 40,000.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from stats.lattice import FloatArray

_SAME = 1e-14  # relative: steps that differ by less are apart by rounding only
_MAX_WIDTH = 1 << 16  # points of one lattice
_CELLS = 1 << 15  # numbers of one block: they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Lattice:
    """Sums of some strata: multiples of one step, from 0 on.

    Attributes
    ----------
    step : float
    width : int
        Points; some near the ends may be out of reach, with probability 0.
    strata : tuple of (int, int)
        Which strata, and how many steps a success in each of them adds.
    """

    step: float
    width: int
    strata: tuple[tuple[int, int], ...]

    @property
    def points(self) -> FloatArray:
        """All sums, shape (width,)."""
        points: FloatArray = self.step * np.arange(self.width, dtype=np.float64)
        return points

    def mass(self, mass: Sequence[FloatArray]) -> FloatArray:
        """Probabilities of the sums: the product of the strata's Fourier transforms.

        Parameters
        ----------
        mass : for each stratum, shape (models, width)
            Probabilities of 0 … width - 1 successes (from wherever a model's window begins).

        Returns
        -------
        shape (models, points)
        """
        first = mass[self.strata[0][0]]
        if len(self.strata) == 1:
            return first
        size = next_fast_len(self.width, real=True)
        total, rows = np.empty((first.shape[0], self.width)), max(1, _CELLS // size)
        for start in range(0, first.shape[0], rows):
            waves = 1.0
            for stratum, multiple in self.strata:
                part = mass[stratum][start : start + rows]
                spread = np.zeros((part.shape[0], multiple * (part.shape[1] - 1) + 1))
                spread[:, ::multiple] = part
                waves = waves * rfft(spread, n=size, axis=1)
            block = irfft(waves, n=size, axis=1)[:, : self.width]
            np.maximum(block, 0, out=total[start : start + rows])
        return total


def shared_lattices(
    steps: FloatArray, widths: Sequence[int], *, largest: int = _MAX_WIDTH
) -> list[Lattice]:
    """Put strata on one lattice wherever that leaves fewer sums than their pairs of counts.

    Two lattices are joined at a time, first those whose sums become fewest beside their pairs.

    Parameters
    ----------
    steps : shape (strata,)
        What one success adds; positive.
    widths : for each stratum
        Counts that have any probability.
    largest : int
        How many steps of a lattice one success may add; 1 joins equal steps alone.
    """
    found = [
        Lattice(float(step), width, ((stratum, 1),))
        for stratum, (step, width) in enumerate(zip(steps, widths, strict=True))
    ]
    fresh = [(a, b) for i, a in enumerate(found) for b in found[:i]]
    joins: dict[tuple[Lattice, Lattice], Lattice] = {}
    while True:
        for a, b in fresh:
            both = _joined(a, b, largest)
            if both is not None and both.width < min(a.width * b.width, _MAX_WIDTH):
                joins[a, b] = both
        if not joins:
            return found
        a, b = min(joins, key=lambda pair: joins[pair].width / (pair[0].width * pair[1].width))
        both = joins[a, b]
        if len(found) == 2 and both.width > 2 * (a.width + b.width):
            return found  # two need not be one to be searched together
        found = [lattice for lattice in found if lattice not in (a, b)]
        joins = {pair: join for pair, join in joins.items() if not {a, b} & set(pair)}
        fresh = [(both, lattice) for lattice in found]
        found.append(both)


def _joined(a: Lattice, b: Lattice, largest: int) -> Lattice | None:
    """Both on one lattice, or None where their steps have no measure in common."""
    ratio = Fraction(a.step / b.step).limit_denominator(max(a.width, b.width))
    of_a, of_b = ratio.numerator, ratio.denominator
    if of_a == 0 or abs(a.step * of_b / (b.step * of_a) - 1) > _SAME:
        return None
    strata = [(stratum, of_a * multiple) for stratum, multiple in a.strata]
    strata += [(stratum, of_b * multiple) for stratum, multiple in b.strata]
    if max(multiple for _, multiple in strata) > largest:
        return None
    width = of_a * (a.width - 1) + of_b * (b.width - 1) + 1
    return Lattice(a.step / of_a, width, tuple(strata))
