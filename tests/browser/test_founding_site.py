"""The founding report's site as its readers meet it: every page, both palettes, two widths."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RELEASES = ("v0.1", "v0.1-draft1", "v0.1-draft2")


@pytest.fixture
def site(founding_site: Path) -> Path:
    return founding_site


def pages(site: Path, version: str) -> list[str]:
    found = sorted(p.relative_to(site).as_posix() for p in (site / version).rglob("*.html"))
    assert len(found) > 15
    return found


@pytest.mark.parametrize(
    ("version", "viewport", "color_scheme"),
    [
        ("v0.1", DESKTOP, "light"),
        ("v0.1", PHONE, "dark"),
        ("v0.1-draft1", PHONE, "light"),
        ("v0.1-draft2", DESKTOP, "dark"),
    ],
)
def test_every_page_loads_cleanly_and_fits(
    site: Path, visit: Callable[..., Any], version: str, viewport: dict[str, int], color_scheme: str
) -> None:
    seen = visit(site, viewport=viewport, color_scheme=color_scheme)
    for path in pages(site, version):
        page = seen.go(path)
        assert page.title(), path
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= viewport["width"], f"{path} is {wide} pixels wide"
    seen.assert_clean()


def test_every_chart_is_drawn_with_and_without_javascript(
    site: Path, visit: Callable[..., Any]
) -> None:
    drawn = """figures => figures.map(figure => {
        const drawings = [...figure.querySelectorAll(".bp-chart svg")];
        const shown = drawings.filter(svg => svg.clientWidth > 0);
        return [figure.id, shown.length, shown[0]?.querySelectorAll("path, rect, line").length];
    })"""
    count = 0
    for javascript in (True, False):
        seen = visit(site, viewport=DESKTOP, java_script_enabled=javascript)
        for path in pages(site, "v0.1"):
            for name, shown, marks in seen.go(path).locator("figure").evaluate_all(drawn):
                assert shown == 1, f"{path}: {name}"
                assert marks > 5, f"{path}: {name} is empty"
                count += 1
    assert count >= 2 * 19


def test_every_chart_comes_to_life_without_an_error(site: Path, visit: Callable[..., Any]) -> None:
    seen = visit(site, viewport=DESKTOP)
    for path in pages(site, "v0.1"):
        page = seen.go(path)
        page.mouse.move(0, 0)  # a chart that scrolls under the pointer comes to life by itself
        for figure in page.locator("figure.bp-figure").all():
            figure.locator("button.bp-live").press("Enter")
            figure.locator(".bp-chart svg.marks").first.wait_for()
    seen.assert_clean()


def test_the_version_selector_switches_and_keeps_the_page(
    site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(site, viewport=DESKTOP)
    page = seen.go("v0.1/overall.html")
    page.hover(".md-version")
    page.locator(".md-version__link", has_text="v0.1-draft1").click()
    page.wait_for_url("**/v0.1-draft1/overall.html")
    assert "Llama 3.3 8B" not in page.locator("article").inner_text()
    assert page.locator(".md-version__current").inner_text().startswith("v0.1-draft1")


def test_the_palette_switch_re_themes_charts_and_page(
    site: Path, visit: Callable[..., Any]
) -> None:
    page = visit(site, viewport=DESKTOP, color_scheme="light").go("v0.1/overall.html")
    colours = """() => [
        getComputedStyle(document.body).backgroundColor,
        ...[...document.querySelectorAll("#figure-leaderboard-chart svg text")]
            .filter(text => text.textContent === "Gemini 2.5 Pro")
            .map(text => getComputedStyle(text).fill),
    ]"""
    seen = [page.evaluate(colours)]
    for _ in range(2):  # from the system's palette to light, then to dark
        page.locator("label.md-header__button:visible[title^='Switch']").click()
        page.wait_for_timeout(400)
        seen.append(page.evaluate(colours))
    assert len(seen[0]) >= 2
    assert all(light != dark for light, dark in zip(seen[0], seen[-1], strict=True))


def test_drafts_say_that_they_are_drafts(site: Path, visit: Callable[..., Any]) -> None:
    for version in RELEASES:
        page = visit(site, viewport=DESKTOP).go(f"{version}/large.html")
        said = "is a draft of this report" in page.locator("body").inner_text()
        assert said == ("draft" in version)


def test_the_root_and_latest_lead_to_the_published_report(
    site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(site, viewport=DESKTOP)
    seen.go("")
    seen.page.wait_for_url("**/v0.1/**")
    seen.go("latest/pairs.html")
    seen.page.wait_for_url("**/pairs.html")
    assert "All pairs" in seen.page.locator("h1").inner_text()


def test_search_finds_a_word_of_the_narrative(site: Path, visit: Callable[..., Any]) -> None:
    page = visit(site, viewport=DESKTOP).go("v0.1/index.html")
    # Typed as a person types: the theme listens to keys, and builds its index on first focus.
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("Pareto", delay=20)
    page.locator(".md-search-result__item").first.wait_for(timeout=30_000)
    assert "Pareto front" in page.locator(".md-search-result__list").inner_text()


def test_the_figures_of_the_report_are_there_with_their_intervals(
    site: Path, visit: Callable[..., Any]
) -> None:
    page = visit(site, viewport=DESKTOP).go("v0.1/overall.html")
    board = page.locator(".bp-table:not(.bp-table--plain) tr")
    text = board.filter(has_text="H2looP v0.1-Coder").first.inner_text()
    for figure in ("48/107", "44.9%", "35.8 to 54.3%", "74/107", "69.2%", "64.9%"):
        assert figure in text
