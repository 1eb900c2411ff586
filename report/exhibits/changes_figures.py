"""Tables of a comparison: figures that moved, printed and computed, each with its cause."""

from collections import Counter

from report import numbers
from report.changes.figures import MovedFigure, MovedPrint
from report.changes.words import Wording, printed_words, subject_words
from report.document import Cell, Column, Table
from report.exhibits.common import Context, estimate_cells, rate_columns, whole
from report.exhibits.comparison import MOST_ROWS, changes_of, cut_words, exhibit_id
from stats.interval import Estimate


def printed_table(context: Context, before: str) -> Table:
    """Printed figures that changed, what the data give in both releases, and why."""
    changes = changes_of(context, before)
    words = Wording(changes)
    return Table(
        id=exhibit_id(context, before, "printed"),
        caption=(
            "Figures that both reports print, and not alike. The cause is found by computing the "
            "figure again with one thing at a time taken from the later release."
        ),
        columns=[
            Column("figure", "Figure"),
            Column("of", "Of"),
            Column("before", f"{words.before} printed", "number"),
            Column("after", f"{words.after} printed", "number"),
            Column("data_before", "Data gave", "number"),
            Column("data_after", "Data give", "number"),
            Column("cause", "Cause"),
        ],
        rows=[_printed_row(words, moved) for moved in changes.figures.printed],
        row_header="figure",
    )


def _printed_row(words: Wording, moved: MovedPrint) -> dict[str, Cell]:
    return {
        "figure": Cell(moved.figure.figure.replace("_", " ")),
        "of": Cell(subject_words(moved.figure, words)),
        "before": Cell(printed_words(moved.before)),
        "after": Cell(printed_words(moved.after)),
        "data_before": _given(moved.computed_before),
        "data_after": _given(moved.computed_after),
        "cause": Cell(words.cause(moved.causes)),
    }


def _given(value: float | None) -> Cell:
    if value is None:
        return Cell("–", raw="", weak=True, title="this release cannot give the figure")
    return Cell(numbers.significant(value, 4), sort=value, raw=value)


_PAIRWISE = ("difference/", "p/", "p_holm/", "p_paired_low/", "p_paired_high/")


def figures_table(context: Context, before: str) -> Table:
    """Computed figures that moved, those of single pairs of models left to the JSON."""
    changes = changes_of(context, before)
    words = Wording(changes)
    shown = [m for m in changes.figures.moved if not m.key.startswith(_PAIRWISE)]
    left = len(changes.figures.moved) - len(shown)
    more = f" {left} figures of single pairs moved too: they are in the JSON." if left else ""
    cut = cut_words(MOST_ROWS, len(shown))
    return Table(
        id=exhibit_id(context, before, "figures"),
        caption=f"Computed figures with another value, interval or method.{more}{cut}",
        columns=[
            Column("key", "Figure"),
            *rate_columns("before", words.before),
            *rate_columns("after", words.after),
            Column("cause", "Cause"),
        ],
        rows=[_figure_row(words, moved) for moved in shown[:MOST_ROWS]],
        row_header="key",
    )


def _figure_row(words: Wording, moved: MovedFigure) -> dict[str, Cell]:
    row = {"key": Cell(moved.key)}
    for side in ("before", "after"):
        quantity = getattr(moved, side)
        if quantity.interval:
            found = Estimate(quantity.value, quantity.interval, quantity.n or 0)
            row |= estimate_cells(side, found, quantity.unit)
        else:
            shown = numbers.written(quantity.value, quantity.unit)
            row[side] = Cell(shown, sort=quantity.value, raw=quantity.value)
    methods = [q.method for q in (moved.before, moved.after)]
    if methods[0] == methods[1]:
        return row | {"cause": Cell(words.cause(moved.causes))}
    changed = f"method: {' → '.join((m or 'none').replace('_', ' ') for m in methods)}"
    return row | {"cause": Cell(f"{words.cause(moved.causes)}; {changed}")}


def causes_table(context: Context, before: str) -> Table:
    """How many figures moved, by what they are and why."""
    changes = changes_of(context, before)
    words = Wording(changes)
    tally = Counter(
        (m.key.split("/")[0].replace("_", " "), " and ".join(words.kinds(m.causes)))
        for m in changes.figures.moved
    )
    return Table(
        id=exhibit_id(context, before, "causes"),
        caption=(
            f"{len(changes.figures.moved)} of the {changes.figures.compared} computed figures that "
            "both releases have moved in value, interval or method."
        ),
        columns=[
            Column("figure", "Figure"),
            Column("cause", "Cause"),
            Column("count", "Moved", "number"),
        ],
        rows=[
            {"figure": Cell(figure), "cause": Cell(cause), "count": whole(count)}
            for (figure, cause), count in tally.most_common()
        ],
        row_header="figure",
    )
