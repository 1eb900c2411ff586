"""Quantiles of weighted sums of independent binomials, for many models at once.

The attainable sums of a few strata are too many to list, the sums of half the strata are not: the
CDF of the whole is a sum over one half of the other half's CDF, and a search on it that only stops
at attainable values ends at the quantile itself. Models that share sizes and weights share the
sorted lattice of either half; only the probabilities on it differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from stats.lattice import TIE, FloatArray, IntArray, binomial_quantile

_SAME = 1e-13  # sums that differ by less are one attainable value, apart only by rounding
_TAIL = 1e-14  # left out at either end of each stratum; all strata's together stay far below TIE
_MAX_CELLS = 1 << 21  # 16 MB of float64: bounds the memory of a block
_MAX_ATOMS = 1 << 20


@dataclass(frozen=True, slots=True)
class _Half:
    """Attainable sums of some strata, and how to add up the probabilities on them."""

    strata: Sequence[int]
    sums: FloatArray
    steps: Sequence[tuple[IntArray, IntArray]]  # for each further stratum: sort order, group starts


@dataclass(frozen=True, slots=True)
class _Target:
    """Which quantile to find, and per model where to begin and in which steps."""

    u: float
    start: FloatArray
    spread: FloatArray


@dataclass(frozen=True, slots=True)
class _Sums:
    """The two halves for a block of models: sums and weights of one, sums and CDF of the other."""

    first: FloatArray
    weights: FloatArray
    second: FloatArray
    cdf: FloatArray

    def around(self, point: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """CDF at the points, and the attainable sums next below (or at) and next above them."""
        place = np.searchsorted(self.second, point[:, None] - self.first, side="right")
        level = np.sum(self.weights * np.take_along_axis(self.cdf, place, axis=1), axis=1)
        last = self.second.size - 1
        at_most = self.first + self.second[np.maximum(place - 1, 0)]
        beyond = self.first + self.second[np.minimum(place, last)]
        below = np.where(place > 0, at_most, -np.inf).max(axis=1)
        return level, below, np.where(place <= last, beyond, np.inf).min(axis=1)


class _TooManyAtomsError(Exception):
    """The halves do not fit; the caller takes a grid instead."""


def weighted_limits(
    sizes: IntArray, successes: IntArray, steps: FloatArray, *, tail: float
) -> tuple[FloatArray, FloatArray, bool]:
    """Equal-tailed quantiles of ``sum(steps * X)`` with X ~ Binomial(sizes, successes/sizes).

    Parameters
    ----------
    sizes : shape (strata,)
        Problems in each stratum, the same for all models.
    successes : shape (models, strata)
    steps : shape (strata,)
        What one success adds; not negative, together at most 1 when multiplied by the sizes.
    tail : float
        Probability below the lower and above the upper limit, well above `stats.lattice.TIE`.

    Returns
    -------
    low, high : shape (models,)
        Smallest sums whose CDF reaches ``tail`` and ``1 - tail``.
    exact : bool
        False where too many sums are attainable (many strata of incommensurable weights): each
        stratum's part is then rounded to a grid. The roundings go both ways; 36 strata change the
        limits by about 1e-5.
    """
    starts, mass = _windows(sizes, successes)
    base = starts @ steps
    low, high = (_normal_start(u, sizes, successes, steps) for u in (tail, 1 - tail))
    spread = (high - low) / 4
    lattices, mass = _merged(steps, mass)
    lower, upper = _Target(tail, low - base, spread), _Target(1 - tail, high - base, spread)
    try:
        halves, exact = _halves(lattices), True
    except _TooManyAtomsError:
        halves, exact = _halves(_grid(lattices)), False
    found = _quantiles(halves, mass, (lower, upper))
    return base + found[0], base + found[1], exact


def _windows(sizes: IntArray, successes: IntArray) -> tuple[IntArray, list[FloatArray]]:
    """First value and probabilities of each stratum's binomials, cut where nothing is left."""
    rate = successes / sizes
    first = binomial_quantile(sizes, rate, np.array(_TAIL), np.array(1 - _TAIL))
    last = binomial_quantile(sizes, rate, np.array(1 - _TAIL), np.array(_TAIL))
    width = np.max(last - first, axis=0) + 1
    first = np.minimum(first, sizes - width + 1)
    parts = zip(sizes, successes.T, first.T, width, strict=True)
    return first, [_binomial_mass(int(n), x, k0, int(w)) for n, x, k0, w in parts]


def _binomial_mass(n: int, successes: IntArray, first: IntArray, width: int) -> FloatArray:
    """Binomial(n, successes/n) on ``width`` values from ``first``; shape (models, width)."""
    k = first[:, None] + np.arange(width)
    sure = (successes == 0) | (successes == n)
    odds = np.where(sure, 1, successes) / np.where(sure, 1, n - successes)
    # Ratios of neighbours, summed as logarithms: keeps 14 digits where factorials lose them.
    ratio = np.log((n - k[:, :-1]) / k[:, 1:]) + np.log(odds)[:, None]
    shape = np.concatenate([np.zeros((k.shape[0], 1)), np.cumsum(ratio, axis=1)], axis=1)
    mass = np.exp(shape - shape.max(axis=1, keepdims=True))
    mass = np.where(sure[:, None], k == successes[:, None], mass)
    scaled: FloatArray = mass / mass.sum(axis=1, keepdims=True)
    return scaled


def _normal_start(u: float, sizes: IntArray, successes: IntArray, steps: FloatArray) -> FloatArray:
    """Cornish-Fisher approximation of the quantile, to begin the search at."""
    rate = successes / sizes
    variance = sizes * rate * (1 - rate)
    total = variance @ steps**2
    third = (variance * (1 - 2 * rate)) @ steps**3
    skew = np.divide(third, total, out=np.zeros_like(third), where=total > 0)
    z = float(ndtri(u))
    start: FloatArray = successes @ steps + z * np.sqrt(total) + skew * (z**2 - 1) / 6
    return start


def _merged(
    steps: FloatArray, mass: Sequence[FloatArray]
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Lattices and probabilities, strata of equal step already added up into one."""
    lattices, merged = [], []
    order = np.argsort(steps)
    apart = np.diff(steps[order]) > 1e-14 * steps[order][1:]
    for group in np.split(order, np.nonzero(apart)[0] + 1):
        parts = [mass[stratum] for stratum in group]
        width = sum(part.shape[1] - 1 for part in parts) + 1
        total = parts[0]
        if len(parts) > 1:
            waves = [np.fft.rfft(part, n=width, axis=1) for part in parts]
            total = np.maximum(np.fft.irfft(np.prod(waves, axis=0), n=width, axis=1), 0)
        lattices.append(steps[group[0]] * np.arange(width))
        merged.append(total)
    return lattices, merged


def _grid(lattices: Sequence[FloatArray]) -> list[FloatArray]:
    widest = max(lattice.size for lattice in lattices)
    reach = sum(float(lattice[-1]) for lattice in lattices)
    cell = reach * widest / _MAX_ATOMS
    return [cell * np.rint(lattice / cell) for lattice in lattices]


def _halves(lattices: Sequence[FloatArray]) -> tuple[_Half, _Half]:
    """Share the strata out, the widest first, to whichever half has fewer sums so far."""
    shares: tuple[list[int], list[int]] = ([], [])
    atoms = [1, 1]
    for stratum in sorted(range(len(lattices)), key=lambda h: -lattices[h].size):
        side = int(atoms[1] < atoms[0])
        shares[side].append(stratum)
        atoms[side] *= lattices[stratum].size
    small, large = (_half(lattices, share) for share in sorted(shares, key=len))
    return small, large


def _half(lattices: Sequence[FloatArray], strata: Sequence[int]) -> _Half:
    sums = np.zeros(1)
    steps: list[tuple[IntArray, IntArray]] = []
    for stratum in strata:
        if sums.size * lattices[stratum].size > _MAX_ATOMS:
            raise _TooManyAtomsError
        outer = np.add.outer(sums, lattices[stratum]).ravel()
        order = np.argsort(outer, kind="stable")
        outer = outer[order]
        groups = np.nonzero(np.concatenate([[True], np.diff(outer) > _SAME]))[0]
        sums = outer[groups]
        steps.append((order, groups))
    return _Half(strata, sums, steps)


def _half_mass(half: _Half, mass: Sequence[FloatArray], block: slice) -> FloatArray:
    """Probabilities of the half's sums; shape (models of the block, sums)."""
    total = np.ones((mass[0][block].shape[0], 1))
    for stratum, (order, groups) in zip(half.strata, half.steps, strict=True):
        outer = total[:, :, None] * mass[stratum][block][:, None, :]
        outer = np.take(outer.reshape(total.shape[0], -1), order, axis=1)
        total = outer if groups.size == order.size else np.add.reduceat(outer, groups, axis=1)
    return total


def _quantiles(
    halves: tuple[_Half, _Half], mass: Sequence[FloatArray], targets: Sequence[_Target]
) -> list[FloatArray]:
    small, large = halves
    cells = max(order.size for half in halves for order, _ in half.steps)
    rows = max(1, _MAX_CELLS // max(cells, small.sums.size))
    found = [np.empty_like(target.start) for target in targets]
    for at in range(0, found[0].size, rows):
        block = slice(at, at + rows)
        cdf = np.cumsum(_half_mass(large, mass, block), axis=1)
        cdf = np.concatenate([np.zeros((cdf.shape[0], 1)), cdf], axis=1)
        sums = _Sums(small.sums, _half_mass(small, mass, block), large.sums, cdf)
        for target, values in zip(targets, found, strict=True):
            values[block] = _search(sums, target, block)
    return found


def _search(sums: _Sums, target: _Target, block: slice) -> FloatArray:
    """Close in on the smallest attainable sum whose CDF reaches u; one for each row.

    ``low`` and ``high`` are attainable and enclose it; each trial moves one of them to the
    attainable value next to the trial. The first two trials bracket the normal approximation, the
    later ones straddle the linear interpolation between the ends.
    """
    start, step = target.start[block], target.spread[block] / 50
    low = np.full(start.size, sums.first[0] + sums.second[0])
    high = np.full(start.size, sums.first[-1] + sums.second[-1])
    at_low, at_high = np.zeros(start.size), np.ones(start.size)
    trial, turn = start - step, 0
    while np.any(high - low > 2 * _SAME):
        point = np.maximum(np.minimum(trial, high - 1.5 * _SAME), low + _SAME / 2)
        level, below, above = sums.around(point)
        reached = level >= target.u - TIE
        high, at_high = np.where(reached, (below, level), (high, at_high))
        low, at_low = np.where(reached, (low, at_low), (np.minimum(above, high), level))
        share = (target.u - at_low) / np.maximum(at_high - at_low, TIE) + (0.02, -0.02)[turn % 2]
        share = np.clip(share, 0.02, 0.98) if turn % 4 else 0.5
        trial = start + step if turn == 0 else low + share * (high - low)
        turn += 1
    return high
