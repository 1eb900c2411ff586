"""MkDocs as a library: one staged version in, its folder out, any warning an error."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.errors import BenchproofError
from report.disk import OF_THE_DISK


class SiteError(BenchproofError):
    """MkDocs could not build a version without a warning.

    Attributes
    ----------
    version : str
        Which version.
    problems : tuple of str
        What MkDocs said, one sentence each.
    """

    def __init__(self, version: str, problems: tuple[str, ...]) -> None:
        self.version = version
        self.problems = problems
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{version}: the site was not built; the old one stays\n{listed}")

    def __reduce__(self) -> tuple[type["SiteError"], tuple[str, tuple[str, ...]]]:
        """Let the error travel from the process that builds a version."""
        return SiteError, (self.version, self.problems)


class _Collector(logging.Handler):
    """Keeps what MkDocs warns about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.problems: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not message.startswith("A 'dirty' build"):  # we know: it was asked for
            self.problems.append(message)


def build_docs(config: Path, *, into: Path, version: str, date: str, dirty: bool = False) -> None:
    """Build one staged version.

    Parameters
    ----------
    config
        The staged mkdocs.yml.
    into
        The folder to fill; emptied first, unless ``dirty``.
    version, date
        For messages, and the ISO date that stands in for today's (SOURCE_DATE_EPOCH has priority;
        a version without a date gets the fixed day 2025-01-01).

    dirty
        Leave pages alone whose HTML is newer than their Markdown; the search index then holds only
        the others.

    Raises
    ------
    SiteError
        MkDocs failed, or warned: a broken link, a page that is not in the navigation.
    """
    with _collected() as collector, dated(date):
        try:
            _run(config, into, dirty=dirty)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in OF_THE_DISK:
                raise
            problems = (*collector.problems, f"{type(error).__name__}: {error}")
            raise SiteError(version, problems) from error
    if collector.problems:
        raise SiteError(version, tuple(collector.problems))
    prune(into)


def _run(config: Path, into: Path, *, dirty: bool) -> None:
    from mkdocs.commands.build import build  # noqa: PLC0415 - slow import
    from mkdocs.config import load_config  # noqa: PLC0415 - slow import

    settings = load_config(config_file=str(config), site_dir=str(into.resolve()), strict=False)
    kept = _kept_templates(config.parent.parent.parent / "templates")
    settings.plugins["benchproof/templates"] = kept
    _list_no_icons(settings.theme)
    settings.plugins.on_startup(command="build", dirty=dirty)
    for plugin in settings.plugins.values():
        if hasattr(plugin, "search_index_prev"):  # what it kept from a build of another version
            plugin.search_index_prev = None
    try:
        build(settings, dirty=dirty)
    finally:
        settings.plugins.on_shutdown()


def _list_no_icons(theme: Any) -> None:
    """Spare MkDocs from listing, at each build, the theme's 13,000 icons: it drops them all."""
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 - slow import

    class Visible(FileSystemLoader):
        def list_templates(self) -> list[str]:
            found: set[str] = set()
            for root in map(Path, self.searchpath):
                for folder, inner, files in os.walk(root):
                    inner[:] = [name for name in inner if not name.startswith(".")]
                    below = Path(folder).relative_to(root)
                    found.update((below / name).as_posix() for name in files)
            return sorted(found)

    get_env = theme.get_env

    def with_visible() -> Environment:
        environment: Environment = get_env()
        environment.loader = Visible(theme.dirs)
        return environment

    theme.get_env = with_visible


def _kept_templates(folder: Path) -> object:
    """Keep the theme's compiled templates between builds: a tenth of the time of each."""
    from jinja2 import Environment, FileSystemBytecodeCache  # noqa: PLC0415 - slow import
    from mkdocs.plugins import BasePlugin  # noqa: PLC0415 - slow import

    folder.mkdir(parents=True, exist_ok=True)

    class KeptTemplates(BasePlugin):  # type: ignore[misc] # mkdocs is untyped here
        def on_env(self, env: Environment, **_: object) -> Environment:
            env.bytecode_cache = FileSystemBytecodeCache(str(folder))
            return env

    return KeptTemplates()


@contextmanager
def _collected() -> Iterator[_Collector]:
    """Collect warnings ourselves: MkDocs' strict mode only counts them."""
    logger, collector = logging.getLogger("mkdocs"), _Collector()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(collector)
    try:
        yield collector
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate


@contextmanager
def dated(date: str) -> Iterator[None]:
    """Let MkDocs write the release's date into the sitemap instead of today's."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    # A release without a date gets a fixed day, never today.
    epoch = datetime.fromisoformat(date or "1980-01-01").replace(tzinfo=UTC).timestamp()
    os.environ["SOURCE_DATE_EPOCH"] = before or str(int(epoch))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]


def prune(folder: Path) -> None:
    """Drop what no page asks for: source maps, other languages' search, a 404 nobody serves."""
    for file in folder.glob("assets/**/*.map"):
        file.unlink()
    shutil.rmtree(folder / "assets/javascripts/lunr", ignore_errors=True)
    (folder / "404.html").unlink(missing_ok=True)
