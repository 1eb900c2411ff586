"""Rules on units: a value is a time, or a number of things per time, and within its range."""

import re

from harness.release import Metric, PrintedTable
from report.consistency.findings import Checks, Facts, Finding, Held, table_words

_TIMES = re.compile(
    r"(?:n|µ|u|m|milli|micro|nano)?(?:s|sec|secs|seconds?)|min|mins|minutes?|h|hours?|days?"
    r"|(?:run)?times?|durations?|latency|latencies",
    re.IGNORECASE,
)
_OVER = re.compile(r"\s*(?:/|⁄|÷|\bper\b|\bdivided by\b)\s*", re.IGNORECASE)
_INVERSE = re.compile(r"(?:\^|\*\*)?(?:-1|⁻¹|−1)$")
_PERCENT = frozenset({"%", "percent", "per cent"})

DIMENSIONS = {"inverse_runtime": -1, "passes_per_second": -1}
"""Power of time of the metrics whose meaning results/README.md fixes."""

_NAMED = {-1: "something per time", 0: "no time", 1: "a time"}


def time_power(unit: str) -> int | None:
    """Power of time in a unit: 1 for milliseconds, -1 for runs per 1000 s, 0 for problems.

    None where the unit has more than one stroke or "per", so that it cannot be told.
    """
    parts = _OVER.split(unit.strip())
    if len(parts) > 2:
        return None
    powers = [_power(part) for part in parts]
    return powers[0] - powers[1] if len(parts) == 2 else powers[0]


def _power(text: str) -> int:
    """1 where one of the words is a time, -1 for "s^-1"; factors and other words do not count."""
    for word in re.findall(r"[^\s\d.,()]+(?:[-−]1|⁻¹)?", text):
        bare = _INVERSE.sub("", word)
        if _TIMES.fullmatch(bare):
            return -1 if bare != word else 1
    return 0


def units(facts: Facts) -> Checks:
    """A unit, declared or printed, that is not of the kind its metric is."""
    for metric in facts.release.metrics:
        declared = time_power(metric.unit)
        meant = DIMENSIONS.get(metric.id, declared)
        if metric.id in DIMENSIONS:
            yield _unit(facts, metric, metric.unit, meant, where="release.toml")
        for table in facts.release.printed_tables:
            for unit in table.units if table.metric == metric.id else ():
                yield _unit(facts, metric, unit, meant, where=table_words(table.id), table=table)


def _unit(
    facts: Facts,
    metric: Metric,
    unit: str,
    meant: int | None,
    *,
    where: str,
    table: PrintedTable | None = None,
) -> Finding | Held:
    found = time_power(unit)
    if found is None or meant is None or found == meant:
        return Held(where)
    return Finding(
        rule="units",
        severity="contradiction",
        where=where,
        part=unit,
        found=f"{unit}, {_NAMED.get(found, f'time to the power {found}')}",
        expected=f"{metric.unit}, {_NAMED.get(meant, f'time to the power {meant}')}"
        if table
        else _NAMED.get(meant, f"time to the power {meant}"),
        arithmetic=_example(facts, metric, unit, found, meant),
    )


def _example(facts: Facts, metric: Metric, unit: str, found: int, meant: int) -> str:
    """What one of the metric's own values would mean in the unit."""
    says = f"{metric.title}: {metric.description.rstrip('.')}. " if metric.description else ""
    summary = next((s for s in facts.release.summaries if s.metric == metric.id), None)
    if summary is None or (found, meant) != (1, -1):
        return says.strip()
    return (
        f"{says}A program twice as slow would have half the value, not double; "
        f"{summary.max:g}, the largest of {facts.named(summary.model)}, is its fastest program, "
        f"and no {unit}."
    )


def directions(facts: Facts) -> Checks:
    """A time of which more is called better, or a speed of which less is."""
    for metric in facts.release.metrics:
        power = DIMENSIONS.get(metric.id, time_power(metric.unit))
        if power in {None, 0} or metric.higher_is_better is None:
            continue
        if metric.higher_is_better == (power == -1):
            yield Held(metric.title)
            continue
        better = "higher" if metric.higher_is_better else "lower"
        yield Finding(
            rule="directions",
            severity="doubtful",
            where=metric.title,
            found=f"{better} is better",
            expected="the other direction",
            arithmetic=f"Its unit is {metric.unit}, "
            + ("a time: longer is slower." if power == 1 else "per time: more is faster."),
        )


def ranges(facts: Facts) -> Checks:
    """A summary outside what its unit can hold: a percentage above 100, a negative time."""
    known = {metric.id: metric for metric in facts.release.metrics}
    for summary in facts.release.summaries:
        metric = known[summary.metric]
        low, high = _range(metric)
        if low is None:
            continue
        if summary.min >= low and (high is None or summary.max <= high):
            yield Held(metric.title, (summary.model,))
            continue
        yield Finding(
            rule="ranges",
            severity="contradiction",
            where=metric.title,
            models=(summary.model,),
            found=f"{summary.min:g} to {summary.max:g} {metric.unit}",
            expected=f"at least {low:g}" if high is None else f"{low:g} to {high:g}",
            arithmetic=f"The unit is {metric.unit}.",
        )


def _range(metric: Metric) -> tuple[float | None, float | None]:
    if metric.unit.strip().lower() in _PERCENT:
        return 0.0, 100.0
    if metric.unit.strip().lower() in {"fraction", "share", "probability"}:
        return 0.0, 1.0
    return (0.0, None) if time_power(metric.unit) in {1, -1} else (None, None)
