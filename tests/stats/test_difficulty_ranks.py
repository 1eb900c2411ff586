"""Ranks on a mix: by hand, by symmetry, and never narrower than the intervals allow."""

import numpy as np
import pytest

from stats.contrast import mover_contrast
from stats.difficulty_ranks import pairwise_level, standardised_rank_sets
from stats.proportion import wilson


def test_three_models_by_hand() -> None:
    # 0.9 - 0.5 = 0.4 > sqrt(0.1² + 0.1²), 0.9 - 0.8 = 0.1 < sqrt(0.1² + 0.1²).
    found = standardised_rank_sets([0.9, 0.5, 0.8], [0.8, 0.4, 0.7], [1.0, 0.6, 0.9])
    assert found.tolist() == [[1, 2], [3, 3], [1, 2]]


def test_equal_rates_without_width_share_all_ranks() -> None:
    assert standardised_rank_sets([0.5, 0.5], [0.5, 0.5], [0.5, 0.5]).tolist() == [[1, 2], [1, 2]]


def test_two_models_are_apart_where_the_mover_interval_of_their_difference_excludes_zero() -> None:
    for x in range(21):
        for y in range(31):
            own, other = wilson(x, 20), wilson(y, 30)
            values = [x / 20, y / 30]
            ends = [own.low, other.low], [own.high, other.high]
            apart = standardised_rank_sets(values, *ends).tolist() != [[1, 2], [1, 2]]
            gap = mover_contrast([x, y], [20, 30], [1.0, -1.0]).interval
            assert apart == (not gap.low <= 0 <= gap.high), (x, y)


def test_turning_the_order_turns_the_ranks() -> None:
    rng = np.random.default_rng(5)
    value = rng.random(7)
    width = 0.2 * rng.random((2, 7))
    ranks = standardised_rank_sets(value, value - width[0], value + width[1])
    turned = standardised_rank_sets(-value, -value - width[1], -value + width[0])
    assert (turned == 8 - ranks[:, ::-1]).all()


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        ([0.5], [0.6], [0.7], "between its limits"),
        ([0.5], [0.4, 0.4], [0.7], "equally long"),
        ([], [], [], "equally long"),
    ],
)
def test_bad_limits_are_refused(
    value: list[float], low: list[float], high: list[float], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        standardised_rank_sets(value, low, high)


def test_the_level_is_shared_among_all_pairs() -> None:
    assert pairwise_level(0.95, 2) == pytest.approx(0.95)
    assert pairwise_level(0.95, 5) == pytest.approx(1 - 0.05 / 10)
    assert pairwise_level(0.95, 1) == pytest.approx(0.95)
