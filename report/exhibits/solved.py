"""Who solved what: every problem with its models, and what each model is good and bad at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from report import numbers
from report.analysis.board import Board
from report.charts import NARROW, WIDE, LazyFigure, interval_chart
from report.document import Cell, Column, Table
from report.exhibits.common import Context, missing, p_cell, whole
from report.exhibits.similar import pair_words, versus_columns, versus_row
from report.html import escape, plain
from report.labels import listed, slug
from report.strips import strip
from stats.items import ItemStatistics

Floats = NDArray[np.float64]

PANELS = 1_000
"""Problems up to which each has a panel that names who solved it."""

SUSPECT = 0.05
"""One-sided p of the reversal test up to which a problem is named as one to look at."""

SHOWN = 10
"""Problems in a model's lists of what it did against the odds."""


@dataclass(frozen=True, slots=True)
class Solved:
    """The board with its problems from easiest to hardest, its models from strongest to weakest."""

    board: Board
    items: ItemStatistics
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def values(self) -> Floats:
        """Return the values in this order, (problems, models)."""
        ordered: Floats = self.board.values["passed"][np.ix_(self.rows, self.columns)]
        return ordered


def solved(context: Context) -> Solved:
    """Sort a release's outcomes; KeyError where it has none."""
    board, items = context.analysis.board, context.analysis.items
    if board is None or items is None:
        raise KeyError(f"{context.analysis.release.version} has no single outcomes")
    share = np.where(np.isnan(items.share), -1.0, items.share)
    strength = np.where(np.isnan(items.strength), -1.0, items.strength)
    return Solved(
        board,
        items,
        tuple(int(i) for i in np.argsort(-share, kind="stable")),
        tuple(int(j) for j in np.argsort(-strength, kind="stable")),
    )


def problem_label(context: Context, row: int) -> str:
    """Name of a problem for readers: its title, else its id."""
    problem = context.analysis.release.problems[row]
    return plain(problem.title or problem.id)


def solved_table(context: Context) -> Table:
    """Every problem, easiest first, with a strip of all models, strongest first."""
    found = solved(context)
    problems = context.analysis.release.problems
    names = [context.labels[found.board.models[j]] for j in found.columns]
    panels = len(problems) <= PANELS
    rows = []
    for place, i in enumerate(found.rows):
        values = found.values[place]
        problem = problems[i]
        rows.append(
            {
                "problem": _problem_cell(context, i, values, names, panel=panels),
                "category": Cell(plain(problem.category or "")),
                "difficulty": Cell(
                    plain(problem.difficulty or ""), sort=_rank_of(context, problem.difficulty)
                ),
                **_share_cells(found.items, i),
                "strip": Cell("", html=strip(values)),
                "discrimination": _discrimination_cell(found.items, i),
            }
        )
    return Table(
        id="solved",
        caption=(
            f"{len(rows)} problems, easiest first. Each strip holds {len(names)} models, strongest "
            "at the left: filled where the problem was passed"
            + (", paler for a part of it" if context.analysis.fractional else "")
            + ", empty where it was not, dotted where there is no outcome. Discrimination: "
            "correlation of passing it with the models' rates on all other problems."
        ),
        columns=[
            Column("problem", "Problem"),
            Column("strip", "Who, strongest first", sortable=False, in_export=False),
            Column("share", "Solved", "number"),
            Column("solved", "Models", "number"),
            *([Column("category", "Category")] if any(p.category for p in problems) else []),
            *([Column("difficulty", "Difficulty")] if any(p.difficulty for p in problems) else []),
            Column("discrimination", "Discrimination", "number"),
        ],
        rows=rows,
        row_header="problem",
        filterable=True,
        legend=tuple(names),
    )


def _rank_of(context: Context, difficulty: str | None) -> float:
    order = context.analysis.release.difficulties
    return float(order.index(difficulty)) if difficulty in order else float(len(order))


def _share_cells(items: ItemStatistics, row: int) -> dict[str, Cell]:
    attempted, share = int(items.attempted[row]), float(items.share[row])
    if attempted == 0:
        nobody = missing("no model has an outcome here")
        return {"share": nobody, "solved": nobody}
    total = share * attempted
    return {
        "share": Cell(numbers.percent(share, 0), sort=share, raw=share),
        "solved": Cell(f"{numbers.tally(round(total, 6))}/{attempted}", sort=total, raw=total),
    }


def _discrimination_cell(items: ItemStatistics, row: int) -> Cell:
    value = float(items.discrimination[row])
    if np.isnan(value):
        return missing("all models did the same here")
    return Cell(numbers.fixed(value, 2), sort=value, raw=value)


def _problem_cell(
    context: Context, row: int, values: Floats, names: Sequence[str], *, panel: bool
) -> Cell:
    label = problem_label(context, row)
    if not panel:
        return Cell(label)
    html = Markup('<details class="bp-panel"><summary>{}</summary>{}</details>').format(
        escape(label), _who(values, names)
    )
    return Cell(label, html=html)


def _who(values: Floats, names: Sequence[str]) -> Markup:
    """Name those who passed and those who did not; the longer list is only counted."""
    parts = []
    passed = [n for n, v in zip(names, values, strict=True) if v == 1]
    failed = [n for n, v in zip(names, values, strict=True) if v == 0]
    partly = [
        f"{n} {numbers.percent(v, 0)}" for n, v in zip(names, values, strict=True) if 0 < v < 1
    ]
    absent = [n for n, v in zip(names, values, strict=True) if np.isnan(v)]
    short = len(passed) <= len(failed)
    parts += _said("Passed by", passed, whole=short or len(passed) <= SHOWN)
    parts += _said("In part by", partly, whole=True)
    parts += _said("Not passed by", failed, whole=not short or len(failed) <= SHOWN)
    parts += _said("No outcome of", absent, whole=len(absent) <= SHOWN)
    return Markup(" ").join(parts)


def _said(what: str, names: Sequence[str], *, whole: bool) -> list[Markup]:
    if not names:
        return []
    who = listed(names) if whole else f"{len(names)} models"
    return [Markup("<span><b>{}</b> {}.</span>").format(what, escape(who))]


def suspects_table(context: Context) -> Table:
    """Problems that weak models pass and strong ones miss, the most reversed first."""
    found = solved(context)
    problems = context.analysis.release.problems
    order = sorted(suspects(context), key=lambda i: (found.items.p_reversed[i], problems[i].id))
    place = {i: k for k, i in enumerate(found.rows)}
    rows = [
        {
            "problem": Cell(problem_label(context, i)),
            **_share_cells(found.items, i),
            "strip": Cell("", html=strip(found.values[place[i]])),
            "discrimination": _discrimination_cell(found.items, i),
            "p": p_cell(float(found.items.p_reversed[i])),
        }
        for i in order
    ]
    return Table(
        id="suspects",
        caption=(
            "Problems that those who pass are weaker on all others than those who miss it "
            f"(one-sided Mann-Whitney, p up to {numbers.p_value(SUSPECT)}, not corrected for "
            f"{len(problems)} problems: a list to look at, not a finding)."
        ),
        columns=[
            Column("problem", "Problem"),
            Column("strip", "Who, strongest first", sortable=False, in_export=False),
            Column("share", "Solved", "number"),
            Column("solved", "Models", "number"),
            Column("discrimination", "Discrimination", "number"),
            Column("p", "p, reversed", "number"),
        ],
        rows=rows,
        row_header="problem",
    )


def suspects(context: Context) -> tuple[int, ...]:
    """Positions of the problems that are solved by weak models and missed by strong ones."""
    found = solved(context)
    chosen = (found.items.p_reversed <= SUSPECT) & (found.items.discrimination < 0)
    return tuple(int(i) for i in np.flatnonzero(chosen))


def extremes(context: Context) -> dict[str, int]:
    """How many problems all models solve, and how many none does."""
    share = solved(context).items.share
    return {"all": int((share == 1).sum()), "none": int((share == 0).sum())}


def surprises_table(context: Context, model: str, which: str) -> Table:
    """A model's hardest solved (``solved``) or easiest missed (``missed``) problems."""
    found = solved(context)
    own = found.board.of(model)
    others = np.delete(found.board.values["passed"], found.board.place[model], axis=1)
    attempted = (~np.isnan(others)).sum(axis=1)
    share = np.full(own.size, np.nan)
    np.divide(np.nansum(others, axis=1), attempted, out=share, where=attempted > 0)
    wanted = (own == 1) if which == "solved" else (own == 0)
    rows = np.flatnonzero(wanted & ~np.isnan(share))
    direction = 1 if which == "solved" else -1
    chosen = rows[np.argsort(direction * share[rows], kind="stable")][:SHOWN]
    problems = context.analysis.release.problems
    return Table(
        id=slug("model", context.slugs[model], which),
        caption=(
            f"The problems {context.labels[model]} "
            + ("passed that fewest" if which == "solved" else "missed that most")
            + " of the others passed."
        ),
        columns=[
            Column("problem", "Problem"),
            *([Column("category", "Category")] if any(p.category for p in problems) else []),
            *([Column("difficulty", "Difficulty")] if any(p.difficulty for p in problems) else []),
            Column("share", "Others that passed", "number"),
            Column("attempted", "Of", "number"),
        ],
        rows=[
            {
                "problem": Cell(problem_label(context, int(i))),
                "category": Cell(plain(problems[i].category or "")),
                "difficulty": Cell(plain(problems[i].difficulty or "")),
                "share": Cell(
                    numbers.percent(float(share[i]), 0), sort=float(share[i]), raw=float(share[i])
                ),
                "attempted": whole(int(attempted[i])),
            }
            for i in chosen
        ],
        row_header="problem",
    )


def opponents_figure(context: Context, model: str) -> LazyFigure:
    """One model against every other: its differences, strongest opponent first."""
    rows = []
    for other in context.analysis.rates_of("passed"):
        if other.model == model:
            continue
        quantity = context.quantities[f"difference/passed/{model}/{other.model}"]
        if quantity.interval is None:
            continue
        pair = context.analysis.pair(model, other.model)
        rows.append(
            {
                "model": context.labels[other.model],
                "value": quantity.value,
                "low": quantity.interval.low,
                "high": quantity.interval.high,
                "focus": pair.standing(1 - context.analysis.level) == "separated",
                "tip": f"{numbers.points(quantity.value)} points "
                f"({numbers.interval(quantity.interval, 'points')}), "
                f"Holm-adjusted p {numbers.p_value(pair.adjusted)}",
            }
        )
    wide, narrow = (
        interval_chart(
            rows,
            width=w,
            title=f"{context.rate} minus the other's in points, {context.level} interval",
            points=True,
            reference=0,
        )
        for w in (WIDE, NARROW)
    )
    return LazyFigure(
        id=slug("model", context.slugs[model], "opponents-chart"),
        caption=(
            f"{context.labels[model]} against {len(rows)} others, strongest first; right of the "
            f"line it is ahead. {context.level} intervals, each for itself. Blue: separated after "
            "correction over all pairs."
        ),
        alt=f"Forest plot of differences of {context.labels[model]} to {len(rows)} other models.",
        wide=wide,
        narrow=narrow,
        data=opponents_table(context, model),
    )


def opponents_table(context: Context, model: str) -> Table:
    """One model against every other, as a table."""
    others = [r.model for r in context.analysis.rates_of("passed") if r.model != model]
    return Table(
        id=slug("model", context.slugs[model], "opponents"),
        caption=f"First model minus second, in percentage points. {pair_words(context)}",
        columns=[c for c in versus_columns(context) if c.key not in {"metric", "a"}],
        rows=[versus_row(context, model, other, "passed") for other in others],
        row_header="b",
    )
