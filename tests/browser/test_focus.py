"""A focus model of the reader's own: charts and tables follow, and so does the next page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

MODEL = "kimi-k2"


def strokes(page: Page, model: str) -> set[str]:
    marks = page.locator(f"#figure-leaderboard-chart .bp-chart__wide svg line[data-m={model}]")
    assert marks.count() >= 1
    return {mark.evaluate("e => getComputedStyle(e).stroke") for mark in marks.all()} - {"none"}


def colour(page: Page, name: str) -> str:
    return str(
        page.evaluate(
            "name => { const e = document.createElement('i'); e.style.color = `var(--bp-${name})`;"
            "document.body.append(e); return getComputedStyle(e).color; }",
            name,
        )
    )


@pytest.mark.parametrize("from_disk", [False, True])
def test_a_chosen_model_is_blue_and_stays_so_on_the_next_page(
    founding_site: Path, visit: Callable[..., Any], *, from_disk: bool
) -> None:
    seen = visit(founding_site, from_disk=from_disk, viewport={"width": 1440, "height": 900})
    page = seen.go("v0.1/overall.html")
    focus, other = colour(page, "focus"), colour(page, "other")
    assert strokes(page, MODEL) == {other}
    assert strokes(page, "h2loop-coder") == {focus}
    page.get_by_label("Focus model", exact=True).select_option(MODEL)
    assert strokes(page, MODEL) == {focus}
    assert strokes(page, "h2loop-coder") == {other}
    assert f"focus={MODEL}" in page.url
    expect(page.locator(f"#table-leaderboard tr[data-m={MODEL}]")).to_have_class("bp-chosen")
    page.evaluate("sessionStorage.clear()")  # the address alone has to carry it
    page.locator(".md-nav--primary a[href^='large.html']").first.click()
    page.wait_for_url(f"**/large.html?focus={MODEL}")
    expect(page.get_by_label("Focus model", exact=True)).to_have_value(MODEL)
    page.get_by_label("Focus model", exact=True).select_option("")
    assert "focus" not in page.url
    assert page.locator(".bp-chosen").count() == 0
    seen.assert_clean()


def test_pointing_at_a_row_lights_the_model_in_the_chart(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(founding_site, viewport={"width": 1440, "height": 900})
    page = seen.go("v0.1/overall.html")
    page.locator(f"#table-leaderboard tr[data-m={MODEL}] td").nth(1).hover()
    picture = page.locator("#figure-leaderboard-chart .bp-chart__wide svg")
    expect(picture).to_have_class("bp-lighting")
    assert picture.locator(".bp-lit").count() >= 3  # label, interval, point
    assert {m.get_attribute("data-m") for m in picture.locator(".bp-lit").all()} == {MODEL}
    page.locator("#table-leaderboard thead button").first.focus()
    page.locator("h1").hover()
    expect(picture).not_to_have_class("bp-lighting")
    seen.assert_clean()


def test_a_live_chart_has_the_hooks_of_its_picture(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(founding_site, viewport={"width": 1440, "height": 900})
    page = seen.go(f"v0.1/overall.html?focus={MODEL}")
    figure = page.locator("#figure-leaderboard-chart")
    expect(page.get_by_label("Focus model", exact=True)).to_have_value(MODEL)
    figure.locator("button.bp-live").click()
    live = figure.locator(".bp-chart__wide svg.marks")
    live.wait_for()
    expect(live.locator(f"[data-m={MODEL}].bp-chosen").first).to_be_attached()
    marks = live.locator(f"path[data-m={MODEL}], line[data-m={MODEL}]")
    found = {m.evaluate("e => getComputedStyle(e).fill") for m in marks.all()}
    assert colour(page, "focus") in found
    seen.assert_clean()


def test_an_unknown_model_in_the_address_changes_nothing(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(founding_site)
    page = seen.go("v0.1/overall.html?focus=%3Cimg%20src=x%3E")
    assert page.locator(".bp-chosen").count() == 0
    assert "focus" not in page.url
    seen.assert_clean()


def test_a_cell_of_the_matrix_lights_its_two_models(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    seen = visit(founding_site, viewport={"width": 1440, "height": 900})
    page = seen.go("v0.1/pairs.html")
    picture = page.locator("#figure-pairs-passed-chart .bp-chart__wide svg")
    pair = f"{MODEL} h2loop-coder"
    picture.locator(f"path[data-m='{pair}']").first.dispatch_event("pointerover")
    lit = {m.get_attribute("data-m") for m in picture.locator(".bp-lit").all()}
    assert lit == {pair, f"h2loop-coder {MODEL}", MODEL, "h2loop-coder"}
    page.goto(f"{seen.base}v0.1/difficulty.html")
    assert page.locator("#figure-heatmap-h2loop-coder path[data-m=h2loop-coder]").count() > 20
    seen.assert_clean()


def test_a_phone_hooks_labels_that_are_cut(founding_site: Path, visit: Callable[..., Any]) -> None:
    page = visit(founding_site, viewport={"width": 390, "height": 900}).go("v0.1/pairs.html")
    cut = page.locator(".bp-chart__narrow svg text").filter(has_text="…")
    hooked = {label.text_content(): label.get_attribute("data-m") for label in cut.all()}
    # Two models begin alike; a label that could be either is about neither.
    assert {name for name, model in hooked.items() if model is None} <= {"H2looP v0.1-…"}
    assert len(hooked) > 2


@pytest.mark.parametrize("touch", [False, True])
def test_a_row_of_a_table_chooses_its_model(
    founding_site: Path, visit: Callable[..., Any], *, touch: bool
) -> None:
    width = 390 if touch else 1440
    seen = visit(founding_site, viewport={"width": width, "height": 900}, has_touch=touch)
    page = seen.go("v0.1/overall.html")
    name = page.locator(f"#table-leaderboard tr[data-m={MODEL}] th")
    press = name.tap if touch else name.click
    press()
    expect(page.get_by_label("Focus model", exact=True)).to_have_value(MODEL)
    expect(page.get_by_role("status")).to_contain_text("Focus: Kimi")
    press()
    expect(page.get_by_label("Focus model", exact=True)).to_have_value("")
    page.locator("#table-leaderboard thead button").first.click()
    expect(page.get_by_label("Focus model", exact=True)).to_have_value("")
    seen.assert_clean()
