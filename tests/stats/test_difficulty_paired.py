"""Standardised paired differences."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from stats.bootstrap import paired_percentile_limits
from stats.check import NoEstimateError
from stats.difficulty_paired import (
    standardised_difference,
    standardised_difference_bootstrap,
    standardised_difference_normal,
    standardised_differences,
)
from stats.discrete_sums import Discrete, sum_quantiles, trinomial_difference
from stats.tango import tango_limits

quick = settings(derandomize=True, deadline=None, max_examples=15)
ALL = [
    standardised_difference,
    standardised_difference_normal,
    standardised_difference_bootstrap,
]


@st.composite
def tables(draw, largest=20):
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        n = draw(st.integers(1, largest))
        a = draw(st.integers(0, n))
        rows.append((a, draw(st.integers(0, n - a)), n, draw(st.integers(1, 9))))
    return [list(column) for column in zip(*rows, strict=True)]


def limits(result):
    return result.interval.low, result.interval.high


@pytest.mark.parametrize("method", ALL)
def test_estimate_worked_by_hand(method):
    # 3-1 of 4 and 0-2 of 8, weights 3 and 1.
    result = method([3, 0], [1, 2], [4, 8], [3, 1])
    assert result.estimate == pytest.approx(0.75 * 0.5 - 0.25 * 0.25)
    first, second = (1 - 0.25) / 4, (0.25 - 1 / 16) / 8
    assert result.standard_error == pytest.approx((9 / 16 * first + second / 16) ** 0.5)
    assert result.n == 12


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
@pytest.mark.parametrize(
    ("a", "b", "n"),
    [(6, 2, 20), (0, 0, 10), (5, 0, 5), (0, 5, 5), (3, 0, 10), (1, 0, 1), (9, 9, 107)],
)
def test_one_stratum_gives_tango(a, b, n, level):
    want = tango_limits(a, b, n, level=level)
    got = standardised_difference([a], [b], [n], [5], level=level)
    assert limits(got) == pytest.approx([float(x) for x in want], abs=1e-10)


def test_score_limits_satisfy_their_definition():
    a, b, n = np.array([3.0, 1, 5]), np.array([1.0, 2, 1]), np.array([6.0, 9, 20])
    w = np.array([0.5, 0.2, 0.3])
    result = standardised_difference(a.astype(int), b.astype(int), n.astype(int), w)
    share_a, share_b = a.sum() / n.sum(), b.sum() / n.sum()
    counts = np.stack([a + share_a, b + share_b, n - a - b + 1 - share_a - share_b])
    for delta in limits(result):

        def minus_log_likelihood(flat):
            up, down = flat[:3], flat[3:]
            return -np.sum(counts * np.log(np.stack([up, down, 1 - up - down])))

        flat = minimize(
            minus_log_likelihood,
            np.full(6, 0.3),
            bounds=[(1e-7, 0.999)] * 6,
            constraints=[
                {"type": "eq", "fun": lambda f, d=delta: (f[:3] - f[3:]) @ w - d},
                {"type": "ineq", "fun": lambda f: 0.999999 - f[:3] - f[3:]},
            ],
            options={"ftol": 1e-14, "maxiter": 1000},
        ).x
        up, down = flat[:3], flat[3:]
        variance = np.sum(w**2 * (up + down - (up - down) ** 2) / n)
        assert abs(result.estimate - delta) / variance**0.5 == pytest.approx(1.959964, abs=2e-3)


@quick
@given(tables())
def test_swapping_the_models_mirrors(table):
    a, b, n, w = table
    for method in ALL[:2]:
        low, high = limits(method(a, b, n, w))
        assert limits(method(b, a, n, w)) == pytest.approx((-high, -low), abs=1e-9)


@quick
@given(tables())
def test_intervals_hold_the_estimate_and_nest(table):
    for method in ALL:
        inner, outer = method(*table, level=0.8), method(*table, level=0.99)
        assert outer.interval.low <= inner.interval.low + 1e-9
        assert inner.interval.high <= outer.interval.high + 1e-9
    result = standardised_difference(*table)
    low, high = limits(result)
    assert -1 <= low <= result.estimate + 1e-12
    assert result.estimate - 1e-12 <= high <= 1
    assert high - low > 0.01


@quick
@given(tables())
def test_unit_of_weights_and_duplicates(table):
    a, b, n, w = table
    one = standardised_difference(a, b, n, w)
    assert limits(standardised_difference(a, b, n, [7 * x for x in w])) == pytest.approx(
        limits(one), abs=1e-9
    )
    doubled = standardised_difference([2 * x for x in a], [2 * x for x in b], [2 * x for x in n], w)
    assert doubled.interval.width < one.interval.width


@quick
@given(tables(largest=3))
def test_bootstrap_equals_enumeration(table):
    a, b, n, w = table
    total = sum(w)
    sums = {0.0: 1.0}
    for x, y, size, weight in zip(a, b, n, w, strict=True):
        draws = [1] * x + [-1] * y + [0] * (size - x - y)
        step = weight / total / size
        once = {}
        for chosen in product(draws, repeat=size):
            key = sum(chosen) * step
            once[key] = once.get(key, 0) + size**-size
        sums = merge(sums, once)
    values = sorted(sums)
    cdf = np.cumsum([sums[v] for v in values])
    want = [values[int(np.argmax(cdf >= u - 1e-9))] for u in (0.05, 0.95)]
    got = standardised_difference_bootstrap(*table, level=0.9)
    assert limits(got) == pytest.approx(want, abs=1e-9)


def merge(sums, once):
    """Add two independent variables; values that differ by rounding are one."""
    found = {}
    for (x, p), (y, q) in product(sums.items(), once.items()):
        key = round(x + y, 10)
        found[key] = found.get(key, 0) + p * q
    return found


@pytest.mark.parametrize(("a", "b", "n"), [(6, 2, 20), (0, 3, 10), (40, 21, 107), (300, 250, 2294)])
def test_one_stratum_gives_the_paired_bootstrap(a, b, n):
    got = standardised_difference_bootstrap([a], [b], [n], [1])
    low, high = paired_percentile_limits(a, b, n)
    assert limits(got) == pytest.approx((float(low), float(high)), abs=1e-12)
    assert got.interval.method == "stratified_paired_bootstrap_exact"


def test_many_uneven_strata_are_rounded_and_say_so():
    rng = np.random.default_rng(1)
    n = rng.integers(40, 90, 14)
    a, b = rng.binomial(n // 2, 0.3), rng.binomial(n // 2, 0.2)
    w = rng.random(14)
    got = standardised_difference_bootstrap(a, b, n, w)
    normal = standardised_difference_normal(a, b, n, w)
    assert got.interval.method == "stratified_paired_bootstrap_rounded"
    assert limits(got) == pytest.approx(limits(normal), abs=2e-3)


def test_quantiles_of_sums_of_dice():
    die = Discrete(np.arange(1.0, 7), np.full(6, 1 / 6))
    # P(sum <= 4) = 6/36, P(sum <= 3) = 3/36.
    assert sum_quantiles([die, die], (3 / 36, 6 / 36, 0.5, 0.9999)) == ((3.0, 4.0, 7.0, 12.0), True)


def test_trinomial_sums_keep_only_what_can_happen():
    part = trinomial_difference(2, 0, 4, step=0.5)
    assert part.values.tolist() == [0, 0.5, 1, 1.5, 2]
    assert part.probabilities == pytest.approx(np.array([1, 4, 6, 4, 1]) / 16)
    assert trinomial_difference(0, 0, 4, step=1).values.tolist() == [0]
    assert trinomial_difference(0, 4, 4, step=1).values.tolist() == [-4]


def test_a_stratum_without_problems_is_dropped_and_named():
    for method in ALL:
        result = method([3, 0, 1], [1, 0, 2], [6, 0, 9], [2, 5, 1])
        assert (result.dropped, result.n) == ((1,), 15)
        assert result.dropped_weight == pytest.approx(5 / 8)
        assert limits(result) == pytest.approx(limits(method([3, 1], [1, 2], [6, 9], [2, 1])))


def test_many_pairs_at_once_equal_one_at_a_time():
    a, b = [[3, 0], [0, 0], [6, 1]], [[1, 2], [0, 0], [0, 8]]
    for row, result in enumerate(standardised_differences(a, b, [6, 9], [1, 2])):
        assert result == standardised_difference(a[row], b[row], [6, 9], [1, 2])


@pytest.mark.parametrize(
    ("table", "error", "match"),
    [
        (([3], [4], [6], [1]), ValueError, "together at most"),
        (([-1], [4], [6], [1]), ValueError, "at least 0"),
        (([1.0], [4], [6], [1]), TypeError, "whole numbers"),
        (([1, 1], [4], [6], [1]), ValueError, "shape"),
        (([1], [2], [6], [-1]), ValueError, "weights"),
        (([0], [0], [0], [1]), NoEstimateError, "nothing to standardise"),
    ],
)
def test_bad_input(table, error, match):
    with pytest.raises(error, match=match):
        standardised_difference(*table)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "w"),
    [
        ([8, 37, 62], [8, 37, 62]),
        ([8, 37, 62], [1, 1, 1]),
        ([4, 21, 48, 12, 4, 2, 4, 6, 1, 2, 2, 1], [1] * 12),
        ([2] * 12, [1] * 12),
    ],
)
def test_default_interval_covers(n, w):
    rng, found = np.random.default_rng(20_240_601), []
    for _ in range(10):
        rate_a, rate_b = 1 / (
            1 + np.exp(-rng.normal(0, 1.3, (2, 1)) - rng.normal(0, 1, (2, len(n))))
        )
        both = rate_a * rate_b + rng.uniform(0, 0.9) * (
            np.minimum(rate_a, rate_b) - rate_a * rate_b
        )
        shares = np.stack([rate_a - both, rate_b - both, 1 - rate_a - rate_b + both], axis=1)
        drawn = rng.multinomial(n, shares, (300, len(n)))
        delta = np.array(w) @ (rate_a - rate_b) / sum(w)
        results = standardised_differences(drawn[..., 0], drawn[..., 1], n, w)
        found.append(np.mean([r.interval.contains(delta) for r in results]))
    assert np.mean(found) > 0.935
    assert min(found) > 0.90
