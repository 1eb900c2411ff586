"""Marginal likelihood of latent-trait models: the engine behind `stats.irt`.

Each problem has an easiness z drawn from a standard normal; given it, model j passes with logit
slope_j z + intercept_j, independently. The integral over z is a sum over equally spaced nodes,
which for such smooth integrands converges faster than any power of the spacing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit, logsumexp

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_REACH = 8.5  # beyond it lies less than 2e-17 of a standard normal


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Slope and intercept of each model's response curve, in logits."""

    slopes: Floats
    intercepts: Floats

    def logits(self, nodes: Floats) -> Floats:
        """Logit of passing at each node; shape (models, nodes)."""
        return np.multiply.outer(self.slopes, nodes) + self.intercepts[:, None]

    def take(self, models: Ints) -> "Curves":
        """Keep some models."""
        return Curves(self.slopes[models], self.intercepts[models])

    def spacing(self) -> float:
        """Node spacing that leaves a relative error below 1e-8.

        A spacing of one posterior standard deviation is enough for a normal posterior; the poles of
        a steep logistic curve ask for one of at most 1 / slope.
        """
        information = 1 + float(np.sum(self.slopes**2)) / 4
        steepest = float(np.abs(self.slopes).max())
        return min(0.25, 1 / sqrt(information), 1 / max(steepest, 1e-9))


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Distinct response patterns of problems that the same models attempted.

    Attributes
    ----------
    models : int, shape (m,)
        Who attempted them.
    patterns : float, shape (patterns, m)
        0 or 1.
    counts : float, shape (patterns,)
        Problems with each pattern.
    place : int, shape (rows,), rows : int, shape (rows,)
        Pattern of each of the table's rows in this block, and which rows those are.
    """

    models: Ints
    patterns: Floats
    counts: Floats
    place: Ints
    rows: Ints

    @classmethod
    def of(cls, x: Floats, tried: Bools, counts: Floats) -> list[Self]:
        """Sort the rows of a table into blocks; rows that nobody attempted are left out."""
        masks, which = np.unique(tried, axis=0, return_inverse=True)
        blocks = []
        for index, mask in enumerate(masks):
            rows, models = np.flatnonzero(which.ravel() == index), np.flatnonzero(mask)
            if models.size == 0:
                continue
            patterns, place = np.unique(x[np.ix_(rows, models)], axis=0, return_inverse=True)
            weight = np.bincount(place.ravel(), counts[rows]).astype(np.float64)
            blocks.append(cls(models, patterns, weight, place.ravel(), rows))
        return blocks

    def posterior(self, curves: Curves, nodes: Floats) -> tuple[Floats, Floats]:
        """Log marginal probability of each pattern, and its weights on the nodes."""
        logits = curves.take(self.models).logits(nodes)
        joint = self.patterns @ logits + log_expit(-logits).sum(axis=0) + log_prior(nodes)
        marginal: Floats = logsumexp(joint, axis=1)
        return marginal, np.exp(joint - marginal[:, None])

    def log_likelihood(self, curves: Curves, nodes: Floats) -> float:
        """Of the patterns, without multinomial coefficients."""
        return float(self.counts @ self.posterior(curves, nodes)[0])

    def derivatives(self, curves: Curves, nodes: Floats) -> tuple[Floats, Floats, Floats]:
        """Score, observed information, and information as if the easiness were known.

        In the order slopes, intercepts of this block's models; shapes (2m,), (2m, 2m), (2m, 2m).
        The observed information is the complete one minus what is lost by not knowing the easiness:
        the posterior covariance of the complete score (Louis 1982, J. Royal Stat. Soc. B 44(2)).
        """
        x, n = self.patterns, self.counts
        _, weights = self.posterior(curves, nodes)
        p = expit(curves.take(self.models).logits(nodes))
        mass = n[:, None] * weights
        total, passed = mass.sum(axis=0), x.T @ mass
        residual = passed - total * p
        score = np.concatenate([residual @ nodes, residual.sum(axis=1)])
        spread = total * p * (1 - p)
        complete = _blocks(*(np.diag(spread @ nodes**power) for power in (2, 1, 0)))
        squares = []
        for power in (2, 1, 0):
            z = nodes**power
            cross = (passed * z) @ p.T
            own = (x * (n * (weights @ z))[:, None]).T @ x
            squares.append(own - cross - cross.T + (p * total * z) @ p.T)
        means = np.concatenate(
            [x * (weights @ nodes)[:, None] - (weights * nodes) @ p.T, x - weights @ p.T], axis=1
        )
        lost = _blocks(*squares) - (means * n[:, None]).T @ means
        return score, complete - lost, complete


def nodes_of(spacing: float) -> Floats:
    """Equally spaced nodes over all of a standard normal that matters, 0 among them."""
    half = int(np.ceil(_REACH / spacing))
    return spacing * np.arange(-half, half + 1, dtype=np.float64)


def log_prior(nodes: Floats) -> Floats:
    """Logarithms of the standard normal weights of equally spaced nodes."""
    density = -(nodes**2) / 2
    weights: Floats = density - logsumexp(density)
    return weights


def derivatives(
    blocks: Sequence[Block], curves: Curves, nodes: Floats
) -> tuple[Floats, Floats, Floats]:
    """Add up the blocks' derivatives in the place of their models."""
    k = curves.slopes.size
    score, observed, complete = np.zeros(2 * k), np.zeros((2 * k, 2 * k)), np.zeros((2 * k, 2 * k))
    for block in blocks:
        place = np.concatenate([block.models, k + block.models])
        parts = block.derivatives(curves, nodes)
        score[place] += parts[0]
        observed[np.ix_(place, place)] += parts[1]
        complete[np.ix_(place, place)] += parts[2]
    return score, observed, complete


def _blocks(slopes: Floats, mixed: Floats, intercepts: Floats) -> Floats:
    return np.block([[slopes, mixed], [mixed, intercepts]])
