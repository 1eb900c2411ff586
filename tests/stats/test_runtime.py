"""Runtime statistics from summaries and from raw rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from stats.check import NoEstimateError
from stats.runtime import (
    box_statistics,
    ecdf,
    mean_interval_from_summary,
    summary_contradictions,
    welch_difference,
)

quick = settings(derandomize=True, deadline=None, max_examples=100)
samples = st.lists(st.floats(-1e3, 1e3, allow_subnormal=False), min_size=1, max_size=12)


def summary_of(values, *, ddof):
    x = np.array(values)
    return len(x), x.mean(), np.median(x), x.std(ddof=ddof), x.min(), x.max()


def test_mean_interval_worked_by_hand():
    # Values 1, 2, 3: t quantile 4.302652729749464 at 2 degrees of freedom, std 1.
    result = mean_interval_from_summary(3, 2.0, 1.0)
    half = 4.302652729749464 / 3**0.5
    assert result.value == 2.0
    assert result.n == 3
    assert result.interval.low == pytest.approx(2 - half)
    assert result.interval.high == pytest.approx(2 + half)
    assert result.interval.method == "student_t_from_summary"


def test_mean_interval_equals_the_one_of_the_raw_data():
    x = np.random.default_rng(1).lognormal(size=30)
    got = mean_interval_from_summary(30, x.mean(), x.std(ddof=1), level=0.9).interval
    want = scipy_stats.ttest_1samp(x, 0).confidence_interval(0.9)
    assert (got.low, got.high) == pytest.approx((want.low, want.high))


@pytest.mark.parametrize(("count", "std"), [(1, 1.0), (0, 1.0), (5, 0.0)])
def test_no_interval_without_spread(count, std):
    with pytest.raises(NoEstimateError):
        mean_interval_from_summary(count, 1.0, std)


@pytest.mark.parametrize(("mean", "std"), [(float("nan"), 1.0), (1.0, float("inf")), (1.0, -1.0)])
def test_bad_figures_are_refused(mean, std):
    with pytest.raises(ValueError, match=r"mean|std"):
        mean_interval_from_summary(5, mean, std)


def test_welch_equals_the_test_on_raw_data():
    rng = np.random.default_rng(2)
    a, b = rng.normal(1, 1, 20), rng.normal(0, 3, 9)
    got = welch_difference(20, a.mean(), a.std(ddof=1), 9, b.mean(), b.std(ddof=1))
    want = scipy_stats.ttest_ind(a, b, equal_var=False)
    interval = want.confidence_interval(0.95)
    assert got.test.p_value == pytest.approx(want.pvalue)
    assert got.test.statistic == pytest.approx(want.statistic)
    assert got.degrees_of_freedom == pytest.approx(want.df)
    assert got.estimate.interval.low == pytest.approx(interval.low)
    assert got.estimate.interval.high == pytest.approx(interval.high)
    assert got.estimate.n == 29


def test_welch_mirrors_when_the_groups_swap():
    ab = welch_difference(8, 1.0, 2.0, 5, 4.0, 1.0)
    ba = welch_difference(5, 4.0, 1.0, 8, 1.0, 2.0)
    assert ab.estimate.interval.low == pytest.approx(-ba.estimate.interval.high)
    assert ab.test.p_value == pytest.approx(ba.test.p_value)


def test_welch_names_the_group_without_spread():
    with pytest.raises(NoEstimateError, match="std_b"):
        welch_difference(8, 1.0, 2.0, 5, 4.0, 0.0)


@quick
@given(samples, st.sampled_from([0, 1]))
def test_no_real_sample_is_contradicted(values, ddof):
    if len(values) > ddof:
        assert summary_contradictions(*summary_of(values, ddof=ddof)) == ()


@quick
@given(samples, st.sampled_from([0, 1]), st.integers(0, 3))
def test_no_rounded_summary_is_contradicted(values, ddof, decimals):
    if len(values) > ddof:
        count, *figures = summary_of(values, ddof=ddof)
        shown = [round(float(f), decimals) for f in figures]
        assert summary_contradictions(count, *shown, rounding=0.5 * 10**-decimals) == ()


@pytest.mark.parametrize(
    ("summary", "rule"),
    [
        ((5, 2.0, 2.0, 1.0, 3.0, 1.0), "minimum_above_maximum"),
        ((5, 4.0, 2.0, 1.0, 1.0, 3.0), "mean_outside_range"),
        ((5, 2.7, 2.0, 1.0, 1.0, 3.0), "mean_outside_range"),  # one value is 1: at most 13/5
        ((5, 2.0, 0.5, 1.0, 1.0, 3.0), "median_outside_range"),
        # Three values with median 1 and ends 0 and 9: the mean is 10/3 and nothing else.
        ((3, 3.0, 1.0, 4.0, 0.0, 9.0), "mean_impossible_for_median"),
        # Values 1, 1, 3, 3 have std 2/sqrt(3) = 1.155.
        ((4, 2.0, 2.0, 1.2, 1.0, 3.0), "std_above_largest"),
        # Odd counts cannot split evenly: 1, 1, 3 or 1, 3, 3 have std 1.155, not 1.2.
        ((3, 2.0, 2.0, 1.2, 1.0, 3.0), "std_above_largest"),
        ((1, 2.0, 2.0, 0.5, 2.0, 2.0), "std_above_largest"),
        # Ends 0 and 4 around mean 2: squares of at least 8, over 4 values.
        ((4, 2.0, 2.0, 1.4, 0.0, 4.0), "std_below_smallest"),
        ((100, 5.0, 2.0, 2.9, 0.0, 12.0), "median_too_far_from_mean"),
        ((4, 2.0, 2.0, -0.1, 1.0, 3.0), "std_below_smallest"),
    ],
)
def test_each_rule_finds_its_contradiction(summary, rule):
    assert rule in {c.rule for c in summary_contradictions(*summary)}


def test_the_extreme_std_is_allowed():
    assert summary_contradictions(4, 2.0, 2.0, 2 / 3**0.5, 1.0, 3.0) == ()


def test_rounding_widens_what_is_allowed():
    assert summary_contradictions(2, 1.3, 1.2, 0.4, 1.0, 1.5)
    assert summary_contradictions(2, 1.3, 1.2, 0.4, 1.0, 1.5, rounding=0.05) == ()


@pytest.mark.parametrize(
    ("change", "match"),
    [({"count": 0}, "count"), ({"mean": float("nan")}, "finite"), ({"rounding": -1.0}, "rounding")],
)
def test_a_summary_that_is_none_is_refused(change, match):
    figures = {"count": 3, "mean": 1.0, "median": 1.0, "std": 1.0, "minimum": 0.0, "maximum": 2.0}
    with pytest.raises(ValueError, match=match):
        summary_contradictions(**(figures | change))


def test_box_worked_by_hand():
    # Quartiles of 1 … 8 at positions 2.75, 4.5, 6.25; fences at -2.5 and 11.5.
    box = box_statistics([8, 1, 2, 3, 4, 5, 6, 7])
    assert (box.lower_quartile, box.median, box.upper_quartile) == (2.75, 4.5, 6.25)
    assert (box.lower_whisker, box.upper_whisker, box.outliers, box.n) == (1, 8, (), 8)
    far = box_statistics([8, 1, 2, 3, 4, 5, 6, 7, 30, -30])
    assert far.outliers == (-30.0, 30.0)
    assert (far.lower_whisker, far.upper_whisker, far.minimum, far.maximum) == (1, 8, -30, 30)


@quick
@given(samples)
def test_box_is_in_order(values):
    box = box_statistics(values)
    order = [
        box.minimum,
        box.lower_whisker,
        box.lower_quartile,
        box.median,
        box.upper_quartile,
        box.upper_whisker,
        box.maximum,
    ]
    assert order == sorted(order)


def test_box_and_distribution_refuse_nothing_and_nonsense():
    for function in (box_statistics, ecdf):
        with pytest.raises(NoEstimateError):
            function([])
        with pytest.raises(ValueError, match="values"):
            function([1.0, float("nan")])
        with pytest.raises(ValueError, match="values"):
            function([[1.0]])


def test_distribution_counts_ties_and_the_unfinished():
    found = ecdf([2, 1, 2, float("inf")])
    assert found.values.tolist() == [1, 2]
    assert found.share.tolist() == [0.25, 0.75]
    assert found.n == 4
