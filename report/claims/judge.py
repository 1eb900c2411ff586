"""Every claim of a release to its verdict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from harness.claim import REPORT, Assertion, Claim, Correction
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
    return settle(ground, raw_parts(ground))


Raw = Mapping[str, tuple[Part, ...]]
"""Parts of each claim by its id, their tests not corrected yet."""


def raw_parts(ground: Ground) -> Raw:
    """Split every claim into parts; what needs a test has it, uncorrected."""
    return {
        claim.id: tuple(part for item in claim.assertions for part in _asserted(ground, item))
        for claim in ground.analysis.release.claims
    }


def settle(
    ground: Ground,
    raw: Raw,
    *,
    correction: Correction | None = None,
    one_family: bool = False,
) -> tuple[JudgedClaim, ...]:
    """Correct the families and give the verdicts.

    Parameters
    ----------
    ground, raw
        What `raw_parts` took and gave.
    correction
        How every family is corrected; as claims.toml says by default.
    one_family
        Whether all claims are corrected together, whatever their families.
    """
    release = ground.analysis.release
    family_of = {claim.id: REPORT if one_family else claim.family for claim in release.claims}
    families: dict[str, Corrected] = {
        family: corrected(
            [
                p.test
                for key, parts in raw.items()
                if family_of[key] == family
                for p in parts
                if p.test
            ],
            correction or correction_of(release.families, family),
            ground.analysis.board,
        )
        for family in set(family_of.values())
    }
    settled = {
        key: tuple(
            _settled(ground, part) for part in correct_parts(parts, families[family_of[key]])
        )
        for key, parts in raw.items()
    }
    return _with_rests(release.claims, settled)


def _asserted(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    if assertion.metric == ground.analysis.release.success:
        assertion = replace(assertion, metric=MAIN)
    try:
        parts = list(RULES[assertion.kind](ground, assertion))
    except NoDataError as missing:
        parts = [Part(ground.named(assertion) or assertion.kind, "untestable", str(missing))]
    yield from (replace(part, line=assertion.line) for part in parts)


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
