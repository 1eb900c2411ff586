"""Tables of a comparison: what is stated otherwise of models, problems, summaries, the release."""

from collections.abc import Iterator

from report import numbers
from report.changes import Changes
from report.changes.facts import FactChange
from report.changes.words import Wording
from report.document import Cell, Column, Table
from report.exhibits.common import Context, whole
from report.exhibits.comparison import MOST_ROWS, changes_of, cut_words, exhibit_id, focus_rows
from report.html import plain


def facts_table(context: Context, before: str) -> Table:
    """Every fact about a model, a comparison or the release that is stated otherwise now."""
    changes = changes_of(context, before)
    words = Wording(changes)
    rows = [_fact_row(words, fact) for fact in _facts(changes)]
    return Table(
        id=exhibit_id(context, before, "facts"),
        caption="Facts that the two releases state differently, or that only one of them states.",
        columns=[
            Column("subject", "Of"),
            Column("field", "Fact"),
            Column("before", words.before),
            Column("after", words.after),
        ],
        rows=rows,
        row_header="subject",
    )


def _facts(changes: Changes) -> Iterator[FactChange]:
    """Contradictions first, sizes at their head; then what only one release states."""
    facts = (*changes.model_facts, *changes.group_facts, *changes.release_facts)
    yield from sorted(facts, key=lambda f: (not f.contradicts, f.field != "parameters"))


def _fact_row(words: Wording, fact: FactChange) -> dict[str, Cell]:
    sides = {"before": fact.before, "after": fact.after}
    titles = {c.id: plain(c.title) for c in words.changes.after.release.comparisons}
    subject = titles.get(fact.subject) or (
        words.name(fact.subject) if fact.subject else "the release"
    )
    cells = {}
    for side, value in sides.items():
        shown = words.value(fact.field, value)
        cells[side] = Cell(shown, raw=shown, weak=shown == "not stated")
    return {"subject": Cell(subject), "field": Cell(fact.field), **cells}


def problems_table(context: Context, before: str) -> Table:
    """Problems added, dropped, moved to another cell, or changed in their text."""
    changes = changes_of(context, before)
    found, words = changes.problems, Wording(changes)
    rows = [
        {"problem": Cell(plain(p.id)), "what": Cell(what)}
        for what, problems in (("added", found.added), ("dropped", found.dropped))
        for p in problems
    ]
    rows += [
        {"problem": Cell(plain(key)), "what": Cell("text changed under the same id")}
        for key in found.retexted
    ]
    rows += [
        {
            "problem": Cell(plain(fact.subject)),
            "what": Cell(f"{fact.field}: {words.fact(fact)}"),
        }
        for fact in (*found.recategorised, *found.details)
    ]
    unseen = (
        f" {found.unhashed} of {found.common} common problems have no content hash in both "
        "releases: a changed text would not show."
        if found.unhashed
        else ""
    )
    return Table(
        id=exhibit_id(context, before, "problems"),
        caption=f"What happened to single problems.{cut_words(MOST_ROWS, len(rows))}{unseen}",
        columns=[Column("problem", "Problem"), Column("what", "What happened")],
        rows=rows[:MOST_ROWS],
        row_header="problem",
    )


def summaries_table(context: Context, before: str) -> Table:
    """Published summaries that changed: programs, mean and median in both releases."""
    changes = changes_of(context, before)
    words = Wording(changes)
    titles = {m.id: plain(m.title) for m in changes.after.release.metrics}
    rows = []
    for item in changes.summaries:
        row = {"model": Cell(words.name(item.model)), "metric": Cell(titles[item.metric])}
        for side in ("before", "after"):
            summary = getattr(item, side)
            row[f"count_{side}"] = whole(summary.count)
            for name in ("mean", "median"):
                value = getattr(summary, name)
                shown = numbers.written(value, "number")
                row[f"{name}_{side}"] = Cell(shown, sort=value, raw=value)
        rows.append(row)
    return Table(
        id=exhibit_id(context, before, "summaries"),
        caption="Published summaries that the two releases state differently.",
        columns=[
            Column("model", "Model"),
            Column("metric", "Metric"),
            *(
                Column(f"{key}_{side}", f"{title}, {name}", "number")
                for key, title in (("count", "Programs"), ("mean", "Mean"), ("median", "Median"))
                for side, name in (("before", words.before), ("after", words.after))
            ),
        ],
        rows=rows,
        focus_rows=focus_rows(context, [item.model for item in changes.summaries]),
        row_header="model",
    )
