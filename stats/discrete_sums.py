"""Quantiles of weighted sums of trinomial differences: an exact bootstrap within strata.

Resampling pairs of outcomes within a stratum gives a sum of draws of +1, 0 and -1. The attainable
values of a weighted sum over strata are too many to list; those of half the strata are not, and
the CDF of the whole is read off the two halves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stats.lattice import TIE

Floats = NDArray[np.float64]

# Attainable sums held at once in one half; their values and probabilities are 4 MB.
_MAX_ATOMS = 1 << 18
# Values closer than this fraction of the range are one value that rounding split.
_SAME = 1e-12
# Probabilities below are rounding of the transform; so many fewer than TIE that none matter.
_NOTHING = 1e-16


@dataclass(frozen=True, slots=True, eq=False)
class Discrete:
    """A discrete variable: ascending attainable values and their positive probabilities."""

    values: Floats
    probabilities: Floats


def trinomial_difference(only_a: int, only_b: int, n: int, *, step: float) -> Discrete:
    """``step`` times a sum of n draws: +1 with chance only_a/n, -1 with only_b/n, else 0.

    The n-th power of the characteristic function, turned back by a discrete Fourier transform:
    probabilities are right to about 1e-15 in absolute size.
    """
    size = 2 * n + 1
    angles = 2 * np.pi * np.arange(size) / size
    flat = n - only_a - only_b
    one_draw = (flat + only_a * np.exp(1j * angles) + only_b * np.exp(-1j * angles)) / n
    mass = np.fft.fft(one_draw**n).real / size
    lattice = np.arange(-n, n + 1)
    mass = mass[lattice % size]
    keep = (mass > _NOTHING) & (lattice <= n * (only_a > 0)) & (lattice >= -n * (only_b > 0))
    values = (lattice[keep] * step).astype(np.float64)
    return Discrete(values, mass[keep] / mass[keep].sum())


def sum_quantiles(
    parts: Sequence[Discrete], probabilities: Sequence[float]
) -> tuple[tuple[float, ...], bool]:
    """Quantiles of a sum of independent variables: the smallest attainable value with CDF >= u.

    Parameters
    ----------
    parts : sequence of Discrete
        At least one.
    probabilities : sequence of float
        Each u in (0, 1).

    Returns
    -------
    quantiles : tuple of float
    exact : bool
        False where a half would have passed a quarter of a million values: its closest ones were
        then merged at their mean, which keeps the mean and moves quantiles by far less than a bin.
    """
    left, right, exact = _two_halves(parts)
    return tuple(_quantile(left, right, u) for u in probabilities), exact


def _two_halves(parts: Sequence[Discrete]) -> tuple[Discrete, Discrete, bool]:
    """Add each part, largest first, to the half with fewer values."""
    small = large = Discrete(np.zeros(1), np.ones(1))
    exact = True
    for part in sorted(parts, key=lambda p: p.values.size, reverse=True):
        if small.values.size > large.values.size:
            small, large = large, small
        if small.values.size * part.values.size > _MAX_ATOMS:
            small, exact = _coarser(small, max(_MAX_ATOMS // part.values.size, 2)), False
        small = _add(small, part)
    return small, large, exact


def _add(a: Discrete, b: Discrete) -> Discrete:
    values = np.add.outer(a.values, b.values).ravel()
    probabilities = np.multiply.outer(a.probabilities, b.probabilities).ravel()
    order = np.argsort(values)
    values, probabilities = values[order], probabilities[order]
    gap = _SAME * max(float(np.abs(values).max()), float(values[-1] - values[0]))
    return _merged(values, probabilities, np.diff(values) > gap)


def _coarser(a: Discrete, size: int) -> Discrete:
    """Merge values that fall into one of ``size`` equal bins of the range, at their mean."""
    width = (a.values[-1] - a.values[0]) / size
    new = np.diff((a.values - a.values[0]) // width) > 0
    mass = _merged(a.values, a.probabilities, new).probabilities
    means = _merged(a.values, a.values * a.probabilities, new).probabilities / mass
    return Discrete(means, mass)


def _merged(values: Floats, probabilities: Floats, new: NDArray[np.bool_]) -> Discrete:
    starts = np.flatnonzero(np.concatenate(([True], new)))
    sums: Floats = np.add.reduceat(probabilities, starts)
    return Discrete(values[starts], sums)


def _quantile(left: Discrete, right: Discrete, u: float) -> float:
    """Bisect until no attainable value lies between the ends; the upper one is the quantile."""
    cumulative = np.concatenate(([0.0], np.cumsum(right.probabilities)))
    low = float(left.values[0] + right.values[0])
    high = float(left.values[-1] + right.values[-1])
    slack = _SAME * max(abs(low), abs(high), high - low)

    def below(t: float) -> NDArray[np.intp]:
        return np.searchsorted(right.values, t + slack - left.values, side="right")

    def reached(t: float) -> bool:
        return float(left.probabilities @ cumulative[below(t)]) >= u - TIE

    if reached(low):
        return low
    while high - low > slack:
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    # The largest attainable value up to here is the one at which the CDF steps over u.
    count = below(high)
    some = count > 0
    return float((left.values[some] + right.values[count[some] - 1]).max())
