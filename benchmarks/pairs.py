"""Test and interval of all pairs, against a loop over statsmodels and a bare matrix product."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep

from benchmarks.boards import Board
from benchmarks.timing import Comparison, best, compared, scaled
from stats.allpairs import compare_all


def all_pairs(board: Board, *, budget: float) -> Iterator[Comparison]:
    """McNemar and an interval of the difference for every pair."""
    outcomes = board.outcomes
    pairs = np.stack(np.triu_indices(board.models, k=1), axis=1)
    pairs = np.random.default_rng(1).permutation(pairs)
    matrix = outcomes.astype(np.float32)

    def loop(count: int) -> object:
        return [_pair(outcomes, a, b) for a, b in pairs[:count]]

    by_pair = compared(
        "pairs",
        board.label,
        lambda: compare_all(outcomes),
        lambda: scaled("statsmodels, pair by pair", loop, len(pairs), "pairs", budget=budget),
        budget=budget,
    )
    product = best("one float32 matrix product", lambda: matrix.T @ matrix, budget=budget / 2)
    yield by_pair
    yield Comparison("product", board.label, by_pair.ours, product)


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
