"""Focus models against a declared group: gap to its mean, and to each of its models."""

from harness.release import Comparison
from report import numbers
from report.analysis.groups import Gap
from report.analysis.pairs import Pair
from report.analysis.standing import missing_difference
from report.charts import NARROW, WIDE, LazyFigure, interval_chart
from report.document import Cell, Column, Table
from report.exhibits.common import (
    MISSING_WORDS,
    Context,
    bracket_cell,
    estimate_cells,
    missing,
    p_cell,
    problems_words,
    rate_columns,
    span_cell,
    whole,
)
from report.html import plain
from report.labels import listed, slug
from stats.interval import Estimate, Interval


def comparison(context: Context, comparison_id: str) -> Comparison:
    """Return the comparison with this id; KeyError lists the known ones."""
    for found in context.analysis.release.comparisons:
        if found.id == comparison_id:
            return found
    known = ", ".join(c.id for c in context.analysis.release.comparisons)
    raise KeyError(f"no comparison {comparison_id!r}; known: {known}")


def gap_table(context: Context, comparison_id: str) -> Table:
    """Each focus model against the mean of the group, in points and relatively."""
    declared = comparison(context, comparison_id)
    rows = [
        {
            "model": Cell(context.labels[gap.model]),
            "metric": Cell(context.words(gap.metric)),
            **estimate_cells("points", gap.points, "points"),
            **_relative(gap),
        }
        for gap in _gaps(context, comparison_id)
    ]
    return Table(
        id=slug("gap", comparison_id),
        caption=(
            f"Rate minus the plain mean of {_group_words(context, declared)}, in percentage "
            f"points, and relative to that mean. {_gap_words(context)}."
        ),
        columns=[
            Column("model", "Model"),
            Column("metric", "Metric"),
            *rate_columns("points", "Gap, points"),
            *rate_columns("relative", "Relative"),
        ],
        rows=rows,
        row_header="model",
    )


def _gaps(context: Context, comparison_id: str) -> list[Gap]:
    return [gap for gap in context.analysis.gaps if gap.comparison == comparison_id]


def _group_words(context: Context, declared: Comparison) -> str:
    return f"{len(declared.against)} models ({listed(context.labels[m] for m in declared.against)})"


def _gap_words(context: Context) -> str:
    if context.linked:
        return f"{context.level} score intervals of the difference problem by problem"
    return (
        f"{context.level} intervals by MOVER from Wilson limits, which treat the models' results "
        "as unlinked, since who solved what is unknown"
    )


def _relative(gap: Gap) -> dict[str, Cell]:
    found = gap.relative
    if found is None:
        return estimate_cells("relative", None, "relative", reason="the group's mean is zero")
    limits = found.interval
    shifted = Interval(limits.low - 1, limits.high - 1, limits.level, limits.method)
    return estimate_cells("relative", Estimate(found.value - 1, shifted, found.n), "relative")


def gap_figure(context: Context, comparison_id: str) -> LazyFigure:
    """Return the gaps as a forest plot around no difference."""
    gaps = _gaps(context, comparison_id)
    declared = comparison(context, comparison_id)
    rows = [
        {
            "model": f"{context.labels[gap.model]}, {context.words(gap.metric)}",
            "value": gap.points.value,
            "low": gap.points.interval.low,
            "high": gap.points.interval.high,
            "focus": gap.metric == "passed",
            "tip": f"{numbers.points(gap.points.value)} points "
            f"({numbers.interval(gap.points.interval, 'points')})",
        }
        for gap in gaps
    ]
    wide, narrow = (
        interval_chart(
            rows,
            width=w,
            title=f"Gap to the group's mean in points, {context.level} interval",
            points=True,
            reference=0,
            label_limit=330 if w == WIDE else 170,
        )
        for w in (WIDE, NARROW)
    )
    return LazyFigure(
        id=slug("gap", comparison_id, "chart"),
        caption=(
            f"Gap to the mean of {_group_words(context, declared)}; {_gap_words(context)}; "
            f"{problems_words(context)} problems a model. "
            "Blue: pass rate; gray: compile rate. Dashed: no difference."
        ),
        alt="Forest plot of gaps to the group's mean: "
        + "; ".join(f"{row['model']} {row['tip']}" for row in rows)
        + ".",
        wide=wide,
        narrow=narrow,
        data=gap_table(context, comparison_id),
    )


def comparison_pairs(context: Context, comparison_id: str, metric: str) -> list[tuple[str, str]]:
    """(focus model, other) couples of a comparison that both have results on the metric."""
    declared, rates = comparison(context, comparison_id), context.analysis.rates
    return [
        (own, other)
        for own in declared.models
        for other in declared.against
        if (own, metric) in rates and (other, metric) in rates
    ]


def versus_table(context: Context, comparison_id: str) -> Table:
    """Each focus model against each model of the group, on both metrics."""
    rows = [
        versus_row(context, own, other, metric)
        for metric in ("passed", "compiled")
        for own, other in comparison_pairs(context, comparison_id, metric)
    ]
    return Table(
        id=slug("versus", comparison_id),
        caption=(
            f"First model minus second, in percentage points. {pair_words(context)} "
            f"Holm over all {len(context.analysis.pairs_of('passed'))} pairs of the metric."
        ),
        columns=versus_columns(context),
        rows=rows,
        row_header="a",
    )


def pair_words(context: Context, *, bracket: bool = True) -> str:
    """Say how pairs are compared, for a caption; ``bracket`` where the table has that column."""
    words = _pair_words(context)
    return f"{words} {MISSING_WORDS}" if bracket and context.analysis.missing else words


def _pair_words(context: Context) -> str:
    if context.analysis.fractional:
        return (
            f"On the problems that both have: {context.level} score interval of the mean "
            "difference, sign-flip test. Max-T corrects over all pairs with their correlation."
        )
    if context.linked:
        return (
            f"On the problems that both have: Tango's {context.level} interval, McNemar's test, "
            "mid-p and exact, from the problems that only one of the two passed. Max-T corrects "
            "over all pairs with their correlation."
        )
    return (
        f"Miettinen-Nurminen {context.level} intervals and {UNLINKED_TEST} treat the two as "
        "unlinked; the range is every McNemar mid-p that the paired test could give for these "
        "counts."
    )


UNLINKED_TEST = "the unconditional test (z-pooled)"


def versus_columns(context: Context) -> list[Column]:
    """Columns of a pairwise comparison."""
    start = [
        Column("a", "Model"),
        Column("b", "Against"),
        Column("metric", "Metric"),
        *rate_columns("difference", "Difference"),
    ]
    if context.analysis.missing:
        start.append(Column("bracket", "With missing", "number"))
    better = [Column("better", "probability that the first is better", "number", in_page=False)]
    if context.analysis.fractional:
        better = []
    if context.linked:
        exact = [Column("only", "Only one passed"), Column("p_exact", "p, exact", "number")]
        return [
            *start,
            Column("n", "Problems", "number"),
            *(exact[:1] if not context.analysis.fractional else []),
            Column("p", "p", "number"),
            *(exact[1:] if not context.analysis.fractional else []),
            Column("p_holm", "p, Holm", "number"),
            Column("p_max_t", "p, max-T", "number"),
            Column("standing", "Corrected"),
            *better,
        ]
    return [
        *start,
        Column("p", "p, unlinked", "number"),
        Column("p_holm", "p, Holm", "number"),
        Column("p_paired", "p if paired", "interval"),
        Column("standing", "Paired and corrected"),
        *better,
    ]


STANDINGS = {
    "separated": "separated",
    "open": "open",
    "not_separated": "not separated",
}


def versus_row(
    context: Context, own: str, other: str, metric: str, *, pair: Pair | None = None
) -> dict[str, Cell]:
    """One comparison as a row, seen from the first model; ``pair`` where it is at hand."""
    pair = pair or context.analysis.pair(own, other, metric)
    quantity = context.quantities[f"difference/{metric}/{own}/{other}"]
    limits = quantity.interval
    if limits is None:
        raise ValueError(f"the difference {own} - {other} has no interval")
    return {
        "a": Cell(context.labels[own]),
        "b": Cell(context.labels[other]),
        "metric": Cell(context.words(metric)),
        **estimate_cells("difference", Estimate(quantity.value, limits, quantity.n or 0), "points"),
        "bracket": _bracket(context, own, other, metric),
        "p": p_cell(pair.test.p_value),
        "p_holm": p_cell(pair.adjusted),
        "p_paired": span_cell(pair.p_paired_low, pair.p_paired_high),
        "standing": standing_cell(context, pair, own, other),
        "better": _better_cell(context, own, other, metric),
        **_linked_cells(pair, swapped=pair.a != own),
    }


def _bracket(context: Context, own: str, other: str, metric: str) -> Cell:
    analysis = context.analysis
    a, b = (analysis.rates[model, metric] for model in (own, other))
    found = missing_difference(a, b, analysis.missing, n_problems=analysis.release.n_problems)
    return bracket_cell(found, "points")


def _better_cell(context: Context, own: str, other: str, metric: str) -> Cell:
    found = context.quantities.get(f"better/{metric}/{own}/{other}")
    if found is None:
        return missing("shares and scores have no such posterior here")
    return Cell(numbers.chance(found.value), sort=found.value, raw=found.value)


def _linked_cells(pair: Pair, *, swapped: bool) -> dict[str, Cell]:
    """Cells that only single outcomes can fill."""
    if pair.linked is None:
        return {}
    found = {"n": whole(pair.linked.n)}
    if pair.linked.table is not None and pair.linked.p_exact is not None:
        _, first, second, _ = pair.linked.table
        one, other = (second, first) if swapped else (first, second)
        found["only"] = Cell(f"{one} / {other}", sort=one - other, raw=f"{one} / {other}")
        found["p_exact"] = p_cell(pair.linked.p_exact)
    joint = pair.linked.adjusted_max_t
    found["p_max_t"] = (
        missing("a model lacks a problem, or there are too many pairs")
        if joint is None
        else p_cell(joint)
    )
    return found


def standing_cell(context: Context, pair: Pair, own: str, other: str) -> Cell:
    """Whether the corrected paired test separates two models: surely, perhaps, not.

    It leads to the page that sets the two against each other.
    """
    standing = pair.standing(1 - context.analysis.level)
    low, high = map(numbers.p_value, (pair.adjusted_paired_low, pair.adjusted_paired_high))
    between = f"Holm-adjusted p between {low} and {high}"
    title = f"Holm-adjusted p {low}" if pair.linked else between
    return Cell(STANDINGS[standing], title=title, link=context.pair_page(own, other))


def versus_figure(context: Context, comparison_id: str, metric: str) -> LazyFigure:
    """Return the pairwise differences of a comparison as a forest plot."""
    rows = []
    for own, other in comparison_pairs(context, comparison_id, metric):
        quantity = context.quantities[f"difference/{metric}/{own}/{other}"]
        limits = quantity.interval
        if limits is None:
            continue
        rows.append(
            {
                "model": f"{context.labels[own]} − {context.labels[other]}",
                "value": quantity.value,
                "low": limits.low,
                "high": limits.high,
                "focus": not limits.contains(0),
                "tip": f"{numbers.points(quantity.value)} points "
                f"({numbers.interval(limits, 'points')})",
            }
        )
    wide, narrow = (
        interval_chart(
            rows,
            width=w,
            title=f"Difference in {context.words(metric)} in points, {context.level} interval",
            points=True,
            reference=0,
            label_limit=330 if w == WIDE else 170,
        )
        for w in (WIDE, NARROW)
    )
    return LazyFigure(
        id=slug("versus", comparison_id, metric, "chart"),
        caption=(
            f"Difference in {context.words(metric)}, {context.level} intervals, "
            + ("problem by problem" if context.linked else "results treated as unlinked")
            + f", {problems_words(context)} problems a model, not corrected for the number of "
            "comparisons. Blue: the interval excludes no difference."
        ),
        alt=f"Forest plot of differences in {context.words(metric)}: "
        + "; ".join(f"{plain(str(r['model']))} {r['tip']}" for r in rows)
        + ".",
        wide=wide,
        narrow=narrow,
        data=_versus_data(context, comparison_id, metric),
    )


def _versus_data(context: Context, comparison_id: str, metric: str) -> Table:
    rows = [
        versus_row(context, own, other, metric)
        for own, other in comparison_pairs(context, comparison_id, metric)
    ]
    return Table(
        id=slug("versus", comparison_id, metric, "chart"),
        caption="Data of the chart.",
        columns=versus_columns(context),
        rows=rows,
        row_header="a",
    )
