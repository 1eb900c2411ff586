"""The overall results: leaderboard, its chart, and compile rate against pass rate."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from report import numbers
from report.analysis.pairs import RankRange
from report.analysis.rates import Rate
from report.charts import NARROW, WIDE, LazyFigure, cross_chart, interval_chart
from report.charts.places import cross_domains, place_labels
from report.document import Cell, Column, Table
from report.exhibits.common import (
    MISSING_WORDS,
    Context,
    bracket_cell,
    missing,
    of_cell,
    rank_cells,
    rank_columns,
    rank_words,
    rate_cells,
    rate_columns,
    whole,
)


def leaderboard_table(context: Context) -> Table:
    """Every model with results: counts, three rates with intervals, and the ranks it could hold."""
    analysis = context.analysis
    ranks = {rank.model: rank for rank in analysis.ranks}
    compiles = bool(analysis.rates_of("compiled"))
    brackets = {runs.model: runs.bracket for runs in analysis.missing}
    rows = []
    for found in analysis.rates_of("passed"):
        model = found.model
        row = {
            "position": whole(ranks[model].position),
            "model": context.model_cell(model),
            "problems": whole(found.n),
            "passed_count": of_cell(found.successes, found.n),
            **rate_cells("passed", found, focus=context.is_focus(model)),
            **rank_cells(context, ranks[model]),
            "bracket": bracket_cell(brackets.get(model), "fraction"),
        }
        rows.append(row | _compile_cells(context, model) if compiles else row)
    return Table(
        id="leaderboard",
        caption=(
            f"All {len(rows)} models with results, best {context.words('passed')} first; "
            f"{context.score_intervals}. Ranks are simultaneous sets over all "
            f"{analysis.ranks[0].family} pairs (Holm)"
            + (
                ", each pair tested on the problems that both have."
                if context.linked
                else ": unlinked tests treat the models' results as independent, “any pairing” "
                "holds however their successes overlapped."
            )
            + (f" {MISSING_WORDS}" if analysis.missing else "")
        ),
        columns=[
            Column("position", "#", "number"),
            Column("model", "Model"),
            Column("problems", "Problems", "number", in_page=False),
            *rate_columns("passed", context.rate, bar=True),
            *rank_columns(context),
            *([Column("bracket", "With missing", "number")] if analysis.missing else []),
            Column("passed_count", "Passed", "number"),
            *(_compile_columns() if compiles else ()),
        ],
        rows=rows,
        focus_rows=frozenset(
            i for i, r in enumerate(analysis.rates_of("passed")) if context.is_focus(r.model)
        ),
        row_header="model",
    )


def _compile_columns() -> list[Column]:
    return [
        Column("compiled_count", "Compiled", "number"),
        *rate_columns("compiled", "Compile rate"),
        *rate_columns("passed_of_compiled", "Passed of compiled"),
    ]


def _compile_cells(context: Context, model: str) -> dict[str, Cell]:
    """What one model compiled; a release may say so of some models alone."""
    rates = context.analysis.rates
    cells: dict[str, Cell] = {}
    for metric in ("compiled", "passed_of_compiled"):
        found = rates.get((model, metric))
        cells |= rate_cells(metric, found) if found else _none(metric)
    compiled = rates.get((model, "compiled"))
    count = of_cell(compiled.successes, compiled.n) if compiled else missing(_NO_COMPILE)
    return {**cells, "compiled_count": count}


_NO_COMPILE = "this release does not say how many programs compiled"


def _none(metric: str) -> dict[str, Cell]:
    cell = missing(_NO_COMPILE)
    return {f"{metric}{end}": cell for end in ("", "_low", "_high")}


def missing_table(context: Context) -> Table:
    """Models that lack results: the rate as counted, and all that it could have been."""
    rows = []
    for runs in context.analysis.missing:
        rate = context.analysis.rates[runs.model, "passed"]
        bracket = runs.bracket
        rows.append(
            {
                "model": Cell(context.labels[runs.model]),
                "attempted": Cell(f"{runs.attempted}/{bracket.n}", raw=runs.attempted),
                **rate_cells("passed", rate),
                "low": Cell(numbers.percent(bracket.low), sort=bracket.low, raw=bracket.low),
                "high": Cell(numbers.percent(bracket.high), sort=bracket.high, raw=bracket.high),
                "both": Cell(numbers.interval(runs.interval, "fraction"), interval=runs.interval),
            }
        )
    return Table(
        id="missing",
        caption=(
            "Models with fewer results than problems. "
            + (
                "By the release's rule what is missing counts as failed; "
                if context.analysis.release.missing == "failed"
                else "Their rates are over the problems they have results for; "
            )
            + "if every missing run had failed, or passed, the rate would be as shown. "
            f"The last column holds both: chance ({context.level}, Wilson) and what is missing."
        ),
        columns=[
            Column("model", "Model"),
            Column("attempted", "Results", "number"),
            *rate_columns("passed", "Pass rate as counted"),
            Column("low", "Missing as failed", "number"),
            Column("high", "Missing as passed", "number"),
            Column("both", "Chance and missing", "interval"),
        ],
        rows=rows,
        row_header="model",
    )


def leaderboard_figure(context: Context) -> LazyFigure:
    """Pass rates with intervals, best first."""
    rates = context.analysis.rates_of("passed")
    ranks = {rank.model: rank for rank in context.analysis.ranks}
    rows = [_interval_row(context, found, ranks[found.model]) for found in rates]
    specs = [
        interval_chart(rows, width=width, title=f"{context.rate}, {context.level} interval")
        for width in (WIDE, NARROW)
    ]
    return LazyFigure(
        id="leaderboard-chart",
        by_model=True,
        drawn=("passed",),
        caption=(
            f"{context.rate} of {len(rates)} models on {_n(rates)} problems with "
            f"{context.score_intervals}. Blue: focus models; gray: all others. "
            "Intervals that overlap do not by themselves decide a comparison: see the pairs."
        ),
        alt=_leaderboard_words(context, rates),
        wide=specs[0],
        narrow=specs[1],
        data=_rates_table(context, "leaderboard-chart", rates),
    )


def _interval_row(context: Context, found: Rate, rank: RankRange) -> dict[str, Any]:
    limits = numbers.interval(found.wilson, "fraction")
    return {
        "model": context.labels[found.model],
        "value": found.value,
        "low": found.wilson.low,
        "high": found.wilson.high,
        "focus": context.is_focus(found.model),
        "tip": f"{numbers.percent(found.value)} ({limits}), "
        f"{numbers.tally(found.successes)} of {found.n}, {_rank_tip(context, rank)}",
    }


def _rank_tip(context: Context, rank: RankRange) -> str:
    if context.analysis.linked:
        return f"rank {rank_words(rank.any_pairing)}"
    return f"rank {rank_words(rank.unlinked)} unlinked, {rank_words(rank.any_pairing)} any pairing"


def _n(rates: Sequence[Rate]) -> str:
    """Write the number of problems behind rates, as a range where models differ."""
    low, high = min(r.n for r in rates), max(r.n for r in rates)
    return str(low) if low == high else f"{low} to {high}"


def _leaderboard_words(context: Context, rates: tuple[Rate, ...]) -> str:
    best, worst = rates[0], rates[-1]
    top, bottom = (
        f"{numbers.percent(r.value)} ({numbers.interval(r.wilson, 'fraction')})"
        for r in (best, worst)
    )
    return (
        f"Interval chart of the {context.words('passed')} of {len(rates)} models, from "
        f"{context.labels[best.model]} with {top} down to {context.labels[worst.model]} "
        f"with {bottom}."
    )


def _rates_table(context: Context, table_id: str, rates: tuple[Rate, ...]) -> Table:
    return Table(
        id=table_id,
        caption=f"Data of the chart: {context.score_intervals}.",
        columns=[
            Column("model", "Model"),
            Column("successes", "Passed", "number"),
            Column("n", "Problems", "number"),
            *rate_columns("passed", context.rate),
            Column("bootstrap", "Exact bootstrap", "interval", in_export=False),
            Column("bootstrap_low", "bootstrap low", "number", in_page=False),
            Column("bootstrap_high", "bootstrap high", "number", in_page=False),
        ],
        rows=[
            {
                "model": Cell(context.labels[r.model]),
                "successes": Cell(numbers.tally(r.successes), sort=r.successes, raw=r.successes),
                "n": whole(r.n),
                **rate_cells("passed", r),
                "bootstrap": Cell(numbers.interval(r.bootstrap, "fraction"), interval=r.bootstrap),
                "bootstrap_low": Cell("", raw=r.bootstrap.low),
                "bootstrap_high": Cell("", raw=r.bootstrap.high),
            }
            for r in rates
        ],
        row_header="model",
    )


def scatter_figure(context: Context) -> LazyFigure:
    """Compile rate against pass rate, both with intervals."""
    analysis = context.analysis
    both = [
        (analysis.rates[r.model, "compiled"], r)
        for r in analysis.rates_of("passed")
        if (r.model, "compiled") in analysis.rates
    ]
    rows: list[dict[str, Any]] = [
        {
            "model": context.labels[passed.model],
            "focus": context.is_focus(passed.model),
            "x": compiled.value,
            "x_low": compiled.wilson.low,
            "x_high": compiled.wilson.high,
            "y": passed.value,
            "y_low": passed.wilson.low,
            "y_high": passed.wilson.high,
            "tip": f"compiled {numbers.percent(compiled.value)}, "
            f"passed {numbers.percent(passed.value)}",
        }
        for compiled, passed in both
    ]
    specs = [
        cross_chart(
            place_labels(rows, cross_domains(rows), narrow=width == NARROW),
            width=width,
            x_title="Compile rate",
            y_title="Pass rate",
        )
        for width in (WIDE, NARROW)
    ]
    return LazyFigure(
        id="compile-pass-chart",
        by_model=True,
        caption=(
            f"Compile rate against pass rate of {len(rows)} models; crosses are Wilson "
            f"{context.level} intervals of each rate. {_n([passed for _, passed in both])} "
            "problems a model. Blue: focus models. A program that passed has compiled, so no "
            "pass rate is above its compile rate."
        ),
        alt=(
            f"Scatter plot of {len(rows)} models. Compile rates lie between "
            f"{numbers.percent(min(r['x'] for r in rows))} and "
            f"{numbers.percent(max(r['x'] for r in rows))}, pass rates between "
            f"{numbers.percent(min(r['y'] for r in rows))} and "
            f"{numbers.percent(max(r['y'] for r in rows))}; models that compile more pass more."
            if _ascending(rows)
            else f"Scatter plot of {len(rows)} models, compile rate across, pass rate up."
        ),
        wide=specs[0],
        narrow=specs[1],
        data=_both_table(context, both),
    )


def _ascending(rows: list[dict[str, Any]]) -> bool:
    ordered = sorted(rows, key=lambda r: r["x"])
    ys = [row["y"] for row in ordered]
    return all(a <= b for a, b in pairwise(ys))


def _both_table(context: Context, both: list[tuple[Rate, Rate]]) -> Table:
    return Table(
        id="compile-pass-chart",
        caption=f"Data of the chart: Wilson {context.level} intervals.",
        columns=[
            Column("model", "Model"),
            *rate_columns("compiled", "Compile rate"),
            *rate_columns("passed", "Pass rate"),
        ],
        rows=[
            {
                "model": Cell(context.labels[passed.model]),
                **rate_cells("compiled", compiled),
                **rate_cells("passed", passed),
            }
            for compiled, passed in both
        ],
        row_header="model",
    )
