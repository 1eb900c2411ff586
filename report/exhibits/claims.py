"""All comparative claims in one picture: how far the data bear out the direction each claims."""

from collections import Counter
from collections.abc import Iterator

from report import numbers
from report.charts import NARROW, WIDE, LazyFigure, verdict_chart
from report.claims import JudgedClaim, Part
from report.claims.words import adjusted_words, figure_words, interval_words
from report.document import Cell, Column, Table
from report.exhibits.common import Context, badge
from report.html import plain


def comparative(context: Context) -> list[tuple[JudgedClaim, Part]]:
    """Every claim that compares in points, with its least certain such part."""
    return [(found, part) for found in context.claims if (part := _weakest(found))]


def _weakest(judged: JudgedClaim) -> Part | None:
    parts = list(_points(judged))
    return min(parts, key=_as_claimed, default=None)


def _points(judged: JudgedClaim) -> Iterator[Part]:
    for part in judged.parts:
        tested = part.test is not None or part.verdict == "contradicted"
        if part.unit == "points" and part.interval and part.null is not None and tested:
            yield part


def _as_claimed(part: Part) -> float:
    return part.sign * (part.estimate or 0.0)


def claims_figure(context: Context) -> LazyFigure:
    """Return the forest plot of comparative claims, one row each."""
    rows = _rows(context)
    wide, narrow = (
        verdict_chart(
            rows,
            width=width,
            title=f"Difference in the direction claimed, points, {context.level} interval",
            label_limit=400 if width == WIDE else 165,
        )
        for width in (WIDE, NARROW)
    )
    return LazyFigure(
        id="claims-forest",
        caption=(
            "Every claim that compares models, by the part that bears it out least: to the right "
            "of the line it is as claimed, to the left the other way round. "
            f"{context.level} intervals, not corrected; colour and shape are the claim's verdict."
        ),
        alt="Forest plot of comparative claims: "
        + "; ".join(f"{row['model']} {row['tip']}" for row in rows)
        + ".",
        wide=wide,
        narrow=narrow,
        data=_data(context),
    )


def _rows(context: Context) -> list[dict[str, object]]:
    shown = comparative(context)
    uses = Counter(found.claim.text for found, _ in shown)
    return [
        {"model": _label(found, alone=uses[found.claim.text] == 1), **_row(found, part)}
        for found, part in shown
    ]


def _label(found: JudgedClaim, *, alone: bool) -> str:
    """Name the row: a report may say the same words twice, and equal labels share a row."""
    words = plain(found.claim.text).removesuffix(".")
    return words if alone else f"{words} ({plain(found.id)})"


def _row(found: JudgedClaim, part: Part) -> dict[str, object]:
    assert part.interval is not None  # noqa: S101 - `_points` leaves out the others
    ends = part.sign * part.interval.low, part.sign * part.interval.high
    value = _as_claimed(part)
    shown = numbers.points(value)
    return {
        "value": value,
        "low": min(ends),
        "high": max(ends),
        "verdict": found.verdict,
        "tip": f"{shown} points, {found.verdict}: {plain(part.text)}",
    }


def _data(context: Context) -> Table:
    return Table(
        id="claims-forest-data",
        caption="The part of each comparative claim that bears it out least.",
        columns=[
            Column("claim", "Claim"),
            Column("part", "Part"),
            Column("estimate", "Estimate", "number"),
            Column("interval", "Interval", "number"),
            Column("p", "p corrected", "number"),
            Column("verdict", "Verdict of the claim"),
        ],
        rows=[
            {
                "claim": Cell(plain(found.claim.text)),
                "part": Cell(plain(part.text)),
                "estimate": Cell(figure_words(part), sort=part.estimate, raw=part.estimate),
                "interval": Cell(interval_words(part), interval=part.interval),
                "p": Cell(adjusted_words(part.test) if part.test else "–"),
                "verdict": Cell(found.verdict, html=badge(found.verdict, found.verdict)),
            }
            for found, part in comparative(context)
        ],
        row_header="claim",
    )
