"""What a Rasch model says about single outcomes once the number of passes is known.

Given that r of k models pass a problem, the problem's own easiness drops out: which ones pass
depends on the abilities alone, through the elementary symmetric functions of exp(ability). They are
kept as logarithms, and a single model's probability comes from a recursion that is run upwards in r
where it damps errors and downwards where that does; 1,000 models lose no more digits than ten.

Two models together come from a Fourier transform: add to all abilities what makes r the expected
number of passes, and the outcomes are independent but for their sum. Its distribution is then
narrow, so some 20 frequencies carry it, and these serve all pairs of models and all r nearby.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log, pi, sqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_NOTHING = log(1e18)  # minus the logarithm of what a frequency or a tail may be left out below
_NEAR = 2.0  # standard deviations around its mean in which a shifted sum serves


@dataclass(frozen=True, slots=True, eq=False)
class _Waves:
    """Frequencies of the sum of k outcomes, for some r around its mean.

    ``weights @ (a product of columns of factors)`` has the probability that those models pass,
    given r, as its real part.
    """

    scores: slice
    weights: Complexes  # (scores, frequencies)
    factors: Complexes  # (frequencies, k)


@dataclass(frozen=True, slots=True, eq=False)
class RawScores:
    """Outcome probabilities of k models given the raw score r = 0 … k.

    Attributes
    ----------
    ability : float, shape (k,)
        In logits, up to a common constant.
    log_sums : float, shape (k + 1,)
        Logarithms of the elementary symmetric functions of exp(ability).
    rates : float, shape (k + 1, k)
        P(model j passes | r pass).

    References
    ----------
    Fischer (1974), Einführung in die Theorie psychologischer Tests, ch. 14, for the functions and
    their recursions. Hong (2013), Computational Statistics & Data Analysis 59:41-51, for the
    Fourier transform of a sum of unlike outcomes.
    """

    ability: Floats
    log_sums: Floats
    rates: Floats

    @classmethod
    def of(cls, ability: Floats) -> Self:
        """Compute sums and probabilities, in a time proportional to k^2."""
        log_sums = _log_sums(ability)
        odds = _log_odds(ability, log_sums)
        k = ability.size
        up, down = np.exp(np.minimum(odds, 0)), np.exp(-np.maximum(odds, 0))
        upwards, downwards = np.zeros((k + 1, k)), np.ones((k + 1, k))
        for r in range(k):
            np.multiply(up[r], 1 - upwards[r], out=upwards[r + 1])
        for r in reversed(range(k)):
            np.subtract(1, down[r] * downwards[r + 1], out=downwards[r])
        damped = np.concatenate([np.full((1, k), fill_value=True), odds <= 0])
        return cls(ability, log_sums, np.where(damped, upwards, downwards).clip(0, 1))

    def pairs(self, weights: Floats) -> Floats:
        """Sum over r of weight r times P(models i and j pass | r); shape (k, k).

        Parameters
        ----------
        weights : float, shape (k + 1,)
            How many problems have each raw score.
        """
        total = np.full((self.ability.size, self.ability.size), weights[-1], dtype=np.float64)
        for waves in self._waves():
            root = np.sqrt(weights[waves.scores] @ waves.weights)[:, None] * waves.factors
            real, imaginary = np.ascontiguousarray(root.real), np.ascontiguousarray(root.imag)
            total += real.T @ real - imaginary.T @ imaginary  # the real part of root.T @ root
        np.fill_diagonal(total, weights @ self.rates)
        return total

    def quadratic(self, vectors: Floats) -> Floats:
        """Variance given r of a weighted sum of outcomes; shape (k + 1,).

        Parameters
        ----------
        vectors : float, shape (k + 1, k)
            The weights, a row for each raw score.
        """
        means = np.sum(vectors * self.rates, axis=1)
        total: Floats = np.sum(vectors**2 * self.rates, axis=1) - means**2
        for waves in self._waves():
            here = vectors[waves.scores]
            unlike = (here @ waves.factors.T) ** 2 - here**2 @ waves.factors.T**2
            total[waves.scores] += np.sum(waves.weights * unlike, axis=1).real
        total[[0, -1]] = 0.0  # none or all pass
        return total

    def _waves(self) -> Iterator[_Waves]:
        """Yield waves for r = 1 … k - 1, each r once."""
        k, first = self.ability.size, 1
        while first < k:
            half = int(_NEAR * sqrt(self._spread(first)[1]))
            half = min(half, int(_NEAR * sqrt(self._spread(min(first + half, k - 1))[1])))
            centre = min(first + half, k - 1)
            scores = slice(first, min(centre + half, k - 1) + 1)
            yield _waves(*self._spread(centre), scores)
            first = scores.stop

    def _spread(self, score: int) -> tuple[Floats, float]:
        """Rates at which about ``score`` models pass, and the variance of how many do."""
        shift = (self.log_sums[score - 1] - self.log_sums[score + 1]) / 2
        p = expit(self.ability + shift)
        return p, float(np.sum(p * (1 - p)))


def _waves(p: Floats, variance: float, scores: slice) -> _Waves:
    # A sum is told from another that differs by the number of frequencies: Bernstein's inequality
    # says how far from the scores nothing is left. A frequency's size is at most
    # exp(-variance (1 - cos)), so only the lowest count.
    far = _NOTHING / 3 + sqrt((_NOTHING / 3) ** 2 + 2 * _NOTHING * variance)
    count = min(p.size + 1, ceil(far) + scores.stop - scores.start) | 1
    angles = 2 * pi * np.arange(count // 2 + 1) / count
    angles = angles[variance * (1 - np.cos(angles)) <= _NOTHING]
    turn = np.exp(1j * angles)[:, None]
    mixed = (1 - p) + p * turn
    sizes = np.prod(mixed, axis=1) * np.where(angles > 0, 2, 1)
    r = np.arange(scores.start, scores.stop)[:, None]
    weights = sizes * np.exp(-1j * angles * r)
    weights /= weights.sum(axis=1, keepdims=True).real
    return _Waves(scores, weights, p * turn / mixed)


def _log_sums(ability: Floats) -> Floats:
    """Multiply the polynomials 1 + exp(ability) t, in logarithms."""
    sums = np.full(ability.size + 1, -np.inf)
    sums[0] = 0.0
    for count, a in enumerate(ability, start=1):
        sums[1 : count + 1] = np.logaddexp(sums[1 : count + 1], sums[:count] + a)
    return sums


def _log_odds(ability: Floats, log_sums: Floats) -> Floats:
    """Log of P(j passes | r + 1) / P(j fails | r): what each recursion multiplies by."""
    odds: Floats = ability[None, :] + (log_sums[:-1] - log_sums[1:])[:, None]
    return odds
