"""What it would take to resolve a claim: which outcomes, or how many problems."""

from report import numbers
from report.analysis.power import POWER, Setting, needed
from report.claims.ground import Ground
from report.claims.parts import Part, Test

_DISCORDANCE = 0.3
"""Share of problems that exactly one of two models passes, where nobody knows it."""


def needs(ground: Ground, part: Part) -> str:
    """Say what would resolve an unresolved part; empty where nothing could be planned."""
    if part.test is None:
        return ""
    span = _range(part.test)
    if part.test.standing(ground.alpha) == "open":
        return f"{span}: the per-problem outcomes would decide it."
    above = f"{span}: above {numbers.p_value(ground.alpha)} whatever the pairing."
    return f"{above if part.test.ranges else ''} {_problems(ground, part)}".strip()


def _range(test: Test) -> str:
    """Word the range of p, raw and corrected: "p between 0.002 and 0.34 (corrected …)"."""
    corrected = _span(test.adjusted_low or 0.0, test.adjusted_high or 0.0)
    return f"p {_span(test.low, test.high)} (corrected {corrected})"


def _span(low: float, high: float) -> str:
    first, second = numbers.p_value(low), numbers.p_value(high)
    if low == 0 or (first.startswith("<") and first != second):
        return f"at most {second}"
    return first if first == second else f"between {first} and {second}"


def _problems(ground: Ground, part: Part) -> str:
    if part.subject is None or part.unit != "points" or not part.estimate:
        return ""
    gap = abs(part.estimate)
    setting = Setting("mcnemar_midp", max(_DISCORDANCE, min(1.0, gap)))
    family = part.test.family if part.test else 1
    found = needed(gap, setting, alpha=ground.alpha / max(1, family), power=POWER)
    if found is None:
        return ""
    about = "" if found.exact else "about "
    return (
        f"If the difference is {numbers.points(part.estimate)} points, {about}"
        f"{numbers.count(found.lasting)} shared problems would show it with "
        f"{numbers.percent(POWER, 0)} power, where {numbers.percent(setting.assumed, 0)} of "
        f"them are passed by one of the two alone."
    )
