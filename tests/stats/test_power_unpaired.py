"""Exact power of tests of two unlinked rates: against every table written out."""

from itertools import pairwise, product
from math import comb

import numpy as np
import pytest

from stats.check import NoEstimateError
from stats.coverage_unlinked import type_one_error
from stats.fisher import fisher_exact, fisher_midp
from stats.power_unpaired import (
    fisher_midp_region,
    fisher_power,
    fisher_region,
    minimum_detectable_unpaired,
    problems_needed_unpaired,
    z_pooled_region,
)
from stats.unconditional import unconditional_z_pooled

TESTS = [
    (fisher_exact, fisher_region),
    (fisher_midp, fisher_midp_region),
    (unconditional_z_pooled, z_pooled_region),
]


@pytest.mark.parametrize(("test", "region"), TESTS)
@pytest.mark.parametrize(("n_a", "n_b", "alpha"), [(1, 1, 0.05), (9, 9, 0.05), (7, 11, 0.2)])
def test_the_region_holds_every_table_with_p_at_most_alpha(test, region, n_a, n_b, alpha) -> None:
    found = region(n_a, n_b, alpha)
    for a, b in product(range(n_a + 1), range(n_b + 1)):
        assert found[a, b] == (test(a, n_a, b, n_b).p_value <= alpha), (a, b)


def test_one_problem_each_worked_by_hand() -> None:
    # Of the four tables (1, 0) and (0, 1) have the pooled test's p = 1/2.
    assert fisher_power(1, 1, 0.9, 0.2, alpha=0.5, rejects=z_pooled_region) == pytest.approx(
        0.9 * 0.8 + 0.1 * 0.2
    )
    assert fisher_power(1, 1, 0.9, 0.2) == 0


@pytest.mark.parametrize(("test", "region"), TESTS)
def test_power_equals_the_sum_over_every_table(test, region) -> None:
    expected = sum(
        comb(8, a) * 0.9**a * 0.1 ** (8 - a) * comb(6, b) * 0.3**b * 0.7 ** (6 - b)
        for a, b in product(range(9), range(7))
        if test(a, 8, b, 6).p_value <= 0.05
    )
    assert fisher_power(8, 6, 0.9, 0.3, rejects=region) == pytest.approx(expected, rel=1e-10)


def test_swapping_sides_or_outcomes_changes_nothing() -> None:
    power = fisher_power(30, 20, 0.8, 0.5)
    assert fisher_power(20, 30, 0.5, 0.8) == pytest.approx(power, rel=1e-12)
    assert fisher_power(30, 20, 0.2, 0.5) == pytest.approx(power, rel=1e-12)


@pytest.mark.parametrize(("n_a", "n_b"), [(20, 20), (107, 107), (107, 50)])
def test_exact_tests_keep_their_level_and_fisher_wastes_it(n_a, n_b) -> None:
    rates = np.linspace(0, 1, 201)
    error = {region: type_one_error(region, n_a, n_b, rates=rates) for _, region in TESTS}
    assert error[fisher_region].max() <= 0.05
    assert error[z_pooled_region].max() <= 0.05
    # Mid-p may pass the level, by little (Fagerland, Lydersen & Laake 2017, section 4.4.6).
    assert error[fisher_midp_region].max() <= 0.056
    wasted = error[fisher_region].max() / error[z_pooled_region].max()
    assert wasted < 0.85


def test_what_107_problems_each_can_show() -> None:
    found = minimum_detectable_unpaired(107, 0.5)
    assert found.difference == pytest.approx(0.196, abs=0.0005)
    assert fisher_power(107, 107, 0.5, 0.5 + found.difference) == pytest.approx(0.8, abs=1e-9)
    better = minimum_detectable_unpaired(107, 0.5, rejects=z_pooled_region)
    assert better.difference < found.difference


def test_too_few_problems_detect_nothing() -> None:
    found = minimum_detectable_unpaired(20, 0.9)
    assert found.difference is None
    assert found.max_power == pytest.approx(fisher_power(20, 20, 0.9, 1.0))


def test_less_power_than_the_size_of_the_test_needs_no_difference() -> None:
    found = minimum_detectable_unpaired(50, 0.5, alpha=0.2, power=0.05)
    assert found.difference == 0


@pytest.mark.parametrize("region", [fisher_region, fisher_midp_region, z_pooled_region])
def test_problems_needed_puts_the_power_where_it_is_wanted(region) -> None:
    found = problems_needed_unpaired(0.9, 0.5, rejects=region)

    def power(n):
        return fisher_power(n, n, 0.9, 0.5, rejects=region)

    assert power(found.smallest) == found.power >= 0.8
    assert all(power(n) < 0.8 for n in range(1, found.smallest))
    assert all(power(n) >= 0.8 for n in range(found.lasting, found.lasting + 20))


def test_power_does_not_rise_steadily_with_the_problems() -> None:
    powers = [fisher_power(n, n, 0.9, 0.5) for n in range(5, 40)]
    assert any(later < earlier for earlier, later in pairwise(powers))


def test_a_difference_too_small_to_plan_is_refused() -> None:
    def never(n_a, n_b, alpha):
        del alpha
        return np.zeros((n_a + 1, n_b + 1), dtype=bool)

    with pytest.raises(NoEstimateError, match="more than 4096 problems"):
        problems_needed_unpaired(0.5, 0.6, rejects=never)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: fisher_power(0, 5, 0.1, 0.1), ValueError, "n must be at least 1, got 0"),
        (lambda: fisher_power(5, 5, 1.1, 0.1), ValueError, r"rate_a must be in \[0, 1\], got 1.1"),
        (lambda: fisher_power(5, 5, 0.1, 0.1, alpha=0), ValueError, "alpha must be between 0"),
        (lambda: minimum_detectable_unpaired(5, 1), ValueError, "rate must be below 1"),
        (lambda: problems_needed_unpaired(0.5, 0.5), ValueError, "must differ, got 0.5 twice"),
    ],
)
def test_bad_plans_are_refused(call, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        call()


@pytest.mark.parametrize(("n_a", "n_b", "alpha"), [(150, 150, 0.05), (210, 80, 0.01), (6, 5, 0.2)])
def test_the_region_ends_where_the_test_stops_rejecting(n_a, n_b, alpha) -> None:
    region = z_pooled_region(n_a, n_b, alpha)
    a, b = np.mgrid[0 : n_a + 1, 0 : n_b + 1]
    passed, total = a + b, n_a + n_b
    squared = (a * n_b - b * n_a) ** 2 / np.maximum(passed * (total - passed), 1)
    least = np.unravel_index(np.where(region, squared, np.inf).argmin(), region.shape)
    most = np.unravel_index(np.where(region, -1, squared).argmax(), region.shape)
    assert unconditional_z_pooled(int(least[0]), n_a, int(least[1]), n_b).p_value <= alpha
    assert unconditional_z_pooled(int(most[0]), n_a, int(most[1]), n_b).p_value > alpha
    assert squared[least] > squared[most]
