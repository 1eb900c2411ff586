"""One model by category and difficulty: heatmaps, margins, trend, standardised rates."""

from dataclasses import replace

from report import numbers
from report.analysis.cells import TINY, Breakdown, CellRate
from report.charts import NARROW, WIDE, LazyFigure, heatmap, interval_chart
from report.document import Cell, Column, Table
from report.exhibits.common import (
    Context,
    estimate_cells,
    fraction_cells,
    missing,
    of_cell,
    p_cell,
    rate_cells,
    rate_columns,
    whole,
)
from report.exhibits.moved import moved_cell, places_of
from report.html import plain
from report.labels import slug
from stats.interval import Estimate


def breakdown(context: Context, model: str) -> Breakdown:
    """Return the breakdown of a model; KeyError where its cells are unknown."""
    for found in context.analysis.breakdowns:
        if found.model == model:
            return found
    raise KeyError(f"no counts by category and difficulty for {model!r}")


def cells_table(context: Context, model: str) -> Table:
    """Every cell of a model: compiled and passed with intervals."""
    own = breakdown(context, model)
    compiled = {(c.category, c.difficulty): c for c in own.rates("compiled")}
    rows = []
    for cell in own.rates("passed"):
        row = {
            "category": Cell(plain(cell.category or "")),
            "difficulty": Cell(plain(cell.difficulty or "")),
            **_counts(cell),
            **rate_cells("passed", cell.rate, focus=True),
        }
        other = compiled.get((cell.category, cell.difficulty))
        if other:
            row["compiled_count"] = of_cell(other.rate.successes, other.rate.n)
            row.update(rate_cells("compiled", other.rate))
        rows.append(row)
    return Table(
        id=slug("cells", context.slugs[model]),
        caption=(
            f"{context.labels[model]} by category and difficulty, Wilson {context.level} "
            f"intervals. Cells with fewer than {TINY} problems say little: read the interval, "
            "not the rate."
        ),
        columns=[
            Column("category", "Category"),
            Column("difficulty", "Difficulty"),
            *_COUNT_COLUMNS,
            *rate_columns("passed", context.rate, bar=True),
            *(
                [
                    Column("compiled_count", "Compiled", "number"),
                    *rate_columns("compiled", "Compile rate"),
                ]
                if compiled
                else []
            ),
        ],
        rows=rows,
        row_header="category",
    )


_COUNT_COLUMNS = (
    Column("problems", "Problems", "number", in_page=False),
    Column("passed_count", "Passed", "number"),
)


def _counts(cell: CellRate) -> dict[str, Cell]:
    n = cell.rate.n
    return {
        "problems": Cell(str(n), raw=n),
        "passed_count": replace(of_cell(cell.rate.successes, n), weak=cell.tiny),
    }


def heatmap_figure(context: Context, model: str) -> LazyFigure:
    """Compiled and passed in every cell, side by side."""
    own, release = breakdown(context, model), context.analysis.release
    metrics = [m for m in ("compiled", "passed") if own.rates(m)]
    names = {"compiled": "Compiled", "passed": "Passed"}
    rows = []
    for metric in metrics:
        known = {(c.category, c.difficulty): c for c in own.rates(metric)}
        categories = [c for c in release.categories if any(k[0] == c for k in known)]
        for order, category in enumerate(categories):
            for difficulty in release.difficulties:
                rows.append(_heat_cell(known.get((category, difficulty)), order))
                rows[-1].update(row=plain(category), column=plain(difficulty), panel=names[metric])
                rows[-1]["model"] = context.labels[model]
    columns = [plain(d) for d in release.difficulties]
    wide, narrow = (
        heatmap(rows, width=w, columns=columns, panels=[names[m] for m in metrics])
        for w in (WIDE, NARROW)
    )
    return LazyFigure(
        id=slug("heatmap", context.slugs[model]),
        caption=(
            f"{context.labels[model]}: programs that compiled and that passed, of the problems in "
            "each category and difficulty. Stronger is higher. Dashed and faint: fewer than "
            f"{TINY} problems, where a {context.level} interval spans most of the scale. The "
            "intervals are in the data table."
        ),
        alt=f"Heatmaps of {context.labels[model]}. "
        + "; ".join(
            f"{r['panel']}, {r['row']}, {r['column']}: {r['tip']}"
            for r in rows
            if r["rate"] is not None
        )
        + ".",
        wide=wide,
        narrow=narrow,
        data=cells_table(context, model),
    )


def _heat_cell(cell: CellRate | None, order: int) -> dict[str, object]:
    if cell is None:
        return {"order": order, "rate": None, "text": "–", "tiny": True, "tip": "no problems"}
    found = cell.rate
    return {
        "order": order,
        "rate": found.value,
        "text": f"{numbers.tally(found.successes)}/{found.n}",
        "tiny": cell.tiny,
        "tip": f"{numbers.tally(found.successes)} of {found.n}, {numbers.percent(found.value)} "
        f"({numbers.interval(found.wilson, 'fraction')})",
    }


def difficulty_figure(context: Context) -> LazyFigure:
    """Pass rate by difficulty of every model whose cells are known."""
    rows = []
    shown = set(context.drawn)
    for own in context.analysis.breakdowns:
        for cell in own.by_difficulty:
            if cell.rate.metric != "passed" or own.model not in shown:
                continue
            limits = cell.rate.wilson
            rows.append(
                {
                    "model": f"{context.labels[own.model]}, {plain(cell.difficulty or '')}",
                    "value": cell.rate.value,
                    "low": limits.low,
                    "high": limits.high,
                    "focus": context.is_focus(own.model),
                    "tiny": cell.tiny,
                    "tip": f"{numbers.tally(cell.rate.successes)} of {cell.rate.n}, "
                    f"{numbers.percent(cell.rate.value)} ({numbers.interval(limits, 'fraction')})",
                }
            )
    wide, narrow = (
        interval_chart(
            rows,
            width=w,
            title=f"{context.rate}, {context.level} interval",
            weak_field="tiny",
            label_limit=330 if w == WIDE else 170,
        )
        for w in (WIDE, NARROW)
    )
    return LazyFigure(
        id="difficulty-chart",
        by_model=True,
        caption=(
            f"{context.rate} by difficulty with {context.score_intervals}; faint where fewer "
            f"than {TINY} problems stand behind it.{_left_out(context)}"
        ),
        alt=f"Interval chart of the {context.words('passed')} by difficulty: "
        + "; ".join(f"{row['model']} {row['tip']}" for row in rows)
        + ".",
        wide=wide,
        narrow=narrow,
        data=margins_table(context, "drawn" if _left_out(context) else ""),
    )


def _left_out(context: Context) -> str:
    """Say which models a picture of a large board lacks; empty where it has all."""
    rest = len(context.analysis.rates_of("passed")) - len(context.drawn)
    return f" {rest} weaker models are in the table alone." if rest else ""


def margins_table(context: Context, which: str = "") -> Table:
    """Pass rates by difficulty and by category of every model whose cells are known.

    With ``which`` as "drawn" only models that pictures show.
    """
    everyone = [own.model for own in context.analysis.breakdowns]
    shown = set(context.drawn if which else everyone)
    rows = [
        {
            "model": Cell(context.labels[own.model]),
            "margin": Cell(plain(cell.category or cell.difficulty or "")),
            **_counts(cell),
            **rate_cells("passed", cell.rate, focus=context.is_focus(own.model)),
        }
        for own in context.analysis.breakdowns
        for cell in (*own.by_difficulty, *own.by_category)
        if cell.rate.metric == "passed" and own.model in shown
    ]
    return Table(
        id="margins-drawn" if which else "margins",
        caption=f"{context.rate} by difficulty and by category, {context.score_intervals}.",
        columns=[
            Column("model", "Model"),
            Column("margin", "Problems of"),
            *_COUNT_COLUMNS,
            *rate_columns("passed", context.rate, bar=True),
        ],
        rows=rows,
        row_header="model",
    )


def trend_table(context: Context) -> Table:
    """Whether rates change with difficulty, by the exact trend test."""
    rows = [
        {
            "model": Cell(context.labels[own.model]),
            "metric": Cell(context.words(metric)),
            "rates": Cell(
                " → ".join(
                    numbers.percent(cell.rate.value)
                    for cell in own.by_difficulty
                    if cell.rate.metric == metric
                )
            ),
            "p": p_cell(found.p_value),
        }
        for own in context.analysis.breakdowns
        for metric, found in own.trends.items()
    ]
    order = " → ".join(plain(d) for d in context.analysis.release.difficulties)
    return Table(
        id="trend",
        caption=(
            f"Rates from {order}, and the exact two-sided Cochran-Armitage test for a trend over "
            "difficulty (equally spaced scores)."
        ),
        columns=[
            Column("model", "Model"),
            Column("metric", "Metric"),
            Column("rates", order),
            Column("p", "p, trend", "number"),
        ],
        rows=rows,
        row_header="model",
    )


def standardised_table(context: Context) -> Table:
    """Raw pass rates beside the rates on stated mixes of difficulty."""
    rows = []
    for own in context.analysis.breakdowns:
        raw, focus = context.analysis.rates[own.model, "passed"], context.is_focus(own.model)
        found = [("as attempted (raw)", Estimate(raw.value, raw.wilson, raw.n), 0)]
        found += [
            (item.title, Estimate(r.estimate, r.interval, r.n), len(r.dropped))
            for item in own.standardised
            for r in [item.result]
        ]
        rows += [
            {
                "model": Cell(context.labels[own.model]),
                "mix": Cell(title),
                **fraction_cells("passed", estimate, focus=focus),
                "dropped": Cell(str(dropped or "none")),
            }
            for title, estimate, dropped in found
        ]
    return Table(
        id="standardised",
        caption=(
            f"{context.rate} on stated mixes of difficulty, {context.level} stratified intervals. "
            "With equal weights the difficulty with the fewest problems counts as much as the "
            "others, and the interval is wider for it."
        ),
        columns=[
            Column("model", "Model"),
            Column("mix", "Mix of difficulties"),
            *rate_columns("passed", context.rate, bar=True),
            Column("dropped", "Difficulties without problems"),
        ],
        rows=rows,
        row_header="model",
    )


def adjusted_table(context: Context) -> Table:
    """Raw and adjusted rates of many models side by side, with the places that move."""
    found = context.analysis.breakdowns
    mixes = {item.mix: item.title for own in found for item in own.standardised}
    raw = {own.model: context.analysis.rates[own.model, "passed"] for own in found}
    places = {"raw": places_of({m: r.value for m, r in raw.items()})}
    adjusted = {
        mix: {
            own.model: item.result for own in found for item in own.standardised if item.mix == mix
        }
        for mix in mixes
    }
    for mix, results in adjusted.items():
        places[mix] = places_of({m: r.estimate for m, r in results.items()})
    rows = []
    for model in sorted(raw, key=lambda m: -raw[m].value):
        row = {
            "model": context.model_cell(model),
            "place": whole(places["raw"][model]),
            **rate_cells("passed", raw[model]),
        }
        for mix, results in adjusted.items():
            if model in results:
                r = results[model]
                estimate = Estimate(r.estimate, r.interval, r.n)
                row |= estimate_cells(mix, estimate, "fraction")
                row[f"{mix}_place"] = moved_cell(places["raw"][model], places[mix][model])
        rows.append(row)
    return Table(
        id="adjusted",
        caption=(
            f"{context.rate} as attempted and on stated mixes of difficulty, {context.level} "
            "intervals, with the place each gives and by how many the model moves. Places of "
            "models that paired tests do not separate mean little, moved or not."
        ),
        columns=[
            Column("model", "Model"),
            Column("place", "#", "number"),
            *rate_columns("passed", "As attempted"),
            *(
                column
                for mix, title in mixes.items()
                for column in (
                    *rate_columns(mix, title[0].upper() + title[1:]),
                    Column(f"{mix}_place", "#", "number"),
                )
            ),
        ],
        rows=rows,
        row_header="model",
    )


def matched_table(context: Context) -> Table:
    """Models compared within cells: the common odds ratio, and whether it is common at all."""
    rows = []
    for pair in context.analysis.matched:
        ratio, same = pair.odds_ratio, pair.homogeneity
        estimate = Estimate(ratio.odds_ratio, ratio.interval_exact, pair.cells)
        rows.append(
            {
                "a": Cell(context.labels[pair.a]),
                "b": Cell(context.labels[pair.b]),
                **estimate_cells("odds_ratio", estimate, "ratio"),
                "p": p_cell(ratio.test_exact.p_value),
                "same": p_cell(same.test_tarone.p_value)
                if same
                else missing("too few informative cells"),
                "informative": Cell(f"{len(ratio.informative)}/{pair.cells}"),
            }
        )
    return Table(
        id="matched",
        caption=(
            "Odds of passing, first model against second, within categories and difficulties "
            f"(Mantel-Haenszel). Exact conditional {context.level} interval and p-value; results "
            "treated as unlinked within a cell. The next p-value asks whether the ratio differs "
            "between cells (Breslow-Day with Tarone's correction, rough with cells this small). "
            "Cells in which all or none passed carry no information."
        ),
        columns=[
            Column("a", "Model"),
            Column("b", "Against"),
            *rate_columns("odds_ratio", "Odds ratio"),
            Column("p", "p, ratio is 1", "number"),
            Column("same", "p, same in all cells", "number"),
            Column("informative", "Cells that tell", "number"),
        ],
        rows=rows,
        row_header="a",
    )
