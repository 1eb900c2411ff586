"""The ratio of two rates on different or unlinked problems: "64 % of the best"."""

from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from stats.check import NoEstimateError
from stats.interval import Interval
from stats.proportion import normal_quantile
from stats.roots import Floats, bracketed_roots
from stats.two_rates import Counts, as_two_rates, check_two_rates, distinct, score_scale


def rate_ratio(successes_a: int, n_a: int, successes_b: int, n_b: int) -> float:
    """Ratio of two rates, ``p_a / p_b``: infinite for x/0.

    Raises
    ------
    TypeError, ValueError
        A count is out of its range.
    NoEstimateError
        A side has no trials, or neither has a success: 0/0.
    """
    successes_a, n_a, successes_b, n_b = check_two_rates(successes_a, n_a, successes_b, n_b)
    if successes_b > 0:
        return (successes_a * n_b) / (successes_b * n_a)
    if successes_a == 0:
        raise NoEstimateError("neither rate has a success: their ratio is 0/0")
    return inf


def odds_ratio(successes_a: int, n_a: int, successes_b: int, n_b: int) -> float:
    """Sample odds ratio of two rates: infinite for x/0.

    Raises
    ------
    TypeError, ValueError
        A count is out of its range.
    NoEstimateError
        A side has no trials, or both products of opposite cells are 0: 0/0.
    """
    successes_a, n_a, successes_b, n_b = check_two_rates(successes_a, n_a, successes_b, n_b)
    above, below = successes_a * (n_b - successes_b), successes_b * (n_a - successes_a)
    if above == 0 and below == 0:
        raise NoEstimateError("the odds ratio is 0/0: too many cells of the table are empty")
    return above / below if below else inf


def koopman(
    successes_a: int, n_a: int, successes_b: int, n_b: int, *, level: float = 0.95
) -> Interval:
    """Score interval for the ratio of two unlinked rates, ``p_a / p_b``.

    Holds every ratio that the score test, its variance at the restricted maximum likelihood,
    would not reject. No success on side a gives the lower limit 0, none on side b an infinite
    upper limit; without any success the data exclude nothing: (0, infinity).

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int
        Successes among trials of either side, 0 <= successes <= n, n >= 1.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    TypeError, ValueError
        A count or the level is out of its range.
    NoEstimateError
        A side has no trials.

    References
    ----------
    Koopman (1984), Biometrics 40:513-517. Miettinen & Nurminen (1985), Statistics in Medicine
    4:213-226, equation 10.
    """
    check_two_rates(successes_a, n_a, successes_b, n_b)
    low, high = koopman_limits(successes_a, n_a, successes_b, n_b, level=level)
    return Interval(float(low), float(high), level, "koopman")


def koopman_limits(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    level: float = 0.95,
    bias_factor: bool = False,
) -> tuple[Floats, Floats]:
    """Limits of `koopman` for many comparisons at once.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int arrays that broadcast together
        Counts; all pairs of m models are two index arrays of length m (m - 1) / 2.
    level : float
        Nominal coverage in (0, 1).
    bias_factor : bool
        Whether the variance is multiplied by N / (N - 1), as Miettinen and Nurminen have it.

    Returns
    -------
    (low, high) : float, the broadcast shape each
    """
    rates, place = distinct(as_two_rates(successes_a, n_a, successes_b, n_b))
    scale = score_scale(rates, level, bias_factor=bias_factor)
    side_a, side_b = (rates.successes_a, rates.n_a), (rates.successes_b, rates.n_b)
    low = _lower_limit(*side_a, *side_b, scale)
    inverse = _lower_limit(*side_b, *side_a, scale)
    high = np.divide(1.0, inverse, out=np.full(inverse.shape, inf), where=inverse > 0)
    return low[place], high[place]


def _lower_limit(
    successes_a: Counts, n_a: Counts, successes_b: Counts, n_b: Counts, scale: Floats
) -> Floats:
    """Solve for the angle whose tangent is the ratio: bounded, and the two sides alike."""
    limit = np.zeros(n_a.shape)
    some = successes_a > 0
    counts = tuple(x[some] for x in (successes_a, n_a, successes_b, n_b, scale))
    estimate = np.arctan2(counts[0] / counts[1], counts[2] / counts[3])
    angle = bracketed_roots(_score_excess, np.zeros(estimate.shape), estimate, estimate, *counts)
    limit[some] = np.tan(angle)
    return limit


def _score_excess(
    angle: Floats,
    estimate: Floats,
    successes_a: Counts,
    n_a: Counts,
    successes_b: Counts,
    n_b: Counts,
    scale: Floats,
) -> Floats:
    """Score statistic against its critical value: -1 at the estimate, 0 at a limit, 1 at 0.

    Under the hypothesis p_a = r sin, p_b = r cos of the angle, with r from a quadratic; the
    statistic compares cos * p_a with sin * p_b, which are equal there.
    """
    sine, cosine = np.sin(angle), np.cos(angle)
    passed, product = successes_a + successes_b, sine * cosine
    linear = (n_a + successes_b) * sine + (n_b + successes_a) * cosine
    root = np.sqrt(np.maximum(linear**2 - 4 * (n_a + n_b) * product * passed, 0.0))
    radius = 2 * passed / (linear + root)
    rate_a, rate_b = np.minimum(radius * sine, 1.0), np.minimum(radius * cosine, 1.0)
    variance = cosine**2 * rate_a * (1 - rate_a) / n_a + sine**2 * rate_b * (1 - rate_b) / n_b
    squared = (cosine * successes_a / n_a - sine * successes_b / n_b) ** 2
    allowed = scale * variance
    both = squared + allowed
    excess: Floats = (squared - allowed) / np.where(both > 0, both, 1.0)
    return np.where((angle == estimate) | (both == 0), -1.0, excess)


def katz(
    successes_a: int,
    n_a: int,
    successes_b: int,
    n_b: int,
    *,
    level: float = 0.95,
    adjusted: bool = False,
) -> Interval:
    """Log interval for the ratio of two unlinked rates, for comparison with reports that use it.

    (0, infinity) as soon as one side has no success. Of width zero where both sides have nothing
    but successes: that is the method's failure, not knowledge.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int
        Successes among trials of either side, 0 <= successes <= n, n >= 1.
    level : float
        Nominal coverage in (0, 1).
    adjusted : bool
        Add 1/2 to every count (Walter): always finite, not centred on the estimate.

    Raises
    ------
    TypeError, ValueError
        A count or the level is out of its range.
    NoEstimateError
        A side has no trials.

    References
    ----------
    Katz, Baptista, Azen & Pike (1978), Biometrics 34:469-474, method C. Walter (1975),
    Biometrika 62:371-374.
    """
    successes_a, n_a, successes_b, n_b = check_two_rates(successes_a, n_a, successes_b, n_b)
    z = normal_quantile(level)
    more = 0.5 if adjusted else 0.0
    a, all_a, b, all_b = (x + more for x in (successes_a, n_a, successes_b, n_b))
    method = "katz_adjusted" if adjusted else "katz"
    if min(a, b) == 0:
        return Interval(0.0, inf, level, method)
    centre = log(a / all_a) - log(b / all_b)
    half = z * sqrt((all_a - a) / (a * all_a) + (all_b - b) / (b * all_b))
    return Interval(exp(centre - half), exp(centre + half), level, method)
