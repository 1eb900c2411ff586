"""Rank intervals from joint resamples, against scipy.stats.bootstrap of the ranks."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from benchmarks.boards import Board
from benchmarks.rates import RESAMPLES, SCIPY, batch
from benchmarks.timing import Comparison, compared, scaled
from stats.resampling import joint_bootstrap
from stats.standing import RankIntervals, rank_intervals


def rank_limits(board: Board, *, budget: float) -> Iterator[Comparison]:
    """Percentile intervals of every model's rank, problems drawn whole."""
    outcomes, places = board.outcomes, np.arange(board.problems)

    def ours() -> RankIntervals:
        drawn = joint_bootstrap(outcomes, rng=np.random.default_rng(1), n_resamples=RESAMPLES)
        return rank_intervals(drawn)

    def ranks(problems: NDArray[np.int64], axis: int = -1) -> NDArray[np.float64]:
        del axis  # SciPy always hands the last one
        rates = outcomes[problems].mean(axis=-2)
        found = scipy_stats.rankdata(-rates, axis=-1, method="min").astype(np.float64)
        moved: NDArray[np.float64] = np.moveaxis(found, -1, 0)
        return moved

    def scipy_bootstrap(resamples: int) -> object:
        return scipy_stats.bootstrap(
            (places,),
            ranks,
            vectorized=True,
            method="percentile",
            n_resamples=resamples,
            batch=batch(outcomes.size),
            rng=np.random.default_rng(1),
        )

    yield compared(
        "ranks",
        board.label,
        ours,
        lambda: scaled(SCIPY, scipy_bootstrap, RESAMPLES, "resamples", budget=budget),
        budget=budget,
    )
