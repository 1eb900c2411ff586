"""Numbers as readers see them."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report import numbers
from stats.interval import Interval


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (48 / 107, "fraction", "44.9%"),
        (1.0, "fraction", "100.0%"),
        (0.21116, "points", "+21.1"),
        (-0.0131, "points", "−1.3"),
        (0.0, "points", "0.0"),
        (-0.0001, "points", "0.0"),
        (0.889, "relative", "+89%"),
        (-0.217, "relative", "−22%"),
        (31.25, "ratio", "31.2×"),
        (0.84375, "ratio", "0.844×"),
        (inf, "ratio", "∞×"),
        (0.2734, "p", "0.27"),
        (0.0046, "p", "0.0046"),
        (0.0000004, "p", "< 0.0001"),
        (1.0, "p", "1"),
        (1000, "billion", "1,000 B"),
        (32.5, "billion", "32.5 B"),
        (0.0143, "per_billion", "1.43"),
        (24014.5, "number", "24,014.5"),
        (1.552, "number", "1.552"),
        (107, "count", "107"),
    ],
)
def test_a_value_in_its_unit(value: float, unit: str, text: str) -> None:
    assert numbers.written(value, unit) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (0.358, 0.543, "fraction", "35.8 to 54.3%"),
        (-0.048, 0.213, "points", "−4.8 to +21.3"),
        (0.41, 1.46, "relative", "+41 to +146%"),
        (0.5, inf, "ratio", "0.500 to ∞×"),
    ],
)
def test_an_interval_names_its_unit_once(low: float, high: float, unit: str, text: str) -> None:
    assert numbers.interval(Interval(low, high, 0.95, "any"), unit) == text


def test_levels() -> None:
    assert numbers.level(0.95) == "95%"
    assert numbers.level(0.995) == "99.5%"
    assert numbers.level(0.9) == "90%"


@given(st.floats(-1, 1))
def test_points_are_never_a_negative_zero(value: float) -> None:
    text = numbers.points(value)
    assert text[0] in "+−" or text == "0.0"
    assert "-" not in text


@given(st.floats(0, 1), st.floats(0, 1))
def test_smaller_p_values_never_read_larger(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert _as_number(numbers.p_value(low)) <= _as_number(numbers.p_value(high))


def _as_number(text: str) -> float:
    return 0.00005 if text.startswith("<") else float(text)
