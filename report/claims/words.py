"""Figures, p-values and methods of claims in words, for cards and sentences."""

from report import numbers
from report.claims.parts import JudgedClaim, Part, Test, Verdict

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


def reason(judged: JudgedClaim) -> str:
    """Say why a claim has its verdict, naming the part that decides; empty where all just holds."""
    part = judged.deciding
    words = [part.note, part.needs]
    if any(words) and len(judged.parts) > 1:
        words.insert(0, f"{part.text[:1].upper()}{part.text[1:]}.")
    return " ".join(word for word in words if word)


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
    if low == 0 or (first.startswith("<") and first != second):
        return f"at most {second}"
    return first if first == second else f"{first} to {second}"


def correction_words(test: Test) -> str:
    """Name the correction and its family's size: "Holm, 32 tests"."""
    names = {"holm": "Holm", "max_t": "max-T", "benjamini_hochberg": "Benjamini-Hochberg"}
    name = names.get(test.correction, "not corrected")
    return f"{name}, {test.family} test{'s' if test.family != 1 else ''}"


_METHODS = {
    "arithmetic": "arithmetic",
    "cochran_armitage_exact": "Cochran-Armitage trend test, exact",
    "exact": "arithmetic",
    "fieller": "Fieller, problem by problem",
    "holm_rank_set_unlinked": "rank set by Holm-corrected tests",
    "hybrid_selection_lead_independent": "hybrid interval of a selected lead",
    "hybrid_selection_lead_linked": "hybrid interval of a selected lead, problem by problem",
    "koopman": "Koopman's score interval",
    "mcnemar_midp": "McNemar's test, mid-p",
    "miettinen_nurminen": "Miettinen-Nurminen score interval",
    "mover_r_wilson": "MOVER-R with Wilson's limits",
    "mover_wilson": "MOVER with Wilson's limits",
    "score_by_problem": "score interval, problem by problem",
    "sign_flip": "sign-flip test, problem by problem",
    "student_t_from_summary": "Student's t from a summary",
    "tang": "Tang's score interval",
    "tango": "Tango's score interval",
    "two_one_sided": "two one-sided tests",
    "unconditional_z_pooled": "unconditional exact test (z-pooled)",
    "welch_t_from_summary": "Welch's t from summaries",
    "wilson": "Wilson's score interval",
}


def method_words(method: str | None) -> str:
    """Name a method in plain words; one without a name here is written as it is called."""
    return _METHODS.get(method or "", (method or "").replace("_", " "))
