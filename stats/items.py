"""The problems of a benchmark seen through the models: how many solve each, and which ones.

A problem that strong models miss and weak ones solve deserves a look: its tests, its text or its
label may be wrong.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import mannwhitneyu

from stats.check import NoEstimateError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ItemStatistics:
    """Every problem against the models' strength on all the others.

    Attributes
    ----------
    attempted : int, shape (problems,)
        Models with a value on the problem.
    share : float, shape (problems,)
        Mean value over them; NaN where nobody attempted it.
    discrimination : float, shape (problems,)
        Correlation of the values with the models' means over all other problems; NaN where either
        does not vary. Below 0: weak models do better on it than strong ones.
    p_reversed : float, shape (problems,)
        One-sided Mann-Whitney test that those who pass are weaker than those who do not, on
        values cut at one half; 1 where all or none pass. Not corrected for the number of problems.
    strength : float, shape (models,)
        Each model's mean over the problems it attempted; NaN where it attempted none.
    """

    attempted: Ints
    share: Floats
    discrimination: Floats
    p_reversed: Floats
    strength: Floats


def item_statistics(values: ArrayLike) -> ItemStatistics:
    """Describe each problem by its values over the models.

    Parameters
    ----------
    values : float, shape (problems, models)
        From 0 to 1, NaN where a model has no outcome.

    Raises
    ------
    ValueError
        Not two-dimensional, or a value outside 0 to 1.
    NoEstimateError
        No problem or no model.

    References
    ----------
    Corrected item-total correlation: Lord & Novick (1968), Statistical Theories of Mental Test
    Scores, sec. 15.2. Mann & Whitney (1947), Annals of Mathematical Statistics 18:50-60.
    """
    x = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(x)
    if x.size == 0:
        raise NoEstimateError("values hold no outcome: there is no problem to describe")
    if x.ndim != 2 or not (((x >= 0) & (x <= 1)) | ~known).all():
        raise ValueError("values must be problems x models, from 0 to 1 or NaN")
    filled = np.where(known, x, 0.0)
    attempted, solved = known.sum(axis=1), filled.sum(axis=1)
    share = np.full(x.shape[0], np.nan)
    np.divide(solved, attempted, out=share, where=attempted > 0)
    rest = _rest(filled, known)
    strength = np.full(x.shape[1], np.nan)
    np.divide(filled.sum(axis=0), known.sum(axis=0), out=strength, where=known.any(axis=0))
    both = known & ~np.isnan(rest)
    return ItemStatistics(
        attempted=attempted.astype(np.int64),
        share=share,
        discrimination=_correlations(filled, np.where(both, rest, 0.0), both),
        p_reversed=np.array(
            [_reversed(x[i, both[i]], rest[i, both[i]]) for i in range(x.shape[0])]
        ),
        strength=strength,
    )


def _rest(filled: Floats, known: NDArray[np.bool_]) -> Floats:
    """Mean of each model over all problems but one, shape (problems, models)."""
    count = known.sum(axis=0) - known
    rest = np.full(filled.shape, np.nan)
    np.divide(filled.sum(axis=0) - filled, count, out=rest, where=count > 0)
    return rest


def _correlations(x: Floats, y: Floats, both: NDArray[np.bool_]) -> Floats:
    n = both.sum(axis=1)
    safe = np.maximum(n, 1)[:, None]
    dx = np.where(both, x - (x * both).sum(axis=1, keepdims=True) / safe, 0.0)
    dy = np.where(both, y - y.sum(axis=1, keepdims=True) / safe, 0.0)
    scale = np.sqrt((dx**2).sum(axis=1) * (dy**2).sum(axis=1))
    found = np.full(x.shape[0], np.nan)
    np.divide((dx * dy).sum(axis=1), scale, out=found, where=(scale > 1e-12) & (n > 2))
    clipped: Floats = np.clip(found, -1.0, 1.0)
    return clipped


def _reversed(values: Floats, rest: Floats) -> float:
    passed = values >= 0.5
    if not passed.any() or passed.all():
        return 1.0
    return float(mannwhitneyu(rest[passed], rest[~passed], alternative="less").pvalue)
