"""The site onto a branch of a remote: one commit more, by ghp-import; history is kept."""

import os
import re
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from ghp_import import ghp_import

from report.publish.git import Git, PublishError

_IDENTITY = re.compile(r"(?P<name>.*) <(?P<email>[^<>]*)> \d+ [-+]\d{4}")


def push(
    git: Git, site: Path, *, remote: str, branch: str, message: str, force: bool = False
) -> None:
    """Commit the site on top of what the remote's branch holds, and push.

    The remote-tracking branch must be fresh (`report.publish.git.Git.held`). If anything fails the
    local branch is as it was.

    Raises
    ------
    PublishError
        The branch is checked out, holds commits that the remote lacks, git knows nobody to be the
        committer, or the remote refused.
    """
    local, tracking = f"refs/heads/{branch}", f"refs/remotes/{remote}/{branch}"
    before = git.reference(local)
    _check_local(git, branch=branch, local=local, tracking=tracking)
    site = site.resolve()
    try:
        with _committer(git), chdir(git.top):
            ghp_import(
                str(site),
                remote=remote,
                branch=branch,
                mesg=message,
                nojekyll=True,
                cname=_domain(git, tracking),
            )
        _check_made(git, local, tracking)
        git("push", "--quiet", *["--force"] * force, remote, f"{local}:{local}")
    except BaseException as error:
        _restore(git, local, before)
        if isinstance(error, PublishError):
            raise PublishError(f"{error}\n{_way_out(str(error))}") from error
        if isinstance(error, Exception):  # ghp-import raises what it happens to
            raise PublishError(f"ghp-import: {error}; nothing was pushed") from error
        raise


def _check_local(git: Git, *, branch: str, local: str, tracking: str) -> None:
    if git.reference(local) is None:
        return
    if git("worktree", "list", "--porcelain").find(f"branch {local}\n") >= 0:
        raise PublishError(
            f"{git.top}: branch {branch} is checked out; expected the branch of the sources\n"
            "  Check out another branch, or publish to another one with --branch."
        )
    known = git.reference(tracking)
    if known is None or not git.succeeds("merge-base", "--is-ancestor", local, tracking):
        raise PublishError(
            f"{git.top}: the local branch {branch} holds commits that the remote lacks\n"
            f"  Push them, or drop them with `git branch -D {branch}`."
        )


@contextmanager
def _committer(git: Git) -> Iterator[None]:
    """Give ghp-import the name that git itself would put on a commit."""
    if not git.succeeds("var", "GIT_COMMITTER_IDENT"):
        raise PublishError("git does not know who commits")
    found = _IDENTITY.fullmatch(git("var", "GIT_COMMITTER_IDENT").strip())
    names = {
        f"GIT_COMMITTER_{k.upper()}": v for k, v in (found.groupdict() if found else {}).items()
    }
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _domain(git: Git, tracking: str) -> str | None:
    """Return the CNAME that the branch holds, which GitHub needs to find the site."""
    if not git.reference(tracking) or not git.succeeds("cat-file", "-e", f"{tracking}:CNAME"):
        return None
    return git.blob(tracking, "CNAME").decode().rstrip("\n")


def _check_made(git: Git, local: str, tracking: str) -> None:
    """Believe nothing: ghp-import only prints it if git refuses the commit."""
    if git.reference(local) in {None, git.reference(tracking)}:
        raise PublishError("git fast-import: made no commit")


def _restore(git: Git, local: str, before: str | None) -> None:
    if before is not None:
        git("update-ref", local, before)
    elif git.reference(local):
        git("update-ref", "-d", local)


def _way_out(said: str) -> str:
    if "who commits" in said:
        return "  Say so with `git config user.name …` and `git config user.email …`."
    if "rejected" in said or "fetch first" in said or "stale info" in said:
        return "  Somebody published meanwhile. Run again, to put this site on top of theirs."
    return "  Nothing was pushed; the remote is as it was."
