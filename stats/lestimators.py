"""The exact bootstrap of medians, quantiles and other linear functions of the ordered values.

Resampling n values with replacement puts N_i ~ Binomial(n, i/n) of them among the i smallest, and
N_1 <= N_2 <= … is a Markov chain. Every statistic here is a function of that chain, so its
bootstrap distribution (quantiles) or variance (any L-estimator) is computed, not simulated.
"""

from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtrc, gammaln, xlog1py, xlogy

from stats.check import NoEstimateError, check_whole
from stats.interval import Interval
from stats.lattice import FloatArray, IntArray, quantile, tail_probability
from stats.proportion import normal_quantile

_NEGLIGIBLE = 1e-20
# One value enters a resample Binomial(n, 1/n) times: more than 22 times with probability 1/23!.
_MOST_COPIES = 22


@dataclass(frozen=True, slots=True)
class BootstrapEstimate:
    """A statistic with the moments of its exact bootstrap distribution.

    Attributes
    ----------
    estimate : float
        The statistic of the data themselves.
    interval : Interval
        Percentile limits for medians and quantiles, ``estimate ± z se`` for other L-estimators.
    mean, variance : float
        Moments of the bootstrap distribution; ``mean - estimate`` is the bootstrap's bias.
    n : int
        Number of values.
    """

    estimate: float
    interval: Interval
    mean: float
    variance: float
    n: int

    @property
    def standard_error(self) -> float:
        """Square root of the bootstrap variance."""
        return float(np.sqrt(self.variance))


def median(values: ArrayLike, *, level: float = 0.95) -> BootstrapEstimate:
    """Median with its exact percentile bootstrap interval.

    Parameters
    ----------
    values : numbers, shape (n,)
        Finite; n >= 1. With an even n the median is the mean of the two middle values.
    level : float
        Nominal coverage; each tail must be 1e-8 or more. A limit is the smallest
        attainable value whose CDF reaches ``(1 - level)/2`` or ``(1 + level)/2``. Equal values,
        or a single one, give zero width.

    Raises
    ------
    ValueError
        Not one-dimensional, not finite, level out of range.
    NoEstimateError
        No values.

    References
    ----------
    Hutson & Ernst (2000), J. R. Stat. Soc. B 62:89.
    """
    return _quantile(values, 0.5, level=level, method="bootstrap_median_exact")


def sample_quantile(values: ArrayLike, at: float, *, level: float = 0.95) -> BootstrapEstimate:
    """Quantile of the values with its exact percentile bootstrap interval.

    The quantile at probability ``at`` in [0, 1] interpolates between the two order statistics
    around position ``1 + (n - 1) at`` (Hyndman & Fan's type 7). Otherwise as `median`.

    References
    ----------
    Hutson & Ernst (2000), J. R. Stat. Soc. B 62:89; Hyndman & Fan (1996), Am. Stat. 50:361.
    """
    if not 0 <= at <= 1:
        raise ValueError(f"at must be between 0 and 1, got {at}")
    return _quantile(values, at, level=level, method="bootstrap_quantile_exact")


def _quantile(values: ArrayLike, at: float, *, level: float, method: str) -> BootstrapEstimate:
    x = _ordered(values)
    tail = tail_probability(level)
    position = (x.size - 1) * at
    rank, share = floor(position) + 1, position - floor(position)
    if rank == x.size:
        rank, share = max(x.size - 1, 1), float(x.size > 1)
    atoms, mass = _two_order_statistics(x, rank, share)
    estimate = x[rank - 1] if share == 0 else (1 - share) * x[rank - 1] + share * x[rank]
    mean = float(mass @ atoms)
    return BootstrapEstimate(
        estimate=float(estimate),
        interval=Interval(
            quantile(atoms, mass, tail),
            quantile(atoms, mass, 1 - tail),
            level,
            method,
        ),
        mean=mean,
        variance=float(mass @ (atoms - mean) ** 2),
        n=x.size,
    )


def _two_order_statistics(x: FloatArray, rank: int, share: float) -> tuple[FloatArray, FloatArray]:
    """Bootstrap distribution of ``(1 - share) X_(rank) + share X_(rank+1)``, values ascending."""
    at = _position_mass(x.size, rank)
    if share == 0:
        return x, at
    near = (at > _NEGLIGIBLE) | (_position_mass(x.size, rank + 1) > _NEGLIGIBLE)
    apart = _ranks_apart(x.size, rank, near)
    above = np.triu_indices(apart.shape[0], 1)
    values = np.add.outer((1 - share) * x[near], share * x[near])[above]
    atoms = np.concatenate([x[near], values])
    mass = np.concatenate([np.maximum(at[near] - apart.sum(axis=1), 0), apart[above]])
    order = np.argsort(atoms, kind="stable")
    return atoms[order], mass[order] / mass.sum()


def _position_mass(n: int, rank: int) -> FloatArray:
    """Probabilities that the order statistic of this rank is the i-th smallest value."""
    reached = bdtrc(rank - 1, n, np.arange(n + 1) / n)
    mass: FloatArray = np.diff(reached)
    return mass


def _ranks_apart(n: int, rank: int, near: NDArray[np.bool_]) -> FloatArray:
    """Probabilities that ranks `rank` and `rank + 1` are the i-th and j-th value, i < j.

    Then `rank` draws fall on the i lowest values, the i-th among them, and the others on the j-th
    and higher ones, the j-th among them; C(n, rank) ways to say which draws are which.
    """
    i = np.arange(1, n + 1)
    lower = _extreme(i, n, rank)[near]
    upper = _extreme(n + 1 - i, n, n - rank)[near]
    ways = gammaln(n + 1) - gammaln(rank + 1) - gammaln(n - rank + 1)
    log_mass = np.add.outer(lower, upper) + ways
    ordered = np.triu(np.ones(log_mass.shape, dtype=bool), 1)
    return np.exp(np.where(ordered, log_mass, -np.inf))


def _extreme(i: IntArray, n: int, draws: int) -> FloatArray:
    """Log probability that all draws are among i of n values and one at least is the last of them.

    For i = 1 the second factor is 1: log1p(-1) = -inf is meant.
    """
    with np.errstate(divide="ignore"):
        log_ratio = draws * np.log1p(-1 / i)
    log_mass: FloatArray = draws * np.log(i / n) + np.log(-np.expm1(log_ratio))
    return log_mass


def l_estimator(
    values: ArrayLike, coefficients: ArrayLike, *, level: float = 0.95
) -> BootstrapEstimate:
    """Weighted sum of the ordered values with its exact bootstrap mean and variance.

    The interval is ``estimate ± z se`` with the exact bootstrap standard error (method
    ``bootstrap_l_estimator_normal``): the distribution itself has no closed form beyond two
    order statistics. Time grows with n²: about a second at 2,000 values.

    Parameters
    ----------
    values : numbers, shape (n,)
        Finite; n >= 2.
    coefficients : numbers, shape (n,)
        Weight of the smallest value first; `trimmed_mean_coefficients` makes those of a mean.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        Wrong shapes, not finite, level out of range.
    NoEstimateError
        No values, or a single one, whose spread nobody can know.

    References
    ----------
    Hutson & Ernst (2000), J. R. Stat. Soc. B 62:89. They sum n² covariances of pairs of order
    statistics; here the chain of the N_i carries the sums along.
    """
    x = _ordered(values)
    weight = np.asarray(coefficients, dtype=np.float64)
    if weight.shape != x.shape or not np.all(np.isfinite(weight)):
        raise ValueError(f"coefficients must be {x.size} finite numbers, one for each value")
    if x.size < 2:
        raise NoEstimateError("a single value has no bootstrap variance")
    # T = x_1 sum(c) + sum_i (x_{i+1} - x_i) tail(N_i): what stands above rank N_i exceeds x_i.
    tail = np.append(np.cumsum(weight[::-1])[::-1], 0.0)
    mean, variance = _chain_moments(np.diff(x), tail)
    mean += float(x[0] * weight.sum())
    estimate, half = float(weight @ x), normal_quantile(level) * variance**0.5
    interval = Interval(estimate - half, estimate + half, level, "bootstrap_l_estimator_normal")
    return BootstrapEstimate(estimate, interval, mean, variance, x.size)


def trimmed_mean_coefficients(n: int, *, trim: float) -> FloatArray:
    """Coefficients of the mean of what is left when ``floor(trim * n)`` go at either end.

    ``trim`` in [0, 0.5); 0 is the mean.
    """
    check_whole(n, name="n", least=1)
    if not 0 <= trim < 0.5:
        raise ValueError(f"trim must be at least 0 and below 0.5, got {trim}")
    cut = floor(trim * n + 1e-9)  # 0.1 * 30 is 3, whatever binary fractions say
    weight = np.zeros(n)
    weight[cut : n - cut] = 1 / (n - 2 * cut)
    return weight


def _chain_moments(gaps: FloatArray, tail: FloatArray) -> tuple[float, float]:
    """Mean and variance of ``sum_i gaps[i] * tail[N_i]`` along the chain of the N_i."""
    n = gaps.size + 1
    carried = np.zeros(n + 1)  # sum over earlier i of E[gap_i (tail(N_i) - mean_i); N_j = b]
    mean = variance = 0.0
    for j in range(1, n):
        mass = _binomial_mass(n, j)
        expected = float(mass @ tail)
        centred = tail - expected
        gap = float(gaps[j - 1])
        mean += gap * expected
        variance += gap * float(gap * (mass @ centred**2) + 2 * (carried @ centred))
        carried = _advance(carried + gap * mass * centred, n - j)
    return mean, max(variance, 0.0)


def _binomial_mass(n: int, j: int) -> FloatArray:
    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    mass: FloatArray = np.exp(ways + k * np.log(j / n) + (n - k) * np.log1p(-j / n))
    return mass


def _advance(carried: FloatArray, values_left: int) -> FloatArray:
    """Carry E[…; N_j = a] to j + 1: each draw above the j-th value is the next one by chance."""
    n = carried.size - 1
    copies = np.arange(min(_MOST_COPIES, n) + 1)
    size = np.abs(carried)
    alive = np.nonzero(size > _NEGLIGIBLE * size.max())[0]
    draws = (n - alive)[:, None]
    ways = gammaln(draws + 1) - gammaln(copies + 1) - gammaln(np.maximum(draws - copies, 0) + 1)
    log_step = ways - xlogy(copies, values_left) + xlog1py(draws - copies, -1 / values_left)
    step = np.where(copies <= draws, np.exp(log_step), 0.0)
    arrived = np.minimum(alive[:, None] + copies, n)
    moved = np.bincount(arrived.ravel(), (carried[alive, None] * step).ravel(), minlength=n + 1)
    return moved.astype(np.float64)


def _ordered(values: ArrayLike) -> FloatArray:
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1:
        raise ValueError(f"values must be one-dimensional, got shape {x.shape}")
    if x.size == 0:
        raise NoEstimateError("values are empty: there is nothing to estimate from")
    if not np.all(np.isfinite(x)):
        raise ValueError(f"values must be finite, got {x[~np.isfinite(x)][0]}")
    return np.sort(x)
