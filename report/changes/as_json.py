"""A comparison as plain data, for ``compare --json`` and the site's data files."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from report.changes import Changes
from report.changes.claims import ClaimChange
from report.changes.facts import FactChange
from report.changes.figures import Cause, MovedFigure, MovedPrint
from report.changes.narrative import Narrative
from report.changes.problems import ProblemChanges
from report.changes.ranks import RankChange
from report.changes.results import Entry, MetricChanges, RateChange, Side
from report.changes.words import Wording
from report.claims import JudgedClaim
from report.quantities import as_json as quantity_json
from stats.decomposition import CountSplit
from stats.interval import Estimate, Interval

Json = dict[str, Any]


def changes_json(changes: Changes, narrative: Narrative | None) -> Json:
    """Return the whole comparison; fractions are written as text, ``-977/11342``."""
    matching = changes.matching
    return {
        "before": changes.before.release.version,
        "after": changes.after.release.version,
        "level": changes.after.level,
        "summary": Wording(changes).summary(),
        "models": {
            "added": [model.id for model in matching.added],
            "removed": [model.id for model in matching.removed],
            "renamed": [
                {"before": a.id, "after": b.id, "name_before": a.name, "name_after": b.name}
                for a, b in matching.renamed
            ],
            "copied_rows": dict(changes.copies),
        },
        "facts": [
            {"of": of, **_fact(fact)}
            for of, facts in (
                ("model", changes.model_facts),
                ("comparison", changes.group_facts),
                ("release", changes.release_facts),
            )
            for fact in facts
        ],
        "problems": _problems(changes.problems),
        "metrics": [_metric(metric) for metric in changes.metrics],
        "ranks": [_rank(rank) for rank in changes.ranks],
        "claims": [_claim(change) for change in changes.claims],
        "printed": [_print(moved) for moved in changes.figures.printed],
        "figures": [_figure(moved) for moved in changes.figures.moved],
        "compared_figures": changes.figures.compared,
        "summaries": [
            {
                "model": s.model,
                "metric": s.metric,
                "before": {"count": s.before.count, "mean": s.before.mean},
                "after": {"count": s.after.count, "mean": s.after.mean},
            }
            for s in changes.summaries
        ],
        "drift": {
            version: [{"figure": d.key, "frozen": d.frozen, "now": d.now} for d in moved]
            for version, moved in zip(
                (changes.before.release.version, changes.after.release.version),
                changes.drift,
                strict=True,
            )
        },
        "narrative": _narrative(narrative) if narrative else None,
    }


def _fact(fact: FactChange) -> Json:
    return {
        "subject": fact.subject or None,
        "field": fact.field,
        "before": fact.before,
        "after": fact.after,
    }


def _problems(found: ProblemChanges) -> Json:
    return {
        "known_singly": found.known,
        "before": found.before,
        "after": found.after,
        "common": found.common,
        "added": [problem.id for problem in found.added],
        "dropped": [problem.id for problem in found.dropped],
        "recategorised": [_fact(fact) for fact in found.recategorised],
        "text_changed": list(found.retexted),
        "without_content_hash": found.unhashed,
        "details": [_fact(fact) for fact in found.details],
        "cells": [
            {
                "category": cell.category,
                "difficulty": cell.difficulty,
                "before": cell.before,
                "after": cell.after,
            }
            for cell in found.cells
        ],
    }


def _metric(found: MetricChanges) -> Json:
    return {
        "metric": found.metric,
        "evidence": found.evidence,
        "family": len(found.models),
        "changes": [_change(change) for change in found.models],
        "added": [_entry(entry) for entry in found.added],
        "removed": [_entry(entry) for entry in found.removed],
    }


def _entry(entry: Entry) -> Json:
    return {"model": entry.model, **_side(entry.side)}


def _change(change: RateChange) -> Json:
    possible = change.possible
    return {
        "model": change.model,
        "same": change.same,
        "before": _side(change.before),
        "after": _side(change.after),
        "change": _estimate(change.change),
        "simultaneous": _limits(change.simultaneous),
        "rescored": _estimate(change.rescored) if change.rescored else None,
        "test": change.test.method,
        "p_value": change.test.p_value,
        "p_exact": change.exact,
        "p_holm": change.adjusted,
        "p_paired_low": possible.p_low if possible else None,
        "p_paired_high": possible.p_high if possible else None,
        "parts": _parts(change),
        "not_split_because": change.unsplit or None,
        "flips": [
            {"problem": f.problem, "before": _exact(f.before), "after": _exact(f.after)}
            for f in change.flips
        ],
    }


def _parts(change: RateChange) -> Mapping[str, Any] | None:
    parts = change.parts
    if parts is None:
        return None
    names = (
        ("successes", "totals")
        if isinstance(parts, CountSplit)
        else ("rescored", "new_problems", "dropped_problems", "attempts", "missing_rule")
    )
    exact = {name: getattr(parts, name) for name in (*names, "total")}
    return {name: {"exact": _exact(value), "value": float(value)} for name, value in exact.items()}


def _exact(value: Fraction) -> str:
    return str(value)


def _side(side: Side) -> Json:
    return {
        "rate": side.value,
        **_limits(side.interval),
        "successes": side.successes,
        "problems": side.n,
    }


def _estimate(found: Estimate) -> Json:
    return {"value": found.value, **_limits(found.interval), "n": found.n}


def _limits(found: Interval) -> Json:
    return {"low": found.low, "high": found.high, "level": found.level, "method": found.method}


def _rank(rank: RankChange) -> Json:
    return {
        "model": rank.model,
        "before": rank.before,
        "after": rank.after,
        "among_common_before": rank.among_before,
        "among_common_after": rank.among_after,
        "could_be_before": list(rank.set_before),
        "could_be_after": list(rank.set_after),
        "overlap": rank.overlap,
    }


def _claim(change: ClaimChange) -> Json:
    return {
        "id": change.id,
        "what": change.kind,
        "before": _judged(change.before),
        "after": _judged(change.after),
    }


def _judged(claim: JudgedClaim | None) -> Json | None:
    if claim is None:
        return None
    return {
        "text": claim.claim.text,
        "stated": claim.claim.stated,
        "verdict": claim.verdict,
        "estimate": claim.deciding.estimate,
    }


def _causes(causes: tuple[Cause, ...]) -> list[Json]:
    return [{"kind": cause.kind, "models": list(cause.models)} for cause in causes]


def _print(moved: MovedPrint) -> Json:
    figure = moved.figure
    return {
        "figure": figure.figure,
        "model": figure.model,
        "versus": figure.versus,
        "category": figure.category,
        "difficulty": figure.difficulty,
        "before": [_form(form) for form in moved.before],
        "after": [_form(form) for form in moved.after],
        "data_give_before": moved.computed_before,
        "data_give_after": moved.computed_after,
        "causes": _causes(moved.causes),
    }


def _form(form: tuple[str, str]) -> Json:
    return {"printed": form[0], "unit": form[1]}


def _figure(moved: MovedFigure) -> Json:
    sides = quantity_json({"before": moved.before, "after": moved.after})
    return {"figure": moved.key, **sides, "causes": _causes(moved.causes)}


def _narrative(found: Narrative) -> Json:
    return {
        "sections_unchanged": found.unchanged,
        "sections": [
            {
                "page": section.page,
                "heading": section.heading or None,
                "kind": section.kind,
                "pieces": [{"kind": p.kind, "text": p.text} for p in section.pieces],
            }
            for section in found.sections
        ],
    }
