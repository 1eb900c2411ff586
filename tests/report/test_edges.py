"""Releases at the edge of what the narrative expects: every page still renders, and says less."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from undrawn import Undrawn

from harness.folder import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.pages import render_pages

DOCS = Path(__file__).resolve().parents[2] / "docs"
HEADER = "model,category,difficulty,problems,compiled,passed\n"


def without_comparisons(folder: Path) -> None:
    text = (folder / "release.toml").read_text("utf-8")
    (folder / "release.toml").write_text(
        re.sub(r"\[\[comparisons\]\].*?(?=\[\[sources\]\])", "", text, flags=re.DOTALL), "utf-8"
    )


def without_sizes(folder: Path) -> None:
    text = (folder / "models.toml").read_text("utf-8")
    (folder / "models.toml").write_text(re.sub(r"total = \d+\n", "", text), "utf-8")


def counts(*rows: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "counts.csv").write_text(HEADER + "".join(f"{r}\n" for r in rows), "utf-8")

    return write


def one_model(folder: Path) -> None:
    without_comparisons(folder)
    counts("a,,,10,8,6")(folder)


def without_problem_cells(folder: Path) -> None:
    counts("a,,,10,8,6", "b,,,10,9,9")(folder)
    (folder / "problem_counts.csv").unlink()


def many_models_with_long_names(folder: Path) -> None:
    without_comparisons(folder)
    models = "".join(
        f'[[models]]\nid = "m.{i}"\nname = "Model {i} {"x" * 3 * i}"\ngroup = "other"\n'
        for i in range(60)
    )
    (folder / "models.toml").write_text(models, "utf-8")
    counts(*(f"m.{i},,,10,{min(10, i // 6 + 1)},{i // 6}" for i in range(60)))(folder)


EDGES = {
    "no comparisons": without_comparisons,
    "no sizes": without_sizes,
    "no cells": counts("a,,,10,8,6", "b,,,10,9,9"),
    "no compile counts": counts("a,,,10,,6", "b,,,10,,9"),
    "nobody passes": counts("a,,,10,0,0", "b,,,10,0,0"),
    "everybody passes": counts("a,,,10,10,10", "b,,,10,10,10"),
    "results missing": counts("a,,,8,8,6", "b,,,10,9,9"),
    "one model": one_model,
    "no problem cells": without_problem_cells,
    "many models, long names": many_models_with_long_names,
}


@pytest.mark.parametrize("spoil", EDGES.values(), ids=EDGES.keys())
def test_every_page_renders(
    small_release: Callable[..., Path], spoil: Callable[[Path], None]
) -> None:
    folder = small_release()
    spoil(folder)
    context = Context(analyse(read_release(folder)))
    placer = Undrawn(cache=None)
    pages = render_pages(context, docs=DOCS, placer=placer)
    for page in (page for page in pages if not page.path.startswith("methods/")):
        assert "nan" not in page.markdown.lower().split(), page.path
        assert "None" not in page.markdown, page.path
    # Each chart can be made, and holds something to draw.
    for figure in placer.figures.values():
        drawn = figure.figure(None)
        assert any(drawn.wide["datasets"].values()), figure.id


def test_a_shared_lead_is_said_to_be_shared(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    counts("a,,,10,9,9", "b,,,10,9,9")(folder)
    context = Context(analyse(read_release(folder)))
    pages = {p.path: p.markdown for p in render_pages(context, docs=DOCS, placer=Undrawn(None))}
    assert "share the lead of 2 models" in pages["index.md"]
