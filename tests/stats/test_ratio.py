"""Ratios of two unlinked rates: by hand, by symmetry, by putting the limit back."""

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import ndtri, xlog1py, xlogy

from stats.check import NoEstimateError
from stats.ratio import katz, koopman, koopman_limits, odds_ratio, rate_ratio

quick = settings(derandomize=True, deadline=None, max_examples=150)
Z = float(ndtri(0.975))


@st.composite
def rates(draw, least=0, most=150):
    n_a, n_b = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(least, n_a)), n_a, draw(st.integers(least, n_b)), n_b


def test_everything_solved_by_both_worked_by_hand() -> None:
    # For a ratio r < 1 the restricted rates are r and 1, so the limit solves
    # (1 - r)^2 = z^2 r (1 - r) / n: r = n / (n + z^2).
    interval = koopman(107, 107, 107, 107)
    assert interval.low == pytest.approx(107 / (107 + Z**2), rel=1e-12)
    assert interval.high == pytest.approx((107 + Z**2) / 107, rel=1e-12)


def test_zero_counts_leave_a_side_open() -> None:
    assert (koopman(0, 9, 0, 5).low, koopman(0, 9, 0, 5).high) == (0, inf)
    none_above, none_below = koopman(0, 9, 2, 5), koopman(2, 5, 0, 9)
    assert none_above.low == 0
    assert 0 < none_above.high < inf
    assert 0 < none_below.low < inf
    assert none_below.high == inf


def test_the_ratio_itself() -> None:
    assert rate_ratio(3, 4, 1, 2) == 1.5
    assert rate_ratio(0, 4, 1, 2) == 0
    assert rate_ratio(3, 4, 0, 2) == inf
    with pytest.raises(NoEstimateError, match="ratio is 0/0"):
        rate_ratio(0, 4, 0, 2)


def test_the_odds_ratio() -> None:
    assert odds_ratio(9, 10, 3, 10) == pytest.approx(21)
    assert odds_ratio(0, 10, 3, 10) == 0
    assert odds_ratio(9, 10, 0, 10) == inf
    for counts in ((0, 3, 0, 4), (3, 3, 4, 4)):
        with pytest.raises(NoEstimateError, match="odds ratio is 0/0"):
            odds_ratio(*counts)


@quick
@given(rates(), st.sampled_from([0.8, 0.95, 0.99]))
def test_at_a_limit_the_score_statistic_equals_its_critical_value(counts, level) -> None:
    a, n_a, b, n_b = counts
    interval = koopman(a, n_a, b, n_b, level=level)
    for ratio in (interval.low, interval.high):
        if ratio in (0, inf):
            continue
        p_b = restricted_rate(ratio, counts)
        p_a = ratio * p_b
        variance = p_a * (1 - p_a) / n_a + ratio**2 * p_b * (1 - p_b) / n_b
        z = abs(a / n_a - ratio * b / n_b) / sqrt(variance)
        assert z == pytest.approx(float(ndtri((1 + level) / 2)), rel=1e-4)


def restricted_rate(ratio, counts):
    """Maximise the likelihood numerically: nothing of the closed form."""
    a, n_a, b, n_b = counts

    def loss(p_b):
        p_a = min(ratio * p_b, 1.0)
        return -(xlogy(a, p_a) + xlog1py(n_a - a, -p_a) + xlogy(b, p_b) + xlog1py(n_b - b, -p_b))

    ends = (0.0, min(1.0, 1 / ratio))
    found = minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-13})
    return min([*ends, found.x], key=loss)


@pytest.mark.parametrize("method", [koopman, katz])
@quick
@given(rates())
def test_swapping_the_models_inverts_the_interval(method, counts) -> None:
    a, n_a, b, n_b = counts
    one, other = method(a, n_a, b, n_b), method(b, n_b, a, n_a)
    assert one.low == pytest.approx(1 / other.high if other.high < inf else 0, rel=1e-9)


@pytest.mark.parametrize("method", [koopman, katz])
@quick
@given(rates(least=1))
def test_the_interval_holds_the_estimate_and_nests(method, counts) -> None:
    wide, narrow = method(*counts, level=0.99), method(*counts, level=0.9)
    estimate = rate_ratio(*counts)
    assert wide.low <= narrow.low * (1 + 1e-12)
    assert narrow.low <= estimate * (1 + 1e-12)
    assert estimate <= narrow.high * (1 + 1e-12)
    assert narrow.high <= wide.high * (1 + 1e-12)


def test_katz_worked_by_hand() -> None:
    # log(0.8 / 0.4), variance 1/8 - 1/10 + 1/4 - 1/10 = 0.175.
    interval = katz(8, 10, 4, 10)
    assert interval.low == pytest.approx(2 * np.exp(-Z * sqrt(0.175)))
    assert interval.high == pytest.approx(2 * np.exp(Z * sqrt(0.175)))


def test_katz_says_nothing_with_a_zero_and_too_much_with_all_solved() -> None:
    assert (katz(0, 10, 10, 10).low, katz(0, 10, 10, 10).high) == (0, inf)
    assert katz(0, 10, 10, 10, adjusted=True).high < 1
    assert katz(5, 5, 9, 9).width == 0


def test_arrays_broadcast_and_agree_with_single_comparisons() -> None:
    a, b = np.arange(8)[:, None], np.array([0, 3, 9])
    low, high = koopman_limits(a, 7, b, 9, level=0.9)
    for i in range(8):
        for j, successes_b in enumerate((0, 3, 9)):
            interval = koopman(i, 7, successes_b, 9, level=0.9)
            assert (low[i, j], high[i, j]) == (interval.low, interval.high)


@pytest.mark.parametrize("method", [koopman, katz, rate_ratio, odds_ratio])
def test_bad_counts_are_refused(method) -> None:
    with pytest.raises(ValueError, match="successes_a must be between 0 and n = 3, got 4"):
        method(4, 3, 1, 3)
    with pytest.raises(NoEstimateError, match="n must be at least 1"):
        method(1, 3, 0, 0)
