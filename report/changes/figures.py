"""Figures that moved between two releases, computed and printed ones, each with its cause."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isclose

from harness.release import PrintedFigure, Release
from report.analysis import Analysis
from report.changes.matching import relabelled
from report.changes.mixing import EVERYTHING, Ingredient, Kitchen, Recipe
from report.printed import SCALES, check_printed
from report.quantities import Quantity

MOST_MODELS = {"counts": 12, "outcomes": 4}
"""Up to so many models are tried one by one as the cause of a figure; each costs an analysis."""

State = tuple[float | None, ...]
Reading = Callable[[Analysis, Mapping[str, Quantity]], State]
PrintKey = tuple[str, str | None, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a figure moved.

    ``kind`` is an ingredient of `report.changes.mixing`, or ``method`` (the figure is computed
    in another way), or ``printing`` (the data give the same; what was printed was another).
    ``models`` are the models whose results or sizes alone move it; empty where that was not tried
    or no single one does.
    """

    kind: str
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MovedFigure:
    """A figure of the analysis with another value, interval or method."""

    key: str
    before: Quantity
    after: Quantity
    causes: tuple[Cause, ...]

    @property
    def value_moved(self) -> bool:
        """Whether the value itself is another, not only its interval or method."""
        return not _close(self.before.value, self.after.value)


@dataclass(frozen=True, slots=True)
class MovedPrint:
    """A figure that the reports print differently, beside what the data of each give.

    ``before`` and ``after`` are the forms in which each report prints it, with their units.
    """

    figure: PrintedFigure
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    computed_before: float | None
    computed_after: float | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What moved, and how many figures only one of the releases has."""

    moved: tuple[MovedFigure, ...]
    printed: tuple[MovedPrint, ...]
    compared: int
    only_before: int
    only_after: int
    printed_only_before: int
    printed_only_after: int


def moved_figures(kitchen: Kitchen) -> Figures:
    """Find every figure of either release that differs in the other, and why."""
    (_, before), (_, after) = (kitchen.analysed(recipe) for recipe in (Recipe(), EVERYTHING))
    both = [key for key in after if key in before]
    moved = [key for key in both if _state(before[key]) != _state(after[key])]
    moved = [key for key in moved if not _same(_state(before[key]), _state(after[key]))]
    moved += [k for k in both if before[k].method != after[k].method and k not in moved]
    causes = _Causes(kitchen)
    prints = _Prints(kitchen)
    return Figures(
        moved=tuple(
            MovedFigure(key, before[key], after[key], causes.of(_by_key(key))) for key in moved
        ),
        printed=tuple(prints.moved(causes)),
        compared=len(both),
        only_before=len(before) - len(both),
        only_after=len(after) - len(both),
        printed_only_before=len(prints.keys(0) - prints.keys(1)),
        printed_only_after=len(prints.keys(1) - prints.keys(0)),
    )


def _state(quantity: Quantity) -> State:
    limits = quantity.interval
    return (quantity.value, *((limits.low, limits.high) if limits else (None, None)))


def _by_key(key: str) -> Reading:
    def read(_: Analysis, known: Mapping[str, Quantity]) -> State:
        return _state(known[key]) if key in known else (None,)

    return read


def _same(one: State, other: State) -> bool:
    return len(one) == len(other) and all(_close(a, b) for a, b in zip(one, other, strict=True))


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


@dataclass
class _Causes:
    """Finds what moves a figure by mixing the releases; the mixtures are kept by the kitchen."""

    kitchen: Kitchen

    def of(self, read: Reading) -> tuple[Cause, ...]:
        active = self._active()
        if not active:
            return (Cause("method"),)
        if len(active) == 1:
            return (self._named(active[0], read),)
        start, end = read(*self.start()), read(*self.end())
        alone = [i for i in active if _same(self._with(read, {i}), end)]
        if len(alone) == 1:
            return (self._named(alone[0], read),)
        parts = [
            i
            for i in active
            if not _same(self._with(read, {i}), start)
            or not _same(self._with(read, {*active} - {i}), end)
        ]
        return tuple(self._named(i, read) for i in alone or parts) or (Cause("method"),)

    def _active(self) -> tuple[Ingredient, ...]:
        """What differs; results, models and groups go together where the problems changed too."""
        found = self.kitchen.active()
        if self.kitchen.same_problems:
            return found
        return tuple(i for i in found if i in {"data", "size"})

    def start(self) -> tuple[Analysis, Mapping[str, Quantity]]:
        return self.kitchen.analysed(Recipe())

    def end(self) -> tuple[Analysis, Mapping[str, Quantity]]:
        return self.kitchen.analysed(EVERYTHING)

    def _with(self, read: Reading, taken: set[Ingredient]) -> State:
        return read(*self.kitchen.analysed(Recipe(self._whole(taken))))

    def _whole(self, taken: set[Ingredient]) -> frozenset[Ingredient]:
        if "data" in taken and not self.kitchen.same_problems:
            return frozenset(taken | {"group", "field", "rule"})
        return frozenset(taken)

    def _named(self, kind: Ingredient, read: Reading) -> Cause:
        """Name the models whose results, or sizes, move the figure by themselves."""
        tried = {"data": self.kitchen.changed_data(), "size": self.kitchen.changed_sizes()}
        models = tried.get(kind, ())
        if kind == "data" and not self.kitchen.same_problems:
            return Cause(kind)
        evidence = "counts" if self.kitchen.after.outcomes is None else "outcomes"
        if not 0 < len(models) <= MOST_MODELS[evidence]:
            return Cause(kind)
        start = read(*self.start())
        return Cause(
            kind,
            tuple(m for m in models if not _same(read(*self._one(kind, m)), start)),
        )

    def _one(self, kind: str, model: str) -> tuple[Analysis, Mapping[str, Quantity]]:
        one = frozenset({model})
        recipe = Recipe(data_of=one) if kind == "data" else Recipe(size_of=one)
        return self.kitchen.analysed(recipe)


@dataclass
class _Prints:
    """Printed figures of both releases, under the later release's model ids."""

    kitchen: Kitchen

    def release(self, side: int) -> Release:
        if side:
            return self.kitchen.after
        return relabelled(self.kitchen.before, self.kitchen.matching.ids)

    def of(self, side: int) -> dict[PrintKey, list[PrintedFigure]]:
        found: dict[PrintKey, list[PrintedFigure]] = {}
        for item in self.release(side).printed:
            key = (item.figure, item.model, item.versus, item.category, item.difficulty)
            found.setdefault(key, []).append(item)
        return found

    def keys(self, side: int) -> set[PrintKey]:
        return set(self.of(side))

    def moved(self, causes: _Causes) -> Iterator[MovedPrint]:
        """Figures of which no printing in one release equals one in the other."""
        old, new = self.of(0), self.of(1)
        for key, items in new.items():
            if key in old and not _numbers(old[key]) & _numbers(items):
                yield self._moved(old[key], items, causes)

    def _moved(
        self, old: list[PrintedFigure], new: list[PrintedFigure], causes: _Causes
    ) -> MovedPrint:
        figure = new[0]

        def read(analysis: Analysis, known: Mapping[str, Quantity]) -> State:
            return (computed(analysis, known, figure),)

        start, end = (read(*found)[0] for found in (causes.start(), causes.end()))
        same = start is not None and end is not None and _close(start, end)
        unknown = start is None and end is None
        return MovedPrint(
            figure=figure,
            before=_distinct(old),
            after=_distinct(new),
            computed_before=start,
            computed_after=end,
            causes=(Cause("printing"),) if same or unknown else causes.of(read),
        )


def computed(
    analysis: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure
) -> float | None:
    """What an analysis gives for a printed figure, in the unit it was printed in."""
    asking = replace(analysis, release=replace(analysis.release, printed=(figure,)))
    return check_printed(asking, known)[0].computed


def _numbers(items: list[PrintedFigure]) -> set[float]:
    return {float(item.printed) / SCALES.get(item.unit, 1.0) for item in items}


def _distinct(items: list[PrintedFigure]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((item.printed, item.unit) for item in items))
