"""Runtimes on common problems: ratios, all pairs, selection, profiles."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats as scipy_stats

from stats.check import NoEstimateError
from stats.profiles import performance_profile, profile_steps
from stats.proportion import wilson
from stats.runtime_pairs import runtime_ratio, runtime_ratios, selection

quick = settings(derandomize=True, deadline=None, max_examples=60)
seconds = st.one_of(st.just(inf), st.integers(1, 1000).map(lambda t: t / 16))
tables = arrays(float, st.tuples(st.integers(1, 8), st.integers(2, 4)), elements=seconds)


def test_ratio_worked_by_hand():
    # Ratios 2 and 8 on the two common problems: geometric mean 4, logs log 4 -+ log 2.
    result = runtime_ratio([2, 8, inf, 3, inf], [1, 1, 2, inf, inf])
    assert result.ratio == pytest.approx(4)
    assert result.standard_error == pytest.approx(np.log(2))
    half = 12.706204736174694 * np.log(2)
    assert result.interval.low == pytest.approx(np.exp(np.log(4) - half))
    counts = result.n_common, result.n_only_a, result.n_only_b, result.n_neither
    assert counts == (2, 1, 1, 1)


def test_ratio_agrees_with_a_paired_t_test():
    rng = np.random.default_rng(1)
    a, b = rng.lognormal(0.2, 1, 30), rng.lognormal(0, 1, 30)
    result = runtime_ratio(a, b, level=0.9)
    want = scipy_stats.ttest_rel(np.log(a), np.log(b))
    interval = want.confidence_interval(0.9)
    assert result.test.p_value == pytest.approx(want.pvalue)
    assert result.interval.low == pytest.approx(np.exp(interval.low))
    assert result.interval.high == pytest.approx(np.exp(interval.high))


@quick
@given(tables)
def test_all_pairs_equal_one_at_a_time(times):
    found = runtime_ratios(times, level=0.9)
    pairs = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert len(pairs) + len(found.without) == times.shape[1] * (times.shape[1] - 1) // 2
    for place, (a, b) in enumerate(pairs):
        one = runtime_ratio(times[:, a], times[:, b], level=0.9)
        assert found.ratio[place] == pytest.approx(one.ratio)
        assert found.low[place] == pytest.approx(one.interval.low, rel=1e-6)
        assert found.high[place] == pytest.approx(one.interval.high, rel=1e-6)
        assert found.p_value[place] == pytest.approx(one.test.p_value, rel=1e-5, abs=1e-12)
        assert found.n_common[place] == one.n_common
    for a, b in found.without:
        if selection(times).common[a, b]:
            assert runtime_ratio(times[:, a], times[:, b]).interval is None


@quick
@given(tables, st.floats(0.01, 100))
def test_swapping_inverts_and_the_unit_does_not_matter(times, unit):
    a, b = times[:, 0], times[:, 1]
    if np.isfinite(a + b).any():
        one, other = runtime_ratio(a, b), runtime_ratio(b * unit, a * unit)
        assert one.ratio * other.ratio == pytest.approx(1)
        if one.interval and other.interval:
            product = one.interval.low * other.interval.high
            assert product == pytest.approx(1, rel=1e-6)


def test_no_interval_without_spread_or_from_one_problem():
    assert runtime_ratio([1, 2, 4], [2, 4, 8]).interval is None
    assert runtime_ratio([1, 2, 4], [2, 4, 8]).standard_error == 0
    single = runtime_ratio([1, inf], [2, 1])
    assert (single.standard_error, single.interval, single.test) == (None, None, None)
    assert single.ratio == 0.5


def test_nothing_in_common():
    with pytest.raises(NoEstimateError, match="both"):
        runtime_ratio([1, inf], [inf, 1])


@pytest.mark.parametrize(
    ("a", "b"), [([1, 0], [1, 1]), ([1], [1, 1]), ([1, float("nan")], [1, 1]), ([], [])]
)
def test_bad_times(a, b):
    with pytest.raises(ValueError, match="times"):
        runtime_ratio(a, b)


def test_selection_counts():
    found = selection([[1, 2], [inf, 3], [4, inf], [inf, inf]])
    assert found.n_problems == 4
    assert found.solved.tolist() == [2, 2]
    assert found.common.tolist() == [[2, 1], [1, 2]]
    assert (found.by_all, found.by_none) == (1, 1)


def test_profile_worked_by_hand():
    # Ratios to the best: (1, 2), (1, -), (2, 1); one problem that nobody solved.
    times = [[1, 2], [3, inf], [4, 2], [inf, inf]]
    found = performance_profile(times, [1, 2])
    assert found.share.tolist() == [[0.5, 0.75], [0.25, 0.5]]
    assert found.n == 4
    want = wilson(3, 4)
    assert (found.low[0, 1], found.high[0, 1]) == (want.low, want.high)


def test_a_factor_counts_at_equality():
    # 0.7 * 3 is below 2.1 in floating point.
    assert performance_profile([[0.7, 2.1]], [3]).share.tolist() == [[1.0], [1.0]]


@quick
@given(tables)
def test_profiles_rise_to_the_share_solved(times):
    found = performance_profile(times, [1, 1.5, 4, 1e9])
    assert (np.diff(found.share, axis=1) >= 0).all()
    assert found.share[:, -1] == pytest.approx(np.isfinite(times).mean(axis=0))
    solvable = np.isfinite(times).any(axis=1).mean()
    assert found.share[:, 0].sum() >= solvable - 1e-12


def test_steps_are_where_profiles_rise():
    times = np.array([[1, 2], [3, inf], [4, 2.5], [inf, inf]])
    assert profile_steps(times, most=1.8).tolist() == [1.0, 1.6, 1.8]
    assert profile_steps(times, most=5).tolist() == [1.0, 1.6, 2.0, 5.0]


@pytest.mark.parametrize(
    ("times", "factors", "match"),
    [
        ([[1, 0]], [1], "times"),
        ([1, 2], [1], "times"),
        ([[1, 2]], [0.5], "factors"),
        ([[1, 2]], [], "factors"),
        ([[1, 2]], [inf], "factors"),
    ],
)
def test_bad_profiles(times, factors, match):
    with pytest.raises(ValueError, match=match):
        performance_profile(times, factors)
