"""Assertions that compare: greater, less, order, trend.

The direction is arithmetic. Unless the scope is these problems, a comparison speaks of the models
and so carries a test, which its family corrects.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from harness.claim import Assertion
from report import numbers
from report.claims.compare import Compared, compare
from report.claims.ground import Ground, NoDataError
from report.claims.parts import Part, Test
from report.quantities import Quantity

_NO_TEST = "This release has nothing to test it with."


def greater(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that each model has a higher figure than each of the others."""
    return _versus(ground, assertion, sign=1)


def less(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that each model has a lower figure than each of the others."""
    return _versus(ground, assertion, sign=-1)


def _versus(ground: Ground, assertion: Assertion, *, sign: int) -> Iterator[Part]:
    for model in assertion.models:
        for other in ground.members(assertion.against, assertion, both=False):
            if other != model:
                yield _pair(ground, assertion, model, other, sign)


def _pair(ground: Ground, assertion: Assertion, a: str, b: str, sign: int) -> Part:
    mark = ">" if sign > 0 else "<"
    text = f"{ground.model(a)} {mark} {ground.model(b)}, {ground.named(assertion)}"
    try:
        found = compare(ground, a, b, assertion)
    except NoDataError as missing:
        return Part(text, "untestable", str(missing), line=assertion.line)
    return _compared(ground, assertion, found, text, sign, (a, b))


def _compared(
    ground: Ground,
    assertion: Assertion,
    found: Compared,
    text: str,
    sign: int,
    models: tuple[str, str],
) -> Part:
    part = Part(
        text,
        estimate=found.difference,
        interval=found.interval,
        unit=found.unit,
        null=0.0,
        n=found.n,
        evidence=found.evidence,
        method=found.method,
        subject=(*models, assertion.metric or ""),
        sign=sign,
        line=assertion.line,
    )
    if sign * (found.a - found.b) <= 0:
        note = _other_way(ground, found, models)
        return replace(part, verdict="contradicted", note=note, test=found.test)
    if assertion.scope == "problems" or found.evidence is None:
        return part
    if sign * found.difference <= 0:
        note = "On the problems that both have it is not so; each rate is over all of its own."
        return replace(part, verdict="unresolved", note=note, test=found.test)
    if found.test is None:
        note = f"The direction holds. {found.caution or _NO_TEST}"
        return replace(part, verdict="unresolved", note=note)
    return replace(part, test=found.test)


def _other_way(ground: Ground, found: Compared, models: tuple[str, str]) -> str:
    unit = {"points": "fraction"}.get(found.unit, found.unit)
    first, second = (numbers.written(value, unit) for value in (found.a, found.b))
    a, b = map(ground.model, models)
    if found.a == found.b:
        return f"Both have {first}."
    return f"It is the other way round: {a} has {first}, {b} {second}."


def order(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that models stand in the order of a metric: highest first unless it rises.

    Of these problems only, unless the scope says models: then each one is tested against the next.
    """
    sign = -1 if assertion.direction == "rises" else 1
    rows = assertion.rows
    if assertion.scope == "models":
        yield from (_pair(ground, assertion, a, b, sign) for a, b in pairwise(rows))
        return
    values = {row: ground.value(row, assertion) for row in rows}
    wrong = [
        (b, next(a for a in rows[:i] if sign * (values[a].value - values[b].value) < 0))
        for i, b in enumerate(rows)
        if any(sign * (values[a].value - values[b].value) < 0 for a in rows[:i])
    ]
    down = "highest first" if sign > 0 else "lowest first"
    text = f"{len(rows)} models in order of {ground.named(assertion)}, {down}"
    note = "; ".join(
        f"{ground.model(b)} ({_shown(values[b])}) stands below {ground.model(a)} "
        f"({_shown(values[a])})"
        for b, a in wrong
    )
    yield Part(
        text,
        "contradicted" if wrong else "supported",
        f"{note}." if note else "",
        n=min((v.n for v in values.values() if v.n), default=None),
        evidence=values[rows[0]].evidence,
        method="arithmetic",
        line=assertion.line,
    )


def _shown(quantity: Quantity) -> str:
    return numbers.written(quantity.value, quantity.unit)


def trend(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that a rate rises or falls over the difficulties, by the exact trend test."""
    metric = assertion.metric or ""
    for model in assertion.models:
        text = f"{ground.named(assertion)} of {ground.model(model)} {assertion.direction}"
        trends = {b.model: b.trends for b in ground.analysis.breakdowns}.get(model, {})
        if metric not in trends:
            note = f"The release has no {ground.named(assertion)} by difficulty for it."
            yield Part(text, "untestable", note, line=assertion.line)
            continue
        found = trends[metric]
        slope = found.slope
        rises = slope.value > 0
        agrees = slope.value != 0 and rises == (assertion.direction == "rises")
        p = found.p_value
        yield Part(
            f"{text} with difficulty",
            "supported" if agrees else "contradicted",
            "The estimate is the change from one difficulty to the next.",
            estimate=slope.value,
            interval=slope.interval,
            null=0.0,
            sign=1 if assertion.direction == "rises" else -1,
            n=slope.n,
            evidence="counts",
            method=slope.interval.method,
            test=None
            if assertion.scope == "problems"
            else Test(("trend", metric, model), p, p, p, found.method),
            line=assertion.line,
        )
