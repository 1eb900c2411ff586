"""What a release says about its models, its groups and itself, and what of that changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from harness.release import Model, Release
from report.changes.matching import Matching

Value = str | float | bool | tuple[str, ...] | None

_OF_PARAMETERS = {
    "total": "parameters",
    "active": "active parameters",
    "speculative": "size is a guess",
    "printed": "size as printed",
    "note": "note on the size",
}
_NOT_FACTS = frozenset({"id", "parameters", "post_training"})
_OF_RELEASE = (
    "title",
    "date",
    "benchmark",
    "description",
    "authors",
    "n_problems",
    "categories",
    "difficulties",
    "notes",
)


@dataclass(frozen=True, slots=True)
class FactChange:
    """One stated fact in both releases; None where a release does not state it.

    ``subject`` is a model's id in the later release, a comparison's or a problem's id, or empty
    for the release itself.
    """

    subject: str
    field: str
    before: Value
    after: Value

    @property
    def contradicts(self) -> bool:
        """Whether both releases state something, and not the same."""
        return not _blank(self.before) and not _blank(self.after)


def _blank(value: Value) -> bool:
    return value is None or value in ("", ())


def model_facts(matching: Matching) -> tuple[FactChange, ...]:
    """What changed of each model in both releases, size first."""
    return tuple(
        FactChange(b.id, name, old.get(name), new.get(name))
        for a, b in matching.pairs
        for old, new in [(_model(a), _model(b))]
        for name in dict.fromkeys([*new, *old])
        if old.get(name) != new.get(name)
    )


def _model(model: Model) -> dict[str, Value]:
    facts: dict[str, Value] = {
        name: getattr(model.parameters, key) for key, name in _OF_PARAMETERS.items()
    }
    for field in fields(model):
        if field.name not in _NOT_FACTS:
            facts[field.name.replace("_", " ")] = getattr(model, field.name)
    facts |= {f"post-training: {name}": how for name, how in model.post_training.items()}
    return facts


def group_facts(before: Release, after: Release) -> tuple[FactChange, ...]:
    """Comparisons whose members changed; the order of members is no change."""
    return tuple(
        FactChange(key, side, *(tuple(sorted(x)) if x else None for x in (old, new)))
        for key in dict.fromkeys(c.id for r in (after, before) for c in r.comparisons)
        for side in ("models", "against")
        for old, new in [(_members(before, key, side), _members(after, key, side))]
        if set(old) != set(new)
    )


def _members(release: Release, key: str, side: str) -> tuple[str, ...]:
    for comparison in release.comparisons:
        if comparison.id == key:
            return tuple(getattr(comparison, side))
    return ()


def release_facts(before: Release, after: Release) -> tuple[FactChange, ...]:
    """What the releases say of themselves: title, number of problems, notes and so on."""
    return tuple(
        FactChange("", name.replace("_", " "), getattr(before, name), getattr(after, name))
        for name in _OF_RELEASE
        if getattr(before, name) != getattr(after, name)
    ) + tuple(_settings(before, after))


def _settings(before: Release, after: Release) -> Iterator[FactChange]:
    old, new = (_setting(release) for release in (before, after))
    for name in old:
        if old[name] != new[name]:
            yield FactChange("", name, old[name], new[name])


def _setting(release: Release) -> dict[str, Value]:
    mix: Mapping[str, float] = release.reference_mix or {}
    return {
        "reference mix": tuple(f"{name}: {weight:g}" for name, weight in mix.items()),
        "metrics": tuple(metric.id for metric in release.metrics),
        "rule for missing outcomes": getattr(release, "missing", "absent"),
    }
