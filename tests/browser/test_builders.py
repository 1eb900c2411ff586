"""The founding site by properdocs and by zensical: the same pages as by MkDocs, and they work.

`make builders` installs the two; in CI they have to be there. What differs between the three
is in docs/HOSTING.md, and each difference that a reader meets is a line here.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from survey import AXE, TAGS

import build
from report.builders import find_builder
from report.document import Page as Written
from report.document import Version
from report.html import escape
from report.policy import POLICY
from report.site import SiteError, build_site

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
RELEASES = ("v0.1", "v0.1-draft1", "v0.1-draft2")
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
UNRENDERED = re.compile(r"\{[{%#]|[}%#]\}|\*\*\w|\]\(\w|^#{2,6} |&[a-z]+;|&#\d+;", re.MULTILINE)


@pytest.fixture(scope="module", params=["properdocs", "zensical"])
def builder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def program(builder: str) -> Path:
    found = ROOT / ".venv-hedge" / "bin" / builder
    if not found.exists():
        reason = f"no {builder}: `make builders` installs it"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return found


@pytest.fixture(scope="module")
def site(builder: str, program: Path, founding_site: Path) -> Path:
    """The three founding releases as ``build.py site --builder`` makes them."""
    home = founding_site.parent
    folders = ["--site", str(home / builder), "--cache", str(home / "c")]
    assert build.main(["site", "--builder", str(program), *folders]) == 0
    return home / builder


def pages(site: Path, version: str) -> list[str]:
    return sorted(p.relative_to(site).as_posix() for p in (site / version).rglob("*.html"))


def test_the_same_pages_and_data_are_there(site: Path, founding_site: Path) -> None:
    for version in RELEASES:
        assert pages(site, version) == pages(founding_site, version)
    for file in (founding_site / "v0.1" / "data").rglob("*"):
        if file.is_file():
            assert (site / file.relative_to(founding_site)).read_bytes() == file.read_bytes()
    beside = ("versions.json", "_headers", "index.html", "latest/claims.html")
    assert all((site / name).is_file() for name in beside)


def test_properdocs_writes_the_very_pages_that_mkdocs_does(
    builder: str, site: Path, founding_site: Path
) -> None:
    generator = re.compile(r'<meta name="generator"[^>]*>')
    same = builder == "properdocs"
    for path in [path for version in RELEASES for path in pages(site, version)]:
        theirs, ours = ((root / path).read_text("utf-8") for root in (site, founding_site))
        assert (generator.sub("", theirs) == generator.sub("", ours)) == same, path


def test_every_page_states_the_policy_first_and_holds_no_script_of_its_own(site: Path) -> None:
    for version in RELEASES:
        for path in pages(site, version):
            text = (site / path).read_text("utf-8")
            at = text.find(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">')
            governed = [text.find(tag) for tag in ("<script", "<style", "<link") if tag in text]
            assert 0 <= at < 1024, path
            assert all(at < place for place in governed), path
            scripts = re.findall(r"<script\b([^>]*)>", text)
            data = 'type="application/json"'
            assert all("src=" in held or data in held for held in scripts), path


def test_an_older_page_names_its_address_in_the_latest_and_no_page_one_at_the_root(
    site: Path,
) -> None:
    canonical = re.compile(r'<link rel="canonical" href="([^"]*)"')
    named = canonical.findall((site / "v0.1-draft1" / "claims.html").read_text("utf-8"))
    assert [name.removeprefix("./") for name in named] == ["../v0.1/claims.html"]
    assert canonical.findall((site / "v0.1" / "claims.html").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("viewport", "palette", "version"),
    [(DESKTOP, "light", "v0.1"), (PHONE, "dark", "v0.1"), (DESKTOP, "dark", "v0.1-draft1")],
)
def test_every_page_opens_cleanly_fits_and_is_rendered_whole(
    site: Path, visit: Callable[..., Any], viewport: dict[str, int], palette: str, version: str
) -> None:
    seen = visit(site, viewport=viewport, color_scheme=palette)
    for path in pages(site, version):
        page = seen.go(path)
        assert page.title().strip(), path
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        text = page.locator("article").evaluate(
            """article => {
                const copy = article.cloneNode(true);
                for (const part of copy.querySelectorAll("code, script, svg")) part.remove();
                return copy.textContent;
            }"""
        )
        assert not UNRENDERED.search(text), f"{path}: {UNRENDERED.search(text)}"
    seen.assert_clean()


@pytest.mark.parametrize("javascript", [True, False])
def test_charts_are_painted_with_and_without_javascript(
    site: Path, visit: Callable[..., Any], *, javascript: bool
) -> None:
    seen = visit(site, viewport=DESKTOP, java_script_enabled=javascript)
    for name in ("index", "overall", "pairs"):
        charts = seen.go(f"v0.1/{name}.html").locator("figure .bp-chart svg:visible")
        assert charts.count() >= 1, name
        for chart in charts.all():
            assert chart.locator("path, rect, line").count() > 5, name
    seen.assert_clean()


def test_charts_come_alive_and_keep_the_policy(site: Path, visit: Callable[..., Any]) -> None:
    seen = visit(site, viewport=DESKTOP)
    page = seen.go("v0.1/overall.html")
    for figure in page.locator("figure.bp-figure").all():
        figure.locator("button.bp-live").click()
        figure.locator(".bp-chart svg.marks").first.wait_for()
    seen.assert_clean()


def test_tables_sort_and_a_claim_opens(site: Path, visit: Callable[..., Any]) -> None:
    seen = visit(site, viewport=DESKTOP)
    page = seen.go("v0.1/overall.html")
    table = page.locator(".bp-table table:visible").first
    button = table.locator("th button", has_text="Pass rate").first
    button.click()
    heading = button.locator("xpath=ancestor::th")
    assert heading.get_attribute("aria-sort") == "descending"
    button.click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert "Llama 3.3 8B" in table.locator("tbody tr").first.inner_text()
    page = seen.go("v0.1/similar.html")
    page.locator("button.bp-claim").first.click()
    assert page.locator(".bp-claim-card:popover-open").count() == 1
    seen.assert_clean()


def test_a_focus_model_is_kept_in_the_address(site: Path, visit: Callable[..., Any]) -> None:
    seen = visit(site, viewport=DESKTOP)
    page = seen.go("v0.1/overall.html")
    page.locator("#bp-focus option", has_text="Kimi K2").wait_for(state="attached")
    page.locator("#bp-focus").select_option(label="Kimi K2 Instruct")
    page.wait_for_url("**/overall.html?focus=*")
    seen.assert_clean()


def test_the_navigation_leads_on(site: Path, visit: Callable[..., Any]) -> None:
    seen = visit(site, viewport=DESKTOP)
    page = seen.go("v0.1/index.html")
    page.locator(".md-tabs a", has_text="Evidence").click()
    page.wait_for_url("**/claims.html")
    page.locator(".md-sidebar--primary a:visible", has_text="Printed figures").click()
    page.wait_for_url("**/printed.html")
    seen.assert_clean()


def test_the_menu_of_a_phone_opens_by_key(site: Path, visit: Callable[..., Any]) -> None:
    page = visit(site, viewport=PHONE).go("v0.1/pairs.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".md-sidebar--primary a:focus")).to_have_count(1)


def test_the_palette_switches_and_is_kept(site: Path, visit: Callable[..., Any]) -> None:
    page = visit(site, viewport=DESKTOP, color_scheme="light").go("v0.1/overall.html")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    for _ in range(2):  # from the system's palette to light, then to dark
        page.locator("label.md-header__button:visible[title^='Switch']").click()
    page.wait_for_function(f"light => {background} !== light", arg=light)
    dark = page.evaluate(background)
    page.goto(page.url.replace("overall", "claims"))
    assert page.evaluate(background) == dark


def test_the_version_selector_keeps_the_page(site: Path, visit: Callable[..., Any]) -> None:
    seen = visit(site, viewport=DESKTOP)
    page = seen.go("v0.1/overall.html")
    page.hover(".md-version")
    page.locator(".md-version__link", has_text="v0.1-draft1").click()
    page.wait_for_url("**/v0.1-draft1/overall.html")
    assert "is a draft of this report" in page.locator("body").inner_text()
    page.locator(".bp-elsewhere").first.click()
    page.wait_for_url("**/v0.1/overall.html")
    seen.assert_clean()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_search_finds_a_word_of_the_narrative(
    site: Path, builder: str, visit: Callable[..., Any], viewport: dict[str, int]
) -> None:
    seen = visit(site, viewport=viewport)
    page = seen.go("v0.1/index.html")
    _open_search(page, builder, phone=viewport is PHONE)
    page.keyboard.type("Pareto", delay=20)  # the theme listens to keys
    # Zensical shows its search in a shadow root, which Playwright's locators look into.
    found = page.locator("a:visible", has_text="Pareto front").first
    found.wait_for(timeout=30_000)
    assert "methods/runtime.html" in str(found.get_attribute("href"))
    seen.assert_clean()


def _open_search(page: Page, builder: str, *, phone: bool) -> None:
    field = "input[type=text]:visible" if builder == "zensical" else ".md-search__input"
    if phone:
        page.get_by_role("button", name="Search").first.click()
    elif builder == "zensical":
        page.locator(".md-search__button").click()
    else:
        page.locator(field).click()
    expect(page.locator(field).first).to_be_focused()


def test_pages_open_from_disk(site: Path, visit: Callable[..., Any]) -> None:
    seen = visit(site, from_disk=True, viewport=DESKTOP)
    page = seen.go("v0.1/overall.html")
    page.locator(".bp-versions a").first.wait_for(state="attached")
    figure = page.locator("figure.bp-figure").first
    figure.locator("button.bp-live").click()
    figure.locator(".bp-chart svg.marks").first.wait_for()
    seen.assert_clean()


def test_axe_finds_nothing(site: Path, visit: Callable[..., Any]) -> None:
    visited = visit(site, viewport=DESKTOP, reduced_motion="reduce")
    for name, palette in (("index", "light"), ("overall", "dark"), ("claims", "light")):
        visited.page.emulate_media(color_scheme=palette)
        page = visited.go(f"v0.1/{name}.html")
        page.add_style_tag(content=".bp-table__scroll { background: none !important }")
        page.evaluate(AXE)
        found = page.evaluate(
            "tags => axe.run({exclude: ['.bp-chart svg > *']}, {runOnly: tags})", TAGS
        )
        assert [violation["id"] for violation in found["violations"]] == [], name


NASTY = "</title><script>canary()</script> <img src=x onerror=canary()> {{ x }} [x](javascript:y)"


def test_hostile_names_are_shown_and_never_run(
    program: Path, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    heading = f"# {escape(NASTY)}\n\nText.\n"
    version = Version(
        "v1",
        NASTY,
        "2025-03-01",
        draft=False,
        pages=(
            Written("index.md", "Start", "# Start\n\nSee [the other](other.md).\n"),
            Written("other.md", NASTY, heading, section=f"{NASTY} &", description=NASTY),
            Written("third.md", f"{NASTY} 3", heading, section=f"{NASTY} &"),
        ),
        site_name=NASTY,
        social=NASTY,
    )
    build_site(
        [version],
        target=tmp_path / "site",
        config=ROOT / "mkdocs.yml",
        theme=ROOT / "docs" / "theme",
        work=tmp_path / "work",
        progress=lambda _: None,
        builder=find_builder(str(program)),
    )
    seen = visit(tmp_path / "site", viewport=DESKTOP)
    seen.page.add_init_script("window.canary = () => { window.sang = true }")
    for path in ("v1/index.html", "v1/other.html", "v1/third.html"):
        page = seen.go(path)
        assert page.evaluate("window.sang") is None, path
        assert page.locator("img[src=x], a[href^=javascript]").count() == 0, path
        assert NASTY in page.title(), path
    seen.assert_clean()


def test_a_broken_link_fails_the_build(program: Path, tmp_path: Path) -> None:
    broken = (Written("index.md", "Start", "# Start\n\n[Nothing](nowhere.md)\n"),)
    with pytest.raises(SiteError, match=r"index\.md"):
        build_site(
            [Version("v1", "v1", "2025-03-01", draft=False, pages=broken)],
            target=tmp_path / "site",
            config=ROOT / "mkdocs.yml",
            theme=ROOT / "docs" / "theme",
            work=tmp_path / "work",
            progress=lambda _: None,
            builder=find_builder(str(program)),
        )
    assert not (tmp_path / "site").exists()
