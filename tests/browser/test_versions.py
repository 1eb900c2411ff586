"""Moving between versions as a reader does: the place on the page is kept where it exists."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small import write_small_release

import build

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """v1, replaced by v2, which lacks one of its pages; v3 is still a draft."""
    folder = tmp_path_factory.mktemp("versions")
    for name, before in (("v1", ""), ("v2", "v1"), ("v3", "v2")):
        toml = write_small_release(folder, version=name) / "release.toml"
        text = toml.read_text("utf-8")
        if before:
            text = text.replace("benchmark", f'previous = "{before}"\nbenchmark', 1)
        toml.write_text(text.replace('"published"', '"draft"') if name == "v3" else text, "utf-8")
    own = folder / "results" / "v1" / "pages"
    own.mkdir()
    (own / "gone.md").write_text("# Only here\n\nA word: zebra.\n", "utf-8")
    arguments = ["site", "--results", str(folder / "results"), "--site", str(folder / "site")]
    assert build.main([*arguments, "--cache", str(folder / "cache")]) == 0
    return folder / "site"


def test_the_banner_leads_to_the_same_place_in_the_latest_version(
    site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(site)
    page = seen.go("v1/about.html#sources")
    assert "v2 replaces v1" in page.locator(".bp-state--outdated").inner_text()
    page.locator(".bp-elsewhere").click()
    page.wait_for_url("**/v2/about.html#sources")
    assert page.locator(".bp-state").count() == 0
    seen.go("v1/gone.html").locator(".bp-elsewhere").click()
    page.wait_for_url("**/v2/index.html")
    seen.assert_clean()


def test_the_selector_keeps_page_anchor_and_query_and_marks_drafts(
    site: Path, visit: Callable[..., Any]
) -> None:
    page = visit(site).go("v2/about.html?x=1#sources")
    page.hover(".md-version")
    links = page.locator(".md-version__link")
    assert ["".join(text.split()) for text in links.all_inner_texts()] == [
        "v3(draft)draft",
        "v2latest",
        "v1",
    ]
    # The theme follows what is in view, and may have changed the anchor meanwhile.
    place = page.evaluate("location.search + location.hash")
    links.filter(has_text="v3").click()
    page.wait_for_url(lambda url: "/v3/about.html" in url)
    assert page.url.endswith(f"/v3/about.html{place}")
    assert place.startswith("?x=1")
    assert "v3 is a draft of this report" in page.locator(".bp-state--draft").inner_text()


def test_aliases_lead_on_with_the_anchor(site: Path, visit: Callable[..., Any]) -> None:
    for alias, name in (("latest", "v2"), ("draft", "v3")):
        seen = visit(site)
        seen.page.goto(f"{seen.base}{alias}/about.html#sources")
        seen.page.wait_for_url(f"**/{name}/about.html#sources")


def test_search_stays_within_the_version(site: Path, visit: Callable[..., Any]) -> None:
    for name, found in (("v1", 1), ("v2", 0)):
        page = visit(site).go(f"{name}/index.html")
        page.locator(".md-search__input").click()
        page.locator(".md-search__input").press_sequentially("zebra", delay=20)
        page.locator(".md-search-result__meta", has_text="match").wait_for(timeout=30_000)
        assert page.locator(".md-search-result__link[href*='gone.html']").count() == found


def test_opened_from_disk_the_list_keeps_the_page(site: Path, visit: Callable[..., Any]) -> None:
    page = visit(site, from_disk=True).go("v1/about.html")
    links = page.locator(".bp-versions a")
    links.first.wait_for()
    ends = [str(link.get_attribute("href")) for link in links.all()]
    assert [end.split("/")[-2:] for end in ends] == [[v, "about.html"] for v in ("v3", "v2", "v1")]
    page = visit(site, from_disk=True).go("v1/gone.html")
    page.locator(".bp-versions a").first.wait_for()
    first = str(page.locator(".bp-versions a").first.get_attribute("href"))
    assert first.endswith("v3/index.html")
