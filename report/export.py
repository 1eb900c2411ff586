"""A release's tables and charts as files for a paper, named stably, and its pages as one PDF."""

import json
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from harness.errors import BenchproofError
from harness.release import Release
from report.document import Version
from report.drawing import print_forms, write_atomically
from report.every_eval_ever import chosen, export_records
from report.export_report import find_browser, print_report
from report.progress import progress
from report.site import build_site

TABLES, CHARTS = "data/tables/", "data/charts/"


REPORT = "report.pdf"


def run_export(
    options: Namespace,
    *,
    read: Callable[[], Sequence[Release]],
    render: Callable[[], Sequence[Version]],
    root: Path,
) -> str:
    """Run ``build.py export`` and return what it says in the end.

    Parameters
    ----------
    options
        With ``release`` (or None), ``format``, ``to`` (or None), ``without_report`` and ``cache``.
    read, render
        Give the releases, and their rendered versions.
    root
        The project's folder.
    """
    if options.format != "paper":
        release = chosen(read(), options.release or "")
        target = options.to or root / "export" / release.version
        return f"{len(export_records(release, target))} records in {target}"
    with progress() as say:
        say("reading and analysing releases")
        version = choose(render(), options.release)
        target = options.to or root / "export" / version.name
        written = export_paper(
            version,
            target,
            config=root / "mkdocs.yml",
            theme=root / "docs" / "theme",
            work=options.cache,
            report=not options.without_report,
            say=say,
        )
    return f"{len(written)} files of {version.name} in {target}"


def choose(versions: Sequence[Version], name: str | None) -> Version:
    """Return the version of this name; without one the newest that is published, or the newest.

    Raises
    ------
    BenchproofError
        There is none of that name; the known ones are listed.
    """
    for version in versions:
        if version.name == name:
            return version
    if name is not None or not versions:
        known = ", ".join(version.name for version in versions) or "none"
        raise BenchproofError(f"no release is called {name!r}; known: {known}")
    return next((v for v in reversed(versions) if not v.draft), versions[-1])


def export_paper(
    version: Version,
    target: Path,
    *,
    config: Path,
    theme: Path,
    work: Path,
    report: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write a version's exhibits and, unless ``report`` is false, all its pages as `REPORT`.

    Files of the same name in ``target`` are replaced, others stay as they are.

    Parameters
    ----------
    version
        As `report.versions.render_version` returns it.
    target
        A folder; made if it is not there.
    config, theme, work
        As in `report.site.build_site`.
    report
        Needs Chromium.
    say
        Called with a short sentence at each step.

    Raises
    ------
    BenchproofError
        No Chromium (before anything is written), or it failed; the target is a file.
    """
    if target.exists() and not target.is_dir():
        raise BenchproofError(f"{target}: a file; expected a folder for the export")
    browser = find_browser() if report else ""
    say("drawing charts for print")
    written = export_exhibits(version, target, cache=work / "drawings")
    if not report:
        return written
    with tempfile.TemporaryDirectory(prefix="benchproof-export-") as folder:
        site = Path(folder) / "site"
        alone = replace(version, aliases=())
        build_site(
            [alone], target=site, config=config, theme=theme, work=work / "export", progress=say
        )
        say("printing the report")
        print_report(version, site / version.name, target / REPORT, browser=browser)
    return [*written, target / REPORT]


def export_exhibits(version: Version, target: Path, *, cache: Path | None) -> list[Path]:
    """Write every table and chart of a rendered version and return the files, in order.

    ``tables/`` holds CSV and LaTeX (booktabs), ``charts/`` the drawing as SVG, PDF and PNG in
    light colours, and its data as CSV. Names are those of the site's downloads; equal input gives
    equal bytes.

    Parameters
    ----------
    version
        As `report.versions.render_version` returns it.
    target
        An existing folder.
    cache
        Folder that keeps drawings between builds.
    """
    written = []
    for path, content in _files(version, cache):
        file = target / path
        write_atomically(file, content)
        written.append(file)
    return written


def _files(version: Version, cache: Path | None) -> Iterator[tuple[str, bytes]]:
    for path, content in sorted(version.files.items()):
        name = PurePosixPath(path)
        if path.startswith(TABLES) and name.suffix in {".csv", ".tex"}:
            yield f"tables/{name.name}", content
        elif path.startswith(CHARTS) and name.suffix in {".csv", ".svg"}:
            yield f"charts/{name.name}", content
        elif path.startswith(CHARTS) and name.suffix == ".json":
            for suffix, drawn in print_forms(json.loads(content), cache=cache).items():
                yield f"charts/{name.stem}.{suffix}", drawn
