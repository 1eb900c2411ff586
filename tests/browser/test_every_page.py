"""Every page of the founding site, visited once: accessible, fitting, still, light to load."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sites import all_pages, pages_of_latest
from survey import Seen, axe, survey

pytestmark = pytest.mark.slow

HOME = "v0.1/index.html"


@pytest.fixture(scope="module")
def seen(founding_site: Path, visiting: Callable[..., Any]) -> list[Seen]:
    return list(survey(founding_site, visiting))


def test_axe_finds_nothing_in_either_palette(seen: list[Seen]) -> None:
    assert len(seen) > 20
    found = [f"{page.path}: {violation}" for page in seen for violation in page.violations]
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_down_to_400_percent(seen: list[Seen]) -> None:
    assert [(page.path, page.wide) for page in seen if page.wide] == []


def test_the_home_page_is_light_and_no_page_heavy(seen: list[Seen]) -> None:
    bytes_of = {page.path: page.transferred for page in seen}
    assert 100_000 < bytes_of[HOME] < 300_000
    assert {path: size for path, size in bytes_of.items() if size > 500_000} == {}


def test_axe_finds_nothing_on_pages_of_outcomes(
    hostile_site: Path, visiting: Callable[..., Any]
) -> None:
    # Names of every kind; of the models' pages, which are alike, one.
    paths = [
        path
        for path in all_pages(hostile_site)
        if path.startswith("o2/") and not re.search(r"/methods/|models/m[1-9]", path)
    ]
    assert {"o2/solved.html", "o2/models/m0.html", "o2/changes/from-c1.html"} <= set(paths)
    seen = list(survey(hostile_site, visiting, paths))
    found = [f"{page.path}: {violation}" for page in seen for violation in page.violations]
    assert not found, "\n".join(found)
    assert [(page.path, page.wide) for page in seen if page.wide] == []


def test_axe_finds_nothing_on_drafts_and_their_banners(
    founding_site: Path, visiting: Callable[..., Any]
) -> None:
    kinds = ("index", "overall", "claims", "printed", "compare", "runtime", "releases")
    paths = [f"{draft}/{kind}.html" for draft in ("v0.1-draft1", "v0.1-draft2") for kind in kinds]
    seen = list(survey(founding_site, visiting, paths))
    found = [f"{page.path}: {violation}" for page in seen for violation in page.violations]
    assert not found, "\n".join(found)


def _live(page: Page) -> None:
    page.locator(".bp-live").first.click()
    page.locator(".bp-chart svg.marks").first.wait_for()


def _card(page: Page) -> None:
    page.locator("button.bp-claim").first.click()
    page.locator(".bp-claim-card:popover-open").wait_for()


def _menu(page: Page) -> None:
    page.get_by_role("button", name="Menu").click()
    page.locator(".md-sidebar--primary a:focus").wait_for()


def _search(page: Page) -> None:
    page.get_by_role("button", name="Search").click()
    page.locator(".md-search__input").press_sequentially("pareto", delay=20)
    page.locator(".md-search-result__item a").first.wait_for()


def _another_focus(page: Page) -> None:
    page.get_by_label("Focus model", exact=True).select_option("kimi-k2")
    page.locator("#table-leaderboard tr.bp-chosen th").hover()


def _sorted(page: Page) -> None:
    page.locator(".bp-grid thead button").nth(1).click()


def _filtered(page: Page) -> None:
    for button in page.locator(".bp-claims-filter button").all():
        button.click()


STATES = [
    ("claims.html", 1280, _filtered),
    ("overall.html", 1280, _live),
    ("similar.html", 390, _card),
    ("similar.html", 1280, _card),
    ("index.html", 390, _menu),
    ("index.html", 390, _search),
    ("overall.html", 1280, _another_focus),
    ("overall.html", 390, _sorted),
    ("versus.html#a=kimi-k2&b=h2loop-coder", 1280, lambda _: None),
    ("versus.html#a=h2loop-coder&b=h2loop-multimodal", 390, lambda _: None),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_whatever_is_open(
    founding_site: Path, visit: Callable[..., Any], scheme: str
) -> None:
    seen = visit(founding_site, color_scheme=scheme, reduced_motion="reduce")
    for path, width, open_it in STATES:
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.page.goto("about:blank")
        page = seen.go(f"v0.1/{path}")
        open_it(page)
        page.wait_for_timeout(400)  # what slides or fades has arrived
        assert axe(page) == [], f"{path} after {open_it.__name__}, {width}"


SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    window.shifts.push([value, sources.map(({ node }) => node?.outerHTML?.slice(0, 90) ?? "")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_moves_by_itself(founding_site: Path, visit: Callable[..., Any]) -> None:
    visited = visit(founding_site, viewport={"width": 1280, "height": 900})
    # Text moves a little if its font arrives just after it was laid out, and where no font of
    # equal width is installed: without the font, whatever moves has another cause.
    visited.page.route("**/*.woff2", lambda route: route.abort())
    visited.page.add_init_script(SHIFTS)
    for path in pages_of_latest(founding_site):
        assert visited.go(path).evaluate("shifts") == [], path


def test_the_menu_and_the_search_open_by_keyboard(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    page = visit(founding_site, viewport={"width": 390, "height": 800}).go("v0.1/pairs.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Tab")
    menu = page.get_by_role("button", name="Menu")
    expect(menu).to_be_focused()
    expect(menu).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".md-sidebar--primary a:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(menu).to_have_attribute("aria-expanded", "false")
    search = page.get_by_role("button", name="Search")
    search.focus()
    page.keyboard.press("Space")
    expect(page.locator(".md-search__input")).to_be_focused()


FOCUSED = """() => {
  const [focused, { left, right, top, bottom }] = [
    document.activeElement, document.activeElement.getBoundingClientRect(),
  ];
  if (focused === document.body) return null;
  const label = focused.matches(".md-option") ? focused.nextElementSibling : focused;
  const { outlineStyle, outlineWidth, visibility } = getComputedStyle(label);
  const shown = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  return {
    what: focused.outerHTML.slice(0, 120),
    good: shown && visibility === "visible" && outlineStyle !== "none" && outlineWidth !== "0px",
  };
}"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["v0.1/index.html", "v0.1/overall.html", "v0.1/large.html"])
def test_the_tabulator_goes_round_and_is_seen_everywhere(
    founding_site: Path, visit: Callable[..., Any], path: str, width: int
) -> None:
    page = visit(founding_site, viewport={"width": width, "height": 800}).go(path)
    stops = []
    for _ in range(200):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(FOCUSED)) is None:
            break
        stops.append(stop)
    assert 15 < len(stops) < 200
    assert [stop["what"] for stop in stops if not stop["good"]] == []


def test_motion_contrast_and_forced_colours_are_what_the_reader_asks_for(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    page = visit(founding_site, reduced_motion="reduce", contrast="more").go("v0.1/overall.html")
    style = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
    assert page.evaluate(style, [".bp-live", "transitionDuration"]) == "1e-05s"
    muted = page.evaluate(style, ["figcaption", "color"])
    page.emulate_media(contrast="no-preference")
    assert page.evaluate(style, ["figcaption", "color"]) != muted
    page.emulate_media(forced_colors="active")
    surface = page.evaluate(style, [".bp-chart svg", "backgroundColor"])
    assert surface == "rgb(255, 255, 255)"
