"""Put scores on a grid of whole numbers, so that ties are ties and distributions are exact.

Scores such as shares of samples passed (3/7) or rounded times (0.416) are multiples of a common
step that floating point hides: 0.3 - 0.1 is not 0.2. In whole numbers sums are compared exactly,
and all 2^n sign vectors are counted by adding one problem at a time.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# A score counts as a multiple of the step if it is one up to this share of the largest score: a
# few hundred times the rounding of a subtraction, and far from what unrelated numbers reach.
TOLERANCE = 1e-12
MOST_PARTS = 10_000  # any fraction with a denominator up to here is recognised …
MOST_DECIMALS = 6  # … and any decimal with this many places
# The share of the largest score may be no large part of the step itself: beside 1e12, 0.3 and 0.4
# are not both 0, and beside 1e4 not every number is a fraction.
OFF_FRACTION, OFF_DECIMAL = 1e-8, 1e-4
LARGEST = 1 << 53  # whole numbers beyond are not exact in floating point


@dataclass(frozen=True, slots=True)
class Grid:
    """Scores as whole multiples of a step: ``values = scores * step``.

    Attributes
    ----------
    scores : int array of the shape of the values
        With greatest common divisor 1, unless all are 0.
    step : float
        The distance between neighbouring grid points, > 0.
    """

    scores: Ints
    step: float


def check_differences(differences: ArrayLike) -> Floats:
    """Return one difference for each problem as an array of floats.

    Raises
    ------
    ValueError
        Not one-dimensional, or a value that is infinite or NaN.
    NoEstimateError
        No problems.
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.ndim != 1:
        raise ValueError(f"differences must be one number for each problem, got shape {d.shape}")
    if d.size == 0:
        raise NoEstimateError("differences must hold at least one problem")
    check_finite(d, name="differences")
    return d


def check_finite(values: Floats, *, name: str) -> None:
    """Raise ValueError, with the first offender, unless all values are finite."""
    wrong = ~np.isfinite(values)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = place[0] if len(place) == 1 else place
        raise ValueError(f"{name} must be finite, got {values[wrong][0]} at position {where}")


def to_grid(values: ArrayLike) -> Grid | None:
    """Find the coarsest step that all values are multiples of, or None where there is none.

    Parameters
    ----------
    values : float array of any shape, finite
        Scores or differences.

    Raises
    ------
    ValueError
        A value that is infinite or NaN.

    Returns
    -------
    Grid or None
        None where some value is no recognisable fraction, or the whole numbers would exceed 2^53
        in sum: continuous measurements.
    """
    array = np.asarray(values, dtype=np.float64)
    check_finite(array, name="values")
    sizes = np.unique(np.abs(array))
    if sizes.size == 0 or sizes[-1] == 0:
        return Grid(np.zeros(array.shape, dtype=np.int64), 1.0)
    parts = _common_denominator(sizes)
    if parts is None or np.abs(array).sum() * parts > LARGEST:
        return None
    scores = np.rint(array * parts).astype(np.int64)
    shared = gcd(*np.unique(np.abs(scores)).tolist())
    return Grid(scores // shared, shared / parts)


def _common_denominator(sizes: Floats) -> int | None:
    """Give the number of parts that 1 is cut into, from fractions first, then from decimals."""
    allowed = TOLERANCE * float(sizes[-1])
    parts = 1
    for size in sizes.tolist():
        if abs(size * parts - round(size * parts)) <= min(allowed * parts, OFF_FRACTION):
            continue
        fraction = Fraction(size).limit_denominator(MOST_PARTS)
        parts = lcm(parts, fraction.denominator)
        off = abs(float(fraction) - size)
        if off > min(allowed, OFF_FRACTION / fraction.denominator) or parts > MOST_PARTS:
            return _decimal_denominator(sizes, allowed)
    return parts


def _decimal_denominator(sizes: Floats, allowed: float) -> int | None:
    for places in range(MOST_DECIMALS + 1):
        parts = int(10**places)
        off = np.abs(sizes * parts - np.rint(sizes * parts))
        if np.all(off <= min(allowed * parts, OFF_DECIMAL)):
            return parts
    return None


def lower_tail(weights: Ints, most: int) -> tuple[float, float]:
    """P(S <= most) and P(S < most), S the sum of a random half of whole-number weights.

    Each weight is in the sum or not, independently with probability 1/2: the positive part of a
    sum under random signs, and the signed-rank statistic. Weights are added one at a time to the
    distribution of the sum, which is kept up to ``most`` only; time is len(weights) * most.

    Parameters
    ----------
    weights : (n,) int, at least 0
        Zeros change nothing.
    most : int
        Where to cut; below 0 both probabilities are 0.

    Returns
    -------
    (float, float)
        Exact while n <= 53, to a few units in the last place beyond.
    """
    if most < 0:
        return 0.0, 0.0
    mass = np.zeros(most + 1)
    mass[0] = 1.0
    reach = 0
    for weight in np.sort(weights[weights > 0]):
        reach = min(reach + int(weight), most)
        part = mass[: reach + 1]
        part *= 0.5
        if weight <= reach:
            part[weight:] += part[:-weight].copy()
    return float(mass.sum()), float(mass[:-1].sum())
