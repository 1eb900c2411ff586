"""Quantiles of weighted sums of independent binomials, for many models at once.

The attainable sums of a few strata are too many to list, the sums of half the strata are not: the
CDF of the whole is a sum over one half of the other half's CDF, and a search on it that only stops
at attainable values ends at the quantile itself. Models that share sizes and weights share the
sorted lattice of either half; only the probabilities on it differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, pi, sqrt

import numpy as np
from scipy.special import ndtri

from stats.lattice import TIE, FloatArray, IntArray, binomial_quantile
from stats.lattice_merge import shared_lattices

_SAME = 1e-13  # sums that differ by less are one attainable value, apart only by rounding
_TAIL = 1e-14  # left out at either end of each stratum; all strata's together stay far below TIE
_MAX_CELLS = 1 << 19  # 4 MB of float64: bounds the memory of a block
_TRIED = 1 << 15  # models times sums of the smaller half: trials stay in the processor's cache
_MAX_ATOMS = 1 << 20
_PATIENCE = 5  # trials by the normal density; most searches end by then


@dataclass(frozen=True, slots=True)
class _Half:
    """Attainable sums of some strata, and how to add up the probabilities on them."""

    strata: Sequence[int]
    sums: FloatArray
    steps: Sequence[tuple[IntArray, IntArray]]  # for each further stratum: sort order, group starts


@dataclass(frozen=True, slots=True)
class _Search:
    """Quantiles to find: of which model, at which u, and a normal approximation of each."""

    model: IntArray
    u: FloatArray
    start: FloatArray
    density: FloatArray  # there; infinite where nothing varies


@dataclass(frozen=True, slots=True)
class _Sums:
    """The two halves for a block of models: sums and weights of one, sums and CDF of the other."""

    first: FloatArray
    weights: FloatArray
    second: FloatArray  # with -inf before and inf behind
    cdf: FloatArray

    def around(
        self, point: FloatArray, model: IntArray, u: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """CDF at the points; the attainable sum at or below where it reaches u, above elsewhere."""
        place = np.searchsorted(self.second[1:-1], point[:, None] - self.first, side="right")
        width = self.cdf.shape[1]
        values = self.cdf.ravel()[place + (model * width)[:, None]]
        level = np.einsum("ij,ij->i", self.weights[model], values)
        reached = level >= u - TIE
        sign = np.where(reached, 1.0, -1.0)[:, None]
        sums = self.first + self.second[place + ~reached[:, None]]
        return level, sign[:, 0] * np.max(sign * sums, axis=1)


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
    widths = [part.shape[1] for part in mass]
    lattices = shared_lattices(steps, widths)
    try:
        halves, exact = _halves([lattice.points for lattice in lattices]), True
    except _TooManyAtomsError:
        lattices = shared_lattices(steps, widths, largest=1)
        halves, exact = _halves(_grid([lattice.points for lattice in lattices])), False
    mass = [lattice.mass(mass) for lattice in lattices]
    ends = [_normal(u, sizes, successes, steps) for u in (tail, 1 - tail)]
    search = _Search(
        model=np.tile(np.arange(base.size), 2),
        u=np.repeat([tail, 1 - tail], base.size),
        start=np.concatenate([start - base for start, _ in ends]),
        density=np.concatenate([density for _, density in ends]),
    )
    low, high = _quantiles(halves, mass, search).reshape(2, base.size)
    return base + low, base + high, exact


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


def _normal(
    u: float, sizes: IntArray, successes: IntArray, steps: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Cornish-Fisher approximation of the quantile, and the normal density there."""
    rate = successes / sizes
    variance = sizes * rate * (1 - rate)
    second = variance @ steps**2
    third = (variance * (1 - 2 * rate)) @ steps**3
    fourth = (variance * (1 - 6 * rate * (1 - rate))) @ steps**4
    varies = second > 0
    spread = np.sqrt(np.where(varies, second, 1))
    skew, excess = (np.where(varies, k / spread**p, 0) for k, p in ((third, 3), (fourth, 4)))
    z = float(ndtri(u))
    at = z + (z**2 - 1) / 6 * skew + (z**3 - 3 * z) / 24 * excess
    at -= (2 * z**3 - 5 * z) / 36 * skew**2
    density = np.where(varies, exp(-(z**2) / 2) / sqrt(2 * pi) / spread, np.inf)
    return successes @ steps + np.where(varies, at * spread, 0), density


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
    small, large = (shares[side] for side in sorted((0, 1), key=lambda side: atoms[side]))
    return _half(lattices, small), _half(lattices, large)


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
    halves: tuple[_Half, _Half], mass: Sequence[FloatArray], search: _Search
) -> FloatArray:
    small, large = halves
    cells = max(order.size for half in halves for order, _ in half.steps)
    rows = max(1, min(_MAX_CELLS // cells, _TRIED // small.sums.size))
    found, models = np.empty_like(search.start), mass[0].shape[0]
    second = np.concatenate([[-np.inf], large.sums, [np.inf]])
    for at in range(0, models, rows):
        block = slice(at, at + rows)
        part = _half_mass(large, mass, block)
        cdf = np.zeros((part.shape[0], part.shape[1] + 1))
        np.cumsum(part, axis=1, out=cdf[:, 1:])
        sums = _Sums(small.sums, _half_mass(small, mass, block), second, cdf)
        held = np.flatnonzero((search.model >= at) & (search.model < at + rows))
        here = _Search(
            search.model[held] - at, search.u[held], search.start[held], search.density[held]
        )
        found[held] = _smallest(sums, here)
    return found


def _smallest(sums: _Sums, search: _Search) -> FloatArray:
    """Close in on the smallest attainable sum whose CDF reaches u, for all searches at once.

    ``low`` and ``high`` are attainable and enclose it; each trial moves one of them to an
    attainable value next to the trial. A trial is where the last one's miss over the density
    leads, but at least one attainable value further; the few searches that do not end soon go on
    by halves and by linear interpolation between the ends.
    """
    low = np.full(search.u.size, sums.first[0] + sums.second[1])
    high = np.full(search.u.size, sums.first[-1] + sums.second[-2])
    at_low, at_high = np.zeros_like(low), np.ones_like(high)
    left, turn = np.flatnonzero(high - low > 2 * _SAME), 0
    trial = search.start[left]
    while left.size:
        point = np.maximum(np.minimum(trial, high[left] - 1.5 * _SAME), low[left] + _SAME / 2)
        u = search.u[left]
        level, beside = sums.around(point, search.model[left], u)
        reached = level >= u - TIE
        down, up = left[reached], left[~reached]
        high[down], at_high[down] = beside[reached], level[reached]
        low[up], at_low[up] = np.minimum(beside[~reached], high[up]), level[~reached]
        trial = point + (u - level) / search.density[left]
        nearest = np.where(reached, high[left] - 1.5 * _SAME, low[left] + _SAME / 2)
        trial = np.where(reached, np.minimum(trial, nearest), np.maximum(trial, nearest))
        if turn >= _PATIENCE:
            share = (u - at_low[left]) / np.maximum(at_high[left] - at_low[left], TIE)
            share = np.clip(share + (0.02, -0.02)[turn % 2], 0.02, 0.98) if turn % 4 else 0.5
            trial = low[left] + share * (high[left] - low[left])
        apart = high[left] - low[left] > 2 * _SAME
        left, trial, turn = left[apart], trial[apart], turn + 1
    return high
