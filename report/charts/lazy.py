"""A chart as what it shows, before altair has made a specification of it.

Altair takes half a second to import and tens of milliseconds for each specification; a build has
dozens, and most of them are those of the last build. A chart is therefore kept as the function
and the rows that make it, and its specification is kept between builds under a digest of both and
of the code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from report.document import Figure, Table
from report.kept import kept_json

Specification = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LazyChart:
    """A chart function, named so that its module need not be imported, and its arguments."""

    module: str
    name: str
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]

    def specification(self, kept: Path | None) -> Specification:
        """Return the Vega-Lite specification, from the folder ``kept`` if it is there."""
        made = kept_json(
            kept,
            "spec",
            [self.module, self.name, self.arguments, self.options],
            self._build,
            code="report/charts/*.py",
            basis=version("altair"),
        )
        return dict(made)

    def _build(self) -> Specification:
        build = getattr(import_module(f"report.charts.{self.module}"), self.name)
        return dict(build(*self.arguments, **self.options))


def lazy_chart(module: str, name: str) -> Callable[..., LazyChart]:
    """Stand in for a chart function; its arguments must be plain data that JSON can hold."""

    def chart(*arguments: Any, **options: Any) -> LazyChart:
        return LazyChart(module, name, arguments, options)

    return chart


@dataclass(frozen=True, slots=True)
class LazyFigure:
    """A `report.document.Figure` whose charts have no specification yet.

    ``drawn`` names the columns of its data whose intervals it draws; all by default.
    """

    id: str
    caption: str
    alt: str
    wide: LazyChart
    narrow: LazyChart
    data: Table
    by_model: bool = False
    drawn: tuple[str, ...] = ()
    covers: str = ""

    def figure(self, kept: Path | None) -> Figure:
        """Make both specifications, or take them from the folder ``kept``."""
        wide, narrow = (chart.specification(kept) for chart in (self.wide, self.narrow))
        return Figure(
            self.id,
            self.caption,
            self.alt,
            wide,
            narrow,
            self.data,
            self.by_model,
            self.covers,
        )
