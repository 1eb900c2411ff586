"""Runtime, as far as published summaries or unlinked rows allow."""

from dataclasses import dataclass

from harness.release import Metric, Release, Summary
from stats.check import NoEstimateError
from stats.interval import Estimate
from stats.runtime import Contradiction, mean_interval_from_summary, summary_contradictions


@dataclass(frozen=True, slots=True)
class SummaryEstimate:
    """A published summary with the interval its mean allows, and what in it cannot be.

    ``mean`` is None where the count is too small for an interval.
    """

    summary: Summary
    mean: Estimate | None
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class MetricSummaries:
    """All models' summaries of one metric, highest mean first."""

    metric: Metric
    models: tuple[SummaryEstimate, ...]


def metric_summaries(release: Release, *, level: float) -> tuple[MetricSummaries, ...]:
    """Group the release's summaries by metric, in the order the release declares them."""
    return tuple(
        MetricSummaries(
            metric,
            tuple(
                _estimate(summary, level=level)
                for summary in sorted(rows, key=lambda s: s.mean, reverse=True)
            ),
        )
        for metric in release.metrics
        if (rows := [s for s in release.summaries if s.metric == metric.id])
    )


def _estimate(summary: Summary, *, level: float) -> SummaryEstimate:
    try:
        mean = mean_interval_from_summary(summary.count, summary.mean, summary.std, level=level)
    except NoEstimateError:
        mean = None
    rounding = max(map(_half_step, (summary.mean, summary.median, summary.std)))
    return SummaryEstimate(
        summary,
        mean,
        tuple(
            summary_contradictions(
                summary.count,
                summary.mean,
                summary.median,
                summary.std,
                summary.min,
                summary.max,
                rounding=rounding,
            )
        ),
    )


def _half_step(printed: float) -> float:
    """Half a unit in the last decimal that a published figure shows."""
    decimals = len(repr(printed).partition(".")[2])
    return 0.5 * 10.0**-decimals
