"""`compare`: two releases of the results folder, read side by side."""

from collections.abc import Sequence
from pathlib import Path

from harness.errors import BenchproofError
from harness.release import Release
from report.analysis import analyse
from report.changes import Changes
from report.changes.history import History
from report.changes.narrative import Narrative
from report.exhibits.common import Context
from report.prose import report_text


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
