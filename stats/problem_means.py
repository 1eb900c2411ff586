"""Means over problems of values between 0 and 1: a score interval and an exact bootstrap.

The problem is the unit. Its value may be a pass rate over several samples or pass@k; what samples
of one problem share is in the value and needs no further care.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, gcd, lcm, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError
from stats.interval import Estimate, Interval
from stats.lattice import TIE, tail_probability
from stats.proportion import normal_quantile

Floats = NDArray[np.float64]

_MAX_CELLS = 1 << 20  # about that many points hold the distribution of a bootstrap mean: 16 MB


def score_interval_of_means(values: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Wilson's interval for a mean of problem values between 0 and 1.

    The values' variance against that of a 0/1 variable with the same mean says how many single
    samples a problem is worth; Wilson's interval is taken at that many. One further problem with
    the 0/1 variance is mixed in, so that problems which look alike by luck do not pretend to
    certainty. With one sample for each problem this is Wilson's interval itself.

    Parameters
    ----------
    values : float, shape (problems,)
        In [0, 1]: pass rates or pass@k of each problem.
    level : float
        Nominal coverage in (0, 1).

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24(2), for the effective sample size; Wilson (1927),
    JASA 22(158). The added problem is this project's.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or x.size == 0 or not ((x >= 0) & (x <= 1)).all():
        raise ValueError("values must be at least one number in [0, 1] for each problem")
    z = normal_quantile(level)
    mean, n = float(x.mean()), x.size
    binary = mean * (1 - mean)
    worth = float(n)
    if binary > 0:
        variance = (float(np.sum((x - mean) ** 2)) + binary) / (n + 1)
        worth = n * max(binary / variance, 1.0)
    centre = (mean * worth + z**2 / 2) / (worth + z**2)
    half = z / (worth + z**2) * sqrt(worth * binary + z**2 / 4)
    low = 0.0 if mean == 0 else max(centre - half, 0.0)
    high = 1.0 if mean == 1 else min(centre + half, 1.0)
    # Rounding may put a limit some 1e-17 on the wrong side of a mean that small.
    limits = Interval(min(low, mean), max(high, mean), level, "wilson_by_problem")
    return Estimate(mean, limits, n)


def bootstrap_of_means(values: Sequence[Fraction], *, level: float = 0.95) -> Interval:
    """Percentile bootstrap of a mean over problems, computed from its distribution.

    The mean of n draws from the n values lives on a lattice; its probabilities are the n-th power
    of the values' characteristic function. Where the values' common denominator is too large for
    that, each value is shared between its two neighbours on a fine grid, which keeps the mean, and
    the method's name ends in ``_rounded`` instead of ``_exact``.

    Parameters
    ----------
    values : sequence of Fraction
        One for each problem.
    level : float
        Nominal coverage; each tail must be 1e-8 or more.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13. Davison & Hinkley (1997),
    Bootstrap Methods and their Application, sec. 3.8, on resampling clusters only.
    """
    tail = tail_probability(level)
    if not values:
        raise NoEstimateError("no problems: there is nothing to resample")
    lattice = _Lattice.of(values)
    low, high = lattice.mean_quantiles((tail, 1 - tail))
    kind = "exact" if lattice.exact else "rounded"
    return Interval(low, high, level, f"problem_bootstrap_percentile_{kind}")


@dataclass(frozen=True, slots=True, eq=False)
class _Lattice:
    """Problem values as steps of a lattice: value = origin + unit * step."""

    origin: Fraction
    unit: Fraction
    steps: NDArray[np.int64]
    shares: Floats
    n: int
    exact: bool

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> "_Lattice":
        n, origin = len(values), min(values)
        whole = lcm(*(v.denominator for v in values))
        steps = [int((v - origin) * whole) for v in values]
        common = gcd(*steps) or 1
        finest = max(_MAX_CELLS // (20 * ceil(sqrt(n))), 1)
        if max(steps) // common <= finest:
            found, shares = np.unique([s // common for s in steps], return_counts=True)
            unit = Fraction(common, whole)
            return cls(origin, unit, found.astype(np.int64), shares / n, n, exact=True)
        unit = (max(values) - origin) / finest
        at = np.array([float((v - origin) / unit) for v in values])
        below = np.minimum(np.floor(at), finest - 1)
        both = np.concatenate([below, below + 1]).astype(np.int64)
        weight = np.concatenate([below + 1 - at, at - below]) / n
        found, place = np.unique(both, return_inverse=True)
        shares = np.bincount(place.ravel(), weight)
        return cls(origin, unit, found, shares.astype(np.float64), n, exact=False)

    def mean_quantiles(self, levels: Sequence[float]) -> tuple[float, ...]:
        """Smallest attainable means whose CDF reaches each level."""
        centre = self.n * float(self.shares @ self.steps)
        variance = self.n * float(self.shares @ self.steps**2) - centre**2 / self.n
        size = self._window(max(variance, 0.0))
        mass = np.zeros(size)
        np.add.at(mass, self.steps % size, self.shares)
        sums = np.fft.irfft(np.fft.rfft(mass) ** self.n, n=size)
        # The window holds all that matters around the centre; the lattice wraps around it.
        first = 0 if size > self.n * int(self.steps.max()) else int(centre) - size // 2
        cdf = np.cumsum(np.roll(sums, -(first % size)))
        places = (first + int(np.searchsorted(cdf, u - TIE)) for u in levels)
        return tuple(float(self.origin + self.unit * Fraction(s, self.n)) for s in places)

    def _window(self, variance: float) -> int:
        """Power of two that holds all but 1e-16 of the sum, by Bernstein's inequality."""
        budget, widest = log(2e16), float(self.steps.max())
        slope = 2 * budget * widest / 3
        reach = slope + sqrt(slope**2 + 2 * budget * variance)
        width = min(2 * ceil(reach) + 3, self.n * int(widest) + 1)
        return 1 << max(3, (width - 1).bit_length())
