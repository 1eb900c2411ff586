"""What so many problems can show of two models that ran different or unlinked ones.

Two independent binomials, the power a sum over all tables that the test rejects. It is not
monotone in the number of problems. On shared problems this asks for too many: see `stats.power`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from stats.binomial import binomial_pmf
from stats.check import check_whole
from stats.fisher import FisherProbabilities, fisher_probabilities
from stats.power import ROUNDING, DetectableDifference
from stats.roots import Floats
from stats.search import ProblemsNeeded, check_plan, crossing, last_true, problems_needed
from stats.unconditional import unconditional_z_pooled_p_values

Region = NDArray[np.bool_]
Rejects = Callable[[int, int, float], Region]
"""Which tables a test rejects, given n_a, n_b, alpha: shape (n_a + 1, n_b + 1) by successes."""

_TABLES = 48  # tables tried at once for the first that rejects
_STEPS = 256  # differences tried for the first that has the power: it may dip near 0
_MOST_PROBLEMS = 4_096  # for each model: the region then has 17 million tables


def fisher_region(n_a: int, n_b: int, alpha: float) -> Region:
    """Tables that Fisher's exact test rejects."""
    _check_region(n_a, n_b, alpha)
    return _two_tails(lambda tables: tables.two_sided, n_a, n_b, alpha)


def fisher_midp_region(n_a: int, n_b: int, alpha: float) -> Region:
    """Tables that Fisher's test with the mid-p correction rejects."""
    _check_region(n_a, n_b, alpha)
    return _two_tails(lambda tables: tables.two_sided_midp, n_a, n_b, alpha)


def z_pooled_region(n_a: int, n_b: int, alpha: float) -> Region:
    """Tables that the unconditional test by pooled z rejects: all from some z squared on."""
    _check_region(n_a, n_b, alpha)
    a, b = np.arange(n_a + 1)[:, None], np.arange(n_b + 1)
    passed, total = a + b, n_a + n_b
    squared = (a * n_b - b * n_a) ** 2 / np.maximum(passed * (total - passed), 1)
    near = ndtri(alpha / 2) ** 2 * n_a * n_b / total  # where z squared is the chi-square quantile
    bound = _first_rejected(squared, n_a, n_b, alpha, within=(0.75 * near, 1.5 * near))
    if bound is None:  # few problems: the first is elsewhere, or there is none
        bound = _first_rejected(squared, n_a, n_b, alpha, within=(0.0, np.inf))
    region: Region = squared >= (np.inf if bound is None else bound) / ROUNDING
    return region


def _first_rejected(
    squared: Floats, n_a: int, n_b: int, alpha: float, *, within: tuple[float, float]
) -> float | None:
    """Least z squared that is rejected, of tables within limits; None where none of them bounds it.

    The p-value falls along this order: narrow down to the first table that rejects, many tables at
    once since they share what is costly.
    """
    tables = np.flatnonzero((squared >= within[0]) & (squared <= within[1]))
    tables = tables[np.argsort(squared.flat[tables])]
    low, high = -1, tables.size
    while high - low > 1:
        tried = np.unique(np.linspace(low + 1, high - 1, _TABLES).astype(np.int64))
        of_a, of_b = np.unravel_index(tables[tried], squared.shape)
        rejected = unconditional_z_pooled_p_values(of_a, n_a, of_b, n_b) <= alpha * ROUNDING
        first = int(rejected.argmax()) if rejected.any() else tried.size
        high = int(tried[first]) if first < tried.size else high
        low = int(tried[first - 1]) if first else low
    outside = high == tables.size or (high == 0 and within[0] > 0)
    return None if outside else float(squared.flat[tables[high]])


def fisher_power(
    n_a: int,
    n_b: int,
    rate_a: float,
    rate_b: float,
    *,
    alpha: float = 0.05,
    rejects: Rejects = fisher_region,
) -> float:
    """Exact power of a two-sided test of two unlinked rates.

    Parameters
    ----------
    n_a, n_b : int
        Problems of each model, at least 1.
    rate_a, rate_b : float
        True pass rates in [0, 1]; where equal, the result is the size of the test.
    alpha : float
        Level of the test in (0, 1); the test rejects where p <= alpha.
    rejects
        The test: `fisher_region`, `fisher_midp_region` or `z_pooled_region`.

    Raises
    ------
    TypeError, ValueError
        An argument is out of its range.
    """
    check_plan(n=n_a, alpha=alpha)
    check_plan(n=n_b)
    _check_rates(rate_a=rate_a, rate_b=rate_b)
    region = rejects(n_a, n_b, alpha)
    return _power(region, binomial_pmf(n_a, rate_a), binomial_pmf(n_b, rate_b))


def minimum_detectable_unpaired(
    n: int,
    rate: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    rejects: Rejects = fisher_region,
) -> DetectableDifference:
    """Smallest gain over a pass rate that a test of unlinked rates sees with the wanted power.

    A loss is the same with passes and failures exchanged: give 1 - rate.

    Parameters
    ----------
    n : int
        Problems of each model, at least 1.
    rate : float
        The lower pass rate, in [0, 1).
    alpha, power : float
        Level of the test and wanted power, both in (0, 1).
    rejects
        The test, as in `fisher_power`.

    Raises
    ------
    TypeError, ValueError
        An argument is out of its range.
    """
    check_plan(n=n, alpha=alpha, power=power)
    _check_rates(rate=rate)
    if rate == 1:
        raise ValueError("rate must be below 1: nothing can exceed it")
    chance = binomial_pmf(n, rate) @ rejects(n, n, alpha)  # of rejection, by the other's passes

    def excess(difference: float) -> float:
        return float(binomial_pmf(n, min(rate + difference, 1.0)) @ chance) - power

    steps = np.linspace(0, 1 - rate, _STEPS + 1)
    reached = np.flatnonzero(binomial_pmf(n, np.minimum(rate + steps, 1.0)) @ chance >= power)
    most = min(1.0, excess(1 - rate) + power)
    if reached.size == 0:
        return DetectableDifference(None, most)
    first = int(reached[0])
    if first == 0:
        return DetectableDifference(0.0, most)
    return DetectableDifference(crossing(excess, steps[first - 1], steps[first]), most)


def problems_needed_unpaired(
    rate_a: float,
    rate_b: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    rejects: Rejects = fisher_region,
) -> ProblemsNeeded:
    """Problems for each of two models that it takes to tell their pass rates apart, unlinked.

    Parameters
    ----------
    rate_a, rate_b : float
        True pass rates in [0, 1], not equal.
    alpha, power : float
        Level of the test and wanted power, both in (0, 1).
    rejects
        The test, as in `fisher_power`.

    Raises
    ------
    ValueError
        An argument is out of its range.
    NoEstimateError
        More problems than are searched: the difference is too small.
    """
    check_plan(alpha=alpha, power=power)
    _check_rates(rate_a=rate_a, rate_b=rate_b)
    if rate_a == rate_b:
        raise ValueError(f"rate_a and rate_b must differ, got {rate_a} twice")

    def power_at(n: int) -> float:
        return _power(rejects(n, n, alpha), binomial_pmf(n, rate_a), binomial_pmf(n, rate_b))

    return problems_needed(power_at, power, most=_MOST_PROBLEMS)


def _power(region: Region, chance_a: Floats, chance_b: Floats) -> float:
    return min(1.0, float(chance_a @ region @ chance_b))


def _two_tails(
    p_value: Callable[[FisherProbabilities], Floats], n_a: int, n_b: int, alpha: float
) -> Region:
    """Given all successes, p rises to the most probable table and falls beyond it."""
    passed = np.arange(n_a + n_b + 1)
    least, most = np.maximum(passed - n_b, 0), np.minimum(passed, n_a)
    middle = np.clip((passed + 1) * (n_a + 1) // (n_a + n_b + 2), least, most)

    def reject(a: NDArray[np.int64]) -> Region:
        inside = (a >= least) & (a <= most)
        tried = np.clip(a, least, most)
        tables = fisher_probabilities(tried, n_a, passed - tried, n_b)
        return inside & (p_value(tables) <= alpha * ROUNDING)

    lower = last_true(reject, least, middle)
    upper = -last_true(lambda a: reject(-a), -most, -middle)
    a = np.arange(n_a + 1)[:, None]
    both = a + np.arange(n_b + 1)
    region: Region = (a <= lower[both]) | (a >= upper[both])
    return region


def _check_region(n_a: int, n_b: int, alpha: float) -> None:
    check_whole(n_a, name="n_a", least=1)
    check_whole(n_b, name="n_b", least=1)
    check_plan(alpha=alpha)


def _check_rates(**rates: float) -> None:
    for name, rate in rates.items():
        if not 0 <= rate <= 1:
            raise ValueError(f"{name} must be in [0, 1], got {rate}")
