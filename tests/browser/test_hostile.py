"""Releases whose every free text is hostile: nothing runs, nothing leads away, nothing bursts."""

import csv
import html
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from hostile import MARK, VERSIONS
from playwright.sync_api import Page
from sites import all_pages

pytestmark = pytest.mark.slow

CANARY = "window.canary = () => { window.sang = true }; window.alert = window.canary"
SCHEMES = {"", "http", "https", "mailto"}
LEADS = {"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href"}
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066\u2067]")
FORMULA = re.compile(r"^[=+\-@\t\r](?!\d+(\.\d+)?(e[+-]?\d+)?$|inf$|\.\d)")


@pytest.fixture
def site(hostile_site: Path) -> Path:
    return hostile_site


class _Reader(HTMLParser):
    """Collects what no page may hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if MARK in given or any(name.startswith("on") for name in given):
            self.found.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append("an inline script")
        for name in LEADS & set(given):
            shown = re.sub(r"[\x00-\x20]", "", given[name])  # as a browser reads an address
            if (shown != "data:," and urlsplit(shown).scheme not in SCHEMES) or shown[:2] == "//":
                self.found.append(f"{tag} {name}={given[name]}")


def test_no_page_holds_markup_of_a_text_or_leads_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 150
    for page in pages:
        reader = _Reader()
        text = page.read_text("utf-8")
        reader.feed(text)
        assert reader.found == [], page
        assert CONTROLS.findall(html.unescape(text)) == [], page


@pytest.mark.parametrize("version", ["", *VERSIONS])
def test_nothing_runs_leads_away_or_bursts(
    site: Path, visit: Callable[..., Any], version: str
) -> None:
    # Without the policy, which would keep quiet what slipped through.
    seen = visit(site, viewport={"width": 390, "height": 800}, bypass_csp=True)
    seen.page.add_init_script(CANARY)
    dialogs: list[str] = []
    seen.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    paths = [path for path in all_pages(site) if path.rpartition("/")[0].split("/")[0] == version]
    if version in {"c2", "o2"}:  # texts about methods are those of c1 and o1, word for word
        paths = [path for path in paths if "/methods/" not in path]
    assert len(paths) > (20 if version else 1)
    for path in paths:
        page = seen.go(path)
        page.evaluate("document.querySelectorAll('.bp-live').forEach(button => button.click())")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert page.locator(f"[{MARK}]").count() == 0, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        _point_everywhere(page)
        assert not page.evaluate("window.sang"), path
    assert dialogs == []
    seen.assert_clean()


def _point_everywhere(page: Page) -> None:
    """Let every handler of pointer and focus run once."""
    page.evaluate(
        """() => {
            for (const e of document.querySelectorAll("[data-m], .bp-claim, .bp-strip, summary")) {
                e.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
                e.dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
                e.focus?.();
            }
        }"""
    )


def test_a_hostile_word_is_found_and_opened(site: Path, visit: Callable[..., Any]) -> None:
    for version, word in (("c1", "HYPERLINK"), ("o1", "autofocus"), ("o2", "模型")):
        seen = visit(site, bypass_csp=True)
        seen.page.add_init_script(CANARY)
        page = seen.go(f"{version}/index.html")
        page.locator(".md-search__input").click()
        page.locator(".md-search__input").press_sequentially(word, delay=20)
        page.keyboard.press("Shift")  # letters that no key types come without the theme's signal
        page.locator(".md-search-result__item a").first.wait_for(timeout=30_000)
        assert page.locator(f"[{MARK}]").count() == 0
        page.locator(".md-search-result__item a").first.click()
        page.wait_for_url(re.compile(r"[?&]h="))
        assert word in page.locator("main").inner_text()
        assert not page.evaluate("window.sang")
        seen.assert_clean()


def test_names_of_every_script_stay_readable(site: Path, visit: Callable[..., Any]) -> None:
    page = visit(site).go("o1/overall.html")
    names = page.locator("#table-leaderboard tbody th").all_inner_texts()
    assert any("نموذج 模型 🦊" in name for name in names)
    assert any("gnp.exe" in name for name in names)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _strings([*value, *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value


def test_downloads_are_what_they_say_and_start_no_formula(site: Path) -> None:
    counted = {".json": 0, ".csv": 0, ".svg": 0, ".tex": 0, ".bib": 0, ".cff": 0, ".xml": 0}
    for file in sorted(path for path in site.rglob("*") if path.suffix in counted):
        counted[file.suffix] += 1
        text = file.read_text("utf-8")
        if file.suffix == ".json":
            json.loads(text)
        elif file.suffix == ".csv":
            cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
            assert [cell for cell in cells if FORMULA.match(cell)] == [], file
        elif file.suffix == ".svg":
            names = {e.tag.rpartition("}")[2] for e in ET.fromstring(text).iter()}  # noqa: S314
            assert not names & {"script", "foreignObject", "image", "a", "use"}, file
        elif file.suffix == ".xml":
            ET.fromstring(text)  # noqa: S314 - our own
        elif file.suffix == ".cff":
            assert yaml.safe_load(text)["version"] in VERSIONS
        elif file.suffix == ".bib":
            assert text.replace("\\{", "").count("{") == text.replace("\\}", "").count("}")
        if file.suffix not in {".json", ".csv"}:
            assert CONTROLS.findall(text) == [], file
    assert min(counted.values()) >= 1, counted
