"""The whole site: MkDocs for each version, versions.json, aliases, and one atomic swap.

Layout (compatible with mike, so that the theme's version selector works)::

    site/index.html            to the latest version
    site/versions.json, .js    which versions there are; the script serves pages opened from disk
    site/versions.html         the same as a plain list
    site/404.html, .nojekyll
    site/_headers              what a host should send, for hosts that read such a file
    site/v0.1/…                one folder for each version
    site/latest/…              an alias: pages redirect, data files are copies
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version as installed
from pathlib import Path

from harness.errors import BenchproofError
from report import swap
from report.builders import Builder
from report.disk import copy_folder
from report.document import Version
from report.html import plain
from report.lineage import in_latest, linked
from report.lobby import alias_files, lobby_files
from report.mkdocs_build import SiteError
from report.staging import read_config
from report.version_builds import Progress, built_versions

__all__ = ["SiteError", "build_site", "sort_versions"]

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SOFTWARE = ("mkdocs", "mkdocs-material", "Markdown", "pymdown-extensions", "vl-convert-python")


def build_site(
    versions: Sequence[Version],
    *,
    target: Path,
    config: Path,
    theme: Path,
    work: Path,
    progress: Progress,
    builder: Builder | None = None,
) -> None:
    """Build every version beside ``target``, then put the whole in its place at once.

    A version whose pages, files, configuration and theme are those of the last build is taken from
    ``work``. Equal input gives equal bytes: no clock, no random id.

    Parameters
    ----------
    versions
        At least one, oldest first; names and aliases are folders of the site and must differ.
    target
        The site's folder; replaced only once the new site is whole.
    config, theme
        The project's mkdocs.yml and its folder of theme overrides.
    work
        Folder that keeps staged and built versions; safe to delete.
    progress
        Called with a short sentence at each step.
    builder
        What builds the staged versions in MkDocs' stead; none for MkDocs.

    Raises
    ------
    SiteError
        MkDocs, or the other builder, warned or failed (a broken link, say): the old site stays.
    BenchproofError
        The target holds something that is no site.
    OSError
        The disk is full, or may not be written (`report.disk.disk_words`): the old site stays.
    ValueError
        No version, or names that are no folder names or occur twice.
    """
    ordered = sort_versions(linked(versions))
    target = check_target(target)
    with ExitStack() as stack:
        for path in (work / "site.lock", target.parent):
            waiting = partial(progress, "waiting for another build to end")
            stack.enter_context(swap.locked(path, waiting=waiting))
        swap.recover(target)
        stack.callback(swap.recover, target)  # a failed build leaves no half of a site
        built = built_versions(
            {v.name: fingerprint(v, config=config, theme=theme, builder=builder) for v in ordered},
            ordered,
            config=config,
            theme=theme,
            work=work,
            progress=progress,
            builder=builder,
        )
        base = read_config(config).get("site_url") or ""
        _assemble(swap.incoming(target), ordered, built, base=base)
        swap.into_place(target)


def check_target(target: Path) -> Path:
    """Return the folder itself, behind links, if a site may take its place.

    Raises
    ------
    BenchproofError
        It is a file, or holds something that is no site and would be lost.
    """
    target = target.resolve()
    if target.exists() and not target.is_dir():
        raise BenchproofError(f"{target}: a file; expected a folder for the site")
    held = sorted(path.name for path in target.iterdir()) if target.exists() else []
    if held and "versions.json" not in held:
        some = ", ".join(held[:3])
        raise BenchproofError(
            f"{target}: holds files that are no site ({plain(some)}); a site would replace them\n"
            "  Choose an empty folder, or one that is not there yet."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _assemble(
    new: Path, ordered: Sequence[Version], built: Mapping[str, Path], *, base: str
) -> None:
    for version in ordered:
        copy_folder(built[version.name], new / version.name)
        for alias in version.aliases:
            _write_all(new / alias, alias_files(built[version.name], version=version.name))
    _write_all(new, lobby_files(ordered, base=base))


def sort_versions(versions: Sequence[Version]) -> list[Version]:
    """Return the versions newest first, given oldest first (a draft may have no date to sort by).

    Raises
    ------
    ValueError
        No version, or names that are no folder names or occur twice.
    """
    if not versions:
        raise ValueError("a site needs at least one version, got none")
    names = [name for version in versions for name in (version.name, *version.aliases)]
    for name in names:
        if not _FOLDER.fullmatch(name):
            raise ValueError(f"version or alias {name!r} is no folder name")
        if names.count(name) > 1:
            raise ValueError(f"version or alias {name!r} occurs twice among {', '.join(names)}")
    return list(reversed(versions))


def fingerprint(
    version: Version, *, config: Path, theme: Path, builder: Builder | None = None
) -> str:
    """Return a digest of everything the built version depends on (its aliases are not part)."""
    digest = hashlib.sha256()
    made_by = [repr((builder.name, builder.version)).encode()] if builder else []
    if builder:
        made_by.append(Path(__file__).with_name("builders.py").read_bytes())
    for part in (*made_by, *_parts(version, config=config, theme=theme)):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _parts(version: Version, *, config: Path, theme: Path) -> Iterator[bytes]:
    head = (
        *(version.name, version.title, version.date, version.draft, version.site_name),
        *(version.frozen, version.moved, version.feed, version.social),
        version.latest and (version.latest.name, version.latest.replaces),
        [in_latest(page, version) for page in version.pages],
    )
    day = os.environ.get("SOURCE_DATE_EPOCH")
    yield repr((head, day, [(name, installed(name)) for name in _SOFTWARE])).encode()
    yield repr(tuple(version.pages)).encode()
    for path, content in sorted(version.files.items()):
        yield path.encode()
        yield content
    yield config.read_bytes()
    for module in ("staging.py", "mkdocs_build.py", "policy.py"):
        yield Path(__file__).with_name(module).read_bytes()
    for file in sorted(path for path in theme.rglob("*") if path.is_file()):
        yield file.relative_to(theme).as_posix().encode()
        yield file.read_bytes()


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
