"""The founding report's pages as text: a change of any figure or sentence shows in the diff.

``make snapshots`` accepts the pages as they are now; read the diff before committing it.
"""

import html
import os
import re
from functools import cache
from pathlib import Path

import pytest
from markupsafe import Markup

from harness.folder import read_releases
from report.changes.history import History
from report.charts import LazyFigure
from report.consistency import followed
from report.document import Table
from report.exhibits.common import Context
from report.pages import Placer, render_pages
from report.versions import history_of

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOTS = Path(__file__).parent / "snapshots"
GENERATED = ("methods/speed.md", "methods/correctness.md")
"""Pages that benchmarks/ writes and their own tests check."""

VERSIONS = ("v0.1-draft1", "v0.1-draft2", "v0.1")


class AsText(Placer):
    """Places exhibits as a reader would hear them: caption, alternative text, cells."""

    def figure(self, figure: LazyFigure) -> Markup:
        self.figures[figure.id] = figure
        return Markup(
            f"[figure {figure.id}]\ncaption: {figure.caption}\n{_covers(figure)}alt: {figure.alt}\n"
        )

    def table(self, table: Table, *, folded: str | None = None) -> Markup:
        self.tables[table.id] = table
        columns = [column for column in table.columns if column.in_page]
        lines = [" | ".join(column.heading for column in columns)]
        lines += [
            " | ".join(row[c.key].text if c.key in row else "" for c in columns)
            + ("  *" if i in table.focus_rows else "")
            for i, row in enumerate(table.rows)
        ]
        fold = f" (folded: {folded})" if folded else ""
        head = f"[table {table.id}]{fold}\n{table.caption}\n{_covers(table)}"
        return Markup(head + "\n".join([*lines, ""]))


def _covers(exhibit: LazyFigure | Table) -> str:
    return f"covers: {exhibit.covers}\n" if exhibit.covers else ""


def _words(findings: re.Match[str]) -> str:
    """Findings of the audit without their tags, one to a paragraph."""
    cards = findings[0].split('<div class="bp-finding ')[1:]
    lines = [html.unescape(re.sub(r"<[^>]+>", "", card.partition(">")[2])) for card in cards]
    return "\n\n".join(line.strip() for line in lines) + "\n"


def as_text(markdown: str) -> str:
    """Drop the markup of single values, so that a snapshot reads like the page."""
    # A checksum of the folder: any edit there would move it.
    markdown = re.sub(r"\b[0-9a-f]{64}\b", "[SHA-256]", markdown)
    text = re.sub(r'<div class="bp-findings">.*?</div>\n</div>', _words, markdown, flags=re.DOTALL)
    text = re.sub(r'<span class="bp-(value|ci)"[^>]*>|</span>', "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def history() -> History:
    return history_of(read_releases(ROOT / "results"), docs=ROOT / "docs", cache=None)


@pytest.mark.parametrize("version", VERSIONS)
def test_pages_read_as_they_did(version: str) -> None:
    releases = read_releases(ROOT / "results")
    release = next(item for item in releases if item.version == version)
    context = Context(
        history().analysis(version), earlier=followed(release, releases), history=history()
    )
    pages = render_pages(context, docs=ROOT / "docs", placer=AsText(cache=None))
    found = {page.path: as_text(page.markdown) for page in pages if page.path not in GENERATED}
    folder = SNAPSHOTS / version
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        for path, text in found.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
    kept = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.md")
    }
    assert found.keys() == kept.keys()
    for path, text in found.items():
        assert text == kept[path], f"{version}/{path} changed; if it is right: make snapshots"
