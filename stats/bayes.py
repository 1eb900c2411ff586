"""The Bayesian view where it is exact: Beta and Dirichlet posteriors, no sampling.

Priors are Jeffreys' unless given: 1/2 for each outcome, which adds one problem's worth of data to
a rate. A posterior probability answers "how likely is it that A is the better model, given the
prior", which a p-value does not.
"""

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import (
    betainc,
    betaincc,
    betainccinv,
    betaincinv,
    betaln,
    expit,
    log_expit,
    logit,
    polygamma,
    xlog1py,
    xlogy,
)

from stats.check import check_count, check_level
from stats.interval import Interval
from stats.lattice import tail_probability
from stats.proportion import FloatArray, check_counts

_EDGE = 1e-18  # posterior mass left out at either end of a quadrature
_NODES = 400  # at least; enough for 1e-12 on integrands that are as smooth as these


@dataclass(frozen=True, slots=True)
class BetaPosterior:
    """Posterior Beta(a, b) of one rate with its equal-tailed credible interval."""

    a: float
    b: float
    interval: Interval

    @property
    def mean(self) -> float:
        """Posterior mean."""
        return self.a / (self.a + self.b)

    @property
    def median(self) -> float:
        """Posterior median."""
        return float(betaincinv(self.a, self.b, 0.5))

    def probability_above(self, rate: float) -> float:
        """Posterior probability that the rate exceeds the given one in [0, 1]."""
        if not 0 <= rate <= 1:
            raise ValueError(f"rate must be between 0 and 1, got {rate}")
        return float(betaincc(self.a, self.b, rate))


@dataclass(frozen=True, slots=True)
class DifferencePosterior:
    """Posterior of rate A minus rate B on the same problems.

    ``probability_above`` is the posterior probability that A is better.
    """

    mean: float
    interval: Interval
    probability_above: float


def beta_posterior(
    successes: int, n: int, *, level: float = 0.95, prior: tuple[float, float] = (0.5, 0.5)
) -> BetaPosterior:
    """Posterior of one rate after ``successes`` of ``n``.

    Parameters
    ----------
    successes, n : int
        ``0 <= successes <= n``, ``n >= 1``.
    level : float
        Posterior probability of the interval, in (0, 1).
    prior : two positive numbers
        Beta parameters: (1/2, 1/2) is Jeffreys', (1, 1) the uniform prior.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, section 2.4.
    """
    check_count(successes, n)
    check_level(level)
    a, b = (_positive(alpha, "prior") for alpha in prior)
    a, b = a + successes, b + n - successes
    tail = (1 - level) / 2
    low, high = float(betaincinv(a, b, tail)), float(betainccinv(a, b, tail))
    return BetaPosterior(a, b, Interval(low, high, level, "beta_credible"))


def probability_better(
    successes_a: int,
    n_a: int,
    successes_b: int,
    n_b: int,
    *,
    prior: tuple[float, float] = (0.5, 0.5),
) -> float:
    """Posterior probability that A's rate exceeds B's, from unlinked counts.

    Independent Beta posteriors: the integral of B's CDF over A's density by the trapezoid rule in
    log odds, whose error falls exponentially there; about 1e-12 is left.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int
        Counts of both models.
    prior : two positive numbers
        Beta parameters of either rate.
    """
    check_count(successes_a, n_a, name="successes_a")
    check_count(successes_b, n_b, name="successes_b")
    a, b = (_positive(alpha, "prior") for alpha in prior)
    own = (a + successes_a, b + n_a - successes_a)
    other = (a + successes_b, b + n_b - successes_b)
    low, high = logit(betaincinv(*own, _EDGE)), -logit(betaincinv(*own[::-1], _EDGE))
    step = min(_log_odds_spread(*own), _log_odds_spread(*other)) / 4
    nodes = np.linspace(low, high, max(_NODES, int((high - low) / step)))
    density = np.exp(own[0] * log_expit(nodes) + own[1] * log_expit(-nodes) - betaln(*own))
    share = density @ betainc(*other, expit(nodes)) / density.sum()
    return float(np.clip(share, 0, 1))


def probability_better_paired(
    only_first: ArrayLike, only_second: ArrayLike, *, prior: float = 0.5
) -> FloatArray:
    """Posterior probability that the first model is better, paired; elementwise for arrays.

    With a Dirichlet prior on the four cells the share of the first model among the discordant
    problems is Beta(only_first + prior, only_second + prior), whatever the concordant cells are:
    the probability that it exceeds 1/2 is a value of the incomplete Beta function. Without
    discordant problems it is 1/2, the prior's answer.

    Parameters
    ----------
    only_first, only_second : whole numbers
        Problems that one model alone solved.
    prior : float
        Dirichlet parameter of each cell, positive.
    """
    total = np.asarray(only_first) + np.asarray(only_second)
    first, _ = check_counts(only_first, np.maximum(total, 1), name="only_first")
    second, _ = check_counts(only_second, np.maximum(total, 1), name="only_second")
    alpha = _positive(prior, "prior")
    return np.asarray(betaincc(first + alpha, second + alpha, 0.5))


def paired_posterior(
    both: int,
    only_first: int,
    only_second: int,
    neither: int,
    *,
    level: float = 0.95,
    prior: float = 0.5,
) -> DifferencePosterior:
    """Posterior of the difference of two models on the same problems.

    Under the Dirichlet posterior the difference is ``S (2V - 1)``: S, the share of discordant
    problems, and V, the first model's part of them, are independent Betas. Its CDF is one
    integral, its limits are found by root finding.

    Parameters
    ----------
    both, only_first, only_second, neither : int
        The four cells.
    level : float
        Posterior probability of the interval; each tail must be 1e-8 or more.
    prior : float
        Dirichlet parameter of each cell, positive; 1/2 is Jeffreys'.

    References
    ----------
    Altham (1971), Biometrika 58:679.
    """
    cells = {"both": both, "only_first": only_first, "only_second": only_second}
    n = sum((both, only_first, only_second, neither))
    for name, count in {**cells, "neither": neither}.items():
        check_count(count, n, name=name)
    alpha, tail = _positive(prior, "prior"), tail_probability(level)
    discordant = (only_first + only_second + 2 * alpha, both + neither + 2 * alpha)
    first = (only_first + alpha, only_second + alpha)

    def excess(difference: float, u: float) -> float:
        return _paired_cdf(difference, discordant, first) - u

    low, high = (float(brentq(excess, -1, 1, args=(u,), xtol=1e-12)) for u in (tail, 1 - tail))
    return DifferencePosterior(
        mean=(only_first - only_second) / (n + 4 * alpha),
        interval=Interval(low, high, level, "dirichlet_credible"),
        probability_above=float(probability_better_paired(only_first, only_second, prior=alpha)),
    )


def _paired_cdf(
    difference: float, discordant: tuple[float, float], first: tuple[float, float]
) -> float:
    """P(S (2V - 1) <= difference) for independent S ~ Beta(discordant), V ~ Beta(first)."""
    size = abs(difference)
    # Where S is below |difference| the answer does not depend on V; the rest is an integral.
    certain = float(betainc(*discordant, size)) if difference > 0 else 0.0
    low = max(size, float(betaincinv(*discordant, _EDGE)))
    high = float(betainccinv(*discordant, _EDGE))
    if low >= high:
        return certain
    nodes, weights = _double_exponential(low, high)
    a, b = discordant
    density = np.exp(xlogy(a - 1, nodes) + xlog1py(b - 1, -nodes) - betaln(a, b))
    part = np.clip((1 + difference / nodes) / 2, 0, 1)
    return certain + float(weights @ (density * betainc(*first, part)))


def _double_exponential(low: float, high: float) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of the tanh-sinh rule, which forgives singular ends (Takahasi & Mori)."""
    t, step = np.linspace(-3.1, 3.1, _NODES, retstep=True)
    inner = np.pi / 2 * np.sinh(t)
    half = (high - low) / 2
    weights = half * step * np.pi / 2 * np.cosh(t) / np.cosh(inner) ** 2
    # From the nearer end, so that nodes close to an end keep their distance to it.
    distance = 2 * half * expit(-2 * np.abs(inner))
    return np.where(inner < 0, low + distance, high - distance), weights


def _log_odds_spread(a: float, b: float) -> float:
    """Return the standard deviation of the log odds of a Beta(a, b) variable."""
    return float(np.sqrt(polygamma(1, a) + polygamma(1, b)))


def _positive(value: float, name: str) -> float:
    if not (isfinite(value) and value > 0):
        raise ValueError(f"{name} must be positive and finite, got {value}")
    return float(value)
