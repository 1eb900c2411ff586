"""What this benchmark can see: its figures, chart, tables and page, on releases large and small."""

import dataclasses
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from altair import LayerChart
from markupsafe import Markup

from harness.folder import read_release
from report.analysis import analyse, power
from report.document import Table
from report.exhibits import power as exhibits
from report.exhibits.common import Context
from report.exhibits.power import (
    MAIN,
    detectable_table,
    needed_table,
    plannable,
    power_figure,
    power_words,
)
from report.figure import figure_files
from report.pages import Placer, render_pages
from report.tables import table_csv, table_html

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def small(small_release: Callable[..., Path]) -> Context:
    return Context(analyse(read_release(small_release())))


def column(table: Table, key: str) -> list[str]:
    return [row[key].text for row in table.rows]


def test_the_founding_benchmark_in_words(founding: Context) -> None:
    words = power_words(founding)
    assert words is not None
    assert (words.problems, words.power, words.pairs) == ("107", "80%", 45)
    assert (words.paired, words.paired_corrected, words.unlinked) == ("14.6", "20.6", "18.9")
    best, second = (r.value for r in founding.analysis.rates_of("passed")[:2])
    assert words.least == f"{100 * (best - second):.0f}%"
    assert words.independent == f"{100 * (best + second - 2 * best * second):.0f}%"


def test_pairs_and_neighbours_are_counted_against_the_plan(founding: Context) -> None:
    words = power_words(founding)
    assert words is not None
    rates = [r.value for r in founding.analysis.rates_of("passed")]
    gaps = [a - b for i, a in enumerate(rates) for b in rates[i + 1 :]]
    assert words.pairs_above == sum(100 * gap >= 20.577 for gap in gaps)
    steps = [a - b for a, b in pairwise(rates)]
    assert (words.neighbours_below, words.neighbours) == (sum(s < 0.1458 for s in steps), 9)


def test_ten_problems_see_nothing_and_the_words_say_none(small: Context) -> None:
    words = power_words(small)
    assert words is not None
    assert words.paired is None
    assert words.paired_corrected is None
    assert words.pairs_above == 0
    assert words.neighbours_below == words.neighbours == 1


def test_one_model_or_too_many_problems_have_no_page(founding: Context) -> None:
    release = founding.analysis.release
    first = release.totals[0].model
    alone = dataclasses.replace(
        release,
        counts=tuple(c for c in release.counts if c.model == first),
        comparisons=(),
        printed=(),
    )
    assert not plannable(Context(analyse(alone)))
    assert power_words(Context(analyse(alone))) is None
    huge = dataclasses.replace(release, n_problems=power.MOST_PROBLEMS + 1)
    assert not plannable(Context(dataclasses.replace(founding.analysis, release=huge)))


def test_the_table_of_detectable_differences(founding: Context) -> None:
    table = detectable_table(founding)
    assert column(table, "alone")[:3] == ["11.7", "14.6", "16.8"]
    assert column(table, "corrected")[:3] == ["16.3", "20.6", "24.0"]
    assert column(table, "test")[-2:] == ["Fisher mid-p", "Fisher exact"]
    assert column(table, "alone")[-1] == "19.6"
    assert "107 problems show with 80% power at the 95% level" in table.caption
    assert "45 pairs by Bonferroni" in table.caption


def test_what_is_not_detected_says_how_rarely_the_largest_is(small: Context) -> None:
    cell = detectable_table(small).rows[0]["alone"]
    assert cell.text == "none"
    assert cell.title is not None
    assert re.search(r"20.0 points, is seen with \d+% power only", cell.title)
    assert "none" in table_html(detectable_table(small), depth=0)


def test_the_table_of_needed_problems(founding: Context) -> None:
    table = needed_table(founding)
    assert column(table, "difference") == ["20", "15", "10", "5", "2"]
    assert column(table, "paired_30")[:3] == ["53 (115)", "102 (212)", "230 (494)"]
    assert column(table, "paired_30")[-1] == "≈ 5,884 (≈ 12,619)"
    assert "≈" in column(table, "unlinked_50")[0]


def test_each_needed_number_has_its_own_column_in_the_file(founding: Context) -> None:
    lines = [line.split(",") for line in table_csv(needed_table(founding)).splitlines()]
    ten = dict(zip(lines[0], lines[3], strict=True))
    assert ten["difference"] == "0.1"
    assert (ten["paired_30"], ten["paired_30_corrected"]) == ("230", "494")
    assert (ten["paired_30_always_from"], ten["paired_30_exact"].lower()) == ("230", "true")
    assert ten["paired_40_corrected_exact"].lower() == "false"


def test_a_plan_without_a_possible_difference_leaves_its_cell_empty(
    founding: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        exhibits,
        "release_plan",
        lambda *_, **__: power.plan_for(107, 10, level=0.95, differences=(0.3,)),
    )
    row = needed_table(founding).rows[0]
    assert row["paired_20"].text == "–"
    assert row["paired_20"].title == "such models differ by at most 20 points"
    assert row["paired_30"].text != "–"


def test_the_chart_falls_and_marks_the_benchmarks_own_number(founding: Context) -> None:
    figure = power_figure(founding)
    (rows,) = figure.wide.arguments
    lines = {row["line"] for row in rows}
    assert lines == {
        "paired, 20% discordant",
        "paired, 30% discordant",
        "paired, 40% discordant",
        "unlinked, from 50%",
    }
    for line in lines:
        gaps = [row["difference"] for row in rows if row["line"] == line]
        assert gaps == sorted(gaps, reverse=True)
        assert len(gaps) >= 7
    own = {row["line"]: row["value"] for row in rows if row["own"]}
    assert list(own.values()) == ["11.7", "14.6", "16.8", "18.9"]
    assert {row["line"] for row in rows if row["main"]} == {"paired, 30% discordant"}
    assert "107 problems, paired, 20% discordant: 11.7 points" in figure.alt
    assert "80% power at the 95% level" in figure.caption


def test_the_charts_data_is_a_row_for_each_number_of_problems(founding: Context) -> None:
    table = power_figure(founding).data
    (own,) = table.focus_rows
    row = table.rows[own]
    assert row["problems"].text == "107"
    assert row["paired_30"].text == "14.6"
    # 26 problems: not even the largest possible difference is seen at the lowest discordance.
    assert table.rows[0]["paired_20"].text == "–"


@pytest.mark.parametrize("n", [1, 10, 107, 301, 2_294, 20_000])
def test_the_grid_holds_the_benchmarks_own_number_and_is_modest(n: int) -> None:
    grid = exhibits._grid(n)
    assert n in grid
    assert grid == sorted(set(grid))
    assert 5 <= len(grid) <= 10
    assert min(grid) >= 1


def test_unlinked_tests_end_where_they_are_not_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exhibits, "UNLINKED_MOST", 100)
    curves = exhibits._curves(90, 0.0499, None)
    table = exhibits._curves_table(90, curves)
    last = table.rows[-1]
    assert last["unlinked_50"].title == "unlinked tests are planned up to 100 problems"
    assert last["paired_20"].text != "–"


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_specification_is_valid_vega_lite(founding: Context, width: str) -> None:
    figure = power_figure(founding).figure(None)
    spec = dict(getattr(figure, width))
    spec.pop("config")  # CSS variables are no colours to the schema
    LayerChart.from_dict(re_coloured(spec), validate=True)


def re_coloured(part: object) -> object:
    if isinstance(part, dict):
        return {key: re_coloured(value) for key, value in part.items()}
    if isinstance(part, list):
        return [re_coloured(item) for item in part]
    return "#000000" if isinstance(part, str) and part.startswith("var(") else part


@pytest.mark.slow
def test_the_chart_draws_at_both_widths(founding: Context) -> None:
    files = figure_files(power_figure(founding).figure(None), cache=None)
    svg = files["data/charts/power-chart.svg"].decode()
    for text in ("107 problems", "30% discordant", "14.6", "unlinked, from 50%"):
        assert f">{text}</text>" in svg


class Named(Placer):
    """Places only the name of an exhibit."""

    def figure(self, lazy: object) -> Markup:
        return Markup(f"[figure {getattr(lazy, 'id', '')}]")

    def table(self, table: Table, *, folded: str | None = None) -> Markup:
        del folded
        return Markup(f"[table {table.id}]")


def pages(context: Context) -> dict[str, str]:
    found = render_pages(context, docs=ROOT / "docs", placer=Named(cache=None))
    return {page.path: " ".join(page.markdown.split()) for page in found}


def test_the_page_of_the_founding_benchmark(founding: Context) -> None:
    page = pages(founding)["power.md"]
    assert (
        "With 107 problems, two models that disagree on 30% of them must differ by 14.6 points in "
        "pass rate to be told apart with 80% power. As one of 45 pairs, corrected for all of them, "
        "by 20.6." in page
    )
    for exhibit in ("[figure power-chart]", "[table power-detectable]", "[table power-needed]"):
        assert exhibit in page
    assert "a difference of 18.9 points" in page
    assert "None" not in page


def test_the_page_of_a_benchmark_that_sees_nothing(small: Context) -> None:
    page = pages(small)["power.md"]
    assert "10 problems are too few" in page
    assert "None" not in page
    assert "corrected" not in page.split("[figure")[0]


def test_the_method_page_links_to_the_figures_only_where_there_are_some(founding: Context) -> None:
    assert "(../power.md)" in pages(founding)["methods/power.md"]
    release = founding.analysis.release
    huge = dataclasses.replace(release, n_problems=power.MOST_PROBLEMS + 1)
    # Brackets of missing runs are those of another number of problems.
    context = Context(dataclasses.replace(founding.analysis, release=huge, missing=()))
    found = pages(context)
    assert "power.md" not in found
    assert "(../power.md)" not in found["methods/power.md"]


def test_the_main_setting_is_one_that_is_planned() -> None:
    assert MAIN in exhibits.LINES
    assert MAIN in power.needed_settings()
