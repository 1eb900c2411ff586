"""What so many shared problems can show: exact power of McNemar's tests.

Unconditional: n problems, of which each is passed by model a alone, by b alone, or by both or
neither. Power is a sum over all outcomes that the test rejects, without approximation. It is not
monotone in n, since the attainable p-values move with the number of discordant problems.
Two models on different problems are in `stats.power_unpaired`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, erfc

from stats.binomial import binomial_pmf
from stats.mcnemar import Whole, discordant_counts, exact_p_values, midp_p_values
from stats.roots import Floats
from stats.search import ProblemsNeeded, check_plan, crossing, last_true, problems_needed

PValues = Callable[[ArrayLike, ArrayLike], Floats]
"""P-values of many tables by their discordant problems, never falling as these get more even."""

ROUNDING = 1 + 1e-9  # p-values equal to alpha reject, whatever their last digits are

__all__ = [
    "DetectableDifference",
    "ProblemsNeeded",
    "asymptotic_corrected_p_values",
    "asymptotic_p_values",
    "exact_p_values",
    "mcnemar_power",
    "midp_p_values",
    "minimum_detectable_paired",
    "problems_needed_paired",
]


@dataclass(frozen=True, slots=True)
class DetectableDifference:
    """Smallest difference in pass rate that a test sees with the wanted power.

    Attributes
    ----------
    difference : float or None
        As a fraction; None where even the largest possible one has too little power.
    max_power : float
        Power at the largest possible difference.
    """

    difference: float | None
    max_power: float


def asymptotic_p_values(only_a: ArrayLike, only_b: ArrayLike) -> Floats:
    """Two-sided p-values of McNemar's chi-square test, 1 without discordant problems."""
    a, b = discordant_counts(only_a, only_b)
    return _chi_square_p_values(np.abs(a - b), a + b)


def asymptotic_corrected_p_values(only_a: ArrayLike, only_b: ArrayLike) -> Floats:
    """As `asymptotic_p_values`, with the continuity correction max(|a - b| - 1, 0)."""
    a, b = discordant_counts(only_a, only_b)
    return _chi_square_p_values(np.maximum(np.abs(a - b) - 1, 0), a + b)


def _chi_square_p_values(distance: Whole, discordant: Whole) -> Floats:
    p_values: Floats = erfc(distance / np.sqrt(2 * np.maximum(discordant, 1)))
    return p_values


def mcnemar_power(
    n: int,
    p_only_a: float,
    p_only_b: float,
    *,
    alpha: float = 0.05,
    p_values: PValues = midp_p_values,
) -> float:
    """Exact power of a two-sided McNemar test.

    Parameters
    ----------
    n : int
        Problems that both models attempt, n >= 1.
    p_only_a, p_only_b : float
        Probability that a problem is passed by one model alone; their sum is the discordance,
        at most 1, their difference the difference in pass rate.
    alpha : float
        Level of the test in (0, 1); the test rejects where p <= alpha.
    p_values
        The test: `midp_p_values`, `exact_p_values`, `asymptotic_p_values` or
        `asymptotic_corrected_p_values`.

    Returns
    -------
    float
        Probability of rejection; the size of the test where the two probabilities are equal.

    Raises
    ------
    TypeError, ValueError
        An argument is out of its range.
    """
    check_plan(n=n, alpha=alpha)
    discordance = _check_discordance(p_only_a, p_only_b)
    if discordance == 0:
        return 0.0
    critical = _critical_values(n, alpha, p_values)
    return _power(critical, discordance, p_only_a / discordance)


def minimum_detectable_paired(
    n: int,
    discordance: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    p_values: PValues = midp_p_values,
) -> DetectableDifference:
    """Smallest difference in pass rate that a McNemar test sees with the wanted power.

    Parameters
    ----------
    n : int
        Problems that both models attempt, n >= 1.
    discordance : float
        Share of problems that exactly one of the models passes, in (0, 1]: bounds the difference.
        At fixed n and discordance power rises with the difference.
    alpha, power : float
        Level of the test and wanted power, both in (0, 1).
    p_values
        The test, as in `mcnemar_power`.

    Raises
    ------
    TypeError, ValueError
        An argument is out of its range.
    """
    check_plan(n=n, alpha=alpha, power=power)
    if not 0 < discordance <= 1:
        raise ValueError(f"discordance must be in (0, 1], got {discordance}")
    critical = _critical_values(n, alpha, p_values)

    def excess(difference: float) -> float:
        share = (discordance + difference) / 2 / discordance
        return _power(critical, discordance, share) - power

    most = excess(discordance)
    if most < 0:
        return DetectableDifference(None, most + power)
    if excess(0.0) >= 0:  # alpha itself, or more than it, was asked for
        return DetectableDifference(0.0, most + power)
    return DetectableDifference(crossing(excess, 0.0, discordance), most + power)


def problems_needed_paired(
    difference: float,
    discordance: float,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    p_values: PValues = midp_p_values,
) -> ProblemsNeeded:
    """Problems it takes to see a difference in pass rate between two models that share them.

    Parameters
    ----------
    difference : float
        Difference in pass rate, in (0, discordance].
    discordance : float
        Share of problems that exactly one of the models passes, in (0, 1].
    alpha, power : float
        Level of the test and wanted power, both in (0, 1).
    p_values
        The test, as in `mcnemar_power`.

    Raises
    ------
    ValueError
        An argument is out of its range.
    NoEstimateError
        More problems than are searched: the difference is too small.
    """
    check_plan(alpha=alpha, power=power)
    if not 0 < difference <= discordance <= 1:
        raise ValueError(
            "difference must be above 0 and at most the discordance, and that at most 1; "
            f"got {difference} and {discordance}"
        )
    share = (discordance + difference) / 2 / discordance

    def power_at(n: int) -> float:
        return _power(_critical_values(n, alpha, p_values), discordance, share)

    return problems_needed(power_at, power)


def _critical_values(n: int, alpha: float, p_values: PValues) -> NDArray[np.int64]:
    """For 0, ..., n discordant problems: the most that may fall to the weaker side, or -1."""
    discordant = np.arange(n + 1)

    def rejects(fewer: NDArray[np.int64]) -> NDArray[np.bool_]:
        fewer = np.clip(fewer, 0, discordant)
        found: NDArray[np.bool_] = p_values(fewer, discordant - fewer) <= alpha * ROUNDING
        return found

    # An even split never rejects: its p-value is 1.
    return last_true(rejects, np.zeros_like(discordant), (discordant - 1) // 2)


def _power(critical: NDArray[np.int64], discordance: float, share: float) -> float:
    """Mean over the number of discordant problems of the chance that their split rejects."""
    n = critical.size - 1
    discordant, some = np.arange(n + 1), critical >= 0
    rejects = np.zeros(n + 1)
    bound, trials = critical[some].astype(np.float64), discordant[some]
    rejects[some] = bdtr(bound, trials, share) + bdtr(bound, trials, 1 - share)
    return min(1.0, float(binomial_pmf(n, discordance) @ rejects))


def _check_discordance(p_only_a: float, p_only_b: float) -> float:
    for name, value in (("p_only_a", p_only_a), ("p_only_b", p_only_b)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be in [0, 1], got {value}")
    if p_only_a + p_only_b > 1 + 1e-12:
        raise ValueError(
            f"p_only_a and p_only_b must together be at most 1, got {p_only_a + p_only_b}"
        )
    return min(p_only_a + p_only_b, 1.0)
