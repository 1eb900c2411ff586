"""Mantel-Haenszel and Breslow-Day: definitions, symmetry, edges."""

from itertools import product
from math import comb, inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stats.check import NoEstimateError
from stats.mantel_haenszel import breslow_day, mantel_haenszel

quick = settings(derandomize=True, deadline=None, max_examples=60)


@st.composite
def tables(draw):
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        n_a, n_b = draw(st.integers(0, 8)), draw(st.integers(0, 8))
        rows.append((draw(st.integers(0, n_a)), n_a, draw(st.integers(0, n_b)), n_b))
    return [list(column) for column in zip(*rows, strict=True)]


def informative(a, n_a, b, n_b):
    return any(n and m and 0 < x + y < n + m for x, n, y, m in zip(a, n_a, b, n_b, strict=True))


def enumerate_conditional(a, n_a, b, n_b):
    """Every set of tables with these margins: total of group a, and its weight."""
    ranges = [
        range(max(0, x + y - m), min(x + y, n) + 1)
        for x, n, y, m in zip(a, n_a, b, n_b, strict=True)
    ]
    weights = {}
    for cells in product(*ranges):
        weight = 1
        for cell, x, n, y, m in zip(cells, a, n_a, b, n_b, strict=True):
            weight *= comb(n, cell) * comb(m, x + y - cell)
        weights[sum(cells)] = weights.get(sum(cells), 0) + weight
    return weights


def test_one_table_worked_by_hand():
    # 3 of 4 against 1 of 4: R = 3*3/8, S = 1*1/8; E = 2, V = 4*4*4*4/(64*7) = 4/7.
    result = mantel_haenszel([3], [4], [1], [4])
    assert result.odds_ratio == pytest.approx(9)
    assert result.test.statistic == pytest.approx(1 / (4 / 7))
    assert result.test_corrected.statistic == pytest.approx(0.25 / (4 / 7))
    # C(4,a) C(4,4-a) = 1, 16, 36, 16, 1: all but the middle are at most as probable as 16/70.
    assert result.test_exact.p_value == pytest.approx(34 / 70)
    # One table: Woolf's standard error.
    assert result.log_standard_error == pytest.approx((1 / 3 + 1 + 1 + 1 / 3) ** 0.5)


@quick
@given(tables())
def test_exact_test_equals_brute_force(table):
    assume(informative(*table))
    weights = enumerate_conditional(*table)
    at = weights[sum(table[0])]
    want = sum(w for w in weights.values() if w <= at) / sum(weights.values())
    assert mantel_haenszel(*table).test_exact.p_value == pytest.approx(want)


@quick
@given(tables())
def test_exact_limits_leave_half_the_error_on_each_side(table):
    assume(informative(*table))
    weights, observed = enumerate_conditional(*table), sum(table[0])
    interval = mantel_haenszel(*table, level=0.9).interval_exact

    def tail(odds, keep):
        log_terms = {t: np.log(w) + t * np.log(odds) for t, w in weights.items()}
        top = max(log_terms.values())
        terms = {t: np.exp(v - top) for t, v in log_terms.items()}
        return sum(v for t, v in terms.items() if keep(t)) / sum(terms.values())

    if interval.low > 0:
        assert tail(interval.low, lambda t: t >= observed) == pytest.approx(0.05)
    else:
        assert observed == min(weights)
    if interval.high < inf:
        assert tail(interval.high, lambda t: t <= observed) == pytest.approx(0.05)
    else:
        assert observed == max(weights)


@quick
@given(tables())
def test_swapping_the_groups_inverts_the_ratio(table):
    assume(informative(*table))
    a, n_a, b, n_b = table
    one, other = mantel_haenszel(a, n_a, b, n_b), mantel_haenszel(b, n_b, a, n_a)
    assert one.test.p_value == pytest.approx(other.test.p_value)
    assert one.test_exact.p_value == pytest.approx(other.test_exact.p_value)
    if 0 < one.odds_ratio < inf:
        assert one.odds_ratio * other.odds_ratio == pytest.approx(1)
        assert one.interval.low * other.interval.high == pytest.approx(1)
    else:
        assert {one.odds_ratio, other.odds_ratio} == {0.0, inf}
        assert one.interval.method == "conditional_exact"
        assert one.log_standard_error is None


@quick
@given(tables())
def test_strata_without_information_change_nothing(table):
    assume(informative(*table))
    a, n_a, b, n_b = table
    more = mantel_haenszel([*a, 3, 0, 1], [*n_a, 3, 5, 1], [*b, 4, 0, 0], [*n_b, 4, 2, 0])
    assert more == mantel_haenszel(a, n_a, b, n_b)


def test_one_stratum_for_each_problem_is_mcnemar():
    # 6 problems that only a passes, 2 that only b passes, 3 both, 1 none.
    a = [1] * 6 + [0] * 2 + [1] * 3 + [0]
    b = [0] * 6 + [1] * 2 + [1] * 3 + [0]
    result = mantel_haenszel(a, [1] * 12, b, [1] * 12)
    assert result.odds_ratio == pytest.approx(3)
    assert result.test.statistic == pytest.approx((6 - 2) ** 2 / 8)
    # Two-sided binomial(8, 1/2) at 6.
    assert result.test_exact.p_value == pytest.approx(2 * (28 + 8 + 1) / 256)


def test_breslow_day_fits_tables_with_the_common_odds_ratio():
    a, n_a, b, n_b = [9, 4], [10, 8], [5, 2], [10, 9]
    result = breslow_day(a, n_a, b, n_b)
    psi = mantel_haenszel(a, n_a, b, n_b).odds_ratio
    assert result.odds_ratio == pytest.approx(psi)
    statistic = 0.0
    for x, n, y, m in zip(a, n_a, b, n_b, strict=True):
        grid = np.linspace(max(0, x + y - m), min(n, x + y), 2_000_001)[1:-1]
        cells = grid, x + y - grid, n - grid, m - x - y + grid
        fitted = np.argmin(np.abs(np.log(cells[0] * cells[3] / cells[1] / cells[2] / psi)))
        variance = 1 / sum(1 / cell[fitted] for cell in cells)
        statistic += (x - grid[fitted]) ** 2 / variance
    assert result.test.statistic == pytest.approx(statistic, abs=1e-4)


def test_equal_tables_are_homogeneous():
    result = breslow_day([6, 12], [10, 20], [3, 6], [10, 20])
    assert result.test.statistic == pytest.approx(0, abs=1e-12)
    assert result.test_tarone.p_value == pytest.approx(1)


@pytest.mark.parametrize(
    ("table", "match"),
    [(([3], [4], [1], [4]), "one informative"), (([3, 2], [3, 2], [1, 1], [4, 4]), "inf")],
)
def test_breslow_day_refuses(table, match):
    with pytest.raises(NoEstimateError, match=match):
        breslow_day(*table)


@pytest.mark.parametrize(
    ("table", "error"),
    [
        (([3], [3], [4], [4]), NoEstimateError),
        (([0, 1], [0, 1], [4, 0], [4, 0]), NoEstimateError),
        (([3], [2], [1], [4]), ValueError),
        (([1], [2], [-1], [4]), ValueError),
        (([1], [2], [1, 1], [4, 4]), ValueError),
        (([1.5], [2], [1], [4]), TypeError),
    ],
)
def test_bad_tables(table, error):
    with pytest.raises(error):
        mantel_haenszel(*table)


def test_bad_level():
    with pytest.raises(ValueError, match="level"):
        mantel_haenszel([3], [4], [1], [4], level=1.5)


def test_large_tables_are_quick_and_finite():
    result = mantel_haenszel([700, 400, 90], [800, 800, 694], [650, 380, 60], [800, 800, 694])
    assert 1 < result.interval_exact.low < result.odds_ratio < result.interval_exact.high
    assert 0 < result.test_exact.p_value < 0.01
