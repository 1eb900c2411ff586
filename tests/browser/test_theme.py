"""The theme in a real browser, on a small site with hostile names: look, live charts, versions."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from report.document import Cell, Column, Figure, Page, Table, Version
from report.figure import figure_files, figure_html
from report.html import block, escape
from report.palette import light_colours
from report.site import build_site
from report.tables import interval_bar, table_csv, table_files, table_html

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["Aster", "<img src=x onerror=canary()>", "</script><script>canary()</script>", "{{ x }}|y"]
RATES = [0.5, 0.75, 0.25, 0.1]
CANARY = "window.canary = () => { window.sang = true }"


def board() -> Table:
    rows = [
        {
            "model": Cell(name, title=name),
            "rate": Cell(f"{rate:.0%}", sort=rate, raw=rate),
            "bar": Cell("", html=interval_bar(rate / 2, rate, rate + 0.1, start=0, stop=1)),
        }
        for name, rate in zip(NAMES, RATES, strict=True)
    ]
    rows.append({"model": Cell("No result"), "rate": Cell("–")})
    columns = [
        Column("model", "Model"),
        Column("rate", "Pass rate", "number"),
        Column("bar", "0 to 100 %", "interval", sortable=False, in_export=False),
    ]
    return Table("board", "Pass rate", columns, rows, frozenset({0}), "model")


def chart(width: int) -> dict[str, Any]:
    values = [{"model": name, "rate": rate} for name, rate in zip(NAMES, RATES, strict=True)]
    tooltip = [{"field": "model", "title": "Model"}, {"field": "rate", "title": "Pass rate"}]
    return {
        "width": width,
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "x": {"field": "rate", "type": "quantitative"},
            "y": {"field": "model", "type": "nominal", "sort": None},
            "color": {"value": "var(--bp-focus)"},
            "tooltip": tooltip,
        },
        "config": {"font": "Inter"},
    }


def version(name: str, folder: Path, **more: Any) -> Version:
    figure = Figure(
        "rates", f"Rates {NAMES[1]}", f"Four {NAMES[2]}", chart(420), chart(120), board()
    )
    drawn = {
        depth: block(figure_html(figure, number=1, depth=depth, cache=folder)) for depth in (0, 1)
    }
    table = block(table_html(board(), depth=0))
    title = escape(NAMES[2])
    pages = [
        Page("index.md", "Overview", f"# Overview\n\n{title}\n{drawn[0]}\n[Board](board.md)\n"),
        Page(
            "board.md",
            NAMES[2],
            f"# {title}\n{table}\n## {title}\n\n{drawn[0]}\n\n## Two\n\nWord.\n",
        ),
        Page(
            "deep/page.md", "Deep", f"# Deep\n{drawn[1]}\n", section=NAMES[1], description=NAMES[1]
        ),
    ]
    if name == "v0.2":
        pages.append(Page("new.md", "New", "# New in this version\n"))
    files = table_files(board()) | figure_files(figure, cache=folder)
    return Version(name, f"Report {name}", "2025-03-01", False, pages, files, **more)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theme")
    build_site(
        [version("v0.1", folder), version("v0.2", folder, aliases=("latest",))],
        target=folder / "site",
        config=ROOT / "mkdocs.yml",
        theme=ROOT / "docs/theme",
        work=folder / "work",
        progress=lambda _: None,
    )
    return folder / "site"


PAGES = ["index.html", "board.html", "deep/page.html", "new.html"]


def fill(page: BrowserPage, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("e => getComputedStyle(e).fill"))


def rgb(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


@pytest.mark.parametrize("from_disk", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_clean_and_fits(
    site: Path, visit: Callable[..., Any], width: int, *, from_disk: bool
) -> None:
    visited = visit(site, from_disk=from_disk, viewport={"width": width, "height": 900})
    visited.page.add_init_script(CANARY)
    for path in PAGES:
        page = visited.go(f"v0.2/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not page.evaluate("window.sang")
        hrefs = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        assert all(href.startswith((visited.base, "https://squidfunk")) for href in hrefs)
    visited.assert_clean()


def test_charts_are_pictures_before_any_script_runs(site: Path, visit: Callable[..., Any]) -> None:
    visited = visit(site, java_script_enabled=False)
    page = visited.go("v0.2/board.html")
    expect(page.locator(".bp-chart__wide svg")).to_be_visible()
    expect(page.locator(".bp-chart__narrow svg")).to_be_hidden()
    expect(page.locator(".bp-actions button").first).to_be_hidden()
    visited.assert_clean()


def test_a_phone_gets_the_narrow_drawing(site: Path, visit: Callable[..., Any]) -> None:
    page = visit(site, viewport={"width": 390, "height": 800}).go("v0.2/board.html")
    expect(page.locator(".bp-chart__narrow svg")).to_be_visible()
    expect(page.locator(".bp-chart__wide svg")).to_be_hidden()


@pytest.mark.parametrize("from_disk", [False, True])
def test_pointing_at_a_chart_brings_it_to_life_and_moves_nothing(
    site: Path, visit: Callable[..., Any], *, from_disk: bool
) -> None:
    visited = visit(site, from_disk=from_disk, viewport={"width": 1280, "height": 1400})
    visited.page.add_init_script(CANARY)
    page = visited.go("v0.2/deep/page.html")
    assert not [url for url in visited.requested if url.endswith("vega.js")]
    before = page.locator("figcaption").bounding_box()
    picture = page.locator(".bp-chart__wide svg").bounding_box()
    page.hover(".bp-chart__wide")
    dot = page.locator(".bp-chart__wide .mark-symbol path").nth(1)
    dot.wait_for()
    assert page.locator("figcaption").bounding_box() == before
    live = page.locator(".bp-chart__wide svg").bounding_box()
    assert (live["y"], live["height"]) == (picture["y"], picture["height"])
    # From disk the typeface may miss the moment in which labels are measured: some pixels.
    assert abs(live["width"] - picture["width"]) <= (8 if from_disk else 0)
    dot.hover()
    expect(page.locator(".bp-tooltip dd").first).to_have_text(NAMES[1])
    assert page.locator(".bp-chart__wide svg").get_attribute("role") == "img"
    assert not page.evaluate("window.sang")
    visited.assert_clean()


def test_the_button_switches_life_on_and_off(site: Path, visit: Callable[..., Any]) -> None:
    page = visit(site).go("v0.2/deep/page.html")
    button = page.get_by_role("button", name="Interactive")
    button.focus()
    page.keyboard.press("Enter")
    page.locator(".bp-chart__wide .mark-symbol").wait_for()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".bp-chart__wide .mark-symbol")).to_have_count(0)
    expect(page.locator(".bp-chart__wide svg")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_palette_switch_recolours_pictures_and_live_charts(
    site: Path, visit: Callable[..., Any]
) -> None:
    visited = visit(site, color_scheme="light")
    page = visited.go("v0.2/deep/page.html")
    light = rgb(light_colours()["focus"])
    assert fill(page, ".bp-chart__wide [fill^='var']") == light
    page.hover(".bp-chart__wide")
    page.locator(".bp-chart__wide .mark-symbol path").first.wait_for()
    assert fill(page, ".bp-chart__wide .mark-symbol path") == light
    while page.evaluate("document.body.dataset.mdColorScheme") != "slate":
        page.locator(".md-header__option label:visible").click()
    assert fill(page, ".bp-chart__wide .mark-symbol path") != light
    assert fill(page, ".bp-chart__narrow [fill^='var']") != light
    visited.assert_clean()


def test_the_system_asks_for_dark_and_paper_for_light(
    site: Path, visit: Callable[..., Any]
) -> None:
    page = visit(site, color_scheme="dark").go("v0.2/deep/page.html")
    light = rgb(light_colours()["focus"])
    assert fill(page, ".bp-chart__wide [fill^='var']") != light
    page.emulate_media(media="print")
    assert fill(page, ".bp-chart__wide [fill^='var']") == light
    expect(page.locator(".md-header")).to_be_hidden()


def order(page: BrowserPage) -> list[str]:
    return page.locator("#table-board tbody th").all_inner_texts()


def test_tables_sort_by_value_with_empty_cells_last(site: Path, visit: Callable[..., Any]) -> None:
    visited = visit(site)
    page = visited.go("v0.2/board.html")
    original = order(page)
    heading = page.locator("#table-board thead th").nth(1)
    button = heading.get_by_role("button", name="Pass rate")
    best_first = [NAMES[1], NAMES[0], NAMES[2], NAMES[3], "No result"]
    button.click()
    assert (order(page), heading.get_attribute("aria-sort")) == (best_first, "descending")
    button.click()
    assert order(page) == [*reversed(best_first[:-1]), "No result"]
    assert heading.get_attribute("aria-sort") == "ascending"
    button.click()
    assert (order(page), heading.get_attribute("aria-sort")) == (original, None)
    page.locator("#table-board").get_by_role("button", name="Model").click()
    assert order(page)[-1] == "No result"
    assert page.locator("#table-board [aria-sort]").count() == 1


def test_a_table_is_copied_as_it_is_downloaded(site: Path, visit: Callable[..., Any]) -> None:
    visited = visit(site, permissions=["clipboard-read", "clipboard-write"])
    page = visited.go("v0.2/board.html")
    page.get_by_role("button", name="Copy CSV").click()
    expect(page.get_by_role("status")).to_have_text("Copy CSV: Copied")
    assert page.evaluate("navigator.clipboard.readText()") == table_csv(board())


def test_the_selector_keeps_the_page_where_the_version_has_it(
    site: Path, visit: Callable[..., Any]
) -> None:
    visited = visit(site)
    for path, expected in (("board.html", "board.html"), ("new.html", "")):
        page = visited.go(f"v0.2/{path}")
        page.hover(".md-version")
        page.locator(".md-version__link", has_text=re.compile(r"^v0\.1")).click()
        page.wait_for_url(f"**/v0.1/{expected}")
    visited.assert_clean()


def test_an_old_version_says_so_and_leads_to_the_latest(
    site: Path, visit: Callable[..., Any]
) -> None:
    visited = visit(site)
    page = visited.go("v0.1/board.html")
    banner = page.get_by_role("link", name="This page in v0.2")
    expect(banner).to_be_visible()
    banner.click()
    page.wait_for_url("**/v0.2/board.html")
    expect(page.get_by_text("Outdated.")).to_have_count(0)
    visited.assert_clean()


def test_an_alias_keeps_page_query_and_anchor(site: Path, visit: Callable[..., Any]) -> None:
    visited = visit(site)
    page = visited.go("latest/board.html?x=1#two")
    page.wait_for_url("**/v0.2/board.html?x=1#two")
    page.goto(visited.base)
    page.wait_for_url("**/v0.2/index.html")


def test_from_disk_a_plain_list_of_versions_stands_in_for_the_selector(
    site: Path, visit: Callable[..., Any]
) -> None:
    visited = visit(site, from_disk=True)
    page = visited.go("v0.2/deep/page.html")
    versions = page.get_by_role("navigation", name="Versions").get_by_role("link")
    expect(versions).to_have_text(["v0.2", "v0.1"])
    expect(versions.first).to_have_attribute("aria-current", "true")
    versions.last.click()
    page.wait_for_url("**/v0.1/deep/page.html")
    visited.assert_clean()


def test_search_finds_words_of_the_text_and_runs_no_name(
    site: Path, visit: Callable[..., Any]
) -> None:
    visited = visit(site)
    visited.page.add_init_script(CANARY)
    page = visited.go("v0.2/board.html")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("aster", delay=20)
    page.locator(".md-search-result__item").first.wait_for()
    assert NAMES[2] in page.locator(".md-search-result__list").inner_text()
    assert not page.evaluate("window.sang")
    visited.assert_clean()
