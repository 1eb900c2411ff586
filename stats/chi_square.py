"""Two rates on different or unlinked problems: chi-square tests, large-sample and quick.

At about 100 problems prefer the exact tests of `stats.unconditional` and `stats.fisher`.
"""

from math import erfc, sqrt

from stats.check import NoEstimateError
from stats.interval import TestResult
from stats.two_rates import check_two_rates


def chi_square(successes_a: int, n_a: int, successes_b: int, n_b: int) -> TestResult:
    """Pearson's chi-square test of equal rates, one degree of freedom.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int
        Successes among trials of either side, 0 <= successes <= n, n >= 1.

    Raises
    ------
    TypeError, ValueError
        A count is out of its range.
    NoEstimateError
        A side has no trials, or all trials have the same outcome: the statistic is 0/0.

    References
    ----------
    Pearson (1900), Philosophical Magazine 50:157-175.
    """
    distance, spread, total = _chi_square_parts(successes_a, n_a, successes_b, n_b)
    return _chi_square_result(total * distance**2 / spread, "chi_square")


def chi_square_yates(successes_a: int, n_a: int, successes_b: int, n_b: int) -> TestResult:
    """Chi-square test with Yates' correction: each count up to 1/2 nearer to its expectation.

    As conservative as Fisher's exact test. Parameters and errors as in `chi_square`.

    References
    ----------
    Yates (1934), Supplement to the Journal of the Royal Statistical Society 1:217-235.
    """
    distance, spread, total = _chi_square_parts(successes_a, n_a, successes_b, n_b)
    nearer = max(distance - total / 2, 0.0)
    return _chi_square_result(total * nearer**2 / spread, "chi_square_yates")


def chi_square_n_minus_1(successes_a: int, n_a: int, successes_b: int, n_b: int) -> TestResult:
    """Chi-square test with the statistic times (N - 1) / N, which `miettinen_nurminen` inverts.

    Parameters and errors as in `chi_square`.

    References
    ----------
    Campbell (2007), Statistics in Medicine 26:3661-3675.
    """
    distance, spread, total = _chi_square_parts(successes_a, n_a, successes_b, n_b)
    return _chi_square_result((total - 1) * distance**2 / spread, "chi_square_n_minus_1")


def _chi_square_parts(
    successes_a: int, n_a: int, successes_b: int, n_b: int
) -> tuple[int, int, int]:
    """N times the distance from expectation, alike in all cells; product of the margins; N."""
    successes_a, n_a, successes_b, n_b = check_two_rates(successes_a, n_a, successes_b, n_b)
    total, passed = n_a + n_b, successes_a + successes_b
    if passed in (0, total):
        raise NoEstimateError(f"{passed} successes of {total}: the chi-square statistic is 0/0")
    distance = abs(successes_a * n_b - successes_b * n_a)
    return distance, n_a * n_b * passed * (total - passed), total


def _chi_square_result(statistic: float, method: str) -> TestResult:
    return TestResult(erfc(sqrt(statistic / 2)), method, statistic)
