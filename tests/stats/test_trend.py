"""Trend over ordered strata: against every table written out, by symmetry."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.check import NoEstimateError
from stats.chi_square import chi_square
from stats.fisher import fisher_probabilities
from stats.trend import trend

quick = settings(derandomize=True, deadline=None, max_examples=80)


def every_table(passed, totals, scores):
    """Two-sided, rising and falling p-values from all tables with these margins."""
    every, hits = sum(totals), sum(passed)
    centre = hits * sum(s * n for s, n in zip(scores, totals, strict=True))
    weights: dict[int, int] = {}
    for counts in product(*(range(n + 1) for n in totals)):
        if sum(counts) == hits:
            distance = every * sum(s * x for s, x in zip(scores, counts, strict=True)) - centre
            weight = np.prod([comb(n, x) for n, x in zip(totals, counts, strict=True)])
            weights[distance] = weights.get(distance, 0) + int(weight)
    observed = every * sum(s * x for s, x in zip(scores, passed, strict=True)) - centre
    total = sum(weights.values())
    return (
        sum(w for d, w in weights.items() if abs(d) >= abs(observed)) / total,
        sum(w for d, w in weights.items() if d >= observed) / total,
        sum(w for d, w in weights.items() if d <= observed) / total,
    )


@st.composite
def strata(draw, most=6):
    totals = draw(st.lists(st.integers(1, most), min_size=2, max_size=4))
    passed = [draw(st.integers(0, n)) for n in totals]
    size = len(totals)
    scores = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size, unique=True))
    return passed, totals, scores


def test_three_strata_worked_by_hand() -> None:
    # 2 of 2, 1 of 2, 0 of 2: score sum 1, expected 3 x 1. Of C(6, 3) = 20 tables only this one
    # and its mirror are 2 away: each has weight C(2, 2) C(2, 1) C(2, 0) = 2.
    found = trend([2, 1, 0], [2, 2, 2])
    assert found.p_falling == pytest.approx(2 / 20)
    assert found.p_value == pytest.approx(4 / 20)
    assert found.p_rising == pytest.approx(1.0)
    # z^2 = N (N sum - hits sum)^2 / (hits misses spread) = 6 x 12^2 / (9 x 24).
    assert found.z == pytest.approx(-2.0)
    assert found.slope.value == pytest.approx(-0.5)
    assert found.slope.n == 6


@quick
@given(strata())
def test_p_values_equal_those_of_every_table(case) -> None:
    passed, totals, scores = case
    if sum(passed) in (0, sum(totals)):
        return
    found = trend(passed, totals, scores=scores)
    got = (found.p_value, found.p_rising, found.p_falling)
    assert got == pytest.approx(every_table(passed, totals, scores), rel=1e-10)


def test_two_strata_are_fishers_tails_and_the_chi_square() -> None:
    found, tables = trend([3, 9], [10, 12]), fisher_probabilities(9, 12, 3, 10)
    assert found.p_rising == pytest.approx(float(tables.greater), rel=1e-9)
    assert found.p_falling == pytest.approx(float(tables.less), rel=1e-9)
    plain = chi_square(9, 12, 3, 10)
    assert found.z**2 == pytest.approx(plain.statistic)
    assert found.p_asymptotic == pytest.approx(plain.p_value)


@quick
@given(strata(most=30))
def test_reversing_the_strata_mirrors_the_trend(case) -> None:
    passed, totals, _ = case
    if sum(passed) in (0, sum(totals)):
        return
    one, other = trend(passed, totals), trend(passed[::-1], totals[::-1])
    assert one.p_value == pytest.approx(other.p_value, rel=1e-9)
    assert one.p_rising == pytest.approx(other.p_falling, rel=1e-9)
    assert one.z == pytest.approx(-other.z, abs=1e-12)
    assert one.slope.value == pytest.approx(-other.slope.value, abs=1e-12)


def test_only_the_spacing_of_the_scores_matters_to_the_test() -> None:
    plain = trend([5, 9, 20], [8, 20, 60])
    moved = trend([5, 9, 20], [8, 20, 60], scores=[-0.1, 0.2, 0.5])
    assert moved.p_value == plain.p_value
    assert moved.z == pytest.approx(plain.z)
    assert moved.slope.value == pytest.approx(plain.slope.value / 0.3)
    assert moved.scores == (-0.1, 0.2, 0.5)


def test_one_score_may_be_far_away() -> None:
    # Sizes in billions of parameters, say: the largest costs nothing to enumerate.
    found = trend([2, 1, 3], [5, 5, 4], scores=[7, 32.5, 1000.25])
    assert found.p_value == pytest.approx(
        every_table([2, 1, 3], [5, 5, 4], [0, 102, 3973])[0], rel=1e-10
    )


def test_equal_rates_have_no_trend() -> None:
    found = trend([2, 4, 6], [4, 8, 12])
    assert found.p_value == 1.0
    assert found.z == 0
    assert found.slope.value == pytest.approx(0, abs=1e-15)
    assert found.slope.interval.contains(0)


def test_large_strata_agree_with_the_normal_distribution() -> None:
    found = trend([400, 430, 420], [700, 800, 794])
    assert found.p_value == pytest.approx(found.p_asymptotic, rel=0.05)


def test_a_strong_trend_keeps_its_digits() -> None:
    # All of 20, none of 20: one table of C(40, 20) on either side.
    found = trend([20, 0], [20, 20])
    assert found.p_value == pytest.approx(2 / comb(40, 20), rel=1e-9)


@pytest.mark.parametrize("passed", [[0, 0, 0], [3, 4, 5]])
def test_outcomes_all_alike_have_no_trend(passed) -> None:
    with pytest.raises(NoEstimateError, match="without both outcomes no trend exists"):
        trend(passed, [3, 4, 5])


@pytest.mark.parametrize(
    ("passed", "totals", "scores", "error", "sentence"),
    [
        ([1], [2], None, ValueError, "at least 2 strata, got 1"),
        ([1, 1], [2], None, ValueError, "must be lists of one length"),
        ([1, 1], [2, 0], None, NoEstimateError, "n must be at least 1"),
        ([1, 3], [2, 2], None, ValueError, "between 0 and n = 2, got 3"),
        ([1, 1], [2, 2], [1], ValueError, "scores must have length 2, got 1"),
        ([1, 1], [2, 2], [1, 1], ValueError, "scores must differ"),
        ([1, 1], [2, 2], [1, float("nan")], ValueError, "scores must be finite numbers"),
        ([5] * 4, [9] * 4, [0, 1, 1e6 + 0.01, 2e6], ValueError, "scores divide too finely"),
        ([5] * 3, [9] * 3, [0, 0.1 + 0.2, 1], ValueError, "scores divide too finely"),
    ],
)
def test_bad_strata_are_refused(passed, totals, scores, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        trend(passed, totals, scores=scores)
