"""Rasch abilities by conditional likelihood, against a score of statsmodels' conditional logit."""

from collections.abc import Iterator

import numpy as np
from statsmodels.discrete.conditional_models import ConditionalLogit

from benchmarks.boards import Board
from benchmarks.timing import Comparison, Timing, best, compared, scaled
from stats.rasch import fit_rasch

STATSMODELS = "statsmodels ConditionalLogit, one score"
DEEPEST = 500
"""Models up to which it runs: it calls itself once for each, and Python ends at 1,000 calls."""


def rasch_abilities(board: Board, *, budget: float) -> Iterator[Comparison]:
    """Abilities of all models with their errors, free of the problems; the other way: one step."""
    outcomes = board.outcomes.astype(np.int64)
    if board.models > DEEPEST:
        ours = best("Benchproof", lambda: fit_rasch(outcomes), budget=budget)
        refused = Timing(STATSMODELS, 0.0, measured=0, whole=board.problems, unit="problems")
        yield Comparison("rasch", board.label, ours, refused)
        return
    passed = outcomes.sum(axis=1)
    held = np.flatnonzero((passed > 0) & (passed < board.models))  # the others are dropped anyway

    def score(problems: int) -> object:
        rows = held[np.arange(problems) % held.size]
        dummies = np.tile(np.eye(board.models)[:, 1:], (problems, 1))
        groups = np.repeat(np.arange(problems), board.models)
        model = ConditionalLogit(outcomes[rows].ravel(), dummies, groups=groups)
        return model.score(np.zeros(board.models - 1))

    yield compared(
        "rasch",
        board.label,
        lambda: fit_rasch(outcomes),
        lambda: scaled(STATSMODELS, score, held.size, "problems", budget=budget),
        budget=budget,
    )
