"""Findings of the audit on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from report.consistency import RuleResult, findings, tally
from report.html import plain

TOLD_ABOVE = frozenset({"rates-from-counts"})
"""Rules whose findings `check` has listed already, among the printed figures."""


def print_findings(console: Console, results: Sequence[RuleResult]) -> None:
    """Print how much holds, then a table of what does not; notes are only counted."""
    counted = tally(results)
    console.print(
        f"Consistency: {counted['held']} things hold, {counted['contradiction']} contradictions, "
        f"{counted['doubtful']} doubtful, {counted['note']} notes"
    )
    table = Table("Severity", "Where", "Found", "Against")
    shown = [f for f in findings(results) if f.rule not in TOLD_ABOVE and f.severity != "note"]
    for finding in shown:
        where = ", ".join(part for part in (finding.where, finding.part) if part)
        cells = (finding.severity, where, finding.found, finding.expected)
        table.add_row(*(Text(plain(cell)) for cell in cells))
    if shown:
        console.print(table)
