"""`publish`: the built site onto a branch of a git remote, or into a folder."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.errors import BenchproofError
from harness.release import Release
from report import swap
from report.audit import audit_releases
from report.publish.branch import push
from report.publish.folder import check_folder, put
from report.publish.git import Git, PublishError
from report.publish.held import Held, check_held
from report.publish.words import plan_words

__all__ = ["CheckError", "PublishError", "Request", "publish"]


class CheckError(BenchproofError):
    """A release fails ``check --strict``; the command line exits with 1."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; the fields are the options of the command."""

    site: Path
    repository: Path
    remote: str = "origin"
    branch: str = "gh-pages"
    folder: Path | None = None
    draft: bool = False
    allow_dirty: bool = False
    drop: Sequence[str] = ()
    force: bool = False
    yes: bool = False
    dry_run: bool = False


def publish(
    releases: Sequence[Release],
    request: Request,
    *,
    build: Callable[[], None],
    say: Callable[[str], None],
) -> None:
    """Refuse what must not go out, build the site, say what will happen, ask, and do it.

    Parameters
    ----------
    releases
        Every release of the site, oldest first.
    request
        Where it goes and what is allowed.
    build
        Builds ``request.site`` from the releases; called once nothing speaks against it.
    say
        Told each line a person should read.

    Raises
    ------
    PublishError
        A draft, uncommitted changes, a frozen version that would change, a version that would
        vanish, nobody to ask, or what git said.
    CheckError
        A release fails ``check --strict``.
    """
    git = Git.around(request.repository)
    check_drafts(releases, allowed=request.draft)
    source = _source(git, request)
    check_audits(releases)
    build()
    with _places_locked(request):
        held = _held(git, request)
        check_held(held, request.site, drop=request.drop)
        for line in plan_words(request.site, held, source=source):
            say(line)
        if held.same(request.site):
            say("Nothing changed: it holds this site already.")
        elif request.dry_run:
            say("Not published: --dry-run.")
        elif _agreed(request):
            _deliver(git, request, source)
            say("Published.")
        else:
            say("Not published.")


@contextmanager
def _places_locked(request: Request) -> Iterator[None]:
    """Let nobody build the site, or publish to the folder, meanwhile."""
    places = {path.resolve().parent for path in (request.site, request.folder) if path is not None}
    with ExitStack() as stack:
        for place in sorted(places):
            place.mkdir(parents=True, exist_ok=True)
            stack.enter_context(swap.locked(place))
        yield


def open_drafts(releases: Sequence[Release]) -> tuple[str, ...]:
    """Name the drafts that are nobody's history: not frozen, or no published release follows them.

    A frozen draft that a published release goes back to is part of that release's record.
    """
    by_version = {release.version: release for release in releases}
    history: set[str] = set()
    for release in releases:
        before = release.previous if release.status == "published" else None
        while before in by_version and before not in history:
            history.add(before)
            before = by_version[before].previous
    return tuple(
        r.version
        for r in releases
        if r.status == "draft" and (r.freeze is None or r.version not in history)
    )


def check_drafts(releases: Sequence[Release], *, allowed: bool) -> None:
    """Raise PublishError if a draft would go out that nobody meant to publish."""
    drafts = open_drafts(releases)
    if drafts and not allowed:
        raise PublishError(
            f"{', '.join(drafts)}: still a draft; expected published releases and frozen drafts "
            "that one of them follows\n"
            f"  Publish it with `build.py freeze {drafts[-1]}`, pin it with `--draft` there, or "
            "let drafts out with `publish --draft`."
        )


def check_audits(releases: Sequence[Release]) -> None:
    """Raise CheckError if ``check --strict`` would fail."""
    failed = [audit.version for audit in audit_releases(releases, only=None) if audit.failed]
    if failed:
        raise CheckError(
            f"{', '.join(failed)}: fails `build.py check --strict`, which says why\n"
            "  Correct it, or acknowledge what is known, before it is published."
        )


def _source(git: Git | None, request: Request) -> str:
    """Say what the site is built from; refuse what no commit holds."""
    if git is None:
        if request.folder is None:
            raise PublishError(
                f"{request.repository}: not in a git repository; expected one with a remote\n"
                "  Publish with --folder DIR, or make a repository: git init."
            )
        return "files under no version control"
    dirty = git.uncommitted(but=(request.site, request.folder))
    if dirty and not request.allow_dirty:
        some = ", ".join(dirty[:5]) + (f" and {len(dirty) - 5} more" if len(dirty) > 5 else "")
        raise PublishError(
            f"{git.top}: changes that no commit holds ({some}); expected a clean tree, so that a "
            "published site has its sources\n"
            "  Commit them, or publish all the same with --allow-dirty."
        )
    return f"commit {git.commit()[:12]}{' with uncommitted changes' if dirty else ''}"


def _held(git: Git | None, request: Request) -> Held:
    if request.folder is not None:
        return Held.folder(check_folder(request.site, request.folder))
    assert git is not None  # noqa: S101 - _source has refused
    return git.held(request.remote, request.branch)


def _agreed(request: Request) -> bool:
    if request.yes:
        return True
    if not sys.stdin.isatty():
        raise PublishError(
            "nobody is there to ask (standard input is no terminal)\n"
            "  Give --yes to publish without asking."
        )
    return input("Publish? [y/N] ").strip().casefold() in {"y", "yes"}


def _deliver(git: Git | None, request: Request, source: str) -> None:
    if request.folder is not None:
        put(request.site, request.folder)
    elif git is not None:
        push(
            git,
            request.site,
            remote=request.remote,
            branch=request.branch,
            message=f"Publish the site of {source}",
            force=request.force,
        )
