"""Scores on a grid: which step is found, which is refused, and the distribution counted on it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.grid import lower_tail, to_grid

quick = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("values", "scores", "step"),
    [
        ([1, -1, 0], [1, -1, 0], 1.0),
        ([4, -6, 0], [2, -3, 0], 2.0),
        ([0.3 - 0.1, 0.2, 0.4], [1, 1, 2], 0.2),
        ([1 / 3, -2 / 7], [7, -6], 1 / 21),
        ([0.123456, 1.0], [1929, 15625], 0.000064),
        ([0.0, 0.0], [0, 0], 1.0),
        ([1500.25, 0.5], [6001, 2], 0.25),
    ],
)
def test_the_coarsest_step_is_found(values, scores, step) -> None:
    grid = to_grid(values)
    assert grid.scores.tolist() == scores
    assert grid.step == pytest.approx(step, rel=1e-12)


@quick
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=20), st.integers(1, 60))
def test_shares_of_samples_come_back_as_whole_numbers(passes, samples) -> None:
    grid = to_grid(np.array(passes) / samples)
    assert grid.scores * grid.step == pytest.approx(np.array(passes) / samples, rel=1e-12)


@pytest.mark.parametrize(
    ("values", "scores"),
    [
        ([1e12, 0.3, -0.4, 0.5], [10**13, 3, -4, 5]),
        ([1e8, 0.25, -0.125], [8 * 10**8, 2, -1]),
        ([123_456_789.0, 0.1, 0.2], [1_234_567_890, 1, 2]),
    ],
)
def test_a_large_score_does_not_swallow_the_small_ones(values, scores) -> None:
    assert to_grid(values).scores.tolist() == scores


def test_beside_a_large_score_not_every_number_is_a_fraction() -> None:
    # 10/81 is within 1e-12 of the largest score, and is none of the two small ones.
    assert to_grid([12345.678, 0.123456789, 0.12345679, 3.0]) is None


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).normal(size=5),
        [np.pi, 1.0],
        [1e-7, 1.0],
        [1e300, 1.0],
        [2.0**52, 9.0, 2.0**52],
    ],
)
def test_values_without_a_common_step_have_no_grid(values) -> None:
    assert to_grid(values) is None


def test_the_shape_is_kept() -> None:
    assert to_grid([[0.5, 1.0], [0.0, -0.5]]).scores.tolist() == [[1, 2], [0, -1]]


@quick
@given(st.lists(st.integers(0, 9), max_size=9), st.integers(-1, 60))
def test_lower_tail_is_the_share_of_all_halves(weights, most) -> None:
    sums = [sum(half) for half in product(*([0, w] for w in weights))]
    up_to, below = lower_tail(np.array(weights, dtype=np.int64), most)
    assert up_to == sum(s <= most for s in sums) / len(sums)
    assert below == sum(s < most for s in sums) / len(sums)
