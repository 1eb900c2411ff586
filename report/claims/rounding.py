"""Whether a wrong figure follows from figures that were rounded before it was computed."""

from collections.abc import Iterator, Sequence

from report import numbers
from stats.consistency import printed_matches

_DECIMALS = (1, 0)
"""Decimals at which reports print rates, the usual first."""


def rounded_difference(printed: str, own: float, others: Sequence[float], *, relative: bool) -> str:
    """Say which rounded rates give a printed difference to a mean; empty where none do.

    Rates are fractions. The mean may have been taken of rounded rates, or rounded itself.
    """
    for digits, base in _means(others):
        rounded = round(100 * own, digits)
        found = 100 * (rounded - base) / base if relative and base else rounded - base
        if printed_matches(printed, round(found, 9)).matches:
            pair = f"{numbers.fixed(rounded, digits)} and {numbers.fixed(base, digits)}%"
            return f"It follows from rounded rates, {pair}."
    return ""


def _means(others: Sequence[float]) -> Iterator[tuple[int, float]]:
    for digits in _DECIMALS:
        yield digits, round(100 * sum(others) / len(others), digits)
        yield digits, sum(round(100 * other, digits) for other in others) / len(others)


def rounded_ratio(printed: str, own: float, base: float, *, percent: bool) -> str:
    """Say which rounded rates give a printed ratio; empty where none do."""
    for digits in _DECIMALS:
        above, below = round(100 * own, digits), round(100 * base, digits)
        if below == 0:
            continue
        found = (100 if percent else 1) * above / below
        if printed_matches(printed, round(found, 9)).matches:
            pair = f"{numbers.fixed(above, digits)} and {numbers.fixed(below, digits)}%"
            return f"It follows from rounded rates, {pair}."
    return ""
