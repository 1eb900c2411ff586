"""Where a model stands among all: ranks, first place, ratio to the best, from joint resamples.

All of it depends on every model at once and on who else is close. Percentile limits of such
quantities mislead at near ties, where the observed maximum is too high; the functions say which
of their limits allow for that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from stats.check import NoEstimateError, check_level
from stats.proportion import FloatArray, IntArray, clopper_pearson_limits
from stats.resampling import Rates, Resamples
from stats.tied_ranks import rank_quantile, tied_ranks

_MAX_CELLS = 1 << 20  # 8 MB of float64: bounds the memory of a block


@dataclass(frozen=True, slots=True)
class RankIntervals:
    """Ranks each model holds in the resamples; 1 is best, a tie holds all ranks it spans."""

    low: IntArray
    high: IntArray
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class RatiosToBest:
    """Each model's rate divided by the best model's, with limits; arrays of shape (models,)."""

    ratio: FloatArray
    low: FloatArray
    high: FloatArray
    level: float
    method: str


def rank_intervals(resamples: Resamples, *, level: float = 0.95) -> RankIntervals:
    """Percentile interval of each model's rank.

    A tied model holds every rank of its group: the lower limit is a quantile of the best of them,
    the upper of the worst. Percentile intervals of ranks are too short where many models are
    close to a tie; rank sets from corrected pairwise tests are the ones to conclude from.

    References
    ----------
    Goldstein & Spiegelhalter (1996), J. R. Stat. Soc. A 159:385, section 3; Xie, Singh & Zhang
    (2009), J. Am. Stat. Assoc. 104:775, on near ties.
    """
    below, above = _places(resamples, level)
    best, worst = tied_ranks(resamples.rates, resamples.grid)
    low, high = 1 + rank_quantile(best, below), 1 + rank_quantile(worst, above)
    return RankIntervals(low, high, level, f"{resamples.method}_rank")


def probability_best(resamples: Resamples) -> FloatArray:
    """Share of the resamples that each model leads; a tie counts in equal parts, so they sum to 1.

    It is a share of resamples, not the probability of a hypothesis: with models close to each
    other it says how stable the first place is.
    """
    total = np.zeros(resamples.rates.shape[1])
    for block in _blocks(resamples.rates.shape):
        rates = resamples.rates[block]
        leads = rates == rates.max(axis=1, keepdims=True)
        total += (leads / leads.sum(axis=1, keepdims=True)).sum(axis=0)
    share: FloatArray = total / resamples.rates.shape[0]
    return share


def contenders(resamples: Resamples, *, level: float = 0.95) -> NDArray[np.bool_]:
    """Set of models that holds the truly best one with the given confidence.

    A model stays in while its distance to the observed best is within what chance gives: the
    ``level`` quantile of ``max_k (rate*_k - rate_k) - (rate*_i - rate_i)``.

    References
    ----------
    Hsu (1981), Ann. Stat. 9:1026 (multiple comparisons with the best).
    """
    check_level(level)
    noise = resamples.rates - resamples.observed.astype(np.float32)
    top = noise.max(axis=1)
    place = min(ceil(level * top.size), top.size) - 1
    reach = np.empty(noise.shape[1])
    for part in _columns(noise.shape):
        reach[part] = np.partition(top[:, None] - noise[:, part], place, axis=0)[place]
    kept: NDArray[np.bool_] = resamples.observed.max() - resamples.observed <= reach + 1e-6
    return kept


def ratio_to_best(resamples: Resamples, *, level: float = 0.95) -> RatiosToBest:
    """Ratio of each rate to the best model's, which model is best being uncertain too.

    The lower limit is the percentile one of ``rate*_i / max_j rate*_j``. The upper limit allows
    for the winner's curse: the observed maximum lies above the best model's own rate, so the
    ratios to it are too low, and the percentile limit with them. It is
    ``ratio * exp(q)``, at most 1, with q the quantile of
    ``max_j log(rate*_j / rate_j) - log(rate*_i / rate_i)`` over the contenders j at a tenth of
    the error (multiple comparisons with the best).

    A model that solved nothing does not vary in the bootstrap, and one that solved so few that
    the resamples at the limit hold none of them has no finite gap: their upper limit is the exact
    one of their rate over the percentile lower limit of the best rate, each at half of the tail.

    Raises
    ------
    NoEstimateError
        No model solved anything, or none of the contenders in some resamples: 0/0.

    References
    ----------
    Hsu (1981), Ann. Stat. 9:1026; Romano, Shaikh & Wolf (2014), Econometrica 82:1979 (two steps).
    """
    below, _ = _places(resamples, level)
    best = float(resamples.observed.max())
    if best == 0:
        raise NoEstimateError("no model solved anything: every ratio to the best is 0/0")
    ratio = resamples.observed / best
    top = resamples.rates.max(axis=1)
    high = _upper_ratios(resamples, ratio, (1 - level) / 2)
    low = np.empty_like(ratio)
    for part in _columns(resamples.rates.shape):
        shares = resamples.rates[:, part] / top[:, None]
        low[part] = np.partition(shares, below, axis=0)[below]
    method = f"{resamples.method}_ratio_to_best"
    return RatiosToBest(ratio, np.minimum(low, ratio), np.maximum(high, ratio), level, method)


def _upper_ratios(resamples: Resamples, ratio: FloatArray, tail: float) -> FloatArray:
    observed = resamples.observed
    rivals = contenders(resamples, level=1 - tail / 10) & (observed > 0)
    rise = _log_gains(resamples, np.nonzero(rivals)[0]).max(axis=1)
    if not np.all(np.isfinite(rise)):
        raise NoEstimateError("the best models solve nothing in some resamples: too few successes")
    place = min(ceil((1 - 0.9 * tail) * rise.size), rise.size) - 1
    high = np.ones_like(ratio)
    solving = np.nonzero(observed > 0)[0]
    for part in _columns((rise.size, solving.size)):
        models = solving[part]
        gap = rise[:, None] - _log_gains(resamples, models)
        high[models] = ratio[models] * np.exp(np.partition(gap, place, axis=0)[place])
    few = (observed == 0) | np.isinf(high)
    if few.any():
        solved = np.ceil(resamples.solved[few] - 1e-9).astype(np.int64)
        exact = clopper_pearson_limits(solved, resamples.n[few], level=1 - tail)[1]
        at = max(ceil(tail / 2 * rise.size), 1) - 1
        high[few] = exact / np.partition(resamples.rates.max(axis=1), at)[at]
    return np.minimum(high, 1)


def _log_gains(resamples: Resamples, models: IntArray) -> Rates:
    """Log of resampled over observed rate, -inf where a resample has no success."""
    with np.errstate(divide="ignore"):
        gains: Rates = np.log(
            resamples.rates[:, models] / resamples.observed[models].astype(np.float32)
        )
    return gains


def _places(resamples: Resamples, level: float) -> tuple[int, int]:
    """Positions in a sorted column of the smallest values whose share reaches either tail."""
    check_level(level)
    count, tail = resamples.rates.shape[0], (1 - level) / 2
    if count * tail < 1:
        raise ValueError(f"n_resamples must be at least {ceil(1 / tail)} at level {level}")
    return ceil(tail * count - 1e-9) - 1, ceil((1 - tail) * count - 1e-9) - 1


def _blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    rows = max(1, _MAX_CELLS // shape[1])
    return (slice(start, start + rows) for start in range(0, shape[0], rows))


def _columns(shape: tuple[int, ...]) -> Iterator[slice]:
    width = max(1, _MAX_CELLS // shape[0])
    return (slice(start, start + width) for start in range(0, shape[1], width))
