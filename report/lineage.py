"""Which version is the latest, and what the others say of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from harness.release import Release
from report.document import Latest, Page, Version
from report.feed import in_feed
from report.html import link


def aliases(releases: Sequence[Release]) -> dict[str, tuple[str, ...]]:
    """Return the aliases of each release, given oldest first.

    ``latest`` is the newest published one, ``draft`` the newest draft; each exists only if there is
    such a release.
    """
    newest = {}
    for release in releases:
        newest["latest" if release.status == "published" else "draft"] = release.version
    return {
        release.version: tuple(alias for alias, name in newest.items() if name == release.version)
        for release in releases
    }


def linked(versions: Sequence[Version]) -> list[Version]:
    """Tell each version, given oldest first, of the newest published one and its pages."""
    feed = any(map(in_feed, versions))
    versions = [replace(version, feed=feed) for version in versions]
    published = [at for at, version in enumerate(versions) if not version.draft]
    if not published:
        return [replace(version, latest=None) for version in versions]
    newest = published[-1]
    pages = frozenset(page.path for page in versions[newest].pages)
    return [
        replace(
            version,
            latest=None
            if at == newest
            else Latest(versions[newest].name, replaces=at < newest, pages=pages),
        )
        for at, version in enumerate(versions)
    ]


def in_latest(page: Page, version: Version) -> str | None:
    """Return the page's address in the latest version, below the site's root; None without one."""
    latest = version.latest
    if latest is None or page.path not in latest.pages:
        return None
    return str(link(f"{latest.name}/{PurePosixPath(page.path).with_suffix('.html')}"))


def selector_title(version: Version) -> str:
    """Return the version's name in lists, where a draft must be known as one."""
    marked = not version.draft or "draft" in version.name.casefold()
    return version.name if marked else f"{version.name} (draft)"
