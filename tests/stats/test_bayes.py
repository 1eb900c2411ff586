from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from stats import bayes
from stats.check import NoEstimateError
from stats.proportion import jeffreys

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


@st.composite
def counts(draw, most: int = 200):
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


def beta(a: int, b: int) -> Fraction:
    return Fraction(factorial(a - 1) * factorial(b - 1), factorial(a + b - 1))


def exact_better(x_a: int, n_a: int, x_b: int, n_b: int) -> float:
    """P(A > B) under uniform priors, a finite sum in rational numbers."""
    a, b, c, d = x_a + 1, n_a - x_a + 1, x_b + 1, n_b - x_b + 1
    terms = (beta(c + i, b + d) / ((b + i) * beta(1 + i, b) * beta(c, d)) for i in range(a))
    return float(sum(terms))


def test_posterior_worked_by_hand() -> None:
    # Uniform prior, one of one: Beta(2, 1), CDF p².
    got = bayes.beta_posterior(1, 1, prior=(1, 1))
    assert (got.a, got.b, got.mean) == (2, 1, pytest.approx(2 / 3))
    assert got.median == pytest.approx(0.5**0.5)
    assert (got.interval.low, got.interval.high) == pytest.approx((0.025**0.5, 0.975**0.5))
    assert got.probability_above(0.5) == pytest.approx(3 / 4)
    assert got.interval.method == "beta_credible"


def test_the_default_prior_gives_the_unmodified_jeffreys_interval() -> None:
    ours, theirs = bayes.beta_posterior(71, 107).interval, jeffreys(71, 107, modified=False)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=1e-12)


@SETTINGS
@given(counts(60), counts(60))
def test_unpaired_probability_is_the_finite_sum(a, b) -> None:
    got = bayes.probability_better(*a, *b, prior=(1, 1))
    assert got == pytest.approx(exact_better(*a, *b), abs=1e-11)


@SETTINGS
@given(counts(3000), counts(3000))
def test_one_of_two_is_better(a, b) -> None:
    assert bayes.probability_better(*a, *b) + bayes.probability_better(*b, *a) == pytest.approx(1)


def test_equal_counts_leave_it_open() -> None:
    assert bayes.probability_better(71, 107, 71, 107) == pytest.approx(0.5)


def test_a_narrow_posterior_against_a_wide_one() -> None:
    # B is known to be 0.5: what is left is A's posterior above it.
    got = bayes.probability_better(3, 4, 2_000_000, 4_000_000)
    assert got == pytest.approx(bayes.beta_posterior(3, 4).probability_above(0.5), abs=1e-6)


def test_paired_probability_worked_by_hand() -> None:
    # One discordant problem, uniform prior on its side: Beta(2, 1) above 1/2 is 3/4.
    assert bayes.probability_better_paired(1, 0, prior=1.0) == pytest.approx(0.75)
    assert bayes.probability_better_paired(0, 0) == pytest.approx(0.5)


def test_paired_arrays_hold_what_scalars_give() -> None:
    first, second = np.array([[0, 5], [12, 3]]), np.array([[4, 5], [3, 12]])
    got = bayes.probability_better_paired(first, second)
    assert got.shape == (2, 2)
    for place in np.ndindex(2, 2):
        alone = bayes.probability_better_paired(int(first[place]), int(second[place]))
        assert got[place] == alone
    assert got[1].sum() == pytest.approx(1)


@SETTINGS
@given(st.tuples(*[st.integers(0, 80)] * 4).filter(any))
def test_swapping_the_models_mirrors_the_posterior(cells) -> None:
    both, first, second, neither = cells
    ours = bayes.paired_posterior(both, first, second, neither)
    theirs = bayes.paired_posterior(both, second, first, neither)
    assert ours.mean == pytest.approx(-theirs.mean)
    assert (ours.interval.low, ours.interval.high) == pytest.approx(
        (-theirs.interval.high, -theirs.interval.low), abs=1e-8
    )
    assert ours.probability_above + theirs.probability_above == pytest.approx(1)


@pytest.mark.parametrize("cells", [(10, 3, 1, 4), (0, 1, 0, 0), (50, 0, 8, 49), (0, 40, 67, 0)])
def test_paired_posterior_is_the_limit_of_dirichlet_draws(cells) -> None:
    draws = np.random.default_rng(7).dirichlet(np.array(cells) + 0.5, 200_000)
    difference = draws[:, 1] - draws[:, 2]
    got = bayes.paired_posterior(*cells)
    assert got.mean == pytest.approx(difference.mean(), abs=0.003)
    assert got.probability_above == pytest.approx(np.mean(difference > 0), abs=0.005)
    assert np.mean(difference <= got.interval.low) == pytest.approx(0.025, abs=0.002)
    assert np.mean(difference <= got.interval.high) == pytest.approx(0.975, abs=0.002)


@pytest.mark.parametrize("cells", [(10, 3, 1, 4), (900, 200, 150, 1044), (0, 0, 1, 0)])
def test_paired_cdf_at_zero_is_the_closed_form(cells) -> None:
    both, first, second, neither = cells
    cdf = bayes._paired_cdf(
        0.0, (first + second + 1, both + neither + 1), (first + 0.5, second + 0.5)
    )
    assert cdf == pytest.approx(betainc(first + 0.5, second + 0.5, 0.5), abs=1e-10)


def test_a_clear_winner_leaves_no_doubt() -> None:
    got = bayes.paired_posterior(50, 50, 0, 7)
    assert got.probability_above > 1 - 1e-12
    assert got.interval.low > 0.3


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: bayes.beta_posterior(3, 2), ValueError, "successes must be between 0 and n = 2"),
        (lambda: bayes.beta_posterior(0, 0), NoEstimateError, "n must be at least 1"),
        (lambda: bayes.beta_posterior(1, 2, prior=(0, 1)), ValueError, "prior must be positive"),
        (lambda: bayes.beta_posterior(1, 2, level=1), ValueError, "level must be between 0 and 1"),
        (
            lambda: bayes.beta_posterior(1, 2).probability_above(2),
            ValueError,
            "rate must be between 0 and 1, got 2",
        ),
        (
            lambda: bayes.probability_better(1, 2, 3, 2),
            ValueError,
            "successes_b must be between 0 and n = 2, got 3",
        ),
        (
            lambda: bayes.probability_better_paired(-1, 2),
            ValueError,
            "only_first must be between 0",
        ),
        (
            lambda: bayes.probability_better_paired(1, 2, prior=float("inf")),
            ValueError,
            "prior must be positive and finite, got inf",
        ),
        (lambda: bayes.paired_posterior(0, 0, 0, 0), NoEstimateError, "n must be at least 1"),
        (lambda: bayes.paired_posterior(5, 1, -1, 0), ValueError, "only_second must be between 0"),
    ],
)
def test_bad_arguments_are_refused(call, error, message) -> None:
    with pytest.raises(error, match=message):
        call()
