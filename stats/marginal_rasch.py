"""Marginal likelihood of the Rasch model: problems that as many models pass are alike.

With one slope for all models the easiness of a problem depends on its outcomes through their sum
alone, so a thousand models have a thousand and one kinds of problem and not one for each pattern.
Parameters are the slope and then the intercepts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit, logsumexp

from stats.alike import alike_rows
from stats.marginal import Curves, held_nodes, log_prior

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ScoreBlock:
    """Problems that the same models attempted, by how many of them passed.

    Attributes
    ----------
    models : int, shape (m,)
        Who attempted them.
    scores : float, shape (s,)
        The numbers of passes that occur.
    counts : float, shape (s,)
        Problems with each of them.
    passes : float, shape (m,)
        Problems that each model passed.
    """

    models: Ints
    scores: Floats
    counts: Floats
    passes: Floats

    @classmethod
    def of(cls, x: Floats, tried: Bools, counts: Floats) -> list[Self]:
        """Sort the rows of a table into blocks; rows that nobody attempted are left out."""
        first, kind = alike_rows(tried)
        blocks = []
        for index, mask in enumerate(tried[first]):
            rows, models = np.flatnonzero(kind == index), np.flatnonzero(mask)
            if models.size == 0:
                continue
            here = x[np.ix_(rows, models)]
            scores, place = np.unique(here.sum(axis=1), return_inverse=True)
            weight = np.bincount(place, counts[rows]).astype(np.float64)
            blocks.append(cls(models, scores, weight, counts[rows] @ here))
        return blocks

    def log_likelihood(self, slope: float, intercepts: Floats, nodes: Floats) -> float:
        """Of the patterns, without multinomial coefficients."""
        marginal, _ = self._posterior(slope, intercepts[self.models], nodes)
        return float(self.counts @ marginal + self.passes @ intercepts[self.models])

    def derivatives(
        self, slope: float, intercepts: Floats, nodes: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Score, observed information, and information as if the easiness were known.

        Of the slope and this block's intercepts; shapes (m + 1,), (m + 1, m + 1) twice. As in
        `stats.marginal.Block.derivatives`, the posterior covariance of the complete score is lost.
        """
        n = self.counts
        _, weights = self._posterior(slope, intercepts[self.models], nodes)
        weights, nodes = held_nodes(weights, nodes)
        p = expit(slope * nodes + intercepts[self.models][:, None])
        total = n @ weights
        # The complete score is (passes - expected passes) z, and pass - rate for each intercept.
        by_slope = (self.scores[:, None] - p.sum(axis=0)) * nodes
        score = np.append(np.sum(n @ (weights * by_slope)), self.passes - p @ total)
        spread = total * p * (1 - p)
        complete = _bordered(np.sum(spread @ nodes**2), spread @ nodes, np.diag(spread.sum(axis=1)))
        rates, gains = weights @ p.T, np.sum(weights * by_slope, axis=1)
        root = np.sqrt(n)[:, None] * rates
        lost = _bordered(
            n @ (np.sum(weights * by_slope**2, axis=1) - gains**2),
            (n * gains) @ rates - p @ (n @ (weights * by_slope)),
            (p * total) @ p.T - root.T @ root,
        )
        return score, complete - lost, complete

    def _posterior(self, slope: float, intercepts: Floats, nodes: Floats) -> tuple[Floats, Floats]:
        """Log probability of each score but for the intercepts' part, and weights on the nodes."""
        failing = log_expit(-(slope * nodes + intercepts[:, None])).sum(axis=0)
        joint = np.multiply.outer(self.scores, slope * nodes) + failing + log_prior(nodes)
        marginal: Floats = logsumexp(joint, axis=1)
        return marginal, np.exp(joint - marginal[:, None])


@dataclass(frozen=True, slots=True, eq=False)
class RaschLikelihood:
    """The likelihood of a table in the slope and the intercepts of k models."""

    blocks: Sequence[ScoreBlock]

    def curves(self, parameters: Floats) -> Curves:
        """Slopes, all equal, and intercepts."""
        return Curves(np.full(parameters.size - 1, parameters[0]), parameters[1:])

    def value(self, parameters: Floats, nodes: Floats) -> float:
        """Log likelihood on these nodes."""
        slope, intercepts = float(parameters[0]), parameters[1:]
        return sum(block.log_likelihood(slope, intercepts, nodes) for block in self.blocks)

    def derivatives(self, parameters: Floats, nodes: Floats) -> tuple[Floats, Floats, Floats]:
        """Score, observed and complete information; shapes (k + 1,), (k + 1, k + 1) twice."""
        size = parameters.size
        score, observed, complete = np.zeros(size), np.zeros((size, size)), np.zeros((size, size))
        for block in self.blocks:
            parts = block.derivatives(float(parameters[0]), parameters[1:], nodes)
            place = np.append(0, 1 + block.models)
            score[place] += parts[0]
            observed[np.ix_(place, place)] += parts[1]
            complete[np.ix_(place, place)] += parts[2]
        return score, observed, complete

    def covariance(self, inverse: Floats) -> Floats:
        """Covariance of all slopes and intercepts, from that of the parameters."""
        k = inverse.shape[0] - 1
        full = np.empty((2 * k, 2 * k))
        full[:k, :k], full[:k, k:] = inverse[0, 0], inverse[0, 1:]
        full[k:, :k], full[k:, k:] = inverse[1:, :1], inverse[1:, 1:]
        return full


def _bordered(corner: float, edge: Floats, inner: Floats) -> Floats:
    found = np.empty((edge.size + 1, edge.size + 1))
    found[0, 0], found[0, 1:], found[1:, 0], found[1:, 1:] = corner, edge, edge, inner
    return found
