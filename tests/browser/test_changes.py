"""Walks through releases: any two by choice, by link, without a script and from disk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def visited(founding_site: Path, visit: Callable[..., Any]) -> Any:
    return visit(founding_site)


def heading(visited: Any) -> str:
    return visited.page.locator("h1").inner_text().strip().removesuffix("¶").strip()


def test_pick_any_two_releases_and_go_back(visited: Any) -> None:
    page = visited.go("v0.1/compare.html")
    page.locator("select[name=before]").select_option("v0.1-draft1")
    page.locator("select[name=after]").select_option("v0.1")
    page.get_by_text("Show what changed").click()
    page.wait_for_url("**/v0.1/changes/from-v0.1-draft1.html")
    assert "From v0.1-draft1 to v0.1" in heading(visited)
    page.go_back()
    page.wait_for_url("**/v0.1/compare.html")
    page.locator("select[name=before]").select_option("v0.1-draft1")
    page.locator("select[name=after]").select_option("v0.1-draft2")
    page.get_by_text("Show what changed").click()
    page.wait_for_url("**/v0.1-draft2/changes.html")
    assert "From v0.1-draft1 to v0.1-draft2" in heading(visited)
    visited.assert_clean()


def test_the_same_release_twice_is_no_choice(visited: Any) -> None:
    page = visited.go("v0.1/compare.html")
    page.locator("select[name=before]").select_option("v0.1")
    assert "two different releases" in page.locator(".bp-compare__note").inner_text()
    assert page.locator(".bp-compare__go").get_attribute("href") is None
    page.locator("select[name=before]").select_option("v0.1-draft2")
    assert page.locator(".bp-compare__go").get_attribute("href") is not None


@pytest.mark.parametrize("version", ["v0.1-draft1", "v0.1-draft2", "v0.1"])
def test_the_lists_open_with_two_different_releases(visited: Any, version: str) -> None:
    page = visited.go(f"{version}/compare.html")
    assert page.locator(".bp-compare__note").inner_text() == ""
    assert page.locator(".bp-compare__go").get_attribute("href") is not None


def test_named_the_other_way_round_the_page_says_so(visited: Any) -> None:
    page = visited.go("v0.1/compare.html")
    page.locator("select[name=before]").select_option("v0.1")
    page.locator("select[name=after]").select_option("v0.1-draft2")
    assert "v0.1-draft2 is the earlier one" in page.locator(".bp-compare__note").inner_text()
    page.get_by_text("Show what changed").click()
    page.wait_for_url("**/v0.1/changes.html")


def test_another_version_is_chosen_and_the_page_stays(visited: Any) -> None:
    page = visited.go("v0.1/changes.html")
    page.hover(".md-version")
    page.locator(".md-version__link", has_text="v0.1-draft2").click()
    page.wait_for_url("**/v0.1-draft2/changes.html")
    assert "From v0.1-draft1 to v0.1-draft2" in heading(visited)


def test_without_a_script_plain_links_lead_to_every_pair(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    visited = visit(founding_site, java_script_enabled=False)
    page = visited.go("v0.1/compare.html")
    assert not page.locator(".bp-compare").is_visible()
    links = page.locator(".bp-compare-any p a")
    assert links.count() == 3
    for at in range(3):
        url = links.nth(at).get_attribute("href")
        with page.expect_navigation():
            links.nth(at).click()
        assert page.locator("h1").inner_text().startswith("From "), url
        page.go_back()
    visited.assert_clean()


def test_from_disk_the_choice_works_too(founding_site: Path, visit: Callable[..., Any]) -> None:
    visited = visit(founding_site, from_disk=True)
    page = visited.go("v0.1-draft2/compare.html")
    page.locator("select[name=before]").select_option("v0.1-draft2")
    page.locator("select[name=after]").select_option("v0.1")
    page.get_by_text("Show what changed").click()
    page.wait_for_url("**/v0.1/changes.html")
    assert "From v0.1-draft2 to v0.1" in heading(visited)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_fits_and_its_words_are_told_apart_without_colour(
    founding_site: Path, visit: Callable[..., Any], width: int
) -> None:
    visited = visit(founding_site, viewport={"width": width, "height": 900})
    page = visited.go("v0.1/changes.html")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for tag, line in (("ins", "underline"), ("del", "line-through")):
        style = page.locator(f".bp-diff[open] {tag}").first.evaluate(
            "e => getComputedStyle(e).textDecorationLine"
        )
        assert style == line
    visited.assert_clean()
