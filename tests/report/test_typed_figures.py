"""Figures typed into the narrative: found where the analysis has them, and nothing else is."""

import json
from pathlib import Path

import pytest
from audited import write_audited

import build
from harness.folder import read_release
from report.analysis import analyse
from report.consistency import Facts, RuleResult
from report.consistency.narrative import typed_figures
from report.quantities import quantities

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    analysis = analyse(read_release(write_audited(tmp_path)))
    return Facts(analysis, quantities(analysis))


def told(facts: Facts, text: str) -> RuleResult:
    page = facts.release.path / "page.md"
    page.write_text(text, "utf-8")
    return typed_figures(facts, {"pages/page.md": page})


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It passes 62.0% of them.", '{{ value("passed", "m1") }}'),
        ("It passes 62.0 percent.", '{{ value("passed", "m1") }}'),
        ("A rate of 62.0 is high.", '{{ value("passed", "m1") }}'),
        ("M 1 8B passes 62%.", '{{ value("passed", "m1") }}'),
        ("It compiles 90.0 % of them.", '{{ value("compiled", "m2") }}'),
        ("It has +10.0 points more.", '{{ value("gap", "similar", "m1", "passed") }}'),
        ("All 50 problems were run.", '{{ value("problems") }}'),
        ("A mean of 490.0 is fast.", '{{ value("mean", "inverse_runtime", "m1") }}'),
    ],
)
def test_a_figure_typed_by_hand_is_found(facts: Facts, sentence: str, expected: str) -> None:
    result = told(facts, f"# Title\n\n{sentence}\n")
    assert [f.expected for f in result.findings] == [expected]
    assert result.findings[0].where == "pages/page.md:3"
    assert result.findings[0].severity == "doubtful"


@pytest.mark.parametrize(
    "sentence",
    [
        '{{ value("passed", "m1") }} of the problems.',
        "{% if number(62.0) %}yes{% endif %}{# 62.0% #}",
        "`62.0%` in code.",
        '<span title="62.0%">x</span> and [a link](page-62.0.html).',
        "In table 62.0 it says so.",
        "M 1 8B and M 2 13B are models.",
        "At the 95% level.",
        "All or nothing: 100% and 0%.",
        "In 2017, on 2025-08-31, version v62.0.",
        "Some 62% of all readers.",  # too few digits to say of what
        "There are 3 points to make.",
        "3.2.1 is a version, 62.0.1 too.",
    ],
)
def test_what_is_no_typed_figure_is_left_alone(facts: Facts, sentence: str) -> None:
    assert told(facts, sentence).findings == ()


def test_numbers_that_repeat_nothing_are_counted(facts: Facts) -> None:
    result = told(facts, "Elsewhere 12.34% pass, 17.77 on average.")
    assert (result.findings, result.held) == ((), 2)


def test_check_names_the_file_and_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_audited(tmp_path)
    (folder / "pages").mkdir()
    (folder / "pages" / "own.md").write_text("# Own\n\nIt passes 62.0% of them.\n", "utf-8")
    assert build.main(["check", "--json", "--results", str(folder.parent)]) == 0
    (release,) = json.loads(capsys.readouterr().out)
    rules = {rule["id"]: rule for rule in release["consistency"]["rules"]}
    (finding,) = rules["typed-figures"]["findings"]
    assert finding["where"] == "v1/pages/own.md:3"
    assert finding["found"] == "62.0%"


def test_the_narrative_of_this_project_types_no_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["check", "--json"]) == 0
    for release in json.loads(capsys.readouterr().out):
        rules = {rule["id"]: rule for rule in release["consistency"]["rules"]}
        assert rules["typed-figures"]["findings"] == []
