"""Bootstrap intervals of all rates, plain and within difficulties, against SciPy's bootstrap."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from benchmarks.boards import Board
from benchmarks.timing import Comparison, compared, scaled
from stats.bootstrap import percentile_limits, stratified_percentile_limits

SCIPY = "scipy.stats.bootstrap"
RESAMPLES = 9_999
CELLS = 1_000_000
"""Cells of a batch of resamples; larger batches leave the processor's cache."""

WEIGHTS = np.array([1.0, 1.0, 1.0]) / 3


def rate_intervals(board: Board, *, budget: float) -> Iterator[Comparison]:
    """Percentile intervals of every model's rate."""
    solved, problems = board.solved, board.problems
    # All models at once, outcomes as bytes, small batches: the quickest way found in SciPy.
    rows = np.ascontiguousarray(board.outcomes.T)

    def scipy_bootstrap(resamples: int) -> object:
        return _bootstrap((rows,), np.mean, resamples=resamples, cells=board.outcomes.size)

    yield compared(
        "rates",
        board.label,
        lambda: percentile_limits(solved, problems),
        lambda: scaled(SCIPY, scipy_bootstrap, RESAMPLES, "resamples", budget=budget),
        budget=budget,
    )


def stratified_intervals(board: Board, *, budget: float) -> Iterator[Comparison]:
    """Percentile intervals of every model's rate, each difficulty weighing a third."""
    solved, totals = board.solved_by_difficulty, board.totals
    strata = tuple(
        np.ascontiguousarray(board.outcomes[board.difficulty == d].T) for d in range(len(totals))
    )

    def scipy_bootstrap(resamples: int) -> object:
        return _bootstrap(strata, _standardised, resamples=resamples, cells=board.outcomes.size)

    yield compared(
        "stratified",
        board.label,
        lambda: stratified_percentile_limits(solved, totals, WEIGHTS),
        lambda: scaled(SCIPY, scipy_bootstrap, RESAMPLES, "resamples", budget=budget),
        budget=budget,
    )


def _standardised(*strata: NDArray[np.bool_], axis: int) -> NDArray[np.float64]:
    rates = [np.mean(stratum, axis=axis) for stratum in strata]
    total: NDArray[np.float64] = np.tensordot(WEIGHTS, np.stack(rates), axes=1)
    return total


def _bootstrap(
    samples: tuple[NDArray[np.bool_], ...], statistic: Any, *, resamples: int, cells: int
) -> object:
    return scipy_stats.bootstrap(
        samples,
        statistic,
        axis=1,
        vectorized=True,
        method="percentile",
        n_resamples=resamples,
        batch=batch(cells),
        rng=np.random.default_rng(1),
    )


def batch(cells: int) -> int:
    """Resamples at a time, for SciPy to be quick."""
    return max(1, min(100, CELLS // cells))
