"""The site as a whole: versions, aliases, atomic replacement, equal bytes, no silent warning."""

import json
import os
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.errors import BenchproofError
from report import mkdocs_build, swap
from report.document import Page, Version
from report.lobby import alias_files, latest, redirect_page
from report.site import SiteError, build_site, sort_versions
from report.staging import navigation, stage, versions_json

ROOT = Path(__file__).resolve().parents[2]
NASTY = "</title><script>alert(1)</script> [x](javascript:alert(2)) {{ x }}"


def version(name: str, **more: Any) -> Version:
    pages = (
        Page("index.md", "Overview", "# Overview\n\nSee [the board](overall.md).\n"),
        Page("overall.md", "Board", "# Board\n\n## One\n\nText.\n\n## Two\n\nText.\n"),
        Page("claims/c1.md", NASTY, "# A claim\n\nText.\n", section="Claims", description=NASTY),
    )
    files = {"data/analysis.json": b'{"n": 107}\n'}
    return Version(name, f"Report {name}", "2025-03-01", False, pages, files, **more)


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    # Bundling the runtime takes longer than all the rest, and one test of a whole site has it.
    monkeypatch.setattr("report.staging.runtime", lambda **_: "")

    def run(
        *versions: Version,
        target: str = "site",
        work: str = "work",
        config: Path = ROOT / "mkdocs.yml",
    ) -> Path:
        said: list[str] = []
        build_site(
            versions,
            target=tmp_path / target,
            config=config,
            theme=ROOT / "docs/theme",
            work=tmp_path / work,
            progress=said.append,
        )
        run.said = said  # type: ignore[attr-defined]
        return tmp_path / target

    return run


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    draft = replace(version("v0.1-draft1"), draft=True, date="")
    build_site(
        [draft, version("v0.1"), version("v0.2", aliases=("latest",))],
        target=folder / "site",
        config=ROOT / "mkdocs.yml",
        theme=ROOT / "docs/theme",
        work=folder / "work",
        progress=lambda _: None,
    )
    return folder / "site"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# ---- What a whole site holds -----------------------------------------------------------------


@pytest.mark.slow
def test_versions_are_listed_newest_first_as_the_selector_and_mike_read_them(site: Path) -> None:
    assert json.loads((site / "versions.json").read_text()) == [
        {"version": "v0.2", "title": "v0.2", "aliases": ["latest"]},
        {"version": "v0.1", "title": "v0.1", "aliases": []},
        {"version": "v0.1-draft1", "title": "v0.1-draft1", "aliases": []},
    ]


@pytest.mark.slow
def test_the_way_in_leads_to_the_latest_version(site: Path) -> None:
    assert 'content="0; url=v0.2/index.html"' in (site / "index.html").read_text()
    assert (site / ".nojekyll").exists()
    assert "v0.1-draft1/index.html" in (site / "versions.html").read_text()


@pytest.mark.slow
def test_the_alias_keeps_paths_and_data(site: Path) -> None:
    stub = (site / "latest/claims/c1.html").read_text()
    assert "url=../../v0.2/claims/c1.html" in stub
    assert 'src="../../redirect.js"' in stub
    assert (site / "latest/data/analysis.json").read_bytes() == b'{"n": 107}\n'
    pages = {path.relative_to(site / "v0.2") for path in (site / "v0.2").rglob("*.html")}
    assert pages == {
        path.relative_to(site / "latest") for path in (site / "latest").rglob("*.html")
    }


@pytest.mark.slow
def test_every_page_of_a_draft_and_of_a_replaced_version_says_so(site: Path) -> None:
    for path in ("index.html", "overall.html", "claims/c1.html"):
        draft, replaced, latest = (
            (site / name / path).read_text() for name in ("v0.1-draft1", "v0.1", "v0.2")
        )
        up = "../../" if "/" in path else "./../"
        assert "<strong>Draft.</strong> Report v0.1-draft1 is a draft of this report" in draft
        assert f'href="{up}v0.2/{path}">This page in v0.2</a>' in draft
        assert "<strong>Outdated.</strong> v0.2 replaces Report v0.1." in replaced
        assert f'href="{up}v0.2/{path}">This page in v0.2</a>' in replaced
        assert "<strong>" not in latest.split('data-md-component="announce"')[1][:200]
        # Should a newer version be put beside it later, the theme shows this.
        assert "A newer version replaces Report v0.2" in latest
        assert "A newer version replaces" not in draft + replaced


@pytest.mark.slow
def test_search_engines_are_led_to_the_page_in_the_latest_version(site: Path) -> None:
    canonical = re.compile(r'<link rel="canonical" href="([^"]*)">')
    for name in ("v0.1-draft1", "v0.1"):
        page = (site / name / "claims/c1.html").read_text()
        assert canonical.findall(page) == ["../../v0.2/claims/c1.html"]
    assert canonical.findall((site / "v0.2/claims/c1.html").read_text()) == []


@pytest.mark.slow
def test_with_an_address_every_canonical_link_is_whole(build: Any, tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    text = (ROOT / "mkdocs.yml").read_text()
    config.write_text(text.replace('site_url: ""', "site_url: https://example.org/bench/"))
    old = replace(version("v1"), pages=(*version("v1").pages, Page("gone.md", "Gone", "# Gone\n")))
    site = build(old, version("v2"), config=config)
    canonical = re.compile(r'<link rel="canonical" href="([^"]*)">')
    found = {
        f"{name}/{path}": canonical.findall((site / name / path).read_text())
        for name in ("v1", "v2")
        for path in ("index.html", "claims/c1.html")
    }
    home, claim = "https://example.org/bench/v2/", "https://example.org/bench/v2/claims/c1.html"
    assert found["v1/claims/c1.html"] == found["v2/claims/c1.html"] == [claim]
    assert found["v1/index.html"] == [f"{home}index.html"]
    assert found["v2/index.html"] in ([home], [f"{home}index.html"])
    gone = (site / "v1/gone.html").read_text()
    assert canonical.findall(gone) == ["https://example.org/bench/v1/gone.html"]
    assert 'href="./../v2/index.html">Go to v2, which has no such page</a>' in gone


@pytest.mark.slow
def test_opened_from_disk_the_list_of_versions_knows_their_pages(site: Path) -> None:
    text = (site / "versions.js").read_text()
    listed = json.loads(text.removeprefix("benchproof.versions(").removesuffix(");\n"))
    assert [item["version"] for item in listed] == ["v0.2", "v0.1", "v0.1-draft1"]
    assert listed[0]["pages"] == ["index.html", "overall.html", "claims/c1.html"]


@pytest.mark.slow
def test_a_hostile_title_closes_nothing(site: Path) -> None:
    for file in site.rglob("*.html"):
        text = file.read_text()
        assert "<script>alert(1)" not in text, file
        assert 'href="javascript:' not in text, file


@pytest.mark.slow
def test_no_page_asks_another_host(site: Path) -> None:
    attribute = re.compile(
        r'<(?:script|link|img|iframe|source)[^>]+(?:src|href)="(?:https?:)?//[^"]*"'
    )
    for file in site.rglob("*.html"):
        assert not attribute.search(file.read_text()), file
    for file in site.rglob("assets/**/*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", file.read_text()), file


@pytest.mark.slow
def test_the_selector_finds_each_page_of_a_version_in_its_sitemap(site: Path) -> None:
    sitemap = (site / "v0.1/sitemap.xml").read_text()
    for path in ("", "index.html", "overall.html", "claims/c1.html"):
        assert f"<loc>http://localhost/v0.1/{path}</loc>" in sitemap
    assert "2025-03-01" in sitemap


@pytest.mark.slow
def test_needless_files_are_left_out(site: Path) -> None:
    assert not list(site.rglob("*.map"))
    assert not (site / "v0.1/404.html").exists()
    assert (site / "404.html").exists()
    assert (site / "v0.1/assets/vega.js").stat().st_size > 500_000


# ---- Building again --------------------------------------------------------------------------


@pytest.mark.slow
def test_equal_input_gives_equal_bytes(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    first = bytes_of(build(version("v0.1"), target="one", work="w1"))
    monkeypatch.setenv("TZ", "America/Lima")
    assert bytes_of(build(version("v0.1"), target="two/deeper", work="w2")) == first
    assert "SOURCE_DATE_EPOCH" not in os.environ


@pytest.mark.slow
def test_only_what_changed_is_built_and_a_new_version_leaves_the_old_ones_bytes(build: Any) -> None:
    site = build(version("v0.1"))
    old = bytes_of(site / "v0.1")
    build(version("v0.1"), replace(version("v0.2"), draft=True))
    assert build.said == ["v0.2: 3 pages", "v0.1: unchanged"]
    assert bytes_of(site / "v0.1") == old
    build(version("v0.1"), version("v0.2"))
    assert build.said == ["v0.2: 3 pages", "v0.1: 3 pages"]  # it says now that it is replaced
    changed = {path for path, content in bytes_of(site / "v0.1").items() if content != old[path]}
    assert changed == {path for path in old if path.endswith(".html")}
    edited = replace(version("v0.1"), files={"data/analysis.json": b"{}"})
    build(edited, version("v0.2"))
    assert build.said == ["v0.2: unchanged", "v0.1: 3 pages"]
    assert (site / "v0.1/data/analysis.json").read_bytes() == b"{}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        ("# A\n\n[broken](nowhere.md)\n", "nowhere.md"),
        ("# A\n\n[broken](overall.md#nowhere)\n", "nowhere"),
        ("# A\n\n[absolute](/overall.html)\n", "/overall.html"),
    ],
)
def test_a_warning_fails_the_build_and_the_old_site_stays(
    build: Any, markdown: str, message: str
) -> None:
    site = build(version("v0.1"))
    old = bytes_of(site)
    bad = replace(version("v0.1"), pages=(*version("v0.1").pages, Page("x.md", "X", markdown)))
    with pytest.raises(SiteError, match=message) as error:
        build(bad)
    assert error.value.version == "v0.1"
    assert bytes_of(site) == old


def test_a_failure_of_mkdocs_names_the_version(
    build: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(_config: Path, _into: Path, **_: object) -> None:
        raise RuntimeError("out of ink")

    monkeypatch.setattr(mkdocs_build, "_run", fail)
    with pytest.raises(SiteError, match=r"v0\.1: .*\n.*RuntimeError: out of ink"):
        build(version("v0.1"))
    assert not (tmp_path / "site").exists()


# ---- Versions ----------------------------------------------------------------------------------


def test_the_given_order_is_oldest_first() -> None:
    names = [v.name for v in sort_versions([version("a"), version("b"), version("c")])]
    assert names == ["c", "b", "a"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a b", "é"])
def test_a_version_is_a_folder_name(name: str) -> None:
    with pytest.raises(ValueError, match="no folder name"):
        sort_versions([version(name)])


def test_names_and_aliases_differ() -> None:
    with pytest.raises(ValueError, match="'latest' occurs twice"):
        sort_versions([version("a", aliases=("latest",)), version("b", aliases=("latest",))])
    with pytest.raises(ValueError, match="'a' occurs twice"):
        sort_versions([version("a"), version("b", aliases=("a",))])


def test_a_site_needs_a_version() -> None:
    with pytest.raises(ValueError, match="at least one version"):
        sort_versions([])


def test_the_latest_is_the_alias_then_the_published_then_the_newest() -> None:
    draft = replace(version("c"), draft=True)
    assert latest([draft, version("b"), version("a", aliases=("latest",))]).name == "a"
    assert latest([draft, version("b"), version("a")]).name == "b"
    assert latest([draft]).name == "c"


def test_the_list_of_versions_is_inert_in_the_page_that_shows_it() -> None:
    assert "<" not in versions_json([version("v1", aliases=("latest",))])


# ---- Staging -----------------------------------------------------------------------------------


def test_sections_stand_where_their_first_page_does() -> None:
    pages = [
        Page("a.md", "A", ""),
        Page("b.md", "B", "", section="S"),
        Page("c.md", "C", ""),
        Page("d.md", "D & E", "", section="S"),
    ]
    assert navigation(pages) == [
        {"A": "a.md"},
        {"S": [{"B": "b.md"}, {"D &#38; E": "d.md"}]},
        {"C": "c.md"},
    ]


@pytest.mark.slow
def test_the_staged_folder_is_whole(tmp_path: Path) -> None:
    file = stage(
        version("v0.1"),
        folder=tmp_path / "v0.1",
        config=ROOT / "mkdocs.yml",
        theme=ROOT / "docs/theme",
        cache=tmp_path / "drawings",
    )
    settings = yaml.safe_load(file.read_text())
    docs = file.parent / settings["docs_dir"]
    assert (file.parent / settings["theme"]["custom_dir"] / "main.html").exists()
    assert (docs / "data/analysis.json").read_bytes() == b'{"n": 107}\n'
    assert (docs / "assets/vega.js").exists()
    front = (docs / "claims/c1.md").read_text().split("---")[1]
    assert "<" not in front
    assert yaml.safe_load(front)["hide"] == ["navigation", "toc"]
    assert "hide" in (docs / "overall.md").read_text()


@pytest.mark.parametrize("path", ["../x.md", "/x.md", "a/../../x.md", "a\\b.md"])
def test_no_file_leaves_the_version(path: str, tmp_path: Path) -> None:
    bad = replace(version("v"), pages=(), files={path: b""})
    with pytest.raises(ValueError, match="leaves the version's folder"):
        stage(bad, folder=tmp_path, config=ROOT / "mkdocs.yml", theme=tmp_path, cache=None)


def test_a_broken_configuration_is_named(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    for text in ("a: [", "- list", "a: !!python/name:os.system"):
        config.write_text(text)
        with pytest.raises(BenchproofError, match=r"mkdocs\.yml"):
            build_site(
                [version("v")],
                target=tmp_path / "site",
                config=config,
                theme=ROOT / "docs/theme",
                work=tmp_path / "work",
                progress=lambda _: None,
            )


# ---- Redirects ---------------------------------------------------------------------------------


def test_a_redirect_is_inert() -> None:
    page = redirect_page('x"><script>alert(1)</script>')
    assert "<script>alert" not in page


def test_an_alias_copies_data_and_redirects_pages(tmp_path: Path) -> None:
    for path in ("index.html", "a/b.html", "data/x.csv", "assets/y.css"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    files = alias_files(tmp_path, version="v1")
    assert sorted(files) == ["a/b.html", "data/x.csv", "index.html"]
    assert files["data/x.csv"] == b"data/x.csv"
    assert b"../../v1/a/b.html" in files["a/b.html"]


# ---- Replacing at once ---------------------------------------------------------------------------


def test_the_new_folder_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "site"
    for text in ("one", "two"):
        swap.incoming(target).mkdir()
        (swap.incoming(target) / "page").write_text(text)
        swap.into_place(target)
        assert (target / "page").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_build_killed_between_the_two_renames_is_undone(tmp_path: Path) -> None:
    target = tmp_path / "site"
    (tmp_path / ".site.old").mkdir()
    (tmp_path / ".site.old/page").write_text("old")
    swap.incoming(target).mkdir()
    swap.recover(target)
    assert (target / "page").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_build_killed_before_tidying_loses_only_the_old_site(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (tmp_path / ".site.old").mkdir()
    swap.recover(target)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_old_site_comes_back_when_renaming_fails(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / "page").write_text("old")
    with pytest.raises(OSError, match="site"):
        swap.into_place(target)  # there is no incoming folder
    assert (target / "page").read_text() == "old"


def test_two_builds_take_turns(tmp_path: Path) -> None:
    order: list[str] = []
    started = threading.Event()

    def second() -> None:
        started.set()
        with swap.locked(tmp_path / "lock"):
            order.append("second")

    thread = threading.Thread(target=second)
    with swap.locked(tmp_path / "lock"):
        thread.start()
        started.wait()
        thread.join(timeout=0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_what_a_killed_build_left_is_cleared_and_never_used(build: Any, tmp_path: Path) -> None:
    left = tmp_path / "work" / "versions" / ".building-1"
    left.mkdir(parents=True)
    (left / "half.html").write_text("half", "utf-8")
    site = build(version("v9"))
    assert not left.exists()
    assert not list(site.rglob("half.html"))
