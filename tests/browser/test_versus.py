"""Two models: chosen by link or list, from disk or served, the page says what was built."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from harness.reader import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.versus import Versus

ROOT = Path(__file__).resolve().parents[2]
PANEL = """() => [...document.querySelectorAll(".bp-versus :is(td, th, h2, li, [data-slot])")]
    .filter((part) => part.offsetParent)
    .map((part) => [part.tagName, part.className, part.innerText,
        ...[...part.querySelectorAll(".bp-pairbar")].flatMap(({ style }) =>
            ["--low", "--at", "--high"].map((at) => parseFloat(style.getPropertyValue(at))))])"""


@pytest.fixture(scope="module")
def versus() -> Versus:
    return Versus(Context(analyse(read_release(ROOT / "results/v0.1"))))


@pytest.mark.parametrize("from_disk", [False, True])
def test_a_link_shows_the_pair_with_the_figures_of_the_build(
    founding_site: Path, visit: Callable[..., Any], versus: Versus, *, from_disk: bool
) -> None:
    seen = visit(founding_site, from_disk=from_disk)
    slugs = versus.context.slugs
    for a, b in zip(versus.models, reversed(versus.models), strict=True):
        page = seen.go(f"v0.1/versus.html#a={slugs[a]}&b={slugs[b]}")
        panel = versus.panel(a, b)
        expect(page.locator("[data-slot=lead]")).to_have_text(panel.lead)
        expect(page.locator("[data-slot=difference]")).to_have_text(panel.difference)
        expect(page.locator("[data-slot=corrected]")).to_have_text(panel.corrected)
        shown = page.locator("[data-part=rates] tbody tr").count()
        assert shown == len(panel.rates)
        assert page.locator("[data-part=strata]").is_visible() == bool(panel.strata)
        assert page.locator("[data-name=a]").first.inner_text() == versus.context.labels[a]
    seen.assert_clean()


def test_filling_the_page_gives_what_the_build_wrote(
    founding_site: Path, visit: Callable[..., Any], versus: Versus
) -> None:
    seen = visit(founding_site)
    page = seen.go("v0.1/versus.html")
    written = page.evaluate(PANEL)
    page.get_by_role("button", name="Swap the two models").click()
    a, b = versus.models[:2]
    expect(page.locator("[data-slot=lead]")).to_have_text(versus.panel(b, a).lead)
    page.get_by_role("button", name="Swap the two models").click()
    expect(page.locator("[data-slot=lead]")).to_have_text(versus.panel(a, b).lead)
    assert page.evaluate(PANEL) == written
    assert f"#a={versus.context.slugs[a]}&b={versus.context.slugs[b]}" in page.url
    page.get_by_label("against").select_option(versus.context.slugs[a])
    expect(page.get_by_role("status").first).to_have_text("Choose two different models.")
    seen.assert_clean()


def test_without_a_script_the_two_best_are_there(
    founding_site: Path, visit: Callable[..., Any], versus: Versus
) -> None:
    seen = visit(founding_site, java_script_enabled=False)
    page = seen.go("v0.1/versus.html")
    expect(page.locator("[data-slot=lead]")).to_have_text(versus.panel(*versus.models[:2]).lead)
    expect(page.get_by_text("Choosing two models needs a script")).to_be_visible()
    expect(page.locator(".bp-versus__form")).to_be_hidden()


def test_the_pairs_table_leads_to_the_pair(
    founding_site: Path, visit: Callable[..., Any], versus: Versus
) -> None:
    page = visit(founding_site).go("v0.1/pairs.html")
    page.locator("#table-pairs-passed tbody tr").nth(3).locator("a").last.click()
    page.wait_for_url("**/versus.html#a=*")
    pair = versus.context.analysis.pairs_of("passed")[3]
    expect(page.locator("[data-slot=lead]")).to_have_text(versus.panel(pair.a, pair.b).lead)


def test_it_fits_a_phone(founding_site: Path, visit: Callable[..., Any]) -> None:
    page = visit(founding_site, viewport={"width": 390, "height": 844}).go("v0.1/versus.html")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
