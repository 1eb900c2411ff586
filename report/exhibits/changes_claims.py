"""Table of claims that changed between two releases."""

from markupsafe import Markup

from report.changes.claims import ClaimChange
from report.changes.words import Wording
from report.claims import JudgedClaim
from report.document import Cell, Column, Table
from report.exhibits.common import Context, badge
from report.exhibits.comparison import changes_of, exhibit_id
from report.html import escape, plain


def claims_table(context: Context, before: str) -> Table:
    """Claims whose verdict, words or figure changed, and those of one release only."""
    changes = changes_of(context, before)
    words = Wording(changes)
    return Table(
        id=exhibit_id(context, before, "claims"),
        caption=(
            f"Claims of {words.before} and {words.after}, each judged against its own release's "
            "data; what either report says stands below its verdict."
        ),
        columns=[
            Column("claim", "Claim"),
            Column("section", "Section", in_page=False),
            Column("kind", "What happened"),
            Column("before", words.before),
            Column("after", words.after),
            Column("stated_before", f"{words.before} says", in_page=False),
            Column("stated_after", f"{words.after} says", in_page=False),
        ],
        rows=[_row(change) for change in changes.claims],
        row_header="claim",
    )


def _row(change: ClaimChange) -> dict[str, Cell]:
    latest = change.after or change.before
    if latest is None:
        raise ValueError(f"claim {change.id!r} is in neither release")
    return {
        "claim": Cell(plain(latest.claim.text), raw=change.id),
        "section": Cell(plain(latest.claim.section)),
        "kind": Cell(change.kind),
        "before": _verdict(change.before),
        "after": _verdict(change.after),
        "stated_before": Cell(_stated(change.before)),
        "stated_after": Cell(_stated(change.after)),
    }


def _stated(judged: JudgedClaim | None) -> str:
    return plain(judged.claim.stated or "") if judged else ""


def _verdict(judged: JudgedClaim | None) -> Cell:
    if judged is None:
        return Cell("not claimed", weak=True)
    shown = badge(judged.verdict, judged.verdict)
    if stated := _stated(judged):
        shown = Markup('{}<span class="bp-limits bp-limits--wrap">{}</span>').format(
            shown, escape(stated)
        )
    return Cell(judged.verdict, html=shown)
