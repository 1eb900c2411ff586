"""What a claim's verdict would be, had something reasonable been done differently."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.release import Release
from report.analysis import Analysis, analyse
from report.analysis.matched import MatchedPair
from report.claims.ground import Ground, NoDataError, ground_of
from report.claims.judge import Raw, raw_parts, settle
from report.claims.parts import JudgedClaim, Part, Test, Verdict
from stats.contrast_test import contrast_test

_RATES = frozenset({"passed", "compiled", "passed_of_compiled"})


@dataclass(frozen=True, slots=True)
class Mark:
    """One alternative: what it is, and the verdict under it.

    ``verdict`` is None where the release has nothing to try it with; ``reason`` says what.
    """

    label: str
    title: str
    verdict: Verdict | None
    reason: str = ""


Marks = Mapping[str, tuple[Mark, ...]]
"""Marks of each comparative claim, by its id."""


def sensitivity(analysis: Analysis) -> Marks:
    """Judge every comparative claim again under each alternative.

    Claims that rest on arithmetic alone have no marks: nothing could be done differently there.
    """
    ground = ground_of(analysis)
    raw = raw_parts(ground)
    base = {found.id: found for found in settle(ground, raw)}
    comparative = [key for key, found in base.items() if any(part.test for part in found.parts)]
    if not comparative:
        return {}
    tried = [_other_method(ground, raw), *_other_corrections(ground, raw)]
    tried += [_by_difficulty(ground, raw), _other_missing(analysis)]
    return {key: tuple(alternative(key) for alternative in tried) for key in comparative}


Alternative = Callable[[str], Mark]


def _marks(label: str, title: str, judged: Sequence[JudgedClaim]) -> Alternative:
    verdicts = {found.id: found.verdict for found in judged}
    return lambda key: Mark(label, title, verdicts[key])


def _other_corrections(ground: Ground, raw: Raw) -> list[Alternative]:
    return [
        _marks(
            "one family",
            "all claims of the report corrected together, by Holm",
            settle(ground, raw, correction="holm", one_family=True),
        ),
        _marks(
            "BH",
            "Benjamini-Hochberg: the share of false claims is kept small, not their chance",
            settle(ground, raw, correction="benjamini_hochberg"),
        ),
        _marks(
            "uncorrected",
            "no correction for the number of tests",
            settle(ground, raw, correction="none"),
        ),
    ]


def _other_method(ground: Ground, raw: Raw) -> Alternative:
    """Newcombe's hybrid interval in place of the unlinked test; exact McNemar with outcomes."""
    changed = {
        key: tuple(_with_test(part, _newcombe(ground, part)) for part in parts)
        for key, parts in raw.items()
    }
    linked = ground.analysis.linked
    title = (
        "McNemar's exact test instead of its mid-p"
        if linked
        else "Newcombe's hybrid score interval instead of the unconditional test"
    )
    found = _marks("other interval", title, settle(ground, changed))
    touched = {key for key in raw if changed[key] != raw[key]}

    def mark(key: str) -> Mark:
        if key in touched:
            return found(key)
        return Mark("other interval", title, None, "The claim rests on no such test.")

    return mark


def _with_test(part: Part, test: Test | None) -> Part:
    return replace(part, test=test) if test else part


def _newcombe(ground: Ground, part: Part) -> Test | None:
    if part.test is None or part.subject is None or part.unit != "points":
        return None
    a, b, metric = part.subject
    if len(part.test.key) != 5 or metric not in _RATES:
        return None  # a place rests on many pairs; a cell is not looked up by its subject
    if ground.analysis.linked:
        pair = ground.analysis.pair(a, b, metric) if metric != "passed_of_compiled" else None
        exact = pair.linked.p_exact if pair and pair.linked else None
        return replace(part.test, p=exact, low=exact, high=exact) if exact is not None else None
    rates = [ground.analysis.rates[model, metric] for model in (a, b)]
    found = contrast_test([r.count for r in rates], [r.n for r in rates], [1.0, -1.0])
    return replace(part.test, p=found.p_value)


def _by_difficulty(ground: Ground, raw: Raw) -> Alternative:
    label = "by difficulty"
    title = "models compared within categories and difficulties (Mantel-Haenszel, exact)"
    matched = {frozenset((pair.a, pair.b)): pair for pair in ground.analysis.matched}
    changed = {
        key: tuple(_with_test(part, _mantel_haenszel(matched, part)) for part in parts)
        for key, parts in raw.items()
    }
    found = _marks(label, title, settle(ground, changed))

    def mark(key: str) -> Mark:
        if changed[key] != raw[key]:
            return found(key)
        return Mark(label, title, None, "The release does not break down both sides by difficulty.")

    return mark


def _mantel_haenszel(matched: Mapping[frozenset[str], MatchedPair], part: Part) -> Test | None:
    if part.test is None or part.subject is None or part.subject[2] != "passed":
        return None
    pair = matched.get(frozenset(part.subject[:2]))
    if pair is None:
        return None
    p = pair.odds_ratio.test_exact.p_value
    return replace(part.test, p=p, low=p, high=p, method=pair.odds_ratio.test_exact.method)


def _other_missing(analysis: Analysis) -> Alternative:
    """Problems that a model never attempted count the other way: as failed, or as absent."""
    release = analysis.release
    failed = release.missing == "absent"
    label = "missing failed" if failed else "missing absent"
    title = (
        "problems without a result count as failed"
        if failed
        else "problems without a result are left out"
    )
    if not analysis.missing and not (analysis.board and analysis.board.filled.any()):
        return lambda _: Mark(label, title, None, "No model lacks a result.")
    other = analyse(_with_missing(release, failed=failed), level=analysis.level)
    ground = ground_of(other)
    try:
        found = settle(ground, raw_parts(ground))
    except NoDataError as missing:
        reason = str(missing)
        return lambda _: Mark(label, title, None, reason)
    return _marks(label, title, found)


def _with_missing(release: Release, *, failed: bool) -> Release:
    if release.outcomes is not None:
        return replace(release, missing="failed" if failed else "absent")
    counts = tuple(
        replace(count, problems=release.n_problems)
        if count.category is None and count.difficulty is None
        else count
        for count in release.counts
    )
    return replace(release, counts=counts)
