"""The audit's page, its data file and its part of `check`."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from audited import change, write_audited
from undrawn import Undrawn

import build
from harness.folder import read_release
from report.analysis import analyse
from report.consistency import followed
from report.exhibits.audit import findings_html, findings_table, rules_table
from report.exhibits.common import Context
from report.pages import render_pages
from report.versions import data_files

DOCS = Path(__file__).resolve().parents[2] / "docs"
HOSTILE = "</dd><script>alert(1)</script> [x](javascript:y) {{ 7 * 7 }}"


def context_of(folder: Path) -> Context:
    return Context(analyse(read_release(folder)))


def page_of(context: Context) -> str:
    pages = render_pages(context, docs=DOCS, placer=Undrawn(cache=None))
    return next(page.markdown for page in pages if page.path == "audit.md")


def test_a_release_without_mistakes_says_how_much_holds(tmp_path: Path) -> None:
    context = context_of(write_audited(tmp_path))
    page = page_of(context)
    held = sum(result.held for result in context.audit)
    assert held > 100
    assert f"{held} things were checked, and all of them hold." in page
    assert "bp-finding" not in page
    assert findings_table(context).rows == []


def test_what_a_report_says_is_escaped_in_its_findings(tmp_path: Path) -> None:
    folder = write_audited(tmp_path)
    change(folder, "printed_tables.toml", '"1000/runtime"', f'"{HOSTILE} ms"')
    change(folder, "printed_tables.toml", '["Sorting", "Graphs"]', f'["Sorting", "{HOSTILE}"]')
    html = findings_html(context_of(folder), "unknown-rows")
    html += findings_html(context_of(folder), "units")
    assert "alert" in html
    assert "<script" not in html
    assert "](" not in html
    assert "{{" not in html


def test_rules_that_had_nothing_to_look_at_say_so(tmp_path: Path) -> None:
    folder = write_audited(tmp_path)
    for name in ("printed.csv", "printed_tables.toml", "summaries.csv"):
        (folder / name).unlink()
    rows = {row["rule"].raw: row for row in rules_table(context_of(folder)).rows}
    assert rows["units"]["checked"].text == "2 units"  # those that release.toml declares
    assert rows["printed-twice"]["checked"].text == "nothing of the kind"
    assert rows["margins"]["checked"].text == "3 sums"


def test_every_finding_has_an_anchor_and_stands_in_the_data_file(tmp_path: Path) -> None:
    folder = write_audited(tmp_path)
    change(folder, "printed.csv", "1,pass_rate,m4,,,,42.0,%", "1,pass_rate,m4,,,,43.0,%")
    context = context_of(folder)
    document = json.loads(data_files(context)["data/audit.json"])
    ids = [f["id"] for rule in document["rules"] for f in rule["findings"]]
    assert ids == re.findall(r'class="bp-finding [^"]*" id="([^"]*)"', page_of(context))
    assert len(ids) == document["tally"]["contradiction"] == 3  # possible, from counts, twice
    assert document["tally"]["held"] == sum(rule["held"] for rule in document["rules"])


def test_the_chain_of_releases_is_followed(tmp_path: Path) -> None:
    release = read_release(write_audited(tmp_path))
    first = replace(release, version="a", previous=None)
    second = replace(release, version="b", previous="a")
    third = replace(release, version="c", previous="b")
    aside = replace(release, version="d", previous="a")
    assert followed(third, [first, second, third, aside]) == (second, first)
    assert followed(first, [first, second, third, aside]) == ()


def test_check_lists_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["check", "v0.1-draft2"]) == 0
    text = capsys.readouterr().out
    assert "3 contradictions, 1 doubtful, 6 notes" in text
    assert build.main(["check", "--json", "v0.1"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["consistency"]["tally"]["contradiction"] == 22
    rules = {rule["id"]: rule for rule in found["consistency"]["rules"]}
    assert rules["units"]["findings"][0]["found"] == "milliseconds, a time"
    between = rules["sizes-between-releases"]["findings"]
    assert [finding["models"] for finding in between] == [
        ["kimi-k2"],
        ["h2loop-coder"],
        ["h2loop-multimodal"],
    ]
