"""Every exhibit that shows an interval says its level, its method and which variance it holds."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from markupsafe import Markup
from small import write_outcome_release

from harness.folder import read_releases
from harness.reader import read_release
from report.analysis import analyse
from report.charts import LazyFigure
from report.consistency import followed
from report.covers import DRAW_INTERVALS, covers_words, noise_words, stated_table
from report.document import Cell, Column, Table
from report.exhibits.common import Context
from report.exhibits.large import proximity_table
from report.figure import figure_html
from report.pages import Placer, render_pages
from report.tables import table_html, table_latex
from report.versions import history_of
from stats.interval import Interval

ROOT = Path(__file__).resolve().parents[2]
COMPARISONS = """
[[comparisons]]
id = "similar"
title = "Similar"
kind = "similar"
models = ["m0"]
against = ["m1", "m2"]

[[comparisons]]
id = "large"
title = "Large"
kind = "large"
models = ["m0"]
against = ["m1", "m2", "m3"]
"""
QUARTILES = "box_strip_chart"
"""Draws whiskers between quartiles, which are no interval of an estimate."""


class Kept(Placer):
    """Places nothing and keeps every exhibit of every page."""

    def figure(self, lazy: LazyFigure) -> Markup:
        self.figures[lazy.id] = lazy
        return Markup("")

    def table(self, table: Table, *, folded: str | None = None) -> Markup:  # noqa: ARG002
        self.tables[table.id] = table
        return Markup("")


def outcomes(kind: str) -> str:
    """Five models on thirty problems: one attempt each, three of them, or a score."""
    rng = np.random.default_rng(3)
    chance = 1 / (1 + np.exp(-np.linspace(-1.5, 1.5, 5)[:, None] - np.linspace(-2, 2, 30)))
    lines = ["model,problem,sample,passed,runtime_s,outcome"]
    if kind == "scores":
        lines = ["model,problem,sample,score"]
    for (j, i), p in np.ndenumerate(chance):
        for sample in range(3 if kind == "samples" else 1):
            if kind == "scores":
                lines.append(f"m{j},p{i},0,{round(float(rng.beta(3 * p, 3 * (1 - p))), 2)}")
                continue
            passed = rng.random() < p
            end = f"true,{rng.gamma(2) + 0.1:.3f}," if passed else "false,9,timeout"
            lines.append(f"m{j},p{i},{sample},{end}")
    if kind == "attempts":
        lines = [line for line in lines if not line.startswith("m2,p3,")]
    return "\n".join(lines) + "\n"


def of_outcomes(parent: Path, kind: str) -> list[Context]:
    levels = ("easy", "hard")
    folder = write_outcome_release(
        parent,
        outcomes(kind),
        problems="problem,category,difficulty\n"
        + "".join(f"p{i},{'ab'[i % 2]},{levels[i < 15]}\n" for i in range(30)),
        n_problems=30,
        main="score" if kind == "scores" else "passed",
        extra=COMPARISONS,
    )
    release = read_release(folder)
    history = history_of([release], docs=ROOT / "docs", cache=None)
    return [Context(history.analysis(release.version), history=history)]


@cache
def founding() -> list[Context]:
    releases = read_releases(ROOT / "results")
    history = history_of(releases, docs=ROOT / "docs", cache=None)
    return [
        Context(history.analysis(r.version), earlier=followed(r, releases), history=history)
        for r in releases
    ]


def placed(context: Context) -> Kept:
    placer = Kept(cache=None)
    render_pages(context, docs=ROOT / "docs", placer=placer)
    return placer


def shown_with_limits(table: Table) -> Iterator[str]:
    """Keys of columns that stand with limits, or are limits, in some row."""
    keys = {column.key for column in table.columns}
    for column in table.columns:
        low = f"{column.key}_low"
        known = [row for row in table.rows if low in row and row[low].text != "–"]
        if low in keys and known:
            yield column.key
        words = {row[column.key].text for row in table.rows if column.key in row}
        if column.kind == "interval" and not column.key.startswith("p_") and words - {"–"}:
            yield column.key


def unsaid(table: Table) -> list[str]:
    """Columns with limits whose table does not say what these cover."""
    return [
        key
        for key in shown_with_limits(table)
        if not any(key in row and row[key].interval for row in table.rows) or not table.covers
    ]


def draws_limits(figure: LazyFigure) -> bool:
    spec = json.dumps(figure.wide.specification(None))
    return figure.wide.name != QUARTILES and any(f'{end}"' in spec for end in ("low", "_low"))


@pytest.mark.parametrize("kind", ["counts", "attempts", "samples", "scores"])
def test_every_interval_says_what_it_covers(tmp_path, kind) -> None:
    contexts = founding() if kind == "counts" else of_outcomes(tmp_path, kind)
    seen = set()
    for context in contexts:
        found = placed(context)
        assert {t.id: unsaid(t) for t in found.tables.values() if unsaid(t)} == {}
        silent = [f.id for f in found.figures.values() if draws_limits(f) and not f.covers]
        assert silent == []
        for exhibit in (*found.tables.values(), *found.figures.values()):
            if exhibit.covers:
                seen.add(exhibit.id)
                assert numbers_level(context) in exhibit.covers
        assert found.tables["leaderboard"].covers.count(noise_words(context.analysis)) == 1
    assert {"leaderboard", "leaderboard-chart", "pairs-passed"} <= seen
    if kind != "counts":
        assert {"adjusted", "proximity", "gap-similar-chart"} <= seen
    if kind == "attempts":
        assert {"abilities", "abilities-chart", "person-fit", "timeouts", "missing"} <= seen


def numbers_level(context: Context) -> str:
    return f"{context.level} intervals ("


def test_the_noise_is_that_of_the_evidence(tmp_path) -> None:
    said = {
        kind: noise_words(of_outcomes(tmp_path / kind, kind)[0].analysis)
        for kind in ("attempts", "samples", "scores")
    }
    said["counts"] = noise_words(founding()[0].analysis)
    assert len(set(said.values())) == 4
    assert "one attempt" in said["attempts"]
    assert "samples" in said["samples"]
    assert "score" in said["scores"]
    assert "counts cannot" in said["counts"]


def test_runs_of_repeated_samples_are_said_to_hang_together(tmp_path) -> None:
    table = placed(of_outcomes(tmp_path, "samples")[0]).tables["timeouts"]
    assert "too narrow" in table.covers
    once = placed(of_outcomes(tmp_path / "once", "attempts")[0]).tables["timeouts"]
    assert "too narrow" not in once.covers


def test_a_method_that_nobody_put_in_words_stops_the_build() -> None:
    analysis = founding()[0].analysis
    with pytest.raises(KeyError, match="does not say what 'guess' covers"):
        covers_words(analysis, [("Rate", Interval(0, 1, 0.95, "guess"))])


def test_two_methods_are_told_apart_by_heading_and_one_needs_none() -> None:
    analysis = founding()[0].analysis
    wilson, fixed = Interval(0, 1, 0.95, "wilson"), Interval(0, 1, 0.9, "conditional_exact")
    one = covers_words(analysis, [("Rate", wilson), ("Rate", wilson)])
    assert one == f"95% intervals (Wilson's score) cover {noise_words(analysis)}."
    two = covers_words(analysis, [("Rate", wilson), ("Odds", fixed)])
    assert two.startswith("95% intervals (Rate: Wilson's score) cover ")
    assert "90% intervals (Odds: exact, conditional) cover how successes fell" in two
    assert covers_words(analysis, []) == ""


def test_the_statement_is_in_the_page_and_in_latex_and_escaped() -> None:
    table = Table(
        id="t",
        caption="Rates.",
        columns=[Column("rate", "<b>Rate</b>"), Column("more", "More & more")],
        rows=[
            {
                "rate": Cell("1", interval=Interval(0, 1, 0.95, "wilson")),
                "more": Cell("2", interval=Interval(0, 1, 0.95, "tango")),
            }
        ],
    )
    stated = stated_table(founding()[0].analysis, table)
    assert "bp-covers" in table_html(stated, depth=0)
    assert "<b>" not in table_html(stated, depth=0)
    assert r"Rates. 95\% intervals" in table_latex(stated)
    assert r"More \& more: Tango" in table_latex(stated)
    assert "bp-covers" not in table_html(table, depth=0)


def test_the_statement_is_in_the_caption_of_a_figure() -> None:
    context = founding()[-1]
    figure = placed(context).figures["leaderboard-chart"]
    html = figure_html(figure.figure(None), number=1, depth=0, cache=None)
    assert noise_words(context.analysis) in html.partition("</figcaption>")[0]
    # Only what the chart draws: the bootstrap is in its data alone.
    assert "bootstrap" not in figure.covers


def test_what_missing_results_could_change_stands_beside_each_rate_and_difference(
    tmp_path,
) -> None:
    found = placed(of_outcomes(tmp_path, "attempts")[0])
    rows = {r["model"].text: r for r in found.tables["leaderboard"].rows}
    context = of_outcomes(tmp_path / "again", "attempts")[0]
    bracket = context.analysis.missing[0].bracket
    assert rows["M2"]["bracket"].raw == f"{bracket.low} to {bracket.high}"
    assert rows["M1"]["bracket"].text == "–"
    pairs = {(r["a"].text, r["b"].text): r for r in found.tables["pairs-passed"].rows}
    for pair, row in pairs.items():
        assert (row["bracket"].text == "–") is ("M2" not in pair)
    rate = context.analysis.rates["m4", "passed"].value
    ends = f"{rate - bracket.high} to {rate - bracket.low}"
    assert pairs["M4", "M2"]["bracket"].raw == ends
    assert "With missing" in found.tables["pairs-passed"].caption


def test_without_missing_results_there_is_no_bracket(tmp_path) -> None:
    found = placed(of_outcomes(tmp_path, "samples")[0])
    for name in ("leaderboard", "pairs-passed"):
        assert "bracket" not in {column.key for column in found.tables[name].columns}


def test_the_best_model_has_words_instead_of_an_interval_without_width(tmp_path) -> None:
    rows = "".join(
        f"{model},p{i},{str(i < most).lower()}\n"
        for model, most in (("a", 55), ("b", 20))
        for i in range(60)
    )
    folder = write_outcome_release(tmp_path, f"model,problem,passed\n{rows}", n_problems=60)
    context = Context(analyse(read_release(folder)))
    first, second = proximity_table(context).rows
    assert first["passed_any"].text == "100% (itself the best in all but 2.5% of resamples)"
    assert "100.0 to 100.0" not in first["passed_any"].text
    assert "to" in second["passed_any"].text


def test_charts_that_draw_intervals_exist() -> None:
    source = (ROOT / "report" / "charts" / "__init__.py").read_text("utf-8")
    assert all(f'"{name}")' in source for name in DRAW_INTERVALS)
