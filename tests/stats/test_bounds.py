"""Bounds from margins: against every table that a small benchmark allows."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.bounds import (
    paired_difference_range,
    paired_difference_range_over_strata,
    paired_test_range,
    paired_test_range_over_strata,
    paired_test_ranges,
)
from stats.check import NoEstimateError
from stats.mcnemar import mcnemar_exact, mcnemar_midp
from stats.paired import tango

quick = settings(derandomize=True, deadline=None, max_examples=40)


def every_table(passed_a, n_a, passed_b, n_b, n_problems):
    """All (only_a, only_b, common), by dealing out passes and missing problems."""
    found = set()
    for common in range(max(0, n_a + n_b - n_problems), min(n_a, n_b) + 1):
        for on_a, on_b in product(range(common + 1), repeat=2):
            if not (0 <= passed_a - on_a <= n_a - common and 0 <= passed_b - on_b <= n_b - common):
                continue
            for both in range(max(0, on_a + on_b - common), min(on_a, on_b) + 1):
                found.add((on_a - both, on_b - both, common))
    return found


@st.composite
def margins(draw, most=9):
    n_problems = draw(st.integers(1, most))
    n_a, n_b = draw(st.integers(1, n_problems)), draw(st.integers(1, n_problems))
    return draw(st.integers(0, n_a)), n_a, draw(st.integers(0, n_b)), n_b, n_problems


def test_the_same_problems_worked_by_hand() -> None:
    # 3 and 1 of 4: "both" is 0 or 1, so (only a, only b) is (3, 1) or (2, 0).
    found = paired_test_range(3, 4, 1, 4, n_problems=4)
    assert (found.at_low.only_a, found.at_low.only_b, found.at_low.common) == (2, 0, 4)
    assert (found.at_high.only_a, found.at_high.only_b, found.at_high.common) == (3, 1, 4)
    assert found.p_low == 0.25  # P(X = 0) = 1/4, counted half on either side
    assert found.p_high == 0.375  # 2 P(X < 1) + P(X = 1) = 2/16 + 4/16
    assert (found.exact_low, found.exact_high) == (0.5, 0.625)
    assert found.at_high.discordant == 4


def test_a_missing_problem_widens_the_range() -> None:
    # 2/3 against 1/4. If the problem that a lacks was b's pass, b has none on the common three:
    # (2, 0), p = 1/4. Else they share b's pass or not: (1, 0) or (2, 1), p = 2/8 + 3/8.
    found = paired_test_range(2, 3, 1, 4, n_problems=4)
    assert (found.at_low.only_a, found.at_low.only_b, found.at_low.common) == (2, 0, 3)
    assert (found.at_high.only_a, found.at_high.only_b, found.at_high.common) == (2, 1, 3)
    assert (found.p_low, found.p_high) == (0.25, 0.625)


def test_without_a_common_problem_nothing_is_tested() -> None:
    found = paired_test_range(2, 2, 0, 2, n_problems=4)
    assert found.p_high == 1.0
    assert found.at_high.common == 0


@quick
@given(margins())
def test_the_range_equals_that_of_every_table(counts) -> None:
    *margin, n_problems = counts
    tables = every_table(*counts)
    found = paired_test_range(*margin, n_problems=n_problems)
    midp = [mcnemar_midp(a, b).p_value for a, b, _ in tables]
    exact = [mcnemar_exact(a, b).p_value for a, b, _ in tables]
    assert (found.p_low, found.p_high) == (min(midp), max(midp))
    assert (found.exact_low, found.exact_high) == (min(exact), max(exact))
    for end, p in ((found.at_low, found.p_low), (found.at_high, found.p_high)):
        assert (end.only_a, end.only_b, end.common) in tables
        assert mcnemar_midp(end.only_a, end.only_b).p_value == p


@quick
@given(margins(most=7))
def test_the_interval_range_equals_that_of_every_table(counts) -> None:
    *margin, n_problems = counts
    found = paired_difference_range(*margin, n_problems=n_problems)
    intervals = [tango(0, a, b, n - a - b) for a, b, n in every_table(*counts) if n]
    widths = [interval.width for interval in intervals]
    expected = {
        found.narrowest.width: min(widths),
        found.widest.width: max(widths),
        found.envelope.low: min(interval.low for interval in intervals),
        found.envelope.high: max(interval.high for interval in intervals),
        found.low_highest: max(interval.low for interval in intervals),
        found.high_lowest: min(interval.high for interval in intervals),
    }
    for got, want in expected.items():
        assert got == pytest.approx(want, abs=1e-9)


def tables_over_strata(strata):
    """All sums of one table from each stratum."""
    sums = {(0, 0, 0)}
    for counts in strata:
        sums = {
            (a + x, b + y, n + m) for (a, b, n), (x, y, m) in product(sums, every_table(*counts))
        }
    return sums


@quick
@given(st.lists(margins(most=4), min_size=1, max_size=3))
def test_ranges_over_strata_equal_those_of_every_table(strata) -> None:
    *counts, n_problems = (list(column) for column in zip(*strata, strict=True))
    tables = tables_over_strata(strata)
    found = paired_test_range_over_strata(*counts, n_problems=n_problems)
    midp = [mcnemar_midp(a, b).p_value for a, b, _ in tables]
    assert (found.p_low, found.p_high) == (min(midp), max(midp))
    assert (found.at_low.only_a, found.at_low.only_b, found.at_low.common) in tables
    assert (found.at_high.only_a, found.at_high.only_b, found.at_high.common) in tables
    if all(n == 0 for *_, n in tables):
        return
    interval = paired_difference_range_over_strata(*counts, n_problems=n_problems)
    limits = [tango(0, a, b, n - a - b) for a, b, n in tables if n]
    assert interval.envelope.low == pytest.approx(min(one.low for one in limits), abs=1e-9)
    assert interval.envelope.high == pytest.approx(max(one.high for one in limits), abs=1e-9)


def test_strata_narrow_the_range() -> None:
    # The two passes of a and of b cannot meet: they are in different strata.
    apart = paired_test_range_over_strata([2, 0], [2, 2], [0, 2], [2, 2], n_problems=[2, 2])
    assert apart.p_low == apart.p_high == 1.0
    assert apart.at_low.discordant == 4
    together = paired_test_range(2, 4, 2, 4, n_problems=4)
    assert together.at_low.discordant == 0


@pytest.mark.parametrize(
    ("strata", "n_problems"),
    [(([1], [2], [1], [2]), 2), (([1], [2], [1], [2]), [2, 2]), (([],) * 4, [])],
)
def test_strata_that_do_not_match_are_refused(strata, n_problems) -> None:
    with pytest.raises(ValueError, match="must be lists of one length, at least 1"):
        paired_test_range_over_strata(*strata, n_problems=n_problems)


@quick
@given(margins())
def test_swapping_the_models_keeps_the_range(counts) -> None:
    a, n_a, b, n_b, n_problems = counts
    one = paired_test_range(a, n_a, b, n_b, n_problems=n_problems)
    other = paired_test_range(b, n_b, a, n_a, n_problems=n_problems)
    assert (one.p_low, one.p_high) == (other.p_low, other.p_high)


def test_many_pairs_at_once_equal_single_ones() -> None:
    passed, n = np.array([75, 66, 64, 50, 48, 41]), np.array([107, 106, 107, 107, 107, 106])
    a, b = np.triu_indices(6, 1)
    low, high = paired_test_ranges(passed[a], n[a], passed[b], n[b], n_problems=107)
    for place, (i, j) in enumerate(zip(a, b, strict=True)):
        one = paired_test_range(
            int(passed[i]), int(n[i]), int(passed[j]), int(n[j]), n_problems=107
        )
        assert (low[place], high[place]) == (one.p_low, one.p_high)


def test_no_pair_gives_no_range() -> None:
    none = np.array([], dtype=int)
    low, high = paired_test_ranges(none, none, none, none, n_problems=3)
    assert low.size == high.size == 0


@pytest.mark.parametrize("method", [paired_test_range, paired_difference_range])
def test_bad_counts_are_refused(method) -> None:
    with pytest.raises(ValueError, match="n_problems must be at least the 4 that a model attem"):
        method(1, 4, 1, 3, n_problems=3)
    with pytest.raises(ValueError, match="successes_a must be between 0 and n = 4, got 5"):
        method(5, 4, 1, 3, n_problems=4)
    with pytest.raises(TypeError, match="n_problems must hold whole numbers"):
        method(1, 4, 1, 3, n_problems=4.5)
    with pytest.raises(NoEstimateError, match="n must be at least 1"):
        method(0, 0, 1, 3, n_problems=4)
