"""Runtime from published summaries: table and interval plot; from raw rows: box and strip."""

from collections.abc import Sequence
from itertools import groupby
from math import log10

from harness.release import Runtime
from report import numbers
from report.analysis.runtimes import MetricSummaries
from report.charts import NARROW, WIDE, LazyFigure, box_strip_chart, summary_chart
from report.document import Cell, Column, Table
from report.exhibits.common import Context, estimate_cells, rate_columns, whole
from report.html import plain
from report.labels import slug
from stats.runtime import box_statistics


def _metric(context: Context, metric: str) -> MetricSummaries:
    for found in context.analysis.summaries:
        if found.metric.id == metric:
            return found
    known = ", ".join(s.metric.id for s in context.analysis.summaries)
    raise KeyError(f"no summaries of metric {metric!r}; known: {known}")


def summary_table(context: Context, metric: str) -> Table:
    """One metric's published summaries with the interval that each mean allows."""
    found = _metric(context, metric)
    rows = []
    for item in found.models:
        summary = item.summary
        rows.append(
            {
                "model": Cell(context.labels[summary.model]),
                "count": whole(summary.count),
                **estimate_cells(
                    "mean", item.mean, "number", reason="too few programs for an interval"
                ),
                **{
                    name: Cell(numbers.written(value, "number"), sort=value, raw=value)
                    for name, value in (
                        ("median", summary.median),
                        ("std", summary.std),
                        ("min", summary.min),
                        ("max", summary.max),
                    )
                },
            }
        )
    return Table(
        id=slug("summary", metric),
        caption=(
            f"{plain(found.metric.title)} ({plain(found.metric.unit)}) over the programs of each "
            f"model that compiled, as published; {_direction(found)}. {context.level} interval of "
            "the mean by Student's t from count, mean and standard deviation: approximate, since "
            "the values are skewed. Medians cannot have an interval without the rows."
        ),
        columns=[
            Column("model", "Model"),
            Column("count", "Programs", "number"),
            *rate_columns("mean", "Mean"),
            Column("median", "Median", "number"),
            Column("std", "Std", "number"),
            Column("min", "Min", "number"),
            Column("max", "Max", "number"),
        ],
        rows=rows,
        focus_rows=frozenset(
            i for i, item in enumerate(found.models) if context.is_focus(item.summary.model)
        ),
        row_header="model",
    )


def _direction(found: MetricSummaries) -> str:
    better = found.metric.higher_is_better
    if better is None:
        return "neither direction is better"
    return "higher is better" if better else "lower is better"


def summary_figure(context: Context, metric: str) -> LazyFigure:
    """Range, interval of the mean, mean and median of each model."""
    found = _metric(context, metric)
    rows = []
    for item in found.models:
        summary = item.summary
        limits = item.mean.interval if item.mean else None
        rows.append(
            {
                "model": context.labels[summary.model],
                "focus": context.is_focus(summary.model),
                "mean": summary.mean,
                "median": summary.median,
                "min": summary.min,
                "max": summary.max,
                "low": max(limits.low, 0) if limits else summary.mean,
                "high": limits.high if limits else summary.mean,
                "tip": f"mean {numbers.written(summary.mean, 'number')}"
                + (f" ({numbers.interval(limits, 'number')})" if limits else "")
                + f", median {numbers.written(summary.median, 'number')}, {summary.count} programs",
            }
        )
    title = f"{plain(found.metric.title)}, {plain(found.metric.unit)} (square-root scale)"
    wide, narrow = (summary_chart(rows, width=w, title=title) for w in (WIDE, NARROW))
    return LazyFigure(
        id=slug("summary", metric, "chart"),
        by_model=True,
        caption=(
            f"{plain(found.metric.title)}: thin line from minimum to maximum, thick bar the "
            f"{context.level} interval of the mean (Student's t from the summary), dot the mean, "
            f"tick the median. {_counts(found)} Each model's programs are those it compiled, so "
            "the sets differ."
        ),
        alt=f"Interval plot of {plain(found.metric.title)}: "
        + "; ".join(f"{row['model']} {row['tip']}" for row in rows)
        + ".",
        wide=wide,
        narrow=narrow,
        data=summary_table(context, metric),
    )


def _counts(found: MetricSummaries) -> str:
    counts = [item.summary.count for item in found.models]
    return f"{min(counts)} to {max(counts)} programs a model."


def by_model(rows: Sequence[Runtime]) -> dict[str, list[Runtime]]:
    """Raw runtimes of each model, in the order in which the models first occur."""
    order = {row.model: i for i, row in reversed(list(enumerate(rows)))}
    ordered = sorted(rows, key=lambda r: order[r.model])
    return {model: list(group) for model, group in groupby(ordered, key=lambda r: r.model)}


def runtime_table(context: Context) -> Table:
    """Five-number summary of each model's raw runtimes, in seconds."""
    rows = []
    for model, own in by_model(context.analysis.release.runtimes).items():
        box = box_statistics([r.runtime_s for r in own])
        rows.append(
            {
                "model": Cell(context.labels[model]),
                "count": whole(len(own)),
                **{
                    name: Cell(numbers.significant(value), sort=value, raw=value)
                    for name, value in (
                        ("q1", box.lower_quartile),
                        ("median", box.median),
                        ("q3", box.upper_quartile),
                    )
                },
            }
        )
    return Table(
        id="runtimes",
        caption="Runtime in seconds of the programs in this release's raw rows.",
        columns=[
            Column("model", "Model"),
            Column("count", "Programs", "number"),
            Column("q1", "Lower quartile, s", "number"),
            Column("median", "Median, s", "number"),
            Column("q3", "Upper quartile, s", "number"),
        ],
        rows=rows,
        row_header="model",
    )


def runtime_figure(context: Context) -> LazyFigure:
    """Every program's runtime as a strip, with a box for each model."""
    models = by_model(context.analysis.release.runtimes)
    boxes, points = [], []
    for model, own in models.items():
        label, focus = context.labels[model], context.is_focus(model)
        box = box_statistics([r.runtime_s for r in own])
        boxes.append(
            {
                "model": label, "focus": focus, "q1": box.lower_quartile, "median": box.median,
                "q3": box.upper_quartile, "low": box.lower_whisker, "high": box.upper_whisker,
                "tip": f"median {numbers.significant(box.median)} s, {len(own)} programs",
            }
        )  # fmt: skip
        points += [
            {
                "model": label,
                "focus": focus,
                "value": r.runtime_s,
                "failed": r.passed is False,
                # A fixed spread by rank of arrival: jitter without chance.
                "offset": ((i * 7) % 11 - 5) / 5,
            }
            for i, r in enumerate(own)
        ]
    wide, narrow = (box_strip_chart(boxes, points, width=w) for w in (WIDE, NARROW))
    spread = [r.runtime_s for own in models.values() for r in own]
    orders = log10(max(spread) / min(spread))
    return LazyFigure(
        id="runtimes-chart",
        by_model=True,
        caption=(
            f"Runtime of {len(spread)} programs of {len(models)} models, logarithmic scale: box "
            "from quartile to quartile with the median, whiskers to the last program within 1.5 "
            "box lengths, one dot for each program (hollow: it failed its tests)."
        ),
        alt=f"Box and strip plot of runtimes spanning {orders:.1f} orders of magnitude: "
        + "; ".join(f"{box['model']} {box['tip']}" for box in boxes)
        + ".",
        wide=wide,
        narrow=narrow,
        data=runtime_table(context),
    )
