"""Ranks of all models in each resample, ties kept, and quantiles of them.

A model of a tied group holds every rank the group spans: ``best`` is the first of them, ``worst``
the last. Ranks count from 0. Rates on a common grid are ranked by counting how many models reach
each step, others by sorting; both are exact.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Rates = NDArray[np.float32]
Ranks = NDArray[np.int16] | NDArray[np.int32]
Ints = NDArray[np.int64]

_CELLS = 1 << 15  # whole numbers of one block: it stays in the processor's cache
_LEAST = 16  # but so many rows or columns at a time, to be worth the calls
_MAX_CELLS = 1 << 20  # within this bound on memory
_WIDEST = 32  # grid steps for each model up to which counting is quicker than sorting


def tied_ranks(rates: Rates, grid: int = 0) -> tuple[Ranks, Ranks]:
    """Best and worst rank of every model in every row.

    Parameters
    ----------
    rates : float32, shape (rows, models)
        Not negative; 1 or less where ``grid`` is given.
    grid : int
        All rates are multiples of 1/grid; 0 where that is not so or not known.

    Returns
    -------
    best, worst : whole numbers, shape (rows, models)
        From 0; of 16 bits where the models allow it.
    """
    models = rates.shape[1]
    counted = 0 < grid <= _WIDEST * models
    best = np.empty(rates.shape, np.int16 if models <= np.iinfo(np.int16).max else np.int32)
    worst = np.empty_like(best)
    for block in _slices(rates.shape[0], max(models, grid + 1 if counted else 0)):
        part = rates[block]
        best[block], worst[block] = _counted(part, grid) if counted else _sorted(part)
    return best, worst


def rank_quantile(ranks: Ranks, place: int) -> Ints:
    """Value at a place (from 0) of each sorted column; shape (models,)."""
    rows, models = ranks.shape
    found = np.empty(models, dtype=np.int64)
    for columns in _slices(models, max(rows, models)):
        part = ranks[:, columns]
        width = part.shape[1]
        cells = (part + np.arange(width) * models).ravel()
        held = np.bincount(cells, minlength=width * models).reshape(width, models)
        found[columns] = np.sum(np.cumsum(held, axis=1) <= place, axis=1)
    return found


def _slices(size: int, cells: int) -> Iterator[slice]:
    step = max(_CELLS // cells, min(_LEAST, _MAX_CELLS // cells), 1)
    return (slice(start, start + step) for start in range(0, size, step))


def _counted(rates: Rates, grid: int) -> tuple[Ints, Ints]:
    """Count the models at each step of the grid, then those above and those not below."""
    rows, models = rates.shape
    keys = np.rint(rates * np.float32(grid)).astype(np.int64)
    keys += (np.arange(rows) * (grid + 1))[:, None]
    held = np.bincount(keys.ravel(), minlength=rows * (grid + 1))
    upto = np.cumsum(held)  # over all rows: each of them adds all its models
    through = (np.arange(1, rows + 1) * models)[:, None]
    return through - upto[keys], through - 1 - (upto - held)[keys]


def _sorted(rates: Rates) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Sort each row and give every group of equal rates its first and its last place."""
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
