"""Another program than MkDocs builds the staged versions: properdocs or zensical, as they come.

MkDocs with its Material theme is a library here (`report.mkdocs_build`). The other two are programs
in an environment of their own: what they depend on never meets what the site depends on.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import BenchproofError
from report.html import plain
from report.mkdocs_build import SiteError, dated, prune

OWN = "mkdocs"
"""What the site is built with unless one asks for another."""
NAMES = ("properdocs", "zensical")
_MINUTES = 10
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOISE = re.compile(r"INFO +- |Build (started|finished)|No issues found")


@dataclass(frozen=True, slots=True)
class Builder:
    """A program that builds a staged folder.

    Attributes
    ----------
    name
        One of `NAMES`.
    program
        Where it lies; absolute.
    version
        As it says itself: a site built by another version is built anew.
    """

    name: str
    program: Path
    version: str

    def build(self, config: Path, *, version: str, date: str) -> None:
        """Build one staged version into the folder ``site`` beside its configuration.

        Parameters
        ----------
        config
            The staged mkdocs.yml.
        version, date
            For messages, and the ISO date that stands in for today's, as in
            `report.mkdocs_build.build_docs`.

        Raises
        ------
        SiteError
            The program failed, or warned.
        """
        command = [str(self.program), "build", "--strict", "--config-file", config.name]
        with dated(date):
            try:
                done = subprocess.run(  # noqa: S603 - a program the user named
                    command,
                    cwd=config.parent,
                    env={**os.environ, "NO_COLOR": "1"},
                    capture_output=True,
                    check=False,
                    encoding="utf-8",
                    errors="replace",
                    timeout=_MINUTES * 60,
                )
            except subprocess.TimeoutExpired as error:
                raise SiteError(version, (f"{self.name} took over {_MINUTES} minutes",)) from error
        built = config.parent / "site"
        if done.returncode or not (built / "index.html").is_file():
            raise SiteError(version, self._said(done))
        shutil.rmtree(config.parent / ".cache", ignore_errors=True)  # what zensical keeps
        prune(built)

    def _said(self, done: subprocess.CompletedProcess[str]) -> tuple[str, ...]:
        lines = _COLOUR.sub("", done.stdout + done.stderr).splitlines()
        told = [plain(line) for line in lines if line.strip() and not _NOISE.match(line.strip())]
        return (f"{self.name} {self.version} ended with {done.returncode}", *told)


def find_builder(asked: str) -> Builder | None:
    """Return the program of that name or path; none for MkDocs itself.

    A name is looked for beside the Python that runs this, then on the path.

    Raises
    ------
    BenchproofError
        No such builder, or its program is not there or does not answer.
    """
    name = Path(asked).name.removesuffix(".exe")
    if asked == OWN:
        return None
    if name not in NAMES:
        raise BenchproofError(
            f"--builder: found {plain(asked)}; expected {OWN}, or {' or '.join(NAMES)}"
            " by name or path"
        )
    found = shutil.which(asked, path=_places() if name == asked else None)
    if found is None:
        raise BenchproofError(
            f"--builder {plain(asked)}: no such program\n"
            f"  `make builders` installs it; then --builder .venv-hedge/bin/{name}"
        )
    return Builder(name, Path(found).absolute(), _version(found))


def chosen_builder(asked: str | None, settings: Mapping[str, Any]) -> Builder | None:
    """Return the builder that was ``asked`` for, else the one of mkdocs.yml's ``extra.builder``.

    Raises
    ------
    BenchproofError
        As `find_builder`.
    """
    extra = settings.get("extra") or {}
    return find_builder(asked or str(extra.get("builder") or OWN))


def _places() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def _version(program: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a program the user named
            [program, "--version"], capture_output=True, check=True, encoding="utf-8", timeout=60
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BenchproofError(f"{plain(program)}: does not say its version: {error}") from error
    number = re.search(r"\d+(\.\w+)+", done.stdout)
    return number[0] if number else plain(done.stdout.strip())
