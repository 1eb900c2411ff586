"""Every method that a figure or a claim names is explained on a page of methods."""

import re
from pathlib import Path

import numpy as np
import pytest
from small import write_outcome_release

from harness.reader import read_release
from report.analysis import analyse
from report.claims.words import _METHODS
from report.covers import NAMES
from report.exhibits.common import Context

ROOT = Path(__file__).resolve().parents[2]
METHODS = ROOT / "docs" / "methods"
ROWS = [
    line.split(" | ")
    for line in (METHODS / "index.md")
    .read_text("utf-8")
    .partition("## Names in the data")[2]
    .splitlines()
    if line.startswith("| `")
]
NAMED = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[0])}
HOLM = "_holm"


def unexplained(context: Context) -> set[str]:
    found = {q.method for q in context.quantities.values() if q.method}
    found |= {part.method for judged in context.claims for part in judged.parts if part.method}
    return {name.removesuffix(HOLM) for name in found} - NAMED


@pytest.mark.parametrize("version", sorted(p.name for p in (ROOT / "results").glob("v*")))
def test_every_method_of_the_releases_is_explained(version) -> None:
    context = Context(analyse(read_release(ROOT / "results" / version)))
    assert any(q.method for q in context.quantities.values())
    assert unexplained(context) == set()


OUTCOMES = {
    "passes": ("passed", [("a", "true true false true"), ("b", "true false false false")]),
    "scores": ("score", [("a", "0.5 1 0.25 1"), ("b", "0.5 0 0.75 0.1")]),
}


@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize("column", OUTCOMES)
def test_every_method_of_outcomes_is_explained(tmp_path, column, samples) -> None:
    name, models = OUTCOMES[column]
    rows = "".join(
        f"{model},p{i},{sample},{value}\n"
        for model, values in models
        for i, value in enumerate(values.split())
        for sample in range(samples)
    )
    problems = "problem,difficulty\np0,easy\np1,easy\np2,hard\np3,hard\n"
    more = {"main": "score"} if name == "score" else {}
    folder = write_outcome_release(
        tmp_path, f"model,problem,sample,{name}\n{rows}", problems=problems, n_problems=4, **more
    )
    context = Context(analyse(read_release(folder)))
    assert context.analysis.linked
    assert unexplained(context) == set()


def test_every_method_of_the_fitted_models_is_explained(tmp_path) -> None:
    rng = np.random.default_rng(5)
    chance = 1 / (1 + np.exp(-np.linspace(-2, 2, 12)[:, None] - np.linspace(-2, 2, 60)))
    rows = "".join(
        f"m{j},p{i},{str(bool(passed)).lower()}\n"
        for (j, i), passed in np.ndenumerate(rng.random((12, 60)) < chance)
    )
    folder = write_outcome_release(tmp_path, f"model,problem,passed\n{rows}", n_problems=60)
    context = Context(analyse(read_release(folder)))
    methods = {q.method for q in context.quantities.values()}
    assert {"rasch_conditional_wald", "2pl_slope_wald", "rasch_outfit"} <= methods
    assert unexplained(context) == set()


def test_every_method_that_claims_put_in_words_is_explained() -> None:
    assert set(_METHODS) - NAMED == set()


def test_every_method_whose_intervals_are_shown_is_explained() -> None:
    assert set(NAMES) - NAMED == set()


def test_every_row_leads_to_a_page_with_sources() -> None:
    assert len(ROWS) > 20
    for row in ROWS:
        pages = re.findall(r"\(([a-z]+\.md)\)", row[-1])
        assert pages, row
        for page in pages:
            text = (METHODS / page).read_text("utf-8")
            assert re.search(r"\*Sources?\*", text), page
