"""Counted coverage: how often an interval for one rate holds the truth, exactly.

With n problems there are n + 1 possible counts, so the coverage at a true rate is a finite sum of
binomial probabilities, without simulation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlog1py, xlogy

from stats.check import check_whole
from stats.proportion import FloatArray, Limits

LimitsMethod = Callable[..., Limits]
_ROUNDING = 1e-12  # a limit that equals the true rate but for rounding holds it


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of one method at one n over true rates.

    Attributes
    ----------
    rates, coverage, width : arrays, shape (k,)
        True rates, the probability that the interval holds each, and its expected width.
    level : float
        What the method promises.
    n : int
        Number of problems.
    """

    rates: FloatArray
    coverage: FloatArray
    width: FloatArray
    level: float
    n: int

    @property
    def mean(self) -> float:
        """Mean coverage over the rates."""
        return float(self.coverage.mean())

    @property
    def minimum(self) -> float:
        """Lowest coverage over the rates."""
        return float(self.coverage.min())


def rate_coverage(
    limits: LimitsMethod, n: int, *, rates: ArrayLike | None = None, level: float = 0.95
) -> Coverage:
    """Exact coverage and expected width of a method for one rate.

    Parameters
    ----------
    limits : function of (successes, n, level=...)
        Array function such as `stats.proportion.wilson_limits`.
    n : int
        Problems, at least 1.
    rates : numbers in (0, 1), optional
        True rates; by default the midpoints of 1,000 equal cells, which no limit of a method on
        the lattice of counts meets by accident.
    level : float
        Nominal coverage.

    References
    ----------
    Brown, Cai & DasGupta (2001), Stat. Sci. 16:101; Newcombe (1998), Stat. Med. 17:857.
    """
    check_whole(n, name="n", least=1)
    truth = default_rates() if rates is None else np.atleast_1d(np.asarray(rates, np.float64))
    if truth.ndim != 1 or truth.size == 0 or not np.all((truth > 0) & (truth < 1)):
        raise ValueError("rates must be a list of at least one, strictly between 0 and 1")
    counts = np.arange(n + 1)
    low, high = limits(counts, n, level=level)
    mass = binomial_table(n, truth)
    held = (low <= truth[:, None] + _ROUNDING) & (truth[:, None] <= high + _ROUNDING)
    return Coverage(truth, np.sum(mass * held, axis=1), mass @ (high - low), level, n)


def default_rates() -> FloatArray:
    """Midpoints of 1,000 equal cells of (0, 1)."""
    return (np.arange(1_000) + 0.5) / 1_000


def binomial_table(n: int, rates: FloatArray) -> FloatArray:
    """Binomial probabilities, one row of n + 1 for each rate in [0, 1]."""
    check_whole(n, name="n", least=0)
    if rates.ndim != 1 or not np.all((rates >= 0) & (rates <= 1)):
        raise ValueError("rates must be a list of numbers from 0 to 1")
    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    p = rates[:, None]
    table: FloatArray = np.exp(ways + xlogy(k, p) + xlog1py(n - k, -p))
    return table
