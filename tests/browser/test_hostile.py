"""Releases whose every free text is hostile: nothing runs, nothing leads away, nothing bursts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sites import all_pages
from small import write_small_release

import build

pytestmark = pytest.mark.slow

CANARY = "window.canary = () => { window.sang = true }; window.alert = window.canary"
HOSTILE = {
    "v1": "</title></textarea></style><script>canary()</script><img src=x onerror=canary()>",
    "v2": '[a](javascript:canary%28%29) ![b](x" onerror="canary()) '
    "<javascript:canary()> `| {{ 7*7 }}",
    "v3": '" autofocus onfocus=canary() x=" \' --> ]]> \u202egnp.exe '
    "\u0300\u0301\u0302\u0303\u0304\u0305 # - * _ ~",
    "v4": "W" * 200,
}
SCHEMES = {"http", "https", "mailto", "file"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for version, text in HOSTILE.items():
        write_small_release(folder, version=version, text=text, category=text)
    places = [("--results", "results"), ("--site", "site"), ("--cache", "cache")]
    arguments = [part for flag, name in places for part in (flag, str(folder / name))]
    assert build.main(["site", *arguments]) == 0
    return folder / "site"


@pytest.mark.parametrize("version", HOSTILE)
def test_nothing_runs_leads_away_or_bursts(
    site: Path, visit: Callable[..., Any], version: str
) -> None:
    seen = visit(site, viewport={"width": 390, "height": 800})
    seen.page.add_init_script(CANARY)
    paths = [path for path in all_pages(site) if path.startswith(f"{version}/")]
    assert len(paths) > 15
    for path in paths:
        page = seen.go(path)
        page.evaluate("document.querySelectorAll('.bp-live').forEach(button => button.click())")
        assert not page.evaluate("window.sang"), path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        links = page.eval_on_selector_all("a[href], area[href]", "all => all.map(a => a.href)")
        assert {urlsplit(link).scheme for link in links} <= SCHEMES, path
    seen.assert_clean()
