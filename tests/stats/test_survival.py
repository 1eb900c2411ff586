"""Kaplan-Meier, its median, and the log-rank test."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import chdtrc, ndtr
from scipy.stats import CensoredData, logrank
from scipy.stats import ecdf as scipy_ecdf

from stats.check import NoEstimateError
from stats.survival import kaplan_meier, log_rank, median_time

quick = settings(derandomize=True, deadline=None, max_examples=60)
runs = st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=15)


def columns(pairs):
    return [t for t, _ in pairs], [done for _, done in pairs]


def test_curve_worked_by_hand():
    # Five runs: done at 1, stopped at 2, done at 3 (two), stopped at 4.
    curve = kaplan_meier([1, 2, 3, 3, 4], [1, 0, 1, 1, 0])
    assert curve.times.tolist() == [1, 3]
    assert curve.at_risk.tolist() == [5, 3]
    assert curve.finished.tolist() == [1, 2]
    assert curve.survival == pytest.approx([0.8, 0.8 / 3])
    greenwood = 1 / (5 * 4) + 2 / (3 * 1)
    assert curve.standard_error[1] == pytest.approx(0.8 / 3 * greenwood**0.5)
    assert (curve.n, curve.n_finished) == (5, 3)


@quick
@given(runs)
def test_curve_agrees_with_scipy(pairs):
    times, done = columns(pairs)
    curve = kaplan_meier(times, done)
    ended = [t for t, d in pairs if d]
    stopped = [t for t, d in pairs if not d]
    want = scipy_ecdf(CensoredData(uncensored=ended, right=stopped)).sf
    assert curve.survival == pytest.approx(want.evaluate(curve.times), abs=1e-12)


@quick
@given(runs)
def test_without_censoring_the_curve_is_the_share_left(pairs):
    times = np.array([t for t, _ in pairs])
    curve = kaplan_meier(times, np.ones(times.size, bool))
    assert curve.survival == pytest.approx([(times > t).mean() for t in curve.times])
    p = curve.survival
    assert curve.standard_error == pytest.approx(np.sqrt(p * (1 - p) / times.size), abs=1e-12)


@quick
@given(runs, st.sampled_from(["plain", "log", "log_log"]))
def test_limits_nest_and_hold_the_curve(pairs, transform):
    curve = kaplan_meier(*columns(pairs))
    inner, outer = (curve.limits(level=level, transform=transform) for level in (0.8, 0.99))
    assert np.isfinite(outer).all()
    assert (outer[0] <= inner[0] + 1e-12).all()
    assert (inner[0] <= curve.survival + 1e-12).all()
    assert (curve.survival <= inner[1] + 1e-12).all()
    assert (inner[1] <= outer[1] + 1e-12).all()


@quick
@given(runs)
def test_median_lies_in_its_interval(pairs):
    median = median_time(kaplan_meier(*columns(pairs)))
    if median.value is not None and median.low is not None:
        assert median.low <= median.value
    if median.high is not None:
        assert median.value is not None
        assert median.value <= median.high


def test_a_median_that_is_not_reached():
    median = median_time(kaplan_meier([1, 2, 3, 4], [1, 0, 0, 0]))
    assert (median.value, median.midpoint, median.high) == (None, None, None)
    assert (median.n, median.n_finished) == (4, 1)


def test_a_limit_of_one_half_itself_counts():
    # Three of four go on after 1, two after 2: at the level where z standard errors are 1/4, the
    # plain lower limit at 1 is 1/2; Greenwood's error there is sqrt(3/4 * 1/4 / 4).
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    level = 1 - 2 * ndtr(-0.25 / (3 / 64) ** 0.5)
    assert curve.limits(level=level, transform="plain")[0][0] == pytest.approx(0.5, abs=1e-15)
    assert median_time(curve, level=level, transform="plain").low == 1


@pytest.mark.parametrize("transform", ["plain", "log", "log_log"])
def test_where_all_are_done_the_limits_are_zero(transform):
    low, high = kaplan_meier([1, 2], [1, 1]).limits(level=0.95, transform=transform)
    assert (low[1], high[1]) == (0, 0)


def test_two_groups_worked_by_hand():
    # At 1: 4 at risk, 2 in each, one of a finishes; at 2: one of b among 1 and 2.
    result = log_rank([([1, 3], [1, 0]), ([2, 3], [1, 0])])
    assert result.observed == (1, 1)
    assert result.expected == pytest.approx((1 / 2 + 1 / 3, 1 / 2 + 2 / 3))
    variance = 1 / 4 + 2 / 9
    assert result.test.statistic == pytest.approx((1 - 5 / 6) ** 2 / variance)
    assert result.test.p_value == pytest.approx(chdtrc(1, (1 / 6) ** 2 / variance))


@pytest.mark.parametrize("seed", range(5))
def test_two_groups_agree_with_scipy(seed):
    rng = np.random.default_rng(seed)
    groups = []
    for scale in (1.0, 1.6):
        times = rng.exponential(scale, 30).round(1) + 0.1
        groups.append((np.minimum(times, 2.0), times <= 2.0))
    data = [CensoredData(uncensored=t[d], right=t[~d]) for t, d in groups]
    want = logrank(*data)
    got = log_rank(groups)
    assert got.test.statistic == pytest.approx(want.statistic**2)
    assert got.test.p_value == pytest.approx(want.pvalue)
    assert got.degrees_of_freedom == 1


def test_order_of_groups_changes_nothing():
    rng = np.random.default_rng(7)
    groups = [(rng.exponential(s, 20), rng.random(20) < 0.8) for s in (1, 2, 3)]
    one, other = log_rank(groups), log_rank(groups[::-1])
    assert one.test.statistic == pytest.approx(other.test.statistic)
    assert one.degrees_of_freedom == 2
    assert sum(one.observed) == pytest.approx(sum(one.expected))


def test_log_rank_keeps_its_level():
    rng = np.random.default_rng(20_240_601)
    p_values = []
    for _ in range(600):
        groups = [(rng.exponential(1, 25), rng.random(25) < 0.7) for _ in range(3)]
        p_values.append(log_rank(groups).test.p_value)
    assert 0.03 < np.mean(np.array(p_values) < 0.05) < 0.075


@pytest.mark.parametrize(
    ("times", "finished", "error", "match"),
    [
        ([], [], NoEstimateError, "no runs"),
        ([1, 2], [1], ValueError, "one shape"),
        ([-1], [1], ValueError, "at least 0"),
        ([np.inf], [0], ValueError, "finite"),
        ([1], [2], ValueError, "finished"),
    ],
)
def test_bad_runs(times, finished, error, match):
    with pytest.raises(error, match=match):
        kaplan_meier(times, finished)


def test_bad_groups_and_scales():
    with pytest.raises(ValueError, match="two groups"):
        log_rank([([1], [1])])
    with pytest.raises(NoEstimateError, match="nothing to compare"):
        log_rank([([1, 2], [0, 0]), ([3], [0])])
    with pytest.raises(NoEstimateError, match="nothing to compare"):
        log_rank([([1, 1], [0, 0]), ([3], [1])])
    with pytest.raises(ValueError, match="transform"):
        median_time(kaplan_meier([1], [1]), transform="probit")
