"""What changed, in sentences: for a terminal, a page's first lines and the words on a chart."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from harness.release import PrintedFigure
from report import numbers
from report.changes import Changes
from report.changes.facts import FactChange, Value
from report.changes.figures import Cause
from report.changes.results import RateChange, Side
from report.html import plain
from report.labels import listed, model_labels
from report.printed import with_unit
from stats.interval import Estimate

NAMED = 3
"""Up to so many models are named in a sentence; more are counted."""

METRICS = {"passed": "pass rate", "compiled": "compile rate", "score": "mean score"}
_VERBS = {"passed": "passed", "compiled": "compiled"}


@dataclass(frozen=True)
class Wording:
    """Sentences about one comparison. All text is plain and must be escaped where it is shown."""

    changes: Changes

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Names of all models of both releases, as the later one calls them where it has them."""
        earlier = model_labels(self.changes.before.release)
        return earlier | model_labels(self.changes.after.release)

    @property
    def before(self) -> str:
        """The earlier release's name."""
        return plain(self.changes.before.release.version)

    @property
    def after(self) -> str:
        """The later release's name."""
        return plain(self.changes.after.release.version)

    def name(self, model: str) -> str:
        """A model's name, cleaned but not escaped."""
        return plain(self.labels.get(model, model))

    def names(self, models: Sequence[str]) -> str:
        """Several models by name, or their number where they are many."""
        if len(models) > NAMED:
            return f"{len(models)} models"
        return listed(self.name(m) for m in models)

    # ---- The whole in a few sentences ----------------------------------------------------------

    def summary(self) -> list[str]:
        """What a reader has to know, most important first."""
        parts = (
            self.results,
            self.models,
            self.sizes,
            self.groups,
            self.problems,
            self.summaries,
            self.claims,
            self.printed,
            self.drift,
        )
        return [sentence for part in parts for sentence in part()]

    def results(self) -> Iterator[str]:
        """Say which models' results changed, the first few with their figures."""
        main = self.changes.main
        if main is None:
            yield "The two releases share no metric with results, so no rate can be compared."
            return
        common, moved = len(main.models), main.moved
        if not common:
            yield "No model has results in both releases."
        elif not moved:
            yield f"No result changed: {self._unchanged(common)}."
        else:
            named = f": {self.names([c.model for c in moved])}" if len(moved) <= NAMED else ""
            yield f"Results changed for {len(moved)} of {common} models in both releases{named}."
            yield from (f"{self.rate(change)}." for change in moved[:NAMED])
        if main.shifted:
            most = max(main.shifted, key=lambda c: abs(c.after.rate - c.before.rate))
            yield (
                f"Other problems, or another rule for missing outcomes, moved the rate of "
                f"{_counted(len(main.shifted), 'further model' if moved else 'model')}, at most "
                f"{self.name(most.model)}'s by {estimate(most.change)} points."
            )

    def _unchanged(self, common: int) -> str:
        main = self.changes.main
        outcomes = main is not None and main.evidence == "outcomes"
        what = "every outcome on problems of both releases" if outcomes else "every count"
        return f"{what} of the {common} models in both is the same"

    def rate(self, change: RateChange) -> str:
        """One model's change: counts or rates, difference, interval, and what was copied."""
        words = (
            f"{self.name(change.model)}: {self.side(change.before, change.metric)}, then "
            f"{self.side(change.after, change.metric)}, {estimate(change.change)} points"
        )
        if other := self.changes.copies.get(change.model):
            words += f"; its row in {self.before} was a copy of that of {self.name(other)}"
        return words

    def side(self, side: Side, metric: str) -> str:
        """A rate with the counts behind it: "23 of 106 passed (21.7%)"."""
        if side.successes is None or metric not in _VERBS:
            return f"{numbers.percent(side.value)} over {side.n} problems"
        share = numbers.percent(side.value)
        return f"{side.successes} of {side.n} {_VERBS[metric]} ({share})"

    def models(self) -> Iterator[str]:
        """Models added, removed and renamed."""
        matching = self.changes.matching
        for words, models in (("added", matching.added), ("removed", matching.removed)):
            if models:
                ids = [model.id for model in models]
                plural = "Models" if len(models) > 1 else "Model"
                if len(models) > NAMED:
                    yield f"{len(models)} models {words}."
                else:
                    yield f"{plural} {words}: {self.names(ids)}."
        yield from self._one_sided()
        if matching.renamed:
            pairs = [f"{plain(a.name)} is now {plain(b.name)}" for a, b in matching.renamed]
            told = listed(pairs) if len(pairs) <= NAMED else f"{len(pairs)} models"
            yield f"Renamed: {told}."

    def _one_sided(self) -> Iterator[str]:
        """Models that both releases describe and only one has results for."""
        main, matching = self.changes.main, self.changes.matching
        if main is None:
            return
        new = {m.id for m in matching.added}
        gone = {m.id for m in matching.removed}
        first = [e.model for e in main.added if e.model not in new]
        last = [e.model for e in main.removed if e.model not in gone]
        for models, words in ((first, "Results for the first time"), (last, "No results any more")):
            if models:
                yield f"{words}: {self.names(models)}."

    def sizes(self) -> Iterator[str]:
        """Models whose stated size is another."""
        moved = [f for f in self.changes.model_facts if f.field == "parameters" and f.contradicts]
        if moved:
            told = [f"{self.name(f.subject)} {self.fact(f)}" for f in moved]
            yield f"Sizes changed: {listed(told) if len(told) <= 6 else f'{len(told)} models'}."

    def groups(self) -> Iterator[str]:
        """Comparisons whose members changed."""
        titles = {
            c.id: plain(c.title)
            for a in (self.changes.before, self.changes.after)
            for c in a.release.comparisons
        }
        for fact in self.changes.group_facts:
            old, new = set(_names(fact.before)), set(_names(fact.after))
            steps = [
                f"{verb} {self.names(sorted(members))}"
                for verb, members in (("with", new - old), ("without", old - new))
                if members
            ]
            yield f"{titles[fact.subject]}: now {listed(steps)}."

    def problems(self) -> Iterator[str]:
        """What happened to the benchmark."""
        found = self.changes.problems
        if not found.known:
            if found.before != found.after:
                yield f"The benchmark has {found.after} problems, before {found.before}."
            elif found.cells:
                yield f"{found.after} problems as before, but otherwise spread over the categories."
            return
        steps = [
            (len(found.added), "added"),
            (len(found.dropped), "dropped"),
            (len({f.subject for f in found.recategorised}), "in another category or difficulty"),
            (len(found.retexted), "changed in their text"),
        ]
        told = [f"{count} {words}" for count, words in steps if count]
        shared = f"{found.common} problems are in both"
        yield f"{shared}: {listed(told)}." if told else f"{shared}, none was added or dropped."
        for field, shifts in found.shifts.items():
            if len(shifts) == 1:
                ((days, count),) = shifts.items()
                size = "one day" if abs(days) == 1 else f"{abs(days)} days"
                whose = "Every" if count == found.common else f"{count} problems: the"
                yield f"{whose} {field} moved by {size} {'on' if days > 0 else 'back'}."
            else:
                yield f"The {field} changed for {sum(shifts.values())} problems."

    def summaries(self) -> Iterator[str]:
        """Published summaries that now rest on other programs, or say something else."""
        titles = {m.id: plain(m.title) for m in self.changes.after.release.metrics}
        for metric, title in titles.items():
            moved = [s for s in self.changes.summaries if s.metric == metric]
            if moved:
                ids = [s.model for s in moved]
                counts = [(s.before.count, s.after.count) for s in moved]
                yield (
                    f"{title}: other summaries for {self.names(ids)}, over "
                    f"{_span([new for _, new in counts])} programs each, before "
                    f"{_span([old for old, _ in counts])}."
                )

    def claims(self) -> Iterator[str]:
        """How many verdicts flipped, and how many claims came, went or were reworded."""
        found = self.changes.claims
        counts = [
            (sum(c.flipped for c in found), "with another verdict"),
            (sum(c.before is None for c in found), "new"),
            (sum(c.after is None for c in found), "withdrawn"),
            (sum(c.reworded for c in found), "reworded"),
        ]
        told = [f"{count} {words}" for count, words in counts if count]
        if told:
            yield f"Claims: {listed(told)}."

    def drift(self) -> Iterator[str]:
        """Figures of a frozen release that this version of the tool computes otherwise."""
        for version, moved in zip((self.before, self.after), self.changes.drift, strict=True):
            if moved:
                yield (
                    f"Method: {version} has {_counted(len(moved), 'figure')} computed otherwise "
                    "than when it was frozen, from the same data."
                )

    def printed(self) -> Iterator[str]:
        """How many printed figures moved, and why."""
        moved = self.changes.figures.printed
        if moved:
            tally = Counter(kind for m in moved for kind in {c.kind for c in m.causes})
            told = listed(f"{count} {_BECAUSE[kind]}" for kind, count in tally.most_common())
            yield f"{_counted(len(moved), 'printed figure')} changed: {told}."

    # ---- Causes --------------------------------------------------------------------------------

    def kinds(self, causes: tuple[Cause, ...]) -> list[str]:
        """One or two words for each cause."""
        return [KINDS[cause.kind] for cause in causes]

    def cause(self, causes: tuple[Cause, ...]) -> str:
        """Why a figure moved, with the models and figures behind it."""
        return "; ".join(self._cause(cause) for cause in causes)

    def _cause(self, cause: Cause) -> str:
        told = {"data": self._data, "size": self._size, "field": self._field, "group": self._group}
        words = KINDS[cause.kind]
        detail = told[cause.kind](cause) if cause.kind in told else ""
        return f"{words}: {detail}" if detail else words

    def _data(self, cause: Cause) -> str:
        if not cause.models:
            return ""
        if len(cause.models) > NAMED:
            return f"{len(cause.models)} models"
        return "; ".join(self._results_of(model) for model in cause.models)

    def _results_of(self, model: str) -> str:
        for found in self.changes.metrics:
            for change in found.moved:
                if change.model == model:
                    copied = self.changes.copies.get(model)
                    was = f" (before, a copy of {self.name(copied)})" if copied else ""
                    return (
                        f"{self.name(model)} {self._short(change.before)} → "
                        f"{self._short(change.after)}{was}"
                    )
        return f"{self.name(model)}, other results"

    def _short(self, side: Side) -> str:
        whole = side.successes
        return numbers.percent(side.value) if whole is None else f"{whole}/{side.n}"

    def _size(self, cause: Cause) -> str:
        moved = {
            f.subject: f
            for f in self.changes.model_facts
            if f.field == "parameters"
            and (f.subject in cause.models if cause.models else f.contradicts)
        }
        told = [f"{self.name(m)} {self.fact(f)}" for m, f in moved.items()]
        return "; ".join(told) if len(told) <= NAMED else f"{len(told)} models"

    def _field(self, _: Cause) -> str:
        return " ".join(s.rstrip(".") for s in self.models() if not s.startswith("Renamed"))

    def _group(self, _: Cause) -> str:
        return " ".join(s.rstrip(".") for s in self.groups())

    def fact(self, fact: FactChange) -> str:
        """Both values of a fact: "7 B → 32 B"."""
        return f"{self.value(fact.field, fact.before)} → {self.value(fact.field, fact.after)}"

    def value(self, field: str, value: Value) -> str:
        """One value of a fact, written as a reader would."""
        if value is None or value in ("", ()):
            return "not stated"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return "; ".join(self.name(item) for item in value)
        if isinstance(value, (int, float)):
            return numbers.billions(value) if "parameters" in field else numbers.count(value)
        return plain(value)


KINDS = {
    "data": "results",
    "size": "model size",
    "group": "group compared with",
    "field": "models in the release",
    "rule": "rule for missing outcomes",
    "method": "method",
    "printing": "printing alone, the data give the same",
}


_BECAUSE = {
    "data": "because of results",
    "size": "because of model sizes",
    "group": "because of whom a model is compared with",
    "field": "because of which models there are",
    "rule": "because of the rule for missing outcomes",
    "method": "because of the method",
    "printing": "in print alone",
}


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _span(counts: list[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"


def _names(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def estimate(found: Estimate) -> str:
    """A change in points with its interval: "−8.6 (−19.0 to +1.6)"."""
    limits = numbers.interval(found.interval, "points")
    return f"{numbers.points(found.value)} ({limits})"


def part(value: Fraction) -> str:
    """A part of a change in points; an exact zero is told from a small one."""
    return "0" if value == 0 else numbers.points(float(value), 2)


def printed_words(forms: tuple[tuple[str, str], ...]) -> str:
    """A figure as printed, with its unit; every form of it where a report has several."""
    return plain(", ".join(dict.fromkeys(with_unit(*form) for form in forms)))


def subject_words(figure: PrintedFigure, words: Wording) -> str:
    """What a printed figure is about: model, what it is held against, part of the benchmark."""
    groups = {c.id: plain(c.title).lower() for c in words.changes.after.release.comparisons}
    versus = figure.versus
    parts = [
        words.name(figure.model) if figure.model else None,
        f"against {groups.get(versus) or words.name(versus)}" if versus else None,
        figure.category,
        figure.difficulty,
    ]
    return ", ".join(plain(p) for p in parts if p) or "all"
