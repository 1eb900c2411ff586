"""The page on correctness: coverage.json put into its template."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from benchmarks.speed_page import table

TEMPLATE = Path(__file__).parent / "pages" / "correctness.md"
R_VALUES = Path(__file__).parents[1] / "tests" / "golden" / "r_values.json"

INTERVALS = {
    "rate": {
        "wilson": "**Wilson**",
        "wilson_cc": "Wilson, with continuity correction",
        "clopper_pearson": "Clopper-Pearson (exact)",
        "jeffreys": "Jeffreys",
        "agresti_coull": "Agresti-Coull",
        "bootstrap_bca_exact": "bootstrap, BCa (exact)",
        "bootstrap_percentile_exact": "bootstrap, percentile (exact)",
        "wald": "Wald",
    },
    "difference": {
        "miettinen_nurminen_difference": "**Miettinen-Nurminen**",
        "newcombe_hybrid_score": "Newcombe",
        "agresti_caffo": "Agresti-Caffo",
        "difference_wald": "Wald",
    },
    "ratio": {
        "koopman_score_ratio": "**Koopman**",
        "katz_log_ratio": "Katz (logarithm)",
    },
    "paired_difference": {
        "paired_difference_tango": "**Tango**",
        "paired_difference_bonett_price": "Bonett-Price",
        "paired_difference_newcombe": "Newcombe",
        "paired_bootstrap_percentile_exact": "bootstrap of pairs, percentile (exact)",
        "paired_difference_wald": "Wald",
    },
    "paired_ratio": {
        "paired_ratio_tang": "**Tang**",
        "paired_ratio_bonett_price": "Bonett-Price",
        "paired_ratio_wald": "Wald (logarithm)",
    },
}
TESTS = {
    "paired_test": {
        "mcnemar_midp": "**McNemar, mid-p**",
        "mcnemar_exact": "McNemar, exact",
        "mcnemar_asymptotic": "McNemar, chi-square",
        "mcnemar_asymptotic_cc": "McNemar, chi-square with continuity correction",
    },
    "unlinked_test": {
        "unconditional_z_pooled": "**unconditional, pooled z**",
        "fisher_midp": "Fisher, mid-p",
        "boschloo": "Boschloo",
        "fisher_exact": "Fisher, exact",
        "chi_square": "chi-square",
        "chi_square_n_minus_1": "chi-square, N − 1",
        "chi_square_yates": "chi-square, Yates' correction",
    },
}
STANDARDISED = {
    "stratified_score": "**stratified score**",
    "mover_wilson": "MOVER from Wilson limits",
    "stratified_bootstrap_percentile_exact": "bootstrap within strata, percentile (exact)",
    "normal": "normal",
}
"""How the page calls each method, in its order; what the report uses is in bold."""

SIZES = (20, 107, 500)
Row = Mapping[str, Any]


class Numbers(Template):
    """A template whose names are paths: ``${rate.wilson.107.mean}``."""

    braceidpattern = r"[a-z0-9_.]+"


def page(document: Mapping[str, Any]) -> str:
    """Write the page; an equal document gives an equal page."""
    rows = [row | {"kind": _shown_kind(row["kind"])} for row in document["counted"]]
    numbers: dict[str, object] = dict(document["reference"])
    numbers["r_values"] = len(json.loads(R_VALUES.read_text("utf-8")))
    for row in rows:
        name = f"{row['kind']}.{row['method']}.{row['n']}"
        numbers |= {
            f"{name}.mean": percent(row["mean"]),
            f"{name}.extreme": percent(row["extreme"]),
        }
    for kind, labels in INTERVALS.items():
        numbers[f"{kind}_table"] = _intervals([r for r in rows if r["kind"] == kind], labels)
    for kind, labels in TESTS.items():
        numbers[f"{kind}_table"] = _tests([r for r in rows if r["kind"] == kind], labels)
    numbers["standardised_table"] = _standardised(rows)
    return Numbers(TEMPLATE.read_text("utf-8")).substitute(numbers)


def _shown_kind(kind: str) -> str:
    """Newcombe's interval is counted apart, as it needs the whole table, and shown with its kin."""
    return kind.removesuffix("_of_four")


def _intervals(rows: Sequence[Row], labels: Mapping[str, str]) -> str:
    sizes = [n for n in SIZES if any(row["n"] == n for row in rows)]
    wide = any(row["width"] is not None for row in rows)
    heading = ["interval"]
    for n in sizes:
        heading += [f"n = {n}", "width"] if wide else [f"n = {n}"]
    lines = []
    for method, label in labels.items():
        cells = [label]
        for n in sizes:
            found = _find(rows, method, n)
            cells += [_coverage(found), _width(found)] if wide else [_coverage(found)]
        lines.append(cells)
    return table(heading, lines)


def _tests(rows: Sequence[Row], labels: Mapping[str, str]) -> str:
    lines = [
        [label, *(_coverage(_find(rows, method, n)) for n in SIZES)]
        for method, label in labels.items()
    ]
    return table(["test", *(f"n = {n}" for n in SIZES)], lines)


def _standardised(rows: Sequence[Row]) -> str:
    mixes = {
        mix: [row for row in rows if row["kind"] == f"standardised_{mix}"]
        for mix in ("own", "equal")
    }
    lines = []
    for method, label in STANDARDISED.items():
        found = [_find(mix, method, 107) for mix in mixes.values()]
        lines.append([label, *(text for row in found for text in (_coverage(row), _width(row)))])
    return table(["interval", "the benchmark's own mix", "width", "equal weights", "width"], lines)


def _find(rows: Sequence[Row], method: str, n: int) -> Row | None:
    return next((row for row in rows if (row["method"], row["n"]) == (method, n)), None)


def _coverage(row: Row | None) -> str:
    return f"{percent(row['mean'])} ({percent(row['extreme'])})" if row else "not counted"


def _width(row: Row | None) -> str:
    return f"{100 * row['width']:.1f}" if row else ""


def percent(share: float) -> str:
    """Write a probability in percent."""
    return f"{100 * share:.1f}%"
