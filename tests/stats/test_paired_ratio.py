"""Ratio of two paired pass rates: solved and put back, by symmetry, edges one by one."""

from math import exp, inf, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.check import NoEstimateError
from stats.paired_ratio import bonett_price_ratio, ratio, tang, tang_limits, wald_ratio

INTERVALS = [tang, wald_ratio, bonett_price_ratio]
Z = 1.959963984540054
quick = settings(derandomize=True, deadline=None, max_examples=80)
count = st.integers(0, 40)
tables = st.tuples(count, count, count).filter(any)


def score(both: int, a: int, b: int, r: float) -> float:
    """Statistic of Tang, Tang and Chan at a hypothesised ratio, written down plainly."""
    passed_a, passed_b, any_passed = both + a, both + b, both + a + b
    linear = passed_b * r * r - (passed_a + 2 * b)
    root = sqrt(max(linear**2 - 4 * (1 + r) * b * (1 - r) * any_passed, 0))
    q = (root - linear) / (2 * (1 + r))
    return (passed_a - r * passed_b) / sqrt((1 + r) * q + (r - 1) * any_passed)


@pytest.mark.parametrize(
    "table", [(20, 12, 2), (59, 6, 16), (0, 3, 4), (0, 7, 1), (1, 1, 7), (9, 0, 4)]
)
def test_limits_put_back_give_z(table) -> None:
    interval = tang(*table, 10)
    assert score(*table, interval.low) == pytest.approx(Z, abs=1e-7)
    assert score(*table, interval.high) == pytest.approx(-Z, abs=1e-7)


def test_estimate_and_wald_worked_by_hand() -> None:
    # a passed 8, b passed 6 of 10: 4/3, variance of the log 4 / 48.
    assert ratio(5, 3, 1, 1).value == pytest.approx(4 / 3, rel=1e-15)
    assert ratio(5, 3, 1, 1).n == 10
    interval = wald_ratio(5, 3, 1, 1)
    assert interval.low == pytest.approx(exp(log(4 / 3) - Z * sqrt(4 / 48)), rel=1e-14)


def test_without_discordant_problems_tang_has_a_closed_form() -> None:
    # The statistic at r < 1 is sqrt(both (1 - r) / r): the limit is both / (both + z^2).
    interval = tang(40, 0, 0, 60)
    assert interval.low == pytest.approx(40 / (40 + Z * Z), rel=1e-14)
    assert interval.high == pytest.approx(1 / interval.low, rel=1e-14)
    assert wald_ratio(40, 0, 0, 60).width == 0
    assert bonett_price_ratio(40, 0, 0, 60).width > 0.05


def test_where_b_passed_nothing_the_ratio_has_a_lower_limit_only() -> None:
    estimate = ratio(0, 9, 0, 1)
    assert estimate.value == inf
    assert estimate.interval.high == inf
    assert estimate.interval.low == pytest.approx(9 / Z**2, rel=1e-14)
    assert (wald_ratio(0, 9, 0, 1).low, wald_ratio(0, 9, 0, 1).high) == (0, inf)
    assert bonett_price_ratio(0, 9, 0, 1).high == inf


def test_where_a_passed_nothing_the_ratio_is_0_with_an_upper_limit() -> None:
    estimate = ratio(0, 0, 9, 1)
    assert estimate.value == 0
    assert estimate.interval.low == 0
    assert estimate.interval.high == pytest.approx(Z**2 / 9, rel=1e-14)


def test_where_nobody_passed_anything_every_ratio_is_possible() -> None:
    for method in INTERVALS:
        interval = method(0, 0, 0, 10)
        assert (interval.low, interval.high) == (0, inf)
    with pytest.raises(NoEstimateError, match="neither model passed any of the 10 problems"):
        ratio(0, 0, 0, 10)


@quick
@given(tables)
@pytest.mark.parametrize("method", INTERVALS)
def test_swapping_the_models_inverts(method, table) -> None:
    both, a, b = table
    there, back = method(both, a, b, 5), method(both, b, a, 5)
    assert there.low == pytest.approx(1 / back.high if back.high else inf, rel=1e-9)
    assert there.high == pytest.approx(1 / back.low if back.low else inf, rel=1e-9)


@quick
@given(tables, st.integers(0, 1000))
@pytest.mark.parametrize("method", INTERVALS)
def test_problems_that_neither_solved_cancel(method, table, neither) -> None:
    assert method(*table, neither) == method(*table, 0)


@quick
@given(tables)
@pytest.mark.parametrize("method", [tang, bonett_price_ratio])
def test_a_higher_level_contains_a_lower_one(method, table) -> None:
    narrow, wide = method(*table, 0, level=0.9), method(*table, 0, level=0.99)
    assert wide.low <= narrow.low * (1 + 1e-12)
    assert narrow.high <= wide.high * (1 + 1e-12)


@quick
@given(tables)
def test_one_is_inside_exactly_where_mcnemar_does_not_reject(table) -> None:
    both, a, b = table
    if a + b:
        interval = tang(both, a, b, 0)
        assert interval.contains(1) == ((a - b) ** 2 / (a + b) <= Z**2)


@quick
@given(tables)
def test_duplicating_the_data_narrows(table) -> None:
    both, a, b = table
    once, twice = tang(both, a, b, 0), tang(2 * both, 2 * a, 2 * b, 0)
    assert once.low <= twice.low * (1 + 1e-12)
    assert twice.high <= once.high * (1 + 1e-12)
    assert once != twice


def test_arrays_agree_with_single_pairs() -> None:
    both, a, b = np.mgrid[0:6, 0:6, 0:6]
    low, high = tang_limits(both, a, b, level=0.9)
    assert low.shape == (6, 6, 6)
    one = tang(3, 5, 2, 0, level=0.9)
    assert (low[3, 5, 2], high[3, 5, 2]) == (one.low, one.high)
    assert np.all(low <= high)


@pytest.mark.parametrize("method", [*INTERVALS, ratio])
@pytest.mark.parametrize(
    ("table", "error", "sentence"),
    [
        ((1, -1, 0, 0), ValueError, "only_a must be at least 0, got -1"),
        ((1, 1, 0, 0.5), TypeError, "neither must be a whole number, got 0.5"),
        ((0, 0, 0, 0), NoEstimateError, "no problem was attempted by both"),
    ],
)
def test_what_is_no_table_is_refused(method, table, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        method(*table)


def test_arrays_that_are_no_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        tang_limits([1], [-1], [0])
    with pytest.raises(TypeError, match="both must hold whole numbers"):
        tang_limits([1.0], [1], [0])
    with pytest.raises(ValueError, match="level"):
        tang_limits([1], [1], [0], level=1)


def test_bonett_price_where_one_model_passed_nothing() -> None:
    nothing, ahead = bonett_price_ratio(0, 0, 4, 3), bonett_price_ratio(0, 4, 0, 3)
    assert (nothing.low, ahead.high) == (0.0, inf)
    # z sqrt((4 + 2) / (1 * 5)) / (sqrt(5/6 / 1) + sqrt(1/6 / 5)), then Wilson's 0 of 4 and 4 of 4.
    z2 = (1.959963984540054 * 1.2**0.5 / ((5 / 6) ** 0.5 + (1 / 30) ** 0.5)) ** 2
    assert nothing.high == pytest.approx(z2 / (4 + z2) / (4 / (4 + z2)))
    assert ahead.low == pytest.approx(1 / nothing.high)
