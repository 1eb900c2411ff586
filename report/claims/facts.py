"""Assertions on the report itself: places that must agree, surveys, what nothing could test."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from harness.claim import Assertion
from report.claims.figures import value
from report.claims.ground import Ground, NoDataError
from report.claims.parts import Part
from report.claims.recomputed import recomputed
from report.labels import listed
from stats.consistency import printed_matches


def consistent(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that two places of the release agree."""
    places = frozenset(assertion.places)
    if places == {"printed", "data"}:
        if not assertion.tables:
            raise NoDataError("The claim names no place that printed the figure.")
        yield from (replace(part, line=assertion.line) for part in value(ground, assertion))
    elif "summary_counts" in places:
        yield _summary_counts(ground, assertion)
        yield _possible(ground, assertion)
    elif "runtimes" in places:
        yield from recomputed(ground, assertion)
    else:
        yield _same_models(ground, assertion)


def _same_models(ground: Ground, assertion: Assertion) -> Part:
    first, second = (_models(ground, assertion, place) for place in assertion.places)
    words = {"models": "the release's models", "results": "those with results"}
    names = [words.get(place, "the rows as printed") for place in assertion.places]
    repeated = [m for side in (first, second) for m, times in side.items() if times > 1]
    problems = [f"{ground.model(m)} stands more than once" for m in repeated]
    for side, other, name in ((first, second, names[1]), (second, first, names[0])):
        missing = [ground.model(m) for m in side if m not in other]
        if missing:
            problems.append(f"{listed(missing)} {_is(missing)} not among {name}")
    return Part(
        f"{names[0]} and {names[1]} are the same, each once",
        "contradicted" if problems else "supported",
        f"{'; '.join(problems)}." if problems else "",
        method="arithmetic",
        line=assertion.line,
    )


def _is(names: list[str]) -> str:
    return "are" if len(names) > 1 else "is"


def _models(ground: Ground, assertion: Assertion, place: str) -> Counter[str]:
    release = ground.analysis.release
    if place == "models":
        return Counter(model.id for model in release.models)
    if place == "results":
        return Counter(count.model for count in release.totals)
    if place == "rows":
        return Counter(assertion.rows)
    raise NoDataError(f"{' and '.join(assertion.places)} cannot be held against each other.")


def _summary_counts(ground: Ground, assertion: Assertion) -> Part:
    release = ground.analysis.release
    compiled = {count.model: count.compiled for count in release.totals}
    rows = [s for s in release.summaries if s.metric == assertion.metric]
    if not rows:
        raise NoDataError(
            f"The release has no summaries of {ground.title(assertion.metric or '')}."
        )
    wrong = [s for s in rows if compiled.get(s.model) != s.count]
    note = "; ".join(
        f"{ground.model(s.model)}: {s.count} values, {compiled.get(s.model)} programs compiled"
        for s in wrong
    )
    return Part(
        f"{ground.title(assertion.metric or '')} summarises every program that compiled",
        "contradicted" if wrong else "supported",
        f"{note}." if note else "",
        n=len(rows),
        evidence="summaries",
        method="arithmetic",
        line=assertion.line,
    )


def _possible(ground: Ground, assertion: Assertion) -> Part:
    wrong = [
        f"{ground.model(item.summary.model)}: {found.rule}"
        for group in ground.analysis.summaries
        if group.metric.id == assertion.metric
        for item in group.models
        for found in item.contradictions
    ]
    return Part(
        f"no summary of {ground.title(assertion.metric or '')} is impossible in itself",
        "contradicted" if wrong else "supported",
        f"{'; '.join(wrong)}." if wrong else "",
        evidence="summaries",
        method="arithmetic",
        line=assertion.line,
    )


def survey(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that a survey is on record; what it says is opinion, which no data here could test."""
    cells = sum(len(model.post_training) for model in ground.analysis.release.models)
    if assertion.printed and not printed_matches(assertion.printed, float(cells)).matches:
        note = f"Printed {assertion.printed} cells; {cells} are on record."
        yield Part("cells of the survey", "misstated", note, printed=assertion.printed)
        return
    note = f"A survey by the authors, {cells} cells on record; no measurement stands behind it."
    yield Part("survey of post-training methods", "untestable", note, line=assertion.line)


def untestable(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Say why nothing could test the claim, with the figures that come nearest to it."""
    text = "no data of this release could test it"
    base = Part(text, "untestable", assertion.reason or "", line=assertion.line)
    if not assertion.models or not assertion.metric:
        yield base
        return
    for model in assertion.models:
        found = ground.value(model, assertion)
        yield replace(
            base,
            text=f"{ground.named(assertion)}: {ground.model(model)}",
            estimate=found.value,
            interval=found.interval,
            unit=found.unit,
            n=found.n,
            evidence=found.evidence,
            method=found.method,
        )
