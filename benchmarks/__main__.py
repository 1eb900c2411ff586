"""Measure everything side by side: ``python -m benchmarks [--quick] [--write] [--only PART …]``.

``--write`` keeps the figures in results.json and writes the page on speed from them. Reading ten
million rows takes half of the time: ``--keep-ingest`` leaves its figures as they are.
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

from benchmarks.abilities import rasch_abilities
from benchmarks.boards import SIZES, Board, simulated
from benchmarks.ingest import ROWS, Read, reads
from benchmarks.machine import machine, versions
from benchmarks.pairs import all_pairs
from benchmarks.ranks import rank_limits
from benchmarks.rates import rate_intervals, stratified_intervals
from benchmarks.site import SiteTimes, builds, site_times
from benchmarks.speed_page import duration, measured_part, page, two_digits
from benchmarks.timing import Comparison
from benchmarks.whole import measured

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
PAGE = HERE.parent / "docs" / "methods" / "speed.md"

Subject = Callable[..., Iterator[Comparison]]
COMPARED: dict[str, Subject] = {
    "rates": rate_intervals,
    "pairs": all_pairs,
    "ranks": rank_limits,
    "stratified": stratified_intervals,
    "rasch": rasch_abilities,
}
PARTS = ("site", "builds", *COMPARED, "ingest", "whole")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and write where asked to."""
    options = _parser().parse_args(arguments)
    console = Console(width=110)
    sizes = SIZES[:2] if options.quick else SIZES
    budget = 0.3 if options.quick else 4.0
    slow = ("site", "builds") if options.quick else ()
    parts = [part for part in options.only or PARTS if part not in slow]
    kept = json.loads(RESULTS.read_text("utf-8"))
    found: dict[str, Any] = {name: kept[name] for name in ("site", "builds", "ingest", "whole")}
    found["ingest_alone"] = True
    if "site" in parts:
        found["site"] = asdict(_print_site(console, site_times()))
    if "builds" in parts:
        found["builds"] = _print_builds(console, [asdict(build) for build in builds()])
    boards = [simulated(*size) for size in sizes]
    subjects = [COMPARED[part] for part in parts if part in COMPARED]
    compared = list(_compare(subjects, boards, budget, console))
    if "ingest" in parts and not options.keep_ingest:
        read = _print_reads(console, list(reads(ROWS // 50 if options.quick else ROWS)))
        found |= {"ingest": [asdict(r) for r in read], "ingest_alone": False}
    if "whole" in parts:
        found["whole"] = _print_wholes(console, [asdict(measured(*size)) for size in sizes])
    console.print(", ".join(f"{name} {text}" for name, text in versions().items()))
    console.print(", ".join(machine().values()))
    if options.write:
        results = _document(compared, found)
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
        PAGE.write_text(page(results), "utf-8")
        console.print(f"written: {RESULTS.name}, {PAGE.name}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="two small boards, rough, no site")
    how.add_argument("--write", action="store_true", help="write results.json and the page")
    how.add_argument("--only", nargs="+", choices=PARTS, help="measure these parts alone")
    parser.add_argument(
        "--keep-ingest", action="store_true", help="leave out reading, half of the time"
    )
    return parser


def _compare(
    subjects: Sequence[Subject], boards: Sequence[Board], budget: float, console: Console
) -> Iterator[Comparison]:
    for subject in subjects:
        table = Table("board", "ours", "other way", "its time", "ratio", title=_title(subject))
        for board in boards:
            for found in subject(board, budget=budget):
                table.add_row(*_row(found))
                yield found
        console.print(table)


def _title(subject: Subject) -> str:
    return (subject.__doc__ or subject.__name__).strip().splitlines()[0]


def _row(found: Comparison) -> tuple[str, ...]:
    ours = duration(found.ours.seconds)
    if found.ratio is None:
        return found.board, ours, found.other.name, "does not run", ""
    part = measured_part(asdict(found.other))
    other = duration(found.other.seconds) + (f", from {part}" if part else "")
    return found.board, ours, found.other.name, other, f"{two_digits(found.ratio)} ×"


def _print_wholes(console: Console, wholes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    table = Table("board", "time", "memory before", "at most", title="The whole board.")
    for found in wholes:
        memory = (f"{found['before']:.0f} MB", f"{found['peak']:.0f} MB")
        table.add_row(found["board"], duration(found["seconds"]), *memory)
    console.print(table)
    return wholes


def _print_builds(console: Console, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for build in found:
        title = f"{build['what']}: {build['pages']} pages, {build['peak']:,.0f} MB."
        table = Table("stage", "time", title=title)
        for stage, seconds in build["stages"].items():
            table.add_row(stage, duration(seconds))
        table.add_row("all, from nothing", duration(build["seconds"]))
        table.add_row("once more, with what was kept", duration(build["warm"]))
        console.print(table)
    return found


def _print_reads(console: Console, found: Sequence[Read]) -> Sequence[Read]:
    table = Table("file", "by", "time", "rows a second", "memory", title="Rows into a release.")
    for read in found:
        figures = (duration(read.seconds), f"{two_digits(read.rows_per_second)}")
        table.add_row(read.file, read.name, *figures, f"{read.peak:,.0f} MB")
    console.print(table)
    return found


def _print_site(console: Console, site: SiteTimes) -> SiteTimes:
    title = f"The founding site: {site.versions} versions, {site.pages} pages."
    table = Table("what", "time", title=title)
    table.add_row("from nothing", duration(site.cold))
    table.add_row("after an edited sentence", duration(site.edited))
    table.add_row("from saving a sentence to the page of a preview", duration(site.preview))
    table.add_row("build.py --help", duration(site.help))
    console.print(table)
    return site


def _document(comparisons: Sequence[Comparison], found: dict[str, Any]) -> dict[str, Any]:
    return {
        "machine": machine(),
        "versions": versions(),
        "comparisons": [asdict(c) | {"ratio": c.ratio} for c in comparisons],
        **found,
    }


if __name__ == "__main__":
    sys.exit(main())
