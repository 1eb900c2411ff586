"""The kinds of assertion: which fields each one needs, may use and leaves out.

results/README.md has the same table, and says how each kind is judged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.text import listed, shown

COMMON = frozenset({"kind"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What an assertion of this kind says.

    ``needed`` fields stand in every one, of each group in ``some`` at least one does, and
    ``allowed`` ones may. Fields of a pair in ``together`` come both or not at all.
    """

    needed: tuple[str, ...] = ()
    some: tuple[tuple[str, ...], ...] = ()
    allowed: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """Every field that may stand in such an assertion."""
        choices = {field for group in self.some for field in group}
        return COMMON | {*self.needed, *self.allowed} | choices


_PART = ("category", "difficulty")
_TESTED = ("statistic", *_PART, "significant", "scope")

KINDS: Mapping[str, Kind] = {
    "value": Kind(
        some=(("printed", "tables"), ("figure", "metric", "tables")),
        allowed=("models", "against", "statistic", *_PART, "unit"),
    ),
    "share": Kind(some=(_PART, ("printed", "above", "below"))),
    "count": Kind(needed=("printed",), allowed=("models", "metric", *_PART)),
    "difference": Kind(
        needed=("metric", "models", "against"),
        some=(("points", "relative"),),
        allowed=("significant", "scope"),
    ),
    "ratio": Kind(needed=("metric", "models", "against", "printed", "unit")),
    "greater": Kind(needed=("metric", "models", "against"), allowed=_TESTED),
    "less": Kind(needed=("metric", "models", "against"), allowed=_TESTED),
    "highest": Kind(
        needed=("metric", "models"), allowed=("among", "over", "rank", "printed", *_TESTED)
    ),
    "lowest": Kind(
        needed=("metric", "models"), allowed=("among", "over", "rank", "printed", *_TESTED)
    ),
    "order": Kind(needed=("metric", "rows"), allowed=("direction", "statistic", "scope")),
    "trend": Kind(needed=("metric", "models", "direction"), allowed=("significant", "scope")),
    "equivalent": Kind(
        needed=("metric", "models", "against"),
        allowed=("margin", "margin_unit", "statistic", *_PART),
        together=(("margin", "margin_unit"),),
    ),
    "consistent": Kind(
        needed=("places",), allowed=("figure", "models", "tables", "metric", "rows")
    ),
    "survey": Kind(allowed=("printed",)),
    "untestable": Kind(needed=("reason",), allowed=("metric", "models", "statistic", *_PART)),
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """One field that does not fit the kind: its name and the sentence about it."""

    field: str
    found: str
    expected: str
    way_out: str = ""


def misfits(item: Mapping[str, Any]) -> Iterator[Misfit]:
    """Yield what an assertion lacks for its kind, or says without use; nothing if unknown."""
    name = item.get("kind")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        return  # the schema has said so
    for field in kind.needed:
        if field not in item:
            yield Misfit(field, "it is missing", f"a value: {name} needs {field}")
    for group in kind.some:
        if not set(group) & set(item):
            yield Misfit(group[0], f"none of {listed(group)}", f"at least one: {name} needs it")
    for field in item:
        if field not in kind.fields:
            yield Misfit(
                field,
                shown(item[field]),
                f"nothing: {name} does not use {field}",
                f"It uses {listed(sorted(kind.fields - COMMON))}.",
            )
    yield from _unpaired(kind, item)


def _unpaired(kind: Kind, item: Mapping[str, Any]) -> Iterator[Misfit]:
    for first, second in kind.together:
        for has, lacks in ((first, second), (second, first)):
            if has in item and lacks not in item:
                yield Misfit(lacks, f"it is missing beside {has}", f"{first} and {second} together")
