"""Exhibits put into pages, and the files they bring."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from report.charts import LazyFigure
from report.document import Table
from report.figure import figure_files, figure_html
from report.hooks import Hooks
from report.html import block, escape
from report.tables import table_files, table_html

Placed = tuple[LazyFigure | Table, dict[str, bytes]]
"""An exhibit and the files it brings."""


@dataclass
class Placer:
    """Puts exhibits into a page and remembers the files they bring; one for each version.

    State is the point: figures are numbered within a page, and the data page lists what all the
    others placed. A ``wordless`` one places nothing and makes no exhibit: the text remains.
    """

    cache: Path | None
    wordless: bool = False
    hooks: Hooks = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    figures: dict[str, LazyFigure] = field(default_factory=dict)
    depth: int = 0
    number: int = 0
    badges: int = 0
    placed: list[Placed] = field(default_factory=list)
    """What the current page brought so far."""
    _figure_files: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def start(self, path: str) -> None:
        """Begin a page."""
        self.depth, self.number, self.badges, self.placed = path.count("/"), 0, 0, []

    def replay(self, placed: Iterable[Placed]) -> None:
        """Bring what a page brought that need not be rendered again."""
        for exhibit, files in placed:
            if isinstance(exhibit, Table):
                _check_one(self.tables.get(exhibit.id), exhibit)
                self.tables[exhibit.id] = exhibit
            else:
                _check_one(self.figures.get(exhibit.id), exhibit)
                self.figures[exhibit.id] = exhibit
                self._figure_files[exhibit.id] = files
            self.files.update(files)

    def figure(self, lazy: LazyFigure) -> Markup:
        """Place a figure at this point of the page."""
        self.number += 1
        _check_one(self.figures.get(lazy.id), lazy)
        figure = lazy.figure(self.cache)
        if figure.id not in self.figures:
            self._figure_files[figure.id] = figure_files(figure, cache=self.cache)
            self.files.update(self._figure_files[figure.id])
        self.figures[figure.id] = lazy
        self.placed.append((lazy, self._figure_files[figure.id]))
        html = figure_html(
            figure, number=self.number, depth=self.depth, cache=self.cache, hooks=self.hooks
        )
        return _placed(html)

    def table(self, table: Table, *, folded: str | None = None) -> Markup:
        """Place a table at this point of the page; ``folded`` is the title of a closed fold."""
        _check_one(self.tables.get(table.id), table)
        files = table_files(table)
        self.files.update(files)
        self.tables[table.id] = table
        self.placed.append((table, files))
        html = table_html(table, depth=self.depth, hooks=self.hooks)
        if folded:
            fold = '<details class="bp-fold"><summary>{}</summary>\n{}\n</details>'
            html = Markup(fold).format(escape(folded), html)  # noqa: S704 - a constant
        return _placed(html)


def _check_one(before: LazyFigure | Table | None, now: LazyFigure | Table) -> None:
    """Two exhibits under one id would overwrite each other's files."""
    if before is not None and before != now:
        raise ValueError(f"two different exhibits are called {now.id!r}")


def _placed(html: Markup) -> Markup:
    return Markup(block(html))  # noqa: S704 - html is Markup already
