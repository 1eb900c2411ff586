"""The comparisons a release declares: focus models against a group, and against the best."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.release import Comparison, Release
from report.analysis.rates import Rate, Rates
from stats.contrast import mover_contrast, mover_ratio
from stats.interval import Estimate
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


def group_means(release: Release, rates: Rates, *, level: float) -> tuple[GroupMean, ...]:
    """Mean rate of each declared group, for each metric that all its models have."""
    return tuple(
        GroupMean(comparison.id, metric, _mean(group, level=level))
        for comparison in release.comparisons
        for metric in ("passed", "compiled")
        if (group := _group(comparison, rates, metric))
    )


def gaps(release: Release, rates: Rates, *, level: float) -> tuple[Gap, ...]:
    """Each focus model of each comparison against the mean of that comparison's group."""
    return tuple(
        _gap(comparison, rates[model, metric], group, level=level)
        for comparison in release.comparisons
        for metric in ("passed", "compiled")
        if (group := _group(comparison, rates, metric))
        for model in comparison.models
        if (model, metric) in rates
    )


def proximities(rates: Rates, *, level: float) -> tuple[Proximity, ...]:
    """Every model's share of the best rate, for compiling and for passing."""
    found: list[Proximity] = []
    for metric in ("passed", "compiled"):
        family = [r for (_, name), r in rates.items() if name == metric]
        if not family:
            continue
        best = max(family, key=lambda r: r.value)
        found.extend(
            Proximity(
                r.model, best.model, metric, None if r is best else ratio(r, best, level=level)
            )
            for r in family
        )
    return tuple(found)


def ratio(a: Rate, b: Rate, *, level: float) -> Estimate | None:
    """Rate of a over rate of b with Koopman's score interval; None where b's rate is 0."""
    if b.successes == 0:
        return None
    limits = koopman(a.successes, a.n, b.successes, b.n, level=level)
    return Estimate(a.value / b.value, limits, min(a.n, b.n))


def _group(comparison: Comparison, rates: Rates, metric: str) -> list[Rate]:
    group = [rates[m, metric] for m in comparison.against if (m, metric) in rates]
    return group if len(group) == len(comparison.against) else []


def _mean(group: Sequence[Rate], *, level: float) -> Estimate:
    return mover_contrast(
        [r.successes for r in group],
        [r.n for r in group],
        [1 / len(group)] * len(group),
        level=level,
    )


def _gap(comparison: Comparison, own: Rate, group: Sequence[Rate], *, level: float) -> Gap:
    weights = [1.0, *([-1 / len(group)] * len(group))]
    everyone = [own, *group]
    points = mover_contrast(
        [r.successes for r in everyone], [r.n for r in everyone], weights, level=level
    )
    return Gap(comparison.id, own.model, own.metric, points, _relative(own, group, level=level))


def _relative(own: Rate, group: Sequence[Rate], *, level: float) -> Estimate | None:
    if all(r.successes == 0 for r in group):
        return None
    return mover_ratio(
        own.successes, own.n, [r.successes for r in group], [r.n for r in group], level=level
    )
