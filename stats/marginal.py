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

from stats.alike import alike_rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NO_WEIGHT = 1e-18
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
        first, which = alike_rows(tried)
        blocks = []
        for index, mask in enumerate(tried[first]):
            rows, models = np.flatnonzero(which == index), np.flatnonzero(mask)
            if models.size == 0:
                continue
            here = x[np.ix_(rows, models)]
            one, place = alike_rows(here > 0)
            weight = np.bincount(place, counts[rows]).astype(np.float64)
            blocks.append(cls(models, here[one], weight, place, rows))
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
        weights, nodes = held_nodes(weights, nodes)
        p = expit(curves.take(self.models).logits(nodes))
        mass = n[:, None] * weights
        total, passed = mass.sum(axis=0), x.T @ mass
        residual = passed - total * p
        score = np.concatenate([residual @ nodes, residual.sum(axis=1)])
        spread = total * p * (1 - p)
        complete = _blocks(*(np.diag(spread @ nodes**power) for power in (2, 1, 0)))
        return score, complete - self._lost(weights, nodes, p), complete

    def _lost(self, weights: Floats, nodes: Floats, p: Floats) -> Floats:
        """Posterior covariance of the complete score, (x - p) z and x - p, over all problems.

        What a pattern fixes drops out of it: the intercepts' part is that of the rates p alone.
        """
        x, n = self.patterns, self.counts[:, None]
        mean, square = weights @ nodes, weights @ nodes**2
        rates, with_z, with_zz = ((weights * nodes**power) @ p.T for power in (0, 1, 2))
        by_p = x.T @ (n * (with_z - mean[:, None] * rates))
        by_zp = x.T @ (n * (with_zz - mean[:, None] * with_z))
        spread = np.sqrt(n * (square - mean**2)[:, None].clip(0)) * x
        total = self.counts @ weights
        both = [(p * total * nodes**power) @ p.T for power in (2, 1, 0)]
        rates, with_z = np.sqrt(n) * rates, np.sqrt(n) * with_z
        return _blocks(
            both[0] - with_z.T @ with_z - by_zp - by_zp.T + spread.T @ spread,
            both[1] - with_z.T @ rates - by_p,
            both[2] - rates.T @ rates,
        )


def held_nodes(weights: Floats, nodes: Floats) -> tuple[Floats, Floats]:
    """Keep the nodes where some pattern has any weight."""
    held = weights.max(axis=0) > _NO_WEIGHT
    return np.ascontiguousarray(weights[:, held]), nodes[held]


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


@dataclass(frozen=True, slots=True, eq=False)
class TwoParameterLikelihood:
    """The likelihood of a table in the slopes and then the intercepts of k models."""

    blocks: Sequence[Block]

    def curves(self, parameters: Floats) -> Curves:
        """Slopes and intercepts."""
        k = parameters.size // 2
        return Curves(parameters[:k], parameters[k:])

    def value(self, parameters: Floats, nodes: Floats) -> float:
        """Log likelihood on these nodes."""
        curves = self.curves(parameters)
        return sum(block.log_likelihood(curves, nodes) for block in self.blocks)

    def derivatives(self, parameters: Floats, nodes: Floats) -> tuple[Floats, Floats, Floats]:
        """Score, observed and complete information."""
        return derivatives(self.blocks, self.curves(parameters), nodes)

    def covariance(self, inverse: Floats) -> Floats:
        """Return it as it is: the parameters are the slopes and intercepts."""
        return inverse


def _blocks(slopes: Floats, mixed: Floats, intercepts: Floats) -> Floats:
    return np.block([[slopes, mixed], [mixed.T, intercepts]])
