"""Multiplicity: worked by hand, against closed testing by brute force, and by its guarantees."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.families import (
    benjamini_hochberg,
    benjamini_yekutieli,
    bonferroni,
    hochberg,
    holm,
    hommel,
)

ALL = [bonferroni, holm, hochberg, hommel, benjamini_hochberg, benjamini_yekutieli]
quick = settings(derandomize=True, deadline=None, max_examples=60)
p_lists = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_three_p_values_worked_by_hand() -> None:
    p = [0.04, 0.01, 0.03]
    # Sorted .01 .03 .04: Holm 3(.01), then 2(.03), then max(.06, .04).
    assert holm(p) == pytest.approx([0.06, 0.03, 0.06])
    # From the largest: .04, min(.04, .06), min(.04, .03).
    assert hochberg(p) == pytest.approx([0.04, 0.03, 0.04])
    # 3/3 (.04), 3/2 (.03) = .045 -> .04, 3 (.01).
    assert benjamini_hochberg(p) == pytest.approx([0.04, 0.03, 0.04])
    assert benjamini_yekutieli(p) == pytest.approx(
        np.array([0.04, 0.03, 0.04]) * (1 + 1 / 2 + 1 / 3)
    )
    assert bonferroni(p) == pytest.approx([0.12, 0.03, 0.09])
    # Closed testing: {.03, .04} has Simes min(2(.03), .04) = .04; {.01, .04}: .02; all: .03.
    assert hommel(p) == pytest.approx([0.04, 0.03, 0.04])


def by_closed_testing(p: list[float], local) -> np.ndarray:
    """Largest local p-value over all sets that hold the hypothesis: the definition."""
    adjusted = np.zeros(len(p))
    for size in range(1, len(p) + 1):
        for members in combinations(range(len(p)), size):
            value = local(np.sort([p[i] for i in members]))
            for i in members:
                adjusted[i] = max(adjusted[i], value)
    return np.minimum(adjusted, 1)


@quick
@given(st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.02, 0.5, 1.0]), min_size=1, max_size=8))
def test_hommel_is_closed_testing_with_simes(p) -> None:
    def simes(ordered):
        return np.min(ordered.size * ordered / np.arange(1, ordered.size + 1))

    assert hommel(p) == pytest.approx(by_closed_testing(p, simes), abs=1e-14)


@quick
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_is_closed_testing_with_bonferroni(p) -> None:
    closed = by_closed_testing(p, lambda ordered: ordered.size * ordered[0])
    assert holm(p) == pytest.approx(closed, abs=1e-14)


@quick
@given(p_lists)
def test_each_method_is_at_least_as_strict_as_the_next(p) -> None:
    # Bonferroni >= Holm >= Hochberg >= Hommel >= Benjamini-Hochberg >= p.
    order = [bonferroni, holm, hochberg, hommel, benjamini_hochberg, np.asarray]
    values = [method(p) for method in order]
    for strict, mild in pairwise(values):
        assert np.all(strict >= mild - 1e-12)
    assert np.all(benjamini_yekutieli(p) >= benjamini_hochberg(p) - 1e-12)


@quick
@given(p_lists, st.randoms())
@pytest.mark.parametrize("method", ALL)
def test_order_of_the_input_carries_over(method, p, random) -> None:
    places = list(range(len(p)))
    random.shuffle(places)
    assert method([p[i] for i in places]) == pytest.approx(method(p)[places], abs=1e-15)


@pytest.mark.parametrize("method", ALL)
def test_one_comparison_needs_no_adjustment(method) -> None:
    assert method([0.03]).tolist() == [0.03]


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("extreme", [0.0, 1.0])
def test_extremes_stay(method, extreme) -> None:
    assert method([extreme] * 4).tolist() == [extreme] * 4


def test_holm_controls_the_family_where_unadjusted_p_values_do_not() -> None:
    # Twenty true nulls, independent: unadjusted, some p <= .05 in 64 of 100 families.
    p = np.random.default_rng(20_240_601).random((2_000, 20))
    assert np.mean(p.min(axis=1) <= 0.05) > 0.6
    assert np.mean([holm(row).min() <= 0.05 for row in p]) < 0.065


def test_hommel_on_half_a_million_p_values_agrees_with_its_bounds() -> None:
    p = np.random.default_rng(1).random(499_500) ** 3
    adjusted = hommel(p)
    assert np.all(adjusted <= hochberg(p) + 1e-12)
    assert np.all(adjusted >= benjamini_hochberg(p) - 1e-12)


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize(
    ("p_values", "sentence"),
    [
        ([], "at least one p-value"),
        ([[0.1, 0.2]], "at least one p-value"),
        ([0.1, float("nan")], "got nan at position 1"),
        ([1.2, 0.1], "got 1.2 at position 0"),
        ([-0.1], "got -0.1 at position 0"),
    ],
)
def test_what_is_no_family_is_refused(method, p_values, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        method(p_values)
