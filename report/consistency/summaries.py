"""Rules on published summaries: possible in themselves, and beside one another."""

from collections.abc import Mapping

from harness.release import Summary
from report import numbers
from report.consistency.findings import Checks, Facts, Finding, Held

SPEED, WEIGHTED = "inverse_runtime", "passes_per_second"

_RULES: Mapping[str, str] = {
    "minimum_above_maximum": "a minimum is at most the maximum",
    "mean_outside_range": "a mean lies between the smallest and the largest value",
    "median_outside_range": "a median lies between the smallest and the largest value",
    "mean_impossible_for_median": "half of the values lie on each side of the median",
    "std_above_largest": "no such values spread wider",
    "std_below_smallest": "the extremes alone spread wider",
    "median_too_far_from_mean": "mean and median are at most a standard deviation apart",
}

_SPREADS = frozenset({"std_above_largest", "std_below_smallest", "median_too_far_from_mean"})
"""Rules on figures that are never negative, whatever their limits allow."""


def possible_summaries(facts: Facts) -> Checks:
    """A mean, median, spread or range that no set of numbers has."""
    for group in facts.analysis.summaries:
        for item in group.models:
            if not item.contradictions:
                yield Held(group.metric.title, (item.summary.model,))
            for wrong in item.contradictions:
                value = f"{numbers.significant(wrong.found, 5)}"
                low = max(wrong.low, 0.0) if wrong.rule in _SPREADS else wrong.low
                limits = [numbers.significant(end, 5) for end in (low, wrong.high)]
                yield Finding(
                    rule="possible-summaries",
                    severity="contradiction",
                    where=group.metric.title,
                    models=(item.summary.model,),
                    part=wrong.rule,
                    found=f"{_subject(wrong.rule)} of {value}",
                    expected=f"from {limits[0]} to {limits[1]}",
                    arithmetic=f"With {item.summary.count} values from {item.summary.min:g} to "
                    f"{item.summary.max:g}: {_RULES.get(wrong.rule, wrong.rule)}.",
                )


def _subject(rule: str) -> str:
    if rule == "median_too_far_from_mean":
        return "a distance of mean and median"
    return f"a {'standard deviation' if rule.startswith('std') else rule.partition('_')[0]}"


def weighted_against_speed(facts: Facts) -> Checks:
    """Passes per second of one model that its speeds and its passes rule out.

    A program's value is its speed where it passed and 0 where it failed: no larger than the speed,
    0 for the median where fewer than half passed, 0 for the minimum where one failed.
    """
    known = {(s.model, s.metric): s for s in facts.release.summaries}
    for model in (m.id for m in facts.release.models):
        speed, weighted = known.get((model, SPEED)), known.get((model, WEIGHTED))
        if speed is None or weighted is None or speed.count != weighted.count:
            continue
        limits = _limits(facts, speed)
        for name, (limit, why) in limits.items():
            value = getattr(weighted, name)
            if value <= limit + _slack(speed):
                yield Held(name, (model,))
                continue
            yield Finding(
                rule="weighted-against-speed",
                severity="contradiction",
                where=next(m.title for m in facts.release.metrics if m.id == WEIGHTED),
                models=(model,),
                part=name,
                found=f"a {name} of {value:g}",
                expected=f"at most {numbers.significant(limit, 5)}",
                arithmetic=why,
            )


def _limits(facts: Facts, speed: Summary) -> Mapping[str, tuple[float, str]]:
    """Largest possible figure of the weighted metric, by name, with the reason."""
    limits = {
        name: (
            getattr(speed, name) / 1000,
            f"{getattr(speed, name):g} / 1000, the same programs' speed per second",
        )
        for name in ("mean", "median", "min", "max")
    }
    total = facts.totals.get(speed.model)
    if total and total.passed is not None and total.compiled == speed.count:
        reason = f"{total.passed} of {total.compiled} programs passed, the others count 0"
        if total.passed < total.compiled:
            limits["min"] = (0.0, reason)
        if 2 * total.passed < total.compiled:
            limits["median"] = (0.0, reason)
    return limits


def _slack(speed: Summary) -> float:
    """Half a thousandth for the digits that such summaries are printed with, and noise."""
    return 0.0005 + 1e-12 * speed.max
