"""Vega-Lite specifications to SVG and to Vega, SVG to PNG, at build time and cached by content."""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from functools import cache as once
from importlib.metadata import version
from pathlib import Path
from typing import Any

from harness.errors import BenchproofError
from report.unused import HALF, read_used, sealed

FONTS = Path(__file__).resolve().parent / "fonts"
VEGA_LITE = "6.4"

_RESOURCES = re.compile(rb"(?:^ +/[a-z]+\d+ \d+ 0 R\n)+", re.MULTILINE)
_PDF_FONT = re.compile(rb"/Subtype /Type0\n +/BaseFont /[A-Z]{6}\+(\S+)")
_DRAWINGS = 1500

# Each would make the reader's browser ask for something else, or run what the data say.
_FORBIDDEN = frozenset({"url", "href", "usermeta", "loader"})
_DATA = frozenset({"values", "datasets"})


def check_spec(spec: Mapping[str, Any], *, name: str) -> None:
    """Raise ValueError if a specification links, loads or embeds anything.

    The renderer crashes on ``javascript:`` links, follows image marks and draws an empty chart
    where data cannot be loaded, so none of them reaches it.
    """
    for path, key, value in _members(spec, ()):
        where = ".".join((*path, key))
        if key in _FORBIDDEN:
            raise ValueError(f"chart {name}: {where} is not allowed; put the data inline")
        if value == "image" and key in {"mark", "type"}:
            raise ValueError(f"chart {name}: {where} is an image mark, which loads files")


def _members(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield path, key, value
            if key not in _DATA:
                yield from _members(value, (*path, key))
    elif isinstance(node, (list, tuple)):
        for index, value in enumerate(node):
            yield from _members(value, (*path, str(index)))


def draw(spec: Mapping[str, Any], *, cache: Path | None) -> str:
    """Return the chart as SVG; colours stay CSS variables, text stays text."""
    return _cached(_canonical(spec), "svg", _draw, cache)


def print_forms(spec: Mapping[str, Any], *, cache: Path | None) -> dict[str, bytes]:
    """Return a chart with resolved colours for a paper: ``pdf`` and ``png``, twice the pixels."""
    text = json.dumps(spec, sort_keys=True, allow_nan=False)
    return {
        "pdf": _cached_bytes(text, "pdf", _draw_pdf, cache),
        "png": _cached_bytes(text, "png", _draw_png, cache),
    }


def compile_vega(spec: Mapping[str, Any], *, cache: Path | None) -> str:
    """Return the chart's Vega specification as JSON that is safe inside a script."""
    return _cached(_canonical(spec), "json", _compile, cache)


def rasterise(svg: str, *, cache: Path | None) -> bytes:
    """Return a picture whose colours are resolved as PNG, at the size that it states."""
    return _cached_bytes(svg, "png", _rasterise, cache)


def runtime(*, cache: Path | None) -> str:
    """Return the JavaScript that draws live charts: `vegaEmbed`, as the renderer carries it."""
    return _cached("window.vegaEmbed = vegaEmbed;", "js", _bundle, cache)


def script_json(value: Any) -> str:
    """Return JSON that no HTML parser takes for a tag and every browser reads as JavaScript."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _canonical(spec: Mapping[str, Any]) -> str:
    # Transparent, so that the page's surface shows in both palettes.
    return json.dumps({"background": None, **spec}, sort_keys=True, allow_nan=False)


def _draw(spec: str) -> str:
    renderer = _renderer()
    return str(renderer.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))


def _rasterise(svg: str) -> bytes:
    return bytes(_renderer().svg_to_png(svg))


def _draw_pdf(spec: str) -> bytes:
    renderer = _renderer()
    # The renderer writes fonts, and lists a page's resources, in the order of a hash table that is
    # another one each time. Of fonts there are two, and one for each further script of the names:
    # some drawings have them in order (of five fonts one in 120 does). Resources take the same
    # bytes once sorted, so that every offset in the file stays true.
    for _ in range(_DRAWINGS):
        drawn = bytes(renderer.vegalite_to_pdf(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))
        fonts = _PDF_FONT.findall(drawn)
        if fonts == sorted(fonts):
            return _in_order(drawn)
    raise BenchproofError(
        f"a chart as PDF: none of {_DRAWINGS:,} drawings has its {len(fonts)} fonts in order\n"
        "  Equal input would give other bytes. Names in fewer scripts need fewer fonts."
    )


def _in_order(pdf: bytes) -> bytes:
    return _RESOURCES.sub(lambda run: b"".join(sorted(run[0].splitlines(keepends=True))), pdf)


def _draw_png(spec: str) -> bytes:
    renderer = _renderer()
    return bytes(
        renderer.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=2, allowed_base_urls=[])
    )


def _compile(spec: str) -> str:
    return script_json(_renderer().vegalite_to_vega(spec, vl_version=VEGA_LITE))


def _bundle(snippet: str) -> str:
    return str(_renderer().javascript_bundle(snippet, vl_version=VEGA_LITE))


@once
def _renderer() -> Any:
    import vl_convert  # noqa: PLC0415 - slow import: a JavaScript engine, not needed with a cache

    # Text is measured with our font on every machine, so that equal input gives equal bytes.
    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


@once
def _renderer_id() -> str:
    fonts = b"".join(path.read_bytes() for path in sorted(FONTS.glob("*.ttf")))
    return f"{version('vl-convert-python')} {VEGA_LITE} {hashlib.sha256(fonts).hexdigest()}"


def _cached(text: str, suffix: str, make: Callable[[str], str], cache: Path | None) -> str:
    return _cached_bytes(text, suffix, lambda given: make(given).encode(), cache).decode()


def _cached_bytes(
    text: str, suffix: str, make: Callable[[str], bytes], cache: Path | None
) -> bytes:
    if cache is None:
        return make(text)
    key = hashlib.sha256(f"sealed {_renderer_id()}\n{suffix}\n{text}".encode()).hexdigest()
    file = cache / key[:2] / f"{key[2:34]}.{suffix}"
    found = read_used(file)
    if found is None:
        found = make(text)
        write_atomically(file, sealed(found))
    return found


def write_atomically(file: Path, content: bytes) -> None:
    """Write a file so that nobody, not even after a crash, sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile: it makes files that only this user may read, and a web server is another.
    half = file.with_name(f"{HALF}{os.getpid()}-{secrets.token_hex(8)}")
    try:
        with half.open("xb") as stream:
            stream.write(content)
        half.replace(file)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
