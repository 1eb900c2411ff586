"""Measure everything side by side: ``python -m benchmarks [--quick] [--write]``.

``--write`` keeps the figures in results.json and writes the page on speed from them.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.boards import SIZES, Board, simulated
from benchmarks.ingest import ROWS, Read, reads
from benchmarks.machine import machine, versions
from benchmarks.pairs import all_pairs
from benchmarks.ranks import rank_limits
from benchmarks.rates import rate_intervals, stratified_intervals
from benchmarks.site import SiteTimes, site_times
from benchmarks.speed_page import duration, measured_part, page, two_digits
from benchmarks.timing import Comparison
from benchmarks.whole import Whole, measured

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
PAGE = HERE.parent / "docs" / "methods" / "speed.md"

Subject = Callable[..., Iterator[Comparison]]
COMPARED: tuple[Subject, ...] = (rate_intervals, all_pairs, rank_limits, stratified_intervals)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and write where asked to."""
    options = _parser().parse_args(arguments)
    console = Console(width=110)
    sizes = SIZES[:2] if options.quick else SIZES
    budget = 0.3 if options.quick else 4.0
    site = None if options.quick else site_times()
    if site:
        _print_site(console, site)
    compared = list(_compare([simulated(*size) for size in sizes], budget, console))
    ingested = list(reads(ROWS // 50 if options.quick else ROWS))
    _print_reads(console, ingested)
    wholes = [measured(*size) for size in sizes]
    _print_wholes(console, wholes)
    console.print(", ".join(f"{name} {text}" for name, text in versions().items()))
    console.print(", ".join(machine().values()))
    if options.write and site:
        results = _document(compared, wholes, site, ingested)
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
        PAGE.write_text(page(results), "utf-8")
        console.print(f"written: {RESULTS.name}, {PAGE.name}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="two small boards, rough, no site")
    how.add_argument("--write", action="store_true", help="write results.json and the page")
    return parser


def _compare(boards: Sequence[Board], budget: float, console: Console) -> Iterator[Comparison]:
    for subject in COMPARED:
        table = Table("board", "ours", "other way", "its time", "ratio", title=_title(subject))
        for board in boards:
            for found in subject(board, budget=budget):
                table.add_row(*_row(found))
                yield found
        console.print(table)


def _title(subject: Subject) -> str:
    return (subject.__doc__ or subject.__name__).strip().splitlines()[0]


def _row(found: Comparison) -> tuple[str, ...]:
    part = measured_part(asdict(found.other))
    other = duration(found.other.seconds) + (f", from {part}" if part else "")
    ours = duration(found.ours.seconds)
    return found.board, ours, found.other.name, other, f"{two_digits(found.ratio)} ×"


def _print_wholes(console: Console, wholes: Sequence[Whole]) -> None:
    table = Table("board", "time", "memory before", "at most", title="The whole board.")
    for found in wholes:
        memory = (f"{found.before:.0f} MB", f"{found.peak:.0f} MB")
        table.add_row(found.board, duration(found.seconds), *memory)
    console.print(table)


def _print_reads(console: Console, found: Sequence[Read]) -> None:
    table = Table("file", "by", "time", "rows a second", "memory", title="Rows into a release.")
    for read in found:
        figures = (duration(read.seconds), f"{two_digits(read.rows_per_second)}")
        table.add_row(read.file, read.name, *figures, f"{read.peak:,.0f} MB")
    console.print(table)


def _print_site(console: Console, site: SiteTimes) -> None:
    title = f"The founding site: {site.versions} versions, {site.pages} pages."
    table = Table("what", "time", title=title)
    table.add_row("from nothing", duration(site.cold))
    table.add_row("after an edited sentence", duration(site.edited))
    table.add_row("after an edited sentence, in a running preview", duration(site.preview))
    table.add_row("build.py --help", duration(site.help))
    console.print(table)


def _document(
    comparisons: Sequence[Comparison],
    wholes: Sequence[Whole],
    site: SiteTimes,
    ingested: Sequence[Read],
) -> dict[str, Any]:
    return {
        "machine": machine(),
        "versions": versions(),
        "comparisons": [asdict(found) | {"ratio": found.ratio} for found in comparisons],
        "whole": [asdict(found) for found in wholes],
        "ingest": [asdict(found) for found in ingested],
        "ingest_alone": False,
        "site": asdict(site),
    }


if __name__ == "__main__":
    sys.exit(main())
