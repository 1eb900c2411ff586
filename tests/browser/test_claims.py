"""Claims as a reader meets them: a badge opens by mouse, key and touch; the list filters."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
OPEN = ".bp-claim-card:popover-open"


def inside(page: Any) -> bool:
    """Whether the open card lies within the window."""
    return bool(
        page.locator(OPEN).evaluate(
            """card => {
                const box = card.getBoundingClientRect();
                return box.left >= 0 && box.top >= 0 && box.width > 200 && box.height > 100 &&
                    box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
            }"""
        )
    )


@pytest.mark.parametrize("javascript", [True, False])
def test_a_badge_opens_by_mouse_with_and_without_javascript(
    founding_site: Path, visit: Callable[..., Any], *, javascript: bool
) -> None:
    seen = visit(founding_site, viewport=DESKTOP, java_script_enabled=javascript)
    page = seen.go("v0.1/similar.html")
    badge = page.locator("button.bp-claim").nth(1)
    badge.click()
    card = page.locator(OPEN)
    assert card.count() == 1
    assert inside(page)
    text = card.inner_text()
    assert "H2looP v0.1-Coder is 21.2 points, or 89 %, above that average." in text
    assert "It follows from rounded rates, 44.9 and 23.7%." in text
    assert card.locator("svg[role=img]").count() == 1
    page.mouse.click(5, 400)
    assert page.locator(OPEN).count() == 0
    seen.assert_clean()


def test_a_badge_opens_by_key_and_closes_by_escape(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    page = visit(founding_site, viewport=DESKTOP).go("v0.1/similar.html")
    badge = page.locator("button.bp-claim").first
    badge.focus()
    page.keyboard.press("Enter")
    assert page.locator(OPEN).count() == 1
    page.keyboard.press("Tab")  # into the card: its link is next
    assert page.evaluate("document.activeElement.closest('.bp-claim-card') !== null")
    page.keyboard.press("Escape")
    assert page.locator(OPEN).count() == 0
    assert page.evaluate("document.activeElement.classList.contains('bp-claim')")


def test_a_badge_opens_by_touch_and_its_link_leads_to_the_claim(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(founding_site, viewport=PHONE, has_touch=True, is_mobile=True)
    page = seen.go("v0.1/methods/claims.html")
    page.locator("button.bp-claim").nth(4).tap()
    assert page.locator(OPEN).count() == 1
    assert inside(page)
    page.locator(f"{OPEN} a").tap()
    page.wait_for_url("**/claims.html#coder-gap")
    assert page.locator("#coder-gap").is_visible()


def test_claims_are_filtered_by_verdict_and_section_and_ordered_by_p(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(founding_site, viewport=DESKTOP)
    page = seen.go("v0.1/claims.html")
    shown = page.locator(".bp-claim-full:visible")
    assert shown.count() == 51
    page.locator(".bp-claims-filter button[data-verdict=contradicted]").click()
    assert {c.get_attribute("data-verdict") for c in shown.all()} == {"contradicted"}
    page.locator("select[data-filter=section]").select_option(label="Conclusion")
    assert shown.count() == 3
    page.locator(".bp-claims-filter button[data-verdict=contradicted]").click()
    page.locator("select[data-filter=section]").select_option(label="all")
    page.locator("select[data-filter=order]").select_option(label="by p")
    p = [float(c.get_attribute("data-p") or 2) for c in shown.all()]
    assert p == sorted(p)
    assert p[0] < p[5] < 2
    seen.assert_clean()


def test_the_tally_of_the_home_page_opens_the_list_filtered(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(founding_site, viewport=DESKTOP)
    page = seen.go("v0.1/index.html")
    page.locator(".bp-tally a", has_text="unresolved").click()
    page.wait_for_url("**/claims.html#verdict=unresolved")
    page.locator(".bp-claims-filter button[aria-pressed=true]").wait_for()
    shown = page.locator(".bp-claim-full:visible")
    assert {c.get_attribute("data-verdict") for c in shown.all()} == {"unresolved"}
    seen.assert_clean()
