"""The audit: each rule finds its planted mistake, and is silent where the report is right."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from audited import change, write_audited

from harness.folder import read_release
from harness.release import Count, Release
from report.analysis import analyse
from report.consistency import RULES, Facts, Finding, audit_facts, findings
from report.quantities import quantities


def facts_of(release: Release, *earlier: Release) -> Facts:
    analysis = analyse(release)
    return Facts(analysis, quantities(analysis), earlier)


def found_in(facts: Facts) -> list[Finding]:
    return list(findings(audit_facts(facts)))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_audited(tmp_path)


def test_nothing_is_found_in_a_report_without_mistakes(sound: Path) -> None:
    assert found_in(facts_of(read_release(sound))) == []


OF_OUTCOMES = {"copied-outcomes", "copied-runtimes", "problems-twice"}
"""Rules on single outcomes and problems; test_consistency_outcomes.py plants their mistakes."""


def test_every_rule_had_something_to_look_at(sound: Path) -> None:
    release = read_release(sound)
    before = replace(release, version="v0")
    idle = {r.rule.id for r in audit_facts(facts_of(release, before)) if not r.checked}
    assert idle == OF_OUTCOMES


Plant = Callable[[Path], None]


def in_file(file: str, old: str, new: str) -> Plant:
    return lambda folder: change(folder, file, old, new)


def row(file: str, line: str) -> Plant:
    def plant(folder: Path) -> None:
        path = folder / file
        path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")

    return plant


# rule: what is planted, the severity, what the finding says
PLANTED: dict[str, tuple[Plant, str, str, str]] = {
    "copied-counts": (
        in_file("counts.csv", "m8,,,50,18,7", "m8,,,50,20,11"),
        "doubtful",
        "M 7 2B and M 8 1B have the same row: 50 problems, 20 compiled, 11 passed",
        "rows that differ",
    ),
    "copied-summaries": (
        row("summaries.csv", "m3,inverse_runtime,45,500.5,480.5,110.5,200.5,900.5"),
        "contradiction",
        "M 2 13B and M 3 16B have the same summary: 45, 500.5, 480.5, 110.5, 200.5, 900.5",
        "summaries that differ",
    ),
    "rows-twice": (
        in_file(
            "printed_tables.toml",
            'covers = "described"\nrows = ["M 1 8B", "M 2 13B"',
            'covers = "described"\nrows = ["M 1 8B", "m 1 8b"',
        ),
        "contradiction",
        "M 1 8B in rows 1 and 2",
        "one row",
    ),
    "rows-missing": (
        in_file(
            "printed_tables.toml",
            'covers = "described"\nrows = ["M 1 8B", "M 2 13B", ',
            'covers = "described"\nrows = ["M 1 8B", ',
        ),
        "contradiction",
        "no row for M 2 13B",
        "a row for each model described",
    ),
    "unknown-rows": (
        in_file("printed_tables.toml", 'rows = ["Sorting", "Graphs"]', 'rows = ["Sortng"]'),
        "doubtful",
        "a row Sortng",
        "one of the release's categories, by a name or alias",
    ),
    "without-results": (
        row("models.toml", '[[models]]\nid = "m9"\nname = "M 9"\ngroup = "other"'),
        "doubtful",
        "described, without any result",
        "a result, or a word on why there is none",
    ),
    "all-problems": (
        in_file("counts.csv", "m8,,,50,18,7", "m8,,,49,18,7"),
        "doubtful",
        "50 problems, without exception",
        "49 for M 8 1B",
    ),
    "summary-counts": (
        in_file("summaries.csv", "m2,inverse_runtime,45", "m2,inverse_runtime,20"),
        "doubtful",
        "a summary of 20 programs",
        "45, the programs that compiled",
    ),
    "sizes": (
        in_file("printed.csv", "sizes,parameters,m2,,,,13,B", "sizes,parameters,m2,,,,70,B"),
        "contradiction",
        "70 B",
        "13 B (models.toml), 13B (its description) and 13B (a name)",
    ),
    "active-sizes": (
        in_file("models.toml", '"16B (0.5B active)"', '"16B (2.4B active)"'),
        "contradiction",
        "2.4B active",
        "0.5 B active",
    ),
    "sorted-tables": (
        in_file(
            "printed_tables.toml",
            'sorted_by = "pass_rate"\nrows = ["M 1 8B", "M 2 13B", "M 3 16B"',
            'sorted_by = "pass_rate"\nrows = ["M 2 13B", "M 3 16B", "M 1 8B"',
        ),
        "contradiction",
        "M 1 8B out of order",
        "the report sorts it by pass rate",
    ),
    "units": (
        in_file("printed_tables.toml", '"1000/runtime"', '"milliseconds"'),
        "contradiction",
        "milliseconds, a time",
        "runs per 1000 s, something per time",
    ),
    "directions": (
        in_file(
            "release.toml",
            'unit = "ms"\nkind = "continuous"\nhigher_is_better = false',
            'unit = "ms"\nkind = "continuous"\nhigher_is_better = true',
        ),
        "doubtful",
        "higher is better",
        "the other direction",
    ),
    "ranges": (
        in_file("release.toml", 'unit = "ms"', 'unit = "%"'),
        "contradiction",
        "1136.36 to 10000 %",
        "0 to 100",
    ),
    "rates-from-counts": (
        in_file("printed.csv", "1,pass_rate,m4,,,,42.0,%", "1,pass_rate,m4,,,,44.0,%"),
        "contradiction",
        "44.0%",
        "42.0%",
    ),
    "possible-percentages": (
        in_file("printed.csv", "1,pass_rate,m4,,,,42.0,%", "1,pass_rate,m4,,,,43.0,%"),
        "contradiction",
        "43.0%",
        "a multiple of 1/50",
    ),
    "cells-against-total": (
        in_file(
            "printed.csv",
            "m1,,Sorting,easy,83.3,%",
            "m1,,Sorting,easy,100.0,%",
        ),
        "contradiction",
        "cells that stand for 33 problems",
        "31, the model's total",
    ),
    "shares-of-whole": (
        in_file("printed.csv", "share,,,Graphs,,50.0,%", "share,,,Graphs,,52.0,%"),
        "contradiction",
        "102.0%",
        "100%",
    ),
    "printed-twice": (
        in_file("printed.csv", "conclusion,pass_rate,m1,,,,62", "conclusion,pass_rate,m1,,,,64"),
        "contradiction",
        "64%",
        "62.0%, as in table 1 and table 2",
    ),
    "follows-from-parts": (
        in_file("printed.csv", "gap_points,m1,similar,,,+10.0", "gap_points,m1,similar,,,+19.0"),
        "contradiction",
        "+19.0 points",
        "10.0 points",
    ),
    "possible-summaries": (
        in_file("summaries.csv", "45,500.5,480.5,110.5", "45,500.5,480.5,410.5"),
        "contradiction",
        "a standard deviation of 410.50",
        "from 0 to 350.43",
    ),
    "weighted-against-speed": (
        in_file("summaries.csv", "0.0000,0.8800", "0.0000,0.9800"),
        "contradiction",
        "a max of 0.98",
        "at most 0.88000",
    ),
}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_rule_finds_its_planted_mistake(sound: Path, rule: str) -> None:
    plant, severity, found, expected = PLANTED[rule]
    plant(sound)
    told = [f for f in found_in(facts_of(read_release(sound))) if f.rule == rule]
    assert (severity, found, expected) in [(f.severity, f.found, f.expected) for f in told]
    assert len(told) == 1
    assert told[0].arithmetic


# Planted where the reader would refuse the file: the rule guards what comes from elsewhere.
def broken_cell(facts: Facts, **new: int) -> Facts:
    def spoil(count: Count) -> Count:
        hit = (count.model, count.category, count.difficulty) == ("m1", "Graphs", "hard")
        return replace(count, **new) if hit else count

    release = replace(facts.release, counts=tuple(map(spoil, facts.release.counts)))
    return replace(facts, analysis=replace(facts.analysis, release=release))


SPOILED = {
    "passed-within-compiled": (
        {"passed": 11},
        "11 passed",
        "at most 10, the programs that compiled",
    ),
    "margins": ({"compiled": 9}, "cells that sum to 39 compiled", "40, as in the overall row"),
    "problem-margins": ({"problems": 16}, "16 problems", "at most 15, the benchmark's"),
}


@pytest.mark.parametrize("rule", SPOILED)
def test_a_rule_finds_what_the_reader_would_refuse(sound: Path, rule: str) -> None:
    new, found, expected = SPOILED[rule]
    facts = broken_cell(facts_of(read_release(sound)), **new)
    told = [f for f in found_in(facts) if f.rule == rule]
    assert [(f.severity, f.found, f.expected) for f in told] == [("contradiction", found, expected)]


def test_a_size_that_changed_between_releases(sound: Path) -> None:
    now = read_release(sound)
    sizes = [replace(m, parameters=replace(m.parameters, total=7)) for m in now.models[:1]]
    before = replace(now, version="v0", models=(*sizes, *now.models[1:]))
    told = found_in(facts_of(now, before))
    assert [(f.rule, f.severity, f.models, f.found, f.expected) for f in told] == [
        ("sizes-between-releases", "doubtful", ("m1",), "8 B in v1", "7 B in v0")
    ]


def test_a_benchmark_that_changed_between_releases(sound: Path) -> None:
    now = read_release(sound)
    told = found_in(facts_of(now, replace(now, version="v0", n_problems=40)))
    assert [(f.rule, f.found, f.expected) for f in told] == [
        ("problems-between-releases", "50 problems in v1", "40, as in v0")
    ]
    other = replace(now, version="v0", n_problems=40, benchmark="Forty problems")
    assert found_in(facts_of(now, other)) == []


def test_every_rule_has_a_planted_mistake() -> None:
    between = {"sizes-between-releases", "problems-between-releases"}
    assert {rule.id for rule in RULES} == {*PLANTED, *SPOILED, *between, *OF_OUTCOMES}


def test_one_row_out_of_an_order_that_nobody_stated(sound: Path) -> None:
    change(
        sound,
        "printed_tables.toml",
        'what"\nrows = ["M 1 8B", "M 2 13B", "M 3 16B"',
        'what"\nrows = ["M 2 13B", "M 3 16B", "M 1 8B"',
    )
    told = found_in(facts_of(read_release(sound)))
    assert [(f.rule, f.models) for f in told] == [("sorted-tables", ("m1",))]
    assert told[0].severity == "doubtful"
    assert told[0].arithmetic == (
        "M 2 13B (58.0) and M 3 16B (46.0) stand above M 1 8B (62.0). A random order of 8 rows is "
        "so nearly sorted, in either direction, with a chance of 0.0025."
    )


def test_a_gap_between_rounded_rates_is_explained(sound: Path) -> None:
    change(sound, "counts.csv", "m3,,,50,36,23", "m3,,,48,36,23")  # 47.917 %, printed 47.9
    change(sound, "printed.csv", "1,pass_rate,m3,,,,46.0,%", "1,pass_rate,m3,,,,47.9,%")
    change(sound, "printed.csv", "2,pass_rate,m3,,,,46.0,%", "2,pass_rate,m3,,,,47.9,%")
    change(
        sound,
        "printed.csv",
        "gap,difference_points,m1,m2,,,4.0,points",
        "gap,difference_points,m1,m3,,,14.10,points",
    )
    told = [f for f in found_in(facts_of(read_release(sound))) if f.part.startswith("difference")]
    assert [(f.severity, f.found, f.expected, f.arithmetic) for f in told] == [
        (
            "note",
            "14.10 points",
            "14.083 points",
            "62.0 − 47.9 = 14.10: computed from rounded figures; unrounded they give 14.083",
        )
    ]


def test_rows_of_few_problems_may_well_be_alike(sound: Path) -> None:
    facts = facts_of(read_release(sound))
    rates = {
        key: replace(rate, n=4, successes=2 if key[1] == "passed" else 3)
        for key, rate in facts.analysis.rates.items()
    }
    told = found_in(replace(facts, analysis=replace(facts.analysis, rates=rates)))
    assert not [f for f in told if f.rule == "copied-counts"]


def test_ids_are_different_and_stay(sound: Path) -> None:
    for plant in ("units", "rates-from-counts", "printed-twice"):
        PLANTED[plant][0](sound)
    facts = facts_of(read_release(sound))
    ids = [f.id for f in found_in(facts)]
    assert len(ids) == len(set(ids)) >= 3
    assert "units-speed-milliseconds" in ids


def test_labels_without_a_latin_letter_are_told_apart(sound: Path) -> None:
    change(sound, "printed_tables.toml", '["Sorting", "Graphs"]', '["排序", "图", "排序"]')
    found = [f for f in found_in(facts_of(read_release(sound))) if f.rule == "unknown-rows"]
    assert [f.id for f in found] == [
        "unknown-rows-categories",
        "unknown-rows-categories-2",
        "unknown-rows-categories-3",
    ]
