"""One visit to every page of a site, and what it found: the tests beside this say what may be."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page
from sites import pages_of_latest

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What stands between axe and the contrast of a table's words: a shadow drawn as a gradient. The
# words inside charts it cannot judge at all; tests/report/test_palette.py judges their colours.
_PLAIN = ".bp-table__scroll { background: none !important }"
_ALREADY_PACKED = (".woff2", ".png", ".gz")


@dataclass
class Seen:
    """What one page showed.

    ``violations`` are axe's, by palette and width; ``wide`` holds the widths of window in which
    the page scrolls sideways, ``transferred`` the bytes of all that it asked for, compressed as a
    host does.
    """

    path: str
    violations: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    transferred: int = 0


def survey(
    site: Path, visit: Callable[..., Any], paths: Iterable[str] | None = None
) -> Iterator[Seen]:
    """Visit pages by path; without any, all of the latest version and those beside the versions.

    Both palettes, five widths.
    """
    visited = visit(site, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page: Page = visited.page
    for path in pages_of_latest(site) if paths is None else paths:
        seen, asked = Seen(path), len(visited.requested)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        visited.go(path)
        seen.transferred = sum(
            _packed(site / url.removeprefix(visited.base).split("?")[0])
            for url in set(visited.requested[asked:])
        )
        _look_closely(page, seen)
        yield seen


def _packed(file: Path) -> int:
    content = file.read_bytes() if file.is_file() else b""
    return len(content if file.suffix in _ALREADY_PACKED else gzip.compress(content, 6))


def _look_closely(page: Page, seen: Seen) -> None:
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    _axe(page, seen, "light, 1280")
    page.emulate_media(color_scheme="dark")
    _axe(page, seen, "dark, 1280", only="color-contrast")
    for width in (1440, 640, 390, 320):  # 640 and 320 are 1280 at 200 % and at 400 %
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        seen.wide += [f"{width}: {wide}"] if wide > width else []
    _axe(page, seen, "dark, 320", without="color-contrast")


def _axe(page: Page, seen: Seen, where: str, *, only: str = "", without: str = "") -> None:
    seen.violations += [f"{where}: {found}" for found in axe(page, only=only, without=without)]


def axe(page: Page, *, only: str = "", without: str = "") -> list[str]:
    """What axe finds on a page as it is now: each rule with its first element.

    ``only`` and ``without`` name a rule: the one to apply, or the one to leave out.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.add_style_tag(content=_PLAIN)
        page.evaluate(AXE)
    how: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": [only] if only else TAGS}
    if without:
        how["rules"] = {without: {"enabled": False}}
    elif not only:
        how["rules"] = {"label-content-name-mismatch": {"enabled": True}}
    found = page.evaluate("how => axe.run({exclude: ['.bp-chart svg > *']}, how)", how)
    nodes = [
        (v["id"], [" ".join(node["html"].split())[:120] for node in v["nodes"]])
        for v in found["violations"]
    ]
    return [f"{rule}: {first} (of {1 + len(more)})" for rule, (first, *more) in nodes]
