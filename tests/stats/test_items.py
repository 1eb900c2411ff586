"""Problems seen through the models: worked by hand, against a loop, at the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import mannwhitneyu

from stats.items import item_statistics


def test_worked_by_hand():
    # Model a passes both other problems, b one, c none; the first problem turns them around.
    values = np.array([[0, 0, 1], [1, 1, 0], [1, 0, 0]], dtype=float)
    got = item_statistics(values)
    assert got.share.tolist() == pytest.approx([1 / 3, 2 / 3, 1 / 3])
    # Rest means of problem 1 are 1, 1/2, 0: correlation of (0, 0, 1) with them is -sqrt(3)/2.
    assert got.discrimination[0] == pytest.approx(-np.sqrt(3) / 2)
    assert got.strength.tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    assert got.p_reversed[0] == pytest.approx(1 / 3)  # the weakest of three alone


@settings(deadline=None, derandomize=True, max_examples=40)
@given(arrays(float, (7, 5), elements=st.sampled_from([0.0, 0.5, 1.0, np.nan])))
def test_the_same_as_a_loop_over_problems(values):
    got = item_statistics(values)
    for i, row in enumerate(values):
        others = np.delete(values, i, axis=0)
        known = ~np.isnan(row) & ~np.isnan(others).all(axis=0)
        x = row[known]
        y = np.array([np.nanmean(c) for c in others[:, known].T])
        if x.size > 2 and x.std() > 1e-9 and y.std() > 1e-9:
            assert got.discrimination[i] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
        else:
            assert np.isnan(got.discrimination[i])
        passed = x >= 0.5
        if 0 < passed.sum() < passed.size:
            expected = mannwhitneyu(y[passed], y[~passed], alternative="less").pvalue
            assert got.p_reversed[i] == pytest.approx(expected)
        else:
            assert got.p_reversed[i] == 1


def test_all_none_and_nobody():
    values = np.array([[1, 1, 1], [0, 0, 0], [np.nan] * 3, [1, 0, 0]])
    got = item_statistics(values)
    assert got.share.tolist()[:2] == [1.0, 0.0]
    assert np.isnan(got.share[2])
    assert np.isnan(got.discrimination[:3]).all()
    assert got.attempted.tolist() == [3, 3, 0, 3]


def test_what_is_no_board():
    with pytest.raises(ValueError, match="problems x models"):
        item_statistics([1.0, 0.0])
    with pytest.raises(ValueError, match="problems x models"):
        item_statistics([[2.0, 0.0]])
