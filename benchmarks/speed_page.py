"""The page on speed: results.json put into its template."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

Results = Mapping[str, Any]

ALONE = (
    " This part was measured in a run of its own, `python -m benchmarks.ingest`, while other "
    "programs kept the machine busy: read the times beside each other, not alone."
)
TEMPLATE = Path(__file__).parent / "pages" / "speed.md"


def page(results: Results) -> str:
    """Write the page; equal results give an equal page."""
    compared = results["comparisons"]
    largest = {found["subject"]: found for found in compared}
    tables = {
        subject: _comparisons([c for c in compared if c["subject"] == subject])
        for subject in ("rates", "pairs", "ranks", "stratified", "rasch")
    }
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        tables,
        rates_ratio=two_digits(largest["rates"]["ratio"]),
        pairs_time=duration(largest["pairs"]["ours"]["seconds"]),
        pairs_count=f"{largest['pairs']['other']['whole']:,}",
        product=_products([c for c in compared if c["subject"] == "product"]),
        whole=_wholes(results["whole"], compared),
        ingest=_reads(results["ingest"]),
        ingest_when=ALONE if results["ingest_alone"] else "",
        ingest_rows=f"{results['ingest'][0]['rows']:,}",
        site=_site(results["site"]),
        builds=_builds(results["builds"]),
        versions=results["site"]["versions"],
        pages=results["site"]["pages"],
        machine=", ".join(results["machine"].values()),
        libraries=", ".join(f"{name} {text}" for name, text in results["versions"].items()),
    )


def _comparisons(found: Sequence[Results]) -> str:
    heading = ("board", "Benchproof", found[0]["other"]["name"], "of which was run", "ratio")
    rows = [
        (
            c["board"],
            duration(c["ours"]["seconds"]),
            duration(c["other"]["seconds"]) if c["other"]["measured"] else "does not run",
            measured_part(c["other"]) or "all",
            f"{two_digits(c['ratio'])} ×" if c["ratio"] else "",
        )
        for c in found
    ]
    return table(heading, rows)


def _products(found: Sequence[Results]) -> str:
    heading = ("board", "Benchproof, tests and intervals included", "the product alone", "ratio")
    rows = [
        (
            c["board"],
            duration(c["ours"]["seconds"]),
            duration(c["other"]["seconds"]),
            f"{two_digits(1 / c['ratio'])} ×",
        )
        for c in found
    ]
    return table(heading, rows)


def _wholes(wholes: Sequence[Results], compared: Sequence[Results]) -> str:
    rows = [
        (
            w["board"],
            duration(w["seconds"]),
            f"{w['before']:.0f} MB",
            f"{w['peak']:.0f} MB",
            duration(others(w["board"], compared)),
        )
        for w in wholes
    ]
    heading = ("board", "time", "memory before", "memory at its peak", "the other ways added up")
    return table(heading, rows)


def others(board: str, compared: Sequence[Results]) -> float:
    """Seconds of the other ways to a board's rates, pairs, ranks and strata, added up."""
    parts = ("rates", "pairs", "ranks", "stratified")
    held = [c for c in compared if c["board"] == board and c["subject"] in parts]
    return float(sum(c["other"]["seconds"] for c in held))


def _reads(found: Sequence[Results]) -> str:
    heading = ("file", "by", "time", "rows a second", "memory at its peak")
    rows = [
        (
            read["file"],
            read["name"],
            duration(read["seconds"]),
            two_digits(read["rows"] / read["seconds"]),
            f"{read['peak']:,.0f} MB",
        )
        for read in found
    ]
    return table(heading, rows)


def _site(site: Results) -> str:
    rows = [
        ("`build.py site`, from nothing", duration(site["cold"])),
        ("`build.py site`, after a sentence was edited", duration(site["edited"])),
        (
            "from saving it to the page that `build.py serve` gives, the median of ten",
            duration(site["preview"]),
        ),
        ("`build.py --help`", duration(site["help"])),
    ]
    return table(("what", "time"), rows)


def _builds(found: Sequence[Results]) -> str:
    stages = list(dict.fromkeys(stage for build in found for stage in build["stages"]))
    rows = [
        (stage, *(duration(build["stages"].get(stage, 0)) for build in found)) for stage in stages
    ]
    rows += [
        ("**all, from nothing**", *(f"**{duration(build['seconds'])}**" for build in found)),
        ("once more, with what was kept", *(duration(build["warm"]) for build in found)),
        ("memory at its peak", *(f"{build['peak']:,.0f} MB" for build in found)),
        ("pages", *(f"{build['pages']:,}" for build in found)),
    ]
    return table(("stage", *(build["what"] for build in found)), rows)


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table, numbers to the right."""
    rule = ["---", *("---:" for _ in heading[1:])]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heading, rule, *rows))


def duration(seconds: float) -> str:
    """Write a time with two digits and its unit."""
    for unit, size, most in (("µs", 1e-6, 1e-3), ("ms", 1e-3, 1.0), ("s", 1.0, 120.0)):
        if seconds < most:
            return f"{two_digits(seconds / size)} {unit}"
    return f"{two_digits(seconds / 60)} min"


def measured_part(timing: Results) -> str:
    """Say which part was run; nothing where it was the whole."""
    if timing["measured"] == timing["whole"]:
        return ""
    return f"{timing['measured']:,} of {timing['whole']:,} {timing['unit']}"


def two_digits(value: float) -> str:
    """Round to the two digits that a measured time deserves."""
    rounded = float(f"{value:.1e}")
    if rounded < 1:
        return f"{rounded:g}"
    return f"{rounded:.1f}" if rounded < 10 else f"{rounded:,.0f}"
