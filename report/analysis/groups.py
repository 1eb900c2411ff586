"""The comparisons a release declares: focus models against a group, and against the best."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.release import Comparison, Release
from report.analysis.board import Board
from report.analysis.rates import Rate, Rates
from stats.check import NoEstimateError
from stats.contrast import mover_contrast, mover_ratio
from stats.interval import Estimate
from stats.paired import count_pairs
from stats.paired_ratio import ratio as paired_ratio
from stats.problem_contrasts import fieller, score_interval_of_differences
from stats.problem_means import score_interval_of_means
from stats.ratio import koopman


@dataclass(frozen=True, slots=True)
class Gap:
    """A model's rate against the plain mean of a group's rates.

    ``points`` is the difference as a fraction, ``relative`` the ratio minus one (None where the
    group's mean is 0).
    """

    comparison: str
    model: str
    metric: str
    points: Estimate
    relative: Estimate | None


@dataclass(frozen=True, slots=True)
class GroupMean:
    """Plain mean of a group's rates: each model counts once, however many problems it has."""

    comparison: str
    metric: str
    mean: Estimate


@dataclass(frozen=True, slots=True)
class Proximity:
    """A model's rate as a share of the best model's; None for the best itself or a best of 0."""

    model: str
    best: str
    metric: str
    share: Estimate | None


def group_means(
    release: Release, rates: Rates, board: Board | None = None, *, level: float
) -> tuple[GroupMean, ...]:
    """Mean rate of each declared group, for each metric that all its models have."""
    return tuple(
        GroupMean(comparison.id, metric, _mean(group, board, level=level))
        for comparison in release.comparisons
        for metric in ("passed", "compiled")
        if (group := _group(comparison, rates, metric))
        and _share_problems(board, [r.model for r in group], metric)
    )


def gaps(
    release: Release, rates: Rates, board: Board | None = None, *, level: float
) -> tuple[Gap, ...]:
    """Each focus model of each comparison against the mean of that comparison's group."""
    return tuple(
        _gap(comparison, rates[model, metric], group, board, level=level)
        for comparison in release.comparisons
        for metric in ("passed", "compiled")
        if (group := _group(comparison, rates, metric))
        for model in comparison.models
        if (model, metric) in rates
        and _share_problems(board, [model, *(r.model for r in group)], metric)
    )


def _share_problems(board: Board | None, models: Sequence[str], metric: str) -> bool:
    """Whether single outcomes, where known, have a problem that all the models have."""
    return board is None or board.common(models, metric).shape[0] > 0


def proximities(rates: Rates, board: Board | None = None, *, level: float) -> tuple[Proximity, ...]:
    """Every model's share of the best rate, for compiling and for passing."""
    found: list[Proximity] = []
    for metric in ("passed", "compiled"):
        family = [r for (_, name), r in rates.items() if name == metric]
        if not family:
            continue
        best = max(family, key=lambda r: r.value)
        found.extend(
            Proximity(
                r.model,
                best.model,
                metric,
                None if r is best else ratio(r, best, board, level=level),
            )
            for r in family
        )
    return tuple(found)


def ratio(a: Rate, b: Rate, board: Board | None = None, *, level: float) -> Estimate | None:
    """Rate of a over rate of b; None where b's rate is 0.

    Koopman's score interval from counts; with single outcomes Tang's on the problems that both
    have, for shares Fieller's.
    """
    if b.successes == 0:
        return None
    if board is not None:
        return _linked_ratio(a, b, board, level=level)
    limits = koopman(a.count, a.n, b.count, b.n, level=level)
    return Estimate(a.value / b.value, limits, min(a.n, b.n))


def _linked_ratio(a: Rate, b: Rate, board: Board, *, level: float) -> Estimate | None:
    values = board.common([a.model, b.model], a.metric)
    try:
        if board.fractional[a.metric]:
            return fieller(values[:, 0], values[:, 1], level=level)
        table = count_pairs(values[:, 0] == 1, values[:, 1] == 1)
        return paired_ratio(table.both, table.only_a, table.only_b, table.neither, level=level)
    except NoEstimateError:
        return None


def _group(comparison: Comparison, rates: Rates, metric: str) -> list[Rate]:
    group = [rates[m, metric] for m in comparison.against if (m, metric) in rates]
    return group if len(group) == len(comparison.against) else []


def _mean(group: Sequence[Rate], board: Board | None, *, level: float) -> Estimate:
    if board is not None:
        values = board.common([r.model for r in group], group[0].metric)
        return score_interval_of_means(values.mean(axis=1), level=level)
    return mover_contrast(
        [r.count for r in group],
        [r.n for r in group],
        [1 / len(group)] * len(group),
        level=level,
    )


def _gap(
    comparison: Comparison,
    own: Rate,
    group: Sequence[Rate],
    board: Board | None,
    *,
    level: float,
) -> Gap:
    if board is not None:
        return _linked_gap(comparison, own, group, board, level=level)
    weights = [1.0, *([-1 / len(group)] * len(group))]
    everyone = [own, *group]
    points = mover_contrast(
        [r.count for r in everyone], [r.n for r in everyone], weights, level=level
    )
    return Gap(comparison.id, own.model, own.metric, points, ratio_to_mean(own, group, level=level))


def _linked_gap(
    comparison: Comparison, own: Rate, group: Sequence[Rate], board: Board, *, level: float
) -> Gap:
    """A gap problem by problem, on the problems that the model and its whole group have."""
    values = board.common([own.model, *(r.model for r in group)], own.metric)
    points = score_interval_of_differences(values[:, 0] - values[:, 1:].mean(axis=1), level=level)
    relative = ratio_to_mean(own, group, board, level=level)
    return Gap(comparison.id, own.model, own.metric, points, relative)


def ratio_to_mean(
    own: Rate, group: Sequence[Rate], board: Board | None = None, *, level: float
) -> Estimate | None:
    """Return a rate over the plain mean of a group's; None where that mean is 0.

    With single outcomes on the problems that all of them have, by Fieller's interval.
    """
    if board is not None:
        values = board.common([own.model, *(r.model for r in group)], own.metric)
        theirs = values[:, 1:].mean(axis=1)
        return fieller(values[:, 0], theirs, level=level) if np.any(theirs) else None
    if all(r.successes == 0 for r in group):
        return None
    return mover_ratio(
        own.count, own.n, [r.count for r in group], [r.n for r in group], level=level
    )
