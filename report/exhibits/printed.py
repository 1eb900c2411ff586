"""Printed figures beside what the data give."""

from report.document import Cell, Column, Table
from report.exhibits.common import Context, badge
from report.html import plain
from report.printed import SCALES, PrintedCheck, check_printed, computed_words, with_unit


def checks(context: Context) -> tuple[PrintedCheck, ...]:
    """Every printed figure of the release, held against the data."""
    return check_printed(context.analysis, context.quantities)


def printed_table(context: Context) -> Table:
    """All printed figures."""
    return _table(
        context,
        "printed",
        checks(context),
        "Every figure the report printed, and the same figure computed from the data. A figure "
        "agrees if the data round to it at the decimals it was printed with.",
    )


def disagreements_table(context: Context) -> Table:
    """Only those that the data do not give."""
    return _table(
        context,
        "printed-disagreements",
        tuple(c for c in checks(context) if c.agrees is False),
        "Printed figures that the data do not give at their printed rounding.",
    )


def _table(context: Context, table_id: str, found: tuple[PrintedCheck, ...], caption: str) -> Table:
    return Table(
        id=table_id,
        caption=caption,
        columns=[
            Column("table", "Where"),
            Column("figure", "Figure"),
            Column("of", "Of"),
            Column("printed", "Printed", "number"),
            Column("computed", "Data give", "number"),
            Column("verdict", "Agrees"),
            Column("note", "Note"),
        ],
        rows=[_row(context, check) for check in found],
    )


def _row(context: Context, check: PrintedCheck) -> dict[str, Cell]:
    figure = check.figure
    subject = [
        context.labels.get(figure.model or "", figure.model),
        *((f"against {_versus(context, figure.versus)}",) if figure.versus else ()),
        figure.category,
        figure.difficulty,
    ]
    verdict = {
        True: ("yes", "supported"),
        False: ("no", "misstated"),
        None: ("cannot tell", "untestable"),
    }
    words, kind = verdict[check.agrees]
    return {
        "table": Cell(plain(figure.table)),
        "figure": Cell(figure.figure.replace("_", " ")),
        "of": Cell(", ".join(plain(part) for part in subject if part) or "all"),
        "printed": Cell(with_unit(figure.printed, figure.unit), raw=figure.printed),
        "computed": _computed(check),
        "verdict": Cell(words, html=badge(words, kind)),
        "note": Cell(plain(figure.note or check.reason)),
    }


def _versus(context: Context, versus: str) -> str:
    titles = {c.id: plain(c.title).lower() for c in context.analysis.release.comparisons}
    return context.labels.get(versus) or titles.get(versus) or versus


def _computed(check: PrintedCheck) -> Cell:
    if check.computed is None:
        return Cell(computed_words(check), weak=True, raw="")
    scale = SCALES.get(check.figure.unit, 1)
    return Cell(computed_words(check), sort=check.computed, raw=check.computed / scale)
