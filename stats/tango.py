"""Tango's score interval for many pairs at once: the core behind `stats.paired.tango`.

The limits are the differences at which the score statistic equals -+ z. The nuisance parameter,
the chance that only b passes, takes its restricted maximum-likelihood value at each difference,
a root of a quadratic; the limits themselves are found by Newton steps inside a bracket.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_level, together
from stats.proportion import normal_quantile, whole_numbers

Floats = NDArray[np.float64]

BLOCK = 1 << 13  # pairs at a time: a dozen arrays of this length stay in the processor's cache
TOLERANCE = 1e-14
MAX_STEPS = 200  # each step at least halves some bracket; five or six are what it takes


def tango_limits(
    only_a: ArrayLike, only_b: ArrayLike, n: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of Tango's interval for the difference in pass rate, a minus b.

    Parameters
    ----------
    only_a, only_b, n : int arrays that broadcast together
        Problems passed by one model alone; problems that both attempted, concordant included.
    level : float in (0, 1)
        Nominal coverage.

    Returns
    -------
    low, high : float arrays of the common shape, in [-1, 1]

    Raises
    ------
    ValueError
        A negative count, counts above n, ``level`` outside (0, 1).
    NoEstimateError
        Some n is 0.

    References
    ----------
    Tango (1998), Stat Med 17:891-908, eqs 6-9.
    """
    check_level(level)
    counts = (("only_a", only_a), ("only_b", only_b), ("n", n))
    whole = {name: whole_numbers(values, name=name) for name, values in counts}
    a, b, total = (x.astype(np.float64) for x in together(**whole))
    if np.any(total < 1):
        raise NoEstimateError(
            "n must be at least 1 for every pair: there is no difference over none"
        )
    if np.any((a < 0) | (b < 0) | ~(a + b <= total)):
        raise ValueError("only_a and only_b must be at least 0 and together at most n")
    z = normal_quantile(level)
    shape, size = a.shape, a.size
    a, b, total = a.ravel(), b.ravel(), total.ravel()
    low, high = np.empty(size), np.empty(size)
    for start in range(0, size, BLOCK):
        part = slice(start, start + BLOCK)
        low[part] = _lower(a[part], b[part], total[part], z)
        high[part] = -_lower(b[part], a[part], total[part], z)
    return low.reshape(shape), high.reshape(shape)


def _lower(only_a: Floats, only_b: Floats, n: Floats, z: float) -> Floats:
    """Lower limits; the upper ones follow by swapping the models."""
    # Without discordant problems the equation has a second root at 0, so this case is solved by
    # hand: the nuisance is -d, the statistic n d^2 / (-d (1 + d)), the limit -z^2 / (n + z^2).
    none = only_a + only_b == 0
    equation = _Equation(np.where(none, 1.0, only_a), only_b, np.maximum(n, 1.0), z)
    limit = np.where(none, -z * z / (n + z * z), _solve(equation))
    return np.where(only_b == n, -1.0, limit)


@dataclass(frozen=True, slots=True)
class _Equation:
    """What the observed gain has beyond a difference d, less z standard errors: 0 at the limit."""

    only_a: Floats
    only_b: Floats
    n: Floats
    z: float

    def value_and_slope(self, d: Floats) -> tuple[Floats, Floats]:
        a, b, n = self.only_a, self.only_b, self.n
        # 2 n q^2 + linear q + constant = 0 gives the nuisance q (Tango's eq 6).
        steep = 2 * n - a + b
        linear = steep * d - (a + b)
        constant = -b * d * (1 - d)
        root = np.sqrt(np.maximum(linear * linear - 8 * n * constant, 0.0))
        # Either form of the same root; each loses digits where the other does not.
        q = np.where(linear > 0, -2 * constant / (root + linear), (root - linear) / (4 * n))
        variance = np.maximum(2 * q + d * (1 - d), 0.0)
        error = np.sqrt(n * variance)
        q_slope = -(steep * q - b * (1 - 2 * d)) / root
        slope = -n - self.z * n * (2 * q_slope + 1 - 2 * d) / (2 * error)
        return a - b - n * d - self.z * error, slope


def _solve(equation: _Equation) -> Floats:
    """Newton's steps, each replaced by bisection where it would leave its bracket."""
    a, b, n, z = equation.only_a, equation.only_b, equation.n, equation.z
    low, high = np.full(a.shape, -1.0), (a - b) / n
    # Bonett and Price's limit is near; where it is out of the bracket, start in the middle.
    spread = np.sqrt(np.maximum(a + b + 2 - (a - b) ** 2 / (n + 2), 0.0))
    d = (a - b - z * spread) / (n + 2)
    d = np.where((d > low) & (d < high), d, (low + high) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(MAX_STEPS):
            value, slope = equation.value_and_slope(d)
            low, high = np.where(value >= 0, d, low), np.where(value <= 0, d, high)
            step = d - value / slope
            step = np.where((step >= low) & (step <= high), step, (low + high) / 2)
            moving = np.abs(step - d) > TOLERANCE
            if not moving.any():
                return d
            # A pair that has arrived stays: its limit does not depend on its neighbours.
            d = np.where(moving, step, d)
    raise NoEstimateError(f"Tango's limits did not converge in {MAX_STEPS} steps")
