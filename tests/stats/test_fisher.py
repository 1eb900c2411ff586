"""Fisher's exact test and its mid-p version: by hand, against enumeration in whole numbers."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.check import NoEstimateError
from stats.fisher import fisher_exact, fisher_midp, fisher_probabilities

quick = settings(derandomize=True, deadline=None, max_examples=200)


def enumerated(a: int, n_a: int, b: int, n_b: int) -> dict[str, Fraction]:
    passed, every = a + b, comb(n_a + n_b, a + b)
    weights = {
        k: comb(n_a, k) * comb(n_b, passed - k)
        for k in range(max(0, passed - n_b), min(n_a, passed) + 1)
    }
    own = weights[a]
    less = sum(w for w in weights.values() if w < own)
    equal = sum(w for w in weights.values() if w == own)
    return {
        "two_sided": Fraction(less + equal, every),
        "two_sided_midp": Fraction(2 * less + equal, 2 * every),
        "less": Fraction(sum(w for k, w in weights.items() if k <= a), every),
        "greater": Fraction(sum(w for k, w in weights.items() if k >= a), every),
        "observed": Fraction(own, every),
    }


def test_three_of_four_against_one_of_four_by_hand() -> None:
    # Tables 0 to 4 weigh 1, 16, 36, 16, 1 of 70: 34 are at most as probable as the observed 16.
    assert fisher_exact(3, 4, 1, 4).p_value == pytest.approx(34 / 70)
    # Strictly less probable: 2; as probable, itself included: 32, of which half.
    assert fisher_midp(3, 4, 1, 4).p_value == pytest.approx((2 + 16) / 70)


@pytest.mark.parametrize("counts", [(0, 10, 0, 20), (10, 10, 20, 20), (1, 1, 1, 1)])
def test_only_one_table_is_possible(counts) -> None:
    assert fisher_exact(*counts).p_value == 1
    assert fisher_midp(*counts).p_value == pytest.approx(0.5)


@pytest.mark.parametrize(("n_a", "n_b"), [(1, 1), (1, 9), (2, 3), (6, 6), (7, 12), (13, 5)])
def test_every_table_equals_its_enumeration(n_a, n_b) -> None:
    a, b = np.mgrid[: n_a + 1, : n_b + 1]
    found = fisher_probabilities(a, n_a, b, n_b)
    for i, j in np.ndindex(a.shape):
        for name, value in enumerated(i, n_a, j, n_b).items():
            assert getattr(found, name)[i, j] == pytest.approx(float(value), rel=1e-10), name


@quick
@given(st.data(), st.integers(1, 300), st.integers(1, 300))
def test_larger_tables_equal_their_enumeration(data, n_a, n_b) -> None:
    a, b = data.draw(st.integers(0, n_a)), data.draw(st.integers(0, n_b))
    found = fisher_probabilities(a, n_a, b, n_b)
    for name, value in enumerated(a, n_a, b, n_b).items():
        assert float(getattr(found, name)) == pytest.approx(float(value), rel=1e-9), name


def test_ties_across_the_mode_are_exact_in_large_balanced_tables() -> None:
    # With equal n the mirror table always ties; the mid-p is then the smaller tail's, doubled.
    tables = fisher_probabilities(np.array([700, 1200, 3]), 2000, np.array([640, 1100, 9]), 2000)
    doubled = 2 * np.minimum(tables.less_midp, tables.greater_midp)
    np.testing.assert_allclose(tables.two_sided_midp, doubled, rtol=1e-9)


def test_midp_is_half_the_observed_tables_below_the_exact_p() -> None:
    assert fisher_midp(20, 40, 35, 107).p_value < fisher_exact(20, 40, 35, 107).p_value


@quick
@given(st.data(), st.integers(1, 60), st.integers(1, 60))
def test_swapping_sides_or_outcomes_changes_nothing(data, n_a, n_b) -> None:
    a, b = data.draw(st.integers(0, n_a)), data.draw(st.integers(0, n_b))
    for test in (fisher_exact, fisher_midp):
        p = test(a, n_a, b, n_b).p_value
        assert test(b, n_b, a, n_a).p_value == pytest.approx(p, rel=1e-9)
        assert test(n_a - a, n_a, n_b - b, n_b).p_value == pytest.approx(p, rel=1e-9)


def test_shapes_broadcast_and_many_equal_tables_cost_one() -> None:
    found = fisher_probabilities(np.arange(5)[:, None], 4, np.full(3, 2), 4)
    assert found.two_sided.shape == found.two_sided_doubled.shape == (5, 3)
    assert np.all(found.two_sided == found.two_sided[:, :1])


def test_tables_far_apart_keep_their_digits() -> None:
    # All of 40 against none of 40: one table of C(80, 40), and its mirror.
    assert fisher_exact(40, 40, 0, 40).p_value == pytest.approx(2 / comb(80, 40), rel=1e-9)


@pytest.mark.parametrize("test", [fisher_exact, fisher_midp])
def test_bad_counts_are_refused(test) -> None:
    with pytest.raises(ValueError, match="successes_a must be between 0 and n = 3, got 4"):
        test(4, 3, 1, 3)
    with pytest.raises(NoEstimateError, match="n must be at least 1"):
        test(0, 0, 1, 3)
    with pytest.raises(TypeError, match="n must be a whole number"):
        test(1, 3, 1, 3.5)
