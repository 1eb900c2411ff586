"""A version's pages as a docs folder and a derived mkdocs.yml, ready for MkDocs or a fork of it."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from harness.errors import BenchproofError
from report.disk import copy_folder
from report.document import Page, Version
from report.drawing import runtime, write_atomically
from report.html import escape, plain
from report.lineage import in_latest, linked, selector_title
from report.policy import POLICY


def stage(version: Version, *, folder: Path, config: Path, theme: Path, cache: Path | None) -> Path:
    """Write the version below ``folder`` and return the path of its mkdocs.yml.

    ``folder`` must be empty or absent. It can be moved and built anywhere: every file is in it,
    theme and chart runtime included, and no hook or plugin is needed.
    """
    docs = folder / "docs"
    for page in version.pages:
        _write(docs, page.path, _markdown(page, version).encode())
    for path, content in version.files.items():
        _write(docs, path, content)
    _write(docs, "assets/vega.js", runtime(cache=cache).encode())
    copy_folder(theme, folder / "theme")
    derived = _derive(read_config(config), version)
    file = folder / "mkdocs.yml"
    write_atomically(file, yaml.safe_dump(derived, sort_keys=False, allow_unicode=True).encode())
    return file


def stage_all(
    versions: Sequence[Version],
    *,
    into: Path,
    config: Path,
    theme: Path,
    cache: Path | None,
    only: str | None = None,
) -> list[Path]:
    """Write every version, or ``only`` one, to a folder of its name; return their mkdocs.yml.

    Raises
    ------
    BenchproofError
        No such version, or a folder of its name holds something else.
    """
    chosen = [version for version in linked(versions) if only in (None, version.name)]
    if not chosen:
        known = ", ".join(plain(version.name) for version in versions)
        raise BenchproofError(f"{plain(str(only))}: no such release; there are {known}")
    for version in chosen:
        folder = into / version.name
        if folder.exists() and not (folder / "mkdocs.yml").is_file():
            raise BenchproofError(
                f"{folder}: holds no staged release, and would be replaced\n"
                "  Choose another folder with --to."
            )
    for version in chosen:
        shutil.rmtree(into / version.name, ignore_errors=True)
    return [
        stage(version, folder=into / version.name, config=config, theme=theme, cache=cache)
        for version in chosen
    ]


def read_config(config: Path) -> dict[str, Any]:
    """Read the site's mkdocs.yml."""
    try:
        settings = yaml.safe_load(config.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise BenchproofError(
            f"{config}: {error}\n  Python tags (!!python) are not read."
        ) from error
    if not isinstance(settings, dict):
        raise BenchproofError(f"{config}: found {type(settings).__name__}; expected settings")
    return settings


def _write(docs: Path, path: str, content: bytes) -> None:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or not parts.parts:
        raise ValueError(f"path {path!r} leaves the version's folder")
    write_atomically(docs / parts, content)


def _markdown(page: Page, version: Version) -> str:
    """Return the page with front matter.

    The theme prints title and description raw, and un-escapes a title it takes from a heading:
    both are therefore given here, escaped.
    """
    meta: dict[str, Any] = {"title": str(escape(page.title))}
    if page.description:
        meta["description"] = str(escape(page.description))
    if address := in_latest(page, version):
        meta["latest"] = address
    if hidden := _hidden(page, version.pages):
        meta["hide"] = hidden
    return f"---\n{yaml.safe_dump(meta, sort_keys=False)}---\n\n{page.markdown.strip()}\n"


def _hidden(page: Page, pages: Sequence[Page]) -> list[str]:
    """Which sidebars go: those with one page or fewer than two headings, and a wide page's."""
    siblings = [p for p in pages if p.section == page.section]
    alone = page.section is None or len(siblings) == 1
    headings = sum(line.startswith("## ") for line in page.markdown.splitlines())
    return ["navigation"] * alone + ["toc"] * (page.wide or headings < 2)


def _derive(settings: Mapping[str, Any], version: Version) -> dict[str, Any]:
    url = (settings.get("site_url") or "").rstrip("/")
    extra = settings.get("extra", {}) | {
        "benchproof": {
            "version": str(escape(version.name)),
            "folder": version.name,
            "title": str(escape(version.title)),
            "date": str(escape(version.date)),
            "draft": version.draft,
            "frozen": version.frozen,
            "moved": version.moved,
            "feed": version.feed,
            "social": str(escape(version.social)),
            "root": f"{url}/" if url else "",
            "latest": str(escape(version.latest.name)) if version.latest else "",
            "latest_home": f"{version.latest.name}/index.html" if version.latest else "",
            "outdated": bool(version.latest and version.latest.replaces),
            "policy": POLICY,
        }
    }
    return {
        **settings,
        "site_name": str(escape(version.site_name)),
        "site_url": f"{url}/{version.name}/" if url else "",
        "docs_dir": "docs",
        "theme": settings["theme"] | {"custom_dir": "theme"},
        "nav": navigation(version.pages),
        "extra": extra,
    }


def navigation(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Return MkDocs' nav: pages in order, those of one section together where its first stands."""
    nav: dict[str, Any] = {}
    for page in pages:
        entry = {str(escape(page.title)): page.path}
        if page.section is None:
            nav[f"page {page.path}"] = entry
        else:
            section = nav.setdefault(f"section {page.section}", {str(escape(page.section)): []})
            section[str(escape(page.section))].append(entry)
    return list(nav.values())


def versions_json(versions: Sequence[Version]) -> str:
    """Return the list that the theme's selector and mike read, newest first."""
    return json.dumps(
        [
            {
                "version": version.name,
                "title": selector_title(version),
                "aliases": list(version.aliases),
            }
            for version in versions
        ],
        indent=2,
    )
