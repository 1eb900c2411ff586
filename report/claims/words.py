"""Figures, p-values and methods of claims in words, for cards and sentences."""

from report import numbers
from report.claims.as_json import method_of
from report.claims.parts import Part, Test, Verdict

_AFTER = {"points": " points", "per_billion": " points per billion"}
"""What a sentence puts after a figure, where the figure's own form does not say its unit."""

MEANS: dict[Verdict, str] = {
    "supported": "The arithmetic holds, and so does the test where it takes one.",
    "unresolved": "The direction holds; the data cannot tell it from chance.",
    "contradicted": "The data say otherwise.",
    "misstated": "The figure is not what the data give.",
    "untestable": "No data in this release could test it.",
}
"""What each verdict means, in a sentence."""


def figure_words(part: Part) -> str:
    """Write the estimate with its unit; empty where there is none."""
    if part.estimate is None:
        return ""
    return numbers.written(part.estimate, part.unit) + _AFTER.get(part.unit, "")


def interval_words(part: Part) -> str:
    """Write the interval; empty where there is none."""
    return numbers.interval(part.interval, part.unit) if part.interval else ""


def p_words(test: Test) -> str:
    """Write the p-value of the unlinked test, with the range of the paired one."""
    words = numbers.p_value(test.p)
    return f"{words}; paired {_span(test.low, test.high)}" if test.ranges else words


def adjusted_words(test: Test) -> str:
    """Write the corrected p-value in the same way."""
    if test.adjusted is None or test.adjusted_low is None or test.adjusted_high is None:
        return ""
    words = numbers.p_value(test.adjusted)
    if not test.ranges:
        return words
    return f"{words}; paired {_span(test.adjusted_low, test.adjusted_high)}"


def _span(low: float, high: float) -> str:
    first, second = numbers.p_value(low), numbers.p_value(high)
    if low == 0:
        return f"at most {second}"
    return first if first == second else f"{first} to {second}"


def correction_words(test: Test) -> str:
    """Name the correction and its family's size: "Holm, 32 tests"."""
    names = {"holm": "Holm", "max_t": "max-T", "benjamini_hochberg": "Benjamini-Hochberg"}
    name = names.get(test.correction, "not corrected")
    return f"{name}, {test.family} test{'s' if test.family != 1 else ''}"


def method_words(part: Part) -> str:
    """Name the method in plain words."""
    return (method_of(part) or "").replace("_", " ")
