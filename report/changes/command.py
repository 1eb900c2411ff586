"""`compare`: two releases of the results folder, or two published tables of rates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from harness.errors import BenchproofError
from harness.release import Release
from report.analysis import analyse
from report.changes import Changes
from report.changes.as_json import changes_json
from report.changes.history import History
from report.changes.narrative import Narrative
from report.changes.published import (
    PublishedChanges,
    print_published,
    published_changes,
    published_json,
    read_published,
)
from report.changes.terminal import print_changes
from report.exhibits.common import Context
from report.prose import report_text


class Compared(Protocol):
    """A comparison that can be printed for a person or for a program."""

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""

    def show(self, *, text: bool) -> None:
        """Print it; ``text`` asks for the words of the narrative that changed."""


@dataclass(frozen=True, slots=True)
class ComparedReleases:
    """Two releases and their narrative."""

    changes: Changes
    narrative: Narrative

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        return changes_json(self.changes, self.narrative)

    def show(self, *, text: bool) -> None:
        """Print it for a person."""
        print_changes(self.changes, self.narrative, text=text)


@dataclass(frozen=True, slots=True)
class ComparedTables:
    """Two tables of rates; they have no narrative."""

    changes: PublishedChanges

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        return published_json(self.changes)

    def show(self, *, text: bool) -> None:
        """Print it for a person."""
        del text
        print_published(self.changes)


def compare_named(
    read: Callable[[], Sequence[Release]], before: str, after: str, *, docs: Path
) -> Compared:
    """Compare what two names stand for: files with published rates, else releases.

    Parameters
    ----------
    read
        Gives the known releases; called only if the names are no files.
    before, after
        Two paths of files, or the names of two releases.
    docs
        The folder of narrative.

    Raises
    ------
    BenchproofError
        A file or release is not known or cannot be compared, or both names are one release.
    """
    paths = [Path(before), Path(after)]
    if all(path.is_file() for path in paths):
        return ComparedTables(published_changes(*map(read_published, paths)))
    return ComparedReleases(*compare_releases(read(), before, after, docs=docs))


def compare_releases(
    releases: Sequence[Release], before: str, after: str, *, docs: Path
) -> tuple[Changes, Narrative]:
    """Compare two releases by name, their narrative included.

    Raises
    ------
    BenchproofError
        A release is not known, or both names are one.
    """
    known = {release.version: release for release in releases}
    for name in (before, after):
        if name not in known:
            raise BenchproofError(f"no release is called {name!r}; known: {', '.join(known)}")
    analyses = {name: analyse(known[name]) for name in dict.fromkeys((before, after))}
    history = History(
        tuple(analyses.values()),
        text=lambda version: report_text(Context(analyses[version]), docs=docs),
    )
    return history.changes(before, after), history.narrative(before, after)
