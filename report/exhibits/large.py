"""Focus models beside large ones: ranking, proximity to the best, efficiency, Pareto front."""

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from report import numbers
from report.charts import NARROW, WIDE, LazyFigure, interval_chart, size_chart
from report.charts.places import place_labels, size_domains
from report.document import Cell, Column, Table
from report.exhibits.benchmark import size_cell
from report.exhibits.common import (
    Context,
    estimate_cells,
    problems_words,
    rank_cells,
    rank_columns,
    rate_cells,
    rate_columns,
    whole,
)
from report.exhibits.similar import comparison
from report.html import escape
from report.labels import slug
from stats.interval import Estimate


def _members(context: Context, comparison_id: str) -> list[str]:
    """Return the models of a comparison that have results, best pass rate first."""
    declared = comparison(context, comparison_id)
    wanted = {*declared.models, *declared.against}
    return [r.model for r in context.analysis.rates_of("passed") if r.model in wanted]


def ranking_table(context: Context, comparison_id: str) -> Table:
    """The models of a comparison by pass rate, with their sizes and the ranks they could hold."""
    analysis, members = context.analysis, _members(context, comparison_id)
    ranks = {rank.model: rank for rank in analysis.ranks}
    rows = []
    for model in members:
        row = {
            "model": Cell(context.labels[model]),
            **rate_cells("passed", analysis.rates[model, "passed"], focus=context.is_focus(model)),
            **rank_cells(context, ranks[model]),
            "size": size_cell(analysis.release.model(model).parameters),
        }
        compiled = analysis.rates.get((model, "compiled"))
        if compiled:
            row.update(rate_cells("compiled", compiled))
        rows.append(row)
    return Table(
        id=slug("ranking", comparison_id),
        caption=(
            f"{len(members)} models by {context.words('passed')}, {context.score_intervals}; "
            f"ranks are among all {len(ranks)} models (Holm), "
            + ("by paired tests." if context.linked else "unlinked and whatever the pairing.")
        ),
        columns=[
            Column("model", "Model"),
            *rate_columns("passed", "Pass rate", bar=True),
            *rank_columns(context),
            *rate_columns("compiled", "Compile rate"),
            Column("size", "Parameters", "number"),
        ],
        rows=rows,
        focus_rows=frozenset(i for i, m in enumerate(members) if context.is_focus(m)),
        row_header="model",
    )


def proximity_table(context: Context) -> Table:
    """Every model's pass and compile rate as a share of the best one."""
    rows = []
    models = [r.model for r in context.analysis.rates_of("passed")]
    shares = {(p.model, p.metric): p for p in context.analysis.proximities}
    order = context.analysis.order
    any_best = {(m, model): r for m, model, r in order.ratios} if order else {}
    for model in models:
        row = {"model": Cell(context.labels[model])}
        for metric in ("passed", "compiled"):
            found = shares.get((model, metric))
            row |= _any_best_cells(f"{metric}_any", any_best.get((metric, model)))
            row.update(
                estimate_cells(
                    metric,
                    found.share if found else None,
                    "fraction",
                    reason="it is the best itself, or the best rate is zero or unknown",
                )
            )
        rows.append(row)
    best = {p.metric: context.labels[p.best] for p in context.analysis.proximities}
    return Table(
        id="proximity",
        caption=(
            "Share of the best rate ("
            + ", ".join(f"{_METRIC[m]}: {name}" for m, name in best.items())
            + f"). {_ratio_words(context)}; "
            "that the best model was chosen by its result is not accounted for. “Whichever is "
            "best” accounts for it: "
            + (
                "whole problems are resampled for all models at once"
                if context.linked
                else "all models are resampled, independently of each other"
            )
            + ", each time against the best of that resample."
        ),
        columns=[
            Column("model", "Model"),
            *rate_columns("passed", "Of the best pass rate"),
            *rate_columns("passed_any", "… whichever is best"),
            *rate_columns("compiled", "Of the best compile rate"),
            *rate_columns("compiled_any", "… whichever is best"),
        ],
        rows=rows,
        focus_rows=frozenset(i for i, m in enumerate(models) if context.is_focus(m)),
        row_header="model",
    )


def _any_best_cells(key: str, found: Estimate | None) -> dict[str, Cell]:
    """Share of whichever model is best; a limit of 100% at both ends is put in words.

    A model that leads nearly all resamples is the best, and its share of the best is 1 by
    definition: that is said instead of an interval without width.
    """
    reason = "nothing was solved, or the metric is unknown"
    cells = estimate_cells(key, found, "fraction", reason=reason)
    if found is None or found.interval.low < 1:
        return cells
    tail = numbers.chance((1 - found.interval.level) / 2)
    words = f"itself the best in all but {tail} of resamples"
    html = Markup('{}<span class="bp-limits">{}</span>').format("100%", escape(words))
    return {**cells, key: replace(cells[key], text=f"100% ({words})", html=html)}


def _ratio_words(context: Context) -> str:
    if context.analysis.fractional:
        return f"Fieller's {context.level} intervals of the ratio on the problems both have"
    if context.linked:
        return f"Tang's {context.level} score intervals of the ratio on the problems both have"
    return f"Koopman {context.level} score intervals of the ratio, results treated as unlinked"


_METRIC = {"passed": "pass rate", "compiled": "compile rate"}


def proximity_figure(context: Context) -> LazyFigure:
    """Shares of the best pass rate as a forest plot."""
    rows = []
    order = [r.model for r in context.analysis.rates_of("passed")]
    shares = {p.model: p.share for p in context.analysis.proximities if p.metric == "passed"}
    for model in order:
        share = shares.get(model)
        if share is None:
            continue
        rows.append(
            {
                "model": context.labels[model],
                "value": share.value,
                "low": share.interval.low,
                "high": share.interval.high,
                "focus": context.is_focus(model),
                "tip": f"{numbers.percent(share.value)} "
                f"({numbers.interval(share.interval, 'fraction')})",
            }
        )
    wide, narrow = (
        interval_chart(
            rows,
            width=w,
            title=f"Share of the best pass rate, {context.level} interval",
            reference=1,
        )
        for w in (WIDE, NARROW)
    )
    return LazyFigure(
        id="proximity-chart",
        drawn=("passed",),
        by_model=True,
        caption=(
            f"{context.rate} as a share of the best model's. {_ratio_words(context)}; "
            f"{problems_words(context)} problems a model. "
            "Dashed: as good as the best. Blue: focus models."
        ),
        alt="Forest plot of shares of the best pass rate: "
        + "; ".join(f"{row['model']} {row['tip']}" for row in rows)
        + ".",
        wide=wide,
        narrow=narrow,
        data=proximity_table(context),
    )


def efficiency_table(context: Context) -> Table:
    """Pass rate per billion parameters, most efficient first."""
    analysis = context.analysis
    rows = [
        {
            "rank": whole(found.rank),
            "model": Cell(context.labels[found.model]),
            **estimate_cells("efficiency", found.estimate, "per_billion"),
            "size": size_cell(analysis.release.model(found.model).parameters),
            "pareto": Cell("on the front" if found.pareto else "dominated", weak=not found.pareto),
        }
        for found in analysis.efficiencies
    ]
    return Table(
        id="efficiency",
        caption=(
            f"Percentage points of pass rate per billion parameters for the {len(rows)} models "
            f"whose size is stated; the {context.level} interval is the Wilson interval of the "
            "rate divided by the size, which counts as exact. A speculative size makes the "
            "figure speculative. On the front: no other model is both as small and as good."
        ),
        columns=[
            Column("rank", "#", "number"),
            Column("model", "Model"),
            *rate_columns("efficiency", "Points per B"),
            Column("size", "Parameters", "number"),
            Column("pareto", "Size against pass rate"),
        ],
        rows=rows,
        focus_rows=frozenset(
            i for i, found in enumerate(analysis.efficiencies) if context.is_focus(found.model)
        ),
        row_header="model",
    )


def efficiency_figure(context: Context) -> LazyFigure:
    """Efficiency with intervals on a logarithmic axis."""
    rows = [
        {
            "model": context.labels[found.model],
            "value": 100 * found.estimate.value,
            "low": 100 * found.estimate.interval.low,
            "high": 100 * found.estimate.interval.high,
            "focus": context.is_focus(found.model),
            "weak": found.speculative,
            "tip": f"{numbers.per_billion(found.estimate.value)} points per billion "
            f"({numbers.interval(found.estimate.interval, 'per_billion')})",
        }
        for found in context.analysis.efficiencies
        if found.estimate.interval.low > 0 and found.estimate.value > 0
    ]
    wide, narrow = (
        interval_chart(
            rows,
            width=w,
            title=f"Points of pass rate per billion parameters, {context.level} (log scale)",
            log=True,
            weak_field="weak",
        )
        for w in (WIDE, NARROW)
    )
    left_out = len(context.analysis.efficiencies) - len(rows)
    return LazyFigure(
        id="efficiency-chart",
        by_model=True,
        caption=(
            f"Pass rate per billion parameters; {problems_words(context)} problems a model, Wilson "
            f"{context.level} intervals of the rate divided by the size; faint where the size is "
            "speculative. Blue: focus models."
            + (
                f" {left_out} models without a pass have no place on a log scale."
                if left_out
                else ""
            )
        ),
        alt="Interval chart of efficiency: "
        + "; ".join(f"{row['model']} {row['tip']}" for row in rows)
        + ".",
        wide=wide,
        narrow=narrow,
        data=efficiency_table(context),
    )


def pareto_figure(context: Context) -> LazyFigure:
    """Pass rate against size, with the front of models that nothing dominates."""
    rows: list[dict[str, Any]] = [
        {
            "model": context.labels[found.model],
            "focus": context.is_focus(found.model),
            "size": found.size,
            "y": (passed := context.analysis.rates[found.model, "passed"]).value,
            "y_low": passed.wilson.low,
            "y_high": passed.wilson.high,
            "speculative": found.speculative,
            "pareto": found.pareto,
            "tip": f"{numbers.billions(found.size)}"
            + (" (speculative)" if found.speculative else "")
            + f", {numbers.percent(passed.value)} ({numbers.interval(passed.wilson, 'fraction')})",
        }
        for found in context.analysis.efficiencies
    ]
    wide, narrow = (
        size_chart(
            place_labels(rows, size_domains(rows), x="size", log_x=True, narrow=w == NARROW),
            width=w,
            y_title=f"Pass rate, {context.level} interval",
        )
        for w in (WIDE, NARROW)
    )
    front = [row["model"] for row in sorted(rows, key=lambda r: r["size"]) if row["pareto"]]
    return LazyFigure(
        id="pareto-chart",
        by_model=True,
        caption=(
            f"Pass rate (Wilson {context.level} interval, {problems_words(context)} problems a "
            "model) against size. Hollow: the size is speculative. Dashed: the front of models "
            "that no other one beats in both, by point estimate; intervals that reach across it "
            "show how unsure it is."
        ),
        alt=f"Scatter plot of pass rate against size for {len(rows)} models. On the Pareto front: "
        + ", ".join(front)
        + ".",
        wide=wide,
        narrow=narrow,
        data=efficiency_table(context),
    )


def advantage_table(context: Context) -> Table:
    """How many times larger, and how many times better, each large model is."""
    rows = [
        {
            "model": Cell(context.labels[found.model]),
            "against": Cell(context.labels[found.against]),
            "size": Cell(
                numbers.ratio(found.size) + (" (speculative)" if found.speculative else ""),
                sort=found.size,
                raw=found.size,
                weak=found.speculative,
            ),
            **estimate_cells("performance", found.performance, "ratio"),
        }
        for found in context.analysis.size_ratios
    ]
    return Table(
        id="advantage",
        caption=(
            "How many times the parameters, and how many times the pass rate, of the focus model. "
            f"{_ratio_words(context)}."
        ),
        columns=[
            Column("model", "Model"),
            Column("against", "Against"),
            Column("size", "Size", "number"),
            *rate_columns("performance", "Pass rate"),
        ],
        rows=rows,
        row_header="model",
    )
