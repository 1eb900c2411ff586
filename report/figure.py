"""A figure in a page: two drawings of one chart, its words, its data, and how to get them."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from markupsafe import Markup

from report.document import Figure
from report.drawing import check_spec, compile_vega, draw, script_json
from report.hooks import Hooks, hook_marks
from report.html import escape
from report.palette import resolve
from report.tables import check_id, grid_html, table_csv

_NO_HOOKS: Hooks = {}
_SVG = "http://www.w3.org/2000/svg"
_DRAWN = frozenset(
    {"svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath", "title", "circle"}
    | {"linearGradient", "radialGradient", "stop"}
)
# What assistive technology and Vega's event handling need and a picture does not.
_NEEDLESS = frozenset(
    {"class", "role", "aria-label", "aria-roledescription", "aria-hidden", "pointer-events"}
)
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_GEOMETRY = frozenset({"transform", "d", "x", "y", "x2", "y2", "width", "height"})


def figure_html(
    figure: Figure,
    *,
    number: int,
    depth: int,
    cache: Path | None,
    hooks: Hooks = _NO_HOOKS,
) -> Markup:
    """Return the figure with both drawings, of which the style sheet shows one.

    Parameters
    ----------
    figure
        The chart. Its specifications must hold their data and link nothing.
    number
        Which figure of the page this is, from 1.
    depth
        How many folders below the version's folder the page lies.
    cache
        Folder that keeps drawings between builds; None draws anew.
    hooks
        Slug of each model's label; its marks and rows are hooked by it.

    Raises
    ------
    ValueError
        The id is unfit for an anchor, or a specification loads or links something.
    """
    name, root = check_id(figure.id), "../" * depth
    for spec in (figure.wide, figure.narrow):
        check_spec(spec, name=name)
    covers = f' <span class="bp-covers">{escape(figure.covers)}</span>' if figure.covers else ""
    colours = ' data-by="model"' if figure.by_model else ""
    html = f"""\
<figure class="bp-figure" id="figure-{name}" data-chart="{name}" data-root="{root}"{colours}>
<section class="bp-chart" data-search-exclude>
<div class="bp-chart__wide">{_picture(figure, "wide", cache, hooks)}</div>
<div class="bp-chart__narrow">{_picture(figure, "narrow", cache, hooks)}</div>
</section>
<figcaption><strong>Figure {number}.</strong> {escape(figure.caption)}{covers}</figcaption>
<div class="bp-actions" data-search-exclude>
<button type="button" class="bp-live">Interactive</button>
<a href="{root}data/charts/{name}.csv" download aria-label="Download the data as CSV">CSV</a>
<a href="{root}data/charts/{name}.svg" download aria-label="Download the chart as SVG">SVG</a>
</div>
<details class="bp-data" data-search-exclude>
<summary>Data table</summary>
<div class="bp-table bp-table--plain">
<div class="bp-table__scroll" role="region" tabindex="0" aria-label="Data of figure {number}">
<table class="bp-grid" aria-label="Data of figure {number}">
{grid_html(figure.data, sortable=False, hooks=hooks)}
</table>
</div>
</div>
</details>
</figure>"""
    return Markup(html)  # noqa: S704 - every part is escaped or drawn


def figure_files(figure: Figure, *, cache: Path | None) -> dict[str, bytes]:
    """Return the files the figure links to or loads, by path below the version's folder.

    ``.csv`` the data, ``.svg`` the wide drawing to stand alone (light colours), ``.json`` its
    Vega-Lite specification for reuse elsewhere, ``.js`` both compiled for the live chart: a
    script, because a page opened from disk may load one but may not read a file.
    """
    name = check_id(figure.id)
    path = f"data/charts/{name}"
    spec = resolve(script_json({"background": "var(--bp-surface)", **figure.wide}))
    return {
        f"{path}.csv": table_csv(figure.data).encode(),
        f"{path}.svg": standalone_svg(figure, cache=cache).encode(),
        f"{path}.json": spec.encode(),
        f"{path}.js": _live(figure, cache).encode(),
    }


def standalone_svg(figure: Figure, *, cache: Path | None) -> str:
    """Return the wide drawing with resolved light colours and a background, as a whole file."""
    check_spec(figure.wide, name=figure.id)
    spec = {"background": "var(--bp-surface)", **figure.wide}
    root = _read(draw(spec, cache=cache))
    _shrink(root)
    ET.SubElement(root, "title").text = figure.alt
    root.insert(0, root[-1])
    del root[-1]
    root.set("xmlns", _SVG)
    return resolve(ET.tostring(root, encoding="unicode")) + "\n"


def _live(figure: Figure, cache: Path | None) -> str:
    wide, narrow = (compile_vega(spec, cache=cache) for spec in (figure.wide, figure.narrow))
    return f'benchproof.chart("{figure.id}",{{"wide":{wide},"narrow":{narrow}}});\n'


def _picture(figure: Figure, width: str, cache: Path | None, hooks: Hooks) -> str:
    root = _read(draw(figure.wide if width == "wide" else figure.narrow, cache=cache))
    hook_marks(root, hooks)
    _shrink(root)
    _number_ids(root, prefix=f"{figure.id}-{width}")
    root.attrib.pop("version", None)
    root.attrib |= {"role": "img", "aria-label": " ".join(figure.alt.split())}
    # Markdown must see no line break, and none of its own characters in the label.
    return ET.tostring(root, encoding="unicode").replace("\n", " ")


def _read(svg: str) -> ET.Element:
    root = ET.fromstring(svg)  # noqa: S314 - written by our renderer from a checked specification
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        if element.tag not in _DRAWN:
            raise ValueError(f"the renderer drew <{element.tag}>, which a page must not hold")
    return root


def _shrink(root: ET.Element) -> None:
    """Drop what nobody sees; a third of the bytes."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("display") == "none" or child.get("opacity") == "0" or _is_void(child):
                parent.remove(child)
    for element in root.iter():
        for key in list(element.attrib):
            value = element.attrib[key]
            if key in _NEEDLESS or (key in {"opacity", "stroke-width"} and value == "1"):
                del element.attrib[key]
            elif key in _GEOMETRY:
                element.attrib[key] = _LONG_NUMBER.sub(lambda n: f"{float(n[0]):.2f}", value)


def _is_void(element: ET.Element) -> bool:
    return element.tag == "path" and element.get("d") in {"", "M0,0h0v0h0Z"}


def _number_ids(root: ET.Element, *, prefix: str) -> None:
    """Rename ids by figure: the renderer counts on from drawing to drawing."""
    names: dict[str, str] = {}
    for element in root.iter():
        if old := element.get("id"):
            names[old] = f"{prefix}-{len(names)}"
            element.set("id", names[old])
    for element in root.iter():
        for key, value in element.attrib.items():
            element.attrib[key] = _REFERENCE.sub(lambda use: f"url(#{names[use[1]]})", value)
