"""Contrasts and ratios of several rates: against their two-rate cases, by symmetry, by coverage."""

from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from stats.binomial import binomial_pmf
from stats.check import NoEstimateError
from stats.contrast import mover_contrast, mover_ratio
from stats.independent import newcombe
from stats.proportion import wilson

quick = settings(derandomize=True, deadline=None, max_examples=100)


@st.composite
def rate(draw, least=0, most=120):
    n = draw(st.integers(1, most))
    return draw(st.integers(min(least, n), n)), n


def test_one_rate_is_wilsons_interval() -> None:
    found = mover_contrast([48], [107], [1.0])
    assert found.value == 48 / 107
    assert found.interval.low == pytest.approx(wilson(48, 107).low, rel=1e-12)
    assert found.interval.high == pytest.approx(wilson(48, 107).high, rel=1e-12)


@quick
@given(rate(), rate())
def test_a_difference_is_newcombes_interval(one, other) -> None:
    found = mover_contrast([one[0], other[0]], [one[1], other[1]], [1, -1])
    expected = newcombe(*one, *other)
    assert found.interval.low == pytest.approx(expected.low, abs=1e-12)
    assert found.interval.high == pytest.approx(expected.high, abs=1e-12)


def test_the_mean_of_four_equal_rates_is_half_as_uncertain() -> None:
    # Distances add in squares: sqrt(4) / 4 of one of them.
    found, one = mover_contrast([5] * 4, [10] * 4, [0.25] * 4), wilson(5, 10)
    assert found.interval.low == pytest.approx(0.5 - (0.5 - one.low) / 2)
    assert found.n == 10


@quick
@given(st.lists(rate(), min_size=2, max_size=5), st.data())
def test_turning_the_weights_mirrors_the_interval(several, data) -> None:
    passed, n = zip(*several, strict=True)
    weights = np.array(data.draw(st.lists(st.floats(-2, 2), min_size=len(n), max_size=len(n))))
    if not weights.any():
        return
    one, other = mover_contrast(passed, n, weights), mover_contrast(passed, n, -weights)
    assert one.interval.low == pytest.approx(-other.interval.high, abs=1e-12)


def test_a_model_against_the_mean_of_three_worked_by_hand() -> None:
    passed, n = [48, 39, 23, 14], [107, 107, 106, 107]
    found = mover_contrast(passed, n, [1, -1 / 3, -1 / 3, -1 / 3])
    each = [wilson(x, m) for x, m in zip(passed, n, strict=True)]
    below = (48 / 107 - each[0].low) ** 2
    below += (
        sum((w.high - x / m) ** 2 / 9 for w, x, m in zip(each, passed, n, strict=True))
        - (each[0].high - 48 / 107) ** 2 / 9
    )
    assert found.value == pytest.approx(48 / 107 - (39 / 107 + 23 / 106 + 14 / 107) / 3)
    assert found.interval.low == pytest.approx(found.value - below**0.5)


@quick
@given(rate(least=1), rate(least=1))
def test_swapping_the_rates_inverts_the_ratio(one, other) -> None:
    found = mover_ratio(*one, [other[0]], [other[1]])
    swapped = mover_ratio(*other, [one[0]], [one[1]])
    assert found.interval.low == pytest.approx(1 / swapped.interval.high, rel=1e-9)
    assert found.value == pytest.approx(1 / swapped.value)


@quick
@given(rate(), st.lists(rate(), min_size=1, max_size=4))
def test_at_a_limit_of_the_ratio_the_contrast_has_a_limit_at_zero(own, others) -> None:
    passed, n = [own[0], *(x for x, _ in others)], [own[1], *(m for _, m in others)]
    if sum(passed) == 0:
        return
    found = mover_ratio(*own, passed[1:], n[1:]).interval
    for ratio, side in ((found.low, "low"), (found.high, "high")):
        if ratio in (0, inf):
            continue
        weights = [1.0, *([-ratio / len(others)] * len(others))]
        limit = getattr(mover_contrast(passed, n, weights).interval, side)
        assert limit == pytest.approx(0, abs=1e-8 * max(1, ratio))


def test_zero_counts_leave_a_side_of_the_ratio_open() -> None:
    none_above = mover_ratio(0, 10, [3, 0], [10, 10])
    assert (none_above.value, none_above.interval.low) == (0, 0)
    assert 0 < none_above.interval.high < inf
    none_below = mover_ratio(3, 10, [0, 0], [10, 10])
    assert (none_below.value, none_below.interval.high) == (inf, inf)
    assert 0 < none_below.interval.low < inf
    with pytest.raises(NoEstimateError, match="their ratio is 0/0"):
        mover_ratio(0, 10, [0, 0], [10, 10])


@pytest.mark.parametrize(("truth", "least"), [((0.3, 0.5, 0.8), 0.94), ((0.2, 0.2, 0.6), 0.94)])
def test_95_percent_interval_covers_about_95_in_100(truth, least) -> None:
    n, weights = 12, np.array([1, -0.5, -0.5])
    true, covered = float(weights @ truth), 0.0
    chances = [binomial_pmf(n, p) for p in truth]
    for counts in product(range(n + 1), repeat=3):
        chance = np.prod([c[x] for c, x in zip(chances, counts, strict=True)])
        if mover_contrast(counts, [n] * 3, weights).interval.contains(true):
            covered += chance
    assert least <= covered <= 0.98


def test_a_level_widens_by_its_quantile() -> None:
    wide = mover_contrast([50_000] * 2, [100_000] * 2, [1, -1], level=0.99).interval
    narrow = mover_contrast([50_000] * 2, [100_000] * 2, [1, -1], level=0.9).interval
    assert wide.width / narrow.width == pytest.approx(ndtri(0.995) / ndtri(0.95), rel=1e-3)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (([1], [2], [1, 1]), ValueError, "weights must have length 1"),
        (([1], [2], [0.0]), ValueError, "weights must be finite and not all 0"),
        (([1], [2], [float("nan")]), ValueError, "weights must be finite and not all 0"),
        (([1, 2], [2], [1, 1]), ValueError, "must be lists of one length"),
        (([], [], []), ValueError, "at least one rate, got none"),
        (([3], [2], [1]), ValueError, "successes must be between 0 and n = 2, got 3"),
        (([0], [0], [1]), NoEstimateError, "n must be at least 1"),
        (([0.5], [2], [1]), TypeError, "successes must hold whole numbers"),
    ],
)
def test_bad_arguments_are_refused(arguments, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        mover_contrast(*arguments)


def test_a_ratio_to_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one rate, got none"):
        mover_ratio(1, 2, [], [])
