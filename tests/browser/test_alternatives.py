"""What a page says to those who do not see its charts and colours, read from the files alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sites import all_pages

from report.claims import VERDICTS

pytestmark = pytest.mark.slow


@dataclass
class Figure:
    """One figure: what its drawings are called, and the cells of the table below it."""

    name: str
    roles: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    cells: int = 0
    table_name: str = ""


class _Reader(HTMLParser):
    """Collects figures, badges (colour and text) and drawings outside figures."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: list[Figure] = []
        self.badges: list[tuple[str, str]] = []
        self.unnamed: list[str] = []
        self._in_figure = self._in_details = False
        self._badge = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if tag == "figure":
            self._in_figure = True
            self.figures.append(Figure(given.get("id", "")))
        elif tag == "details":
            self._in_details = True
        elif tag == "svg":
            self._drawing(given)
        elif self._in_figure and self._in_details:
            self._data(tag, given)
        colour = [c.removeprefix("bp-badge--") for c in classes if c.startswith("bp-badge--")]
        if colour:
            self._badge = colour[0]
            self.badges.append((colour[0], ""))

    def _drawing(self, given: dict[str, str]) -> None:
        role, name = given.get("role", ""), given.get("aria-label", "")
        if self._in_figure and not self._in_details:
            self.figures[-1].roles.append(role)
            self.figures[-1].summaries.append(name)
        elif "bp-" in given.get("class", "") and given.get("aria-hidden") != "true":
            self.unnamed += [] if role == "img" and name else [self.get_starttag_text() or ""]

    def _data(self, tag: str, given: dict[str, str]) -> None:
        self.figures[-1].cells += tag == "td"
        if tag == "table":
            self.figures[-1].table_name = given.get("aria-label", "")

    def handle_endtag(self, tag: str) -> None:
        self._in_figure &= tag != "figure"
        self._in_details &= tag != "details"
        if tag in {"span", "a", "button"}:
            self._badge = ""

    def handle_data(self, data: str) -> None:
        if self._badge:
            colour, text = self.badges[-1]
            self.badges[-1] = (colour, text + data)


def _read(site: Path) -> Iterator[tuple[str, _Reader]]:
    for path in all_pages(site):
        reader = _Reader()
        reader.feed((site / path).read_text("utf-8"))
        yield path, reader


@pytest.fixture(scope="module", params=["founding_site", "hostile_site"])
def pages(request: pytest.FixtureRequest) -> list[tuple[str, _Reader]]:
    return list(_read(request.getfixturevalue(request.param)))


def test_every_chart_has_a_summary_with_figures_and_a_table_of_its_data(
    pages: list[tuple[str, _Reader]],
) -> None:
    figures = [(path, figure) for path, page in pages for figure in page.figures]
    assert len(figures) > 40
    for path, figure in figures:
        where = f"{path}: {figure.name}"
        assert set(figure.roles) == {"img"}, where
        assert all(re.search(r"\d", said) and len(said) > 40 for said in figure.summaries), where
        assert figure.cells >= 2, f"{where} has no table of its data"
        assert figure.table_name, f"{where}: its table has no name"


def test_a_verdict_is_a_word_and_not_only_a_colour(pages: list[tuple[str, _Reader]]) -> None:
    badges = [(path, *badge) for path, page in pages for badge in page.badges]
    assert len(badges) > 200
    for path, colour, text in badges:
        assert re.search(r"[a-z]{2}", text), f"{path}: a badge {colour} says {text!r}"
        named = set(VERDICTS) & set(re.findall(r"[a-z]+", text))
        assert named <= {colour}, f"{path}: a badge {colour} says {text!r}"
    assert {colour for _, colour, text in badges if colour in text} >= {"supported", "unresolved"}


def test_drawings_beside_the_charts_have_names_or_are_hidden(
    pages: list[tuple[str, _Reader]],
) -> None:
    assert [(path, page.unnamed[0]) for path, page in pages if page.unnamed] == []
