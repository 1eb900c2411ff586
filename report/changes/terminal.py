"""A comparison for a person at a terminal."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from report import numbers
from report.changes import Changes
from report.changes.narrative import Narrative
from report.changes.results import MetricChanges, RateChange
from report.changes.words import METRICS, Wording, estimate, part, printed_words, subject_words
from report.html import plain
from stats.decomposition import CountSplit

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

MOST_ROWS = 40
"""Rows of a table on a terminal; ``--json`` has all of them."""


def print_changes(changes: Changes, narrative: Narrative, *, text: bool) -> None:
    """Print what changed: sentences first, then rates, parts, problems, figures.

    Of the reports' text only how much of it changed is said, unless ``text`` asks for the words.
    """
    from rich.console import Console  # noqa: PLC0415 - only where a person reads
    from rich.text import Text  # noqa: PLC0415

    console, words = Console(), Wording(changes)
    console.print(Text(f"From {words.before} to {words.after}", style="bold"))
    for sentence in words.summary():
        console.print(Text(f"  {sentence}"))
    for metric in changes.metrics:
        if metric.moved:
            console.print(_rates(metric, words))
            console.print(_parts(metric, words))
    _print_flips(console, changes, words)
    if changes.figures.printed:
        console.print(_printed(words))
    _print_claims(console, changes)
    _print_figures(console, words)
    _print_text(console, narrative, whole=text)


def _grid(title: str, *columns: str, numbers_from: int = 1) -> "Table":
    from rich.table import Table  # noqa: PLC0415

    grid = Table(title=title, title_justify="left")
    for at, column in enumerate(columns):
        grid.add_column(_text(column), justify="right" if at >= numbers_from else "left")
    return grid


def _text(text: str, style: str = "") -> "Text":
    from rich.text import Text  # noqa: PLC0415 - a Text is never read as markup

    return Text(plain(text), style=style)


def _rates(found: MetricChanges, words: Wording) -> "Table":
    level = numbers.level(words.changes.after.level)
    title = (
        f"{METRICS[found.metric].capitalize()}: models whose results changed, {level} intervals, "
        f"Holm over {len(found.models)} models, evidence: {found.evidence}"
    )
    grid = _grid(title, "Model", words.before, words.after, "Change, points", "p", "p corrected")
    for change in found.moved[:MOST_ROWS]:
        cells = (
            words.name(change.model),
            numbers.percent(change.before.value),
            numbers.percent(change.after.value),
            estimate(change.change),
            p_words(change),
            numbers.p_value(change.adjusted),
        )
        grid.add_row(*map(_text, cells))
    return grid


def p_words(change: RateChange) -> str:
    """A p-value; with counts alone, the range that pairing leaves beside it."""
    text = numbers.p_value(change.test.p_value)
    if change.possible:
        low, high = change.possible.p_low, change.possible.p_high
        text += f" (paired: {numbers.p_value(low)} to {numbers.p_value(high)})"
    return text


def _parts(found: MetricChanges, words: Wording) -> "Table":
    counts = found.evidence == "counts"
    heads = (
        ("Successes", "Attempted")
        if counts
        else ("Re-scored", "New", "Dropped", "Attempted", "Missing rule")
    )
    grid = _grid("What each change consists of, in points", "Model", *heads, "Sum")
    for change in found.moved[:MOST_ROWS]:
        parts = change.parts
        if parts is None:
            grid.add_row(_text(words.name(change.model)), _text(change.unsplit))
            continue
        values = (
            (parts.successes, parts.totals)
            if isinstance(parts, CountSplit)
            else (
                parts.rescored,
                parts.new_problems,
                parts.dropped_problems,
                parts.attempts,
                parts.missing_rule,
            )
        )
        cells = (words.name(change.model), *map(part, values), part(parts.total))
        grid.add_row(*map(_text, cells))
    return grid


def _print_flips(console: "Console", changes: Changes, words: Wording) -> None:
    main = changes.main
    for change in main.models if main else ():
        if change.flips:
            lost = [f.problem for f in change.flips if f.after < f.before]
            gained = [f.problem for f in change.flips if f.after > f.before]
            for verb, problems in (("lost", lost), ("gained", gained)):
                if problems:
                    console.print(_text(f"  {words.name(change.model)} {verb}: {_some(problems)}"))


def _some(items: Sequence[str]) -> str:
    more = len(items) - 10
    return ", ".join(items[:10]) + (f" and {more} more" if more > 0 else "")


def _printed(words: Wording) -> "Table":
    title = "Printed figures that changed, and why"
    grid = _grid(title, "Figure", "Of", numbers_from=2)
    for column in (words.before, words.after, "Data gave", "give"):
        grid.add_column(_text(column), justify="right")
    grid.add_column("Cause")
    for moved in words.changes.figures.printed[:MOST_ROWS]:
        cells = (
            moved.figure.figure.replace("_", " "),
            subject_words(moved.figure, words),
            printed_words(moved.before),
            printed_words(moved.after),
            *(_given(x) for x in (moved.computed_before, moved.computed_after)),
            words.cause(moved.causes),
        )
        grid.add_row(*map(_text, cells))
    return grid


def _given(value: float | None) -> str:
    return "–" if value is None else numbers.significant(value, 4)


def _print_claims(console: "Console", changes: Changes) -> None:
    if not changes.claims:
        return
    grid = _grid("Claims", "Claim", "What happened", "Before", "After", numbers_from=4)
    for change in changes.claims[:MOST_ROWS]:
        verdicts = [c.verdict if c else "not claimed" for c in (change.before, change.after)]
        grid.add_row(*map(_text, (change.id, change.kind, *verdicts)))
    console.print(grid)


def _print_figures(console: "Console", words: Wording) -> None:
    figures = words.changes.figures
    tally = Counter(kind for moved in figures.moved for kind in words.kinds(moved.causes))
    told = ", ".join(f"{kind}: {count}" for kind, count in tally.items())
    console.print(
        _text(
            f"  {len(figures.moved)} of {figures.compared} computed figures moved"
            + (f" ({told})." if told else ".")
        )
    )


def _print_text(console: "Console", narrative: Narrative, *, whole: bool) -> None:
    from rich.text import Text  # noqa: PLC0415

    styles = {"same": "dim", "removed": "strike red", "added": "green"}
    hint = "" if whole or not narrative.sections else "; --text shows the words"
    console.print(
        _text(
            f"  Text: {len(narrative.sections)} sections changed, {narrative.unchanged} did not, "
            f"{narrative.added} words added, {narrative.removed} removed{hint}."
        )
    )
    for section in narrative.sections if whole else ():
        console.print(_text(f"  {section.page_title} › {section.heading or 'start'}", "bold"))
        line = Text("    ")
        for piece in section.pieces:
            line.append(f"{_shortened(piece.words, piece.kind)} ", style=styles[piece.kind])
        console.print(line)


def _shortened(words: Sequence[str], kind: str) -> str:
    """Drop the middle of a long run: the words at the changes are what tells where one is."""
    most = 16 if kind == "same" else 60
    if len(words) <= most:
        return plain(" ".join(words))
    half = most // 2
    return plain(" ".join([*words[:half], "…", *words[-half:]]))
