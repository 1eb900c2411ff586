"""Simulated outcomes to measure on: three sizes, the same ones in every run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZES = ((107, 10), (500, 150), (2_294, 1_000))
"""Problems and models: a small benchmark, a large one, and one of a whole leaderboard's history."""

SHARES = (0.25, 0.45, 0.30)
"""Of the problems: easy, medium, hard."""


@dataclass(frozen=True, slots=True)
class Board:
    """Simulated outcomes of all models on all problems, and each problem's difficulty.

    Attributes
    ----------
    outcomes : bool, shape (problems, models)
    difficulty : int, shape (problems,)
        0 easy, 1 medium, 2 hard.
    """

    outcomes: NDArray[np.bool_]
    difficulty: NDArray[np.int64]

    @property
    def problems(self) -> int:
        """Number of rows."""
        return len(self.outcomes)

    @property
    def models(self) -> int:
        """Number of columns."""
        return len(self.outcomes[0])

    @property
    def label(self) -> str:
        """Size in words, as tables show it."""
        return f"{self.problems:,} × {self.models:,}"

    @property
    def solved(self) -> NDArray[np.int64]:
        """Problems that each model solved."""
        return np.asarray(self.outcomes.sum(axis=0), dtype=np.int64)

    @property
    def totals(self) -> NDArray[np.int64]:
        """Problems of each difficulty."""
        return np.bincount(self.difficulty, minlength=len(SHARES))

    @property
    def solved_by_difficulty(self) -> NDArray[np.int64]:
        """Problems that each model solved in each difficulty, shape (models, 3)."""
        parts = [self.outcomes[self.difficulty == d].sum(axis=0) for d in range(len(SHARES))]
        return np.stack(parts, axis=1)


def simulated(problems: int, models: int) -> Board:
    """Draw outcomes by a logistic model of ability and difficulty; equal sizes, equal outcomes."""
    rng = np.random.default_rng([problems, models])
    difficulty = np.searchsorted(np.cumsum(SHARES), (np.arange(problems) + 0.5) / problems)
    hard = rng.normal(1.3 * (difficulty - 1), 1.0)
    able = rng.normal(0.0, 1.0, models)
    chance = 1 / (1 + np.exp(hard[:, None] - able))
    return Board(rng.random((problems, models)) < chance, difficulty.astype(np.int64))
