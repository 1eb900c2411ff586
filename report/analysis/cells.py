"""Category by difficulty: cells, margins, trend over difficulty, standardised rates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.release import Count, Release
from report.analysis.board import Board
from report.analysis.rates import Rate, RateMetric, rate, rate_of_values
from stats.check import NoEstimateError
from stats.difficulty import StandardisedRate, standardised_mean, standardised_rate
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


def board_breakdowns(release: Release, board: Board, *, level: float) -> tuple[Breakdown, ...]:
    """Analyse every model whose problems have a category or a difficulty, from its outcomes."""
    if not any(p.category or p.difficulty for p in board.problems):
        return ()
    return tuple(
        _board_breakdown(release, board, model, level=level)
        for model in board.models
        if board.has(model)
    )


def _board_breakdown(release: Release, board: Board, model: str, *, level: float) -> Breakdown:
    def rates(category: str | None, difficulty: str | None) -> list[CellRate]:
        here = board.where(category=category, difficulty=difficulty)
        found = []
        metrics: tuple[RateMetric, ...] = ("compiled", "passed")
        for metric in metrics:
            if board.has(model, metric):
                values = board.of(model, metric)[here]
                values = values[~np.isnan(values)]
                if values.size:
                    own = rate_of_values(model, metric, values, level=level)
                    found.append(CellRate(category, difficulty, own))
        return found

    by_difficulty = [r for d in release.difficulties for r in rates(None, d)]
    return Breakdown(
        model=model,
        cells=tuple(
            r for c in release.categories for d in release.difficulties for r in rates(c, d)
        ),
        by_category=tuple(r for c in release.categories for r in rates(c, None)),
        by_difficulty=tuple(by_difficulty),
        trends=_trends(by_difficulty),
        standardised=_board_standardised(release, board, model, level=level)
        if board.fractional["passed"]
        else _standardised(release, by_difficulty, level=level),
    )


def _trends(by_difficulty: Sequence[CellRate]) -> Mapping[str, Trend]:
    return {
        metric: found
        for metric in ("compiled", "passed")
        if (found := _trend([m.rate for m in by_difficulty if m.rate.metric == metric]))
    }


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
        trends=_trends(by_difficulty),
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
    if len(rates) < 2 or any(r.fractional for r in rates):
        return None
    try:
        return trend([r.count for r in rates], [r.n for r in rates])
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
    return _mixed(
        release,
        [m.difficulty for m in passed],
        lambda w: standardised_rate(
            [m.rate.count for m in passed], [m.rate.n for m in passed], w, level=level
        ),
    )


def _board_standardised(
    release: Release, board: Board, model: str, *, level: float
) -> tuple[Standardised, ...]:
    values = board.of(model)
    strata = []
    for difficulty in release.difficulties:
        own = values[board.where(category=None, difficulty=difficulty)]
        strata.append(own[~np.isnan(own)])
    return _mixed(
        release, release.difficulties, lambda w: standardised_mean(strata, w, level=level)
    )


def _mixed(
    release: Release,
    difficulties: Sequence[str | None],
    standardise: Callable[[list[float]], StandardisedRate],
) -> tuple[Standardised, ...]:
    """Standardise to every mix that gives some of these difficulties weight."""
    found = []
    for mix, (title, weights) in mixes(release).items():
        own = [weights.get(d or "", 0.0) for d in difficulties]
        if any(own):
            found.append(Standardised(mix, title, standardise(own)))
    return tuple(found)
