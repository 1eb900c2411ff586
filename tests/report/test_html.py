"""Hostile text stays text: through Jinja, Markdown as the site configures it, and HTML."""

import html
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from report.html import _SEPARATORS, block, escape, finalize, link, plain

settings.register_profile("site", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("site")

ROOT = Path(__file__).resolve().parents[2]

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://elsewhere.example/pixel.png)",
    "<https://elsewhere.example>",
    "a|b|c",
    "{{ 7 * 7 }} {% raw %} {# comment #}",
    "[[ x ]] {++ x ++} {: onclick=alert(1) }",
    "**bold** __bold__ *it* _it_ ~~no~~ `code` ``code``",
    "# heading",
    "## heading {: #id }",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "2024. It was a year",
    ": definition",
    "> quote",
    "!!! note",
    "??? note",
    "===",
    "---",
    "- - -",
    "```\ncode",
    "~~~ js",
    "    code after spaces",
    "line\nbreak\r\n\r\nparagraph",
    "[^1]",
    "[^1]: note",
    "[x]: javascript:alert(1)",
    "*[HTML]: abbreviation",
    '--8<-- "mkdocs.yml"',
    "&lt;script&gt; &amp; &#60;b&#62;",
    "\\*escaped\\*",
    "\u202eright to left\u202c and \u200bzero\u2060 width\ufeff",
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03",
    '\'" onmouseover=alert(1) x="',
    ":smile: @someone #12 www.elsewhere.example",
    "$x^2$ \\(y\\)",
    "e\u0301" + "\u0301" * 30,
    "Ünïcode – “quotes” … × ± − ≤ ρ 漢字 🙂",
]

PAGE = """# {{ text }}

Before {{ text }} after.

{{ text }}

- {{ text }}
- {{ text }} and {{ text }}

| a | b |
|---|---|
| {{ text }} | {{ text }} |

## {{ text }}

*{{ text }}* and **{{ text }}** and [{{ text }}](page.html)

1. {{ text }}

{{ block }}
> {{ text }}

Term
: {{ text }}

The end.[^1]

[^1]: {{ text }}
"""


class Shape(HTMLParser):
    """The tags of a document and, apart from them, its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[object] = []
        self.text: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A heading's id and the links to it are made from its text, letters and hyphens only.
        kept = [(name, value) for name, value in attrs if name not in {"id", "href", "data-x"}]
        self.tags.append((tag, kept))
        self.attributes += [value or "" for name, value in attrs if name == "data-x"]
        for name, value in attrs:
            assert name != "href" or not (value or "").lower().startswith("javascript")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@cache
def converter() -> markdown.Markdown:
    configured = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]
    names = [name if isinstance(name, str) else next(iter(name)) for name in configured]
    options = {k: v for e in configured if isinstance(e, dict) for k, v in e.items()}
    return markdown.Markdown(extensions=names, extension_configs=options)


@cache
def template() -> object:
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=finalize)
    return environment.from_string(PAGE)


def render(text: str) -> Shape:
    raw = block(f'<div class="x" data-x="{escape(text)}">\n<p>{escape(text)}</p>\n\n</div>')
    source = template().render(text=text, block=raw)
    shape = Shape()
    shape.feed(converter().reset().convert(source))
    return shape


def words(shape: Shape) -> str:
    return " ".join("".join(shape.text).split())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_keeps_its_shape_and_shows_the_text_as_it_is(text: str) -> None:
    expected = render("WORD")
    shape = render(text)
    assert shape.tags == expected.tags
    assert words(shape) == words(expected).replace("WORD", plain(text))
    assert shape.attributes == [plain(text)]


@given(
    st.text(
        alphabet=st.sampled_from("<>[](){}|*_`#!-+=:.1 a\n\\&;'\"~^$%@/\u202e\x02é"), max_size=24
    )
)
def test_any_mixture_of_special_characters_keeps_the_shape(text: str) -> None:
    assume(plain(text) and plain(text) not in _SEPARATORS)
    expected, shape = render("WORD"), render(text)
    assert shape.tags == expected.tags
    assert words(shape) == words(expected).replace("WORD", plain(text))


@given(st.text(max_size=60))
def test_escaping_is_undone_by_a_browser_and_by_nothing_before_it(text: str) -> None:
    escaped = escape(text)
    assert html.unescape(escaped).removeprefix("\u2068").removesuffix("\u2069") == plain(text)
    assert not set(escaped) & set("<>\"'[]{}|*_`~^\\!=@$\n\r\t\x00\x02")
    escaped.encode()  # no lone surrogate is left


@given(st.text(max_size=40))
def test_folding_once_is_enough(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_ordinary_names_and_figures_stay_readable() -> None:
    for text in ("Agent 4.1-mini (2025-04)", "76.5 %, 72.9 to 79.7", "GPT-4o: n of 107"):
        assert escape(text) == text


def test_marks_that_reorder_text_are_dropped() -> None:
    assert plain("a\u202eb\u2066c\u200bd\ufeffe\x07f\ud800g") == "abcdefg"


def test_text_from_right_to_left_is_isolated() -> None:
    # Else ": 17 of 32" behind the name would be read as "32 of 17" from the right.
    assert escape("נבו") == "&#8296;נבו&#8297;"
    assert escape("GPT نموذج 2") == "&#8296;GPT نموذج 2&#8297;"
    assert escape("模型 é") == "模型 é"


def test_stacked_marks_are_cut_to_what_languages_use() -> None:
    assert plain("x" + "\u0331" * 50) == "x" + "\u0331" * 3


def test_markup_passes_through() -> None:
    assert escape(Markup("<b>x</b>")) == "<b>x</b>"
    assert finalize(Markup("<b>x</b>")) == "<b>x</b>"


@pytest.mark.parametrize("value", [None, 0.1, float("nan"), True, [1], {"a": 1}, object()])
def test_a_template_refuses_what_no_reader_should_see(value: object) -> None:
    with pytest.raises(TypeError, match="expected text or a whole number"):
        finalize(value)


def test_separators_keep_their_spaces_and_nothing_else_does() -> None:
    assert finalize(", ") == ", "
    assert finalize(" and ") == " and "
    assert finalize("  a name  ") == "a name"
    assert finalize("") == ""


def test_whole_numbers_are_printed() -> None:
    assert finalize(107) == "107"
    assert finalize(-1) == "&#45;1"  # a hyphen first would open a list


SAFE_LINKS = [
    ("https://a.example/b?c=d&e=f#g", "https://a.example/b?c=d&#38;e=f#g"),
    ("mailto:someone@a.example", "mailto:someone@a.example"),
    ("data/models.csv", "data/models.csv"),
    ("https://a.example/(x)", "https://a.example/%28x%29"),
    ("https://a.example/\u202e\"onclick='", "https://a.example/%22onclick=%27"),
]


@pytest.mark.parametrize(("url", "expected"), SAFE_LINKS)
def test_links_are_inert_in_attributes_and_markdown(url: str, expected: str) -> None:
    assert link(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " java\nscript:alert(1)",
        "java\x00script:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//elsewhere.example",
        "https://[broken",
        "x:y",
    ],
)
def test_links_that_run_or_leave_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        link(url)


def test_a_block_has_no_blank_line_inside() -> None:
    assert block("<div>\n\n  <p>x</p>\n \n</div>\n") == "\n\n<div>\n<p>x</p>\n</div>\n\n"


@pytest.mark.parametrize("text", ["", "text", "<span>x</span>", "<svg></svg>", "<scriptx>"])
def test_a_block_starts_with_a_block_level_tag(text: str) -> None:
    with pytest.raises(ValueError, match="block-level tag"):
        block(text)


@pytest.mark.parametrize(
    "text",
    ["<figure><p>a</p></figure>", "<details open><summary>x</summary></details>"],
)
def test_markdown_leaves_a_block_alone(text: str) -> None:
    assert text in converter().reset().convert(f"a{block(text)}b")
