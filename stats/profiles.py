"""Performance profiles: how often a model is within a factor of the fastest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import check_level
from stats.proportion import wilson_limits

Floats = NDArray[np.float64]

_SAME = 1e-12  # ratios that exceed a factor relatively by less are equal to it


@dataclass(frozen=True, slots=True, eq=False)
class PerformanceProfile:
    """Share of all problems that each model solved within a factor of the fastest model.

    Attributes
    ----------
    factors : float, shape (factors,)
    share : float, shape (models, factors)
        Rises with the factor towards the share of problems solved. At factor 1, how often the
        model was the fastest (ties count for each).
    low, high : float, shape (models, factors)
        Wilson's limits of each share, for problems taken as a sample; pointwise, not for the
        curve as a whole, and not for the difference between two curves.
    n : int
        Problems, those included that no model solved.
    level : float
    """

    factors: Floats
    share: Floats
    low: Floats
    high: Floats
    n: int
    level: float


def performance_profile(
    times: ArrayLike, factors: ArrayLike, *, level: float = 0.95
) -> PerformanceProfile:
    """Profile models by the ratio of their runtime to the best one on each problem.

    Parameters
    ----------
    times : float, shape (problems, models)
        Above 0; infinite where the model did not solve the problem. Unsolved problems stay in the
        denominator, so the profile punishes both slowness and failure.
    factors : float, shape (factors,)
        At least 1.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        A runtime that is not above 0, a factor below 1, empty input, or a level outside (0, 1).

    Notes
    -----
    The profile of a model depends on which others are in the race: with more than two, do not
    read from it which of two is better (Gould & Scott 2016, ACM Trans. Math. Software 43(2)).

    References
    ----------
    Dolan & Moré (2002), Mathematical Programming 91(2), eq. 1.
    """
    check_level(level)
    t, tau = _checked_times(times), np.asarray(factors, dtype=np.float64)
    if tau.ndim != 1 or tau.size == 0 or not ((tau >= 1) & np.isfinite(tau)).all():
        raise ValueError(f"factors must be finite and at least 1, got {tau.tolist()}")
    best = t.min(axis=1, keepdims=True)
    ratio = np.where(np.isfinite(t), t, np.inf) / np.where(np.isfinite(best), best, 1.0)
    within = np.stack([(ratio <= f * (1 + _SAME)).sum(axis=0) for f in tau], axis=1)
    low, high = wilson_limits(within, t.shape[0], level=level)
    return PerformanceProfile(tau, within / t.shape[0], low, high, t.shape[0], level)


def profile_steps(times: ArrayLike, *, most: float) -> Floats:
    """Factors at which some model's profile rises: with 1 and ``most``, all that a chart needs.

    Parameters
    ----------
    times : float, shape (problems, models)
    most : float
        Largest factor to show, at least 1.

    Raises
    ------
    ValueError
        As `performance_profile`.
    """
    t = _checked_times(times)
    if not 1 <= most < np.inf:
        raise ValueError(f"most must be finite and at least 1, got {most}")
    best = t.min(axis=1, keepdims=True)
    finite = np.isfinite(t) & np.isfinite(best)
    ratio = (t / np.where(np.isfinite(best), best, 1.0))[finite]
    steps: Floats = np.unique(np.concatenate([[1.0], ratio[ratio <= most], [most]]))
    return steps


def _checked_times(times: ArrayLike) -> Floats:
    t = np.asarray(times, dtype=np.float64)
    if t.ndim != 2 or t.size == 0 or not (t > 0).all():
        raise ValueError(f"times must be above 0, of shape (problems, models), got {t.shape}")
    return t
