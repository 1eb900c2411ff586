"""From a harness's file to pages in the browser: new, ingest, site, and what a reader finds."""

from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

import build

PAREVAL = DATA / "evals-public" / "r1" / "raw_metrics.csv"
LIVECODEBENCH = DATA / "livecodebench-site" / "2024-03-12" / "performances_generation.json"
PAGES = ("index", "overall", "pairs", "solved", "difficulty", "data")


def made(folder: Path, file: Path, difficulties: str | None) -> Path:
    """Run the three commands of the page "Bring your results"."""
    folders = [f"--{name}={folder / name}" for name in ("results", "site", "cache")]
    assert build.main(["new", "v1", *folders]) == 0
    if difficulties:
        release = folder / "results" / "v1" / "release.toml"
        text = release.read_text(encoding="utf-8")
        release.write_text(text.replace('# difficulties = ["A", "B"]', difficulties), "utf-8")
    assert build.main(["ingest", str(file), "--release", "v1", *folders]) == 0
    assert build.main(["site", *folders]) == 0
    return folder / "site"


@needs_data
@pytest.mark.slow
def test_a_pareval_table_becomes_pages_with_the_exact_paired_test(visit, tmp_path) -> None:
    site = made(tmp_path, PAREVAL, 'difficulties = ["serial", "mpi"]')
    seen = visit(site)
    for name in PAGES:
        page = seen.go(f"v1/{name}.html")
        assert page.locator("h1").count() == 1, name
    page = seen.go("v1/models/gemini-pro.html")
    rows = page.locator("tr", has=page.locator("th", has_text="Kimi K2"))
    row = rows.filter(has_text="23 / 9").first
    exact = [cell.get_attribute("data-sort") for cell in row.locator("td").all()]
    assert any(value and abs(float(value) - 0.020062) < 5e-7 for value in exact)
    data = seen.go("v1/data.html").locator("main").inner_text()
    assert "What the outcomes hold" in data
    assert "are_all_valid" in data
    find_problems(seen)
    seen.assert_clean()


def find_problems(seen: Any) -> None:
    """Filter the problems, open one, point at its strip."""
    page = seen.go("v1/solved.html")
    rows = page.locator("#table-solved tbody tr:visible")
    assert rows.count() == 120
    page.get_by_label("Filter rows").fill("histogram mpi")
    assert rows.count() == 5
    assert page.locator("#table-solved output").inner_text() == "5 of 120"
    rows.first.locator("summary").click()
    assert "assed by" in rows.first.inner_text()
    rows.first.locator(".bp-strip").hover()
    assert page.locator(".bp-tooltip").is_visible()


@needs_data
@pytest.mark.slow
def test_a_livecodebench_file_becomes_pages_of_scores_by_difficulty(visit, tmp_path) -> None:
    site = made(tmp_path, LIVECODEBENCH, None)
    seen = visit(site)
    for name in PAGES:
        page = seen.go(f"v1/{name}.html")
        assert page.locator("h1").count() == 1, name
    rows = seen.go("v1/overall.html").locator("table").first.locator("tbody tr")
    assert rows.count() == 30
    words = seen.go("v1/difficulty.html").locator("main").inner_text().casefold()
    assert all(word in words for word in ("easy", "medium", "hard"))
    seen.assert_clean()
