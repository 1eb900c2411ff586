"""Weighted sums of rates against 0: the test says what the interval says."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm

from stats.contrast import mover_contrast
from stats.contrast_test import contrast_test

counts = st.tuples(st.integers(0, 40), st.integers(1, 40)).filter(lambda c: c[0] <= c[1])
GAP = ([48, 39, 23, 14], [107, 107, 106, 107], [1.0, -1 / 3, -1 / 3, -1 / 3])


def test_the_interval_at_one_minus_p_reaches_zero() -> None:
    found = contrast_test(*GAP)
    limits = mover_contrast(*GAP, level=1 - found.p_value).interval
    assert limits.low == pytest.approx(0, abs=1e-6)
    assert found.value == pytest.approx(48 / 107 - (39 / 107 + 23 / 106 + 14 / 107) / 3)


def test_two_rates_by_hand() -> None:
    # 8 of 10 against 2 of 10: Wilson at z has the half-width z sqrt(1.6 + z^2/4) / (10 + z^2) about
    # (8 + z^2/2) / (10 + z^2); the two distances are equal, so each must be 0.6 / sqrt 2.
    found = contrast_test([8, 2], [10, 10], [1, -1])
    z, low, high = 0.0, 0.0, 10.0
    for _ in range(80):
        z = (low + high) / 2
        limit = (8 + z * z / 2 - z * np.sqrt(1.6 + z * z / 4)) / (10 + z * z)
        low, high = (z, high) if 0.8 - limit < 0.6 / np.sqrt(2) else (low, z)
    assert found.p_value == pytest.approx(2 * norm.sf(z), rel=1e-9)


@given(st.lists(counts, min_size=2, max_size=4))
def test_any_link_is_never_smaller_and_mirrors(rates: list[tuple[int, int]]) -> None:
    successes, totals = zip(*rates, strict=True)
    weights = [1.0, *([-1 / (len(rates) - 1)] * (len(rates) - 1))]
    found = contrast_test(successes, totals, weights)
    turned = contrast_test(successes, totals, [-w for w in weights])
    assert found.p_any_link >= found.p_value
    assert turned.p_value == pytest.approx(found.p_value, rel=1e-9)
    assert turned.value == pytest.approx(-found.value)


@given(counts, counts)
def test_no_difference_has_p_one(a: tuple[int, int], b: tuple[int, int]) -> None:
    assume(a[0] * b[1] == b[0] * a[1])
    found = contrast_test([a[0], b[0]], [a[1], b[1]], [1, -1])
    assert found.p_value == pytest.approx(1, abs=1e-6)


def test_the_bound_holds_for_rates_linked_against_each_other() -> None:
    # Two models that never pass the same problem are as variable as two rates can be together.
    rng = np.random.default_rng(5)
    rejected = 0
    for _ in range(400):
        first = rng.random(107) < 0.5
        found = contrast_test([int(first.sum()), int((~first).sum())], [107, 107], [1, -1])
        rejected += found.p_any_link <= 0.05
    assert rejected / 400 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1.0], "lists of one length"), ([0.0, 0.0], "not all 0"), ([np.inf, 1.0], "finite")],
)
def test_bad_weights_are_refused(weights: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        contrast_test([1, 2], [3, 4], weights)
