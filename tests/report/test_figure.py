"""Drawings that stay text, links nowhere, equal bytes; live charts as data, not code."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from report import drawing
from report.document import Cell, Column, Figure, Table
from report.drawing import check_spec, draw, runtime, script_json
from report.figure import figure_files, figure_html, standalone_svg
from report.palette import light_colours, resolve

HOSTILE = '</script><img src=x onerror=alert(1)> "quoted" {{ x }} [y](z) \u2028'


def chart(width: int = 300, *, clip: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "width": width,
        "data": {"values": [{"model": HOSTILE, "rate": 0.5}, {"model": "B", "rate": 0.25}]},
        "mark": {"type": "bar", "clip": clip},
        "encoding": {
            "x": {"field": "rate", "type": "quantitative"},
            "y": {"field": "model", "type": "nominal"},
            "color": {"value": "var(--bp-focus)"},
        },
        **more,
    }


def figure(name: str = "rates", **more: Any) -> Figure:
    rows = [{"model": Cell(HOSTILE), "rate": Cell("50.0 %", raw=0.5)}]
    data = Table("rates", "c", [Column("model", "Model"), Column("rate", "Rate", "number")], rows)
    alt = f"Two bars\n\n{HOSTILE}"
    return Figure(name, f"Caption {HOSTILE}", alt, chart(**more), chart(120, **more), data)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawings")


def pictures(html: str) -> list[ET.Element]:
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]  # noqa: S314


def test_both_widths_are_drawn_and_named_for_assistive_technology(cache: Path) -> None:
    wide, narrow = pictures(figure_html(figure(), number=1, depth=0, cache=cache))
    for picture in (wide, narrow):
        assert picture.get("role") == "img"
        assert picture.get("aria-label") == " ".join(figure().alt.split())
    assert float(wide.get("width", "")) > float(narrow.get("width", ""))


def test_the_html_is_one_block_of_markdown(cache: Path) -> None:
    html = figure_html(figure(), number=1, depth=0, cache=cache)
    assert html.startswith('<figure class="bp-figure" id="figure-rates"')
    assert "\n\n" not in html


def test_colours_stay_variables_and_names_stay_text(cache: Path) -> None:
    wide, _ = pictures(figure_html(figure(), number=1, depth=0, cache=cache))
    texts = {element.text for element in wide.iter() if element.text}
    assert any(text.startswith("</script><img") for text in texts)
    assert "var(--bp-focus)" in {element.get("fill") for element in wide.iter()}
    assert not {e.tag.rpartition("}")[2] for e in wide.iter()} & {"script", "image", "a", "style"}


def test_paths_follow_the_depth_of_the_page_and_match_the_files(cache: Path) -> None:
    html = figure_html(figure(), number=3, depth=1, cache=cache)
    links = re.findall(r'href="([^"]+)"', html)
    assert links == ["../data/charts/rates.csv", "../data/charts/rates.svg"]
    files = figure_files(figure(), cache=cache)
    assert {link.removeprefix("../") for link in links} <= set(files)
    assert "data/charts/rates.js" in files
    assert "<strong>Figure 3.</strong>" in html


def test_ids_of_two_figures_on_a_page_differ_and_each_reference_is_met(cache: Path) -> None:
    both = "".join(
        figure_html(figure(name, clip=True), number=1, depth=0, cache=cache) for name in ("a", "b")
    )
    clips = re.findall(r'<clipPath id="([^"]+)"', both)
    assert len(clips) == len(set(clips)) == 4
    assert set(re.findall(r"url\(#([^)]+)\)", both)) == set(clips)


def test_equal_input_gives_equal_bytes_however_many_charts_came_before() -> None:
    first = figure_html(figure(clip=True), number=1, depth=0, cache=None)
    draw(chart(200, clip=True), cache=None)
    assert figure_html(figure(clip=True), number=1, depth=0, cache=None) == first
    assert figure_files(figure(), cache=None) == figure_files(figure(), cache=None)


def test_a_second_build_draws_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = figure_html(figure(), number=1, depth=0, cache=tmp_path)
    files = figure_files(figure(), cache=tmp_path)
    monkeypatch.setattr(drawing, "_renderer", lambda: pytest.fail("drew again"))
    assert figure_html(figure(), number=1, depth=0, cache=tmp_path) == first
    assert figure_files(figure(), cache=tmp_path) == files


def test_another_specification_is_another_drawing(tmp_path: Path) -> None:
    assert draw(chart(100), cache=tmp_path) != draw(chart(200), cache=tmp_path)


def test_no_half_file_is_left_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path, _to: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        drawing.write_atomically(tmp_path / "x" / "file.svg", b"content")
    assert list((tmp_path / "x").iterdir()) == []


def test_the_standalone_drawing_needs_no_page(cache: Path) -> None:
    svg = standalone_svg(figure(), cache=cache)
    root = ET.fromstring(svg)  # noqa: S314
    assert "var(" not in svg
    assert light_colours()["focus"] in svg
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root[0].tag.endswith("title")


def test_the_live_chart_is_data_inside_one_call(cache: Path) -> None:
    files = figure_files(figure(), cache=cache)
    script = files["data/charts/rates.js"].decode()
    inside = script.removeprefix('benchproof.chart("rates",').removesuffix(");\n")
    assert set(json.loads(inside)) == {"wide", "narrow"}
    assert "<" not in script
    assert script.isascii()


def test_the_specification_for_reuse_has_resolved_colours(cache: Path) -> None:
    spec = json.loads(figure_files(figure(), cache=cache)["data/charts/rates.json"])
    assert spec["encoding"]["color"]["value"] == light_colours()["focus"]
    assert spec["data"]["values"][0]["model"] == HOSTILE


@pytest.mark.parametrize(
    "more",
    [
        {"data": {"url": "https://elsewhere.example/data.csv"}},
        {"encoding": {"href": {"field": "model"}}},
        {"layer": [{"mark": "point", "encoding": {"url": {"value": "x"}}}]},
        {"mark": "image"},
        {"mark": {"type": "image"}},
        {"mark": {"type": "bar", "href": "javascript:alert(1)"}},
        {"usermeta": {"embedOptions": {"loader": {}}}},
    ],
)
def test_what_links_or_loads_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="chart rates"):
        figure_html(figure(**more), number=1, depth=0, cache=None)


def test_rows_may_have_any_field() -> None:
    check_spec({"data": {"values": [{"url": "x", "href": "y"}]}, "mark": "bar"}, name="c")
    check_spec({"datasets": {"d": [{"url": "x"}]}, "mark": "bar"}, name="c")


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        draw({**chart(), "data": {"values": [{"rate": float("nan")}]}}, cache=None)


def test_an_id_must_be_fit_for_an_anchor() -> None:
    with pytest.raises(ValueError, match="lower-case"):
        figure_html(figure('x" onclick="'), number=1, depth=0, cache=None)


def test_json_cannot_close_the_script_it_stands_in() -> None:
    assert script_json({"a": "</script>&\u2028"}) == r'{"a":"\u003c/script\u003e\u0026\u2028"}'


def test_an_unknown_colour_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no colour --bp-azure .* known: .*focus"):
        resolve("var(--bp-azure)")


def test_both_palettes_define_the_same_colours() -> None:
    css = Path(__file__).resolve().parents[2] / "docs/theme/assets/benchproof.css"
    blocks = re.findall(
        r'\[data-md-color-scheme="(?:default|slate)"\] \{(.*?)\}', css.read_text(), re.DOTALL
    )
    light, dark = (set(re.findall(r"(--bp-[a-z]+):", block)) for block in blocks[:2])
    assert light == dark
    assert {f"--bp-{name}" for name in light_colours()} == light


@pytest.mark.slow
def test_the_runtime_is_the_renderers_own(cache: Path) -> None:
    script = runtime(cache=cache)
    assert "window.vegaEmbed" in script
    assert len(script) > 500_000
