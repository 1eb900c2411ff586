"""Releases of single outcomes: every page renders, speaks of paired tests, and files hold rows."""

import io
from pathlib import Path

import polars as pl
import pytest
from small import write_outcome_release
from undrawn import Undrawn

from harness.reader import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.pages import render_pages
from report.versions import data_files

DOCS = Path(__file__).resolve().parents[2] / "docs"
CELLS = "problem,category,difficulty\n" + "".join(
    f"p{i},{'Maths' if i % 2 else 'Graphs'},{'easy' if i < 5 else 'hard'}\n" for i in range(10)
)
LEVELS = "problem,difficulty\n" + "".join(
    f"p{i},{'easy' if i < 5 else 'hard'}\n" for i in range(10)
)


def rows(column: str, **models: str) -> str:
    """Write outcomes of single letters: + and - for passes, digits for tenths of a score."""
    values = {"+": "true", "-": "false", **{str(d): str(d / 10) for d in range(10)}}
    lines = [
        f"{model},p{i},{values[letter]}"
        for model, letters in models.items()
        for i, letter in enumerate(letters)
        if letter != " "
    ]
    return f"model,problem,{column}\n" + "\n".join(lines) + "\n"


SPEEDS = (("a", 9), ("b", 3))

EDGES = {
    "passes": (rows("passed", a="+++++++---", b="+-+-+-+---", c="----------"), CELLS, {}),
    "no cells": (rows("passed", a="+++++++---", b="+-+-+-+---"), "", {}),
    "difficulty only": (rows("passed", a="+++++++---", b="+-+-+-+---"), LEVELS, {}),
    "one model": (rows("passed", a="+++++++---"), CELLS, {}),
    "everybody passes": (rows("passed", a="++++++++++", b="++++++++++"), CELLS, {}),
    "nobody passes": (rows("passed", a="----------", b="----------"), CELLS, {}),
    "missing": (rows("passed", a="+++++  ---", b="+-+-+-+---"), CELLS, {}),
    "missing as failed": (
        rows("passed", a="+++++  ---", b="+-+-+-+---"),
        CELLS,
        {"extra": 'missing = "failed"'},
    ),
    "runtimes": (
        "model,problem,passed,runtime_s\n"
        + "".join(
            f"{m},p{i},true,{(i + 1) * k}\n" for m, k in (("a", 0.1), ("b", 0.3)) for i in range(8)
        ),
        CELLS,
        {},
    ),
    "runtimes of one program": (
        "model,problem,passed,runtime_s\na,p0,true,0.5\nb,p0,true,0.25\nb,p1,false,2\n",
        "",
        {},
    ),
    "nothing in common": (rows("passed", a="+++++     ", b="     +-+--"), CELLS, {}),
    "scores": (rows("score", a="0123456789", b="9876543210"), CELLS, {"main": "score"}),
    "scores missing": (rows("score", a="01234 6789", b="9876543210"), CELLS, {"main": "score"}),
    "equal scores": (rows("score", a="5555555555", b="5555555555"), LEVELS, {"main": "score"}),
}


def context_of(tmp_path: Path, outcomes: str, problems: str, more: dict[str, str]) -> Context:
    folder = write_outcome_release(tmp_path, outcomes, problems=problems, **more)  # type: ignore[arg-type]
    return Context(analyse(read_release(folder)))


@pytest.mark.parametrize(("outcomes", "problems", "more"), EDGES.values(), ids=EDGES.keys())
def test_every_page_renders(tmp_path, outcomes, problems, more):
    context = context_of(tmp_path, outcomes, problems, more)
    placer = Undrawn(cache=None)
    for page in render_pages(context, docs=DOCS, placer=placer):
        if not page.path.startswith("methods/"):
            assert "nan" not in page.markdown.lower().split(), page.path
            assert "None" not in page.markdown, page.path
    for figure in placer.figures.values():
        assert any(figure.figure(None).wide["datasets"].values()), figure.id
    assert data_files(context)["data/pairs.csv"].startswith(b"metric,a,b,problems,difference,")


def test_pages_speak_of_paired_tests_and_not_of_counts(tmp_path):
    context = context_of(tmp_path, *EDGES["passes"])
    pages = {p.path: p.markdown for p in render_pages(context, docs=DOCS, placer=Undrawn(None))}
    assert "paired tests" in pages["index.md"]
    for path in ("index.md", "overall.md", "pairs.md", "conclusion.md"):
        assert "these counts" not in pages[path], path
        assert "any pairing" not in pages[path].lower(), path


def test_the_outcomes_can_be_downloaded(tmp_path):
    context = context_of(tmp_path, *EDGES["passes"])
    frame = pl.read_parquet(io.BytesIO(data_files(context)["data/outcomes.parquet"]))
    assert frame.height == 30
    assert frame["passed"].sum() == 11


def test_who_solved_what_names_models_and_reversed_problems(tmp_path):
    # Six models of rising strength; only the weakest three pass p9.
    board = {m: "+" * (k + 1) + "-" * (8 - k) for k, m in enumerate("abcdef", start=1)}
    letters = {m: row + ("+" if m in "abc" else "-") for m, row in board.items()}
    context = context_of(tmp_path, rows("passed", **letters), CELLS, {})
    pages = {p.path: p.markdown for p in render_pages(context, docs=DOCS, placer=Undrawn(None))}
    page = pages["solved.md"]
    assert "1 is passed by weaker models and missed by stronger ones" in page
    assert "## Problems to look at" in page
    assert "models/f.md" in pages
    # Nobody passes p7 and p8, all pass p0 and p1.
    assert "2 of 10 problems are passed in full by every model that tried, 2 by none" in page


def test_hostile_titles_stay_text_in_panels(tmp_path):
    problems = 'problem,title\np0,"<img src=x onerror=alert(1)>"\np1,b\n'
    context = context_of(
        tmp_path,
        rows("passed", a="+-", b="-+"),
        problems,
        {"n_problems": 2},  # type: ignore[dict-item]
    )
    pages = {p.path: p.markdown for p in render_pages(context, docs=DOCS, placer=Undrawn(None))}
    for page in pages.values():
        assert "<img src=x" not in page
