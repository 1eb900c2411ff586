"""The joint bootstrap over problems: all models together, for what has no exact distribution.

`stats.standing` reads ranks, the first place and ratios to the best off these resamples. One
resample draws whole problems, so models that ran the same problems keep their correlation; a
thousand resamples of a thousand models are one product of two float32 matrices, and as counts
stay below 2^24 the product is exact. Where only counts are known the models are drawn
independently, and every result of it says so in its method.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_whole
from stats.proportion import FloatArray, IntArray, check_counts

Rates = NDArray[np.float32]
AnyFloats = NDArray[np.floating[Any]]
Method = Literal["joint_bootstrap", "independent_binomial_bootstrap"]

_CELLS = 1 << 16  # weights of one block: they stay in the processor's cache
_ROWS = 256  # but so many resamples at a time make the matrix product quick
_MAX_CELLS = 1 << 20  # within this bound on memory
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
    grid : int
        All rates are multiples of 1/grid; 0 where they have no common grid.
    """

    rates: Rates
    observed: FloatArray
    solved: FloatArray
    n: IntArray
    method: Method
    grid: int = 0


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
    check_whole(n_resamples, name="n_resamples", least=2)
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
    grid = problems * unit if tried is None and scores.dtype == np.float32 else 0
    return Resamples(rates, solved / n, solved, n, "joint_bootstrap", grid)


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
    check_whole(n_resamples, name="n_resamples", least=2)
    rates = np.empty((n_resamples, x.size), dtype=np.float32)
    for model in range(x.size):
        rates[:, model] = rng.binomial(total[model], x[model] / total[model], n_resamples)
        rates[:, model] /= total[model]
    grid = int(total[0]) if np.all(total == total[0]) else 0
    solved = x.astype(np.float64)
    return Resamples(rates, x / total, solved, total, "independent_binomial_bootstrap", grid)


def _scores(outcomes: ArrayLike, attempted: ArrayLike | None) -> tuple[AnyFloats, int]:
    """Outcomes as whole multiples of 1/unit, exact in float32; else as float64 with unit 1."""
    given = np.asarray(outcomes)
    if given.ndim != 2 or given.shape[0] < 2 or given.shape[1] < 1:
        raise ValueError(
            f"outcomes must have two problems (rows) and one model or more, got {given.shape}"
        )
    if given.dtype == np.bool_ and attempted is None:
        return given.astype(np.float32), 1
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
    rows = max(_CELLS // problems, min(_ROWS, _MAX_CELLS // problems), 1)
    for start in range(0, n_resamples, rows):
        size = min(rows, n_resamples - start)
        drawn = rng.integers(problems, size=(size, problems), dtype=np.int32)
        drawn += (np.arange(size, dtype=np.int32) * problems)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * problems).reshape(size, problems)


def _rates(totals: AnyFloats, size: AnyFloats | int, unit: int) -> AnyFloats:
    rates = totals / (size * unit)
    # Sums of fractions without a common unit carry rounding; equal ones must stay equal.
    return rates if rates.dtype == np.float32 else np.round(rates, 12)
