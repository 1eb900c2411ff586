"""Citing a version, the feed of releases, and the page that lists them."""

import re
import tomllib
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from undrawn import Undrawn

from harness.folder import read_releases
from harness.reader import read_release
from harness.release import Release
from report.citation import bibtex, cff, citation_html, tex
from report.document import Entry, Version
from report.exhibits.common import Context
from report.feed import feed_files, in_feed
from report.freeze import freeze
from report.lineage import linked
from report.pages import render_pages
from report.release_log import release_log
from report.versions import history_of

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "A & B_{}%$#~^\\ </div><script>alert(1)</script> [x](javascript:y) 模型"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def release(small_release: Callable[..., Path]) -> Release:
    found = read_release(small_release())
    return replace(found, date="2025-08-31", authors=("Ada", "The Lab & Co"))


# ---- Citing ------------------------------------------------------------------------------------


def test_bibtex_holds_version_date_address_and_checksum(release: Release) -> None:
    assert bibtex(release, url="https://example.org/b/v1/") == (
        "@misc{small-v1,\n"
        "  title = {{Plain}},\n"
        "  author = {{Ada} and {The Lab \\& Co}},\n"
        "  year = {2025},\n"
        "  month = aug,\n"
        "  version = {v1},\n"
        "  howpublished = {\\url{https://example.org/b/v1/}},\n"
        f"  note = {{SHA-256 of the release's files: {release.digest}}}\n"
        "}\n"
    )


def test_what_is_not_stated_is_left_out(release: Release) -> None:
    entry = bibtex(replace(release, date="", authors=()))
    assert not re.search("year|month|author|howpublished", entry)
    assert "note = {Draft. SHA-256" in bibtex(replace(release, status="draft"))


def test_a_hostile_title_leaves_the_braces_balanced(release: Release) -> None:
    entry = bibtex(replace(release, title=HOSTILE, authors=(HOSTILE,), benchmark="模型"))
    bare = re.sub(r"\\[{}]", "", entry)
    depth = 0
    for char in bare:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    assert entry.startswith("@misc{v1,")
    assert tex("100% a_b") == r"100\% a\_b"


def test_cff_is_yaml_with_the_required_fields(release: Release) -> None:
    found = yaml.safe_load(
        cff(replace(release, title=HOSTILE, version="1.0"), url="https://x.org/")
    )
    assert found["cff-version"] == "1.2.0"
    assert found["version"] == "1.0"
    assert found["title"].startswith("A & B_{}")
    assert found["date-released"] == "2025-08-31"
    assert found["authors"] == [{"name": "Ada"}, {"name": "The Lab & Co"}]
    assert found["identifiers"][0]["value"] == f"sha256:{release.digest}"
    undated = yaml.safe_load(cff(replace(release, date="", authors=())))
    assert "date-released" not in undated
    assert undated["authors"] == [{"name": "anonymous"}]


def test_the_box_is_inert_and_says_whether_the_checksum_can_change(
    release: Release, small_release: Callable[..., Path]
) -> None:
    box = citation_html(replace(release, title=HOSTILE))
    assert "<script" not in box
    assert "[x]" not in box
    assert "its files can still change" in box
    folder = small_release(version="v2")
    freeze(read_releases(folder.parent), "v2")
    frozen = read_release(folder)
    assert frozen.digest in citation_html(frozen)
    assert "every file is verified" in citation_html(frozen)


def test_the_tool_s_own_citation_names_its_version() -> None:
    ours = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert ours["version"] == project["version"]
    assert ours["license"] == project["license"]
    assert {"cff-version", "message", "title", "authors"} <= set(ours)
    assert "date-released" not in ours, "no release of the tool states a date"


# ---- The feed ----------------------------------------------------------------------------------


def version(name: str, date: str, *, draft: bool = False, title: str = "Report") -> Version:
    entry = Entry(title, "Problems", ("Ada",), ("One model more.", "Two fewer."))
    return Version(name, name, date, draft, (), site_name="Bench", entry=entry)


def feed(*versions: Version, base: str = "") -> ET.Element:
    (text,) = feed_files(versions, base=base).values()
    return ET.fromstring(text)  # noqa: S314 - our own


def test_the_feed_tells_of_published_releases_with_a_date() -> None:
    found = feed(
        version("v3", "2026-01-01", draft=True),
        version("v2", "2025-08-31"),
        version("v1b", ""),
        version("v1", "2024-02-29"),
        base="https://example.org/bench",
    )
    entries = found.findall("a:entry", ATOM)
    assert [entry.findtext("a:title", None, ATOM) for entry in entries] == [
        "Report, v2",
        "Report, v1",
    ]
    assert found.findtext("a:updated", None, ATOM) == "2025-08-31T00:00:00Z"
    assert entries[1].findtext("a:updated", None, ATOM) == "2024-02-29T00:00:00Z"
    assert entries[0].findtext("a:summary", None, ATOM) == "One model more. Two fewer."
    link = entries[0].find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == "https://example.org/bench/v2/index.html"


def test_every_id_is_the_same_with_and_without_an_address() -> None:
    both = version("v2", "2025-08-31"), version("v1", "2024-02-29")
    ids = [
        [found.text for found in feed(*both, base=base).iter(f"{{{ATOM['a']}}}id")]
        for base in ("", "https://example.org/", "https://elsewhere.org/x")
    ]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids[0])) == 3
    assert all(uuid.UUID(str(found)).version == 5 for found in ids[0])


def test_without_a_date_there_is_no_feed_and_no_page_names_one() -> None:
    undated = [version("v1", ""), version("v2", "2025-01-01", draft=True)]
    assert feed_files(undated, base="") == {}
    assert not any(map(in_feed, undated))
    assert [v.feed for v in linked(undated)] == [False, False]
    assert [v.feed for v in linked([*undated, version("v3", "2025-01-01")])] == [True] * 3


def test_hostile_text_stays_text() -> None:
    found = feed(version("v1", "2025-01-01", title=f"{HOSTILE}\ufffe\x00"))
    title = found.findtext("a:entry/a:title", None, ATOM)
    assert title is not None
    assert title.startswith("A & B_{}%$#~^\\ </div><script>")


# ---- The page of releases ----------------------------------------------------------------------


def test_each_version_lists_itself_and_what_came_before() -> None:
    releases = read_releases(ROOT / "results")
    history = history_of(releases, docs=ROOT / "docs", cache=None)
    last = Context(history.analysis("v0.1"), history=history)
    log = release_log(last)
    assert [entry.release.version for entry in log] == ["v0.1", "v0.1-draft2", "v0.1-draft1"]
    assert any("H2looP v0.1-Coder 7 B → 32 B" in sentence for sentence in log[0].sentences)
    assert log[-1].before is None
    middle = Context(history.analysis("v0.1-draft2"), history=history)
    assert [entry.release.version for entry in release_log(middle)] == [
        "v0.1-draft2",
        "v0.1-draft1",
    ]


def test_a_release_alone_says_what_it_brings(small_release: Callable[..., Path]) -> None:
    (found,) = read_releases(small_release().parent)
    history = history_of([found], docs=ROOT / "docs", cache=None)
    context = Context(history.analysis("v1"), history=history)
    pages = {p.path: p for p in render_pages(context, docs=ROOT / "docs", placer=Undrawn(None))}
    text = pages["releases.md"].markdown
    assert "The first release of this report." in text
    assert "2 models on the 10 problems of Small; evidence: counts." in text
