"""Two models on the same problems: what the problems that only one of them solved can tell.

Four counts describe such a comparison: problems that both models passed, that only the first
(a) passed, that only the second (b) passed, that neither passed. The difference in pass rate is
(only_a - only_b) / n with n all problems; the tests look at the discordant ones alone.

Defaults, from counted coverage and type-I error at about 100 problems: Tango's interval and the
mid-p test, with the exact test beside it.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from stats.check import NoEstimateError, check_level
from stats.interval import Estimate, Interval
from stats.mcnemar import (
    check_counts,
    mcnemar_asymptotic,
    mcnemar_exact,
    mcnemar_exact_one_sided,
    mcnemar_midp,
)
from stats.proportion import normal_quantile, wilson_limits
from stats.tango import tango_limits

__all__ = [
    "PairedCounts",
    "bonett_price",
    "count_pairs",
    "difference",
    "mcnemar_asymptotic",
    "mcnemar_exact",
    "mcnemar_exact_one_sided",
    "mcnemar_midp",
    "newcombe",
    "newcombe_phi",
    "tango",
    "wald",
    "wald_standard_error",
]


@dataclass(frozen=True, slots=True)
class PairedCounts:
    """How two models' outcomes on the same problems fall together.

    Attributes
    ----------
    both, only_a, only_b, neither : int
        Problems passed by both models, by one alone, by neither.
    missing : int
        Problems left out because at least one of the two models has no outcome there.
    """

    both: int
    only_a: int
    only_b: int
    neither: int
    missing: int = 0

    @property
    def n(self) -> int:
        """Problems that both models attempted."""
        return self.both + self.only_a + self.only_b + self.neither

    @property
    def difference(self) -> float:
        """Pass rate of a minus that of b."""
        return (self.only_a - self.only_b) / self.n


def count_pairs(outcomes_a: ArrayLike, outcomes_b: ArrayLike) -> PairedCounts:
    """Cross two models' outcomes, problem by problem.

    Parameters
    ----------
    outcomes_a, outcomes_b : (n_problems,) bool, or 0, 1 and NaN
        NaN where the model has no outcome: the problem is left out and counted as missing.

    Returns
    -------
    PairedCounts

    Raises
    ------
    ValueError
        Unequal lengths, not one-dimensional, or a value other than 0, 1 and NaN.
    """
    a, b = (np.asarray(x, dtype=np.float64) for x in (outcomes_a, outcomes_b))
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"outcomes must be two lists of one length, got {a.shape} and {b.shape}")
    for name, values in (("outcomes_a", a), ("outcomes_b", b)):
        wrong = values[~(np.isnan(values) | (values == 0) | (values == 1))]
        if wrong.size:
            raise ValueError(f"{name} must hold 0, 1 or NaN, got {wrong[0]}")
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known] == 1, b[known] == 1
    return PairedCounts(
        both=int((a & b).sum()),
        only_a=int((a & ~b).sum()),
        only_b=int((b & ~a).sum()),
        neither=int((~a & ~b).sum()),
        missing=int((~known).sum()),
    )


def _check_table(both: int, only_a: int, only_b: int, neither: int, level: float) -> PairedCounts:
    table = PairedCounts(*check_counts(both=both, only_a=only_a, only_b=only_b, neither=neither))
    check_level(level)
    if table.n == 0:
        raise NoEstimateError("no problem was attempted by both models: there is no difference")
    return table


# Intervals of the difference in pass rate, a minus b


def difference(
    both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95
) -> Estimate:
    """Pass rate of a minus that of b on the same problems, with Tango's interval."""
    table = _check_table(both, only_a, only_b, neither, level)
    interval = tango(both, only_a, only_b, neither, level=level)
    return Estimate(table.difference, interval, table.n)


def tango(both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95) -> Interval:
    """Tango's score interval: the differences that the score test does not reject.

    Contains 0 exactly where McNemar's uncorrected chi-square is at most z squared. Has a width
    without discordant problems too; reaches 1 only where only_a = n, -1 only where only_b = n.

    Parameters
    ----------
    both, only_a, only_b, neither : int
        The table; both and neither matter through n alone.
    level : float in (0, 1)
        Nominal coverage.

    Returns
    -------
    Interval
        Of the difference, as a fraction in [-1, 1].

    Raises
    ------
    TypeError, ValueError
        A count that is no whole number, or negative; ``level`` outside (0, 1).
    NoEstimateError
        All counts are 0.

    References
    ----------
    Tango (1998), Equivalence test and confidence interval for the difference in proportions for
    the paired-sample design, Stat Med 17:891-908, eqs 6-9.
    """
    table = _check_table(both, only_a, only_b, neither, level)
    low, high = tango_limits(table.only_a, table.only_b, table.n, level=level)
    return Interval(float(low), float(high), level, "tango")


def wald(both: int, only_a: int, only_b: int, neither: int, *, level: float = 0.95) -> Interval:
    """Wald's interval, not truncated: kept for comparison with reports that print it.

    Of zero width without discordant problems and where one model alone passed every problem:
    that is no certainty, but the method's failure. Covers too little below a few hundred problems.

    Parameters
    ----------
    both, only_a, only_b, neither, level
        As in `tango`, which also says what is raised.

    Returns
    -------
    Interval
        (only_a - only_b) / n -+ z `wald_standard_error`; can reach beyond [-1, 1].

    References
    ----------
    Fagerland, Lydersen & Laake (2014), Recommended tests and confidence intervals for paired
    binomial proportions, Stat Med 33:2850-2875, sec 4.
    """
    centre = _check_table(both, only_a, only_b, neither, level).difference
    half = normal_quantile(level) * wald_standard_error(both, only_a, only_b, neither)
    return Interval(centre - half, centre + half, level, "paired_difference_wald")


def wald_standard_error(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Give sqrt(only_a + only_b - (only_a - only_b)^2 / n) / n, which can be 0."""
    table = _check_table(both, only_a, only_b, neither, 0.95)
    a, b, n = table.only_a, table.only_b, table.n
    # n (a + b) - (a - b)^2 in whole numbers: exactly 0 where it should be, never just below.
    return sqrt((n * (a + b) - (a - b) ** 2) / n) / n


def bonett_price(
    both: int,
    only_a: int,
    only_b: int,
    neither: int,
    *,
    level: float = 0.95,
    truncated: bool = True,
) -> Interval:
    """Bonett-Price: Wald after one more problem was passed by each model alone.

    Parameters
    ----------
    both, only_a, only_b, neither, level
        As in `tango`, which also says what is raised.
    truncated : bool
        Cut the limits to [-1, 1], which they can leave where the models hardly ever agree.

    Returns
    -------
    Interval
        Centred on (only_a - only_b) / (n + 2) before it is cut.

    References
    ----------
    Bonett & Price (2012), Adjusted Wald confidence interval for a difference of binomial
    proportions based on paired data, J Educ Behav Stat 37:479-488.
    """
    table = _check_table(both, only_a, only_b, neither, level)
    more = (table.both, table.only_a + 1, table.only_b + 1, table.neither)
    centre = (table.only_a - table.only_b) / (table.n + 2)
    half = normal_quantile(level) * wald_standard_error(*more)
    low, high = centre - half, centre + half
    if truncated:
        low, high = max(-1.0, low), min(1.0, high)
    return Interval(low, high, level, "paired_difference_bonett_price")


def newcombe(
    both: int,
    only_a: int,
    only_b: int,
    neither: int,
    *,
    level: float = 0.95,
    corrected: bool = True,
) -> Interval:
    """Newcombe's square-and-add interval: Wilson's limits of both rates, joined with phi.

    Parameters
    ----------
    both, only_a, only_b, neither, level
        As in `tango`, which also says what is raised.
    corrected : bool
        Method 10 of the paper (phi corrected for continuity where positive); False: method 8.

    Returns
    -------
    Interval

    References
    ----------
    Newcombe (1998), Improved confidence intervals for the difference between binomial proportions
    based on paired data, Stat Med 17:2635-2650, methods 8 and 10.
    """
    table = _check_table(both, only_a, only_b, neither, level)
    phi = newcombe_phi(both, only_a, only_b, neither, corrected=corrected)
    passed = [table.both + table.only_a, table.both + table.only_b]
    rate_a, rate_b = (count / table.n for count in passed)
    lows, highs = wilson_limits(passed, table.n, level=level)
    centre = table.difference
    low = centre - _add(rate_a - lows[0], highs[1] - rate_b, phi)
    high = centre + _add(highs[0] - rate_a, rate_b - lows[1], phi)
    method = "paired_difference_newcombe" + ("" if corrected else "_method8")
    return Interval(low, high, level, method)


def newcombe_phi(
    both: int, only_a: int, only_b: int, neither: int, *, corrected: bool = True
) -> float:
    """Correlation of the two models' outcomes, as Newcombe's methods 10 and 8 take it.

    Corrected: both * neither - only_a * only_b is reduced by n / 2 where positive, not below 0.
    Where a model passed all problems or none, phi is 0.
    """
    table = _check_table(both, only_a, only_b, neither, 0.95)
    passed_a, passed_b, n = table.both + table.only_a, table.both + table.only_b, table.n
    margins = passed_a * passed_b * (n - passed_a) * (n - passed_b)
    if margins == 0:
        return 0.0
    product = table.both * table.neither - table.only_a * table.only_b
    if corrected and product > 0:
        return max(product - n / 2, 0.0) / sqrt(margins)
    return product / sqrt(margins)


def _add(side_a: float, side_b: float, phi: float) -> float:
    """Add two half-widths of correlated estimates in squares."""
    return sqrt(max(side_a**2 - 2 * phi * side_a * side_b + side_b**2, 0.0))
