from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats import lestimators
from stats.check import NoEstimateError

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
VALUES = st.floats(-100, 100).map(lambda value: round(value, 3))


def every_resample(values, statistic) -> np.ndarray:
    draws = np.sort(np.array(list(product(values, repeat=len(values)))), axis=1)
    return statistic(draws)


def reached(sample: np.ndarray, u: float) -> float:
    return float(np.quantile(sample, u, method="inverted_cdf"))


@pytest.mark.parametrize(
    "values", [[2.0], [1, 4], [5, 1, 1], [0.5, 2, 2, 9], [3, 1, 4, 1, 5], [2, 7, 1, 8, 2, 8]]
)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_median_is_what_all_resamples_give(values, level) -> None:
    resamples = every_resample(values, lambda draws: np.median(draws, axis=1))
    got = lestimators.median(values, level=level)
    assert got.estimate == np.median(values)
    assert got.mean == pytest.approx(resamples.mean())
    assert got.variance == pytest.approx(resamples.var(), abs=1e-12)
    assert (got.interval.low, got.interval.high) == pytest.approx(
        (reached(resamples, (1 - level) / 2 - 1e-12), reached(resamples, (1 + level) / 2 - 1e-12))
    )
    assert (got.n, got.interval.method) == (len(values), "bootstrap_median_exact")


def test_median_of_two_worked_by_hand() -> None:
    # Draws (3,3), (3,5), (5,3), (5,5): medians 3, 4, 4, 5.
    got = lestimators.median([5, 3])
    assert (got.estimate, got.mean, got.variance) == pytest.approx((4, 4, 0.5))
    assert (got.interval.low, got.interval.high) == (3, 5)
    assert got.standard_error == pytest.approx(0.5**0.5)


@pytest.mark.parametrize("at", [0, 0.1, 0.25, 0.6, 0.9, 1])
@pytest.mark.parametrize("values", [[1.0, 4], [5, 1, 1], [2, 7, 1, 8, 3], [3, 1, 4, 1, 5, 9]])
def test_quantile_is_what_all_resamples_give(values, at) -> None:
    resamples = every_resample(values, lambda draws: np.quantile(draws, at, axis=1))
    got = lestimators.sample_quantile(values, at, level=0.9)
    assert got.estimate == pytest.approx(np.quantile(values, at))
    assert (got.mean, got.variance) == pytest.approx((resamples.mean(), resamples.var()))
    rounded = np.round(resamples, 9)
    assert (got.interval.low, got.interval.high) == pytest.approx(
        (reached(rounded, 0.05 - 1e-12), reached(rounded, 0.95 - 1e-12))
    )


@SETTINGS
@given(st.lists(st.tuples(VALUES, st.floats(-1, 1)), min_size=2, max_size=5))
def test_l_estimator_moments_are_those_of_all_resamples(rows) -> None:
    values, coefficients = map(np.array, zip(*rows, strict=True))
    resamples = every_resample(values, lambda draws: draws @ coefficients)
    got = lestimators.l_estimator(values, coefficients)
    assert got.estimate == pytest.approx(np.sort(values) @ coefficients, abs=1e-9)
    assert got.mean == pytest.approx(resamples.mean(), abs=1e-8)
    assert got.variance == pytest.approx(resamples.var(), rel=1e-9, abs=1e-8)


@pytest.mark.parametrize("n", [10, 107, 600])
def test_the_mean_has_the_variance_everyone_knows(n) -> None:
    values = np.random.default_rng(n).lognormal(size=n)
    got = lestimators.l_estimator(values, lestimators.trimmed_mean_coefficients(n, trim=0))
    assert got.estimate == pytest.approx(values.mean())
    assert got.mean == pytest.approx(values.mean())
    assert got.variance == pytest.approx(values.var() / n, rel=1e-9)
    assert got.interval.method == "bootstrap_l_estimator_normal"


def test_two_routes_to_the_median_agree() -> None:
    values = np.random.default_rng(8).exponential(size=40)
    middle = np.zeros(40)
    middle[19:21] = 0.5
    linear, exact = lestimators.l_estimator(values, middle), lestimators.median(values)
    assert (linear.mean, linear.variance) == pytest.approx((exact.mean, exact.variance), rel=1e-10)


@pytest.mark.parametrize("n", [60, 61])
def test_median_is_the_limit_of_a_simulated_bootstrap(n) -> None:
    rng = np.random.default_rng(n)
    values = rng.lognormal(size=n)
    medians = np.median(values[rng.integers(n, size=(40_000, n))], axis=1)
    got = lestimators.median(values)
    assert got.mean == pytest.approx(medians.mean(), abs=4 * medians.std() / 200)
    assert got.standard_error == pytest.approx(medians.std(), rel=0.03)
    share_below = np.mean(medians < got.interval.low), np.mean(medians <= got.interval.low)
    assert share_below[0] - 0.004 <= 0.025 <= share_below[1] + 0.004


@SETTINGS
@given(st.lists(VALUES, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_order_changes_nothing(values, random) -> None:
    shuffled = random.sample(values, len(values))
    assert lestimators.median(values) == lestimators.median(shuffled)


@SETTINGS
@given(st.lists(VALUES, min_size=2, max_size=40))
def test_turning_the_values_round_mirrors_mean_and_variance(values) -> None:
    ours, theirs = lestimators.median(values), lestimators.median([-value for value in values])
    assert (ours.estimate, ours.mean) == pytest.approx((-theirs.estimate, -theirs.mean), abs=1e-9)
    assert ours.variance == pytest.approx(theirs.variance, abs=1e-9)


@SETTINGS
@given(st.lists(VALUES, min_size=2, max_size=30), st.integers(0, 200))
def test_shift_and_scale_carry_over(values, shift) -> None:
    ours = lestimators.median(values)
    theirs = lestimators.median([4 * value + shift for value in values])
    want = (4 * ours.interval.low + shift, 4 * ours.interval.high + shift)
    assert (theirs.interval.low, theirs.interval.high) == pytest.approx(want, abs=1e-6)


def test_ten_times_the_data_narrows() -> None:
    values = np.random.default_rng(9).normal(size=50)
    once, more = lestimators.median(values), lestimators.median(np.tile(values, 10))
    assert more.interval.width < once.interval.width


def test_equal_values_have_no_width() -> None:
    got = lestimators.median([2.5] * 8)
    assert (got.interval.low, got.interval.high, got.variance) == (2.5, 2.5, 0)


def test_trimmed_mean_coefficients_worked_by_hand() -> None:
    quarter = lestimators.trimmed_mean_coefficients(4, trim=0.25)
    assert quarter.tolist() == [0, 0.5, 0.5, 0]
    assert lestimators.trimmed_mean_coefficients(30, trim=0.1)[:4].tolist() == [0, 0, 0, 1 / 24]
    assert lestimators.trimmed_mean_coefficients(1, trim=0.4).tolist() == [1]


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ([], NoEstimateError, "values are empty"),
        ([1.0, np.nan], ValueError, "values must be finite, got nan"),
        ([1.0, np.inf], ValueError, "values must be finite, got inf"),
        ([[1.0, 2.0]], ValueError, r"values must be one-dimensional, got shape \(1, 2\)"),
    ],
)
def test_bad_values_are_refused(values, error, message) -> None:
    with pytest.raises(error, match=message):
        lestimators.median(values)
    with pytest.raises(error, match=message):
        lestimators.l_estimator(values, np.ones(2))


def test_other_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        lestimators.median([1.0, 2.0], level=1)
    with pytest.raises(ValueError, match=r"at must be between 0 and 1, got 1\.5"):
        lestimators.sample_quantile([1.0, 2.0], 1.5)
    with pytest.raises(ValueError, match="coefficients must be 2 finite numbers"):
        lestimators.l_estimator([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="coefficients must be 2 finite numbers"):
        lestimators.l_estimator([1.0, 2.0], [1.0, np.nan])
    with pytest.raises(NoEstimateError, match="a single value has no bootstrap variance"):
        lestimators.l_estimator([1.0], [1.0])
    with pytest.raises(ValueError, match=r"trim must be at least 0 and below 0\.5, got 0\.5"):
        lestimators.trimmed_mean_coefficients(10, trim=0.5)
    with pytest.raises(ValueError, match="n must be at least 1, got 0"):
        lestimators.trimmed_mean_coefficients(0, trim=0.1)
