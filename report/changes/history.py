"""All releases of a report in order, and the comparison of any two, made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from harness.errors import BenchproofError
from report.analysis import Analysis
from report.changes import Changes, compare
from report.changes.narrative import Narrative, Section, narrative_changes
from report.claims import JudgedClaim, judge

MOST_PAIRS = 45
"""Up to so many pairs of releases have a page each; beyond, only neighbours do."""

Text = Callable[[str], Sequence[Section]]


@dataclass
class History:
    """Analyses of all releases, oldest first; ``text`` gives the narrative of a version."""

    analyses: Sequence[Analysis]
    text: Text = lambda _: ()
    _changes: dict[tuple[str, str], Changes] = field(default_factory=dict)
    _judged: dict[str, Sequence[JudgedClaim]] = field(default_factory=dict)
    _texts: dict[str, Sequence[Section]] = field(default_factory=dict)
    _narratives: dict[tuple[str, str], Narrative] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[str, ...]:
        """Names of all releases, oldest first."""
        return tuple(analysis.release.version for analysis in self.analyses)

    def analysis(self, version: str) -> Analysis:
        """Return the analysis of one release.

        Raises
        ------
        BenchproofError
            No release is called so; the known ones are listed.
        """
        for analysis in self.analyses:
            if analysis.release.version == version:
                return analysis
        known = ", ".join(self.versions)
        raise BenchproofError(f"no release is called {version!r}; known: {known}")

    def predecessor(self, version: str) -> str | None:
        """Return the release that this one follows, as it says itself, else the one before it."""
        named = self.analysis(version).release.previous
        at = self.versions.index(version)
        return named or (self.versions[at - 1] if at else None)

    @property
    def complete(self) -> bool:
        """Whether there is a page for every pair of releases, not only for neighbours."""
        return len(self.versions) * (len(self.versions) - 1) // 2 <= MOST_PAIRS

    def others(self, version: str) -> tuple[str, ...]:
        """Earlier releases that this one has a page of changes from, the predecessor first."""
        first = self.predecessor(version)
        if first is None:
            return ()
        earlier = self.versions[: self.versions.index(version)]
        rest = tuple(v for v in reversed(earlier) if v != first) if self.complete else ()
        return (first, *rest)

    def forget_text(self) -> None:
        """Let text be read anew, for a preview whose narrative was edited."""
        self._texts.clear()
        self._narratives.clear()

    def changes(self, before: str, after: str) -> Changes:
        """Compare two releases; the result is kept."""
        key = before, after
        if key not in self._changes:
            if before == after:
                raise BenchproofError(f"{before!r} and {after!r} are one release; name two")
            self._changes[key] = compare(
                self.analysis(before), self.analysis(after), judged=self.judged
            )
        return self._changes[key]

    def judged(self, analysis: Analysis) -> Sequence[JudgedClaim]:
        """Verdicts on a release's claims; the result is kept."""
        version = analysis.release.version
        if version not in self._judged:
            self._judged[version] = judge(analysis)
        return self._judged[version]

    def narrative(self, before: str, after: str) -> Narrative:
        """Compare the text of two releases; the result is kept."""
        key = before, after
        if key not in self._narratives:
            self._narratives[key] = narrative_changes(self._text(before), self._text(after))
        return self._narratives[key]

    def _text(self, version: str) -> Sequence[Section]:
        if version not in self._texts:
            self._texts[version] = self.text(version)
        return self._texts[version]
