"""What a page can ask of claims: figures and badge in a sentence, verdict, reason, list."""

import difflib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol

from markupsafe import Markup

from report.claims import JudgedClaim
from report.claims.html import (
    filter_html,
    inline_claim,
    list_html,
    marks_html,
    shown_figures,
    tally_html,
)
from report.claims.sensitivity import Mark, Marks, sensitivity
from report.claims.words import reason
from report.exhibits.claims import comparative
from report.exhibits.common import Context
from report.kept import kept_json


class Place(Protocol):
    """Where on which page the narrative is: `report.pages.Placer`."""

    wordless: bool
    depth: int
    badges: int


def claim_names(context: Context, place: Place) -> dict[str, Any]:
    """Names of claims for templates; docs/WRITING.md describes them for authors."""
    judged = {found.id: found for found in context.claims}

    def known(claim: str) -> JudgedClaim:
        if claim in judged:
            return judged[claim]
        near = difflib.get_close_matches(claim, judged, n=3, cutoff=0.5)
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise KeyError(f"no claim is called {claim!r}{hint}")

    def claim(claim_id: str, *, figures: bool = True) -> Markup:
        found = known(claim_id)
        if place.wordless:
            return Markup("{}{}").format(shown_figures(found) if figures else "", found.verdict)
        place.badges += 1
        return inline_claim(found, number=place.badges, depth=place.depth, figures=figures)

    return {
        "claim": claim,
        "claims": context.claims,
        "claims_compared": len(comparative(context)),
        "verdict": lambda claim_id: known(claim_id).verdict,
        "claim_text": lambda claim_id: known(claim_id).claim.text,
        "why": lambda claim_id: reason(known(claim_id)),
        "claims_tally": lambda: tally_html(context.claims, depth=place.depth),
        "claims_filter": lambda: _worded(place, lambda: filter_html(context.claims)),
        "claims_list": lambda: _worded(place, lambda: _list(context)),
    }


def _worded(place: Place, make: Callable[[], Markup]) -> Markup:
    return Markup("") if place.wordless else make()


def _list(context: Context) -> Markup:
    release = context.analysis.release
    marks = _marks(context)
    verdicts = {found.id: found.verdict for found in context.claims}
    panels = {key: marks_html(row, verdicts[key]) for key, row in marks.items()}
    return list_html(context.claims, release.families, panels)


def _marks(context: Context) -> Marks:
    """Sensitivity of every claim, kept between builds: it judges all claims seven times."""
    release = context.analysis.release
    made = kept_json(
        context.kept,
        "marks",
        [release.digest, context.analysis.level, repr((release.claims, release.counts))],
        lambda: {
            key: [asdict(mark) for mark in row]
            for key, row in sensitivity(context.analysis).items()
        },
        code="[hrs]*/**/*.py",
    )
    return {key: tuple(Mark(**mark) for mark in row) for key, row in made.items()}
