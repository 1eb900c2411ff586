import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from stats import lattice

SETTINGS = settings(derandomize=True, deadline=None, max_examples=200)


@SETTINGS
@given(st.integers(1, 5000), st.floats(0, 1), st.floats(1e-12, 1 - 1e-12))
def test_binomial_quantiles_bracket_u(n, rate, u) -> None:
    # Not against ppf: it knows no tolerance at ties, and here any rate and u may come.
    k = int(lattice.binomial_quantile(np.array(n), np.array(rate), np.array(u), np.array(1 - u)))
    assert binom.cdf(k, n, rate) >= u - 1e-10
    assert k == 0 or binom.cdf(k - 1, n, rate) < u + 1e-10


def test_certain_outcomes_have_one_quantile() -> None:
    u = np.array([1e-9, 0.5, 1 - 1e-9])
    assert lattice.binomial_quantile(np.array(7), np.array(0.0), u, 1 - u).tolist() == [0, 0, 0]
    assert lattice.binomial_quantile(np.array(7), np.array(1.0), u, 1 - u).tolist() == [7, 7, 7]


def test_the_ends_of_the_scale_are_the_ends_of_the_support() -> None:
    u = np.array([0.0, 1.0])
    assert lattice.binomial_quantile(np.array(9), np.array(0.4), u, 1 - u).tolist() == [0, 9]


def test_quantile_is_the_first_value_that_reaches_u() -> None:
    values, mass = np.array([-1.0, 0.5, 2.0]), np.array([0.25, 0.5, 0.25])
    assert [lattice.quantile(values, mass, u) for u in (0.1, 0.25, 0.26, 0.75, 0.9)] == [
        -1.0,
        -1.0,
        0.5,
        0.5,
        2.0,
    ]


@pytest.mark.parametrize(("plus", "minus", "n"), [(3, 2, 9), (0, 0, 4), (5, 5, 10), (70, 3, 400)])
def test_trinomial_quantiles_are_those_of_the_polynomial_power(plus, minus, n) -> None:
    power = np.array([1.0])
    for _ in range(n):
        power = np.convolve(power, [minus / n, (n - plus - minus) / n, plus / n])
    levels = np.array([0.025, 0.3, 0.975])
    want = [np.searchsorted(np.cumsum(power), u - 1e-11) - n for u in levels]
    got = lattice.trinomial_quantiles(np.array([plus]), np.array([minus]), np.array([n]), levels)
    assert got[:, 0].tolist() == want
