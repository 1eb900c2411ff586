"""Tables of a comparison: rates, parts of changes, models, ranks, problems that turned."""

from collections.abc import Sequence
from fractions import Fraction

from report import numbers
from report.changes.results import MetricChanges, RateChange, Side
from report.changes.words import METRICS, Wording, part
from report.document import Cell, Column, Table
from report.exhibits.common import (
    Context,
    badge,
    estimate_cells,
    p_cell,
    rate_columns,
    span_cell,
    whole,
)
from report.exhibits.comparison import (
    MOST_ROWS,
    changes_of,
    cut_words,
    exhibit_id,
    focus_rows,
    metric_of,
)
from report.html import plain
from stats.interval import Estimate, Interval

_PART_NAMES = {
    "rescored": "Re-scored",
    "new_problems": "New problems",
    "dropped_problems": "Dropped problems",
    "attempts": "Attempts",
    "missing_rule": "Missing rule",
}


def rates_table(context: Context, before: str, metric: str = "", which: str = "all") -> Table:
    """Every model with results in both, or those whose results ``moved``: rates, change, tests."""
    changes = changes_of(context, before)
    found, words = metric_of(changes, metric), Wording(changes)
    rest = [] if which == "moved" else [c for c in found.models if c.same]
    ordered = [*found.moved, *rest]
    few = f"{len(ordered)} of the {len(found.models)}" if which == "moved" else str(len(ordered))
    counts = found.evidence == "counts"
    kind = METRICS[found.metric]
    tested = (
        "Counts do not say which problems were solved in both releases: the test takes the two as "
        "unlinked, and the last column spans every p-value that the paired test could have had."
        if counts
        else "Paired on the problems of both releases: McNemar's mid-p test, or sign-flips where "
        "problems count in fractions."
    )
    return Table(
        id=exhibit_id(context, before, f"{found.metric}-{which}-rates"),
        caption=(
            f"{kind.capitalize()} of {few} models in both releases, those whose results changed "
            f"first. {context.level} intervals; the corrected ones hold for all "
            f"{len(found.models)} changes together (Bonferroni), the corrected p-values are "
            f"Holm's. {tested}"
        ),
        columns=[
            Column("model", "Model"),
            *rate_columns("before", words.before),
            *rate_columns("after", words.after),
            *rate_columns("change", "Change, points"),
            *(rate_columns("rescored", "On common problems") if _partly_common(found) else []),
            Column("verdict", "Change is"),
            Column("p", "p", "number"),
            Column("p_holm", "p corrected", "number"),
            Column("corrected", "Corrected interval", "interval"),
            *([Column("paired", "p, any pairing", "number")] if counts else []),
        ],
        rows=[_rate_row(context, words, change) for change in ordered],
        focus_rows=focus_rows(context, [c.model for c in ordered]),
        row_header="model",
    )


def _partly_common(found: MetricChanges) -> bool:
    """Whether the change on common problems is another than the whole one."""
    return found.evidence == "outcomes" and any(
        c.rescored is None or c.rescored.n != max(c.before.n, c.after.n) for c in found.models
    )


def _rate_row(context: Context, words: Wording, change: RateChange) -> dict[str, Cell]:
    row = {
        "model": Cell(words.name(change.model)),
        **_side_cells("before", change.before),
        **_side_cells("after", change.after),
        **estimate_cells("change", change.change, "points"),
        **estimate_cells("rescored", change.rescored, "points", reason=change.unsplit),
        "corrected": Cell(
            numbers.interval(change.simultaneous, "points"), interval=change.simultaneous
        ),
        "p": p_cell(change.test.p_value),
        "p_holm": p_cell(change.adjusted),
        "verdict": _verdict(change, 1 - context.analysis.level),
    }
    if change.possible:
        row["paired"] = span_cell(change.possible.p_low, change.possible.p_high)
    if not change.same:
        return row
    return row | (_SAME if change.before.rate == change.after.rate else _SHIFTED)


_NOTHING = Cell("–", sort=float("-inf"), raw="", weak=True, title="the same results twice")
_SAME = {
    "change": Cell("0", sort=0.0, raw=0.0, weak=True, title="the same results twice"),
    "rescored": Cell("0", sort=0.0, raw=0.0, weak=True, title="the same results twice"),
    **dict.fromkeys(("change_low", "change_high", "rescored_low", "rescored_high"), _NOTHING),
    "corrected": _NOTHING,
    "p": _NOTHING,
    "p_holm": _NOTHING,
    "paired": _NOTHING,
}
"""One and the same result has no interval of change: nothing was measured a second time."""

_SHIFTED = {
    "rescored": _SAME["rescored"],
    **dict.fromkeys(("p", "p_holm", "paired"), _NOTHING),
}
"""Other problems moved the rate; on the common ones there is nothing to test."""


def _side_cells(key: str, side: Side) -> dict[str, Cell]:
    return estimate_cells(key, Estimate(side.value, side.interval, side.n), "fraction")


def _verdict(change: RateChange, alpha: float) -> Cell:
    """Whether chance could explain the change; a row that is the same has nothing to explain."""
    if change.same:
        moved = change.before.rate != change.after.rate
        return Cell("other problems alone" if moved else "same results", weak=True)
    if change.adjusted <= alpha:
        return Cell("beyond chance", html=badge("beyond chance", "supported"))
    return Cell("within chance", html=badge("within chance", "unresolved"))


def parts_table(context: Context, before: str, metric: str = "") -> Table:
    """What the change of each model whose results or problems changed consists of."""
    changes = changes_of(context, before)
    found, words = metric_of(changes, metric), Wording(changes)
    split = [c for c in found.models if _total(c) != 0 or not c.same]
    counts = found.evidence == "counts"
    names = {"successes": "Successes", "totals": "Problems attempted"} if counts else _PART_NAMES
    how = (
        "With counts alone a change splits into more or fewer successes and more or fewer problems "
        "attempted, each at the mean of the other."
        if counts
        else "Re-scored: other outcomes on problems of both releases. New and dropped: problems "
        "that only one of them has. Attempts: problems of both that the model attempted in one. "
        "Missing rule: what a missing outcome counts as."
    )
    return Table(
        id=exhibit_id(context, before, f"{found.metric}-parts"),
        caption=f"Each change in points, split into parts that sum to it exactly. {how}",
        columns=[
            Column("model", "Model"),
            *(Column(name, title, "number") for name, title in names.items()),
            Column("total", "Change", "number"),
            Column("exact", "Exact change", in_page=False),
        ],
        rows=[_parts_row(words, change, tuple(names)) for change in split],
        focus_rows=focus_rows(context, [c.model for c in split]),
        row_header="model",
    )


def _total(change: RateChange) -> Fraction:
    return change.after.rate - change.before.rate


def _parts_row(words: Wording, change: RateChange, names: Sequence[str]) -> dict[str, Cell]:
    row = {"model": Cell(words.name(change.model))}
    total = _total(change)
    for name in names:
        value = getattr(change.parts, name, None)
        row[name] = (
            Cell("–", raw="", weak=True, title=change.unsplit) if value is None else _points(value)
        )
    return row | {"total": _points(total), "exact": Cell(str(total))}


def _points(value: Fraction) -> Cell:
    return Cell(part(value), sort=float(value), raw=float(value), weak=value == 0)


def entries_table(context: Context, before: str) -> Table:
    """Models that came, went or were renamed."""
    changes = changes_of(context, before)
    words, matching = Wording(changes), changes.matching
    sides = {
        entry.model: entry.side
        for metric in (changes.main,)
        if metric
        for entry in (*metric.added, *metric.removed)
    }
    rows: list[dict[str, Cell]] = []
    for what, models in (("added", matching.added), ("removed", matching.removed)):
        for model in models:
            side = sides.get(model.id)
            rate = _side_cells("rate", side) if side else {"rate": Cell("no results", weak=True)}
            rows.append({"model": Cell(words.name(model.id)), "what": Cell(what), **rate})
    for a, b in matching.renamed:
        told = f"renamed, was {plain(a.name)}" if a.name != b.name else f"its id was {plain(a.id)}"
        rows.append({"model": Cell(words.name(b.id)), "what": Cell(told)})
    return Table(
        id=exhibit_id(context, before, "models"),
        caption=(
            f"Models that {words.after} adds to, drops from or renames since {words.before}, "
            f"with their rate and its {context.level} interval."
        ),
        columns=[
            Column("model", "Model"),
            Column("what", "What happened"),
            *rate_columns("rate", "Rate"),
        ],
        rows=rows,
        row_header="model",
    )


def ranks_table(context: Context, before: str) -> Table:
    """Ranks before and after, among all models and among those of both releases."""
    changes = changes_of(context, before)
    words = Wording(changes)
    return Table(
        id=exhibit_id(context, before, "ranks"),
        caption=(
            "Rank by pass rate, 1 is best, and in brackets the ranks that the model could hold "
            f"(simultaneous {context.level} sets). A model in both releases may lose a place to a "
            "new one: the columns “same models” rank only those that both releases have."
        ),
        columns=[
            Column("model", "Model"),
            Column("before", words.before, "number"),
            Column("after", words.after, "number"),
            Column("among_before", f"{words.before}, same models", "number"),
            Column("among_after", f"{words.after}, same models", "number"),
            Column("overlap", "Could be the same rank"),
        ],
        rows=[
            {
                "model": Cell(words.name(rank.model)),
                "before": _rank_cell(context, rank.before, rank.set_before),
                "after": _rank_cell(context, rank.after, rank.set_after),
                "among_before": whole(rank.among_before),
                "among_after": whole(rank.among_after),
                "overlap": Cell("yes" if rank.overlap else "no", weak=rank.overlap),
            }
            for rank in changes.ranks
        ],
        focus_rows=focus_rows(context, [rank.model for rank in changes.ranks]),
        row_header="model",
    )


def _rank_cell(context: Context, position: int, ranks: tuple[int, int]) -> Cell:
    low, high = ranks
    method = f"holm_rank_set_{'paired' if context.linked else 'unlinked'}"
    span = str(low) if low == high else f"{low} to {high}"
    return Cell(
        f"{position} ({span})",
        sort=position,
        raw=position,
        interval=Interval(low, high, context.analysis.level, method),
    )


def flips_table(context: Context, before: str, metric: str = "") -> Table:
    """Every problem whose result changed, by model."""
    changes = changes_of(context, before)
    found, words = metric_of(changes, metric), Wording(changes)
    rows = [
        {
            "model": Cell(words.name(change.model)),
            "problem": Cell(plain(flip.problem)),
            "before": _value_cell(flip.before),
            "after": _value_cell(flip.after),
            "turn": Cell("lost" if flip.after < flip.before else "gained"),
        }
        for change in found.moved
        for flip in change.flips
    ]
    return Table(
        id=exhibit_id(context, before, f"{found.metric}-flips"),
        caption=f"Problems of both releases whose result changed.{cut_words(MOST_ROWS, len(rows))}",
        columns=[
            Column("model", "Model"),
            Column("problem", "Problem"),
            Column("before", words.before, "number"),
            Column("after", words.after, "number"),
            Column("turn", "Turned"),
        ],
        rows=rows[:MOST_ROWS],
        row_header="model",
    )


def _value_cell(value: Fraction) -> Cell:
    shown = {Fraction(0): "fail", Fraction(1): "pass"}.get(value)
    return Cell(shown or numbers.percent(float(value), 0), sort=float(value), raw=float(value))
