"""The joint bootstrap over problems: all models together, for what has no exact distribution.

Ranks, the probability of being best and the ratio to the best depend on all models at once. A
resample draws whole problems, so models that ran the same problems keep their correlation; a
thousand resamples of a thousand models are one product of two float32 matrices, and as counts
stay below 2^24 the product is exact. Where only counts are known the models are drawn
independently, and every result of it says so in its method.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_level
from stats.proportion import FloatArray, IntArray, check_counts, clopper_pearson_limits

Rates = NDArray[np.float32]
AnyFloats = NDArray[np.floating[Any]]
Method = Literal["joint_bootstrap", "independent_binomial_bootstrap"]

_MAX_CELLS = 1 << 18  # weights of one block: small enough for the processor's cache
_EXACT = 1 << 24  # float32 holds every whole number up to here


@dataclass(frozen=True, slots=True)
class Resamples:
    """Rates of all models in each resample.

    Attributes
    ----------
    rates : float32, shape (resamples, models)
    observed : float64, shape (models,)
        Rates in the data.
    solved, n : shape (models,)
        Sum of the outcomes and number of problems of each model.
    method : str
        ``joint_bootstrap`` (problems drawn whole) or ``independent_binomial_bootstrap``.
    """

    rates: Rates
    observed: FloatArray
    solved: FloatArray
    n: IntArray
    method: Method


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


def joint_bootstrap(
    outcomes: ArrayLike,
    *,
    rng: np.random.Generator,
    n_resamples: int = 9_999,
    attempted: ArrayLike | None = None,
) -> Resamples:
    """Draw whole problems with replacement, the same ones for all models.

    Parameters
    ----------
    outcomes : bool or numbers in [0, 1], shape (n_problems, models)
        Row i is one problem for all models; a number is the share of samples that passed.
    rng
        The only source of chance: equal state in, equal result out.
    n_resamples : int
        At least 2; the result takes ``4 * n_resamples * models`` bytes.
    attempted : bool, shape of outcomes, optional
        Where False the outcome is missing, not failed, and its entry in ``outcomes`` is ignored:
        a rate is then taken over the problems the model attempted.

    Raises
    ------
    ValueError
        Shapes, under two problems, an outcome outside [0, 1] or NaN, too few resamples.
    NoEstimateError
        A resample holds no problem that some model attempted: too few attempts to resample.
    """
    scores, unit = _scores(outcomes, attempted)
    problems, models = scores.shape
    if n_resamples < 2:
        raise ValueError(f"n_resamples must be at least 2, got {n_resamples}")
    tried: AnyFloats | None = None if attempted is None else np.asarray(attempted, scores.dtype)
    n = np.full(models, problems) if tried is None else tried.sum(axis=0).astype(np.int64)
    if np.any(n == 0):
        raise NoEstimateError(f"model {int(np.argmin(n))} attempted no problem")
    rates, done = np.empty((n_resamples, models), dtype=np.float32), 0
    for weights in _weights(problems, n_resamples, rng):
        drawn: AnyFloats = weights.astype(scores.dtype)
        totals = drawn @ scores
        size: AnyFloats | int = problems if tried is None else drawn @ tried
        if np.any(size == 0):
            raise NoEstimateError("a resample holds no problem that some model attempted")
        rates[done : done + len(weights)] = _rates(totals, size, unit)
        done += len(weights)
    solved = scores.sum(axis=0, dtype=np.float64) / unit
    return Resamples(rates, solved / n, solved, n, "joint_bootstrap")


def independent_bootstrap(
    successes: ArrayLike, n: ArrayLike, *, rng: np.random.Generator, n_resamples: int = 9_999
) -> Resamples:
    """Draw each model's count from its own binomial: all that counts alone allow.

    Models on the same problems are positively correlated as a rule, so ranks and ratios come out
    more uncertain than `joint_bootstrap` would show them.

    Parameters
    ----------
    successes, n : whole numbers, shape (models,)
    rng, n_resamples
        As in `joint_bootstrap`.
    """
    x, total = check_counts(np.atleast_1d(successes), n)
    if n_resamples < 2:
        raise ValueError(f"n_resamples must be at least 2, got {n_resamples}")
    rates = np.empty((n_resamples, x.size), dtype=np.float32)
    for model in range(x.size):
        rates[:, model] = rng.binomial(total[model], x[model] / total[model], n_resamples)
        rates[:, model] /= total[model]
    return Resamples(rates, x / total, x.astype(float), total, "independent_binomial_bootstrap")


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
    small = resamples.rates.shape[1] <= np.iinfo(np.int16).max
    best = np.empty(resamples.rates.shape, dtype=np.int16 if small else np.int32)
    worst = np.empty_like(best)
    for block in _blocks(resamples.rates.shape):
        best[block], worst[block] = _ranks(resamples.rates[block])
    best.partition(below, axis=0)
    worst.partition(above, axis=0)
    low, high = (ranks.astype(np.int64) + 1 for ranks in (best[below], worst[above]))
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

    A model that solved nothing does not vary in the bootstrap; its interval goes from 0 to the
    exact upper limit of its rate over the percentile lower limit of the best rate, each at half
    of the tail.

    Raises
    ------
    NoEstimateError
        No model solved anything: 0/0.

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
    if not np.all(top > 0):
        raise NoEstimateError("no model solves anything in some resamples: too few successes")
    low = np.empty_like(ratio)
    for part in _columns(resamples.rates.shape):
        shares = resamples.rates[:, part] / top[:, None]
        low[part] = np.partition(shares, below, axis=0)[below]
    high = _upper_ratios(resamples, ratio, (1 - level) / 2)
    method = f"{resamples.method}_ratio_to_best"
    return RatiosToBest(ratio, np.minimum(low, ratio), np.maximum(high, ratio), level, method)


def _upper_ratios(resamples: Resamples, ratio: FloatArray, tail: float) -> FloatArray:
    rates, observed = resamples.rates, resamples.observed
    rivals = contenders(resamples, level=1 - tail / 10) & (observed > 0)
    with np.errstate(divide="ignore"):
        rise = np.log(rates[:, rivals] / observed[rivals].astype(np.float32)).max(axis=1)
    place = min(ceil((1 - 0.9 * tail) * rise.size), rise.size) - 1
    high = np.empty_like(ratio)
    for part in _columns(rates.shape):
        own = np.maximum(observed[part], np.finfo(np.float32).tiny).astype(np.float32)
        with np.errstate(divide="ignore"):
            gap = rise[:, None] - np.log(rates[:, part] / own)
        high[part] = ratio[part] * np.exp(np.partition(gap, place, axis=0)[place])
    empty = observed == 0
    if empty.any():
        exact = clopper_pearson_limits(0, resamples.n[empty], level=1 - tail)[1]
        at = max(ceil(tail / 2 * rise.size), 1) - 1
        high[empty] = exact / np.partition(rates.max(axis=1), at)[at]
    return np.minimum(high, 1)


def _scores(outcomes: ArrayLike, attempted: ArrayLike | None) -> tuple[AnyFloats, int]:
    """Outcomes as whole multiples of 1/unit, exact in float32; else as float64 with unit 1."""
    given = np.asarray(outcomes)
    if given.ndim != 2 or given.shape[0] < 2 or given.shape[1] < 1:
        raise ValueError(
            f"outcomes must have two problems (rows) and one model or more, got {given.shape}"
        )
    values = given.astype(np.float64)
    if attempted is not None:
        tried = np.asarray(attempted)
        if tried.shape != given.shape or tried.dtype != np.bool_:
            raise ValueError("attempted must be boolean and of the shape of outcomes")
        values = np.where(tried, values, 0.0)
    if not np.all((values >= 0) & (values <= 1)):
        raise ValueError("outcomes must be between 0 and 1")
    kinds = np.unique(values)
    for unit in range(1, 1001):
        near = np.abs(kinds * unit - np.rint(kinds * unit)) < 1e-9
        if near.all() and unit * given.shape[0] < _EXACT:
            return np.rint(values * unit).astype(np.float32), unit
    return values, 1


def _weights(problems: int, n_resamples: int, rng: np.random.Generator) -> Iterator[IntArray]:
    """Yield how often each problem is drawn, blocks of shape (resamples, problems)."""
    rows = max(1, _MAX_CELLS // problems)
    for start in range(0, n_resamples, rows):
        size = min(rows, n_resamples - start)
        drawn = rng.integers(problems, size=(size, problems), dtype=np.int32)
        drawn += (np.arange(size, dtype=np.int32) * problems)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * problems).reshape(size, problems)


def _rates(totals: AnyFloats, size: AnyFloats | int, unit: int) -> AnyFloats:
    rates = totals / (size * unit)
    # Sums of fractions without a common unit carry rounding; equal ones must stay equal.
    return rates if rates.dtype == np.float32 else np.round(rates, 12)


def _places(resamples: Resamples, level: float) -> tuple[int, int]:
    """Positions in a sorted column of the smallest values whose share reaches either tail."""
    check_level(level)
    count, tail = resamples.rates.shape[0], (1 - level) / 2
    if count * tail < 1:
        raise ValueError(f"n_resamples must be at least {ceil(1 / tail)} at level {level}")
    return ceil(tail * count - 1e-9) - 1, ceil((1 - tail) * count - 1e-9) - 1


def _blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    rows = max(1, 4 * _MAX_CELLS // shape[1])
    return (slice(start, start + rows) for start in range(0, shape[0], rows))


def _columns(shape: tuple[int, ...]) -> Iterator[slice]:
    width = max(1, 4 * _MAX_CELLS // shape[0])
    return (slice(start, start + width) for start in range(0, shape[1], width))


def _ranks(rates: Rates) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Best and worst rank that each model's group of ties holds, row by row, counted from 0."""
    models = rates.shape[1]
    # The bits of floats that are not negative are in the floats' order, so one whole number holds
    # rate and model, and sorting numbers is several times faster than sorting places.
    descending = np.iinfo(np.int32).max - np.ascontiguousarray(rates).view(np.int32)
    keys = (descending.astype(np.int64) << 32) | np.arange(models)
    keys.sort(axis=1)
    order = keys & 0xFFFFFFFF
    apart = np.diff(keys >> 32, axis=1) != 0
    place = np.arange(models, dtype=np.int32)
    first = np.zeros(rates.shape, dtype=np.int32)
    first[:, 1:] = np.where(apart, place[1:], 0)
    last = np.full(rates.shape, models - 1, dtype=np.int32)
    last[:, :-1] = np.where(apart, place[:-1], models - 1)
    best, worst = np.empty_like(first), np.empty_like(last)
    np.put_along_axis(best, order, np.maximum.accumulate(first, axis=1), axis=1)
    last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    np.put_along_axis(worst, order, last, axis=1)
    return best, worst
