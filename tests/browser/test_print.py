"""On paper: folds open and close again, charts are pictures, and the report is one document."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from small import write_outcome_release

import build

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ROWS = "model,problem,passed\n" + "".join(
    f"{m},p{i},{'true' if i % k else 'false'}\n" for m, k in (("a", 2), ("b", 3)) for i in range(10)
)


def test_folds_are_open_on_paper_and_as_before_on_the_screen(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(founding_site)
    page = seen.go("v0.1/overall.html")
    closed = page.locator(".md-content details:not([open])")
    before = closed.count()
    assert before > 1
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    expect(page.locator(".bp-focusbar")).to_be_hidden()
    shown = page.locator(".bp-chart svg").evaluate_all("all => all.map(s => s.clientWidth > 0)")
    assert sum(shown) == page.locator("figure.bp-figure").count()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() == before
    seen.assert_clean()


def test_the_report_is_one_pdf_the_same_each_time(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browser.is_connected()  # skips where there is no Chromium, as the others do
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    monkeypatch.setenv("CHROMIUM", found)
    write_outcome_release(tmp_path, ROWS)
    for name in ("one", "two"):
        arguments = ["export", "--results", str(tmp_path / "results"), "--to", str(tmp_path / name)]
        assert build.main([*arguments, "--cache", str(tmp_path / "c")]) == 0
    one, two = ((tmp_path / name / "report.pdf").read_bytes() for name in ("one", "two"))
    assert one.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b(?!s)", one)) > 10
    assert b"/Outlines" in one
    assert one == two
