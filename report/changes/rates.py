"""Each model's rate in two releases, the interval of its change, and what the change consists of.

With outcomes in both releases the change on common problems is a paired comparison. With counts
alone the two rates are compared as unlinked, and the range of what pairing could have shown stands
beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from harness.release import Count, Release
from report.changes.matching import Matching
from report.changes.results import Entry, Flip, MetricChanges, Range, RateChange, Side
from report.changes.scores import Scores, main_metric, problems_of, scores
from report.changes.shared import (
    paired_change,
    paired_test,
    parts_of,
    shared_values,
    total_change,
)
from stats.bounds import paired_difference_range, paired_test_range
from stats.decomposition import split_counts
from stats.families import holm
from stats.independent import miettinen_nurminen
from stats.interval import Estimate
from stats.problem_means import score_interval_of_means
from stats.proportion import wilson
from stats.unconditional import unconditional_z_pooled


def metric_changes(
    before: Release, after: Release, matching: Matching, *, level: float
) -> tuple[MetricChanges, ...]:
    """Compare every metric that both releases have results for, the main one first.

    Models are in the later release's order of rates, best first.
    """
    if main_metric(before) != main_metric(after):
        return ()  # a pass rate and a mean score are two quantities
    metrics = dict.fromkeys([main_metric(after), "passed", "compiled"])
    found = (_metric(before, after, matching, m, level=level) for m in metrics)
    return tuple(m for m in found if m is not None)


def _metric(
    before: Release, after: Release, matching: Matching, metric: str, *, level: float
) -> MetricChanges | None:
    values = tuple(scores(release, metric) for release in (before, after))
    boards = [
        _board(release, metric, own, level=level)
        for release, own in zip((before, after), values, strict=True)
    ]
    fractional = any(side.successes is None for board in boards for side in board.values())
    if not all(boards) or (fractional and not all(values)):
        return None  # fractions of problems against counts: nothing links or tests them
    both = [(a.id, b.id) for a, b in matching.pairs if a.id in boards[0] and b.id in boards[1]]
    both.sort(key=lambda ids: -boards[1][ids[1]].rate)
    corrected = 1 - (1 - level) / max(len(both), 1)
    job = _Comparison(before, after, metric, values, level, corrected)
    own_changes = [job.linked(ids) if all(values) else job.unlinked(ids) for ids in both]
    adjusted = holm([c.test.p_value for c in own_changes]).tolist() if both else []
    old, new = {a for a, _ in both}, {b for _, b in both}
    return MetricChanges(
        metric=metric,
        evidence="outcomes" if all(values) else "counts",
        models=tuple(replace(c, adjusted=p) for c, p in zip(own_changes, adjusted, strict=True)),
        added=tuple(Entry(m, metric, side) for m, side in boards[1].items() if m not in new),
        removed=tuple(Entry(m, metric, side) for m, side in boards[0].items() if m not in old),
    )


def _board(release: Release, metric: str, values: Scores, *, level: float) -> dict[str, Side]:
    """Every model's rate, from outcomes where there are any, else from counts; best first."""
    sides = (
        {model: side_of(list(v.values()), release, level=level) for model, v in values.items()}
        if values
        else {
            count.model: _counted(passed, count.problems, level=level)
            for count in release.totals
            if (passed := _successes(count, metric)) is not None
        }
    )
    return dict(sorted(sides.items(), key=lambda item: -item[1].rate))


def _successes(count: Count, metric: str) -> int | None:
    return {"passed": count.passed, "compiled": count.compiled}.get(metric)


def _counted(successes: int, n: int, *, level: float) -> Side:
    return Side(Fraction(successes, n), n, successes, wilson(successes, n, level=level))


def side_of(values: Sequence[Fraction], release: Release, *, level: float) -> Side:
    """Rate over problem values, missing ones by the release's rule.

    With one sample for each problem this is the count and Wilson's interval.
    """
    whole = [*values]
    if release.missing == "failed":
        whole += [Fraction(0)] * max(release.n_problems - len(values), 0)
    total = sum(whole, Fraction(0))
    if all(v.denominator == 1 for v in whole):
        return _counted(int(total), len(whole), level=level)
    found = score_interval_of_means([float(v) for v in whole], level=level)
    return Side(total / len(whole), len(whole), None, found.interval)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two releases on one metric; ``corrected`` is Bonferroni's level."""

    before: Release
    after: Release
    metric: str
    values: tuple[Scores, ...]
    level: float
    corrected: float

    def unlinked(self, ids: tuple[str, str]) -> RateChange:
        """One model where at least one release has counts alone."""
        old, new = (
            _board(release, self.metric, values, level=self.level)[model]
            for release, values, model in zip(
                (self.before, self.after), self.values, ids, strict=True
            )
        )
        counts = (new.successes or 0, new.n, old.successes or 0, old.n)
        return RateChange(
            model=ids[1],
            metric=self.metric,
            evidence="counts",
            before=old,
            after=new,
            change=Estimate(
                float(new.rate - old.rate),
                miettinen_nurminen(*counts, level=self.level),
                min(old.n, new.n),
            ),
            simultaneous=miettinen_nurminen(*counts, level=self.corrected),
            rescored=None,
            test=unconditional_z_pooled(*counts),
            exact=None,
            adjusted=1.0,
            parts=split_counts(*counts[2:], *counts[:2]),
            unsplit="",
            possible=self._possible(counts),
            flips=(),
            same=(old.successes, old.n) == (new.successes, new.n),
        )

    def _possible(self, counts: tuple[int, int, int, int]) -> Range | None:
        """Range of the paired comparison; None where the number of problems changed."""
        n = self.after.n_problems
        if self.before.n_problems != n:
            return None
        tests = paired_test_range(*counts, n_problems=n)
        limits = paired_difference_range(*counts, n_problems=n, level=self.level)
        return Range(tests.p_low, tests.p_high, limits.envelope)

    def linked(self, ids: tuple[str, str]) -> RateChange:
        """One model where both releases have its outcomes."""
        old, new = (values[model] for values, model in zip(self.values, ids, strict=True))
        sides = [
            side_of(list(values.values()), release, level=self.level)
            for values, release in ((old, self.before), (new, self.after))
        ]
        shared = shared_values(old, new, self.before, self.after)
        test, exact = paired_test(shared)
        parts, unsplit = parts_of(old, new, self.before, self.after)
        corrected = total_change(old, new, self.before, self.after, level=self.corrected)
        return RateChange(
            model=ids[1],
            metric=self.metric,
            evidence="outcomes",
            before=sides[0],
            after=sides[1],
            change=total_change(old, new, self.before, self.after, level=self.level),
            simultaneous=corrected.interval,
            rescored=paired_change(shared, level=self.level) if shared else None,
            test=test,
            exact=exact,
            adjusted=1.0,
            parts=parts,
            unsplit=unsplit,
            possible=None,
            flips=tuple(Flip(p, a, b) for p, (a, b) in sorted(shared.items()) if a != b),
            same=self._same(old, new),
        )

    def _same(self, old: Mapping[str, Fraction], new: Mapping[str, Fraction]) -> bool:
        """Whether the model has the same outcomes on the problems that both releases hold."""
        held = problems_of(self.before) & problems_of(self.after)
        return all(old.get(problem) == new.get(problem) for problem in held)
