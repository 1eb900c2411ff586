"""Means over partly shared problems: both ends are Newcombe's intervals; coverage is counted."""

from itertools import product
from math import comb, nan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats import independent, paired
from stats.check import NoEstimateError
from stats.overlap import mean_correlation, overlapping_difference, paired_mean_difference

quick = settings(derandomize=True, deadline=None, max_examples=100)
bits = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=60)
shares = st.lists(
    st.tuples(st.sampled_from([nan, 0, 0.3, 1]), st.sampled_from([nan, 0, 0.5, 1])),
    min_size=1,
    max_size=30,
)


@quick
@given(bits)
def test_with_all_problems_shared_it_is_newcombes_paired_interval(rows) -> None:
    before, after = (np.array(column) for column in zip(*rows, strict=True))
    found = overlapping_difference(before, after)
    table = paired.count_pairs(after, before)
    cells = (table.both, table.only_a, table.only_b, table.neither)
    expected = paired.newcombe(*cells)
    assert found.value == pytest.approx(after.mean() - before.mean())
    assert found.interval.low == pytest.approx(expected.low, abs=1e-7)
    assert found.interval.high == pytest.approx(expected.high, abs=1e-7)


@quick
@given(st.integers(1, 50), st.integers(1, 50), st.data())
def test_with_no_problem_shared_it_is_newcombes_unlinked_interval(n, m, data) -> None:
    x, y = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    before = [1.0] * x + [0.0] * (n - x) + [nan] * m
    after = [nan] * n + [1.0] * y + [0.0] * (m - y)
    found = overlapping_difference(before, after)
    expected = independent.newcombe(y, m, x, n)
    assert found.n == 0
    assert found.interval.low == pytest.approx(expected.low, abs=1e-12)
    assert found.interval.high == pytest.approx(expected.high, abs=1e-12)


@quick
@given(shares)
def test_read_backwards_it_mirrors(rows) -> None:
    before, after = (np.array(column) for column in zip(*rows, strict=True))
    if np.isnan(before).all() or np.isnan(after).all():
        return
    there, back = overlapping_difference(before, after), overlapping_difference(after, before)
    assert there.value == pytest.approx(-back.value)
    assert there.interval.low == pytest.approx(-back.interval.high, abs=1e-12)
    assert there.interval.low <= there.value <= there.interval.high


def test_the_correlation_of_two_means_worked_by_hand() -> None:
    # Four shared of five and six: products about the means sum to 1, less a half, over spreads of
    # 1 each; times 4 / sqrt(5 * 6).
    before, after = [1, 1, 0, 0, 1, nan, nan], [1, 1, 0, 0, nan, 0, 1]
    assert mean_correlation(before, after) == pytest.approx(0.5 * 4 / sqrt(30))
    against = [0, 0, 1, 1, nan, 0, 1]  # turned round: no correction where the link is negative
    assert mean_correlation(before, against) == pytest.approx(-4 / sqrt(30))
    assert mean_correlation([1, 1, 0], [1, 1, 1]) == 0  # one side does not vary
    assert mean_correlation([1, nan], [nan, 1]) == 0


@pytest.mark.parametrize(
    ("shared", "own", "rates"), [(8, 6, (0.4, 0.6)), (4, 9, (0.3, 0.6)), (11, 2, (0.5, 0.5))]
)
def test_the_95_percent_interval_covers_about_95_in_100(shared, own, rates) -> None:
    """Count coverage over every outcome of shared problems (linked) and those of one side."""
    p, q = rates
    both = min(p, q) * 0.8
    cells = (both, p - both, q - both, 1 - p - q + both)  # both, only before, only after, neither
    covered = total = 0.0
    for a, b, c in product(range(shared + 1), repeat=3):
        d = shared - a - b - c
        if d < 0:
            continue
        linked = comb(shared, a) * comb(shared - a, b) * comb(shared - a - b, c)
        linked *= cells[0] ** a * cells[1] ** b * cells[2] ** c * cells[3] ** d
        for x, y in product(range(own + 1), repeat=2):
            chance = linked * _binomial(own, x, p) * _binomial(own, y, q)
            before = [1] * (a + b) + [0] * (c + d) + [1] * x + [0] * (own - x) + [nan] * own
            after = [1] * a + [0] * b + [1] * c + [0] * d + [nan] * own
            after += [1] * y + [0] * (own - y)
            total += chance
            if overlapping_difference(before, after).interval.contains(q - p):
                covered += chance
    assert total == pytest.approx(1)
    assert 0.93 <= covered <= 0.985


def _binomial(n: int, k: int, p: float) -> float:
    return comb(n, k) * p**k * (1 - p) ** (n - k)


@pytest.mark.parametrize("changed", [(0.1, 0.1), (0.05, 0.2), (0.3, 0.2), (0.02, 0.02)])
def test_the_paired_interval_covers_about_95_in_100(changed) -> None:
    n, (gain, loss) = 40, changed
    covered = 0.0
    for up in range(n + 1):
        for down in range(n + 1 - up):
            chance = comb(n, up) * comb(n - up, down) * gain**up * loss**down
            chance *= (1 - gain - loss) ** (n - up - down)
            if chance < 1e-12:
                continue
            after = [1.0] * up + [0.0] * (n - up)
            before = [0.0] * up + [1.0] * down + [0.0] * (n - up - down)
            if paired_mean_difference(before, after).interval.contains(gain - loss):
                covered += chance
    assert 0.93 <= covered <= 0.9999


@quick
@given(bits)
def test_the_paired_interval_holds_the_difference_and_is_never_empty(rows) -> None:
    before, after = (np.array(column, float) for column in zip(*rows, strict=True))
    found, back = paired_mean_difference(before, after), paired_mean_difference(after, before)
    assert found.value == pytest.approx((after - before).mean())
    assert found.interval.width > 0 or abs(found.value) == 1
    assert found.interval.low == pytest.approx(-back.interval.high, abs=1e-12)


@pytest.mark.parametrize("function", [overlapping_difference, paired_mean_difference])
def test_bad_values_are_refused(function) -> None:
    with pytest.raises(ValueError, match="lists of one length"):
        function([1, 0], [1])
    with pytest.raises(ValueError, match=r"in \[0, 1\]"):
        function([2, 0], [1, 0])


def test_a_set_without_problems_is_refused() -> None:
    with pytest.raises(NoEstimateError, match="after holds no problem"):
        overlapping_difference([1.0, 0.0], [nan, nan])
    with pytest.raises(ValueError, match="level must be between"):
        overlapping_difference([1.0], [1.0], level=1)
