"""A walk by keyboard alone: every stop is seen, none is hidden, Escape closes what was opened."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STOP = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  // A link over two lines has a rectangle for each; one that shows is enough.
  const rects = [...element.getClientRects()].filter((r) => r.width > 1 && r.height > 1);
  const style = getComputedStyle(element);
  const seen = rects.some((r) => {
    const x = Math.min(Math.max(r.left + r.width / 2, 0), innerWidth - 1);
    const y = r.top + r.height / 2;
    if (y < 0 || y > innerHeight) return false;
    const top = document.elementFromPoint(x, y);
    const label = element.labels?.[0];
    return top && (element.contains(top) || top.contains(element) || label?.contains(top));
  });
  const words = element.getAttribute("aria-label") || element.innerText || element.id || "";
  return {
    name: `${element.tagName.toLowerCase()} ${words.trim().slice(0, 40)}`,
    shown: rects.length > 0,
    seen,
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
      || style.boxShadow !== "none",
    first: element === window.firstStop || (window.firstStop ??= element, false),
  };
}"""

PAGES = ("index.html", "overall.html", "claims.html", "versus.html", "mix.html")
MOST = 260


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_every_stop_is_marked_and_none_is_hidden(
    founding_site: Path, visit: Callable[..., Any], width: int
) -> None:
    visited = visit(
        founding_site, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    for name in PAGES:
        page = visited.go(f"v0.1/{name}")
        stops = []
        for _ in range(MOST):
            page.keyboard.press("Tab")
            stop = page.evaluate(STOP)
            if stop is None or stop["first"]:
                break
            stops.append(stop)
        assert len(stops) > 15, name
        shown = [stop for stop in stops if stop["shown"]]
        hidden = [stop["name"] for stop in shown if not stop["seen"]]
        unmarked = [stop["name"] for stop in shown if not stop["marked"]]
        assert not hidden, f"{name} at {width}: hidden {hidden}"
        assert not unmarked, f"{name} at {width}: without a mark {unmarked}"


def test_escape_closes_a_card_and_the_focus_is_where_it_was(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    page = visit(founding_site).go("v0.1/index.html")
    badge = page.locator("button.bp-claim").first
    badge.focus()
    page.keyboard.press("Enter")
    page.locator(".bp-claim-card:popover-open").wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".bp-claim-card:popover-open").count() == 0
    assert badge.evaluate("element => element === document.activeElement")
