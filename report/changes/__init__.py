"""What changed between two analyses: models, problems, rates, ranks, figures, claims, words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from report.analysis import Analysis
from report.changes.claims import ClaimChange, claim_changes
from report.changes.facts import FactChange, group_facts, model_facts, release_facts
from report.changes.figures import Figures, moved_figures
from report.changes.matching import Matching, match_models
from report.changes.mixing import Kitchen
from report.changes.problems import ProblemChanges, problem_changes
from report.changes.ranks import RankChange, rank_changes
from report.changes.rates import metric_changes
from report.changes.results import MetricChanges, RateChange
from report.changes.summaries import SummaryChange, summary_changes
from report.claims import JudgedClaim, judge
from report.drift import Drift, drifts
from report.quantities import as_json as quantity_json
from report.quantities import quantities


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two releases of a report.

    ``copies`` names, for a model of the earlier release, another model with the very same counts,
    where the later release tells the two apart. ``drift`` lists, for each release that is frozen,
    the figures that moved since although the data did not: another method.
    """

    before: Analysis
    after: Analysis
    matching: Matching
    model_facts: tuple[FactChange, ...]
    group_facts: tuple[FactChange, ...]
    release_facts: tuple[FactChange, ...]
    problems: ProblemChanges
    metrics: tuple[MetricChanges, ...]
    ranks: tuple[RankChange, ...]
    figures: Figures
    copies: Mapping[str, str]
    summaries: tuple[SummaryChange, ...]
    drift: tuple[tuple[Drift, ...], tuple[Drift, ...]]
    claims: tuple[ClaimChange, ...] = ()

    @property
    def main(self) -> MetricChanges | None:
        """The benchmark's own metric; None where the releases share none."""
        return self.metrics[0] if self.metrics else None

    def of(self, metric: str) -> MetricChanges | None:
        """Changes of one metric; None where the releases do not share it."""
        return next((m for m in self.metrics if m.metric == metric), None)

    def rate(self, model: str) -> RateChange | None:
        """Change of one model's main rate."""
        found = self.main.models if self.main else ()
        return next((change for change in found if change.model == model), None)


def compare(
    before: Analysis,
    after: Analysis,
    *,
    judged: Callable[[Analysis], Sequence[JudgedClaim]] = judge,
) -> Changes:
    """Compare two releases; models are the same by id, name or alias, claims by id.

    Nothing is drawn by chance, and nothing read: equal analyses give equal changes. ``judged``
    gives the verdicts on a release's claims, for callers that have them.
    """
    old, new = before.release, after.release
    matching = match_models(old, new)
    kitchen = Kitchen.of(before, after, matching)
    return Changes(
        before=before,
        after=after,
        matching=matching,
        model_facts=model_facts(matching),
        group_facts=group_facts(kitchen.before, new),
        release_facts=release_facts(old, new),
        problems=problem_changes(old, new),
        metrics=metric_changes(old, new, matching, level=after.level),
        ranks=rank_changes(before, after, matching),
        figures=moved_figures(kitchen),
        copies=copied_rows(kitchen),
        summaries=summary_changes(kitchen.before, new),
        drift=(_drift(before), _drift(after)),
        claims=claim_changes(judged(before), judged(after)),
    )


def _drift(analysis: Analysis) -> tuple[Drift, ...]:
    return drifts(analysis.release, quantity_json(quantities(analysis)))


def copied_rows(kitchen: Kitchen) -> dict[str, str]:
    """Models of the earlier release whose counts are another model's, and in the later are not.

    Two models may well pass equally many problems; that they also compile equally many of as many
    attempted, and differ once the row is looked at again, is the mark of a row pasted twice.
    """
    rows = [
        {c.model: (c.problems, c.compiled, c.passed) for c in release.totals}
        for release in (kitchen.before, kitchen.after)
    ]
    return {
        model: other
        for model, row in rows[0].items()
        for other, same in rows[0].items()
        if model != other
        and row == same
        and None not in row
        and rows[1].get(model, row) != row
        and rows[1].get(other) == same
    }


__all__ = ["Changes", "compare", "copied_rows"]
