"""The largest probability that any shared success rate gives to a set of outcomes."""

from math import ceil, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from stats.binomial import binomial_pmf
from stats.roots import Floats

_BLOCK = 1 << 21  # elements of a working array
_PER_WIDTH = 16  # grid points for each 1 / sqrt(N) of the arcsine: two standard deviations of t
_NEAR_BEST = 0.9  # peaks of the grid this near to the highest are searched again
_ZOOM, _ROUNDS = 17, 3  # points for each peak, and how often the search narrows to their spacing


def binomial_suprema(shares: Floats) -> Floats:
    """Largest mean of share(t) over a binomial t with any rate, for each row of shares.

    The mean is a Bernstein polynomial of the rate, whose peaks are no narrower than the binomial
    itself. On the arcsine of the rate's root that width is the same everywhere: a grid of 8 points
    for each standard deviation sees every peak within 0.2 % of its height, and narrower grids
    around all that could be the highest find it.

    Parameters
    ----------
    shares : float, shape (k, N + 1)
        Between 0 and 1; column t is what an outcome of t successes among N contributes.

    Returns
    -------
    float, shape (k,)
        Relative error below 1e-7.
    """
    total = shares.shape[1] - 1
    angles = np.linspace(0, pi / 2, 1 + ceil(pi * _PER_WIDTH / 2 * sqrt(total)))
    values = _means(angles, shares)  # (comparisons, angles)
    best: Floats = values.max(axis=1)
    padded = np.pad(values, ((0, 0), (1, 1)), constant_values=-1.0)
    peaks = (values >= padded[:, :-2]) & (values >= padded[:, 2:])
    open_row = (best < 1)[:, None]  # 1 cannot be surpassed
    row, column = np.nonzero(peaks & open_row & (values >= _NEAR_BEST * best[:, None]))
    centre, spacing = angles[column], angles[1]
    for _ in range(_ROUNDS):
        around = np.clip(centre[:, None] + spacing * np.linspace(-1, 1, _ZOOM), 0, pi / 2)
        found = _means_around(around, shares, row)
        choice = found.argmax(axis=1)[:, None]
        centre = np.take_along_axis(around, choice, axis=1)[:, 0]
        spacing *= 2 / (_ZOOM - 1)
        np.maximum.at(best, row, found.max(axis=1))
    return best.clip(max=1.0)


def _means(angles: Floats, shares: Floats) -> Floats:
    """Mean of each row of shares at each rate sin(angle)^2: shape (rows, angles)."""
    means = np.empty((shares.shape[0], angles.size))
    size = max(1, _BLOCK // shares.shape[1])
    for start in range(0, angles.size, size):
        part = slice(start, start + size)
        means[:, part] = shares @ binomial_pmf(shares.shape[1] - 1, np.sin(angles[part]) ** 2).T
    return means


def _means_around(angles: Floats, shares: Floats, row: NDArray[np.intp]) -> Floats:
    """Mean of one row of shares for each row of angles: the shape of the angles."""
    means = np.empty(angles.shape)
    size = max(1, _BLOCK // (shares.shape[1] * angles.shape[1]))
    for start in range(0, row.size, size):
        part = slice(start, start + size)
        pmf = binomial_pmf(shares.shape[1] - 1, np.sin(angles[part]) ** 2)
        means[part] = np.matmul(pmf, shares[row[part], :, None])[..., 0]
    return means
