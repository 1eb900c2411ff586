"""Claims for a person at a terminal, and as Markdown for the summary of a CI job."""

from collections.abc import Sequence

from report.claims.parts import JudgedClaim, tally
from report.claims.words import reason
from report.html import escape, plain
from report.labels import listed

_COLOURS = {
    "supported": "green",
    "unresolved": "yellow",
    "contradicted": "red",
    "misstated": "red",
    "untestable": "dim",
}


def standing(judged: JudgedClaim) -> str:
    """Say how the release stands to a claim that fails, or to a needless acknowledgement."""
    if judged.fails:
        return "acknowledged" if judged.acknowledged else "NOT ACKNOWLEDGED"
    return "needlessly acknowledged" if judged.acknowledged else ""


def tally_words(judged: Sequence[JudgedClaim]) -> str:
    """Word the tally: "51 claims: 11 supported, 6 unresolved …"."""
    counts = (f"{count} {verdict}" for verdict, count in tally(judged).items() if count)
    return f"{len(judged)} claims: {listed(counts)}"


def print_claims(judged: Sequence[JudgedClaim]) -> None:
    """Print every claim with its verdict; those that fail say why."""
    from rich.console import Console  # noqa: PLC0415 - only where a person reads
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if not judged:
        return
    console = Console()
    console.print(Text(f"  {tally_words(judged)}"))
    table = Table("Verdict", "Claim", "Why", "Release")
    for found in judged:
        table.add_row(
            Text(found.verdict, style=_COLOURS[found.verdict]),
            Text(plain(found.id)),
            Text("" if found.verdict == "supported" else plain(reason(found))),
            Text(standing(found), style="bold" if standing(found).isupper() else ""),
        )
    console.print(table)


def claims_markdown(version: str, judged: Sequence[JudgedClaim]) -> str:
    """Summarise the claims of a release as Markdown; every text is inert in it."""
    lines = [
        f"### {escape(version)}",
        "",
        escape(tally_words(judged) if judged else "no claims"),
        "",
    ]
    failing = [found for found in judged if found.fails]
    if failing:
        lines += ["| verdict | claim | why | release |", "|---|---|---|---|"]
        lines += [
            f"| {found.verdict} | {escape(found.claim.text)} | {escape(reason(found))} "
            f"| {escape(standing(found))} |"
            for found in failing
        ]
    return "\n".join([*lines, ""])
