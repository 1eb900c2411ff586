"""Every page served below a path and opened from disk: whatever it asks for is its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sites import all_pages, pages_of_latest

pytestmark = pytest.mark.slow

DESKTOP = {"width": 1280, "height": 900}
TWO_MODELS = {"o2/versus.html": "#a=m1&b=m2"}
ASKS_FOR_MORE = ("overall.html", "solved.html", "mix.html", "versus.html", "compare.html")


def _kinds(site: Path) -> list[str]:
    """Every page of the latest version; of models' pages and methods, which are alike, one each."""
    latest = [path for path in pages_of_latest(site) if path.count("/") < 2]
    deep = [path for path in all_pages(site) if path.count("/") == 2]
    folders = {path.rpartition("/")[0]: path for path in deep}
    return [*latest, *folders.values()]


def _everything_drawn(page: Page) -> None:
    """Let the charts of a page come to life, down to its end."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    live = page.evaluate(
        "() => [...document.querySelectorAll('.bp-live')].map(b => b.click()).length"
    )
    page.wait_for_function(
        "n => document.querySelectorAll('.bp-chart__wide .mark-group').length >= n", arg=live
    )


@pytest.mark.parametrize("from_disk", [False, True])
def test_every_kind_of_page_of_outcomes_asks_only_its_own_site(
    hostile_site: Path, visit: Callable[..., Any], *, from_disk: bool
) -> None:
    # The founding site is opened both ways in test_safety.py.
    seen = visit(hostile_site, from_disk=from_disk, viewport=DESKTOP)
    paths = _kinds(hostile_site)
    assert len(paths) > 20
    for path in paths:
        page = seen.go(path + TWO_MODELS.get(path, ""))
        if path.endswith(ASKS_FOR_MORE):
            _everything_drawn(page)
    # Not the host alone: everything lies below the folder that the site was put into.
    assert all(url.startswith((seen.base, "data:", "blob:")) for url in seen.requested)
    assert any("vega" in url for url in seen.requested)
    seen.assert_clean()


@pytest.mark.parametrize("version", ["v0.1", "o2"])
def test_a_search_asks_only_its_own_site(
    request: pytest.FixtureRequest, visit: Callable[..., Any], version: str
) -> None:
    site = request.getfixturevalue("founding_site" if version == "v0.1" else "hostile_site")
    seen = visit(site, viewport=DESKTOP)
    page = seen.go(f"{version}/index.html")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("interval", delay=20)
    page.locator(".md-search-result__item a").first.wait_for()
    assert any("search" in url for url in seen.requested)
    seen.assert_clean()
