"""Assertions of no difference: equivalence within a margin, or the margin it would take.

Two one-sided tests at level alpha are the same as a (1 - 2 alpha) interval inside the margin. With
counts only, the interval must lie inside it however the two models' successes overlapped.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from harness.claim import Assertion
from report import numbers
from report.claims.compare import Compared, board_values, compare, whole_counts
from report.claims.ground import Ground, NoDataError
from report.claims.parts import Part, Test
from stats.bounds import paired_difference_range
from stats.independent import miettinen_nurminen
from stats.interval import Interval
from stats.problem_contrasts import score_interval_of_differences

_HALVINGS = 24
"""Of the level, until a p-value is known to 1e-7."""

Limits = Callable[[float], Interval]
"""A confidence level to the interval at that level."""


def equivalent(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that models do not differ by more than a margin from others."""
    for model in assertion.models:
        for other in ground.members(assertion.against, assertion, both=False):
            if other != model:
                yield _pair(ground, assertion, model, other)


def _pair(ground: Ground, assertion: Assertion, model: str, other: str) -> Part:
    text = f"{ground.model(model)} ≈ {ground.model(other)}, {ground.named(assertion)}"
    try:
        found = compare(ground, model, other, assertion)
    except NoDataError as missing:
        return Part(text, "untestable", str(missing), line=assertion.line)
    part = Part(
        text,
        estimate=found.difference,
        interval=found.interval,
        unit=found.unit,
        null=0.0,
        n=found.n,
        evidence=found.evidence,
        method=found.method,
        subject=(model, other, assertion.metric or ""),
        line=assertion.line,
    )
    if found.unit != "points" or assertion.metric not in {"passed", "compiled"}:
        return _without_test(assertion, part, found)
    unlinked, linked = _limits(ground, assertion, model, other)
    if assertion.margin is None:
        return replace(part, verdict="untestable", note=_needed(ground.alpha, unlinked, linked))
    margin = assertion.margin / 100
    if assertion.margin_unit == "%":
        margin *= found.b
    return _within(ground, part, margin, unlinked, linked)


def _without_test(assertion: Assertion, part: Part, found: Compared) -> Part:
    values = " against ".join(numbers.written(value, "number") for value in (found.a, found.b))
    if assertion.margin is None:
        note = f"No margin is stated within which the two would count as equal: {values}."
        return replace(part, verdict="untestable", note=note)
    size = found.b if assertion.margin_unit == "%" else 100.0
    beyond = abs(found.difference) > assertion.margin / 100 * size
    note = f"This release has nothing to test it with: {values}. {found.caution}".strip()
    return replace(part, verdict="contradicted" if beyond else "unresolved", note=note)


def _limits(ground: Ground, assertion: Assertion, model: str, other: str) -> tuple[Limits, Limits]:
    """Intervals of the difference: unlinked, and around all that the pairing could give.

    With outcomes both are the paired interval.
    """
    board = ground.analysis.board
    if board:
        values = board_values(board, [model, other], assertion)
        d = values[:, 0] - values[:, 1]

        def paired(level: float) -> Interval:
            return score_interval_of_differences(d, level=level).interval

        return paired, paired
    a, b = (ground.rate(m, assertion) for m in (model, other))
    counts = (*whole_counts(a), *whole_counts(b))
    total = max(ground.problems(assertion.category, assertion.difficulty), a.n, b.n)

    def unlinked(level: float) -> Interval:
        return miettinen_nurminen(*counts, level=level)

    def linked(level: float) -> Interval:
        return paired_difference_range(*counts, n_problems=total, level=level).envelope

    return unlinked, linked


def _needed(alpha: float, unlinked: Limits, linked: Limits) -> str:
    level = 1 - 2 * alpha
    first, second = (max(abs(i.low), abs(i.high)) for i in (unlinked(level), linked(level)))
    least = f"No margin is stated. One of {numbers.fixed(100 * first, 1)} points or more would hold"
    if first == second:
        return f"{least}."
    return (
        f"{least} if results were unlinked, {numbers.fixed(100 * second, 1)} whatever the pairing."
    )


def _within(ground: Ground, part: Part, margin: float, unlinked: Limits, linked: Limits) -> Part:
    wide = linked(ground.analysis.level)
    shown = f"{numbers.fixed(100 * margin, 1)} points"
    if wide.low > margin or wide.high < -margin:
        note = f"The difference exceeds {shown}, whatever the pairing."
        return replace(part, verdict="contradicted", note=note)
    p, high = (_p_value(limits, margin) for limits in (unlinked, linked))
    key = ("equivalent", *(part.subject or ()), str(margin))
    test = Test(key, p, min(p, high), high, "two_one_sided")
    return replace(part, test=test, note=f"Counts as equal within {shown}.")


def _p_value(limits: Limits, margin: float) -> float:
    """Smallest alpha whose (1 - 2 alpha) interval lies within the margin; .5 if none does."""
    low, high = 0.0, 0.5
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = limits(1 - 2 * middle)
        inside = -margin < found.low and found.high < margin
        low, high = (low, middle) if inside else (middle, high)
    return high
