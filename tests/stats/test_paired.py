"""Intervals of the paired difference: by hand, by symmetry, edges one by one."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats import paired
from stats.check import NoEstimateError
from stats.paired import (
    PairedCounts,
    bonett_price,
    count_pairs,
    difference,
    newcombe,
    newcombe_phi,
    tango,
    wald,
    wald_standard_error,
)
from stats.proportion import wilson

INTERVALS = [tango, wald, bonett_price, newcombe]
Z = 1.959963984540054
quick = settings(derandomize=True, deadline=None, max_examples=80)
count = st.integers(0, 40)
tables = st.tuples(count, count, count, count).filter(any)


def test_ten_problems_worked_by_hand() -> None:
    # Both 4, only a 3, only b 1, neither 2: difference 0.2, variance (4 - 4 / 10) / 100 = 0.036.
    assert wald_standard_error(4, 3, 1, 2) == pytest.approx(sqrt(0.036), rel=1e-15)
    interval = wald(4, 3, 1, 2)
    assert interval.low == pytest.approx(0.2 - Z * sqrt(0.036), rel=1e-14)
    assert interval.high == pytest.approx(0.2 + Z * sqrt(0.036), rel=1e-14)
    # Bonett-Price: 4 and 2 discordant of 12, centre 1/6, variance (6 - 4 / 12) / 144.
    adjusted = bonett_price(4, 3, 1, 2)
    assert adjusted.low == pytest.approx(1 / 6 - Z * sqrt((6 - 4 / 12) / 144), rel=1e-14)
    # phi: (4 * 2 - 3 * 1 - 5) / sqrt(7 * 3 * 5 * 5) is 0 after the correction.
    assert newcombe_phi(4, 3, 1, 2) == 0
    assert newcombe_phi(4, 3, 1, 2, corrected=False) == pytest.approx(5 / sqrt(525), rel=1e-15)
    a, b = wilson(7, 10), wilson(5, 10)
    assert newcombe(4, 3, 1, 2).low == pytest.approx(
        0.2 - sqrt((0.7 - a.low) ** 2 + (b.high - 0.5) ** 2), rel=1e-13
    )


def test_difference_carries_its_interval_and_its_n() -> None:
    estimate = difference(4, 3, 1, 2)
    assert (estimate.value, estimate.n) == (0.2, 10)
    assert estimate.interval == tango(4, 3, 1, 2)
    assert estimate.interval.method == "tango"


@quick
@given(tables)
@pytest.mark.parametrize("method", INTERVALS)
def test_swapping_the_models_mirrors(method, table) -> None:
    both, a, b, neither = table
    there, back = method(both, a, b, neither), method(both, b, a, neither)
    assert there.low == pytest.approx(-back.high, abs=1e-13)
    assert there.high == pytest.approx(-back.low, abs=1e-13)


@quick
@given(tables)
@pytest.mark.parametrize("method", INTERVALS)
def test_swapping_pass_and_fail_mirrors(method, table) -> None:
    both, a, b, neither = table
    passes, fails = method(both, a, b, neither), method(neither, b, a, both)
    assert passes.low == pytest.approx(-fails.high, abs=1e-13)
    assert passes.high == pytest.approx(-fails.low, abs=1e-13)


@quick
@given(tables)
@pytest.mark.parametrize("method", INTERVALS)
def test_a_higher_level_contains_a_lower_one(method, table) -> None:
    narrow, wide = method(*table, level=0.9), method(*table, level=0.99)
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@quick
@given(tables)
@pytest.mark.parametrize("method", [tango, bonett_price, newcombe])
def test_duplicating_the_data_narrows(method, table) -> None:
    assert method(*(2 * x for x in table)).width < method(*table).width


@quick
@given(tables)
@pytest.mark.parametrize("method", [tango, bonett_price, newcombe])
def test_limits_stay_within_what_a_difference_can_be(method, table) -> None:
    interval = method(*table)
    assert -1 <= interval.low < interval.high <= 1


def test_without_discordant_problems_only_wald_has_no_width() -> None:
    assert wald(60, 0, 0, 47).width == 0
    for method in (tango, bonett_price, newcombe):
        interval = method(60, 0, 0, 47)
        assert interval.width > 0.03
        assert interval.low == pytest.approx(-interval.high, abs=1e-15)


def test_where_one_model_alone_passed_everything() -> None:
    assert wald(0, 10, 0, 0).width == 0
    assert bonett_price(0, 10, 0, 0).high == 1
    assert bonett_price(0, 10, 0, 0, truncated=False).high > 1
    assert newcombe(0, 10, 0, 0).high == 1
    assert tango(0, 10, 0, 0).high == 1


def test_a_margin_without_variation_has_no_correlation() -> None:
    assert newcombe_phi(5, 3, 0, 0) == 0
    assert newcombe_phi(0, 3, 4, 0) == -1


def test_the_correction_of_phi_stops_at_zero_and_leaves_negative_phi() -> None:
    assert newcombe_phi(2, 2, 2, 3) == 0
    assert newcombe_phi(1, 4, 4, 1) == newcombe_phi(1, 4, 4, 1, corrected=False) < 0


def test_method_8_is_narrower_where_outcomes_agree() -> None:
    assert newcombe(60, 10, 10, 27, corrected=False).width < newcombe(60, 10, 10, 27).width


def test_count_pairs_counts_what_is_there_and_says_what_is_not() -> None:
    a = [1, 1, 0, 0, np.nan, 1]
    b = [1, 0, 1, 0, 1, np.nan]
    assert count_pairs(a, b) == PairedCounts(both=1, only_a=1, only_b=1, neither=1, missing=2)
    assert count_pairs(a, b).n == 4
    assert count_pairs([True, False], [True, True]) == PairedCounts(1, 0, 1, 0, 0)


@pytest.mark.parametrize(
    ("a", "b", "sentence"),
    [
        ([1, 0], [1], "one length"),
        ([[1, 0]], [[1, 0]], "one length"),
        ([1, 0.5], [1, 0], "outcomes_a must hold 0, 1 or NaN, got 0.5"),
        ([1, 0], [1, np.inf], "outcomes_b must hold 0, 1 or NaN, got inf"),
    ],
)
def test_what_is_no_pair_of_outcomes_is_refused(a, b, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        count_pairs(a, b)


@pytest.mark.parametrize("method", [*INTERVALS, difference])
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


@pytest.mark.parametrize("method", [*INTERVALS, difference])
@pytest.mark.parametrize("level", [0, 1, -0.5, 95, float("nan")])
def test_a_level_that_is_no_probability_is_refused(method, level) -> None:
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        method(1, 1, 1, 1, level=level)


def test_the_tests_of_the_same_table_are_at_hand_here() -> None:
    assert paired.mcnemar_midp(12, 3).p_value < 0.05 < paired.mcnemar_exact(12, 3).p_value * 2
