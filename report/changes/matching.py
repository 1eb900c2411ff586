"""Which model of one release is which of another: by id, else by name or alias."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from harness.outcomes import Outcomes
from harness.release import Comparison, Model, Release
from report.html import plain


@dataclass(frozen=True, slots=True)
class Matching:
    """The models of two releases side by side; ``pairs`` are in the later release's order."""

    pairs: tuple[tuple[Model, Model], ...]
    added: tuple[Model, ...]
    removed: tuple[Model, ...]

    @property
    def renamed(self) -> tuple[tuple[Model, Model], ...]:
        """Pairs whose id or name changed."""
        return tuple((a, b) for a, b in self.pairs if (a.id, a.name) != (b.id, b.name))

    @property
    def ids(self) -> dict[str, str]:
        """Later id of each earlier one; a removed model keeps its own."""
        return {a.id: b.id for a, b in self.pairs} | {m.id: m.id for m in self.removed}


def match_models(before: Release, after: Release) -> Matching:
    """Pair models by id, then what is left by name or alias where that is unambiguous.

    A model of the later release is the same as an earlier one if either lists the other's id or
    name among its aliases, or their names differ in nothing but case and spaces.
    """
    earlier = {model.id: model for model in before.models}
    found = {m.id: earlier.pop(m.id) for m in after.models if m.id in earlier}
    for model in after.models:
        if model.id not in found:
            same = [other for other in earlier.values() if _same(other, model)]
            if len(same) == 1:
                found[model.id] = earlier.pop(same[0].id)
    return Matching(
        pairs=tuple((found[m.id], m) for m in after.models if m.id in found),
        added=tuple(m for m in after.models if m.id not in found),
        removed=tuple(earlier.values()),
    )


def _same(one: Model, other: Model) -> bool:
    return bool(
        _names(one) & _aliases(other)
        or _names(other) & _aliases(one)
        or _folded(one.name) == _folded(other.name)
    )


def _names(model: Model) -> set[str]:
    return {_folded(model.id), _folded(model.name)}


def _aliases(model: Model) -> set[str]:
    return {_folded(alias) for alias in model.aliases}


def _folded(text: str) -> str:
    return plain(text).casefold()


def relabelled(release: Release, ids: Mapping[str, str]) -> Release:
    """Return the release with its models under other ids, in every place that names one."""
    if all(old == new for old, new in ids.items()):
        return release

    def new(model: str) -> str:
        return ids.get(model, model)

    return replace(
        release,
        models=tuple(replace(m, id=new(m.id)) for m in release.models),
        comparisons=tuple(_comparison(c, ids) for c in release.comparisons),
        counts=tuple(replace(row, model=new(row.model)) for row in release.counts),
        summaries=tuple(replace(row, model=new(row.model)) for row in release.summaries),
        runtimes=tuple(replace(row, model=new(row.model)) for row in release.runtimes),
        outcomes=_outcomes(release.outcomes, ids),
        printed=tuple(
            replace(
                p,
                model=ids.get(p.model or "", p.model),
                versus=ids.get(p.versus or "", p.versus),
            )
            for p in release.printed
        ),
    )


def _outcomes(found: Outcomes | None, ids: Mapping[str, str]) -> Outcomes | None:
    if found is None:
        return None
    return Outcomes(found.frame.with_columns(pl.col("model").replace(dict(ids))))


def _comparison(found: Comparison, ids: Mapping[str, str]) -> Comparison:
    models, against = (
        tuple(ids.get(m, m) for m in members) for members in (found.models, found.against)
    )
    return replace(found, models=models, against=against)
