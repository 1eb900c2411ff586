"""What could stand behind printed figures: arithmetic with numbers known to their rounding.

A figure printed as 23.7 stands for anything from 23.65 to 23.75. What is computed from such figures
is an interval too, and a third figure follows from them exactly when it could be a rounding of
something in that interval. Ends are exact fractions and count as possible, since at the ends it
depends on how the half was rounded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from stats.consistency import parse_printed


@dataclass(frozen=True, slots=True)
class Span:
    """All numbers from ``low`` to ``high``, both included; ``low == high`` is one exact number."""

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"low must be at most high, got {self.low} and {self.high}")

    @property
    def middle(self) -> float:
        """The number halfway."""
        return float((self.low + self.high) / 2)


def printed_span(printed: str) -> Span:
    """Give what a printed figure could stand for: itself -+ half a unit of its last decimal.

    Raises
    ------
    ValueError
        ``printed`` is no decimal number.
    """
    figure, decimals = parse_printed(printed)
    half = Fraction(1, 2 * 10**decimals)
    return Span(figure - half, figure + half)


def exact_span(value: float | Fraction) -> Span:
    """Give the span of one exact number; a float is taken at its shortest decimal form.

    Raises
    ------
    ValueError
        ``value`` is infinite or not a number.
    """
    if isinstance(value, Fraction):
        return Span(value, value)
    if not math.isfinite(value):
        raise ValueError(f"value must be a finite number, got {value}")
    exact = Fraction(repr(float(value)))
    return Span(exact, exact)


def total(spans: Sequence[Span]) -> Span:
    """Sum of the numbers; 0 of none."""
    return Span(sum((s.low for s in spans), Fraction()), sum((s.high for s in spans), Fraction()))


def mean(spans: Sequence[Span]) -> Span:
    """Plain mean of the numbers.

    Raises
    ------
    ValueError
        There is none.
    """
    if not spans:
        raise ValueError("spans must hold at least one span, got none")
    whole = total(spans)
    return Span(whole.low / len(spans), whole.high / len(spans))


def difference(first: Span, second: Span) -> Span:
    """First minus second."""
    return Span(first.low - second.high, first.high - second.low)


def quotient(first: Span, second: Span, *, scale: int = 1) -> Span:
    """First over second, times ``scale`` (100 for a percentage).

    Raises
    ------
    ValueError
        ``second`` holds 0, so that the quotient has no bound, or ``scale`` is not positive.
    """
    if second.low <= 0 <= second.high:
        raise ValueError(f"second must not hold 0, got {second.low} to {second.high}")
    if scale <= 0:
        raise ValueError(f"scale must be positive, got {scale}")
    ends = [a / b * scale for a in (first.low, first.high) for b in (second.low, second.high)]
    return Span(min(ends), max(ends))


def could_print(printed: str, span: Span) -> bool:
    """Say whether some number of the span, rounded, is the printed figure.

    Raises
    ------
    ValueError
        ``printed`` is no decimal number.
    """
    return overlap(printed_span(printed), span)


def overlap(first: Span, second: Span) -> bool:
    """Say whether the two have a number in common."""
    return first.low <= second.high and second.low <= first.high
