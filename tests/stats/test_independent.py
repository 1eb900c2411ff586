"""Intervals for the difference of two unlinked rates: by hand, by symmetry, by duality."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import ndtri, xlog1py, xlogy

from stats.check import NoEstimateError
from stats.chi_square import chi_square_n_minus_1
from stats.independent import (
    agresti_caffo,
    agresti_caffo_limits,
    difference_wald,
    difference_wald_limits,
    miettinen_nurminen,
    miettinen_nurminen_limits,
    newcombe,
    newcombe_limits,
)

quick = settings(derandomize=True, deadline=None, max_examples=150)
Z = float(ndtri(0.975))
SCALAR = [difference_wald, agresti_caffo, newcombe, miettinen_nurminen]
ARRAYS = [difference_wald_limits, agresti_caffo_limits, newcombe_limits, miettinen_nurminen_limits]


@st.composite
def rates(draw, most=150):
    n_a, n_b = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(0, n_a)), n_a, draw(st.integers(0, n_b)), n_b


def test_nothing_solved_by_either_worked_by_hand() -> None:
    # Beyond 0 the restricted estimate has p_b = 0, so the limit solves d^2 = s d (1 - d) / n with
    # s = z^2 N / (N - 1): d = s / (n + s).
    s = Z**2 * 20 / 19
    interval = miettinen_nurminen(0, 10, 0, 10)
    assert interval.high == pytest.approx(s / (10 + s), rel=1e-12)
    assert interval.low == pytest.approx(-s / (10 + s), rel=1e-12)


def test_one_solved_everything_the_other_nothing() -> None:
    interval = miettinen_nurminen(7, 7, 0, 5)
    assert interval.high == 1.0
    assert 0 < interval.low < 1
    assert miettinen_nurminen(0, 5, 7, 7).low == -1.0


def test_wald_worked_by_hand() -> None:
    # 0.8 - 0.5, variance 0.16 / 10 + 0.25 / 20 = 0.0285.
    interval = difference_wald(8, 10, 10, 20)
    assert interval.low == pytest.approx(0.3 - Z * sqrt(0.0285))
    assert interval.high == pytest.approx(0.3 + Z * sqrt(0.0285))


def test_wald_claims_certainty_where_there_is_none() -> None:
    assert difference_wald(5, 5, 5, 5).width == 0
    for method in (agresti_caffo, newcombe, miettinen_nurminen):
        assert method(5, 5, 5, 5).width > 0.3


@quick
@given(rates(), st.sampled_from([0.8, 0.95, 0.99]))
def test_at_a_limit_the_score_statistic_equals_its_critical_value(counts, level) -> None:
    a, n_a, b, n_b = counts
    interval = miettinen_nurminen(a, n_a, b, n_b, level=level)
    for limit in (interval.low, interval.high):
        if abs(limit) == 1:
            continue
        p_b = restricted_rate(limit, counts)
        p_a = p_b + limit
        variance = p_a * (1 - p_a) / n_a + p_b * (1 - p_b) / n_b
        total = n_a + n_b
        squared = (a / n_a - b / n_b - limit) ** 2 / (variance * total / (total - 1))
        assert sqrt(squared) == pytest.approx(float(ndtri((1 + level) / 2)), rel=1e-4)


def restricted_rate(difference, counts):
    """Maximise the likelihood numerically: nothing of the closed form."""
    a, n_a, b, n_b = counts

    def loss(p_b):
        p_a = min(max(p_b + difference, 0.0), 1.0)
        return -(xlogy(a, p_a) + xlog1py(n_a - a, -p_a) + xlogy(b, p_b) + xlog1py(n_b - b, -p_b))

    ends = (max(0.0, -difference), min(1.0, 1 - difference))
    found = minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-12})
    return min([*ends, found.x], key=loss)


@pytest.mark.parametrize("method", SCALAR)
@quick
@given(rates())
def test_swapping_the_models_mirrors_the_interval(method, counts) -> None:
    a, n_a, b, n_b = counts
    one, other = method(a, n_a, b, n_b), method(b, n_b, a, n_a)
    assert one.low == pytest.approx(-other.high, abs=1e-9)
    assert one.high == pytest.approx(-other.low, abs=1e-9)


@pytest.mark.parametrize("method", SCALAR)
@quick
@given(rates())
def test_counting_failures_mirrors_the_interval(method, counts) -> None:
    a, n_a, b, n_b = counts
    passes, failures = method(a, n_a, b, n_b), method(n_a - a, n_a, n_b - b, n_b)
    assert passes.low == pytest.approx(-failures.high, abs=1e-9)


@pytest.mark.parametrize("method", SCALAR)
@quick
@given(rates())
def test_a_higher_level_contains_a_lower_one(method, counts) -> None:
    wide, narrow = method(*counts, level=0.99), method(*counts, level=0.9)
    assert wide.low <= narrow.low + 1e-12
    assert narrow.high <= wide.high + 1e-12


@pytest.mark.parametrize("method", SCALAR)
@quick
@given(rates(most=40))
def test_ten_times_the_data_narrow_the_interval(method, counts) -> None:
    more = method(*(10 * count for count in counts))
    assert more.width <= method(*counts).width + 1e-12


@quick
@given(rates())
def test_score_interval_contains_zero_exactly_where_the_test_does_not_reject(counts) -> None:
    interval = miettinen_nurminen(*counts)
    try:
        statistic = chi_square_n_minus_1(*counts).statistic
    except NoEstimateError:  # all outcomes alike: nothing speaks against equality
        assert interval.contains(0)
        return
    assert statistic is not None
    if abs(statistic - Z**2) > 1e-6:
        assert interval.contains(0) == (statistic < Z**2)


@pytest.mark.parametrize(("scalar", "array"), list(zip(SCALAR, ARRAYS, strict=True)))
def test_arrays_broadcast_and_agree_with_single_comparisons(scalar, array) -> None:
    a, b = np.arange(8)[:, None], np.array([0, 3, 9])
    low, high = array(a, 7, b, 9, level=0.9)
    assert low.shape == high.shape == (8, 3)
    for i in range(8):
        for j, successes_b in enumerate((0, 3, 9)):
            interval = scalar(i, 7, successes_b, 9, level=0.9)
            assert (low[i, j], high[i, j]) == (interval.low, interval.high)


def test_without_the_bias_factor_the_interval_is_narrower() -> None:
    low, high = miettinen_nurminen_limits(56, 70, 48, 80, bias_factor=False)
    interval = miettinen_nurminen(56, 70, 48, 80)
    assert interval.low < float(low) < float(high) < interval.high


def test_no_comparison_gives_no_limit() -> None:
    none = np.array([], dtype=int)
    low, high = miettinen_nurminen_limits(none, none, none, none)
    assert low.size == high.size == 0


def test_all_pairs_of_a_large_benchmark_do_not_overflow() -> None:
    low, high = miettinen_nurminen_limits([2_000_000, 0], 3_000_000, [1_999_000, 1], 3_000_000)
    assert np.all(low < high)
    assert low[0] > -0.001
    assert high[1] < 1e-5


@pytest.mark.parametrize("method", SCALAR)
@pytest.mark.parametrize(
    ("counts", "error", "sentence"),
    [
        ((8, 7, 1, 7), ValueError, "successes_a must be between 0 and n = 7, got 8"),
        ((1, 7, -1, 7), ValueError, "successes_b must be between 0 and n = 7, got -1"),
        ((1, 7, 0, 0), NoEstimateError, "n must be at least 1, got 0"),
        ((1.0, 7, 1, 7), TypeError, "successes_a must be a whole number, got 1.0"),
        ((1, 7, True, 7), TypeError, "successes_b must be a whole number, got True"),
    ],
)
def test_bad_counts_are_refused(method, counts, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        method(*counts)


@pytest.mark.parametrize("method", SCALAR)
@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
def test_a_level_that_is_no_probability_is_refused(method, level) -> None:
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        method(1, 2, 1, 2, level=level)


def test_bad_arrays_are_refused() -> None:
    with pytest.raises(TypeError, match="successes_a must hold whole numbers"):
        miettinen_nurminen_limits([0.5], 1, [1], 1)
    with pytest.raises(ValueError, match="successes_b must be between 0 and n = 3, got 4 at index"):
        miettinen_nurminen_limits([1, 1], 3, [1, 4], 3)
