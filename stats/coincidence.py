"""Rows that are alike, and how easily chance makes two runs alike."""

from collections.abc import Hashable, Sequence
from math import lgamma, pi, prod

import numpy as np
from numpy.typing import NDArray

from stats.check import NoEstimateError, check_count

LARGEST_EXACT = 1000
"""Problems up to which all outcomes are summed: their number grows with the square."""


def identical_rows(rows: Sequence[Hashable]) -> tuple[tuple[int, ...], ...]:
    """Group the positions of equal rows; rows that stand alone are left out.

    Groups come in the order of their first row, positions ascending.
    """
    places: dict[Hashable, list[int]] = {}
    for position, row in enumerate(rows):
        places.setdefault(row, []).append(position)
    return tuple(tuple(group) for group in places.values() if len(group) > 1)


def collision_chance(counts: Sequence[int]) -> float:
    """How likely two independent runs with the same true rates are to give the same counts.

    The counts split ``n = sum(counts)`` problems into classes (failed, compiled only, passed, for
    example), and their shares are taken for the true rates. The runs are independent multinomial
    draws of n, so the chance is the sum of the squared probabilities of all outcomes; above
    1,000 problems its local limit, whose error there is a few parts in a thousand. It is a
    yardstick and no p-value: models whose true rates differ coincide less often, models that
    solve the same problems more often.

    Parameters
    ----------
    counts : sequence of int, 1 to 3 classes
        Problems in each class, at least 0, not all 0.

    Raises
    ------
    ValueError
        No class or more than three, a negative count, or none at all.
    TypeError
        A count is no whole number.
    """
    if not 1 <= len(counts) <= 3:
        raise ValueError(f"counts must have 1 to 3 classes, got {len(counts)}")
    n = sum(counts)
    for count in counts:
        check_count(count, max(n, 1))
    if n < 1:
        raise ValueError("counts must not all be 0")
    filled = [count for count in counts if count]
    if n > LARGEST_EXACT:
        density = prod(4 * pi * count for count in filled) / (4 * pi * n)
        return float(density**-0.5)
    return float(np.exp(2 * _log_pmf(n, [*filled, 0, 0][:3])).sum())


def _log_pmf(n: int, classes: Sequence[int]) -> NDArray[np.float64]:
    """Log-probability of every outcome, shape (n + 1, n + 1); -inf where it cannot be."""
    factorials = np.array([lgamma(k + 1) for k in range(n + 1)])
    first, second = np.indices((n + 1, n + 1))
    third = n - first - second
    possible = third >= 0
    log_p = np.full((n + 1, n + 1), factorials[n])
    for count, k in zip(classes, (first, second, np.maximum(third, 0)), strict=True):
        log_p -= factorials[k]
        if count:
            log_p += k * np.log(count / n)
        else:
            possible &= k == 0
    return np.where(possible, log_p, -np.inf)


def agreement_chance(rates: Sequence[float] | NDArray[np.float64]) -> float:
    """How likely two independent models are to agree on every problem.

    Both pass problem i with probability ``rates[i]``, so they agree on it with probability
    ``r^2 + (1 - r)^2``; the product over problems is the chance. Problems that all or none pass
    cost nothing, which is why a benchmark that is solved says little about copying.

    Parameters
    ----------
    rates : float, shape (n_problems,)
        Chance to pass each problem, from 0 to 1.

    Raises
    ------
    ValueError
        A rate is outside 0 to 1.
    NoEstimateError
        No problems.
    """
    p = np.asarray(rates, np.float64)
    if p.size == 0:
        raise NoEstimateError("no problem to agree on")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("rates must be between 0 and 1")
    return float(np.prod(p**2 + (1 - p) ** 2))
