"""The text of a release's report as its readers see it: sections, without figures and tables."""

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

from markdown import Markdown

from report.changes.narrative import Section
from report.document import Page
from report.exhibits.common import Context
from report.page_memo import PageMemo
from report.pages import Placer, render_pages

_EXTENSIONS = ("admonition", "attr_list", "footnotes", "md_in_html", "tables")
_OF_THE_TOOL = (
    "methods/",
    "changes/",
    "about.md",
    "audit.md",
    "changes.md",
    "claims",
    "compare.md",
    "data.md",
    "drift.md",
)
"""Pages that say how the site works and not what the report found."""

_HEADINGS = frozenset({"h1", "h2", "h3"})
_BLOCKS = frozenset({"p", "li", "div", "td", "th", "dt", "dd", "small", "blockquote", "h4"})


def report_text(
    context: Context, *, docs: Path, memo: PageMemo | None = None
) -> tuple[Section, ...]:
    """Render the release's narrative without drawing anything, and take its text."""
    placer = Placer(cache=context.kept, wordless=True)
    pages = render_pages(context, docs=docs, placer=placer, memo=memo)
    return tuple(section for page in pages for section in page_sections(page))


def page_sections(page: Page) -> tuple[Section, ...]:
    """Split a page at its headings; the part above the first has an empty one."""
    if page.path.startswith(_OF_THE_TOOL):
        return ()
    reader = _Text()
    reader.feed(Markdown(extensions=list(_EXTENSIONS)).convert(page.markdown))
    reader.close()
    return tuple(_sections(page, reader.blocks))


def _sections(page: Page, blocks: Sequence[tuple[str, str]]) -> Iterator[Section]:
    heading, seen, paragraphs = "", {""}, list[str]()
    for kind, text in blocks:
        if kind in {"h2", "h3"}:
            yield Section(page.path, page.title, heading, tuple(paragraphs))
            heading, paragraphs = text, []
            while heading in seen:
                heading += "′"  # the same heading again
            seen.add(heading)
        else:
            paragraphs.append(text)
    yield Section(page.path, page.title, heading, tuple(paragraphs))


class _Text(HTMLParser):
    """Collects the text of each block of HTML, headings marked as such."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self._kind = "p"
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag in _HEADINGS | _BLOCKS:
            self._flush()
            self._kind = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS | _BLOCKS:
            self._flush()
            self._kind = "p"

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        text = " ".join("".join(self._parts).split())
        if text:
            self.blocks.append((self._kind, text))
        self._parts = []
