"""The largest probability that any shared success rate gives to a set of outcomes."""

from math import ceil, floor, pi, sqrt

import numpy as np
from scipy.special import gammaln

from stats.roots import Floats

_PER_WIDTH = 16  # grid points for each 1 / sqrt(N) of the arcsine: two standard deviations of t
_NEAR_BEST = 0.99  # peaks of the grid this near to the highest are searched again
_REACH = 5  # grid points on either side that the curve between two of them is read from
_ZOOM = 65  # places tried between the neighbours of a peak, before a parabola
_TOGETHER = 64  # neighbouring rates that share a window of outcomes
_FAR = 14.0  # its reach in standard deviations: beyond lies cos(reach)^(2 N) < 1e-21 at most
_PEAKS = 1 << 16  # peaks searched at once


def binomial_suprema(shares: Floats) -> Floats:
    """Largest mean of share(t) over a binomial t with any rate, for each row of shares.

    The mean is a Bernstein polynomial of the rate, whose peaks are no narrower than the binomial
    itself. On the arcsine of the rate's root that width is the same everywhere: a grid of 8 points
    for each standard deviation sees every peak within 0.2 % of its height. So dense a grid also
    determines what lies between its points: the polynomial through 11 of them gives the peak.

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
    # The rate is a squared sine: the curve goes on beyond both ends as its own mirror image.
    padded = np.pad(values, ((0, 0), (_REACH, _REACH)), mode="reflect")
    left, right = padded[:, _REACH - 1 : -_REACH - 1], padded[:, _REACH + 1 : 1 - _REACH]
    near = (best < 1)[:, None] & (values >= _NEAR_BEST * best[:, None])  # 1 cannot be surpassed
    row, column = np.nonzero((values >= left) & (values >= right) & near)
    stencil = np.arange(2 * _REACH + 1)
    for start in range(0, row.size, _PEAKS):
        part = slice(start, start + _PEAKS)
        around = padded[row[part, None], column[part, None] + stencil]
        np.maximum.at(best, row[part], _peaks(around))
    return best.clip(max=1.0)


def _peaks(around: Floats) -> Floats:
    """Height of the peak next to the middle of each row of grid points."""
    places = np.linspace(-1, 1, _ZOOM)
    found = around @ _lagrange(places).T
    middle = np.clip(found.argmax(axis=1), 1, _ZOOM - 2)[:, None]
    low, centre, high = (np.take_along_axis(found, middle + k, axis=1)[:, 0] for k in (-1, 0, 1))
    bend = low - 2 * centre + high
    rise = np.where(bend < 0, (high - low) ** 2 / np.where(bend < 0, -8 * bend, 1.0), 0.0)
    heights: Floats = np.maximum(found.max(axis=1), centre + rise)
    return heights


def _lagrange(places: Floats) -> Floats:
    """Weights of the grid points -REACH to REACH in the polynomial through them, by place."""
    nodes = np.arange(-_REACH, _REACH + 1)
    weights = np.ones((places.size, nodes.size))
    for at, node in enumerate(nodes):
        others = np.delete(nodes, at)
        weights[:, at] = np.prod((places[:, None] - others) / (node - others), axis=1)
    return weights


def _means(angles: Floats, shares: Floats) -> Floats:
    """Mean of each row of shares at each rate sin(angle)^2: shape (rows, angles).

    Neighbouring rates are taken together, over the outcomes that have any weight there. Nothing is
    lost: where the largest share is reached, a mean is at least that share over some sqrt(N).
    """
    total = shares.shape[1] - 1
    means = np.empty((shares.shape[0], angles.size))
    means[:, 0], means[:, -1] = shares[:, 0], shares[:, -1]  # rates 0 and 1
    t = np.arange(total + 1)
    choose = gammaln(total + 1.0) - gammaln(t + 1.0) - gammaln(total - t + 1.0)
    # The standard deviation of the arcsine of the root of t / N is 1 / (2 sqrt(N)), or less.
    reach = _FAR / (2 * sqrt(total))
    for start in range(1, angles.size - 1, _TOGETHER):
        here = angles[start : min(start + _TOGETHER, angles.size - 1)]
        low = floor(total * np.sin(max(here[0] - reach, 0)) ** 2)
        high = ceil(total * np.sin(min(here[-1] + reach, pi / 2)) ** 2)
        window = slice(low, high + 1)
        passing, failing = 2 * np.log(np.sin(here)), 2 * np.log(np.cos(here))
        weights = np.outer(passing, t[window]) + np.outer(failing, total - t[window])
        weights = np.exp(weights + choose[window])
        means[:, start : start + here.size] = shares[:, window] @ weights.T
    return means
