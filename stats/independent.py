"""Two rates on different or unlinked problems: intervals for their difference.

Default at about 100 problems: Miettinen and Nurminen's. Tests are in `stats.unconditional`,
`stats.fisher` and `stats.chi_square`, ratios in `stats.ratio`.
"""

import numpy as np
from numpy.typing import ArrayLike

from stats.interval import Interval
from stats.proportion import normal_quantile, wilson_limits
from stats.roots import Floats, bracketed_roots
from stats.two_rates import (
    Counts,
    TwoRates,
    as_two_rates,
    check_two_rates,
    distinct,
    score_scale,
)


def difference_wald(
    successes_a: int, n_a: int, successes_b: int, n_b: int, *, level: float = 0.95
) -> Interval:
    """Wald's interval for ``p_a - p_b``, not truncated: for comparison with reports that use it.

    Of width zero where both rates are 0 or 1: that is the method's failure, not knowledge.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b, level
        As in `miettinen_nurminen`, which also says what is raised.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17:873-890, method 1.
    """
    check_two_rates(successes_a, n_a, successes_b, n_b)
    low, high = difference_wald_limits(successes_a, n_a, successes_b, n_b, level=level)
    return Interval(float(low), float(high), level, "difference_wald")


def difference_wald_limits(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Limits of `difference_wald` for many comparisons at once, of the arrays' broadcast shape."""
    low, high = _wald(as_two_rates(successes_a, n_a, successes_b, n_b), level, added=0)
    return low, high


def agresti_caffo(
    successes_a: int, n_a: int, successes_b: int, n_b: int, *, level: float = 0.95
) -> Interval:
    """Wald's interval for ``p_a - p_b`` after one more success and failure on each side.

    Truncated to [-1, 1]. Close to its level on average; simple enough for a slide.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b, level
        As in `miettinen_nurminen`, which also says what is raised.

    References
    ----------
    Agresti & Caffo (2000), The American Statistician 54:280-288.
    """
    check_two_rates(successes_a, n_a, successes_b, n_b)
    low, high = agresti_caffo_limits(successes_a, n_a, successes_b, n_b, level=level)
    return Interval(float(low), float(high), level, "agresti_caffo")


def agresti_caffo_limits(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Limits of `agresti_caffo` for many comparisons at once, of the arrays' broadcast shape."""
    low, high = _wald(as_two_rates(successes_a, n_a, successes_b, n_b), level, added=1)
    return low.clip(min=-1.0), high.clip(max=1.0)


def _wald(rates: TwoRates, level: float, *, added: int) -> tuple[Floats, Floats]:
    n_a, n_b = rates.n_a + 2 * added, rates.n_b + 2 * added
    rate_a, rate_b = (rates.successes_a + added) / n_a, (rates.successes_b + added) / n_b
    variance = rate_a * (1 - rate_a) / n_a + rate_b * (1 - rate_b) / n_b
    half = normal_quantile(level) * np.sqrt(variance)
    centre = rate_a - rate_b
    return (centre - half).reshape(rates.shape), (centre + half).reshape(rates.shape)


def newcombe(
    successes_a: int, n_a: int, successes_b: int, n_b: int, *, level: float = 0.95
) -> Interval:
    """Hybrid score interval for ``p_a - p_b``: Wilson's limits of both rates, added in squares.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b, level
        As in `miettinen_nurminen`, which also says what is raised.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17:873-890, method 10.
    """
    check_two_rates(successes_a, n_a, successes_b, n_b)
    low, high = newcombe_limits(successes_a, n_a, successes_b, n_b, level=level)
    return Interval(float(low), float(high), level, "newcombe_hybrid_score")


def newcombe_limits(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Limits of `newcombe` for many comparisons at once, of the arrays' broadcast shape."""
    rates = as_two_rates(successes_a, n_a, successes_b, n_b)
    rate_a, rate_b = rates.successes_a / rates.n_a, rates.successes_b / rates.n_b
    low_a, high_a = wilson_limits(rates.successes_a, rates.n_a, level=level)
    low_b, high_b = wilson_limits(rates.successes_b, rates.n_b, level=level)
    low = rate_a - rate_b - np.hypot(rate_a - low_a, high_b - rate_b)
    high = rate_a - rate_b + np.hypot(high_a - rate_a, rate_b - low_b)
    return low.reshape(rates.shape), high.reshape(rates.shape)


def miettinen_nurminen(
    successes_a: int, n_a: int, successes_b: int, n_b: int, *, level: float = 0.95
) -> Interval:
    """Score interval for the difference of two unlinked rates, ``p_a - p_b``.

    Holds every difference that the score test, its variance at the restricted maximum likelihood
    times N / (N - 1), would not reject. Never has width zero; reaches -1 or 1 only where the
    estimate itself does. It contains 0 exactly when the chi-square times (N - 1) / N is at most
    z squared.

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
    Miettinen & Nurminen (1985), Statistics in Medicine 4:213-226, equations 8 and 9, appendix 1.
    """
    check_two_rates(successes_a, n_a, successes_b, n_b)
    low, high = miettinen_nurminen_limits(successes_a, n_a, successes_b, n_b, level=level)
    return Interval(float(low), float(high), level, "miettinen_nurminen")


def miettinen_nurminen_limits(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    level: float = 0.95,
    bias_factor: bool = True,
) -> tuple[Floats, Floats]:
    """Limits of `miettinen_nurminen` for many comparisons at once.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int arrays
        Counts, broadcast against each other; all pairs of m models are two index arrays of length
        m (m - 1) / 2.
    level : float
        Nominal coverage in (0, 1).
    bias_factor : bool
        Whether the variance is multiplied by N / (N - 1); without it the limits are Mee's (1984).

    Returns
    -------
    (low, high) : float, the broadcast shape each
        Accurate to about 1e-9.
    """
    rates, place = distinct(as_two_rates(successes_a, n_a, successes_b, n_b))
    counts = (*rates[:4], score_scale(rates, level, bias_factor=bias_factor))
    estimate = rates.successes_a / rates.n_a - rates.successes_b / rates.n_b
    low, high = (_score_limit(estimate, end, counts) for end in (-1.0, 1.0))
    return low[place], high[place]


def _score_limit(
    estimate: Floats, end: float, counts: tuple[Counts, Counts, Counts, Counts, Floats]
) -> Floats:
    """Limit between the estimate and the end, -1 or 1, of the parameter's range."""
    limit = np.full(estimate.shape, end)
    inside = estimate != end
    start = estimate[inside]
    limit[inside] = bracketed_roots(
        _score_excess,
        start,
        np.full(start.shape, end),
        start,
        *(count[inside] for count in counts),
    )
    return limit


def _score_excess(
    difference: Floats,
    estimate: Floats,
    passed_a: Counts,
    all_a: Counts,
    passed_b: Counts,
    all_b: Counts,
    scale: Floats,
) -> Floats:
    """Score statistic against its critical value: -1 at the estimate, 0 at a limit, 1 at the end.

    (u - v) / (u + v) of the squared distance u and the scaled variance v instead of u / v - 1:
    bounded, so that the interpolation works at once, and without a spurious root at the estimate
    where the variance vanishes there (0/n against 0/n).
    """
    rate_b = _restricted_rate_b(difference, passed_a, all_a, passed_b, all_b)
    rate_a = np.clip(rate_b + difference, 0.0, 1.0)
    variance = rate_a * (1 - rate_a) / all_a + rate_b * (1 - rate_b) / all_b
    squared = (difference - estimate) ** 2
    allowed = scale * variance
    both = squared + allowed
    excess: Floats = np.where(
        squared == 0, -1.0, (squared - allowed) / np.where(both > 0, both, 1.0)
    )
    return excess


def _restricted_rate_b(
    difference: Floats, passed_a: Counts, all_a: Counts, passed_b: Counts, all_b: Counts
) -> Floats:
    """Maximum likelihood estimate of p_b given p_a - p_b: the one root of a cubic in range.

    Miettinen & Nurminen (1985), appendix 1, in trigonometric form.
    """
    total, passed = all_a + all_b, passed_a + passed_b
    square = ((all_a + 2 * all_b) * difference - total - passed) / (3 * total)
    linear = ((all_b * difference - total - 2 * passed_b) * difference + passed) / (3 * total)
    constant = passed_b * difference * (1 - difference) / total
    half = square**3 - 1.5 * square * linear + constant / 2
    spread = np.copysign(np.sqrt(np.maximum(square**2 - linear, 0.0)), half)
    cube = spread**3
    cosine = np.divide(half, cube, out=np.zeros_like(half), where=cube != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    rate: Floats = 2 * spread * np.cos(angle) - square
    return rate.clip(np.maximum(0.0, -difference), np.minimum(1.0, 1 - difference))
