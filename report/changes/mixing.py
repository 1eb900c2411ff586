"""Releases that never were: the earlier one with one thing taken from the later.

What moves a figure is found by trying. A figure that takes its later value as soon as only the
sizes are the later ones moved because of the sizes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeVar

import polars as pl

from harness.outcomes import Outcomes
from harness.release import Comparison, Metric, Model, Release
from report.analysis import Analysis, analyse
from report.changes.matching import Matching, relabelled
from report.quantities import Quantity, quantities

Ingredient = Literal["data", "size", "group", "field", "rule"]
INGREDIENTS: tuple[Ingredient, ...] = ("data", "size", "group", "field", "rule")
"""Results and problems; models' sizes; members of the declared comparisons; which models there are;
what a missing outcome counts as."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is taken from the later release: ingredients, or single models' results and sizes."""

    taken: frozenset[Ingredient] = frozenset()
    data_of: frozenset[str] = frozenset()
    size_of: frozenset[str] = frozenset()


EVERYTHING = Recipe(frozenset(INGREDIENTS))


@dataclass
class Kitchen:
    """Mixes two releases and analyses the mixtures; keeps each, since many figures ask for it."""

    before: Release
    after: Release
    matching: Matching
    level: float
    _known: dict[Recipe, tuple[Analysis, Mapping[str, Quantity]]] = field(default_factory=dict)

    @classmethod
    def of(cls, before: Analysis, after: Analysis, matching: Matching) -> "Kitchen":
        """Start from two analyses, which are the first two mixtures: nothing and everything."""
        old = relabelled(before.release, matching.ids)
        known: dict[Recipe, tuple[Analysis, Mapping[str, Quantity]]] = {
            EVERYTHING: (after, quantities(after))
        }
        if old is before.release:
            known[Recipe()] = before, quantities(before)
        return cls(old, after.release, matching, after.level, known)

    @property
    def same_problems(self) -> bool:
        """Whether results of either release fit the other's problems."""
        keys = ("n_problems", "categories", "difficulties", "problem_cells")
        same = all(getattr(self.before, key) == getattr(self.after, key) for key in keys)
        ids = [{p.id: (p.category, p.difficulty) for p in r.problems} for r in self._both()]
        return same and ids[0] == ids[1]

    def _both(self) -> tuple[Release, Release]:
        return self.before, self.after

    def active(self) -> tuple[Ingredient, ...]:
        """What differs at all between the releases."""
        found = {
            "data": bool(self.changed_data()) or not self.same_problems,
            "size": bool(self.changed_sizes()),
            "group": _groups(self.before) != _groups(self.after),
            "field": bool(self.matching.added or self.matching.removed or self.one_sided),
            "rule": self.before.missing != self.after.missing,
        }
        return tuple(name for name in INGREDIENTS if found[name])

    @cached_property
    def _all_results(self) -> tuple[dict[str, object], dict[str, object]]:
        return _results(self.before), _results(self.after)

    @cached_property
    def one_sided(self) -> frozenset[str]:
        """Models that both releases describe and only one has results for."""
        old, new = self._all_results
        return frozenset(b.id for _, b in self.matching.pairs if (b.id in old) != (b.id in new))

    def changed_data(self) -> tuple[str, ...]:
        """Models with results in both releases that differ in any way."""
        old, new = self._all_results
        return tuple(
            b.id
            for _, b in self.matching.pairs
            if b.id not in self.one_sided and old.get(b.id) != new.get(b.id)
        )

    def changed_sizes(self) -> tuple[str, ...]:
        """Models of both releases whose size differs."""
        return tuple(
            b.id for a, b in self.matching.pairs if a.parameters.total != b.parameters.total
        )

    def analysed(self, recipe: Recipe) -> tuple[Analysis, Mapping[str, Quantity]]:
        """Analyse a mixture; the same one is analysed once."""
        if recipe not in self._known:
            analysis = analyse(self.mixed(recipe), level=self.level)
            self._known[recipe] = analysis, quantities(analysis)
        return self._known[recipe]

    def mixed(self, recipe: Recipe) -> Release:
        """Build the earlier release with what the recipe takes from the later one."""
        fields = _models(self.after if "field" in recipe.taken else self.before)
        models = tuple(self._model(model, recipe) for model in fields)
        ids = frozenset(model.id for model in models)
        later = {m for m in ids if self._is_later(m, recipe)}
        base = self.after if "data" in recipe.taken else self.before
        rules = self.after if "rule" in recipe.taken else self.before
        groups = self.after if "group" in recipe.taken else self.before
        return replace(
            base,
            models=models,
            comparisons=tuple(c for c in groups.comparisons if _within(c, ids)),
            metrics=self._metrics(base),
            missing=rules.missing,
            printed=(),
            counts=self._rows("counts", ids, later),
            summaries=self._rows("summaries", ids, later),
            runtimes=self._rows("runtimes", ids, later),
            outcomes=self._outcomes(ids, later),
        )

    def _metrics(self, base: Release) -> tuple[Metric, ...]:
        """Metrics of both, so that every row of either has its own."""
        other = self.before if base is self.after else self.after
        known = {metric.id for metric in base.metrics}
        return (*base.metrics, *(m for m in other.metrics if m.id not in known))

    def _model(self, model: Model, recipe: Recipe) -> Model:
        sources = {m.id: m for m in self.before.models}, {m.id: m for m in self.after.models}
        wanted = "size" in recipe.taken or model.id in recipe.size_of
        source = sources[wanted].get(model.id, model)
        return replace(model, parameters=source.parameters)

    def _is_later(self, model: str, recipe: Recipe) -> bool:
        """Whether a model's results are the later ones; of one release alone, its field decides."""
        gone = {m.id for m in (*self.matching.added, *self.matching.removed)}
        if model in gone or model in self.one_sided:
            return "field" in recipe.taken
        return "data" in recipe.taken or model in recipe.data_of

    def _rows(self, name: str, ids: frozenset[str], later: set[str]) -> tuple[T, ...]:
        old = [r for r in getattr(self.before, name) if r.model in ids and r.model not in later]
        return (*old, *(r for r in getattr(self.after, name) if r.model in later))

    def _outcomes(self, ids: frozenset[str], later: set[str]) -> Outcomes | None:
        frames = [
            release.outcomes.frame.filter(pl.col("model").is_in(sorted(wanted)))
            for release, wanted in ((self.before, ids - later), (self.after, later))
            if release.outcomes is not None
        ]
        if not frames:
            return None
        return Outcomes(pl.concat(frames, how="diagonal"))


def _models(release: Release) -> Sequence[Model]:
    return release.models


def _within(comparison: Comparison, ids: frozenset[str]) -> bool:
    return {*comparison.models, *comparison.against} <= ids


def _groups(release: Release) -> set[tuple[str, str, frozenset[str], frozenset[str]]]:
    return {(c.id, c.kind, frozenset(c.models), frozenset(c.against)) for c in release.comparisons}


def _results(release: Release) -> dict[str, object]:
    """Everything measured of each model, so that two releases can be compared for equality."""
    found: dict[str, list[object]] = {}
    for rows in (release.counts, release.summaries, release.runtimes):
        for row in rows:
            found.setdefault(row.model, []).append(row)
    result: dict[str, object] = {m: frozenset(rows) for m, rows in found.items()}
    if release.outcomes is not None:
        for (model,), own in release.outcomes.frame.group_by("model"):
            result[str(model)] = (
                result.get(str(model)),
                frozenset(own.select("problem", "sample", "passed", "compiled", "score").rows()),
            )
    return result
