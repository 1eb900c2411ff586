"""Whether a weighted sum of rates differs from 0, with and without assuming them unlinked.

The p-value is the level at which the MOVER interval of `stats.contrast` just reaches 0, so test and
interval never disagree. The second one holds however the rates are linked: the standard deviation
of a sum is at most the sum of the standard deviations, so the distances of the limits are added
as they are, not in squares.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from stats.proportion import check_counts

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_LARGEST_Z = 38.0  # beyond it the two-sided p-value is below the smallest float


@dataclass(frozen=True, slots=True)
class ContrastTest:
    """Two-sided test that a weighted sum of rates is 0.

    Attributes
    ----------
    value : float
        The weighted sum.
    p_value : float
        If the rates are unlinked.
    p_any_link : float
        An upper bound of the p-value under every way in which the rates could be linked.
    method : str
        Of ``p_value``.
    """

    value: float
    p_value: float
    p_any_link: float
    method: str = "mover_wilson"


def contrast_test(successes: ArrayLike, totals: ArrayLike, weights: ArrayLike) -> ContrastTest:
    """Test a weighted sum of rates against 0 by inverting its MOVER interval.

    Parameters
    ----------
    successes, totals : int, shape (k,)
        Successes among trials of each rate, 0 <= successes <= total, total >= 1.
    weights : float, shape (k,)
        Finite, not all 0; those of the hypothesis "one equals the mean of three others" are
        1, -1/3, -1/3 and -1/3.

    Raises
    ------
    TypeError, ValueError
        A count or weight is out of its range; unequal lengths.
    NoEstimateError
        A total is 0.

    References
    ----------
    Zou, Huang & Zhang (2009), Computational Statistics and Data Analysis 53:1080-1085.
    """
    passed, attempted = check_counts(successes, totals)
    factors = np.asarray(weights, dtype=np.float64)
    if passed.ndim != 1 or factors.shape != passed.shape:
        raise ValueError(
            f"successes and weights must be lists of one length, got shapes {passed.shape} "
            f"and {factors.shape}"
        )
    if not np.isfinite(factors).all() or not factors.any():
        raise ValueError(f"weights must be finite and not all 0, got {factors.tolist()}")
    value = float(factors @ (passed / attempted))
    towards_zero = factors * np.sign(value)

    def distances(z: float) -> Floats:
        return _distances(passed, attempted, towards_zero, z)

    def unlinked(z: float) -> float:
        return abs(value) - sqrt(float(distances(z) @ distances(z)))

    def any_link(z: float) -> float:
        return abs(value) - float(distances(z).sum())

    return ContrastTest(value, _p_value(unlinked, value), _p_value(any_link, value))


def _distances(passed: Counts, attempted: Counts, weights: Floats, z: float) -> Floats:
    """How far each term can fall below its estimate, by Wilson limits at z."""
    rates = passed / attempted
    middle = (passed + z * z / 2) / (attempted + z * z)
    half = z * np.sqrt(attempted * rates * (1 - rates) + z * z / 4) / (attempted + z * z)
    down, up = rates - (middle - half), middle + half - rates
    result: Floats = np.abs(weights) * np.where(weights > 0, down, up)
    return result


def _p_value(beyond: Callable[[float], float], value: float) -> float:
    """Two-sided p-value at the z where the limit reaches 0."""
    if value == 0:
        return 1.0
    if beyond(_LARGEST_Z) > 0:
        return float(2 * ndtr(-_LARGEST_Z))
    return float(2 * ndtr(-brentq(beyond, 0.0, _LARGEST_Z, xtol=1e-12)))
