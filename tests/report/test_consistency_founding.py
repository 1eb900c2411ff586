"""What the audit finds in the founding report without being told, and what it leaves alone."""

from collections import Counter
from pathlib import Path

import pytest

from harness.folder import read_releases
from report.analysis import analyse
from report.consistency import Facts, Finding, RuleResult, audit_facts, findings
from report.quantities import quantities

ROOT = Path(__file__).resolve().parents[2]
CODER, MULTIMODAL, LLAMA_4 = "h2loop-coder", "h2loop-multimodal", "llama-4-maverick"

Audits = dict[str, tuple[RuleResult, ...]]


@pytest.fixture(scope="module")
def audits() -> Audits:
    releases = read_releases(ROOT / "results")
    found = {}
    for i, release in enumerate(releases):
        analysis = analyse(release)
        facts = Facts(analysis, quantities(analysis), tuple(reversed(releases[:i])))
        found[release.version] = audit_facts(facts)
    return found


def of_rule(audits: Audits, version: str, rule: str) -> list[Finding]:
    return [f for f in findings(audits[version]) if f.rule == rule]


def test_the_copied_row_of_the_second_draft(audits: Audits) -> None:
    (found,) = of_rule(audits, "v0.1-draft2", "copied-counts")
    assert found.models == ("mistral-nemo-12b", "llama-3.3-8b")
    assert "106 problems, 58 compiled, 23 passed" in found.found


def test_no_other_release_has_a_copied_row(audits: Audits) -> None:
    assert of_rule(audits, "v0.1-draft1", "copied-counts") == []
    assert of_rule(audits, "v0.1", "copied-counts") == []


def test_seven_billion_became_32_and_27(audits: Audits) -> None:
    found = {f.models[0]: f for f in of_rule(audits, "v0.1", "sizes-between-releases")}
    assert found[CODER].found == "32 B in v0.1"
    assert found[CODER].expected == "7 B in v0.1-draft2; 7 B in v0.1-draft1"
    assert found[MULTIMODAL].found == "27 B in v0.1"
    assert set(found) == {CODER, MULTIMODAL, "kimi-k2"}
    assert of_rule(audits, "v0.1-draft2", "sizes-between-releases") == []


def test_a_trillion_in_one_table_is_400_billion_in_another(audits: Audits) -> None:
    (found,) = of_rule(audits, "v0.1", "sizes")
    assert (found.models, found.where, found.found) == (("kimi-k2",), "table 5.1", "400 B")
    assert found.expected == "1,000 B (models.toml), 1T (its description) and 1T (a name)"


def test_tables_out_of_order(audits: Audits) -> None:
    found = of_rule(audits, "v0.1", "sorted-tables")
    assert [(f.where, f.severity, f.models, f.part) for f in found] == [
        ("table 5.1", "contradiction", (CODER,), "pass rate"),
        ("table 1", "doubtful", (LLAMA_4,), "pass rate"),
        ("table 5.3", "doubtful", ("gemma-3-27b",), "efficiency"),
    ]


def test_table_4_2_against_its_picture(audits: Audits) -> None:
    found = of_rule(audits, "v0.1", "rates-from-counts")
    assert {(f.where, f.models) for f in found} == {("table 4.2", (MULTIMODAL,))}
    assert [(f.part.partition(", ")[2], f.found, f.expected) for f in found] == [
        ("Advanced Programming, easy", "75.0%", "100.0%"),
        ("Advanced Programming, medium", "47.6%", "61.9%"),
        ("Advanced Programming, hard", "34.0%", "29.8%"),
        ("Basic Programming, medium", "41.7%", "50.0%"),
        ("Mathematics, hard", "50.0%", "100.0%"),
        ("Operating System, easy", "50.0%", "0.0%"),
        ("Operating System, medium", "25.0%", "0.0%"),
        ("Operating System, hard", "16.7%", "0.0%"),
    ]


def test_107_problems_of_models_with_106(audits: Audits) -> None:
    (found,) = of_rule(audits, "v0.1", "all-problems")
    assert found.where == "abstract and footnote"
    assert found.found == "107 problems, without exception"
    assert found.models == ("gemini-2.5-flash", MULTIMODAL, "mistral-nemo-12b")
    (found,) = of_rule(audits, "v0.1", "summary-counts")
    assert found.where == "table 3.1"
    assert found.expected == "74, 58, 71, 69 and 50, the counts in its own rows"


def test_milliseconds_that_are_runs_per_time(audits: Audits) -> None:
    (found,) = of_rule(audits, "v0.1", "units")
    assert (found.where, found.found) == ("table 3.1", "milliseconds, a time")
    assert found.expected == "runs per 1000 s, something per time"


def test_qwen_has_no_results(audits: Audits) -> None:
    (found,) = of_rule(audits, "v0.1", "without-results")
    assert found.models == ("qwen-2.5-coder-32b",)
    assert of_rule(audits, "v0.1-draft2", "without-results") == []


def test_coder_stands_twice_and_multimodal_never(audits: Audits) -> None:
    (twice,) = of_rule(audits, "v0.1", "rows-twice")
    (missing,) = of_rule(audits, "v0.1", "rows-missing")
    assert (twice.where, twice.models) == ("training", (CODER,))
    assert twice.found == "H2looP v0.1-Coder in rows 1 and 2"
    assert (missing.where, missing.models) == ("training", (MULTIMODAL,))


def test_what_follows_from_rounded_figures_is_explained(audits: Audits) -> None:
    notes = [f for f in of_rule(audits, "v0.1", "follows-from-parts") if f.severity == "note"]
    assert Counter((f.where, f.part.partition(",")[0]) for f in notes) == {
        ("table 2", "gap points"): 2,
        ("table 2 highlights", "gap points"): 2,
        ("table 5.3", "efficiency"): 1,  # Kimi K2 at 400 B
        ("table 5.3", "size ratio"): 1,
    }
    assert notes[0].arithmetic == (
        "44.9 − 23.7 = 21.20: computed from rounded figures; unrounded they give 21.116"
    )


def test_figures_that_their_own_parts_contradict(audits: Audits) -> None:
    wrong = [f for f in of_rule(audits, "v0.1", "follows-from-parts") if f.severity != "note"]
    assert Counter((f.where, f.part.partition(",")[0]) for f in wrong) == {
        ("table 5.3", "efficiency rank"): 2,
        ("conclusion", "efficiency rank"): 2,
        ("conclusion", "largest size ratio"): 1,
        ("closing", "proximity compile"): 1,
        ("closing", "smallest size ratio"): 1,
    }


def test_the_average_of_the_second_draft(audits: Audits) -> None:
    wrong = of_rule(audits, "v0.1-draft2", "follows-from-parts")
    (mean,) = [f for f in wrong if f.part.startswith("group mean")]
    assert (mean.severity, mean.found, mean.expected) == ("contradiction", "27.3%", "26.61%")


def test_the_first_draft_summarises_20_programs(audits: Audits) -> None:
    found = of_rule(audits, "v0.1-draft1", "summary-counts")
    assert [f.found for f in found] == ["a summary of 20 programs"] * 4


SILENT = {
    "v0.1": {
        "copied-counts": 10,
        "copied-summaries": 10,
        "unknown-rows": 89,
        "active-sizes": 2,
        "problems-between-releases": 2,
        "directions": 2,
        "ranges": 10,
        "possible-percentages": 82,
        "cells-against-total": 2,
        "shares-of-whole": 4,
        "passed-within-compiled": 34,
        "margins": 6,
        "problem-margins": 24,
        "possible-summaries": 10,
        "weighted-against-speed": 20,
    },
    "v0.1-draft1": {
        "copied-counts": 9,
        "copied-summaries": 4,
        "without-results": 9,
        "sizes": 3,
        "units": 1,
        "directions": 1,
        "ranges": 4,
        "rates-from-counts": 27,
        "possible-percentages": 47,
        "cells-against-total": 2,
        "passed-within-compiled": 9,
        "possible-summaries": 4,
    },
}


@pytest.mark.parametrize("version", SILENT)
def test_rules_without_findings_and_how_much_they_looked_at(audits: Audits, version: str) -> None:
    silent = {r.rule.id: r.checked for r in audits[version] if r.checked and not r.findings}
    assert silent == SILENT[version]


def test_the_findings_of_every_release_are_counted(audits: Audits) -> None:
    """A false alarm on any row would show here."""
    assert {
        version: Counter(f.severity for f in findings(results))
        for version, results in audits.items()
    } == {
        "v0.1-draft1": {"contradiction": 4, "doubtful": 4, "note": 3},
        "v0.1-draft2": {"contradiction": 3, "doubtful": 1, "note": 6},
        "v0.1": {"contradiction": 22, "doubtful": 7, "note": 6},
    }


def test_every_finding_has_a_name_of_its_own(audits: Audits) -> None:
    for results in audits.values():
        ids = [f.id for f in findings(results)]
        assert len(ids) == len(set(ids))
