"""The preview shows what a whole build would, after any edit."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small import write_small_release

import build
from report.preview import Kept, Preview

pytestmark = pytest.mark.slow


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def edit(tmp_path: Path) -> Callable[..., set[str]]:
    """Build, then return ``edit(path, old, new)``, which says what differs from a whole build."""
    write_small_release(tmp_path)
    shutil.copytree(build.HERE / "docs", tmp_path / "docs")
    places: dict[str, Any] = {n: tmp_path / n for n in ("site", "cache", "docs", "results")}
    options: Any = SimpleNamespace(**places, builder=None)
    build._build(options)
    config, theme = build.HERE / "mkdocs.yml", build.HERE / "docs/theme"
    preview = Preview(options.site, config=config, theme=theme, work=options.cache)
    kept = Kept(options.results, read=lambda: build._read(options))
    again = SimpleNamespace(
        builder=None, **{**places, "site": tmp_path / "w/site", "cache": tmp_path / "w/cache"}
    )

    def make(path: str, old: str, new: str) -> set[str]:
        file = tmp_path / path
        text = file.read_text("utf-8") if file.exists() else ""
        assert old in text
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")
        preview.update(build._render(options, *kept.current()))
        build._build(again)  # type: ignore[arg-type]
        shown, whole = contents(preview.site), contents(again.site)
        return {p for p in shown.keys() | whole.keys() if shown.get(p) != whole.get(p)}

    return make


def test_an_edit_shows_exactly_what_a_whole_build_would(edit: Callable[..., set[str]]) -> None:
    assert edit("docs/about.md", "", "\nOne more sentence.\n\n## A new heading\n\nText.\n") == set()
    assert edit("docs/about.md", "## A new heading", "## Another heading") == set()
    # A fact, then a page more: more than one page's HTML depends on these.
    assert edit("results/v1/counts.csv", "a,,,10,8,6", "a,,,10,8,6") == set()
    assert edit("results/v1/models.toml", 'name = "Other"', 'name = "Renamed"') == set()
    assert edit("results/v1/pages/more.md", "", "# What we learned\n\nMuch.\n") == set()
    assert edit("results/v1/pages/more.md", "Much.", "Little.") == set()
    assert edit("results/v1/models.toml", 'name = "Renamed"', 'name = "Other"') == set()
