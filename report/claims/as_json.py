"""Judged claims as plain data: `claims.json`, `claims.csv`, and what `check --json` prints."""

from collections.abc import Iterable
from math import isfinite

from report.claims.parts import JudgedClaim, Part

Plain = dict[str, object]

COLUMNS = (
    "id",
    "section",
    "text",
    "stated",
    "verdict",
    "estimate",
    "low",
    "high",
    "level",
    "unit",
    "p_value",
    "p_low",
    "p_high",
    "p_adjusted",
    "p_adjusted_low",
    "p_adjusted_high",
    "method",
    "evidence",
    "n",
    "family",
    "tests_in_family",
    "note",
    "needs",
    "acknowledged",
)
"""Of `claims.csv`: one row for each claim, its deciding part's figures in it."""


def claims_json(judged: Iterable[JudgedClaim]) -> list[Plain]:
    """Prepare claims for ``claims.json``: figures of the deciding part, then every part.

    Fractions stay fractions, in the ``unit`` that `report.numbers` writes; what is not there, and
    an infinite limit, is null.
    """
    return [_claim(claim) for claim in judged]


def _claim(judged: JudgedClaim) -> Plain:
    claim = judged.claim
    return {
        "id": claim.id,
        "section": claim.section,
        "text": claim.text,
        "stated": claim.stated,
        "verdict": judged.verdict,
        **_figures(judged.deciding),
        "family": claim.family,
        "acknowledged": claim.acknowledged,
        "remark": claim.note,
        "parts": [_part(part) for part in judged.parts],
    }


def _part(part: Part) -> Plain:
    return {
        "text": part.text,
        "verdict": part.verdict,
        "printed": part.printed,
        **_figures(part),
        "line": part.line,
    }


def _figures(part: Part) -> Plain:
    limits, test = part.interval, part.test
    return {
        "estimate": _finite(part.estimate),
        "low": _finite(limits.low) if limits else None,
        "high": _finite(limits.high) if limits else None,
        "level": limits.level if limits else None,
        "unit": part.unit if part.estimate is not None else None,
        "p_value": test.p if test else None,
        "p_low": test.low if test else None,
        "p_high": test.high if test else None,
        "p_adjusted": test.adjusted if test else None,
        "p_adjusted_low": test.adjusted_low if test else None,
        "p_adjusted_high": test.adjusted_high if test else None,
        "tests_in_family": test.family if test else None,
        "method": method_of(part),
        "evidence": part.evidence,
        "n": part.n,
        "note": part.note,
        "needs": part.needs,
    }


def method_of(part: Part) -> str | None:
    """Name the test with its correction, else the method behind the estimate."""
    if part.test is None:
        return part.method
    correction = part.test.correction
    return part.test.method if correction in {"", "none"} else f"{part.test.method}_{correction}"


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
