from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import bdtr, bdtrc, betainc

from stats import proportion
from stats.check import NoEstimateError

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)
ONE_SIGMA = 0.6826894921370859  # the level at which z is 1
METHODS = [
    proportion.wilson,
    proportion.wilson_continuity,
    proportion.clopper_pearson,
    proportion.jeffreys,
    proportion.agresti_coull,
    proportion.wald,
]
LIMITS = {
    proportion.wilson: proportion.wilson_limits,
    proportion.wilson_continuity: proportion.wilson_continuity_limits,
    proportion.clopper_pearson: proportion.clopper_pearson_limits,
    proportion.jeffreys: proportion.jeffreys_limits,
    proportion.agresti_coull: proportion.agresti_coull_limits,
    proportion.wald: proportion.wald_limits,
}
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)


@st.composite
def counts(draw, most: int = 400):
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


def test_normal_quantile_is_unrounded() -> None:
    assert proportion.normal_quantile(0.95) == pytest.approx(1.959963984540054, abs=1e-15)
    assert proportion.normal_quantile(ONE_SIGMA) == pytest.approx(1, abs=1e-12)


def test_wilson_worked_by_hand() -> None:
    # One of one with z = 1: (1 - p)² <= p (1 - p) holds from p = 1/2 on.
    interval = proportion.wilson(1, 1, level=ONE_SIGMA)
    assert (interval.low, interval.high) == pytest.approx((0.5, 1.0))
    assert interval.method == "wilson"


def test_wilson_with_continuity_worked_by_hand() -> None:
    # One of one with z = 1: (1/2 - p)² = p (1 - p), 2p² - 2p + 1/4 = 0.
    interval = proportion.wilson_continuity(1, 1, level=ONE_SIGMA)
    assert interval.low == pytest.approx((2 - sqrt(2)) / 4)
    assert (interval.high, interval.method) == (1.0, "wilson_cc")


def test_clopper_pearson_worked_by_hand() -> None:
    # No success in n: (1 - p)^n = 2.5 %.
    interval = proportion.clopper_pearson(0, 20)
    assert interval.low == 0
    assert interval.high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_agresti_coull_worked_by_hand() -> None:
    # 0 of 3 with z = 1: centre (1/2)/4, half width sqrt(1/8 * 7/8 / 4).
    whole = proportion.agresti_coull(0, 3, level=ONE_SIGMA, truncated=False)
    assert whole.low == pytest.approx(1 / 8 - sqrt(7 / 256))
    assert whole.high == pytest.approx(1 / 8 + sqrt(7 / 256))
    assert proportion.agresti_coull(0, 3, level=ONE_SIGMA).low == 0


def test_wald_worked_by_hand() -> None:
    interval = proportion.wald(5, 10, level=ONE_SIGMA)
    assert (interval.low, interval.high) == pytest.approx((0.5 - sqrt(0.025), 0.5 + sqrt(0.025)))


def test_wald_is_not_cut_and_has_no_width_at_the_ends() -> None:
    assert proportion.wald(1, 2).low < 0
    assert proportion.wald(1, 2).high > 1
    assert proportion.wald(0, 10).width == proportion.wald(10, 10).width == 0


@SETTINGS
@given(counts(), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_wilson_limits_solve_their_equation(count, level) -> None:
    x, n = count
    z = proportion.normal_quantile(level)
    interval = proportion.wilson(x, n, level=level)
    for limit, at_end in ((interval.low, x == 0), (interval.high, x == n)):
        if not at_end:
            assert abs(x / n - limit) == pytest.approx(z * sqrt(limit * (1 - limit) / n), rel=1e-9)


@SETTINGS
@given(counts(), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_corrected_limits_solve_their_equation(count, level) -> None:
    x, n = count
    z = proportion.normal_quantile(level)
    interval = proportion.wilson_continuity(x, n, level=level)
    for limit, at_end in ((interval.low, x == 0), (interval.high, x == n)):
        if not at_end:
            reach = abs(x / n - limit) - 1 / (2 * n)
            assert reach == pytest.approx(z * sqrt(limit * (1 - limit) / n), rel=1e-8, abs=1e-12)


@SETTINGS
@given(counts())
def test_exact_limits_leave_a_tail_on_either_side(count) -> None:
    x, n = count
    interval = proportion.clopper_pearson(x, n)
    if x > 0:
        assert bdtrc(x - 1, n, interval.low) == pytest.approx(0.025, rel=1e-8)
    if x < n:
        assert bdtr(x, n, interval.high) == pytest.approx(0.025, rel=1e-8)


@SETTINGS
@given(counts())
def test_unmodified_jeffreys_limits_are_beta_quantiles(count) -> None:
    x, n = count
    interval = proportion.jeffreys(x, n, modified=False)
    assert betainc(x + 0.5, n - x + 0.5, interval.low) == pytest.approx(0.025, rel=1e-8)
    assert betainc(x + 0.5, n - x + 0.5, interval.high) == pytest.approx(0.975, rel=1e-10)


@every_method
@SETTINGS
@given(count=counts())
def test_swapping_pass_and_fail_mirrors(method, count) -> None:
    x, n = count
    ours, theirs = method(x, n), method(n - x, n)
    assert (ours.low, ours.high) == pytest.approx((1 - theirs.high, 1 - theirs.low), abs=1e-12)


@every_method
@SETTINGS
@given(count=counts())
def test_a_higher_level_contains_a_lower_one(method, count) -> None:
    inner, outer = method(*count, level=0.95), method(*count, level=0.99)
    assert outer.low <= inner.low
    assert inner.high <= outer.high


@every_method
@SETTINGS
@given(count=counts())
def test_doubling_the_data_narrows(method, count) -> None:
    x, n = count
    once, twice = method(x, n), method(2 * x, 2 * n)
    assert twice.width < once.width or (method is proportion.wald and x in (0, n))


@every_method
def test_arrays_hold_what_scalars_give(method) -> None:
    x, n = np.array([[0, 1, 50], [107, 106, 53]]), 107
    low, high = LIMITS[method](x, n, level=0.9)
    assert low.shape == high.shape == (2, 3)
    for place, count in np.ndenumerate(x):
        interval = method(int(count), n, level=0.9)
        assert (low[place], high[place]) == (interval.low, interval.high)


@pytest.mark.parametrize("n", [1, 2, 107, 1_000_000])
@pytest.mark.parametrize("method", METHODS[:4], ids=lambda method: method.__name__)
def test_ends_are_exact(method, n) -> None:
    assert method(0, n).low == 0.0
    assert method(n, n).high == 1.0
    assert 0 < method(0, n).high <= 1
    assert 0 <= method(n, n).low < 1


def test_the_correction_is_kept_at_one_half() -> None:
    corrected, plain = proportion.wilson_continuity(20, 40), proportion.wilson(20, 40)
    assert corrected.low < plain.low
    assert plain.high < corrected.high


@every_method
@pytest.mark.parametrize(
    ("successes", "n", "error", "message"),
    [
        (3, 2, ValueError, "successes must be between 0 and n = 2, got 3"),
        (-1, 2, ValueError, "successes must be between 0 and n = 2, got -1"),
        (0, 0, NoEstimateError, "n must be at least 1, got 0"),
        (0, -1, NoEstimateError, "n must be at least 1, got -1"),
        (1.0, 2, TypeError, "successes must be a whole number, got 1.0"),
        (float("nan"), 2, TypeError, "successes must be a whole number, got nan"),
        (True, 2, TypeError, "successes must be a whole number, got True"),
        (1, "2", TypeError, "n must be a whole number, got '2'"),
    ],
)
def test_bad_counts_are_refused(method, successes, n, error, message) -> None:
    with pytest.raises(error, match=message):
        method(successes, n)


@every_method
@pytest.mark.parametrize("level", [0, 1, -0.5, 95, float("nan")])
def test_bad_levels_are_refused(method, level) -> None:
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        method(1, 2, level=level)


def test_bad_arrays_name_the_place() -> None:
    with pytest.raises(ValueError, match=r"between 0 and n = 5, got 6 at index 1, 0"):
        proportion.wilson_limits([[1, 2], [6, 3]], 5)
    with pytest.raises(NoEstimateError, match=r"n must be at least 1, got 0 at index 2"):
        proportion.wilson_limits(0, [3, 4, 0])
    with pytest.raises(TypeError, match="successes must hold whole numbers, got an array of float"):
        proportion.wilson_limits([1.0, np.nan], 5)
    with pytest.raises(TypeError, match="n must hold whole numbers, got an array of bool"):
        proportion.wilson_limits([0], [True])
    with pytest.raises(ValueError, match=r"do not fit together: successes \(2,\), n \(3,\)"):
        proportion.wilson_limits([1, 2], [3, 4, 5])


def test_no_models_have_no_limits() -> None:
    low, high = proportion.wilson_limits(np.array([], dtype=int), 5)
    assert low.size == high.size == 0
