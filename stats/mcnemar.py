"""McNemar's test of two models on the problems that only one of them solved.

Under equality each discordant problem is as likely to fall to one model as to the other, so the
number that only a solved is Binomial(discordant, 1/2). Concordant problems say nothing here.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, erfc

from stats.check import NoEstimateError, check_whole, together
from stats.interval import TestResult
from stats.proportion import whole_numbers

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def check_counts(**counts: Any) -> tuple[int, ...]:
    """Raise unless every count is a whole number and at least 0; return them as Python's.

    Products of NumPy's 32-bit counts overflow at 216 problems, without an error.
    """
    for name, value in counts.items():
        check_whole(value, name=name, least=0)
    return tuple(map(int, counts.values()))


def discordant_counts(only_a: ArrayLike, only_b: ArrayLike) -> tuple[Whole, Whole]:
    """Check two arrays of counts and return them broadcast to one shape."""
    given = {"only_a": only_a, "only_b": only_b}
    a, b = together(**{name: whole_numbers(x, name=name) for name, x in given.items()})
    if np.any(a < 0) or np.any(b < 0):
        raise ValueError("only_a and only_b must be at least 0")
    return a, b


def exact_p_values(only_a: ArrayLike, only_b: ArrayLike) -> Floats:
    """Exact two-sided p-values, element by element: min(1, 2 P(X <= min(only_a, only_b)))."""
    return midp_and_exact_p_values(only_a, only_b)[1]


def midp_p_values(only_a: ArrayLike, only_b: ArrayLike) -> Floats:
    """Mid-p two-sided p-values, element by element: 2 P(X < fewer) + P(X = fewer), 1 at a tie."""
    return midp_and_exact_p_values(only_a, only_b)[0]


def midp_and_exact_p_values(only_a: ArrayLike, only_b: ArrayLike) -> tuple[Floats, Floats]:
    """Both two-sided p-values, element by element, from the same two binomial tails.

    Parameters
    ----------
    only_a, only_b : int arrays that broadcast together, at least 0
        Problems that one of the models alone passed.

    Returns
    -------
    midp, exact : float arrays of the common shape, in [0, 1]

    Raises
    ------
    TypeError, ValueError
        Counts that are no whole numbers, or negative.
    """
    a, b = discordant_counts(only_a, only_b)
    fewer, discordant = np.minimum(a, b).astype(np.float64), a + b
    up_to = bdtr(fewer, discordant, 0.5)
    below = np.where(fewer > 0, bdtr(np.maximum(fewer - 1, 0), discordant, 0.5), 0.0)
    midp = np.where(2 * fewer == discordant, 1.0, below + up_to)
    return midp, np.minimum(1.0, 2 * up_to)


def mcnemar_exact(only_a: int, only_b: int) -> TestResult:
    """McNemar's exact test: only_a is Binomial(only_a + only_b, 1/2) if the models are equal.

    Never exceeds its level, and at 100 problems uses only about 60 % of it. Without discordant
    problems p = 1.

    Parameters
    ----------
    only_a, only_b : int
        Problems that one of the models alone passed.

    Returns
    -------
    TestResult
        Two-sided p-value min(1, 2 P(X <= min(only_a, only_b))).

    Raises
    ------
    TypeError, ValueError
        A count that is no whole number, or negative.

    References
    ----------
    McNemar (1947), Psychometrika 12:153-157. Fagerland, Lydersen & Laake (2013), The McNemar
    test for binary matched-pairs data, BMC Med Res Methodol 13:91.
    """
    check_counts(only_a=only_a, only_b=only_b)
    return TestResult(float(exact_p_values(only_a, only_b)), "mcnemar_exact")


def mcnemar_exact_one_sided(only_a: int, only_b: int) -> TestResult:
    """Exact test of "a is better": P(X >= only_a). Swap the counts for "b is better"."""
    only_a, only_b = check_counts(only_a=only_a, only_b=only_b)
    return TestResult(float(bdtr(float(only_b), only_a + only_b, 0.5)), "mcnemar_exact_one_sided")


def mcnemar_midp(only_a: int, only_b: int, *, tie_below_one: bool = False) -> TestResult:
    """McNemar's mid-p test: the exact test, with the observed table counted half.

    Its type-I error can exceed the level slightly, never by much, and it wastes far less of the
    level than the exact test.

    Parameters
    ----------
    only_a, only_b : int
        Problems that one of the models alone passed.
    tie_below_one : bool
        What only_a = only_b > 0 gives. False: 1, as for no discordant problem at all, since no
        table is less extreme. True: 1 - P(X = only_a) / 2, the variant of the paper below.

    Returns
    -------
    TestResult
        Two-sided p-value 2 P(X < m) + P(X = m) with m = min(only_a, only_b).

    Raises
    ------
    TypeError, ValueError
        A count that is no whole number, or negative.

    References
    ----------
    Fagerland, Lydersen & Laake (2013), BMC Med Res Methodol 13:91.
    """
    only_a, only_b = check_counts(only_a=only_a, only_b=only_b)
    if tie_below_one and only_a == only_b > 0:
        above, below = (float(bdtr(x, 2 * only_a, 0.5)) for x in (float(only_a), only_a - 1.0))
        return TestResult(1 - (above - below) / 2, "mcnemar_midp_fagerland")
    return TestResult(float(midp_p_values(only_a, only_b)), "mcnemar_midp")


def mcnemar_asymptotic(only_a: int, only_b: int, *, corrected: bool = False) -> TestResult:
    """McNemar's chi-square test with one degree of freedom.

    Parameters
    ----------
    only_a, only_b : int
        Problems that one of the models alone passed.
    corrected : bool
        Apply the continuity correction max(abs(only_a - only_b) - 1, 0).

    Returns
    -------
    TestResult
        The statistic (only_a - only_b)^2 / (only_a + only_b) and its p-value.

    Raises
    ------
    TypeError, ValueError
        A count that is no whole number, or negative.
    NoEstimateError
        No discordant problem: the statistic is 0/0.

    References
    ----------
    McNemar (1947), Psychometrika 12:153-157. Edwards (1948), Psychometrika 13:185-187.
    """
    only_a, only_b = check_counts(only_a=only_a, only_b=only_b)
    if only_a + only_b == 0:
        raise NoEstimateError(
            "no problem was passed by one model alone: McNemar's chi-square is 0/0"
        )
    distance = max(abs(only_a - only_b) - 1, 0) if corrected else abs(only_a - only_b)
    statistic = distance**2 / (only_a + only_b)
    method = "mcnemar_asymptotic_cc" if corrected else "mcnemar_asymptotic"
    return TestResult(float(erfc(np.sqrt(statistic / 2))), method, statistic)
