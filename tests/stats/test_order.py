"""Order: the fewest rows out of place against all subsets, the chance against all orders."""

from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.order import order


def naive_out_of_place(values: list[float]) -> int:
    """Fewest removals that leave a list which never falls, by trying all."""
    for removed in range(len(values) + 1):
        for kept in combinations(values, len(values) - removed):
            if all(a <= b for a, b in pairwise(kept)):
                return removed
    raise AssertionError


@given(st.lists(st.integers(0, 6), max_size=8))
def test_the_fewest_rows_are_moved(values):
    found = order(values, descending=False)
    kept = [v for i, v in enumerate(values) if i not in found.out_of_place]
    assert kept == sorted(kept)
    assert len(found.out_of_place) == naive_out_of_place(values)


@given(st.lists(st.integers(0, 6), max_size=8))
def test_falling_is_rising_upside_down(values):
    falling = order(values, descending=True)
    rising = order([-v for v in values], descending=False)
    assert falling == rising


@pytest.mark.parametrize("n", range(2, 7))
def test_the_chance_is_counted_over_all_orders(n):
    orders = [order(values, descending=False) for values in permutations(range(n))]
    for most in (0, 1):
        share = sum(len(found.out_of_place) <= most for found in orders) / len(orders)
        told = [found.chance for found in orders if len(found.out_of_place) == most]
        assert told == pytest.approx([share] * len(told))
        assert told


def test_one_row_that_stands_too_high():
    found = order([70.1, 62.3, 59.8, 44.9, 47.7, 46.7, 38.7], descending=True)
    assert found.out_of_place == (3,)
    assert found.inversions == ((3, 4), (3, 5))
    assert found.chance == pytest.approx(37 / 5040)


def test_equal_neighbours_are_in_order():
    assert order([3, 3, 1], descending=True).out_of_place == ()


def test_a_long_list_in_order_is_no_coincidence():
    assert order(range(400), descending=False).chance == 0


def test_what_has_no_order_is_refused():
    with pytest.raises(ValueError, match=r"^values must be finite numbers$"):
        order([1, float("nan")], descending=True)
