"""Pages of changes: which there are, what they say first, that their links lead somewhere."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from undrawn import Undrawn

from harness.folder import read_releases
from report.changes.history import MOST_PAIRS, History
from report.comparison_pages import comparison_files
from report.document import Page
from report.exhibits.common import Context
from report.pages import Placer, render_pages
from report.versions import history_of

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def history() -> History:
    return history_of(read_releases(ROOT / "results"), docs=ROOT / "docs", cache=None)


def pages_of(history: History, version: str, placer: Placer | None = None) -> dict[str, Page]:
    context = Context(history.analysis(version), history=history)
    placer = placer or Undrawn(cache=None)
    return {page.path: page for page in render_pages(context, docs=ROOT / "docs", placer=placer)}


@pytest.fixture(scope="module")
def last(history: History) -> dict[str, Page]:
    return pages_of(history, "v0.1")


def test_each_version_has_a_page_for_every_earlier_one(history: History) -> None:
    for version, paths in {
        "v0.1-draft1": set[str](),
        "v0.1-draft2": set[str](),
        "v0.1": {"changes/from-v0.1-draft1.md"},
    }.items():
        pages = pages_of(history, version)
        assert {p for p in pages if p.startswith("changes/")} == paths
        assert {"changes.md", "compare.md"} <= pages.keys()


def test_the_answer_comes_before_charts_and_tables(last: dict[str, Page]) -> None:
    text = last["changes.md"].markdown
    assert text.index("23 of 106 passed") < text.index("<figure")
    assert "a copy of that of Mistral NeMo 12B" in text


def test_the_showcase_is_on_the_page_with_its_causes(last: dict[str, Page]) -> None:
    text = re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), last["changes.md"].markdown)
    rows = [row for row in text.split("<tr") if "cause" not in row]
    gap = next(row for row in rows if "+17.6 points" in row)
    assert "21.2" in gap
    assert "Llama 3.3 8B 23/106 → 14/107" in gap
    ratio = next(row for row in rows if "143×" in row and "31×" in row)
    assert "7 B → 32 B" in ratio


def test_the_first_release_says_that_nothing_came_before_it(history: History) -> None:
    page = pages_of(history, "v0.1-draft1")["changes.md"]
    assert "is the first release" in page.markdown
    assert "<figure" not in page.markdown


def test_a_release_alone_has_no_page_of_changes(history: History) -> None:
    alone = History((history.analyses[0],))
    assert not {"changes.md", "compare.md"} & pages_of(alone, "v0.1-draft1").keys()


def test_exhibits_of_two_comparisons_do_not_meet(history: History) -> None:
    placer = Undrawn(cache=None)
    pages_of(history, "v0.1", placer)
    names = {name for name in [*placer.figures, *placer.tables] if name.startswith("changes-")}
    first = {name for name in names if name.startswith("changes-from-v0-1-draft1-")}
    assert first
    assert names - first


def test_every_pair_is_linked_and_every_link_is_a_page(history: History) -> None:
    known = {
        f"{version}/{path.removesuffix('.md')}.html"
        for version in history.versions
        for path in pages_of(history, version)
    }
    compare = pages_of(history, "v0.1-draft2")["compare.md"].markdown
    urls = set(re.findall(r'<a href="\.\./([^"]+)"', compare))
    assert urls == {
        "v0.1/changes.html",
        "v0.1/changes/from-v0.1-draft1.html",
        "v0.1-draft2/changes.html",
    }
    assert urls <= known


def test_with_many_releases_only_neighbours_have_a_page(history: History) -> None:
    (first, *_) = history.analyses
    many = [
        replace(first, release=replace(first.release, version=f"v{i}", previous=None))
        for i in range(11)
    ]
    crowd = History(many)
    assert len(many) * (len(many) - 1) // 2 > MOST_PAIRS
    assert not crowd.complete
    assert crowd.others("v5") == ("v4",)
    assert History(many[:10]).complete
    assert History(many[:10]).others("v3") == ("v2", "v1", "v0")


def test_the_data_file_holds_the_whole_comparison(history: History) -> None:
    context = Context(history.analysis("v0.1"), history=history)
    files = comparison_files(context)
    assert files.keys() == {"data/changes.json", "data/changes-from-v0-1-draft1.json"}
    found = json.loads(files["data/changes.json"])
    assert found["before"] == "v0.1-draft2"
    assert found["narrative"]["sections"]


def test_a_comparison_is_made_once(history: History) -> None:
    assert history.changes("v0.1-draft2", "v0.1") is history.changes("v0.1-draft2", "v0.1")
