"""Arithmetic with rounded numbers: worked by hand, and against every number that they stand for."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.rounded import (
    Span,
    could_print,
    difference,
    exact_span,
    mean,
    overlap,
    printed_span,
    quotient,
    total,
)


def test_a_printed_figure_stands_for_half_a_unit_on_either_side():
    assert printed_span("23.7") == Span(Fraction("23.65"), Fraction("23.75"))
    assert printed_span("-3 %") == Span(Fraction("-3.5"), Fraction("-2.5"))


def test_a_float_is_the_decimal_that_a_person_reads():
    assert exact_span(0.1) == Span(Fraction(1, 10), Fraction(1, 10))


def test_a_gap_between_printed_rates_worked_by_hand():
    # 44.9 - 23.7 is 21.2; the rates could be 44.85 to 44.95 and 23.65 to 23.75.
    gap = difference(printed_span("44.9"), printed_span("23.7"))
    assert gap == Span(Fraction("21.1"), Fraction("21.3"))
    assert could_print("21.1", gap)
    assert could_print("21.2", gap)
    assert not could_print("21.4", gap)


def test_a_share_of_the_best_worked_by_hand():
    # 44.85 / 70.15 = 63.93 % and 44.95 / 70.05 = 64.17 %.
    share = quotient(printed_span("44.9"), printed_span("70.1"), scale=100)
    assert float(share.low) == pytest.approx(63.934, abs=0.001)
    assert float(share.high) == pytest.approx(64.168, abs=0.001)
    tried = ("63.8", "63.9", "64.0", "64.1", "64.2", "64.3")
    assert [p for p in tried if could_print(p, share)] == ["63.9", "64.0", "64.1", "64.2"]


def test_shares_that_round_to_101_still_sum_to_the_whole():
    thirds = [printed_span("33.4"), printed_span("33.3"), printed_span("33.4")]
    assert overlap(total(thirds), exact_span(100))
    assert not overlap(total([*thirds, printed_span("0.4")]), exact_span(100))


def test_the_mean_of_rounded_numbers_is_as_rounded_as_they_are():
    assert mean([printed_span("1"), printed_span("4")]) == Span(Fraction(2), Fraction(3))


@given(st.integers(-500, 500), st.integers(1, 500), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_no_number_behind_the_figures_escapes(a, b, shift_a, shift_b):
    first, second = printed_span(str(a)), printed_span(str(b))
    x = exact_span(a).low + exact_span(shift_a).low
    y = exact_span(b).low + exact_span(shift_b).low
    inside = {
        "difference": (x - y, difference(first, second)),
        "quotient": (x / y * 100, quotient(first, second, scale=100)),
        "mean": ((x + y) / 2, mean([first, second])),
        "total": (x + y, total([first, second])),
    }
    for name, (value, span) in inside.items():
        assert span.low <= value <= span.high, name


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Span(Fraction(2), Fraction(1)), "low must be at most high, got 2 and 1"),
        (lambda: mean([]), "spans must hold at least one span, got none"),
        (lambda: exact_span(float("nan")), "value must be a finite number, got nan"),
        (
            lambda: quotient(exact_span(1), printed_span("0")),
            "second must not hold 0, got -1/2 to 1/2",
        ),
        (lambda: quotient(exact_span(1), exact_span(1), scale=0), "scale must be positive, got 0"),
        (lambda: printed_span("many"), "printed must be a decimal number"),
    ],
)
def test_what_cannot_be_computed_is_refused(call, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}"):
        call()
