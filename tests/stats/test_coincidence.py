"""Equal rows, and the chance of equal counts against simulation and enumeration."""

from math import comb

import numpy as np
import pytest

from stats import coincidence
from stats.check import NoEstimateError
from stats.coincidence import agreement_chance, collision_chance, identical_rows


def test_equal_rows_are_grouped_in_order():
    assert identical_rows(["a", "b", "a", "c", "b", "a"]) == ((0, 2, 5), (1, 4))
    assert identical_rows([]) == ()


def test_two_fair_coins_agree_by_the_squares_of_the_binomial():
    expected = sum((comb(10, k) / 2**10) ** 2 for k in range(11))
    assert collision_chance([5, 5]) == pytest.approx(expected)


def test_a_certain_outcome_always_agrees():
    assert collision_chance([0, 12, 0]) == pytest.approx(1)


def test_an_empty_class_changes_nothing():
    assert collision_chance([40, 0, 60]) == pytest.approx(collision_chance([40, 60]))


def test_three_classes_as_often_as_in_simulation():
    rng = np.random.default_rng(20_240_601)
    first, second = (rng.multinomial(12, [1 / 2, 1 / 4, 1 / 4], size=200_000) for _ in range(2))
    share = (first == second).all(axis=1).mean()
    assert collision_chance([6, 3, 3]) == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize("counts", [[500, 300, 200], [900, 100], [980, 10, 10]])
def test_the_limit_takes_over_smoothly(monkeypatch, counts):
    exact = collision_chance(counts)
    monkeypatch.setattr(coincidence, "LARGEST_EXACT", 10)
    assert collision_chance(counts) == pytest.approx(exact, rel=0.03)


@pytest.mark.parametrize("counts", [[], [1, 2, 3, 4]])
def test_only_one_to_three_classes(counts):
    with pytest.raises(ValueError, match=f"^counts must have 1 to 3 classes, got {len(counts)}$"):
        collision_chance(counts)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="must be between 0"):
        collision_chance([-1, 3])


def test_no_problems_have_no_chance():
    with pytest.raises(ValueError, match=r"^counts must not all be 0$") as caught:
        collision_chance([0, 0])
    assert not isinstance(caught.value, NoEstimateError)


def test_two_models_agree_on_coin_flips_once_in_two_to_the_n():
    assert agreement_chance([0.5] * 8) == pytest.approx(1 / 256)


def test_problems_that_everybody_solves_say_nothing():
    assert agreement_chance([1.0, 0.0, 1.0]) == 1


def test_agreement_as_often_as_in_simulation():
    rng, rates = np.random.default_rng(20_240_601), np.array([0.1, 0.5, 0.8])
    first, second = (rng.random((200_000, 3)) < rates for _ in range(2))
    share = (first == second).all(axis=1).mean()
    assert agreement_chance(rates) == pytest.approx(share, abs=0.005)


def test_a_rate_outside_0_to_1_is_refused():
    with pytest.raises(ValueError, match=r"^rates must be between 0 and 1$"):
        agreement_chance([0.5, 1.5])
