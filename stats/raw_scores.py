"""What a Rasch model says about single outcomes once the number of passes is known.

Given that r of k models pass a problem, the problem's own easiness drops out: which ones pass
depends on the abilities alone, through the elementary symmetric functions of exp(ability). They are
kept as logarithms, and every probability comes from a recursion that is run upwards in r where it
damps errors and downwards where that does; 1,000 models lose no more digits than ten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
    their recursions.
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
        upwards, downwards = np.zeros((k + 1, k)), np.ones((k + 1, k))
        for r in range(k):
            upwards[r + 1] = np.exp(np.minimum(odds[r], 0)) * (1 - upwards[r])
        for r in reversed(range(k)):
            downwards[r] = 1 - np.exp(-np.maximum(odds[r], 0)) * downwards[r + 1]
        damped = np.concatenate([np.full((1, k), fill_value=True), odds <= 0])
        return cls(ability, log_sums, np.where(damped, upwards, downwards).clip(0, 1))

    def pairs(self, weights: Floats) -> Floats:
        """Sum over r of weight r times P(models i and j pass | r); shape (k, k).

        Parameters
        ----------
        weights : float, shape (k + 1,)
            How many problems have each raw score.
        """
        total = np.zeros((self.ability.size, self.ability.size))
        for r, both in self._both():
            total += weights[r] * both
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
        for r, both in self._both():
            np.fill_diagonal(both, 0.0)
            total[r] += vectors[r] @ both @ vectors[r]
        return total

    def _both(self) -> Iterator[tuple[int, Floats]]:
        """Yield r and P(i and j pass | r), first for the pairs that are right upwards.

        Each r comes twice; the two matrices add up to the whole. Upwards, the probability that the
        abler of two passes is split by the other, whose factor is the smaller; downwards the
        reverse. The diagonal holds nothing of use.
        """
        k, odds = self.ability.size, _log_odds(self.ability, self.log_sums)
        lesser = np.minimum.outer(self.ability, self.ability) - self.ability.max()
        greater = np.maximum.outer(self.ability, self.ability) - self.ability.max()
        top = odds[:, int(self.ability.argmax())] if k else np.zeros(0)
        both = np.zeros((k, k))
        for r in range(k):
            abler = np.maximum.outer(self.rates[r], self.rates[r])
            factor = lesser + top[r]
            both = np.where(factor <= 0, np.exp(np.minimum(factor, 0)) * (abler - both), 0.0)
            yield r + 1, both.copy()
        both = np.ones((k, k))
        for r in reversed(range(1, k + 1)):
            upwards = lesser + top[r - 1] <= 0
            yield r, np.where(upwards, 0.0, both)
            weaker = np.minimum.outer(self.rates[r - 1], self.rates[r - 1])
            both = weaker - np.exp(-np.maximum(greater + top[r - 1], 0)) * both


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
