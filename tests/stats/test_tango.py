"""Tango's interval: solved and put back, against plain bisection, and its coverage counted."""

from math import copysign, inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, xlogy

from stats.check import NoEstimateError
from stats.mcnemar import mcnemar_asymptotic
from stats.paired import tango
from stats.proportion import normal_quantile
from stats.tango import tango_limits

quick = settings(derandomize=True, deadline=None, max_examples=100)
tables = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)).filter(any)


def score(a: int, b: int, n: int, difference: float) -> float:
    """Tango's statistic at a hypothesised difference, written down plainly."""
    linear = (2 * n - a + b) * difference - a - b
    nuisance = (sqrt(max(linear**2 + 8 * n * b * difference * (1 - difference), 0)) - linear) / (
        4 * n
    )
    variance = n * (2 * nuisance + difference * (1 - difference))
    gain = a - b - n * difference
    return gain / sqrt(variance) if variance > 0 else copysign(inf, gain) if gain else 0.0


def naive_lower(a: int, b: int, n: int, z: float) -> float:
    low, high = -1.0, (a - b) / n
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if score(a, b, n, middle) > z else (low, middle)
    return high


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99999])
@pytest.mark.parametrize("n", [1, 2, 5, 13, 30])
def test_every_table_of_a_size_agrees_with_bisection(n, level) -> None:
    pairs = [(a, b) for a in range(n + 1) for b in range(n + 1 - a)]
    low, high = tango_limits([a for a, _ in pairs], [b for _, b in pairs], n, level=level)
    z = normal_quantile(level)
    assert low == pytest.approx([naive_lower(a, b, n, z) for a, b in pairs], abs=1e-10)
    assert high == pytest.approx([-naive_lower(b, a, n, z) for a, b in pairs], abs=1e-10)


def test_limits_put_back_give_z() -> None:
    low, high = tango_limits(12, 5, 107)
    assert score(12, 5, 107, float(low)) == pytest.approx(1.959963984540054, abs=1e-9)
    assert score(12, 5, 107, float(high)) == pytest.approx(-1.959963984540054, abs=1e-9)


def test_no_discordant_problem_has_a_width_and_a_closed_form() -> None:
    # The statistic is sqrt(n d / (1 - d)): the limit is z^2 / (n + z^2).
    z2 = 1.959963984540054**2
    low, high = tango_limits(0, 0, 107)
    assert high == pytest.approx(z2 / (107 + z2), rel=1e-14)
    assert low == -high


def test_one_is_reached_only_where_one_model_alone_passed_everything() -> None:
    assert tango(0, 107, 0, 0).high == 1
    assert tango(0, 0, 107, 0).low == -1
    assert tango(0, 106, 0, 1).high < 1
    assert tango(1, 106, 0, 0).high < 1


@quick
@given(tables)
def test_swapping_the_models_mirrors_the_interval(table) -> None:
    both, a, b = table
    there, back = tango(both, a, b, 0), tango(both, b, a, 0)
    assert there.low == pytest.approx(-back.high, abs=1e-14)
    assert there.high == pytest.approx(-back.low, abs=1e-14)


@quick
@given(tables)
def test_zero_is_inside_exactly_where_mcnemar_does_not_reject(table) -> None:
    both, a, b = table
    if a + b:
        rejected = mcnemar_asymptotic(a, b).statistic > 1.959963984540054**2
        assert tango(both, a, b, 3).contains(0) == (not rejected)


@quick
@given(tables)
def test_a_higher_level_contains_a_lower_one(table) -> None:
    both, a, b = table
    narrow, wide = tango(both, a, b, 0, level=0.95), tango(both, a, b, 0, level=0.99)
    assert wide.low <= narrow.low <= narrow.high <= wide.high


@quick
@given(tables)
def test_duplicating_the_data_narrows(table) -> None:
    both, a, b = table
    assert tango(2 * both, 2 * a, 2 * b, 0).width < tango(both, a, b, 0).width


def test_shapes_broadcast_and_blocks_leave_no_seam(monkeypatch) -> None:
    a, b = np.meshgrid(np.arange(20), np.arange(15))
    whole = tango_limits(a, b, 40)
    monkeypatch.setattr("stats.tango.BLOCK", 7)
    assert whole[0].shape == (15, 20)
    assert np.array_equal(whole, tango_limits(a, b, 40))


def test_large_counts_converge() -> None:
    low, high = tango_limits([10**6, 0, 1, 10**8], [10**6 - 1, 10**8, 0, 10**8], 10**9)
    assert np.all((low < high) & (low >= -1) & (high <= 1))


@pytest.mark.parametrize(
    ("a", "b", "n", "level", "error", "sentence"),
    [
        (3, 2, 4, 0.95, ValueError, "together at most n"),
        (-1, 2, 4, 0.95, ValueError, "at least 0"),
        (0, 0, 0, 0.95, NoEstimateError, "n must be at least 1"),
        (1, 1, 4, 1.0, ValueError, "level"),
        (1.5, 1, 4, 0.95, TypeError, "only_a must hold whole numbers"),
    ],
)
def test_what_is_no_table_is_refused(a, b, n, level, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        tango_limits(a, b, n, level=level)


def coverages(n: int, discordances: np.ndarray, gap: float) -> np.ndarray:
    """Exact coverage at every true difference on a grid: a sum over all trinomial tables."""
    a, b = (x.ravel() for x in np.mgrid[0 : n + 1, 0 : n + 1])
    a, b = a[a + b <= n], b[a + b <= n]
    low, high = tango_limits(a, b, n)
    ways = gammaln(n + 1) - gammaln(a + 1) - gammaln(b + 1) - gammaln(n - a - b + 1)
    covered = []
    for psi in discordances:
        for true in np.arange(-psi + gap, psi - gap / 2, gap):
            p, q = (psi + true) / 2, (psi - true) / 2
            inside = (low <= true) & (true <= high)
            chance = ways + xlogy(a, p) + xlogy(b, q) + xlogy(n - a - b, 1 - psi)
            covered.append(np.exp(chance[inside]).sum())
    return np.array(covered)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "discordances", "mean", "lowest"),
    [
        # Where most pairs of models lie; then down to 2 of 107 problems that tell them apart.
        (107, np.arange(0.1, 0.61, 0.1), 0.950, 0.942),
        (107, np.array([0.02, 0.05, 0.1, 0.15, 0.2]), 0.952, 0.937),
        (107, np.arange(0.05, 0.91, 0.05), 0.951, 0.937),
        (20, np.arange(0.1, 0.61, 0.1), 0.958, 0.940),
    ],
)
def test_coverage_is_nominal_on_average_and_never_far_below(n, discordances, mean, lowest) -> None:
    covered = coverages(n, discordances, 0.01)
    assert covered.mean() == pytest.approx(mean, abs=0.001)
    assert covered.min() >= lowest
