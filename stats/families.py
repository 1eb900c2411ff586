"""Adjust p-values for the number of comparisons made, in the order they came in.

An adjusted p-value is the smallest level at which the procedure would still reject, so it is
compared with alpha itself. Bonferroni, Holm, Hochberg and Hommel keep the chance of *any* false
claim in the family below alpha; Benjamini-Hochberg and Benjamini-Yekutieli keep the expected
share of false claims among those made below alpha, which suits exploration only.

Holm is the default: it needs no assumption about how the tests depend on each other. Hochberg
and Hommel need positive dependence (the Simes inequality), which pairwise comparisons of models
need not have. Where outcomes are linked, `stats.maxt` uses the dependence instead.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

Floats = NDArray[np.float64]
Adjustment = Callable[[ArrayLike], Floats]


def check_p_values(p_values: ArrayLike) -> Floats:
    """Return the p-values as an array of floats.

    Raises
    ------
    ValueError
        Not one-dimensional, empty, or a value that is NaN or outside [0, 1].
    """
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1 or p.size == 0:
        raise ValueError(f"p_values must be a list of at least one p-value, got shape {p.shape}")
    wrong = ~((p >= 0) & (p <= 1))  # true for NaN as well
    if wrong.any():
        where = int(np.argmax(wrong))
        raise ValueError(f"p_values must be in [0, 1], got {p[where]} at position {where}")
    return p


def bonferroni(p_values: ArrayLike) -> Floats:
    """Bonferroni: m p, at most 1.

    Parameters
    ----------
    p_values : (m,) in [0, 1]
        The family, unadjusted.

    Returns
    -------
    (m,) array
        Adjusted p-values in the order of the input.

    References
    ----------
    Dunn (1961), Multiple comparisons among means, JASA 56:52-64.
    """
    p = check_p_values(p_values)
    return np.minimum(p.size * p, 1.0)


def holm(p_values: ArrayLike) -> Floats:
    """Holm's step-down: the running maximum of (m - k + 1) p_(k), at most 1.

    Uniformly at least as powerful as Bonferroni and valid under any dependence.

    Parameters
    ----------
    p_values : (m,) in [0, 1]
        The family, unadjusted.

    Returns
    -------
    (m,) array
        Adjusted p-values in the order of the input.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scand J Stat 6:65-70.
    """
    p = check_p_values(p_values)
    order = np.argsort(p, kind="stable")
    steps = np.arange(p.size, 0, -1) * p[order]
    return _in_input_order(np.maximum.accumulate(steps), order)


def hochberg(p_values: ArrayLike) -> Floats:
    """Hochberg's step-up: the running minimum, from the largest p, of (m - k + 1) p_(k).

    Valid where the Simes inequality holds (independence, positive dependence).

    Parameters
    ----------
    p_values : (m,) in [0, 1]
        The family, unadjusted.

    Returns
    -------
    (m,) array
        Adjusted p-values in the order of the input.

    References
    ----------
    Hochberg (1988), A sharper Bonferroni procedure, Biometrika 75:800-802.
    """
    return _step_up(p_values, lambda m: np.arange(m, 0, -1, dtype=np.float64))


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Benjamini-Hochberg: the running minimum, from the largest p, of m p_(k) / k.

    Controls the false discovery rate under independence and positive regression dependence.

    Parameters
    ----------
    p_values : (m,) in [0, 1]
        The family, unadjusted.

    Returns
    -------
    (m,) array
        Adjusted p-values in the order of the input.

    References
    ----------
    Benjamini & Hochberg (1995), Controlling the false discovery rate, JRSS B 57:289-300.
    """
    return _step_up(p_values, lambda m: m / np.arange(1.0, m + 1))


def benjamini_yekutieli(p_values: ArrayLike) -> Floats:
    """Benjamini-Yekutieli: Benjamini-Hochberg times the sum of 1/i for i up to m.

    Controls the false discovery rate under any dependence.

    Parameters
    ----------
    p_values : (m,) in [0, 1]
        The family, unadjusted.

    Returns
    -------
    (m,) array
        Adjusted p-values in the order of the input.

    References
    ----------
    Benjamini & Yekutieli (2001), The control of the false discovery rate in multiple testing
    under dependency, Ann Stat 29:1165-1188.
    """

    def factors(m: int) -> Floats:
        ranks = np.arange(1.0, m + 1)
        result: Floats = np.sum(1 / ranks) * m / ranks
        return result

    return _step_up(p_values, factors)


def hommel(p_values: ArrayLike) -> Floats:
    """Hommel's procedure: closed testing with the Simes test, in O(m log m).

    An elementary hypothesis is rejected at level a exactly when h(a) p <= a, where h(a) is the
    size of the largest set of the largest p-values that Simes does not reject at a.

    Parameters
    ----------
    p_values : (m,) in [0, 1]
        The family, unadjusted.

    Returns
    -------
    (m,) array
        Adjusted p-values in the order of the input.

    References
    ----------
    Hommel (1988), A stagewise rejective multiple test procedure, Biometrika 75:383-386.
    Meijer, Krebs & Goeman (2019), Hommel's procedure in linear time, Biom J 61:73-82 (h(a)).
    """
    p = check_p_values(p_values)
    # still[i - 1] is the level up to which h(a) >= i; below it i p must not exceed a.
    still = np.maximum.accumulate(_simes_of_largest(np.sort(p))[::-1])[::-1]
    sizes = np.arange(1, p.size + 1)
    # The smallest size i whose bound i p reaches down to the next size's level still[i].
    thresholds = np.append(still[1:], 0.0) / sizes
    first = p.size - np.searchsorted(thresholds[::-1], p, side="right")
    return np.minimum(sizes[first] * p, still[first])


def _simes_of_largest(ordered: Floats) -> Floats:
    """Simes p-value of the i largest p-values, for i = 1 to m: min over j of i p_(m-i+j) / j.

    p_(k) / (k - x) with x = m - i is the slope from (x, 0) to (k, p_(k)); the smallest slope
    touches the lower convex hull of the points, whose vertices the isotonic regression of the
    increments gives as its blocks. Tangents from points further right touch further right.
    """
    m = ordered.size
    if m == 1:
        return ordered.copy()
    vertices = isotonic_regression(np.diff(ordered)).blocks  # positions of the hull's points
    height = ordered[vertices]
    slope = np.diff(height) / np.diff(vertices)
    # Where the edge that leaves a vertex meets zero: tangents from beyond it touch the next one.
    run = np.divide(height[:-1], slope, out=np.full(slope.size, np.inf), where=slope > 0)
    meets = np.maximum.accumulate(vertices[:-1] + 1 - np.where(height[:-1] > 0, run, 0.0))
    x = np.arange(m - 1, -1, -1)
    touched = np.searchsorted(meets, x, side="right")
    result: Floats = np.arange(1, m + 1) * height[touched] / (vertices[touched] + 1 - x)
    return result


def _step_up(p_values: ArrayLike, factors: Callable[[int], Floats]) -> Floats:
    p = check_p_values(p_values)
    order = np.argsort(p, kind="stable")
    steps = factors(p.size) * p[order]
    return _in_input_order(np.minimum.accumulate(steps[::-1])[::-1], order)


def _in_input_order(adjusted: Floats, order: NDArray[np.intp]) -> Floats:
    result = np.empty_like(adjusted)
    result[order] = np.minimum(adjusted, 1.0)
    return result
