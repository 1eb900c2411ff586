"""Every claim of a release to its verdict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from harness.claim import Assertion, Claim
from report.analysis import Analysis
from report.claims.comparisons import greater, less, order, trend
from report.claims.equivalence import equivalent
from report.claims.facts import consistent, survey, untestable
from report.claims.families import Corrected, correct_parts, corrected, correction_of
from report.claims.figures import ARITHMETIC
from report.claims.ground import MAIN, Ground, NoDataError, ground_of
from report.claims.needs import needs
from report.claims.parts import JudgedClaim, Part, worst
from report.claims.places import highest, lowest

Rule = Callable[[Ground, Assertion], Iterator[Part]]

RULES: Mapping[str, Rule] = {
    **ARITHMETIC,
    "greater": greater,
    "less": less,
    "highest": highest,
    "lowest": lowest,
    "order": order,
    "trend": trend,
    "equivalent": equivalent,
    "consistent": consistent,
    "survey": survey,
    "untestable": untestable,
}
"""Kind of assertion to the function that splits it into judged parts."""


def judge(analysis: Analysis) -> tuple[JudgedClaim, ...]:
    """Judge every claim of a release, in the order of claims.toml.

    First each assertion becomes parts, with the tests they rest on; then each family is corrected
    as a whole; then the verdicts follow, worst part first, claims that others rest on before
    those.
    """
    ground = ground_of(analysis)
    claims = analysis.release.claims
    raw = {claim.id: _parts(ground, claim) for claim in claims}
    families = _corrected(analysis, claims, raw)
    settled = {
        claim.id: tuple(
            _settled(ground, part) for part in correct_parts(raw[claim.id], families[claim.family])
        )
        for claim in claims
    }
    return _with_rests(claims, settled)


def _parts(ground: Ground, claim: Claim) -> tuple[Part, ...]:
    return tuple(part for item in claim.assertions for part in _asserted(ground, item))


def _asserted(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    if assertion.metric == ground.analysis.release.success:
        assertion = replace(assertion, metric=MAIN)
    try:
        parts = list(RULES[assertion.kind](ground, assertion))
    except NoDataError as missing:
        parts = [Part(ground.named(assertion) or assertion.kind, "untestable", str(missing))]
    yield from (replace(part, line=assertion.line) for part in parts)


def _corrected(
    analysis: Analysis, claims: Sequence[Claim], raw: Mapping[str, Sequence[Part]]
) -> dict[str, Corrected]:
    return {
        family: corrected(
            [
                part.test
                for claim in claims
                if claim.family == family
                for part in raw[claim.id]
                if part.test
            ],
            correction_of(analysis.release.families, family),
            analysis.board,
        )
        for family in {claim.family for claim in claims}
    }


def _settled(ground: Ground, part: Part) -> Part:
    """Give a part whose arithmetic holds the verdict of its corrected test."""
    if part.verdict != "supported" or part.test is None:
        return part
    if part.test.standing(ground.alpha) == "significant":
        return part
    unresolved = replace(part, verdict="unresolved")
    return replace(unresolved, needs=needs(ground, unresolved))


def _with_rests(
    claims: Sequence[Claim], settled: Mapping[str, tuple[Part, ...]]
) -> tuple[JudgedClaim, ...]:
    """Add the claims that a claim rests on as parts of it; the reader has excluded circles."""
    by_id = {claim.id: claim for claim in claims}
    done: dict[str, JudgedClaim] = {}

    def judged(claim: Claim) -> JudgedClaim:
        if claim.id not in done:
            rests = [judged(by_id[other]) for other in claim.rests_on]
            inherited = [
                replace(other.deciding, text=other.claim.text, verdict=other.verdict)
                for other in rests
            ]
            done[claim.id] = _judged(claim, (*settled[claim.id], *inherited))
        return done[claim.id]

    return tuple(judged(claim) for claim in claims)


def _judged(claim: Claim, parts: tuple[Part, ...]) -> JudgedClaim:
    verdict = worst(part.verdict for part in parts)
    decisive = [part for part in parts if part.verdict == verdict]
    deciding = max(decisive, key=_doubt)
    return JudgedClaim(claim, verdict, parts, deciding)


def _doubt(part: Part) -> float:
    """Among parts of one verdict the least certain one decides, else the first."""
    if part.test is None or part.test.adjusted_high is None:
        return -1.0 if part.estimate is None else 0.0
    return part.test.adjusted_high
