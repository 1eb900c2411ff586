"""Ranks on a stated mix: models that standardised rates tell apart, and the ranks that leaves."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import check_level, check_whole
from stats.ranks import rank_sets

Ints = NDArray[np.int64]


def pairwise_level(level: float, models: int) -> float:
    """Level of one interval such that all pairs of models hold together (Bonferroni)."""
    check_level(level)
    check_whole(models, name="models", least=1)
    pairs = max(models * (models - 1) // 2, 1)
    return 1 - (1 - level) / pairs


def standardised_rank_sets(estimates: ArrayLike, low: ArrayLike, high: ArrayLike) -> Ints:
    """Return the ranks each model could hold, from rates with limits at `pairwise_level`.

    Two models are told apart where the MOVER interval of their difference excludes 0: the distance
    of the better one to its lower limit and of the other to its upper limit add in squares. The
    rates are taken as unlinked, which on shared problems is cautious where results go together.

    Parameters
    ----------
    estimates, low, high : float, shape (models,)
        low <= estimate <= high of each model.

    Returns
    -------
    (models, 2) int
        Best and worst rank, as `stats.ranks.rank_sets` has them.

    Raises
    ------
    ValueError
        Shapes differ, or an estimate outside its limits, which must be finite.

    References
    ----------
    Zou, Huang & Zhang (2009), Computational Statistics & Data Analysis 53(4), eq. 2.
    """
    value, lower, upper = (np.asarray(x, dtype=np.float64) for x in (estimates, low, high))
    if not value.shape == lower.shape == upper.shape or value.ndim != 1 or value.size == 0:
        raise ValueError(
            "estimates, low and high must be equally long lists, got shapes "
            f"{value.shape}, {lower.shape} and {upper.shape}"
        )
    if not ((-np.inf < lower) & (lower <= value) & (value <= upper) & (upper < np.inf)).all():
        raise ValueError("every estimate must lie between its limits, all of them finite")
    gap = value[:, None] - value[None, :]
    apart = (value - lower)[:, None] ** 2 + (upper - value)[None, :] ** 2
    return rank_sets((gap > 0) & (gap > np.sqrt(apart)))
