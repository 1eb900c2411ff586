"""Test and interval of all pairs, against a loop over statsmodels and a bare matrix product."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep

from benchmarks.boards import Board
from benchmarks.timing import Comparison, best, scaled
from stats.allpairs import compare_all

Places = NDArray[np.intp]


def all_pairs(board: Board, *, budget: float) -> Iterator[Comparison]:
    """McNemar and an interval of the difference for every pair."""
    ours = best("all at once", lambda: compare_all(board.outcomes), budget=budget)
    pairs = np.stack(np.triu_indices(board.models, k=1), axis=1)
    pairs = np.random.default_rng(1).permutation(pairs)

    def loop(count: int) -> object:
        return [_pair(board.outcomes, a, b) for a, b in pairs[:count]]

    product = board.outcomes.astype(np.float32)
    yield Comparison(
        "pairs",
        board.label,
        ours,
        scaled("statsmodels, pair by pair", loop, len(pairs), "pairs", budget=budget),
    )
    yield Comparison(
        "product",
        board.label,
        ours,
        best("one float32 matrix product", lambda: product.T @ product, budget=budget),
    )


def _pair(outcomes: NDArray[np.bool_], a: int, b: int) -> tuple[float, float, float]:
    """Exact test and, as there is none for paired differences, Newcombe's unpaired interval.

    That is the quickest of those in statsmodels that keep their level.
    """
    first, second, n = outcomes[:, a], outcomes[:, b], len(outcomes)
    both = int(np.count_nonzero(first & second))
    passed_a, passed_b = int(np.count_nonzero(first)), int(np.count_nonzero(second))
    table = [[both, passed_a - both], [passed_b - both, n - passed_a - passed_b + both]]
    test = mcnemar(table, exact=True)
    low, high = confint_proportions_2indep(passed_a, n, passed_b, n, method="newcomb")
    return float(test.pvalue), float(low), float(high)
