"""A chart as what it shows, before altair has made a specification of it.

Altair takes half a second to import and tens of milliseconds for each specification; a build has
dozens, and most of them are those of the last build. A chart is therefore kept as the function
and the rows that make it, and its specification is kept between builds under a digest of both and
of the code.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from report.document import Figure, Table
from report.drawing import write_atomically

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
        if kept is None:
            return self._build()
        file = kept / f"{self._digest()}.spec.json"
        if file.exists():
            return dict(json.loads(file.read_text("utf-8")))
        made = self._build()
        write_atomically(file, json.dumps(made, ensure_ascii=False, allow_nan=False).encode())
        return made

    def _build(self) -> Specification:
        build = getattr(import_module(f"report.charts.{self.module}"), self.name)
        return dict(build(*self.arguments, **self.options))

    def _digest(self) -> str:
        what = [self.module, self.name, self.arguments, self.options, _code()]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def lazy_chart(module: str, name: str) -> Callable[..., LazyChart]:
    """Stand in for a chart function; its arguments must be plain data that JSON can hold."""

    def chart(*arguments: Any, **options: Any) -> LazyChart:
        return LazyChart(module, name, arguments, options)

    return chart


@dataclass(frozen=True, slots=True)
class LazyFigure:
    """A `report.document.Figure` whose charts have no specification yet."""

    id: str
    caption: str
    alt: str
    wide: LazyChart
    narrow: LazyChart
    data: Table

    def figure(self, kept: Path | None) -> Figure:
        """Make both specifications, or take them from the folder ``kept``."""
        wide, narrow = (chart.specification(kept) for chart in (self.wide, self.narrow))
        return Figure(self.id, self.caption, self.alt, wide, narrow, self.data)


@cache
def _code() -> str:
    """Digest of the chart code and of altair's version: either may change what is drawn."""
    digest = hashlib.sha256(version("altair").encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
