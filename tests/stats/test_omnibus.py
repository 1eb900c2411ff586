"""Tests of many models at once: by hand, by brute force, and their relation to pairwise tests."""

from itertools import permutations, product
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stats import dealing
from stats.check import NoEstimateError
from stats.mcnemar import mcnemar_asymptotic, mcnemar_exact
from stats.omnibus import (
    cochran_q,
    cochran_q_exact,
    doubled_ranks_within,
    friedman,
    friedman_exact,
    nemenyi_critical_difference,
    range_quantile,
)
from stats.proportion import normal_quantile

quick = settings(derandomize=True, deadline=None, max_examples=50)
shapes = st.tuples(st.integers(1, 4), st.integers(2, 4))
outcomes = arrays(np.int64, shapes, elements=st.integers(0, 1))
scores = arrays(np.int64, shapes, elements=st.integers(0, 4))


def test_cochran_worked_by_hand() -> None:
    # Totals 3 2 1 of 4 rows with 3 2 1 0 passes: spread 0 + 2 + 2 + 0, 2 (3 * 14 - 36) / 4 = 3.
    result = cochran_q([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert (result.statistic, result.df) == (3, 2)
    assert result.p_value == pytest.approx(np.exp(-1.5), rel=1e-14)
    assert (result.n, result.n_informative) == (4, 2)
    # Of 3 x 3 deals six put the single pass beside another (totals 2 1 0), three do not (1 1 1).
    assert cochran_q_exact([[1, 1, 0], [1, 0, 0]]) == pytest.approx(6 / 9, rel=1e-14)


def test_friedman_worked_by_hand() -> None:
    # Ranks 1 2 3, 1 2 3, 2 1 3: sums 4 5 9, statistic 12 / 36 (16 + 25 + 81) - 36 = 14 / 3.
    result = friedman([[1, 2, 3], [10, 20, 30], [5, 4, 6]])
    assert result.average_ranks == pytest.approx((4 / 3, 5 / 3, 3))
    assert result.statistic == pytest.approx(14 / 3, rel=1e-14)
    assert result.p_value == pytest.approx(np.exp(-7 / 3), rel=1e-14)
    assert result.iman_davenport == pytest.approx(2 * 14 / 3 / (6 - 14 / 3), rel=1e-13)
    assert result.kendall_w == pytest.approx(14 / 18, rel=1e-14)
    assert (result.df1, result.df2) == (2, 4)


def brute(values: np.ndarray) -> float:
    """Share of all orders within rows whose sum of squared column sums reaches the observed."""
    observed = (values.sum(axis=0) ** 2).sum()
    dealt = [np.array(deal).sum(axis=0) for deal in product(*(permutations(row) for row in values))]
    return float(np.mean([(sums**2).sum() >= observed for sums in dealt]))


@settings(derandomize=True, deadline=None, max_examples=25)
@given(scores.filter(lambda table: table.shape != (4, 4)))
def test_exact_p_values_are_shares_of_all_orders(table) -> None:
    assert dealing.exact_tail(table) == pytest.approx(brute(table), abs=1e-12)


def test_one_problem_has_no_iman_davenport_and_two_have_it() -> None:
    one = friedman([[1, 2, 3]])
    assert (one.statistic, one.iman_davenport, one.iman_davenport_p) == (2.0, None, None)
    two = friedman([[1, 2, 3], [1, 3, 2]])  # rank sums 2, 5, 5: Q = 3, F = 1 * 3 / (2 * 2 - 3)
    assert (two.statistic, two.iman_davenport) == (3.0, 3.0)


@quick
@given(outcomes)
def test_friedman_on_outcomes_is_cochran(table) -> None:
    # Ranks of 0 and 1 are linear in the outcome within a problem.
    try:
        q = cochran_q(table)
    except NoEstimateError:
        with pytest.raises(NoEstimateError):
            friedman(table)
    else:
        assert friedman(table).statistic == pytest.approx(q.statistic, rel=1e-12)
        assert friedman_exact(table) == pytest.approx(cochran_q_exact(table), rel=1e-12)


@quick
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 9))
def test_two_models_are_mcnemars_test(a, b, same) -> None:
    table = [[1, 0]] * a + [[0, 1]] * b + [[1, 1]] * same
    if a + b:
        result, pair = cochran_q(table), mcnemar_asymptotic(a, b)
        assert result.statistic == pytest.approx(pair.statistic, rel=1e-14)
        assert result.p_value == pytest.approx(pair.p_value, rel=1e-12)
        assert cochran_q_exact(table) == pytest.approx(mcnemar_exact(a, b).p_value, rel=1e-10)


@quick
@given(scores, st.randoms())
def test_order_of_models_and_problems_does_not_matter(table, random) -> None:
    columns = list(range(table.shape[1]))
    random.shuffle(columns)
    moved = table[::-1, columns]
    try:
        there, back = friedman(table), friedman(moved)
    except NoEstimateError:
        return
    assert back.statistic == pytest.approx(there.statistic, rel=1e-14)
    assert back.average_ranks == pytest.approx(np.array(there.average_ranks)[columns])
    assert friedman_exact(moved) == pytest.approx(friedman_exact(table), rel=1e-12)


def test_problems_that_tell_nothing_change_nothing_in_cochran() -> None:
    table = [[1, 0, 0], [1, 1, 0], [0, 1, 0]]
    more = [*table, [1, 1, 1], [0, 0, 0]]
    assert cochran_q(table).statistic == cochran_q(more).statistic
    assert cochran_q_exact(table) == cochran_q_exact(more)


def test_full_agreement_has_an_infinite_f_and_perfect_concordance() -> None:
    result = friedman([[1, 2, 3], [4, 5, 6]])
    assert (result.iman_davenport, result.iman_davenport_p) == (inf, 0)
    assert result.kendall_w == 1
    assert friedman_exact([[1, 2, 3], [4, 5, 6]]) == pytest.approx(1 / 6)


def test_one_problem_has_no_f_test() -> None:
    result = friedman([[1, 2, 3]])
    assert (result.iman_davenport, result.iman_davenport_p, result.df2) == (None, None, 0)
    assert friedman_exact([[1, 2, 3]]) == 1


def test_ties_share_their_mean_rank() -> None:
    assert doubled_ranks_within([[3, 1, 3, 2], [0, 0, 0, 0]]).tolist() == [[7, 2, 7, 4], [5] * 4]


def test_totals_too_large_for_one_code_are_told_apart_all_the_same() -> None:
    table = np.array([[0, 10**7, 2 * 10**7, 5], [1, 10**7, 3, 0]])
    assert dealing.exact_tail(table) == pytest.approx(brute(table))


def test_too_many_arrangements_are_refused(monkeypatch) -> None:
    with pytest.raises(NoEstimateError, match="orders: too many to count"):
        friedman_exact([list(range(12))])
    monkeypatch.setattr(dealing, "MOST_STEPS", 100)
    with pytest.raises(NoEstimateError, match="4 problems x 4 models have too many"):
        friedman_exact([[1, 2, 3, 4]] * 4)


@pytest.mark.slow
def test_the_exact_test_keeps_its_level_where_the_chi_square_is_approximate() -> None:
    rng = np.random.default_rng(20_240_601)
    rejected = 0
    for _ in range(1_000):
        table = rng.integers(0, 2, (12, 3))
        try:
            rejected += cochran_q_exact(table) <= 0.05
        except NoEstimateError:
            continue
    assert 0.02 <= rejected / 1_000 <= 0.06


def test_nemenyi_with_two_models_is_the_normal_quantile() -> None:
    for alpha in (0.2, 0.05, 0.001, 1e-9):
        assert range_quantile(2, alpha=alpha) == pytest.approx(normal_quantile(1 - alpha), rel=1e-7)
    assert nemenyi_critical_difference(2, 4) == pytest.approx(1.959963984540054 / 2, rel=1e-9)


def test_range_quantiles_of_printed_tables() -> None:
    # Demsar (2006), table 5a, 2 to 10 models at .05; rounded twice there.
    printed = [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164]
    assert [range_quantile(k) for k in range(2, 11)] == pytest.approx(printed, abs=1e-3)
    assert range_quantile(10, alpha=0.10) == pytest.approx(2.920, abs=1e-3)


def test_range_quantile_of_many_models_by_simulation() -> None:
    draws = np.random.default_rng(1).normal(size=(20_000, 100))
    ranges = (draws.max(axis=1) - draws.min(axis=1)) / sqrt(2)
    assert np.mean(ranges > range_quantile(100)) == pytest.approx(0.05, abs=0.006)


@pytest.mark.parametrize("test", [cochran_q, cochran_q_exact])
@pytest.mark.parametrize(
    ("table", "error", "sentence"),
    [
        ([1, 0], ValueError, "at least 2 models"),
        ([[1], [0]], ValueError, "at least 2 models"),
        (np.zeros((0, 3)), NoEstimateError, "at least one problem"),
        ([[1, 2]], ValueError, "must hold 0 and 1 only, got 2"),
        ([[1, np.nan]], ValueError, "must hold 0 and 1 only, got nan"),
        ([[1, 1], [0, 0]], NoEstimateError, "no problem tells the 2 models apart"),
    ],
)
def test_what_cochran_cannot_take(test, table, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        test(table)


@pytest.mark.parametrize("test", [friedman, friedman_exact])
@pytest.mark.parametrize(
    ("table", "error", "sentence"),
    [
        ([[1], [0]], ValueError, "at least 2 models"),
        (np.zeros((0, 3)), NoEstimateError, "at least one problem"),
        ([[1, np.inf]], ValueError, r"must be finite, got inf at position \(0, 1\)"),
        ([[1, 1], [0, 0]], NoEstimateError, "tied"),
    ],
)
def test_what_friedman_cannot_take(test, table, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        test(table)


@pytest.mark.parametrize(
    ("k", "n", "alpha", "sentence"),
    [(1, 5, 0.05, "k must be at least 2"), (3, 0, 0.05, "n must be"), (3, 5, 0.0, "alpha must be")],
)
def test_what_nemenyi_cannot_take(k, n, alpha, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        nemenyi_critical_difference(k, n, alpha=alpha)
