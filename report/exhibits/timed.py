"""Runtimes compared on the same problems: ratios of pairs, shares solved in time, profiles."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report import numbers
from report.analysis.timed import Timed
from report.charts import NARROW, WIDE, LazyFigure, step_chart
from report.document import Cell, Column, Table
from report.exhibits.common import Context, estimate_cells, missing, p_cell, rate_columns, whole
from stats.families import holm
from stats.interval import Estimate, Interval
from stats.profiles import performance_profile
from stats.runtime import ecdf

Floats = NDArray[np.float64]

FACTORS = (1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100)
"""Factors of the fastest model at which profiles are drawn."""


def timed_of(context: Context) -> Timed:
    """Return the runtimes by problem; KeyError where the release has none."""
    if context.analysis.timed is None:
        raise KeyError(f"{context.analysis.release.version} has no runtimes by problem")
    return context.analysis.timed


def ratios_table(context: Context) -> Table:
    """Every pair's runtimes on the problems that both solved."""
    found = timed_of(context)
    ratios = found.ratios
    usable = ~np.isnan(ratios.p_value)
    adjusted = np.full(ratios.p_value.shape, np.nan)
    if usable.any():
        adjusted[usable] = holm(ratios.p_value[usable])
    rows = []
    for k, (i, j) in enumerate(zip(ratios.first, ratios.second, strict=True)):
        reason = "fewer than two problems in common, or no spread"
        estimate = None
        if usable[k]:
            limits = Interval(
                float(ratios.low[k]), float(ratios.high[k]), ratios.level, "paired_log_t"
            )
            estimate = Estimate(float(ratios.ratio[k]), limits, int(ratios.n_common[k]))
        solved = found.selection.solved
        rows.append(
            {
                "a": context.model_cell(found.models[i]),
                "b": context.model_cell(found.models[j]),
                **estimate_cells("ratio", estimate, "ratio", reason=reason),
                "common": whole(int(ratios.n_common[k])),
                "only": Cell(
                    f"{solved[i] - ratios.n_common[k]} / {solved[j] - ratios.n_common[k]}"
                ),
                "p": p_cell(float(ratios.p_value[k])) if usable[k] else missing(reason),
                "p_holm": p_cell(float(adjusted[k])) if usable[k] else missing(reason),
            }
        )
    return Table(
        id="runtime-ratios",
        caption=(
            "Runtime of the first model over that of the second, geometric mean over the problems "
            f"that both solved (below 1: the first is faster), {context.level} interval by "
            f"Student's t on logarithms, Holm over {int(usable.sum())} pairs. The problems that "
            "only one of the two solved are not in it."
        ),
        columns=[
            Column("a", "Model"),
            Column("b", "Against"),
            *rate_columns("ratio", "Runtime ratio"),
            Column("common", "Both solved", "number"),
            Column("only", "Only one solved"),
            Column("p", "p", "number"),
            Column("p_holm", "p, Holm", "number"),
        ],
        rows=rows,
        row_header="a",
        filterable=len(rows) > 20,
    )


def within_figure(context: Context) -> LazyFigure:
    """Share of all problems that each model solved within a runtime."""
    found = timed_of(context)
    n = found.times.shape[0]
    rows: list[dict[str, Any]] = []
    for j, model in enumerate(found.models):
        curve = ecdf(found.times[:, j])
        rows += [
            {
                "model": context.labels[model],
                "focus": context.is_focus(model),
                "x": float(seconds),
                "share": float(share),
                "tip": f"{numbers.percent(share)} within {numbers.significant(seconds)} s",
            }
            for seconds, share in zip(curve.values, curve.share, strict=True)
            if np.isfinite(seconds)
        ]
    specs = _specs(rows, "Runtime in seconds (log scale)", "Problems solved within")
    return LazyFigure(
        id="solved-within-chart",
        by_model=True,
        caption=(
            f"Share of all {n} problems that each model solved within a runtime, logarithmic "
            "scale. A line ends at the share that the model solved at all with a known runtime: "
            "failing and being slow both keep it down. Blue: focus models."
        ),
        alt=f"Step lines of {len(found.models)} models, share of problems solved by runtime.",
        wide=specs[0],
        narrow=specs[1],
        data=_last_table("solved-within-chart", rows, "Solved with a runtime"),
    )


def profile_figure(context: Context) -> LazyFigure:
    """Performance profiles: how often a model is within a factor of the fastest."""
    found = timed_of(context)
    profile = performance_profile(found.times, FACTORS, level=context.analysis.level)
    rows = [
        {
            "model": context.labels[model],
            "focus": context.is_focus(model),
            "x": float(factor),
            "share": float(profile.share[j, k]),
            "tip": f"{numbers.percent(float(profile.share[j, k]))} within {factor:g} times",
        }
        for j, model in enumerate(found.models)
        for k, factor in enumerate(FACTORS)
    ]
    specs = _specs(rows, "Times the fastest model's runtime (log scale)", "Problems")
    return LazyFigure(
        id="profile-chart",
        by_model=True,
        caption=(
            f"Performance profiles (Dolan-Moré) over all {profile.n} problems: how often a model "
            "solved a problem within so many times the runtime of the fastest model on it. At 1, "
            "how often it was the fastest. With more than two models, do not read from it which of "
            "two is faster: the ratios say that."
        ),
        alt=f"Step lines of {len(found.models)} models, share of problems by factor.",
        wide=specs[0],
        narrow=specs[1],
        data=_profile_table(context, found, profile.share, profile.low, profile.high),
    )


def _specs(rows: Sequence[dict[str, Any]], x_title: str, y_title: str) -> list[Any]:
    return [
        step_chart(rows, width=width, x_title=x_title, y_title=y_title) for width in (WIDE, NARROW)
    ]


def _last_table(table_id: str, rows: Sequence[dict[str, Any]], heading: str) -> Table:
    last = {row["model"]: row for row in rows}
    return Table(
        id=table_id,
        caption="Where each line ends.",
        columns=[
            Column("model", "Model"),
            Column("share", heading, "number"),
            Column("slowest", "Slowest, s", "number"),
        ],
        rows=[
            {
                "model": Cell(model),
                "share": Cell(numbers.percent(row["share"]), sort=row["share"], raw=row["share"]),
                "slowest": Cell(numbers.significant(row["x"]), sort=row["x"], raw=row["x"]),
            }
            for model, row in sorted(last.items(), key=lambda item: -item[1]["share"])
        ],
        row_header="model",
    )


def _profile_table(
    context: Context, found: Timed, share: Floats, low: Floats, high: Floats
) -> Table:
    shown = [k for k, factor in enumerate(FACTORS) if factor in {1, 2, 10}]
    rows = []
    for j, model in enumerate(found.models):
        row = {"model": Cell(context.labels[model])}
        for k in shown:
            limits = Interval(float(low[j, k]), float(high[j, k]), context.analysis.level, "wilson")
            estimate = Estimate(float(share[j, k]), limits, found.times.shape[0])
            row |= estimate_cells(f"within_{FACTORS[k]}", estimate, "fraction")
        rows.append(row)
    columns = [
        column
        for k in shown
        for column in rate_columns(
            f"within_{FACTORS[k]}", "Fastest" if FACTORS[k] == 1 else f"Within {FACTORS[k]} times"
        )
    ]
    return Table(
        id="profile-chart",
        caption=f"Shares at three factors, Wilson {context.level} intervals.",
        columns=[Column("model", "Model"), *columns],
        rows=rows,
        row_header="model",
    )
