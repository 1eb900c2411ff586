"""The colours of the site, read from its style sheet: one place states them."""

import re
from functools import cache
from pathlib import Path

STYLE_SHEET = Path(__file__).resolve().parent.parent / "docs/theme/assets/benchproof.css"

_VARIABLE = re.compile(r"--bp-([a-z0-9-]+):\s*(#[0-9a-f]{3,8})\s*;")
_USE = re.compile(r"var\(--bp-([a-z0-9-]+)\)")
_LIGHT = re.compile(r'\[data-md-color-scheme="default"\]\s*\{(.*?)\}', re.DOTALL)


@cache
def light_colours() -> dict[str, str]:
    """Return ``{"focus": "#0b6bb8", …}``: the light palette, for files that stand alone."""
    block = _LIGHT.search(STYLE_SHEET.read_text("utf-8"))
    if block is None:
        raise ValueError(f"{STYLE_SHEET}: no block of light colours")
    return dict(_VARIABLE.findall(block[1]))


def resolve(text: str) -> str:
    """Replace each ``var(--bp-name)`` by its light colour.

    Raises
    ------
    ValueError
        A name the style sheet does not define; the known ones are listed.
    """
    return _USE.sub(lambda use: _colour(use[1]), text)


def _colour(name: str) -> str:
    colours = light_colours()
    if name not in colours:
        known = ", ".join(sorted(colours))
        raise ValueError(f"no colour --bp-{name} in {STYLE_SHEET.name}; known: {known}")
    return colours[name]
