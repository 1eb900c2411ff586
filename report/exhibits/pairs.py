"""Every pair of models: the matrix, and the table behind it."""

from report import numbers
from report.charts import NARROW, WIDE, LazyFigure, pair_matrix
from report.document import Cell, Column, Table
from report.exhibits.common import STRONGEST, Context, whole
from report.exhibits.similar import STANDINGS, pair_words, versus_columns, versus_row
from report.labels import slug

MANY = 25
"""Above so many models the page lists no single pairs: the download does."""

MARKS = {"separated": "●", "open": "○", "not_separated": ""}


def pairs_table(context: Context, metric: str = "passed") -> Table:
    """All pairs on one metric, the better model first."""
    pairs = context.analysis.pairs_of(metric)
    return Table(
        id=slug("pairs", metric),
        caption=(
            f"All {len(pairs)} pairs by {context.words(metric)}, the model with the higher rate "
            f"first. {pair_words(context)} Holm over {len(pairs)}."
        ),
        columns=[c for c in versus_columns(context) if c.key != "metric"],
        rows=[versus_row(context, pair.a, pair.b, metric) for pair in pairs],
        row_header="a",
    )


def pairs_figure(context: Context, metric: str = "passed") -> LazyFigure:
    """Matrix of all pairs: who is ahead, by how much, and whether it is more than chance."""
    analysis = context.analysis
    names = context.labels
    shown = set(context.drawn)
    order = [names[rank.model] for rank in analysis.ranks if rank.model in shown]
    rows = []
    for pair in analysis.pairs_of(metric):
        if not {pair.a, pair.b} <= shown:
            continue
        standing = pair.standing(1 - analysis.level)
        for a, b in ((pair.a, pair.b), (pair.b, pair.a)):
            quantity = context.quantities[f"difference/{metric}/{a}/{b}"]
            limits = quantity.interval
            if limits is None:
                continue
            rows.append(
                {
                    "row": names[a],
                    "column": names[b],
                    "gap": quantity.value,
                    "size": abs(quantity.value),
                    "ahead": quantity.value >= 0,
                    "mark": MARKS[standing],
                    "tip": f"{numbers.points(quantity.value)} points "
                    f"({numbers.interval(limits, 'points')}), {STANDINGS[standing]}",
                    # Who a cell is about is said where it can be pointed at.
                    **({"model": f"{names[a]} − {names[b]}"} if len(order) <= MANY else {}),
                }
            )
    wide, narrow = (pair_matrix(rows, width=w, order=order) for w in (WIDE, NARROW))
    pairs = analysis.pairs_of(metric)
    tally = {s: sum(p.standing(1 - analysis.level) == s for p in pairs) for s in STANDINGS}
    return LazyFigure(
        id=slug("pairs", metric, "chart"),
        caption=(
            f"Row minus column in {context.words(metric)}, {_which(context, len(pairs))}. "
            "Blue: the row is ahead; orange: behind; the stronger, the larger the gap. Full dot: "
            f"separated (paired test, Holm over {len(pairs)}, {context.level})"
            + (
                ". No mark: not separated."
                if context.linked
                else " however the successes overlapped. Ring: the counts leave it open. No mark: "
                "no pairing of these counts separates them."
            )
        ),
        alt=(
            f"Matrix of {len(pairs)} pairs of models: {tally['separated']} separated, "
            f"{tally['not_separated']} not separated by paired tests."
            if context.linked
            else f"Matrix of {len(pairs)} pairs of models: {tally['separated']} separated whatever "
            f"the pairing, {tally['open']} left open by the counts, {tally['not_separated']} not "
            "separated by any pairing."
        ),
        wide=wide,
        narrow=narrow,
        data=pairs_table(context, metric)
        if len(order) <= MANY
        else standings_table(context, metric),
    )


def _which(context: Context, pairs: int) -> str:
    """Say which pairs the matrix has."""
    if len(context.drawn) == len(context.analysis.ranks):
        return f"all {pairs} pairs"
    others = " and the focus models" if len(context.drawn) > STRONGEST else ""
    return f"the {STRONGEST} strongest models{others}; all {pairs} pairs are in pairs.csv"


def standings_table(context: Context, metric: str = "passed") -> Table:
    """For each model, how many others it is separated from: the matrix in one row a model."""
    analysis = context.analysis
    rows = []
    for rank in analysis.ranks:
        own = [p for p in analysis.pairs_of(metric) if rank.model in (p.a, p.b)]
        settled = [p for p in own if p.standing(1 - analysis.level) == "separated"]
        rows.append(
            {
                "model": Cell(context.labels[rank.model]),
                "above": whole(sum(p.a == rank.model for p in settled)),
                "below": whole(sum(p.b == rank.model for p in settled)),
                "open": whole(sum(p.standing(1 - analysis.level) == "open" for p in own)),
            }
        )
    return Table(
        id=slug("standings", metric),
        caption=(
            f"Of {len(rows) - 1} comparisons of each model by {context.words(metric)}: how many "
            + (
                "paired tests separate (Holm)."
                if context.linked
                else "are separated whatever the pairing, and how many these counts leave open "
                "(Holm)."
            )
        ),
        columns=[
            Column("model", "Model"),
            Column("above", "Ahead of", "number"),
            Column("below", "Behind", "number"),
            *([] if context.linked else [Column("open", "Open", "number")]),
        ],
        rows=rows,
        row_header="model",
    )
