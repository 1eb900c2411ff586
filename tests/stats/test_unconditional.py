"""Unconditional exact tests: against all tables written out, ties in whole numbers."""

from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from stats import unconditional
from stats.check import NoEstimateError
from stats.fisher import fisher_exact, fisher_probabilities
from stats.unconditional import (
    boschloo,
    boschloo_greater,
    boschloo_p_values,
    pooled_z,
    unconditional_z_pooled,
    unconditional_z_pooled_greater,
    unconditional_z_pooled_p_values,
)

quick = settings(derandomize=True, deadline=None, max_examples=60)


def signed_squared_z(a: int, n_a: int, b: int, n_b: int) -> Fraction:
    distance, passed = a * n_b - b * n_a, a + b
    spread = passed * (n_a + n_b - passed)
    return Fraction(distance * abs(distance), spread) if spread else Fraction(0)


def supremum(tables, n_a: int, n_b: int) -> float:
    """Probability of the tables at the worst of 20,001 rates."""
    rate = np.linspace(0, 1, 20_001)
    total = sum(
        comb(n_a, a) * comb(n_b, b) * rate ** (a + b) * (1 - rate) ** (n_a + n_b - a - b)
        for a, b in tables
    )
    return float(np.max(total))


def extreme(counts, measure, n_a, n_b):
    every = product(range(n_a + 1), range(n_b + 1))
    observed = measure(*counts)
    return [(a, b) for a, b in every if measure(a, n_a, b, n_b) >= observed]


@pytest.mark.parametrize(("n_a", "n_b"), [(2, 3), (4, 4), (5, 3)])
def test_pooled_z_equals_all_tables_written_out(n_a, n_b) -> None:
    for a, b in product(range(n_a + 1), range(n_b + 1)):
        counts = (a, n_a, b, n_b)
        two = extreme(counts, lambda *t: abs(signed_squared_z(*t)), n_a, n_b)
        one = extreme(counts, signed_squared_z, n_a, n_b)
        assert unconditional_z_pooled(*counts).p_value == pytest.approx(
            min(1, supremum(two, n_a, n_b)), rel=1e-6
        )
        assert unconditional_z_pooled_greater(*counts).p_value == pytest.approx(
            min(1, supremum(one, n_a, n_b)), rel=1e-6
        )


@pytest.mark.parametrize(("n_a", "n_b"), [(2, 3), (4, 4), (5, 3)])
def test_boschloo_equals_all_tables_written_out(n_a, n_b) -> None:
    for a, b in product(range(n_a + 1), range(n_b + 1)):
        for test, name in ((boschloo, "two_sided"), (boschloo_greater, "greater")):

            def measure(*counts, name=name):
                # Rounded: equal p-values differ in their last digits.
                return -round(float(getattr(fisher_probabilities(*counts), name)), 12)

            tables = extreme((a, n_a, b, n_b), measure, n_a, n_b)
            expected = min(1, supremum(tables, n_a, n_b))
            assert test(a, n_a, b, n_b).p_value == pytest.approx(expected, rel=1e-6)


def test_one_against_none_by_hand() -> None:
    # Of four tables two have |z| = sqrt(2): probability 2 p (1 - p), at most 1/2.
    result = unconditional_z_pooled(1, 1, 0, 1)
    assert result.statistic == pytest.approx(np.sqrt(2))
    assert result.p_value == pytest.approx(0.5)
    assert unconditional_z_pooled_greater(1, 1, 0, 1).p_value == pytest.approx(0.25)


def test_a_tie_that_floating_point_would_lose() -> None:
    # 1/2 against 1/3: four tables have the same z squared, computed from different numbers.
    tables = extreme((1, 2, 1, 3), lambda *t: abs(signed_squared_z(*t)), 2, 3)
    assert {(1, 1), (1, 2)} <= set(tables)
    p = unconditional_z_pooled(1, 2, 1, 3).p_value
    assert p == pytest.approx(min(1, supremum(tables, 2, 3)), rel=1e-6)


def test_nothing_but_failures_is_no_evidence() -> None:
    for test in (unconditional_z_pooled, boschloo):
        assert test(0, 12, 0, 30).p_value == 1
        assert test(12, 12, 30, 30).p_value == 1
    assert pooled_z(0, 12, 0, 30) == 0


@quick
@given(st.data(), st.integers(1, 60), st.integers(1, 60))
def test_swapping_sides_or_outcomes_changes_nothing(data, n_a, n_b) -> None:
    a, b = data.draw(st.integers(0, n_a)), data.draw(st.integers(0, n_b))
    for p_values in (unconditional_z_pooled_p_values, boschloo_p_values):
        p = float(p_values(a, n_a, b, n_b))
        assert float(p_values(b, n_b, a, n_a)) == pytest.approx(p, rel=1e-6)
        assert float(p_values(n_a - a, n_a, n_b - b, n_b)) == pytest.approx(p, rel=1e-6)


@quick
@given(st.data(), st.integers(1, 60), st.integers(1, 60))
def test_boschloo_is_never_above_fisher(data, n_a, n_b) -> None:
    counts = (data.draw(st.integers(0, n_a)), n_a, data.draw(st.integers(0, n_b)), n_b)
    assert boschloo(*counts).p_value <= fisher_exact(*counts).p_value * (1 + 1e-6)


def test_many_pairs_at_once_equal_single_ones() -> None:
    passed, n = np.array([75, 66, 64, 50, 48, 14]), np.array([107, 106, 107, 107, 107, 107])
    a, b = np.triu_indices(6, 1)
    for many, one in (
        (unconditional_z_pooled_p_values, unconditional_z_pooled),
        (boschloo_p_values, boschloo),
    ):
        found = many(passed[a], n[a], passed[b], n[b])
        single = [
            one(int(passed[i]), int(n[i]), int(passed[j]), int(n[j])).p_value
            for i, j in zip(a, b, strict=True)
        ]
        np.testing.assert_allclose(found, single, rtol=1e-9)


def test_large_unequal_benchmarks_do_not_overflow() -> None:
    # Squared distances times the spread pass 2^63 here. The normal approximation is good.
    counts = (1_100, 1_700, 1_000, 1_693)
    assert unconditional_z_pooled(*counts).p_value == pytest.approx(
        2 * float(ndtr(-pooled_z(*counts))), rel=0.05
    )


@pytest.mark.parametrize("test", [unconditional_z_pooled, boschloo, boschloo_greater])
def test_bad_counts_are_refused(test) -> None:
    with pytest.raises(ValueError, match="successes_b must be between 0 and n = 3, got 4"):
        test(1, 3, 4, 3)
    with pytest.raises(NoEstimateError, match="n must be at least 1"):
        test(1, 3, 0, 0)


@pytest.mark.parametrize("sizes", [(107, 95), (300, 40), (600, 600)])
@pytest.mark.parametrize("shares", [unconditional._z_shares, unconditional._z_greater_shares])
def test_columns_left_out_of_a_tail_carry_nothing(sizes, shares, monkeypatch) -> None:
    n_a, n_b = sizes
    rng = np.random.default_rng(4)
    a = np.append(rng.integers(0, n_a + 1, 20), [0, n_a, n_a // 2])
    b = np.append(rng.integers(0, n_b + 1, 20), [n_b, 0, n_b // 2])
    found = shares(a, n_a, b, n_b)
    monkeypatch.setattr(unconditional, "_FAR", 1e6)
    everything = shares(a, n_a, b, n_b)
    np.testing.assert_allclose(found, everything, rtol=1e-13, atol=1e-300)
