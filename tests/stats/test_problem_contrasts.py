"""Means on the same problems: limits, symmetry, agreement with binary methods, coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.check import NoEstimateError
from stats.contrast import mover_contrast, mover_of_estimates
from stats.interval import Estimate
from stats.paired import tango
from stats.problem_contrasts import (
    fieller,
    score_interval_of_differences,
    score_limits_of_differences,
)
from stats.problem_means import score_interval_of_means
from stats.proportion import wilson

shares = st.lists(
    st.tuples(*[st.integers(0, 10).map(lambda k: k / 10)] * 2), min_size=2, max_size=40
)


@given(shares)
def test_swapping_the_models_mirrors_the_interval(pairs):
    a, b = np.array(pairs).T
    there, back = score_interval_of_differences(a - b), score_interval_of_differences(b - a)
    assert there.value == pytest.approx(-back.value)
    assert there.interval.low == pytest.approx(-back.interval.high)
    assert there.interval.low <= there.value <= there.interval.high


@given(shares)
def test_the_difference_is_the_mean_moved(pairs):
    a, b = np.array(pairs).T
    moved = score_interval_of_means((a - b + 1) / 2)
    got = score_interval_of_differences(a - b)
    assert got.interval.low == pytest.approx(2 * moved.interval.low - 1)
    assert got.interval.high == pytest.approx(2 * moved.interval.high - 1)


def test_no_difference_anywhere_is_no_certainty():
    got = score_interval_of_differences(np.zeros(100))
    assert got.interval.low < 0 < got.interval.high
    assert got.interval.low == pytest.approx(-got.interval.high)


def test_no_common_problem():
    assert [float(x) for x in score_limits_of_differences(0.0, 0.0, 0)] == [-1.0, 1.0]
    with pytest.raises(NoEstimateError, match="no problem in common"):
        score_interval_of_differences([])
    with pytest.raises(ValueError, match=r"in \[-1, 1\]"):
        score_interval_of_differences([0.5, 1.5])


def test_on_passes_it_is_close_to_tango():
    d = np.repeat([1.0, -1.0, 0.0], [23, 9, 88])
    limits = tango(50, 23, 9, 38)
    got = score_interval_of_differences(d).interval
    assert got.low == pytest.approx(limits.low, abs=0.01)
    assert got.high == pytest.approx(limits.high, abs=0.01)


@pytest.mark.parametrize("samples", [1, 10])
def test_coverage_of_the_difference(samples):
    # Counted over 2,000 boards of 107 problems whose difficulty is shared by both models.
    rng, hits, draws = np.random.default_rng(8), 0, 2_000
    for _ in range(draws):
        ease = rng.beta(0.7, 0.7, 107)
        a = rng.binomial(samples, np.clip(ease + 0.05, 0, 1)) / samples
        b = rng.binomial(samples, ease) / samples
        # The truth is over problems too: the mean of min(ease + .05, 1) - ease.
        limits = score_interval_of_differences(a - b).interval
        hits += limits.low <= TRUTH <= limits.high
    assert 0.93 <= hits / draws <= 0.98


def _truth() -> float:
    x = np.random.default_rng(1).beta(0.7, 0.7, 4_000_000)
    return float((np.minimum(x + 0.05, 1) - x).mean())


TRUTH = _truth()


def test_fieller_worked_by_hand():
    # a = (1, 0), b = (1, 1), z^2 = 1 at level .6827: factor = 1 / 1.5 = 2/3;
    # (4 - 4/3) r^2 - 2 (2 - 2/3) r + (1 - 2/3) = 0, so r = (4/3 -+ sqrt(16/9 - 8/9)) / (8/3).
    got = fieller([1, 0], [1, 1], level=0.682689492137086)
    assert got.value == 0.5
    assert got.interval.low == pytest.approx((4 / 3 - np.sqrt(8) / 3) / (8 / 3))
    assert got.interval.high == pytest.approx((4 / 3 + np.sqrt(8) / 3) / (8 / 3))


@given(shares)
def test_fieller_holds_its_estimate_and_scales(pairs):
    a, b = np.array(pairs).T
    if b.sum() == 0:
        with pytest.raises(NoEstimateError):
            fieller(a, b)
        return
    got, half = fieller(a, b), fieller(a / 2, b)
    assert got.interval.low <= got.value <= got.interval.high
    assert half.interval.low == pytest.approx(got.interval.low / 2, abs=1e-9)


def test_fieller_without_an_upper_limit():
    got = fieller([1, 1, 0, 1], [0, 0, 0, 0.1])
    assert got.interval.high == np.inf


def test_a_model_against_itself_has_ratio_one_for_certain():
    x = np.array([0.2, 1, 0.4, 0, 0.9] * 5)
    got = fieller(x, x)
    assert got.interval.low == pytest.approx(1)
    assert got.interval.high == pytest.approx(1)


def test_fieller_refuses_unequal_lengths():
    with pytest.raises(ValueError, match="must pair problems"):
        fieller([1, 0], [1])


def test_mover_of_wilson_estimates_is_the_contrast_of_counts():
    counts = [(48, 107), (39, 107), (14, 107)]
    weights = [1, -0.5, -0.5]
    estimates = [Estimate(k / n, wilson(k, n), n) for k, n in counts]
    expected = mover_contrast(*zip(*counts, strict=True), weights)
    got = mover_of_estimates(estimates, weights)
    assert got.value == pytest.approx(expected.value)
    assert got.interval.low == pytest.approx(expected.interval.low)
    assert got.interval.high == pytest.approx(expected.interval.high)


def test_mover_of_estimates_wants_one_level():
    two = [Estimate(0.5, wilson(5, 10, level=level), 10) for level in (0.9, 0.95)]
    with pytest.raises(ValueError, match="one level"):
        mover_of_estimates(two, [0.5, 0.5])
