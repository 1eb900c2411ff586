"""A table as HTML, CSV and LaTeX, and the small interval bars in its cells."""

import csv
import io
import re
from html.parser import HTMLParser
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from report.document import Cell, Column, Table
from report.html import plain
from report.tables import (
    interval_bar,
    latex_text,
    table_csv,
    table_files,
    table_html,
    table_latex,
)

settings.register_profile("site", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("site")

COLUMNS = (
    Column("model", "Model"),
    Column("rate", "Pass rate", "number"),
    Column("bar", "Interval", "interval", sortable=False, in_export=False),
    Column("seed", "Seed", "number", in_page=False),
)


def board(*names: str, focus: frozenset[int] = frozenset()) -> Table:
    rows = [
        {
            "model": Cell(name),
            "rate": Cell("33.3 %", sort=1 / 3, raw=1 / 3, weak=index == 1),
            "bar": Cell("", html=Markup("<svg></svg>")),
            "seed": Cell("7", raw=7),
        }
        for index, name in enumerate(names)
    ]
    return Table("board", "Pass rate, n = 3", COLUMNS, rows, focus, "model", note="A note.")


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_headings_sort_where_they_may_and_rows_have_headers() -> None:
    page = Elements(table_html(board("A", "B"), depth=0))
    headings = [th for th in page.all("th") if th.get("scope") == "col"]
    assert len(headings) == 3  # the seed is not in the page
    assert [th.get("class") for th in headings] == [None, "bp-num", "bp-num"]
    assert len([th for th in page.all("th") if th.get("scope") == "row"]) == 2
    sort_buttons = [b for b in page.all("button") if b.get("class") != "bp-copy"]
    assert len(sort_buttons) == 2  # not the bar


def test_the_scrolling_region_is_named_by_the_caption_and_takes_the_keyboard() -> None:
    page = Elements(table_html(board("A"), depth=0))
    (region,) = [div for div in page.all("div") if div.get("role") == "region"]
    (caption,) = [p for p in page.all("p") if p.get("id") == "table-board-caption"]
    assert region["tabindex"] == "0"
    assert region["aria-labelledby"] == page.all("table")[0]["aria-labelledby"] == caption["id"]


def test_focus_rows_are_tinted_weak_cells_muted_and_sorting_uses_full_precision() -> None:
    page = Elements(table_html(board("A", "B", focus=frozenset({0})), depth=0))
    assert [tr.get("class") for tr in page.all("tr")] == [None, "bp-focus", None]
    rates = [td for td in page.all("td") if "data-sort" in td]
    assert [td["class"] for td in rates] == ["bp-num", "bp-num bp-weak"]
    assert rates[0]["data-sort"] == repr(1 / 3)


@pytest.mark.parametrize(("depth", "start"), [(0, ""), (2, "../../")])
def test_downloads_are_relative_to_the_page(depth: int, start: str) -> None:
    links = [a["href"] for a in Elements(table_html(board("A"), depth=depth)).all("a")]
    assert links == [f"{start}data/tables/board.csv", f"{start}data/tables/board.tex"]


def test_links_and_files_agree() -> None:
    links = [a["href"] for a in Elements(table_html(board("A"), depth=0)).all("a")]
    assert list(table_files(board("A"))) == links


def test_copy_buttons_carry_exactly_what_the_files_hold() -> None:
    table = board('<script>"&', "B|{{ x }}")
    buttons = [b for b in Elements(table_html(table, depth=0)).all("button") if "data-copy" in b]
    assert [b["data-copy"] for b in buttons] == [table_csv(table), table_latex(table)]


def test_a_table_too_long_to_copy_still_downloads() -> None:
    page = Elements(table_html(board(*["model"] * 4_000), depth=0))
    assert not [b for b in page.all("button") if "data-copy" in b]
    assert len(page.all("a")) == 2


@given(st.text(max_size=30))
def test_no_text_of_a_cell_becomes_an_element(text: str) -> None:
    expected, page = (
        Elements(table_html(Table("t", t, [Column("a", t)], [{"a": Cell(t, title=t)}]), depth=0))
        for t in ("x", text or "x")
    )
    assert [tag for tag, _ in page.found] == [tag for tag, _ in expected.found]


def test_a_row_without_a_column_shows_an_empty_cell() -> None:
    table = Table("t", "c", COLUMNS, [{"model": Cell("A")}])
    assert table_csv(table) == "model,rate,seed\nA,,\n"


@pytest.mark.parametrize("name", ["", "A", "a b", "../x", "a/b", "1a", 'a"'])
def test_an_id_is_fit_for_a_file_and_an_anchor(name: str) -> None:
    with pytest.raises(ValueError, match="id"):
        table_html(Table(name, "c", COLUMNS, []), depth=0)


def test_not_a_number_is_refused_in_sorting_and_in_csv() -> None:
    for cell in (Cell("–", sort=nan), Cell("–", raw=nan)):
        with pytest.raises(ValueError, match="NaN"):
            table_html(Table("t", "c", COLUMNS[1:2], [{"rate": cell}]), depth=0)


def test_csv_has_keys_and_full_precision() -> None:
    assert table_csv(board("A")) == f"model,rate,seed\nA,{1 / 3!r},7\n"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Cell("=1+1"), "'=1+1"),
        (Cell("@SUM(A1)"), "'@SUM(A1)"),
        (Cell("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0"),
        (Cell("-2+3"), "'-2+3"),
        (Cell("\t=1+1"), "'=1+1"),
        (Cell("\u202e=1+1"), "'=1+1"),
        (Cell("-1.5"), "-1.5"),
        (Cell("x", raw=-1.5), "-1.5"),
        (Cell("x", raw=True), "true"),
        (Cell("x", raw=inf), "inf"),
        (Cell("x", raw="=2"), "'=2"),
        (Cell("a,b\nc"), "a,b c"),
        (Cell('say "x"'), 'say "x"'),
    ],
)
def test_csv_values(cell: Cell, expected: str) -> None:
    table = Table("t", "c", [Column("a", "A")], [{"a": cell}])
    assert list(csv.reader(io.StringIO(table_csv(table)))) == [["a"], [expected]]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_csv_reads_back(texts: list[str]) -> None:
    table = Table("t", "c", [Column(f"k{i}", "x") for i in range(len(texts))], [])
    row = {f"k{i}": Cell(text) for i, text in enumerate(texts)}
    table = Table("t", "c", table.columns, [row, row])
    read = list(csv.reader(io.StringIO(table_csv(table))))
    shown = [plain(text) for text in texts]
    assert [cell.removeprefix("'") for cell in read[1]] == [s.removeprefix("'") for s in shown]


def test_latex_is_a_booktabs_table() -> None:
    assert table_latex(board("A_1 & B")) == (
        "% \\usepackage{array,booktabs,graphicx,longtable}\n"
        "\\begin{table}\n"
        "\\centering\n"
        "\\caption{Pass rate, n = 3}\n"
        "\\label{tab:board}\n"
        "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n"
        "\\begin{tabular}{lr}\n"
        "\\toprule\n"
        "Model & Pass rate \\\\\n"
        "\\midrule\n"
        "A\\_1 \\& B & 33.3 \\% \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular}}\n"
        "\\end{table}\n"
    )


def test_a_bracket_is_not_the_option_of_the_line_before() -> None:
    assert "{[x]} &" in table_latex(board("[x]"))


@given(st.text(max_size=30))
def test_latex_text_has_no_command_that_the_text_wrote(text: str) -> None:
    ours = r"\\textbackslash\{\}|\\text(asciicircum|asciitilde|less|greater|bar|quotedbl)\{\}"
    ours += r"|\$(-|\\times|\\pm|\\leq|\\geq|\\approx|\\infty|\\rightarrow)\$|\\ldots\{\}"
    rest = re.sub(rf"{ours}|\\[{{}}$&#%_,]|~", "", latex_text(text))
    assert not set(rest) & set("\\{}$&#%_^~")


def test_latex_keeps_the_signs_of_figures() -> None:
    assert latex_text("−1.5 ± 2, 3–4 ×") == r"$-$1.5 $\pm$ 2, 3--4 $\times$"


def numbers(bar: str) -> list[float]:
    (path,) = re.findall(r'interval" d="M([\d.]+) 8H([\d.]+)', bar)
    (dot,) = re.findall(r'cx="([\d.]+)"', bar)
    return [float(path[0]), float(dot), float(path[1])]


def test_a_bar_lies_on_its_axis() -> None:
    # The axis runs from 4 to 124: a quarter, a half and three quarters of it.
    assert numbers(interval_bar(0.25, 0.5, 0.75, start=0, stop=1)) == [34, 64, 94]


def test_a_bar_ends_where_its_axis_does() -> None:
    assert numbers(interval_bar(-inf, 0.5, inf, start=0, stop=1)) == [4, 64, 124]
    assert numbers(interval_bar(-2, -1, 0.5, start=0, stop=1)) == [4, 4, 64]


def test_the_focus_has_its_own_class_and_the_bar_is_silent() -> None:
    assert "bp-bar--focus" in interval_bar(0, 0.5, 1, start=0, stop=1, focus=True)
    assert "bp-bar--focus" not in interval_bar(0, 0.5, 1, start=0, stop=1)
    assert 'aria-hidden="true"' in interval_bar(0, 0.5, 1, start=0, stop=1)


@pytest.mark.parametrize(
    "triple", [(1, 0.5, 2), (0, 3, 2), (nan, 1, 2), (0, nan, 1), (0, inf, inf)]
)
def test_a_bar_needs_an_interval_around_its_estimate(triple: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="low <= estimate <= high"):
        interval_bar(*triple, start=0, stop=1)


@pytest.mark.parametrize("axis", [(1, 1), (1, 0), (0, inf), (nan, 1)])
def test_a_bar_needs_an_axis(axis: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="start < stop"):
        interval_bar(0, 0.5, 1, start=axis[0], stop=axis[1])
