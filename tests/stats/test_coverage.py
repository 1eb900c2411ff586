import numpy as np
import pytest

from stats import bootstrap, proportion
from stats.coverage import binomial_table, rate_coverage

SIZES = [20, 107, 500]
CONSERVATIVE = [proportion.clopper_pearson_limits, proportion.wilson_continuity_limits]


def test_two_problems_worked_by_hand() -> None:
    # At p = 0.6 Wald holds the truth only after one success: 2 * 0.6 * 0.4, with width 1.386.
    got = rate_coverage(proportion.wald_limits, 2, rates=[0.6])
    assert got.coverage == pytest.approx([0.48])
    assert got.width == pytest.approx([0.48 * 2 * 1.959963984540054 * np.sqrt(0.125)])
    assert (got.n, got.level, got.mean, got.minimum) == (2, 0.95, *got.coverage, *got.coverage)


def test_counted_coverage_is_the_limit_of_a_simulated_one() -> None:
    x = np.random.default_rng(1).binomial(20, 0.3, 200_000)
    low, high = proportion.wilson_limits(x, 20)
    counted = rate_coverage(proportion.wilson_limits, 20, rates=[0.3]).mean
    assert np.mean((low <= 0.3) & (high >= 0.3)) == pytest.approx(counted, abs=0.002)


def test_binomial_probabilities_sum_to_one() -> None:
    table = binomial_table(500, np.array([1e-4, 0.5, 0.999]))
    assert table.sum(axis=1) == pytest.approx([1, 1, 1])
    assert table @ np.arange(501) == pytest.approx([0.05, 250, 499.5])


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_clopper_pearson_never_covers_less_than_it_says(n, level) -> None:
    assert rate_coverage(proportion.clopper_pearson_limits, n, level=level).minimum >= level


@pytest.mark.parametrize("n", SIZES)
def test_the_corrected_wilson_interval_is_conservative_but_for_its_ends(n) -> None:
    # Within a fraction of a problem of 0 or n it is not: 94.9 % at n = 107 and p = .9995.
    assert rate_coverage(proportion.wilson_continuity_limits, n).minimum >= 0.95


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("limits", [proportion.wilson_limits, proportion.jeffreys_limits])
def test_wilson_and_jeffreys_are_near_nominal_on_average(limits, n) -> None:
    assert rate_coverage(limits, n).mean == pytest.approx(0.95, abs=0.004)


@pytest.mark.parametrize("n", SIZES)
def test_agresti_coull_errs_on_the_safe_side_on_average(n) -> None:
    got = rate_coverage(proportion.agresti_coull_limits, n)
    assert 0.951 <= got.mean <= 0.963
    assert got.minimum >= 0.925


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("limits", [proportion.wald_limits, bootstrap.percentile_limits])
def test_wald_and_the_percentile_bootstrap_cover_too_little(limits, n) -> None:
    got = rate_coverage(limits, n)
    assert got.mean < 0.946
    assert got.minimum < 0.25  # near 0 and 1, where no success or no failure leaves no width


def test_at_107_problems_the_defaults_are_as_counted() -> None:
    assert rate_coverage(proportion.wilson_limits, 107).mean == pytest.approx(0.951, abs=5e-4)
    assert rate_coverage(bootstrap.percentile_limits, 107).mean == pytest.approx(0.927, abs=5e-4)


@pytest.mark.parametrize("limits", CONSERVATIVE)
def test_conservative_intervals_pay_in_width(limits) -> None:
    # Below one expected success in 107 the exact interval is the narrower one.
    rates = np.linspace(0.02, 0.98, 97)
    wilson = rate_coverage(proportion.wilson_limits, 107, rates=rates)
    assert np.all(rate_coverage(limits, 107, rates=rates).width > wilson.width)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="n must be at least 1, got 0"):
        rate_coverage(proportion.wilson_limits, 0)
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        rate_coverage(proportion.wilson_limits, 10, rates=[0.0])
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        rate_coverage(proportion.wilson_limits, 10, level=1.0)
