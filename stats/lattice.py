"""Distributions that live on finitely many points: quantiles without any random number.

The quantile is always the smallest attainable value whose CDF reaches u. Floating point cannot see
equality of a CDF and u, so a CDF that misses u by less than `TIE` counts as reaching it.
"""

from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc, ndtri

from stats.check import check_level

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TIE = 1e-11
_SMALLEST_TAIL = 1e-8  # sums of transforms and convolutions carry errors up to TIE
_LOG_NOTHING = log(1e-20)
_MAX_CELLS = 1 << 20  # 8 MB of float64: bounds the memory of a block
_MAX_ROWS = 1 << 11


def tail_probability(level: float) -> float:
    """Return (1 - level)/2; ValueError where it is too small for the CDFs here to resolve."""
    check_level(level)
    tail = (1 - level) / 2
    if tail < _SMALLEST_TAIL:
        raise ValueError(f"level must leave {_SMALLEST_TAIL} in each tail, got {level}")
    return tail


def binomial_quantile(
    n: IntArray, rate: FloatArray, below: FloatArray, above: FloatArray
) -> IntArray:
    """Smallest k whose Binomial(n, rate) CDF reaches ``below``, elementwise.

    Parameters
    ----------
    n, rate : arrays
        Sizes (>= 1) and success probabilities in [0, 1].
    below, above : arrays
        u and 1 - u: both are asked for, so that a u close to 1 keeps its digits.
    """
    arguments = np.broadcast_arrays(n, rate, below, above)
    shape = arguments[0].shape
    n, rate, below, above = (argument.ravel() for argument in arguments)
    k = _normal_guess(n, rate, below)
    pending = np.ones(k.shape, dtype=bool)
    while pending.any():  # down, as long as the next lower value reaches u too
        at = np.nonzero(pending)
        lower = np.maximum(k[at] - 1, 0)
        moves = (k[at] > 0) & _reaches(lower, n[at], rate[at], below[at], above[at])
        k[at] = np.where(moves, lower, k[at])
        pending[at] = moves
    pending[...] = True
    while pending.any():  # up, until the value itself reaches u
        at = np.nonzero(pending)
        short = ~_reaches(k[at], n[at], rate[at], below[at], above[at])
        k[at] += short
        pending[at] = short
    return k.reshape(shape)


def _normal_guess(n: IntArray, rate: FloatArray, below: FloatArray) -> IntArray:
    """Cornish-Fisher start: right within a step or two, so the search is short."""
    z = np.clip(ndtri(below), -9, 9)
    spread = np.sqrt(n * rate * (1 - rate))
    guess = n * rate + z * spread + (1 - 2 * rate) * (z**2 - 1) / 6 - 0.5
    whole: IntArray = np.clip(np.ceil(guess), 0, n).astype(np.int64)
    return whole


def _reaches(
    k: IntArray, n: IntArray, rate: FloatArray, below: FloatArray, above: FloatArray
) -> NDArray[np.bool_]:
    low_side = bdtr(k, n, rate) >= below * (1 - TIE)
    high_side = bdtrc(k, n, rate) <= above * (1 + TIE)
    reached: NDArray[np.bool_] = np.where(below < 0.5, low_side, high_side) | (k >= n)
    return reached


def trinomial_quantiles(
    plus: IntArray, minus: IntArray, n: IntArray, levels: FloatArray
) -> IntArray:
    """Quantiles of the sum of n draws from +1, 0, -1, elementwise for arrays of problems.

    The draws have probabilities plus/n, the rest, and minus/n. The distribution is the inverse
    Fourier transform of the n-th power of one draw's, on a window that holds all but 1e-16 of it
    (Bernstein's inequality), so its error is that of rounding.

    Parameters
    ----------
    plus, minus, n : arrays, shape (m,)
        Whole numbers, ``plus + minus <= n``.
    levels : array, shape (q,)
        The u of the wanted quantiles, well above `TIE`.

    Returns
    -------
    Array, shape (q, m): smallest sums whose CDF reaches u.
    """
    variance = plus + minus - (plus - minus) ** 2 / n
    order = np.argsort(variance)  # narrow distributions need few cells, so blocks hold like widths
    found = np.empty((levels.size, plus.size), dtype=np.int64)
    done = 0
    while done < plus.size:
        probe = order[min(done + _MAX_ROWS, plus.size) - 1]
        size = _window(float(variance[probe]), int(n.max()))
        part = order[done : done + min(_MAX_ROWS, max(1, _MAX_CELLS // size))]
        found[:, part] = _trinomial_block(plus[part], minus[part], n[part], levels, size)
        done += part.size
    return found


def _window(variance: float, n: int) -> int:
    """Power of two that holds all but 1e-16 of the sum, and never needs to exceed 2n + 1."""
    budget = log(2e16)
    reach = 2 * budget / 3 + ((2 * budget / 3) ** 2 + 2 * budget * variance) ** 0.5
    width = min(2 * int(np.ceil(reach)) + 3, 2 * n + 1)
    return 1 << max(3, (width - 1).bit_length())


def _trinomial_block(
    plus: IntArray, minus: IntArray, n: IntArray, levels: FloatArray, size: int
) -> IntArray:
    angle = 2 * np.pi * np.arange(size // 2 + 1) / size
    up, down = (plus / n)[:, None], (minus / n)[:, None]
    real = 1 - (up + down) * (1 - np.cos(angle))
    imaginary = (down - up) * np.sin(angle)
    log_size = n[:, None] * np.log(np.maximum(real**2 + imaginary**2, 1e-300)) / 2
    # Most frequencies carry nothing: only those up to the last that does are transformed.
    last = int(np.nonzero(np.any(log_size > _LOG_NOTHING, axis=0))[0][-1]) + 1
    real, imaginary, log_size = real[:, :last], imaginary[:, :last], log_size[:, :last]
    start = plus - minus - size // 2  # the window's first sum; the phase turns it to index 0
    phase = n[:, None] * np.arctan2(imaginary, real) + start[:, None] * angle[:last]
    mass = np.fft.irfft(np.exp(log_size + 1j * phase), n=size, axis=1)
    cdf = np.cumsum(mass, axis=1)
    return np.stack([start + np.sum(cdf < u - TIE, axis=1) for u in levels])


def quantile(values: FloatArray, mass: FloatArray, u: float) -> float:
    """Smallest value whose CDF reaches u; values ascending, mass summing to 1."""
    reached = int(np.searchsorted(np.cumsum(mass), u - TIE))
    return float(values[min(reached, values.size - 1)])
