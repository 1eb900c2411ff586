"""Escaping: how plain and possibly hostile text becomes HTML that survives Markdown and the theme.

A page passes through Jinja, Markdown, the theme's templates and a search index. Escaping for HTML
alone is undone on the way: Markdown reads ``[x](y)`` and ``|``, the theme unescapes headings. Here
each character that any of them reads becomes a numeric entity, which all of them leave alone.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from jinja2 import Undefined
from markupsafe import Markup

# Punctuation that neither HTML, Markdown, Jinja nor the theme reads in the middle of a line.
_HARMLESS = frozenset(" ,.%;?()/-+:")
# These open a list, a heading or a definition at the start of a line, or a rule when doubled.
_OPENERS = frozenset("-+:.()")
_LIST_NUMBER = re.compile(r"\d+(?=[.)](?: |$))")
# More marks than any orthography stacks would run over the lines above and below.
_STACKED_MARKS = re.compile(
    r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})"
    r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_BLOCK = re.compile(r"<(div|figure|section|table|details|dl|ul|ol|p|nav|aside|h[1-6])[\s>]")
_SEPARATORS = frozenset({",", ";", ":", ".", "/", "–", "and", "or", "to", ", and", ", or"})
_SCHEMES = frozenset({"http", "https", "mailto"})
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_ISOLATED = Markup("&#8296;{}&#8297;")


def plain(text: str) -> str:
    """Fold white space and drop characters that are invisible or reorder their neighbours.

    Dropped are the categories Cc (control), Cf (format: bidirectional marks, zero-width
    characters), Cs (lone surrogates, which no file can hold) and Co (private use).
    """
    folded = " ".join(text.split())
    shown = "".join(c for c in folded if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    return " ".join(_STACKED_MARKS.sub(r"\1", unicodedata.normalize("NFC", shown)).split())


def escape(text: object) -> Markup:
    """Return text as HTML that is inert in HTML, attributes, Markdown, Jinja and YAML.

    Letters, digits and harmless punctuation stay readable; all else is a numeric entity, so the
    result contains none of ``< > & " ' [ ] { } | * _ `` except the ``&#…;`` of entities.
    Text that runs from right to left is isolated (Unicode's FSI and PDI): the figures behind a
    Hebrew name would change places with it.
    What is `Markup` already passes through. Not for Markdown code spans, which show entities.
    """
    if isinstance(text, Markup):
        return text
    return _escaped(str(text))


@lru_cache(maxsize=8192)  # names, headings and limits recur on every page
def _escaped(text: str) -> Markup:
    shown = plain(text)
    number = _LIST_NUMBER.match(shown)
    list_mark = number.end() if number else -1
    inert = (
        char if _inert(shown, at, list_mark) else f"&#{ord(char)};" for at, char in enumerate(shown)
    )
    escaped = Markup("".join(inert))  # noqa: S704 - letters, harmless punctuation and entities
    return _ISOLATED.format(escaped) if _runs_right_to_left(shown) else escaped


def _runs_right_to_left(text: str) -> bool:
    return not text.isascii() and any(
        unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text
    )


def _inert(text: str, at: int, list_mark: int) -> bool:
    char = text[at]
    if char.isalnum() or (ord(char) > 0xA0 and not char.isspace()):
        return True
    if char not in _HARMLESS or at == list_mark:
        return False
    return char not in _OPENERS or (at > 0 and text[at - 1] != char)


def finalize(value: object) -> Markup:
    """Escape what a template prints; Jinja calls it for every ``{{ expression }}``.

    Outer spaces go, since Markdown reads them, but those of a separator (``", "``) stay.

    Raises
    ------
    TypeError
        For None, a bare float or a container: nothing that a reader should see. Numbers are
        rounded and written by `report.numbers`, which returns text.
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, Undefined):
        str(value)  # a strict one raises its own sentence, which names what is unknown
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        kind = type(value).__name__
        raise TypeError(f"a template printed {value!r} ({kind}); expected text or a whole number")
    shown = escape(value)
    if shown not in _SEPARATORS:
        return shown
    text = str(value)
    return Markup("{}{}{}").format(" " * text[0].isspace(), shown, " " * text[-1].isspace())


def link(url: str) -> Markup:
    """Return a URL for use in an attribute or a Markdown link.

    Raises
    ------
    ValueError
        The scheme is none of http, https and mailto: ``javascript:`` would run when clicked.
    """
    shown = plain(url)
    try:
        parts = urlsplit(shown)
    except ValueError as error:
        raise ValueError(f"{shown!r} is no URL: {error}") from error
    if parts.scheme not in _SCHEMES and (parts.scheme or parts.netloc or ":" in shown):
        allowed = ", ".join(sorted(_SCHEMES))
        raise ValueError(f"URL {shown!r} has scheme {parts.scheme!r}; expected one of {allowed}")
    return Markup("".join(map(_url_char, shown)))  # noqa: S704 - inert in attributes


def _url_char(char: str) -> str:
    if char == "&":
        return "&#38;"
    if char.isascii() and (char.isalnum() or char in "-._~:/?#@!$+,;=%"):
        return char
    return "".join(f"%{byte:02X}" for byte in char.encode())


def block(html: str) -> Markup:
    """Return HTML as one Markdown block: no blank line inside, so that Markdown leaves it alone.

    Raises
    ------
    ValueError
        The HTML does not start with a block-level tag; Markdown would read its inside.
    """
    lines = [str(line).strip() for line in html.splitlines() if line.strip()]
    if not lines or not _BLOCK.match(lines[0]):
        start = lines[0][:40] if lines else ""
        raise ValueError(f"a block of HTML must start with a block-level tag, got {start!r}")
    inside = "\n".join(lines)
    return Markup(f"\n\n{inside}\n\n")  # noqa: S704 - the caller says that it is HTML
