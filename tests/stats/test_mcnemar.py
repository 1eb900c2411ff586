"""McNemar's tests: by hand, against whole-number sums, and their type-I error counted exactly."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import bdtr, gammaln, xlogy

from stats.check import NoEstimateError
from stats.mcnemar import (
    exact_p_values,
    mcnemar_asymptotic,
    mcnemar_exact,
    mcnemar_exact_one_sided,
    mcnemar_midp,
    midp_and_exact_p_values,
    midp_p_values,
)

quick = settings(derandomize=True, deadline=None, max_examples=80)
counts = st.integers(0, 90)


def test_three_to_one_worked_by_hand() -> None:
    # X ~ Binomial(4, 1/2): P(X = 0) = 1/16, P(X = 1) = 4/16.
    assert mcnemar_exact(3, 1).p_value == pytest.approx(10 / 16, rel=1e-15)
    assert mcnemar_midp(3, 1).p_value == pytest.approx(6 / 16, rel=1e-15)
    assert mcnemar_exact_one_sided(3, 1).p_value == pytest.approx(5 / 16, rel=1e-15)
    assert mcnemar_exact_one_sided(1, 3).p_value == pytest.approx(15 / 16, rel=1e-15)
    assert mcnemar_asymptotic(3, 1).statistic == 1.0
    assert mcnemar_asymptotic(3, 1, corrected=True).statistic == 0.25


@quick
@given(counts, counts)
def test_p_values_are_the_whole_number_sums(a, b) -> None:
    fewer, n = min(a, b), a + b
    up_to = Fraction(sum(comb(n, i) for i in range(fewer + 1)), 2**n)
    equal = Fraction(comb(n, fewer), 2**n)
    exact = min(Fraction(1), 2 * up_to)
    midp = Fraction(1) if a == b else 2 * up_to - equal
    assert mcnemar_exact(a, b).p_value == pytest.approx(float(exact), rel=1e-11)
    assert mcnemar_midp(a, b).p_value == pytest.approx(float(midp), rel=1e-11)


@quick
@given(counts, counts)
def test_swapping_the_models_changes_no_two_sided_p_value(a, b) -> None:
    for test in (mcnemar_exact, mcnemar_midp):
        assert test(a, b) == test(b, a)
    if a + b:
        assert mcnemar_asymptotic(a, b) == mcnemar_asymptotic(b, a)


@quick
@given(counts, counts)
def test_midp_lies_between_half_the_exact_p_and_the_exact_p(a, b) -> None:
    exact, midp = mcnemar_exact(a, b).p_value, mcnemar_midp(a, b).p_value
    assert exact / 2 <= midp <= exact


@quick
@given(st.integers(1, 40), st.integers(0, 40))
def test_doubling_the_data_sharpens_the_test(a, b) -> None:
    if a != b:
        assert mcnemar_midp(2 * a, 2 * b).p_value < mcnemar_midp(a, b).p_value


def test_one_sided_tails_overlap_in_the_observed_table() -> None:
    # P(X >= 7) + P(X <= 7) = 1 + P(X = 7).
    both = mcnemar_exact_one_sided(7, 3).p_value + mcnemar_exact_one_sided(3, 7).p_value
    assert both == pytest.approx(1 + comb(10, 7) / 2**10, rel=1e-14)


def test_no_discordant_problem() -> None:
    assert mcnemar_exact(0, 0).p_value == 1
    assert mcnemar_midp(0, 0).p_value == 1
    assert mcnemar_midp(0, 0, tie_below_one=True).p_value == 1
    for corrected in (False, True):
        with pytest.raises(NoEstimateError, match="0/0"):
            mcnemar_asymptotic(0, 0, corrected=corrected)


def test_a_tie_is_the_least_extreme_table() -> None:
    assert mcnemar_midp(5, 5).p_value == 1
    paper = mcnemar_midp(5, 5, tie_below_one=True)
    assert paper.p_value == pytest.approx(1 - comb(10, 5) / 2**11, rel=1e-14)
    assert paper.method != mcnemar_midp(5, 5).method
    assert mcnemar_asymptotic(5, 5, corrected=True).statistic == 0


def test_far_tails_keep_their_digits() -> None:
    assert mcnemar_exact(0, 300).p_value == pytest.approx(2.0**-299, rel=1e-12)
    assert mcnemar_midp(0, 300).p_value == pytest.approx(2.0**-300, rel=1e-12)


def test_arrays_agree_with_single_pairs() -> None:
    a, b = np.mgrid[0:12, 0:12]
    midp, exact = midp_and_exact_p_values(a, b)
    assert np.array_equal(midp, midp_p_values(a, b))
    assert np.array_equal(exact, exact_p_values(a, b))
    assert midp[3, 7] == mcnemar_midp(3, 7).p_value
    assert exact[11, 2] == mcnemar_exact(11, 2).p_value


@pytest.mark.parametrize(
    "test", [mcnemar_exact, mcnemar_exact_one_sided, mcnemar_midp, mcnemar_asymptotic]
)
@pytest.mark.parametrize(
    ("a", "b", "error", "sentence"),
    [
        (-1, 2, ValueError, "only_a must be at least 0, got -1"),
        (1, 2.0, TypeError, "only_b must be a whole number, got 2.0"),
        (True, 2, TypeError, "only_a must be a whole number, got True"),
        (float("nan"), 2, TypeError, "only_a must be a whole number"),
    ],
)
def test_what_is_no_count_is_refused(test, a, b, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        test(a, b)


def test_arrays_of_floats_or_negative_counts_are_refused() -> None:
    with pytest.raises(TypeError, match="only_a must hold whole numbers"):
        exact_p_values([1.5], [2])
    with pytest.raises(ValueError, match="at least 0"):
        midp_p_values([1], [-2])


# Type-I error, counted: discordant ~ Binomial(n, psi), only_a ~ Binomial(discordant, 1/2)


def type_one_errors(n: int, alpha: float, discordances: np.ndarray) -> dict[str, np.ndarray]:
    """P(p <= alpha) under equal models, for each discordance, without simulation."""
    d = np.arange(n + 1)
    binomial = gammaln(n + 1) - gammaln(d + 1) - gammaln(n - d + 1)
    psi = discordances[:, np.newaxis]
    weight = np.exp(binomial + xlogy(d, psi) + xlogy(n - d, 1 - psi))
    a, total = np.mgrid[0 : n + 1, 0 : n + 1]
    inside = a <= total
    a, total = a[inside], total[inside]
    chance = bdtr(a.astype(float), total, 0.5) - np.where(a > 0, bdtr(a - 1.0, total, 0.5), 0)
    errors = {}
    midp, exact = midp_and_exact_p_values(a, total - a)
    for name, p in (("midp", midp), ("exact", exact)):
        rejected = np.bincount(total, weights=chance * (p <= alpha), minlength=n + 1)
        errors[name] = weight @ rejected
    return errors


@pytest.mark.parametrize("n", [20, 107, 500])
@pytest.mark.parametrize("alpha", [0.01, 0.05])
def test_the_exact_test_never_exceeds_its_level(n, alpha) -> None:
    errors = type_one_errors(n, alpha, np.linspace(0.01, 1, 100))
    assert errors["exact"].max() <= alpha


def test_at_107_problems_midp_uses_the_level_and_the_exact_test_wastes_a_third() -> None:
    errors = type_one_errors(107, 0.05, np.linspace(0.1, 0.6, 51))
    # Fagerland et al. (2013) found mid-p at most slightly above the level.
    assert 0.044 <= errors["midp"].mean() <= 0.05
    assert errors["midp"].max() <= 0.0515
    assert 0.6 <= errors["exact"].mean() / 0.05 <= 0.7


@pytest.mark.parametrize("n", [20, 107, 500])
def test_midp_exceeds_the_level_by_little_anywhere(n) -> None:
    errors = type_one_errors(n, 0.05, np.linspace(0.01, 1, 100))["midp"]
    assert errors[:-1].max() <= 0.0506
    # With every problem discordant their number is fixed and nothing smooths the steps.
    assert errors[-1] <= 0.055
