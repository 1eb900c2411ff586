"""The site while it is being written: in a folder of its own, only edited pages built anew.

A published site is always built whole. Here the first state is that build; then a page whose
Markdown is as it was keeps its HTML, which MkDocs calls a dirty build. Anything but an edited page
(another page, the navigation, the theme) builds the version whole again.
"""

import filecmp
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.release import Release
from report.disk import copy_folder
from report.document import Version
from report.drawing import write_atomically
from report.exhibits.common import Context
from report.lineage import linked
from report.lobby import alias_files, lobby_files
from report.mkdocs_build import build_docs
from report.site import fingerprint, sort_versions
from report.staging import read_config, stage

_INDEX = "search/search_index.json"


class Kept:
    """Releases and what was computed of them, until a file below ``results`` changes.

    An edited sentence computes nothing, be it of docs/ or of a release's own pages; those change
    the checksum that the release's citation states, and nothing else.
    """

    def __init__(self, results: Path, *, read: Callable[[], tuple[Release, ...]]) -> None:
        self._results, self._read = results, read
        self._seen: dict[Path, tuple[int, int]] = {}
        self._releases: tuple[Release, ...] = ()
        self._warm: dict[str, Context] = {}

    def current(self) -> tuple[tuple[Release, ...], dict[str, Context]]:
        """Return the releases as they are now, and what is known of them."""
        files = _all_files(self._results)
        seen = {f: (f.stat().st_mtime_ns, f.stat().st_size) for f in files}
        if seen == self._seen:
            return self._releases, self._warm
        releases = self._read()
        edited = {file for file, _ in seen.items() ^ self._seen.items()}
        narrative = all(f.relative_to(self._results).parts[1:2] == ("pages",) for f in edited)
        if not narrative:
            self._warm = {}
        for release in releases:
            if release.version in self._warm:
                self._warm[release.version] = _restated(self._warm[release.version], release)
        self._releases, self._seen = releases, seen
        return self._releases, self._warm


def _restated(context: Context, release: Release) -> Context:
    """Return what is known of a release for the same one with other narrative."""
    # The figures stay those of one reading: only the checksum is another.
    same = replace(context.analysis.release, digest=release.digest)
    copy = replace(context, analysis=replace(context.analysis, release=same))
    fields = Context.__dataclass_fields__
    vars(copy).update({key: value for key, value in vars(context).items() if key not in fields})
    return copy


class Preview:
    """The folder that is served, and what its versions were staged from.

    State is the point: what an edit changed is known by what was there before.
    """

    def __init__(self, built: Path, *, config: Path, theme: Path, work: Path) -> None:
        """Begin with the site in ``built``, as `report.site.build_site` left it with ``work``."""
        self.config, self.theme, self.work = config, theme, work
        self.site, self._staged = work / "preview/site", work / "preview/staged"
        shutil.rmtree(work / "preview", ignore_errors=True)
        copy_folder(built, self.site)
        self._prints: dict[str, str] = {}
        for folder in sorted((work / "versions").iterdir()):
            if (self.site / folder.name).is_dir():
                self._prints[folder.name] = (folder / "fingerprint").read_text("utf-8")

    def update(self, versions: Sequence[Version]) -> None:
        """Show these versions, oldest first; what is as it was is left alone.

        Raises
        ------
        SiteError
            As for a whole build; the other pages and versions are shown all the same.
        """
        ordered = sort_versions(linked(versions))
        for version in ordered:
            found = fingerprint(version, config=self.config, theme=self.theme)
            if self._prints.get(version.name) != found:
                self._prints.pop(version.name, None)
                self._build(version)
                self._prints[version.name] = found
        base = read_config(self.config).get("site_url") or ""
        _write_changed(self.site, lobby_files(ordered, base=base))
        for version in ordered:
            for alias in version.aliases:
                files = alias_files(self.site / version.name, version=version.name)
                _write_changed(self.site / alias, files)

    def _build(self, version: Version) -> None:
        staged, into = self._staged / version.name, self.site / version.name
        before = self._before(version.name)
        with TemporaryDirectory(dir=self.work) as name:
            new = Path(name) / "version"
            stage(
                version,
                folder=new,
                config=self.config,
                theme=self.theme,
                cache=self.work / "drawings",
            )
            edited = _edited(before, new) if before else None
            if before is None or before != staged:
                shutil.rmtree(staged, ignore_errors=True)
                copy_folder(before or new, staged)
                for file in _all_files(staged):
                    os.utime(file, (1, 1))  # older than any HTML that was made of it
            _take_over(new, staged)
        index = into / _INDEX
        old = json.loads(index.read_bytes()) if edited is not None and index.exists() else None
        build_docs(
            staged / "mkdocs.yml",
            into=into,
            version=version.name,
            date=version.date,
            dirty=old is not None,
        )
        if old is not None and edited:
            _merge_index(index, old, edited)

    def _before(self, name: str) -> Path | None:
        """Where this version was staged last: here, or for the site that was built first."""
        for folder in (self._staged / name, self.work / "versions" / name):
            if (folder / "mkdocs.yml").exists():
                return folder
        return None


def _edited(old: Path, new: Path) -> set[str] | None:
    """Return the addresses of the pages that differ, or None if anything else does."""
    if _files(old) != _files(new):
        return None
    changed = {
        path for path in _files(new) if not filecmp.cmp(old / path, new / path, shallow=False)
    }
    pages = {path for path in changed if path.startswith("docs/") and path.endswith(".md")}
    if any(not path.startswith(("docs/data/", "docs/assets/")) for path in changed - pages):
        return None
    return {path.removeprefix("docs/").removesuffix(".md") + ".html" for path in pages}


def _files(folder: Path) -> set[str]:
    found = (path.relative_to(folder).as_posix() for path in _all_files(folder))
    return {path for path in found if not path.startswith("site/") and path != "fingerprint"}


def _all_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _take_over(new: Path, staged: Path) -> None:
    """Make ``staged`` hold what ``new`` does; files that are equal keep their times."""
    shutil.rmtree(staged / "site", ignore_errors=True)
    for path in _files(staged) - _files(new):
        (staged / path).unlink()
    _write_changed(staged, {path: (new / path).read_bytes() for path in _files(new)})


def _write_changed(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        file = folder / path
        if not file.exists() or file.read_bytes() != content:
            write_atomically(file, content)


def _merge_index(file: Path, old: dict[str, list[dict[str, str]]], edited: set[str]) -> None:
    """Put back what the search knew of pages that were not built, each in its place."""
    new = json.loads(file.read_bytes())
    fresh = {page: [d for d in new["docs"] if _page(d) == page] for page in edited}
    docs: list[dict[str, str]] = []
    for entry in old["docs"]:
        page = _page(entry)
        docs += fresh.pop(page, []) if page in edited else [entry]
    text = json.dumps({**new, "docs": docs}, separators=(",", ":"))
    write_atomically(file, text.encode())


def _page(entry: dict[str, str]) -> str:
    return entry["location"].split("#")[0]
