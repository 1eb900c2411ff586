"""The bracketed solver, and the largest mean over a shared rate."""

import numpy as np
import pytest

from stats.binomial import binomial_pmf
from stats.check import NoEstimateError
from stats.roots import bracketed_roots
from stats.supremum import binomial_suprema
from stats.two_rates import as_two_rates, distinct


def test_many_cubes_at_once() -> None:
    cubes = np.linspace(0.001, 900, 40_000)  # more than one block
    found = bracketed_roots(lambda x, c: x**3 - c, np.zeros(cubes.size), cubes + 1, cubes)
    np.testing.assert_allclose(found, np.cbrt(cubes), rtol=1e-12)


def test_either_end_of_the_bracket_may_come_first_or_be_the_root() -> None:
    low, high = np.array([3.0, 0.0, 1.0]), np.array([0.0, 2.0, 5.0])
    found = bracketed_roots(lambda x: x - 2, low, high)
    assert found[:2] == pytest.approx([2, 2])
    assert bracketed_roots(lambda x: x - 2, np.array([2.0]), np.array([9.0]))[0] == 2


@pytest.mark.parametrize("power", [1, 5, 21])
def test_flat_roots_converge_too(power) -> None:
    found = bracketed_roots(lambda x: (x - 0.3) ** power, np.array([0.0]), np.array([1.0]))
    assert found[0] == pytest.approx(0.3, abs=1e-9)


def test_steps_without_slope_converge_by_bisection() -> None:
    found = bracketed_roots(lambda x: np.where(x < 0.7, -1.0, 1.0), np.zeros(1), np.ones(1))
    assert found[0] == pytest.approx(0.7, abs=1e-12)


def test_a_bracket_without_a_root_is_refused() -> None:
    with pytest.raises(NoEstimateError, match=r"no change of sign between 0\.0 and 1\.0"):
        bracketed_roots(lambda x: x**2 + 1, np.zeros(2), np.ones(2))


def test_a_function_that_is_no_number_is_refused() -> None:
    with pytest.raises(NoEstimateError, match="no change of sign"):
        bracketed_roots(lambda x: x * np.nan, np.zeros(1), np.ones(1))


def test_binomial_probabilities_by_hand() -> None:
    assert binomial_pmf(2, 0.25) == pytest.approx([9 / 16, 6 / 16, 1 / 16])
    np.testing.assert_array_equal(binomial_pmf(2, [0, 1]), [[1, 0, 0], [0, 0, 1]])
    assert binomial_pmf(0, 0.3) == pytest.approx([1])
    assert binomial_pmf(5_000, 0.3).sum() == pytest.approx(1, rel=1e-11)


def test_suprema_by_hand() -> None:
    # One success of two: 2 p (1 - p), at most 1/2. All successes: p^2, at most 1. Exactly 3 of
    # 10 is most probable at 0.3.
    found = binomial_suprema(np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]], dtype=float))
    assert found == pytest.approx([0.5, 1, 0])
    three = binomial_suprema(np.eye(11)[3:4])
    assert three[0] == pytest.approx(binomial_pmf(10, 0.3)[3], rel=1e-7)


def test_the_higher_of_two_near_peaks_is_found() -> None:
    # Peaks at 100 and 300 of 400, the second a hair higher.
    shares = np.zeros((1, 401))
    shares[0, 100], shares[0, 300] = 1.0, 1.0 + 1e-5
    expected = (1 + 1e-5) * binomial_pmf(400, 0.75)[300]
    assert binomial_suprema(shares)[0] == pytest.approx(expected, rel=1e-7)


def test_equal_comparisons_are_computed_once_and_put_back() -> None:
    rates = as_two_rates([[3, 4], [3, 4]], 9, [[1, 2], [1, 2]], 9)
    once, place = distinct(rates)
    assert once.successes_a.tolist() == [3, 4]
    assert once.successes_a[place].tolist() == [[3, 4], [3, 4]]


def test_counts_too_large_to_number_are_left_alone() -> None:
    rates = as_two_rates([2**40, 2**40], 2**41, [1, 1], 2**41)
    once, place = distinct(rates)
    assert once.successes_a[place].tolist() == [2**40, 2**40]
