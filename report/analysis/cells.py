"""Category by difficulty: cells, margins, trend over difficulty, standardised rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.release import Count, Release
from report.analysis.rates import Rate, RateMetric, rate
from stats.check import NoEstimateError
from stats.difficulty import StandardisedRate, standardised_rate
from stats.trend import Trend, trend

TINY = 10
"""Below so many problems a cell is drawn weakly: a 95% interval spans half the scale or more."""


@dataclass(frozen=True, slots=True)
class CellRate:
    """One model's rate in one cell or margin; a margin has None for what it sums over."""

    category: str | None
    difficulty: str | None
    rate: Rate

    @property
    def tiny(self) -> bool:
        """Whether so few problems stand behind it that the figure says little."""
        return self.rate.n < TINY


@dataclass(frozen=True, slots=True)
class Standardised:
    """A rate re-weighted to a stated mix of difficulties."""

    mix: str
    title: str
    result: StandardisedRate


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Everything about one model that needs counts by category and difficulty."""

    model: str
    cells: tuple[CellRate, ...]
    by_category: tuple[CellRate, ...]
    by_difficulty: tuple[CellRate, ...]
    trends: Mapping[str, Trend]
    standardised: tuple[Standardised, ...]

    def rates(self, metric: str) -> tuple[CellRate, ...]:
        """Return the cells of one metric, in the release's order."""
        return tuple(cell for cell in self.cells if cell.rate.metric == metric)


def breakdowns(release: Release, *, level: float) -> tuple[Breakdown, ...]:
    """Analyse every model whose counts are known by category and difficulty."""
    return tuple(
        _breakdown(release, model.id, cells, level=level)
        for model in release.models
        if (cells := release.cells(model.id))
    )


def _breakdown(release: Release, model: str, cells: Sequence[Count], *, level: float) -> Breakdown:
    categories = [c for c in release.categories if any(k.category == c for k in cells)]
    difficulties = [d for d in release.difficulties if any(k.difficulty == d for k in cells)]
    by_difficulty = [
        found
        for d in difficulties
        for found in _margin(model, [k for k in cells if k.difficulty == d], (None, d), level=level)
    ]
    return Breakdown(
        model=model,
        cells=tuple(
            found
            for c in categories
            for d in difficulties
            for k in cells
            if (k.category, k.difficulty) == (c, d) and k.problems
            for found in _margin(model, [k], (c, d), level=level)
        ),
        by_category=tuple(
            found
            for c in categories
            for found in _margin(
                model, [k for k in cells if k.category == c], (c, None), level=level
            )
        ),
        by_difficulty=tuple(by_difficulty),
        trends={
            metric: found
            for metric in ("compiled", "passed")
            if (found := _trend([m.rate for m in by_difficulty if m.rate.metric == metric]))
        },
        standardised=_standardised(release, by_difficulty, level=level),
    )


def _margin(
    model: str,
    cells: Sequence[Count],
    where: tuple[str | None, str | None],
    *,
    level: float,
) -> list[CellRate]:
    n = sum(k.problems for k in cells)
    totals: dict[RateMetric, int] = {"passed": sum(k.passed for k in cells)}
    compiled = [k.compiled for k in cells if k.compiled is not None]
    if len(compiled) == len(cells):
        totals = {"compiled": sum(compiled), **totals}
    return [
        CellRate(*where, rate(model, metric, total, n, level=level))
        for metric, total in totals.items()
    ]


def _trend(rates: Sequence[Rate]) -> Trend | None:
    if len(rates) < 2:
        return None
    try:
        return trend([r.successes for r in rates], [r.n for r in rates])
    except NoEstimateError:
        return None  # everyone or no one succeeded: there is no trend to test


def mixes(release: Release) -> dict[str, tuple[str, Mapping[str, float]]]:
    """Difficulty mixes to standardise to: id to (title, weight of each difficulty)."""
    found: dict[str, tuple[str, Mapping[str, float]]] = {}
    own = dict.fromkeys(release.difficulties, 0.0)
    for cell in release.problem_cells:
        if cell.difficulty is not None:
            own[cell.difficulty] += cell.problems
    if any(own.values()):
        found["benchmark"] = ("the benchmark's own mix", own)
    found["uniform"] = (
        "equal weight for each difficulty",
        dict.fromkeys(release.difficulties, 1.0),
    )
    if release.reference_mix:
        found["reference"] = ("the release's reference mix", release.reference_mix)
    return found


def _standardised(
    release: Release, by_difficulty: Sequence[CellRate], *, level: float
) -> tuple[Standardised, ...]:
    passed = [m for m in by_difficulty if m.rate.metric == "passed"]
    return tuple(
        Standardised(
            mix,
            title,
            standardised_rate(
                [m.rate.successes for m in passed],
                [m.rate.n for m in passed],
                [weights.get(m.difficulty or "", 0.0) for m in passed],
                level=level,
            ),
        )
        for mix, (title, weights) in mixes(release).items()
    )
