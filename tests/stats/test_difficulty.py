"""Direct standardisation: estimates, the default interval and its alternatives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from stats.check import NoEstimateError
from stats.difficulty import (
    standardised_mean,
    standardised_rate,
    standardised_rate_bootstrap,
    standardised_rate_mover,
    standardised_rate_normal,
    standardised_rates,
)
from stats.proportion import wilson

quick = settings(derandomize=True, deadline=None, max_examples=30)
ALL = [
    standardised_rate,
    standardised_rate_mover,
    standardised_rate_normal,
    standardised_rate_bootstrap,
]


@st.composite
def tables(draw):
    strata = draw(st.integers(1, 5))
    n = draw(st.lists(st.integers(1, 30), min_size=strata, max_size=strata))
    x = [draw(st.integers(0, size)) for size in n]
    w = draw(st.lists(st.integers(1, 9), min_size=strata, max_size=strata))
    return x, n, w


def limits(result):
    return result.interval.low, result.interval.high


@pytest.mark.parametrize("method", ALL)
def test_estimate_worked_by_hand(method):
    # 3/4 and 1/2, weights 2 and 1: (2 * 0.75 + 0.5) / 3.
    result = method([3, 5], [4, 10], [2, 1])
    assert result.estimate == pytest.approx(2 / 3)
    assert result.weights == pytest.approx((2 / 3, 1 / 3))
    assert result.n == 14
    variance = (4 / 9) * (3 / 16) / 4 + (1 / 9) * (1 / 4) / 10
    assert result.standard_error == pytest.approx(variance**0.5)
    unbiased = (4 / 9) * (3 / 16) / 3 + (1 / 9) * (1 / 4) / 9
    assert result.standard_error_unbiased == pytest.approx(unbiased**0.5)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
@pytest.mark.parametrize(("x", "n"), [(0, 7), (7, 7), (1, 1), (3, 10), (88, 107), (2000, 2294)])
def test_one_stratum_gives_wilson(x, n, level):
    want = wilson(x, n, level=level)
    for method in (standardised_rate, standardised_rate_mover):
        got = method([x], [n], [3.0], level=level)
        assert limits(got) == pytest.approx((want.low, want.high), abs=1e-13)


def test_score_limits_satisfy_their_definition():
    # The rates that maximise the penalised likelihood under a fixed standardised rate, found by a
    # general optimiser, must put the estimate z of their standard errors away.
    x, n, w = np.array([3.0, 9, 2]), np.array([4.0, 12, 20]), np.array([0.5, 0.2, 0.3])
    overall = (x.sum() + 0.5) / (n.sum() + 1)
    result = standardised_rate(x.astype(int), n.astype(int), w)
    for theta in limits(result):

        def minus_log_likelihood(p):
            passes, failures = x + overall, n - x + 1 - overall
            return -np.sum(passes * np.log(p) + failures * np.log1p(-p))

        p = minimize(
            minus_log_likelihood,
            np.full(3, theta),
            bounds=[(1e-9, 1 - 1e-9)] * 3,
            constraints={"type": "eq", "fun": lambda p, theta=theta: p @ w - theta},
            options={"ftol": 1e-14, "maxiter": 500},
        ).x
        z = (result.estimate - theta) / np.sqrt(np.sum(w**2 * p * (1 - p) / n))
        assert abs(z) == pytest.approx(1.959964, abs=1e-3)


@quick
@given(tables(), st.sampled_from([standardised_rate, standardised_rate_mover]))
def test_swapping_pass_and_fail_mirrors(table, method):
    x, n, w = table
    low, high = limits(method(x, n, w))
    mirrored = limits(method([b - a for a, b in zip(x, n, strict=True)], n, w))
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@quick
@given(tables(), st.randoms(use_true_random=False))
def test_order_and_unit_of_the_strata_change_nothing(table, random):
    rows = list(zip(*table, strict=True))
    random.shuffle(rows)
    x, n, w = (list(column) for column in zip(*rows, strict=True))
    for method in ALL:
        one, other = method(*table), method(x, n, [7 * weight for weight in w])
        assert limits(one) == pytest.approx(limits(other), abs=1e-9)


@quick
@given(tables())
def test_intervals_hold_the_estimate_and_nest(table):
    for method in ALL:
        inner, outer = method(*table, level=0.8), method(*table, level=0.99)
        assert outer.interval.low <= inner.interval.low + 1e-9
        assert inner.interval.high <= outer.interval.high + 1e-9
    for method in ALL[:2]:
        result = method(*table)
        assert 0 <= result.interval.low <= result.estimate <= result.interval.high <= 1
        assert result.interval.width > 0


@quick
@given(tables())
def test_duplicating_the_data_narrows(table):
    x, n, w = table
    doubled = [2 * a for a in x], [2 * b for b in n], w
    assert standardised_rate(*doubled).interval.width < standardised_rate(*table).interval.width


def test_none_or_all_passed():
    assert limits(standardised_rate([0, 0], [1, 5], [1, 1]))[0] == 0.0
    assert limits(standardised_rate([1, 5], [1, 5], [1, 1]))[1] == 1.0


@pytest.mark.parametrize("method", ALL)
def test_a_stratum_without_problems_is_dropped_and_named(method):
    result = method([3, 0, 5], [4, 0, 10], [2, 3, 1])
    assert result.dropped == (1,)
    assert result.dropped_weight == pytest.approx(0.5)
    assert result.weights == pytest.approx((2 / 3, 0, 1 / 3))
    assert limits(result) == pytest.approx(limits(method([3, 5], [4, 10], [2, 1])))


def test_a_stratum_outside_the_mix_is_not_dropped():
    result = standardised_rate([3, 2, 5], [4, 8, 10], [2, 0, 1])
    assert (result.dropped, result.dropped_weight, result.n) == ((), 0.0, 14)
    assert limits(result) == pytest.approx(limits(standardised_rate([3, 5], [4, 10], [2, 1])))


def test_a_single_problem_has_no_unbiased_error():
    assert standardised_rate([1, 3], [1, 4], [1, 1]).standard_error_unbiased is None


def test_many_models_at_once_equal_one_at_a_time():
    x, n = (
        np.array([[3, 0, 5], [1, 2, 0], [4, 6, 10]]),
        np.array([[4, 0, 10], [4, 6, 0], [4, 6, 10]]),
    )
    for row, result in enumerate(standardised_rates(x, n, [1, 2, 3])):
        assert result == standardised_rate(x[row], n[row], [1, 2, 3])
    same = standardised_rates(x[:, :1], [4], [1])
    assert [r.n for r in same] == [4, 4, 4]


@pytest.mark.parametrize(
    ("table", "error", "match"),
    [
        (([1], [0], [1]), ValueError, "between 0 and totals"),
        (([0], [0], [1]), NoEstimateError, "nothing to standardise"),
        (([0, 1], [0, 2], [1, 0]), NoEstimateError, "nothing to standardise"),
        (([3], [2], [1]), ValueError, "between 0 and totals"),
        (([-1], [2], [1]), ValueError, "between 0 and totals"),
        (([1.0], [2], [1]), TypeError, "whole numbers"),
        (([True], [2], [1]), TypeError, "whole numbers"),
        (([1], [2], [-1]), ValueError, "weights"),
        (([1], [2], [float("nan")]), ValueError, "weights"),
        (([1], [2], [0]), ValueError, "weights"),
        (([1], [2], [1, 1]), ValueError, "weights must have shape"),
        (([1, 1], [2], [1, 1]), ValueError, "shape"),
        (([[1]], [2], [1]), ValueError, "shape"),
        ((np.array([], int), np.array([], int), []), ValueError, "shape"),
    ],
)
def test_bad_input_is_named(table, error, match):
    with pytest.raises(error, match=match):
        standardised_rate(*table)


@pytest.mark.parametrize("level", [0.0, 1.0, float("nan")])
def test_bad_level(level):
    for method in ALL:
        with pytest.raises(ValueError, match="level"):
            method([1], [2], [1], level=level)


def coverage(method, n, w, *, rng, draws=12, repeats=400):
    """Coverage over random rates: a common level and independent deviations, on the logit scale."""
    found = []
    for _ in range(draws):
        p = 1 / (1 + np.exp(-rng.normal(0, 1.5) - rng.normal(0, 1, len(n))))
        x = rng.binomial(n, p, (repeats, len(n)))
        theta = p @ np.array(w) / np.sum(w)
        found.append(np.mean([r.interval.contains(theta) for r in method(x, n, w)]))
    return np.array(found)


CELLS = [4, 21, 48, 12, 4, 2, 4, 6, 1, 2, 2, 1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "w"),
    [
        ([8, 37, 62], [8, 37, 62]),
        ([8, 37, 62], [1, 1, 1]),
        (CELLS, CELLS),
        (CELLS, [1] * 12),
        ([2] * 12, [1] * 12),
        ([1] * 30, [1] * 30),
    ],
)
def test_default_interval_covers(n, w):
    found = coverage(standardised_rates, n, w, rng=np.random.default_rng(20_240_601))
    assert found.mean() > 0.935
    assert found.min() > 0.90


def test_mean_of_passes_on_a_mix_is_the_rate_by_mover():
    strata = [np.repeat([1.0, 0.0], [k, n - k]) for k, n in ((7, 8), (20, 37), (21, 62))]
    expected = standardised_rate_mover([7, 20, 21], [8, 37, 62], [1, 1, 1])
    got = standardised_mean(strata, [1, 1, 1])
    assert got.estimate == pytest.approx(expected.estimate)
    assert got.interval.low == pytest.approx(expected.interval.low)
    assert got.interval.high == pytest.approx(expected.interval.high)
    assert got.standard_error == pytest.approx(expected.standard_error)


def test_mean_of_shares_drops_a_stratum_without_problems_and_says_so():
    got = standardised_mean([[0.5, 0.25], []], [0.5, 0.5])
    assert (got.estimate, got.dropped, got.dropped_weight) == (0.375, (1,), 0.5)
