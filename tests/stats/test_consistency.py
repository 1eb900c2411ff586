"""Printed figures against values, and GRIM."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.check import NoEstimateError
from stats.consistency import grim, printed_matches

quick = settings(derandomize=True, deadline=None, max_examples=100)


@pytest.mark.parametrize(
    ("printed", "value", "matches", "rounded"),
    [
        ("21.2", 21.15, True, "21.2"),  # half up; half to even gives 21.2 as well
        ("21.2", 21.25, True, "21.3"),  # half to even only
        ("21.3", 21.25, True, "21.3"),  # half up only
        ("21.4", 21.35, True, "21.4"),
        ("21.3", 21.35, False, "21.4"),  # neither: half down is no common rounding
        ("21.1", 21.15, False, "21.2"),
        ("21.2", 21.249999, True, "21.2"),
        ("21", 21.2, True, "21"),
        ("21.0", 21.2, False, "21.2"),
        ("+21.2 %", 21.2, True, "21.2"),
        ("89%", 89.49, True, "89"),
        ("-3.5", -3.45, True, "-3.5"),
        ("\u22123.4", -3.45, True, "-3.5"),
        ("\u20133.4", 3.4, False, "3.4"),
        ("1,234.5", 1234.54, True, "1234.5"),
        ("1 234", 1234.4, True, "1234"),
        ("12,345,678", 12345678, True, "12345678"),
        (".935", 100 / 107, True, "0.935"),
        ("0.0", -0.04, True, "0.0"),
        ("0.29", 0.285, True, "0.29"),  # the binary number is below the half it stands for
        ("2.68", 2.6749999999999998, True, "2.68"),
        ("0.3", 0.1 + 0.2, True, "0.3"),
        ("0.300000", 0.3000005, True, "0.300001"),
    ],
)
def test_worked_by_hand(printed, value, matches, rounded):
    result = printed_matches(printed, value)
    assert result.matches is matches
    assert result.rounded == rounded


def test_rounding_interval_is_half_a_unit_each_way():
    result = printed_matches("+21.2 %", 21.2)
    assert (result.low, result.figure, result.high, result.decimals) == (21.15, 21.2, 21.25, 1)


def test_a_fraction_is_exact():
    assert printed_matches("0.3", Fraction(1, 4)).matches
    assert not printed_matches("0.3", Fraction(1, 4) - Fraction(1, 10**30)).matches


@pytest.mark.parametrize("bad", ["", "%", "21,2", "1,23", "1e3", "n/a", "1.2.3", "1,2345", "--3"])
def test_a_figure_that_is_no_number_is_named(bad):
    with pytest.raises(ValueError, match="printed must be a decimal number"):
        printed_matches(bad, 1.0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        printed_matches("1.0", bad)


@quick
@given(st.integers(-10_000, 10_000), st.integers(1, 999), st.integers(0, 4))
def test_agrees_with_decimal_rounding(numerator, denominator, decimals):
    value = Decimal(numerator) / Decimal(denominator)
    for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        printed = str(value.quantize(Decimal(1).scaleb(-decimals), mode))
        if "E" not in printed:
            assert printed_matches(printed, Fraction(numerator, denominator)).matches


@quick
@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 3))
def test_grim_finds_exactly_the_counts_that_round_to_the_figure(n, x, decimals):
    x = min(x, n)
    unit = Decimal(1).scaleb(-decimals)

    def shown(count, mode):
        return (Decimal(100 * count) / n).quantize(unit, mode)

    figure = shown(x, ROUND_HALF_UP)
    result = grim(str(figure), n)
    brute = [
        c for c in range(n + 1) if figure in (shown(c, ROUND_HALF_UP), shown(c, ROUND_HALF_EVEN))
    ]
    assert list(result.counts) == brute
    assert x in result.counts
    assert result.consistent


def test_grim_names_the_nearest_count_of_an_impossible_figure():
    # 100 * 40 / 107 = 37.38 and 100 * 41 / 107 = 38.32
    result = grim("37.39", 107)
    assert not result.consistent
    assert result.nearest == 40


def test_grim_allows_several_counts_where_decimals_are_few():
    # 0.5 rounds to 1 half up, to 0 half to even; 1.5 rounds to 2 either way.
    assert grim("1", 200).counts == (1, 2)
    assert grim("1", 200).half_even == (2,)


@pytest.mark.parametrize("reported", ["100.9", "-1.0"])
def test_grim_outside_the_possible_range(reported):
    assert grim(reported, 107).counts == ()


def test_grim_needs_a_total():
    with pytest.raises(NoEstimateError):
        grim("50", 0)
    with pytest.raises(TypeError):
        grim("50", 10.5)
