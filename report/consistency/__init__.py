"""The consistency audit: every rule over one release, what it found and how much it looked at."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from harness.release import Release
from report.consistency import counts, figures, outcomes, parts, sizes, summaries, tables, units
from report.consistency.findings import (
    SEVERITIES,
    Facts,
    Finding,
    Held,
    Rule,
    RuleResult,
    Severity,
)

__all__ = [
    "RULES",
    "SEVERITIES",
    "Facts",
    "Finding",
    "Held",
    "Rule",
    "RuleResult",
    "Severity",
    "as_json",
    "audit_facts",
    "findings",
    "followed",
    "tally",
]

RULES = (
    Rule(
        "copied-counts",
        "Rows copied between models",
        "Two models with the same counts in every column.",
        "rows",
        counts.copied_counts,
    ),
    Rule(
        "copied-summaries",
        "Summaries copied between models",
        "Two models with the same mean, median, spread and range.",
        "summaries",
        counts.copied_summaries,
    ),
    Rule(
        "copied-outcomes",
        "Outcomes copied between models",
        "Two models that did the same on every problem.",
        "models",
        outcomes.copied_outcomes,
    ),
    Rule(
        "copied-runtimes",
        "Runtimes copied between models",
        "Two models whose programs all ran for exactly the same time.",
        "pairs",
        outcomes.copied_runtimes,
    ),
    Rule(
        "problems-twice",
        "Problems that stand twice",
        "Two problems with one text, address or title.",
        "problems",
        outcomes.problems_twice,
    ),
    Rule(
        "rows-twice",
        "Rows that stand twice",
        "Two rows of one table under one label.",
        "rows",
        tables.rows_twice,
    ),
    Rule(
        "rows-missing",
        "Rows that are missing",
        "A model left out by a table that lists them all.",
        "rows",
        tables.rows_missing,
    ),
    Rule(
        "unknown-rows",
        "Rows of something unknown",
        "A row whose label names nothing in the release.",
        "rows",
        tables.unknown_rows,
    ),
    Rule(
        "without-results",
        "Models without results",
        "A model that is described and was never measured.",
        "models",
        counts.without_results,
    ),
    Rule(
        "all-problems",
        "Number of problems",
        "A number of problems said of all models, and models with another.",
        "models",
        counts.all_problems,
    ),
    Rule(
        "summary-counts",
        "Programs behind a summary",
        "A summary of more or fewer programs than compiled, or than its table says.",
        "summaries",
        counts.summary_counts,
    ),
    Rule(
        "sizes",
        "One size, two values",
        "A model's size in its name, its description and every table.",
        "models",
        sizes.sizes,
    ),
    Rule(
        "active-sizes",
        "Active parameters",
        "The active part of a size as printed and as described.",
        "models",
        sizes.active_sizes,
    ),
    Rule(
        "sizes-between-releases",
        "Sizes between releases",
        "A model's size here and in the releases before.",
        "models",
        sizes.sizes_between_releases,
    ),
    Rule(
        "problems-between-releases",
        "Problems between releases",
        "The same benchmark with another number of problems.",
        "releases",
        sizes.problems_between_releases,
    ),
    Rule(
        "sorted-tables",
        "Tables out of order",
        "A table sorted by a figure, or all but one row of it, that does not keep the order.",
        "columns",
        tables.sorted_tables,
    ),
    Rule(
        "units",
        "Units",
        "A unit that is a time where the metric is per time, or the other way round.",
        "units",
        units.units,
    ),
    Rule(
        "directions",
        "Directions",
        "A time of which more is called better, or a speed of which less is.",
        "metrics",
        units.directions,
    ),
    Rule(
        "ranges",
        "Ranges",
        "A value outside what its unit can hold.",
        "summaries",
        units.ranges,
    ),
    Rule(
        "rates-from-counts",
        "Rates from counts",
        "A printed rate or share that its counts do not give.",
        "rates",
        figures.rates_from_counts,
    ),
    Rule(
        "possible-percentages",
        "Possible percentages (GRIM)",
        "A percentage that no whole number of problems gives.",
        "percentages",
        figures.possible_percentages,
    ),
    Rule(
        "cells-against-total",
        "Cells against the total",
        "Printed cells whose counts cannot add up to the model's total.",
        "tables",
        figures.cells_against_total,
    ),
    Rule(
        "shares-of-whole",
        "Parts of a whole",
        "Shares that do not sum to 100 within their rounding, counts that miss the total.",
        "sums",
        figures.shares_of_whole,
    ),
    Rule(
        "printed-twice",
        "One figure, two values",
        "A figure printed in two places with values that no rounding reconciles.",
        "figures",
        figures.printed_twice,
    ),
    Rule(
        "follows-from-parts",
        "Figures made of others",
        "A gap, ratio, share or rank held against the printed figures it is made of.",
        "figures",
        parts.follows_from_parts,
    ),
    Rule(
        "passed-within-compiled",
        "Passed within compiled",
        "More programs that pass than compile.",
        "rows",
        counts.passed_within_compiled,
    ),
    Rule(
        "margins",
        "Cells sum to totals",
        "Cells by category and difficulty against the overall row.",
        "sums",
        counts.margins,
    ),
    Rule(
        "problem-margins",
        "Cells within the benchmark",
        "A model with more results in a cell than there are problems.",
        "cells",
        counts.problem_margins,
    ),
    Rule(
        "possible-summaries",
        "Possible summaries",
        "A mean, median, spread and range that no set of values has.",
        "summaries",
        summaries.possible_summaries,
    ),
    Rule(
        "weighted-against-speed",
        "Passes per second against speeds",
        "Two summaries of the same programs that exclude one another.",
        "figures",
        summaries.weighted_against_speed,
    ),
)
"""Every rule, in the order of the page."""


def followed(release: Release, releases: Sequence[Release]) -> tuple[Release, ...]:
    """Return the releases that one follows: its `previous`, then that one's, and so on."""
    known = {item.version: item for item in releases}
    chain: list[Release] = []
    while (before := known.get((chain[-1] if chain else release).previous or "")) is not None:
        chain.append(before)
    return tuple(chain)


def audit_facts(facts: Facts) -> tuple[RuleResult, ...]:
    """Run every rule over a release; nothing is drawn by chance, equal facts give equal results."""
    return tuple(_run(rule, facts) for rule in RULES)


def _run(rule: Rule, facts: Facts) -> RuleResult:
    told = list(rule.check(facts))
    found = [item for item in told if isinstance(item, Finding)]
    worst_first = sorted(found, key=lambda item: SEVERITIES.index(item.severity))
    return RuleResult(rule, tuple(_told_apart(worst_first)), len(told) - len(found))


def _told_apart(found: Iterable[Finding]) -> Iterator[Finding]:
    """Number the findings of a rule that would share an id."""
    taken: set[str] = set()
    for finding in found:
        numbered = (replace(finding, number=i) for i in count(1))
        free = next(item for item in numbered if item.id not in taken)
        taken.add(free.id)
        yield free


def findings(results: Iterable[RuleResult]) -> tuple[Finding, ...]:
    """Every finding of an audit, worst first; equal severities keep the rules' order."""
    found = [finding for result in results for finding in result.findings]
    return tuple(sorted(found, key=lambda item: SEVERITIES.index(item.severity)))


def tally(results: Iterable[RuleResult]) -> dict[str, int]:
    """How many findings of each severity, and how many things were checked and hold."""
    results = tuple(results)
    found = [finding.severity for finding in findings(results)]
    return {
        **{severity: found.count(severity) for severity in SEVERITIES},
        "held": sum(result.held for result in results),
    }


def as_json(results: Iterable[RuleResult]) -> dict[str, object]:
    """Prepare an audit for ``audit.json`` and ``check --json``."""
    results = tuple(results)
    return {
        "tally": tally(results),
        "rules": [
            {
                "id": result.rule.id,
                "title": result.rule.title,
                "looks_for": result.rule.says,
                "counted_in": result.rule.counts,
                "checked": result.checked,
                "held": result.held,
                "findings": [_entry(finding) for finding in result.findings],
            }
            for result in results
        ],
    }


def _entry(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "severity": finding.severity,
        "where": finding.where,
        "models": list(finding.models),
        "part": finding.part or None,
        "found": finding.found,
        "expected": finding.expected,
        "arithmetic": finding.arithmetic,
    }
