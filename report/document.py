"""The parts a version of the site is made of, before anything is formatted as HTML.

A page is Markdown with figures and tables already placed in it; a figure is a Vega-Lite
specification at two widths; a table is typed cells. All text in them is plain and hostile until
`report.html` escapes it; only `Markup` is HTML.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from markupsafe import Markup

from stats.interval import Interval

Kind = Literal["text", "number", "interval"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    ``text`` is what a reader sees; ``sort`` what the column sorts by (defaults to the text);
    ``raw`` what CSV gets (full precision; defaults to the text); ``html`` replaces the text in the
    page only (an interval bar, a badge) and must be escaped already. ``weak`` greys a cell that
    rests on too few problems to mean much. ``link`` is a path below the version's folder that the
    text leads to. ``interval`` is the one that the text shows, so that the table can say what its
    intervals cover.
    """

    text: str
    sort: float | str | None = None
    raw: float | int | str | bool | None = None
    html: Markup | None = None
    weak: bool = False
    title: str | None = None
    link: str | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key for CSV, heading for readers, and how its cells align."""

    key: str
    heading: str
    kind: Kind = "text"
    sortable: bool = True
    in_page: bool = True
    in_export: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption that states n, method and level."""

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    focus_rows: frozenset[int] = frozenset()
    row_header: str | None = None
    note: str | None = None
    filterable: bool = False
    """Whether a reader can filter the rows by what stands in them."""
    legend: tuple[str, ...] = ()
    """Names of the cells of the rows' strips, from left to right."""
    covers: str = ""
    """What its intervals cover: `report.covers` says it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: two Vega-Lite specifications (wide and narrow), words, and its data as a table."""

    id: str
    caption: str
    alt: str
    wide: Mapping[str, Any]
    narrow: Mapping[str, Any]
    data: Table
    by_model: bool = False
    """Whether blue marks the focus models and gray the others: a reader may choose another one."""
    covers: str = ""
    """What its intervals cover: `report.covers` says it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: path below the version's folder (``overall.md``), title, Markdown, section.

    A ``wide`` page has no table of contents beside it: its tables need the room.
    """

    path: str
    title: str
    markdown: str
    section: str | None = None
    description: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Latest:
    """The version that readers of another one should know of: the newest published one.

    ``replaces`` says whether it is newer than that other one; ``pages`` are its pages, as
    `Page.path`.
    """

    name: str
    replaces: bool
    pages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of a release."""

    title: str
    benchmark: str
    authors: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One release rendered: what `report.site` stages and hands to MkDocs."""

    name: str
    title: str
    date: str
    draft: bool
    pages: Sequence[Page]
    files: Mapping[str, bytes] = field(default_factory=dict)
    site_name: str = "Benchproof"
    aliases: Sequence[str] = ()
    frozen: bool = False
    moved: int = 0
    """How many figures moved since the release was frozen; they are on the page drift.md."""
    entry: Entry | None = None
    feed: bool = False
    """Whether the site has a feed, which every page then names."""
    social: str = ""
    """What the picture that stands for the version says (`report.social`); empty without one."""
    latest: Latest | None = None
    """None for the latest version itself, and where nothing is published."""
