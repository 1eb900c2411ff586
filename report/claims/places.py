"""Assertions on places: which model, or which part of the problems, is first or last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from harness.claim import Assertion
from harness.claims import ALL
from report import numbers
from report.analysis.rates import Rate
from report.claims.compare import LINKED_METRICS, Compared, compare, whole_counts
from report.claims.ground import Ground, NoDataError
from report.claims.parts import Part, Test
from report.labels import listed
from stats.consistency import printed_matches
from stats.independent import miettinen_nurminen
from stats.interval import Interval
from stats.selection import SelectedLead, lead, lead_linked
from stats.unconditional import unconditional_z_pooled

_NO_TEST = "This release has nothing to test it with."
_RATES = frozenset({"passed", "compiled", "passed_of_compiled"})


def highest(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that a model holds a place counted from the highest figure."""
    return _extreme(ground, assertion, sign=1)


def lowest(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that a model holds a place counted from the lowest figure."""
    return _extreme(ground, assertion, sign=-1)


def _extreme(ground: Ground, assertion: Assertion, *, sign: int) -> Iterator[Part]:
    for model in assertion.models:
        if assertion.over:
            yield _part_of(ground, assertion, model, sign)
            continue
        names = assertion.among or (ALL,)
        members = ground.members(names, assertion, both=True)
        others = [m for m in members if m != model]
        if not others:
            raise NoDataError("There is no other model to compare with.")
        yield _extreme_model(ground, assertion, model, others, sign)
        if assertion.printed:
            yield _printed(ground, assertion, model)


def _printed(ground: Ground, assertion: Assertion, model: str) -> Part:
    found = ground.value(model, assertion)
    scaled = found.value * (100 if found.unit == "fraction" else 1)
    match = printed_matches(assertion.printed or "", scaled)
    shown = numbers.written(found.value, found.unit)
    printed = f"{assertion.printed}{'%' if found.unit == 'fraction' else ''}"
    return Part(
        f"{ground.named(assertion)}: {ground.model(model)}",
        "supported" if match.matches else "misstated",
        "" if match.matches else f"Printed {printed}; the data give {shown}.",
        printed=printed,
        estimate=found.value,
        interval=found.interval,
        unit=found.unit,
        n=found.n,
        evidence=found.evidence,
        method=found.method or "arithmetic",
        line=assertion.line,
    )


def _extreme_model(
    ground: Ground, assertion: Assertion, model: str, others: Sequence[str], sign: int
) -> Part:
    end = "highest" if sign > 0 else "lowest"
    place = end if assertion.rank == 1 else f"number {assertion.rank} from the {end}"
    text = f"{ground.model(model)} is {place} of {len(others) + 1} in {ground.named(assertion)}"
    own = ground.value(model, assertion).value
    found = {other: compare(ground, model, other, assertion) for other in others}
    ahead = [other for other in others if sign * (ground.value(other, assertion).value - own) > 0]
    nearest = min(others, key=lambda other: abs(found[other].difference))
    shown = max(ahead, key=lambda o: sign * -found[o].difference) if ahead else nearest
    part = Part(
        text,
        estimate=found[shown].difference,
        interval=found[shown].interval,
        unit=found[shown].unit,
        null=0.0,
        n=found[shown].n,
        evidence=found[shown].evidence,
        method=found[shown].method,
        subject=(model, shown, assertion.metric or ""),
        sign=sign,
        line=assertion.line,
    )
    if len(ahead) + 1 != assertion.rank:
        words = f"It is number {len(ahead) + 1}."
        if ahead:
            words += f" {'Higher' if sign > 0 else 'Lower'}: {listed(map(ground.model, ahead))}."
        return replace(part, verdict="contradicted", note=words)
    return _tested_place(ground, assertion, part, found, [model, *others], sign)


def _tested_place(
    ground: Ground,
    assertion: Assertion,
    part: Part,
    found: Mapping[str, Compared],
    members: Sequence[str],
    sign: int,
) -> Part:
    """Attach the test that a place needs: against every other model, the weakest one counts.

    A place holds if the model differs from all others, so no correction is due within it; two-sided
    tests against each also allow for the place having been picked from the data.
    """
    tests = [compared.test for compared in found.values()]
    if assertion.scope == "problems" or part.evidence is None:
        return part
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        nearest = min(found.values(), key=lambda compared: abs(compared.difference))
        note = f"The order holds. {nearest.caution or _NO_TEST}"
        return replace(part, verdict="unresolved", note=note)
    weakest = max(known, key=lambda test: test.p)
    key = ("place", *weakest.key[:-2], str(sign * assertion.rank), *members)
    test = Test(
        key,
        weakest.p,
        max(test.low for test in known),
        max(test.high for test in known),
        weakest.method,
    )
    part = replace(part, test=test)
    return _selected(ground, assertion, part, members, sign)


def _selected(
    ground: Ground, assertion: Assertion, part: Part, members: Sequence[str], sign: int
) -> Part:
    """Show the lead of a first place as corrected for having been picked: the winner's curse."""
    if assertion.rank != 1 or assertion.metric not in _RATES or assertion.category:
        return part
    found = _lead(ground, assertion, members, sign)
    if found.best != 0:
        return part  # a tie that another model leads
    limits = found.interval if sign > 0 else _mirrored(found.interval)
    runner_up = ground.model(members[found.runner_up])
    note = (
        f"The lead over {runner_up} is {numbers.points(found.observed)} points in the data; the "
        "estimate is corrected for both having been picked by their results."
    )
    return replace(
        part,
        estimate=sign * found.estimate,
        interval=limits,
        method=limits.method,
        note=f"{part.note} {note}".strip(),
    )


def _lead(ground: Ground, assertion: Assertion, members: Sequence[str], sign: int) -> SelectedLead:
    """Corrected lead of the first, which for the lowest is that of failures."""
    level, board = ground.analysis.level, ground.analysis.board
    if board and assertion.metric in LINKED_METRICS:
        values = board.common(members, assertion.metric or "")
        if values.shape[0] > 1:
            return lead_linked(values if sign > 0 else 1 - values, level=level)
    counts = [whole_counts(ground.rate(model, assertion)) for model in members]
    hits = [passed if sign > 0 else n - passed for passed, n in counts]
    return lead(hits, [n for _, n in counts], level=level)


def _mirrored(limits: Interval) -> Interval:
    return Interval(-limits.high, -limits.low, limits.level, limits.method)


def _part_of(ground: Ground, assertion: Assertion, model: str, sign: int) -> Part:
    """Judge that a category or difficulty is the one a model is best or worst in.

    Parts of the benchmark share no problem, so the test of unlinked rates is the right one.
    """
    kind = "category" if assertion.over == "categories" else "difficulty"
    claimed = getattr(assertion, kind)
    rates = _rates_by(ground, assertion, model, kind)
    own = rates.pop(claimed, None)
    if own is None or not rates:
        raise NoDataError(
            f"The release has no {ground.title(assertion.metric or '')} of {ground.model(model)} "
            f"by {kind}."
        )
    beyond = {name: r for name, r in rates.items() if sign * (r.value - own.value) > 0}
    choose = beyond or rates
    shown = choose[min(choose, key=lambda name: sign * -choose[name].value)]
    end = "highest" if sign > 0 else "lowest"
    level, mine = ground.analysis.level, whole_counts(own)
    part = Part(
        f"{claimed} has the {end} {ground.title(assertion.metric or '')} of {ground.model(model)} "
        f"among {len(rates) + 1} {assertion.over}",
        estimate=own.value - shown.value,
        interval=miettinen_nurminen(*mine, *whole_counts(shown), level=level),
        null=0.0,
        n=own.n,
        evidence="counts",
        method="miettinen_nurminen",
        sign=sign,
        line=assertion.line,
    )
    if beyond:
        words = listed(f"{name} ({r.count} of {r.n})" for name, r in beyond.items())
        note = f"{'Higher' if sign > 0 else 'Lower'}: {words}. It has {own.count} of {own.n}."
        return replace(part, verdict="contradicted", note=note)
    if assertion.scope == "problems":
        return part
    p = max(unconditional_z_pooled(*mine, *whole_counts(r)).p_value for r in rates.values())
    key = ("part", str(sign), assertion.metric or "", model, claimed or "")
    return replace(part, test=Test(key, p, p, p, "unconditional_z_pooled"))


def _rates_by(ground: Ground, assertion: Assertion, model: str, kind: str) -> dict[str, Rate]:
    names = getattr(ground.analysis.release, assertion.over or "categories")
    found = {}
    for name in names:
        try:
            where = (
                replace(assertion, category=name, difficulty=None)
                if kind == "category"
                else replace(assertion, category=None, difficulty=name)
            )
            found[name] = ground.rate(model, where)
        except NoDataError:
            continue  # the model attempted nothing there
    return found
