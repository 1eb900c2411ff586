"""The pages on correctness and speed say what was counted, and a recount still agrees."""

import json
from pathlib import Path

import numpy as np
import pytest
from golden.loader import cases, methods

from benchmarks import correctness_page, coverage, speed_page, tables
from benchmarks.coverage import KINDS, count
from stats.proportion import wilson

ROOT = Path(__file__).resolve().parents[1]
COUNTED = json.loads(coverage.COUNTED.read_text("utf-8"))
MEASURED = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
ROWS = {(row["kind"], row["method"], row["n"]): row for row in COUNTED["counted"]}
PAGES = {
    "correctness.md": correctness_page.page(COUNTED),
    "speed.md": speed_page.page(MEASURED),
}

SLOW = {("paired_difference_of_four", 107), ("standardised_equal", 107)}
LEFT_OUT = {"standardised_own"}  # ten seconds for what the other mix runs through as well
RECOUNTED = [
    pytest.param(kind, n, marks=[pytest.mark.slow] if (kind, n) in SLOW else [])
    for kind, of in KINDS.items()
    for n in of.sizes
    if n < 500 and kind not in LEFT_OUT
]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_says_what_the_file_of_figures_says(name) -> None:
    assert (ROOT / "docs" / "methods" / name).read_text("utf-8") == PAGES[name]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_no_template_and_names_no_folder(name) -> None:
    text = PAGES[name]
    assert not any(sign in text for sign in ("{", "}", "$", str(ROOT), str(Path.home())))


@pytest.mark.parametrize(("kind", "n"), RECOUNTED)
def test_a_recount_gives_the_same_figures(kind, n) -> None:
    found = count(kind, n)
    assert [row.method for row in found] == list(KINDS[kind].methods)
    for row in found:
        written = ROWS[kind, row.method, n]
        for key in ("mean", "extreme", "width"):
            assert getattr(row, key) == pytest.approx(written[key], abs=1e-7), (row.method, key)


def test_everything_that_can_be_counted_was() -> None:
    assert set(ROWS) == {
        (kind, method, n) for kind, of in KINDS.items() for n in of.sizes for method in of.methods
    }


@pytest.mark.skipif(
    not methods(), reason="the shared reference folder is not beside the repository"
)
def test_the_page_counts_the_reference_cases_right() -> None:
    every = sum(1 for method in methods() for _ in cases(method))
    assert COUNTED["reference"] == {"methods": len(methods()), "cases": every}


# The tables behind the count


@pytest.mark.parametrize("n", [1, 2, 5])
def test_every_table_is_there_once_and_the_chances_sum_to_one(n) -> None:
    three, four = tables.three_cells(n), tables.four_cells(n)
    for every, cells in ((three, 3), (four, 4)):
        rows = set(zip(*(cell.tolist() for cell in every.cells), strict=True))
        wanted = {
            tuple(row)
            for row in np.stack(np.meshgrid(*[np.arange(n + 1)] * cells), -1).reshape(-1, cells)
            if sum(row) == n
        }
        assert rows == wanted
        assert len(every.cells[0]) == len(rows)
    for every, truths in ((three, tables.three_truths()), (four, tables.four_truths())):
        assert all(sum(truth) == pytest.approx(1) for truth in truths)
        assert [chance.sum() for chance in every.chances(truths)] == pytest.approx(
            [1] * len(truths)
        )


def test_the_chance_of_a_table_by_hand() -> None:
    # Of two problems one falls to a alone and one to neither: 2 * 0.2 * 0.5.
    two = tables.three_cells(2)
    (chance,) = two.chances([(0.2, 0.3, 0.5)])
    assert chance[(two.cells[0] == 1) & (two.cells[2] == 1)] == pytest.approx([0.2])


# What the page concludes from the figures


def row(kind: str, method: str, n: int = 107) -> dict:
    return ROWS[kind, method, n]


@pytest.mark.parametrize("n", [20, 107, 500])
def test_exact_methods_keep_their_level_everywhere(n) -> None:
    assert row("rate", "clopper_pearson", n)["extreme"] >= 0.95
    assert row("paired_test", "mcnemar_exact", n)["extreme"] <= 0.05
    for test in ("unconditional_z_pooled", "boschloo", "fisher_exact"):
        assert row("unlinked_test", test, n)["extreme"] <= 0.05


@pytest.mark.parametrize("n", [107, 500])
@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("rate", "wilson"),
        ("rate", "jeffreys"),
        ("difference", "miettinen_nurminen_difference"),
        ("ratio", "koopman_score_ratio"),
        ("paired_difference", "paired_difference_tango"),
    ],
)
def test_defaults_are_near_nominal_on_average(kind, method, n) -> None:
    assert row(kind, method, n)["mean"] == pytest.approx(0.95, abs=0.0015)


def test_the_default_for_a_difference_is_nearest_to_nominal() -> None:
    for n in (20, 107, 500):
        distance = {
            method: abs(row("difference", method, n)["mean"] - 0.95)
            for method in KINDS["difference"].methods
        }
        assert min(distance, key=lambda name: distance[name]) == "miettinen_nurminen_difference"


def test_what_the_page_says_against_wald_and_the_bootstrap() -> None:
    for method in ("wald", "bootstrap_percentile_exact", "bootstrap_bca_exact"):
        assert row("rate", method)["mean"] < 0.94
        assert row("rate", method)["extreme"] < 1e-5
    for method in ("paired_difference_wald", "paired_bootstrap_percentile_exact"):
        assert row("paired_difference", method)["extreme"] < 0.9
    normal = row("standardised_equal", "normal")
    bootstrap = row("standardised_equal", "stratified_bootstrap_percentile_exact")
    assert abs(normal["mean"] - bootstrap["mean"]) < 0.01
    score = row("standardised_equal", "stratified_score")
    assert score["extreme"] > 0.945
    assert score["width"] > normal["width"]


def test_where_wilson_is_lowest_hardly_anything_is_solved() -> None:
    # The dip lies just below the lower limit of one success.
    for n in (20, 107, 500):
        rate = wilson(1, n).low
        assert n * rate < 0.2
        assert (1 - rate) ** n == pytest.approx(row("rate", "wilson", n)["extreme"], abs=1e-4)


def test_what_the_page_says_of_tests() -> None:
    for n in (20, 107, 500):
        assert row("paired_test", "mcnemar_midp", n)["extreme"] <= 0.05
    assert row("paired_test", "mcnemar_asymptotic")["extreme"] > 0.05
    assert 0.05 < row("unlinked_test", "fisher_midp", 500)["extreme"] < 0.055
    assert row("unlinked_test", "fisher_midp")["extreme"] <= 0.05
    assert row("paired_test", "mcnemar_exact")["mean"] < 0.7 * 0.05
