"""Exact power of McNemar's tests: against every outcome written out."""

from itertools import pairwise, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import chdtrc

from stats.check import NoEstimateError
from stats.mcnemar import mcnemar_asymptotic
from stats.power import (
    asymptotic_corrected_p_values,
    asymptotic_p_values,
    exact_p_values,
    mcnemar_power,
    midp_p_values,
    minimum_detectable_paired,
    problems_needed_paired,
)

quick = settings(derandomize=True, deadline=None, max_examples=60)
ALL = [exact_p_values, midp_p_values, asymptotic_p_values, asymptotic_corrected_p_values]


def every_outcome(n, p_only_a, p_only_b, alpha, p_values) -> float:
    """Sum of the trinomial probabilities of all outcomes that the test rejects."""
    rest = 1 - p_only_a - p_only_b
    power = 0.0
    for a, b in product(range(n + 1), repeat=2):
        if a + b <= n and float(p_values(a, b)) <= alpha:
            power += comb(n, a) * comb(n - a, b) * p_only_a**a * p_only_b**b * rest ** (n - a - b)
    return power


def test_five_problems_worked_by_hand() -> None:
    # The mid-p is 1/32 for 5 to 0 and 1/16 for 4 to 0: only 5 to 0 rejects at 5 %.
    assert mcnemar_power(5, 0.6, 0.1) == pytest.approx(0.6**5 + 0.1**5)
    # The exact p of 5 to 0 is 1/16: it never rejects.
    assert mcnemar_power(5, 0.6, 0.1, p_values=exact_p_values) == 0


def test_a_p_value_equal_to_alpha_rejects() -> None:
    assert mcnemar_power(5, 0.6, 0.1, alpha=1 / 16, p_values=exact_p_values) > 0.07


@pytest.mark.parametrize("p_values", ALL)
@quick
@given(
    st.integers(1, 14),
    st.floats(0, 0.5),
    st.floats(0, 0.5),
    st.sampled_from([0.001, 0.05, 0.2]),
)
def test_power_equals_the_sum_over_every_outcome(p_values, n, p_a, p_b, alpha) -> None:
    found = mcnemar_power(n, p_a, p_b, alpha=alpha, p_values=p_values)
    assert found == pytest.approx(every_outcome(n, p_a, p_b, alpha, p_values), abs=1e-10)


def test_swapping_the_models_changes_nothing() -> None:
    assert mcnemar_power(107, 0.2, 0.1) == pytest.approx(mcnemar_power(107, 0.1, 0.2), rel=1e-12)


def test_equal_models_are_rejected_at_most_as_often_as_the_level() -> None:
    sizes = [mcnemar_power(107, d / 2, d / 2, p_values=exact_p_values) for d in (0.1, 0.4, 1)]
    assert max(sizes) <= 0.05


def test_type_one_error_of_every_test_at_107_problems() -> None:
    # Fagerland, Lydersen & Laake (2013): the mid-p test hardly exceeds its level, the exact and
    # the corrected one never do and waste a third of it, the asymptotic one exceeds it a little.
    discordance = np.linspace(0.02, 1, 99)
    error = {
        p_values: [mcnemar_power(107, d / 2, d / 2, p_values=p_values) for d in discordance]
        for p_values in ALL
    }
    assert max(error[exact_p_values]) < 0.041
    assert max(error[asymptotic_corrected_p_values]) < 0.041
    assert max(error[midp_p_values]) < 0.053
    assert max(error[asymptotic_p_values]) < 0.054
    assert np.mean(error[exact_p_values]) < 0.7 * 0.05
    assert 0.045 < np.mean(error[midp_p_values]) < 0.05


def test_power_does_not_rise_steadily_with_the_problems() -> None:
    powers = [mcnemar_power(n, 0.8, 0.2, p_values=exact_p_values) for n in range(8, 30)]
    assert any(later < earlier for earlier, later in pairwise(powers))


def test_asymptotic_p_values_are_those_of_the_test() -> None:
    assert float(asymptotic_p_values(12, 5)) == pytest.approx(mcnemar_asymptotic(12, 5).p_value)
    corrected = float(asymptotic_corrected_p_values(12, 5))
    assert corrected == pytest.approx(mcnemar_asymptotic(12, 5, corrected=True).p_value)
    assert corrected == pytest.approx(chdtrc(1, 36 / 17))
    assert float(asymptotic_p_values(0, 0)) == float(asymptotic_corrected_p_values(0, 0)) == 1
    assert float(asymptotic_corrected_p_values(3, 3)) == 1


@pytest.mark.parametrize(("discordance", "difference"), [(0.2, 0.117), (0.3, 0.146), (0.4, 0.168)])
def test_what_107_problems_can_show(discordance, difference) -> None:
    found = minimum_detectable_paired(107, discordance)
    assert found.difference == pytest.approx(difference, abs=0.0005)
    p_a, p_b = (discordance + found.difference) / 2, (discordance - found.difference) / 2
    assert mcnemar_power(107, p_a, p_b) == pytest.approx(0.8, abs=1e-9)


def test_too_few_problems_detect_nothing() -> None:
    found = minimum_detectable_paired(20, 0.2)
    assert found.difference is None
    assert found.max_power == pytest.approx(mcnemar_power(20, 0.2, 0))


def test_less_power_than_the_size_of_the_test_needs_no_difference() -> None:
    assert minimum_detectable_paired(107, 0.5, alpha=0.2, power=0.1).difference == 0


@pytest.mark.parametrize("p_values", [exact_p_values, midp_p_values])
def test_problems_needed_puts_the_power_where_it_is_wanted(p_values) -> None:
    found = problems_needed_paired(0.15, 0.3, p_values=p_values)
    p_a, p_b = 0.225, 0.075

    def power(n):
        return mcnemar_power(n, p_a, p_b, p_values=p_values)

    assert power(found.smallest) == found.power >= 0.8
    assert all(power(n) < 0.8 for n in range(1, found.smallest))
    assert all(power(n) >= 0.8 for n in range(found.lasting, found.lasting + 100))


def test_smaller_differences_need_more_problems() -> None:
    needed = [problems_needed_paired(d, 0.3).smallest for d in (0.3, 0.2, 0.1, 0.05)]
    assert needed == sorted(needed)


def test_a_difference_too_small_to_plan_is_refused() -> None:
    with pytest.raises(NoEstimateError, match="more than 20000 problems"):
        problems_needed_paired(0.0005, 0.5)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: mcnemar_power(0, 0.1, 0.1), ValueError, "n must be at least 1, got 0"),
        (lambda: mcnemar_power(1.5, 0.1, 0.1), TypeError, "n must hold whole numbers"),
        (lambda: mcnemar_power(9, 0.8, 0.3), ValueError, "must together be at most 1"),
        (lambda: mcnemar_power(9, -0.1, 0.3), ValueError, r"p_only_a must be in \[0, 1\]"),
        (lambda: mcnemar_power(9, 0.1, 0.3, alpha=1), ValueError, "alpha must be between 0 and 1"),
        (lambda: minimum_detectable_paired(9, 0), ValueError, r"discordance must be in \(0, 1\]"),
        (lambda: minimum_detectable_paired(9, 0.5, power=1), ValueError, "power must be between"),
        (lambda: problems_needed_paired(0.4, 0.3), ValueError, "at most the discordance"),
        (lambda: problems_needed_paired(0, 0.3), ValueError, "difference must be above 0"),
    ],
)
def test_bad_plans_are_refused(call, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        call()


def test_models_that_never_differ_are_never_told_apart() -> None:
    assert mcnemar_power(107, 0, 0) == 0
