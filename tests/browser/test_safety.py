"""What the policy of the pages promises, in a browser that enforces it, page and headers both."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sites import pages_of_latest

from report.policy import POLICY

pytestmark = pytest.mark.slow

LIVE = """() => Promise.all([...document.querySelectorAll(".bp-live")].map(b => b.click()))"""


def test_every_page_states_the_policy_before_all_it_governs(founding_site: Path) -> None:
    for path in sorted(founding_site.rglob("*.html")):
        text = path.read_text("utf-8")
        at = text.find(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">')
        governed = [text.find(tag) for tag in ("<script", "<style", "<link") if tag in text]
        assert 0 <= at < 1024, path
        assert all(at < place for place in governed), path


def test_no_page_holds_a_script_or_a_handler(founding_site: Path) -> None:
    for path in sorted(founding_site.rglob("*.html")):
        text = path.read_text("utf-8")
        scripts = re.findall(r"<script\b([^>]*)>", text)
        data = 'type="application/json"'
        assert all("src=" in attributes or data in attributes for attributes in scripts), path
        assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", text), path
        assert not re.search(r"javascript:", text), path


@pytest.mark.parametrize("from_disk", [False, True])
def test_every_page_with_its_charts_alive_keeps_the_policy(
    founding_site: Path, visit: Callable[..., Any], *, from_disk: bool
) -> None:
    seen = visit(founding_site, from_disk=from_disk, viewport={"width": 1280, "height": 900})
    charts = 0
    for path in pages_of_latest(founding_site):
        page = seen.go(path)
        live = page.locator(".bp-live").count()
        page.evaluate(LIVE)
        page.wait_for_function(
            "n => document.querySelectorAll('.bp-chart__wide .mark-group').length >= n", arg=live
        )
        charts += live
    assert charts > 10
    seen.assert_clean()
