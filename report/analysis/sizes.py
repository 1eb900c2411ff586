"""Size against success: efficiency per parameter, how much larger and better, the Pareto front."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.release import Release
from report.analysis.board import Board
from report.analysis.groups import ratio
from report.analysis.rates import Rate, Rates
from stats.interval import Estimate, Interval


@dataclass(frozen=True, slots=True)
class Efficiency:
    """Pass rate per billion parameters, as a fraction; its interval is the rate's, divided.

    The size counts as known exactly. Where it is ``speculative`` the interval is too narrow, and
    whoever shows it says so.
    """

    model: str
    size: float
    speculative: bool
    estimate: Estimate
    rank: int
    pareto: bool


@dataclass(frozen=True, slots=True)
class SizeRatio:
    """How many times larger, and how many times better, one model is than another."""

    model: str
    against: str
    size: float
    performance: Estimate | None
    speculative: bool


def efficiencies(release: Release, rates: Rates) -> tuple[Efficiency, ...]:
    """Efficiency of every model with a result and a size, most efficient first."""
    sized = [
        (m, total, rates[m.id, "passed"])
        for m in release.models
        if (total := m.parameters.total) is not None and (m.id, "passed") in rates
    ]
    ranked = sorted(sized, key=lambda item: item[2].value / item[1], reverse=True)
    front = _pareto([(total, found.value) for _, total, found in ranked])
    return tuple(
        Efficiency(
            model.id,
            total,
            model.parameters.speculative,
            per_parameter(found, total),
            rank,
            on_front,
        )
        for rank, ((model, total, found), on_front) in enumerate(
            zip(ranked, front, strict=True), start=1
        )
    )


def per_parameter(found: Rate, billions: float) -> Estimate:
    """A pass rate divided by a size in billions; the interval scales with it."""
    limits = found.wilson
    scaled = Interval(limits.low / billions, limits.high / billions, limits.level, limits.method)
    return Estimate(found.value / billions, scaled, found.n)


def _pareto(points: Sequence[tuple[float, float]]) -> list[bool]:
    """True for each (size, rate) that no other one beats in one and equals or beats in both."""
    return [
        not any(
            other_size <= size and other_rate >= rate and (other_size, other_rate) != (size, rate)
            for other_size, other_rate in points
        )
        for size, rate in points
    ]


def size_ratios(
    release: Release, rates: Rates, board: Board | None = None, *, level: float
) -> tuple[SizeRatio, ...]:
    """Every large model of a "large" comparison against each of its focus models."""
    return tuple(
        SizeRatio(
            model=large.id,
            against=own.id,
            size=large.parameters.total / own.parameters.total,
            performance=ratio(
                rates[large.id, "passed"], rates[own.id, "passed"], board, level=level
            ),
            speculative=large.parameters.speculative or own.parameters.speculative,
        )
        for comparison in release.comparisons
        if comparison.kind == "large"
        for own in map(release.model, comparison.models)
        for large in map(release.model, comparison.against)
        if large.parameters.total
        and own.parameters.total
        and {(large.id, "passed"), (own.id, "passed")} <= rates.keys()
    )
