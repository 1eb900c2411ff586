"""The releases of a report, each with what changed since the one before: the changelog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.release import Release
from report.changes.words import Wording
from report.exhibits.common import Context
from report.labels import listed


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One release: its facts, and sentences on what is new in it."""

    release: Release
    before: str | None
    sentences: tuple[str, ...]


def release_log(context: Context) -> tuple[LogEntry, ...]:
    """Return this release and all before it, newest first; later ones are on later pages."""
    own = context.analysis.release
    history = context.history
    if history is None:
        return (_entry(context, own, None),)
    known = history.versions[: history.versions.index(own.version) + 1]
    return tuple(
        _entry(context, history.analysis(version).release, history.predecessor(version))
        for version in reversed(known)
    )


def _entry(context: Context, release: Release, before: str | None) -> LogEntry:
    if before is None or context.history is None:
        return LogEntry(release, None, (first_words(release),))
    changes = context.history.changes(before, release.version)
    return LogEntry(release, before, tuple(Wording(changes).summary()))


def first_words(release: Release) -> str:
    """What a release that follows no other brings."""
    levels = listed(sorted(release.evidence))
    return (
        f"{len(release.models)} models on the {release.n_problems} problems of "
        f"{release.benchmark}; evidence: {levels}."
    )


def log_names(context: Context) -> Mapping[str, Any]:
    """What the page of releases may name."""
    log: Sequence[LogEntry] = release_log(context)
    return {"release_log": log}
