"""What is about a model is hooked by its slug: labels, parts of labels, marks of charts."""

from xml.etree import ElementTree as ET

import pytest

from report.charts import interval_chart, step_chart
from report.document import Cell, Column, Figure, Table
from report.figure import figure_html, standalone_svg
from report.hooks import hook, hook_marks
from report.tables import grid_html

HOOKS = {"One": "one", "Two, B": "two-b", "<Three>": "three"}
TABLE = Table("t", "c", [Column("a", "A"), Column("b", "B")], [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One", "one"),
        ("Two, B", "two-b"),
        ("Two, B, hard", "two-b"),
        ("One − Two, B", "one two-b"),
        ("One − Nobody", ""),
        ("Nobody", ""),
        ("On…", "one"),
        ("Two, B − On…", "two-b one"),
        ("Tw …", "two-b"),
        ("…", ""),
        ("X…", ""),
        ("One and more", ""),
        ("", ""),
    ],
)
def test_labels_name_models(text: str, found: str) -> None:
    assert hook(text, HOOKS) == found


def test_a_cut_label_that_begins_two_names_is_neither() -> None:
    assert hook("Mod…", {"Model A": "a", "Model B": "b"}) == ""


def test_marks_are_hooked_by_what_they_say_and_texts_by_what_they_show() -> None:
    root = ET.fromstring(  # noqa: S314 - written here
        '<svg><path aria-label="One"/><text>One</text><text>Other</text><path/></svg>'
    )
    hook_marks(root, HOOKS)
    assert [element.get("data-m") for element in root] == ["one", "one", None, None]


def test_rows_are_hooked_by_the_models_they_name() -> None:
    rows = [
        {"a": Cell("One"), "b": Cell("<Three>")},
        {"a": Cell("One"), "b": Cell("One")},
        {"a": Cell("nothing"), "b": Cell("here")},
    ]
    table = Table("t", "c", [Column("a", "A"), Column("b", "B")], rows)
    html = grid_html(table, hooks=HOOKS)
    assert html.count("data-m=") == 2
    assert '<tr data-m="one three">' in html
    assert '<tr data-m="one">' in html


def test_charts_of_models_are_drawn_with_hooks_and_files_without() -> None:
    rows = [
        {"model": m, "value": v, "low": v - 0.1, "high": v + 0.1, "focus": m == "One", "tip": "t"}
        for m, v in (("One", 0.5), ("Two, B", 0.3))
    ]
    spec = interval_chart(rows, width=400, title="Rate").specification(None)
    figure = Figure("f", "c", "alt", spec, spec, TABLE, by_model=True)
    html = figure_html(figure, number=1, depth=0, cache=None, hooks=HOOKS)
    assert 'data-by="model"' in html
    for slug in ("one", "two-b"):  # label, interval and point, in both drawings
        assert html.count(f'data-m="{slug}"') == 6
    assert "data-m" not in standalone_svg(figure, cache=None)


def test_lines_are_hooked_too() -> None:
    rows = [
        {"model": m, "focus": False, "x": x, "share": s, "tip": "t"}
        for m, s in (("One", 0.2), ("Two, B", 0.6))
        for x in (1.0, 2.0, 4.0)
    ]
    spec = step_chart(rows, width=860, x_title="x", y_title="y").specification(None)
    figure = Figure("f", "c", "alt", spec, spec, TABLE)
    html = figure_html(figure, number=1, depth=0, cache=None, hooks=HOOKS)
    lines = [part for part in html.split("<path")[1:] if 'data-m="one"' in part.split(">")[0]]
    assert any('fill="none"' in line or "stroke=" in line for line in lines)
    assert "data-by" not in html
