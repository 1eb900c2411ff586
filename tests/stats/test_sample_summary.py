"""Summaries of samples: by hand, and what cannot be summarised."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.check import NoEstimateError
from stats.sample_summary import sample_summary


def test_four_values_by_hand() -> None:
    found = sample_summary([1.0, 2.0, 3.0, 6.0])
    assert (found.count, found.mean, found.median, found.min, found.max) == (4, 3.0, 2.5, 1.0, 6.0)
    assert found.std == pytest.approx((14 / 3) ** 0.5)  # squares 4, 1, 0, 9 over n - 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_agrees_with_the_standard_library(values: list[float]) -> None:
    found = sample_summary(values)
    assert found.median == pytest.approx(statistics.median(values))
    assert found.std == pytest.approx(statistics.stdev(values), rel=1e-6, abs=1e-6)


def test_one_value_has_no_spread() -> None:
    assert sample_summary([2.0]).std is None


def test_nothing_and_nonsense_are_refused() -> None:
    with pytest.raises(NoEstimateError, match="no values"):
        sample_summary([])
    with pytest.raises(ValueError, match="finite"):
        sample_summary([1.0, float("nan")])
