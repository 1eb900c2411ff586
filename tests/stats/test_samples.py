"""Repeated samples: pass@k, errors by problem, the split of the variance."""

from fractions import Fraction
from itertools import combinations, product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.bootstrap import percentile
from stats.check import NoEstimateError
from stats.problem_means import bootstrap_of_means, score_interval_of_means
from stats.proportion import wilson
from stats.samples import (
    clustered_error,
    pass_all_k,
    pass_at_k,
    pass_at_k_benchmark,
    variance_split,
)

quick = settings(derandomize=True, deadline=None, max_examples=60)
fractions = st.fractions(0, 1, max_denominator=12)


@given(st.integers(1, 7), st.integers(0, 7), st.integers(1, 7))
@quick
def test_pass_at_k_is_the_share_of_choices(n, c, k):
    c, k = min(c, n), min(k, n)
    sample = [1] * c + [0] * (n - c)
    chosen = list(combinations(sample, k))
    assert pass_at_k(c, n, k) == pytest.approx(np.mean([max(s) for s in chosen]))
    assert pass_all_k(c, n, k) == pytest.approx(np.mean([min(s) for s in chosen]))


def test_pass_at_k_of_a_whole_table():
    got = pass_at_k([[0, 1], [2, 5]], [[5, 5], [5, 5]], 2)
    assert got == pytest.approx(np.array([[0, 0.4], [0.7, 1.0]]))
    assert pass_at_k(3, 200, 100) == pytest.approx(1 - (100 * 99 * 98) / (200 * 199 * 198))


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ((1, 3, 4), NoEstimateError, "k = 4"),
        ((1, 3, 0), ValueError, "k must be"),
        ((4, 3, 1), ValueError, "between 0"),
        ((1.0, 3, 1), TypeError, "whole numbers"),
    ],
)
def test_bad_counts(arguments, error, match):
    with pytest.raises(error, match=match):
        pass_at_k(*arguments)


def test_benchmark_worked_by_hand():
    # pass@2 of 0, 1, 4 passes among 4: 0, 1/2, 1; mean 1/2, sample variance 1/4.
    result = pass_at_k_benchmark([0, 1, 4], [4, 4, 4], 2)
    assert result.estimate.value == pytest.approx(0.5)
    assert result.standard_error == pytest.approx((0.25 / 3) ** 0.5)
    assert result.estimate.n == 3
    # 27 resamples of three: the mean is 0 with probability 1/27 > .025.
    assert (result.bootstrap.low, result.bootstrap.high) == (0.0, 1.0)
    assert result.bootstrap.method == "problem_bootstrap_percentile_exact"


def test_single_problem_has_no_standard_error():
    result = pass_at_k_benchmark([2], [4], 1)
    assert result.standard_error is None
    assert result.bootstrap.width == 0
    assert result.estimate.interval.width > 0.5


@pytest.mark.parametrize("bad", [[], [[1, 2]]])
def test_benchmark_needs_one_row_of_problems(bad):
    with pytest.raises(ValueError, match="shape"):
        pass_at_k_benchmark(np.array(bad, int), np.array(bad, int), 1)


@pytest.mark.parametrize(("x", "n"), [(0, 5), (5, 5), (3, 10), (70, 107), (2000, 2294)])
def test_one_sample_gives_wilson_and_the_binomial_bootstrap(x, n):
    result = pass_at_k_benchmark([1] * x + [0] * (n - x), [1] * n, 1)
    want, bootstrap = wilson(x, n), percentile(x, n)
    got = result.estimate.interval
    assert (got.low, got.high) == pytest.approx((want.low, want.high), abs=1e-12)
    assert (result.bootstrap.low, result.bootstrap.high) == (bootstrap.low, bootstrap.high)


@quick
@given(st.lists(fractions, min_size=1, max_size=5), st.sampled_from([0.5, 0.8, 0.95]))
def test_bootstrap_equals_enumeration_of_all_resamples(values, level):
    n = len(values)
    means = sorted(sum(draw) / n for draw in product(values, repeat=n))
    tail = (1 - Fraction(str(level))) / 2
    want = [
        next(m for i, m in enumerate(means) if Fraction(i + 1, len(means)) >= u)
        for u in (tail, 1 - tail)
    ]
    got = bootstrap_of_means(values, level=level)
    assert (got.low, got.high) == pytest.approx([float(m) for m in want], abs=1e-12)


def test_rounded_bootstrap_is_close_to_simulation():
    # C(40, 20) possible values: no lattice holds them.
    rng = np.random.default_rng(1)
    passed = rng.binomial(40, rng.beta(0.3, 2, 107))
    result = pass_at_k_benchmark(passed, [40] * 107, 20)
    assert result.bootstrap.method == "problem_bootstrap_percentile_rounded"
    values = pass_at_k(passed, 40, 20)
    means = values[rng.integers(107, size=(40_000, 107))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    assert (result.bootstrap.low, result.bootstrap.high) == pytest.approx((low, high), abs=2e-3)


def test_rounding_moves_nothing_that_matters(monkeypatch):
    rng = np.random.default_rng(2)
    passed = rng.binomial(7, rng.beta(1, 1, 60))
    exact = pass_at_k_benchmark(passed, [7] * 60, 3).bootstrap
    monkeypatch.setattr("stats.problem_means._MAX_CELLS", 1600)
    rounded = pass_at_k_benchmark(passed, [7] * 60, 3).bootstrap
    assert rounded.method != exact.method
    assert (rounded.low, rounded.high) == pytest.approx((exact.low, exact.high), abs=5e-3)


@quick
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_score_interval_mirrors_and_holds_the_mean(values):
    one = score_interval_of_means(values)
    other = score_interval_of_means([1 - v for v in values])
    assert 0 <= one.interval.low <= one.value <= one.interval.high <= 1
    assert one.interval.low == pytest.approx(1 - other.interval.high, abs=1e-6)
    assert one.interval.width > 0


def test_more_samples_narrow_the_interval():
    rng = np.random.default_rng(3)
    p = rng.beta(2, 2, 107)
    few = score_interval_of_means((rng.random((107, 1)) < p[:, None]).mean(axis=1))
    many = score_interval_of_means((rng.random((107, 50)) < p[:, None]).mean(axis=1))
    assert many.interval.width < 0.7 * few.interval.width


@pytest.mark.parametrize("bad", [[], [1.5], [-0.1], [float("nan")], [[0.5]]])
def test_values_outside_the_unit_interval(bad):
    with pytest.raises(ValueError, match="values"):
        score_interval_of_means(bad)


def test_bootstrap_of_nothing():
    with pytest.raises(NoEstimateError):
        bootstrap_of_means([])


def test_clustered_error_worked_by_hand():
    # Two clusters {1, 1} and {0, 0}: deviations +-1/2, cluster sums +-1.
    result = clustered_error([1, 1, 0, 0], ["a", "a", "b", "b"])
    assert result.independent == pytest.approx((1 / 3 / 4) ** 0.5)
    assert result.cr0 == pytest.approx(2**0.5 / 4)
    assert result.cr1 == pytest.approx(0.5)
    assert result.miller == pytest.approx((1 / 12 + 1 / 16 * (2 - 1)) ** 0.5)
    assert (result.n, result.n_clusters) == (4, 2)


def test_scores_that_repel_each_other_have_no_millers_error():
    result = clustered_error([1, 0] * 2, [0, 0, 1, 1])
    assert result.cr0 == 0
    # 1/12 - 1/16 stays above 0; larger clusters of opposites do not.
    assert result.miller == pytest.approx((1 / 12 - 1 / 16) ** 0.5)
    assert clustered_error([1, 0, 1, 0] * 2, [0] * 4 + [1] * 4).miller is not None
    tight = clustered_error([3, -1, -1, -1] * 3, np.repeat([0, 1, 2], 4))
    assert tight.miller == pytest.approx((36 / 11 / 12 - 36 / 144) ** 0.5)


def test_single_score_and_single_cluster():
    one = clustered_error([0.5], [0])
    assert (one.independent, one.miller, one.cr1, one.cr0) == (None, None, None, 0.0)
    assert clustered_error([0.5, 1], [0, 0]).cr1 is None


@pytest.mark.parametrize(
    ("scores", "clusters"), [([], []), ([1.0], [0, 1]), ([float("nan")], [0]), ([[1.0]], [[0]])]
)
def test_bad_scores(scores, clusters):
    with pytest.raises(ValueError, match=r"(scores|clusters) must"):
        clustered_error(scores, clusters)


def test_variance_split_worked_by_hand():
    # Means 1/2 and 1, sample variances 1/2 and 0.
    split = variance_split([[0, 1], [1, 1]])
    assert split.mean == 0.75
    assert split.variance_of_means == pytest.approx(1 / 8)
    assert split.within == pytest.approx(1 / 4)
    assert split.between == pytest.approx(1 / 8 - 1 / 8)
    assert split.standard_error == pytest.approx(0.25)
    assert split.standard_error_at(1) == pytest.approx((0.25 / 2) ** 0.5)
    assert split.standard_error_at(inf) == 0
    with pytest.raises(NoEstimateError, match="every further sample"):
        split.samples_worth()


def test_parts_of_the_variance_are_estimated_without_bias():
    rng = np.random.default_rng(4)
    p = rng.beta(2, 2, (2000, 30, 1))
    splits = [variance_split(x.astype(float)) for x in rng.random((2000, 30, 3)) < p]
    assert np.mean([s.between for s in splits]) == pytest.approx(1 / 20, abs=0.003)
    assert np.mean([s.within for s in splits]) == pytest.approx(1 / 4 - 1 / 20, abs=0.003)


@quick
@given(st.integers(0, 10_000), st.floats(0.01, 0.5))
def test_samples_worth_is_the_fewest(seed, excess):
    rng = np.random.default_rng(seed)
    split = variance_split((rng.random((40, 4)) < rng.beta(0.5, 0.5, (40, 1))).astype(float))
    needed = split.samples_worth(excess=excess)
    floor = split.standard_error_at(inf) * (1 + excess)
    assert split.standard_error_at(needed) <= floor * (1 + 1e-6)
    if needed > 1:
        assert split.standard_error_at(needed - 1) > floor * (1 - 1e-6)


def test_equal_scores_have_no_shares():
    split = variance_split([[0.1, 0.1, 0.1], [0.1, 0.1]])
    assert (split.icc, split.variance_of_means, split.within) == (None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("samples", "error"),
    [
        ([[1, 0]], NoEstimateError),
        ([[1, 0], [1]], NoEstimateError),
        ([[1, float("nan")], [1, 0]], ValueError),
    ],
)
def test_nothing_to_split(samples, error):
    with pytest.raises(error):
        variance_split(samples)


def test_bad_wishes():
    split = variance_split([[0, 1], [1, 1], [0, 0]])
    with pytest.raises(ValueError, match="samples"):
        split.standard_error_at(0.5)
    with pytest.raises(ValueError, match="excess"):
        split.samples_worth(excess=0)


@pytest.mark.slow
@pytest.mark.parametrize(("problems", "samples"), [(20, 2), (20, 20), (107, 5)])
@pytest.mark.parametrize(("a", "b"), [(0.3, 0.3), (1, 1), (8, 0.8)])
def test_score_interval_covers(problems, samples, a, b):
    rng = np.random.default_rng(20_240_601)
    passed = rng.binomial(samples, rng.beta(a, b, (1500, problems)))
    found = [score_interval_of_means(row / samples).interval for row in passed]
    assert 0.925 <= np.mean([i.contains(a / (a + b)) for i in found]) <= 0.985
