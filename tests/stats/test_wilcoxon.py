"""Signed-rank test and Hodges-Lehmann: by hand, by brute force, by duality."""

from itertools import product
from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats import wilcoxon as module
from stats.check import NoEstimateError
from stats.signflip import exact_sign_flip
from stats.wilcoxon import doubled_ranks, hodges_lehmann, pratt, walsh_averages, wilcoxon

quick = settings(derandomize=True, deadline=None, max_examples=60)
differences = st.lists(st.integers(-6, 6), min_size=1, max_size=10)
fresh = np.random.default_rng


def test_five_problems_worked_by_hand() -> None:
    # Sizes 1 1 2 4, ranks 1.5 1.5 3 4; the zero goes first. W+ = 1.5 + 3 + 4, W- = 1.5.
    result = wilcoxon([1, -1, 2, 0, 4])
    assert (result.w_plus, result.w_minus) == (8.5, 1.5)
    # Of 16 sign vectors W- <= 1.5 in 3: none, either of the two ones.
    assert (result.p_two_sided, result.p_greater, result.p_less) == (6 / 16, 3 / 16, 15 / 16)
    # With the zero ranked, ranks 2.5 2.5 4 5.
    ranked = pratt([1, -1, 2, 0, 4])
    assert (ranked.w_plus, ranked.w_minus) == (11.5, 2.5)
    assert (result.n, result.n_zero) == (ranked.n, ranked.n_zero) == (5, 1)
    # Normal: distance 8.5 - 5 = 3.5, variance (2 * 1.5^2 + 9 + 16) / 4 = 7.375.
    assert result.p_normal == pytest.approx(erfc(3.5 / sqrt(2 * 7.375)), rel=1e-14)
    assert result.p_normal_corrected == pytest.approx(erfc(3 / sqrt(2 * 7.375)), rel=1e-14)


def brute(signs: np.ndarray, ranks: np.ndarray) -> tuple[float, float, float]:
    plus = ranks[signs > 0].sum()
    sums = np.array(list(product([0, 1], repeat=len(ranks)))) @ ranks
    away = abs(plus - ranks.sum() / 2)
    return (
        np.mean(np.abs(sums - ranks.sum() / 2) >= away),
        np.mean(sums >= plus),
        np.mean(sums <= plus),
    )


@quick
@given(differences)
def test_p_values_are_shares_of_all_sign_vectors(d) -> None:
    d = np.array(d, dtype=float)
    ranks = np.array([np.mean(np.sort(np.abs(d)) < x) * d.size for x in np.abs(d)])
    ties = np.array([np.sum(np.abs(d) == x) for x in np.abs(d)])
    with_zeros = (ranks + (ties + 1) / 2)[d != 0]
    without = with_zeros - np.sum(d == 0)
    for test, expected in ((wilcoxon, without), (pratt, with_zeros)):
        result = test(d)
        found = (result.p_two_sided, result.p_greater, result.p_less)
        assert found == pytest.approx(brute(d[d != 0], expected), abs=1e-14)


@quick
@given(differences)
def test_it_is_the_sign_flip_test_of_the_ranks(d) -> None:
    d = np.array(d, dtype=float)
    kept = d[d != 0]
    if kept.size:
        flipped = exact_sign_flip(np.sign(kept) * doubled_ranks(np.abs(kept)))
        assert wilcoxon(d).p_two_sided == pytest.approx(flipped.p_two_sided, rel=1e-14)


@quick
@given(differences)
@pytest.mark.parametrize("test", [wilcoxon, pratt])
def test_swapping_the_models_swaps_the_tails(test, d) -> None:
    there, back = test(d), test([-x for x in d])
    assert there.p_two_sided == back.p_two_sided
    assert (there.p_greater, there.w_plus) == (back.p_less, back.w_minus)


@pytest.mark.parametrize("test", [wilcoxon, pratt])
def test_only_the_order_of_sizes_counts(test) -> None:
    d = fresh(2).normal(size=15)
    assert test(d).p_two_sided == test(d**3).p_two_sided
    assert test([0.3 - 0.1, 0.2, -0.2]).w_plus == 4  # three equal sizes, rank 2 each


@pytest.mark.parametrize("test", [wilcoxon, pratt])
def test_no_difference_at_all(test) -> None:
    result = test([0, 0, 0])
    assert (result.p_two_sided, result.p_greater, result.p_less) == (1, 1, 1)
    assert result.p_normal is result.p_normal_corrected is None
    assert (result.w_plus, result.w_minus, result.n_zero) == (0, 0, 3)


def test_above_a_thousand_differences_the_normal_distribution_takes_over(monkeypatch) -> None:
    d = fresh(4).normal(0.05, 1, size=200)
    exact = wilcoxon(d)
    monkeypatch.setattr(module, "MOST_EXACT", 199)
    normal = wilcoxon(d)
    assert (exact.method, normal.method) == ("wilcoxon_exact", "wilcoxon_normal")
    for name in ("p_two_sided", "p_greater", "p_less"):
        assert getattr(normal, name) == pytest.approx(getattr(exact, name), abs=0.002)


def test_hodges_lehmann_of_three_worked_by_hand() -> None:
    # Averages 1 1.5 2 2.5 3 4; P(V <= 0) = 1/8 is more than 2.5 %, so the widest interval.
    result = hodges_lehmann([1, 2, 4])
    assert result.estimate.value == 2.25
    assert (result.estimate.interval.low, result.estimate.interval.high) == (1, 4)
    assert result.achieved_level == 0.75
    assert sorted(walsh_averages([1, 2, 4])) == [1, 1.5, 2, 2.5, 3, 4]


@settings(derandomize=True, deadline=None, max_examples=20)
@given(st.integers(0, 2**32), st.integers(6, 12), st.sampled_from([0.8, 0.95]))
def test_the_interval_holds_the_shifts_that_the_test_does_not_reject(seed, n, level) -> None:
    d = fresh(seed).normal(size=n)
    averages = np.sort(walsh_averages(d))
    interval = hodges_lehmann(d, level=level).estimate.interval
    for shift in (averages[:-1] + averages[1:]) / 2:
        kept = wilcoxon(d - shift).p_two_sided > 1 - level
        assert kept == interval.contains(shift)


@quick
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=20), st.integers(-5, 5))
def test_shifting_and_turning_the_data_moves_the_interval_along(d, shift) -> None:
    base = hodges_lehmann(d).estimate
    moved = hodges_lehmann([x + shift for x in d]).estimate
    turned = hodges_lehmann([-x for x in d]).estimate
    assert moved.value == base.value + shift
    low, high = base.interval.low, base.interval.high
    assert (moved.interval.low, moved.interval.high) == (low + shift, high + shift)
    assert (turned.interval.low, turned.interval.high) == (-high, -low)


def test_the_achieved_level_is_the_counted_coverage() -> None:
    # For symmetric continuous data the interval misses 0 in a share 1 - achieved of samples.
    rng = fresh(20_240_601)
    result = [hodges_lehmann(rng.normal(size=8), level=0.9) for _ in range(2_000)]
    held = np.mean([r.estimate.interval.contains(0) for r in result])
    assert result[0].achieved_level >= 0.9
    assert held == pytest.approx(result[0].achieved_level, abs=0.02)


def test_few_problems_cannot_reach_the_level_and_say_so() -> None:
    for n in range(1, 6):
        assert hodges_lehmann(np.arange(n) + 0.5).achieved_level == 1 - 2 * 0.5**n < 0.95
    assert hodges_lehmann(np.arange(6) + 0.5).achieved_level >= 0.95


@pytest.mark.parametrize("tail", [0.1, 0.025, 0.005, 0.0005])
def test_large_samples_continue_where_counting_ends(tail) -> None:
    for n in (300, 1_000):
        count, achieved = module._critical_count(n, tail)
        near, nearly = module._critical_count_large(n, tail)
        assert abs(count - near) <= 1
        assert nearly == pytest.approx(achieved, abs=2e-6)


def test_two_thousand_problems() -> None:
    d = fresh(6).normal(0.1, 1, size=2_294)
    result = hodges_lehmann(d)
    assert result.achieved_level == pytest.approx(0.95, abs=1e-4)
    assert result.estimate.interval.low < 0.1 < result.estimate.interval.high


def test_too_many_problems_to_average_are_refused() -> None:
    with pytest.raises(NoEstimateError, match="10001 problems"):
        hodges_lehmann(np.zeros(10_001))


@pytest.mark.parametrize("function", [wilcoxon, pratt, hodges_lehmann])
@pytest.mark.parametrize(
    ("d", "error", "sentence"),
    [
        ([], NoEstimateError, "at least one problem"),
        ([[1.0]], ValueError, "one number for each problem"),
        ([1, np.nan], ValueError, "must be finite, got nan"),
    ],
)
def test_what_is_no_list_of_differences_is_refused(function, d, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        function(d)


def test_one_huge_difference_leaves_the_others_their_ranks() -> None:
    # Ranks 1.5, 3, 4, 1.5 and 5: of 32 sign vectors 5 have a sum of positive ranks of 12 or more.
    found = wilcoxon([1e12, 0.3, -0.4, 0.5, 0.3])
    assert (found.n_zero, found.w_plus, found.p_greater) == (0, 12.0, 5 / 32)
