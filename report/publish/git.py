"""The git repository that the site's sources are in: what publishing asks it."""

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.errors import BenchproofError
from report.publish.held import Held

_SECRET = re.compile(r"(?<=://)[^/@\s]+@")


class PublishError(BenchproofError):
    """The site was not published; where it would have gone is as it was."""


@dataclass(frozen=True, slots=True)
class Git:
    """One repository; every call names what git said if it fails."""

    top: Path

    @classmethod
    def around(cls, folder: Path) -> "Git | None":
        """Return the repository that holds a folder, or None."""
        found = _run(folder, "rev-parse", "--show-toplevel")
        return cls(Path(found.stdout.strip())) if found.returncode == 0 else None

    def __call__(self, *arguments: str) -> str:
        """Run git and return what it prints.

        Raises
        ------
        PublishError
            It failed; without the passwords that an address may hold.
        """
        done = _run(self.top, *arguments)
        if done.returncode:
            said = without_secrets(done.stderr.strip()) or f"exit code {done.returncode}"
            raise PublishError(f"git {arguments[0]}: {said}")
        return done.stdout

    def succeeds(self, *arguments: str) -> bool:
        """Whether a question is answered with yes."""
        return _run(self.top, *arguments).returncode == 0

    def reference(self, name: str) -> str | None:
        """Return the commit that a full reference points to, or None."""
        found = _run(self.top, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return found.stdout.strip() or None

    def commit(self) -> str:
        """Return the commit that is checked out."""
        found = self.reference("HEAD")
        if found is None:
            raise PublishError(f"{self.top}: no commit yet; expected the sources in one\n  Commit.")
        return found

    def uncommitted(self, *, but: Iterable[Path | None]) -> list[str]:
        """List files that differ from the commit, but for some folders that hold no sources."""
        inside = [
            path.resolve().relative_to(self.top.resolve())
            for path in but
            if path is not None and path.resolve().is_relative_to(self.top.resolve())
        ]
        left_out = [f":(exclude,literal){path.as_posix()}" for path in inside if path != Path()]
        said = self("status", "--porcelain", "--no-renames", "-z", "--", ".", *left_out)
        return [entry[3:] for entry in said.split("\0") if len(entry) > 3]

    def held(self, remote: str, branch: str) -> Held:
        """Fetch a branch and return what it holds; nothing if the remote has no such branch."""
        url = self._url(remote)
        tracking = f"refs/remotes/{remote}/{branch}"
        where = f"branch {branch} of {remote} ({without_secrets(url)})"
        # Exit code 2: the remote answered that there is no such branch.
        answer = _run(
            self.top, "ls-remote", "--exit-code", "--heads", remote, f"refs/heads/{branch}"
        )
        if answer.returncode == 2:
            if self.reference(tracking):
                self("update-ref", "-d", tracking)  # what is remembered of it is gone as well
            return Held(where, {})
        self("fetch", "--quiet", remote, f"+refs/heads/{branch}:{tracking}")
        listed = self("ls-tree", "-r", "-z", "--full-tree", tracking)
        files = {}
        for entry in filter(None, listed.split("\0")):
            about, _, path = entry.partition("\t")
            files[path] = about.split()[2]
        kind = self("rev-parse", "--show-object-format").strip()
        return Held(where, files, lambda path: self.blob(tracking, path), kind)

    def blob(self, reference: str, path: str) -> bytes:
        """Return a file of a commit."""
        return subprocess.run(  # noqa: S603 - git, and no shell
            ["git", "cat-file", "blob", f"{reference}:{path}"],  # noqa: S607 - found on the path
            cwd=self.top,
            capture_output=True,
            check=True,
        ).stdout

    def _url(self, remote: str) -> str:
        remotes = self("remote").split()
        if remote not in remotes:
            known = ", ".join(remotes) or "none"
            raise PublishError(
                f"{self.top}: no remote is called {remote!r}; known: {known}\n"
                "  Add it with `git remote add`, or name another with --remote."
            )
        return self("remote", "get-url", "--push", remote).strip()


def without_secrets(text: str) -> str:
    """Return text without the name and password of any address in it."""
    return _SECRET.sub("", text)


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - git, and no shell
            ["git", *arguments],  # noqa: S607 - found on the path
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    except FileNotFoundError as error:
        raise PublishError(
            "git is not installed, or the folder is gone\n  Publish with --folder DIR instead."
        ) from error
