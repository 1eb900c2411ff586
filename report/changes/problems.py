"""What happened to the problems of the benchmark between two releases."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from harness.release import Problem, Release
from report.changes.facts import FactChange

_PLACES = ("category", "difficulty")


@dataclass(frozen=True, slots=True)
class CellChange:
    """How many problems one category and difficulty holds in both releases."""

    category: str | None
    difficulty: str | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ProblemChanges:
    """Problems added, dropped and changed.

    Attributes
    ----------
    known : bool
        Whether both releases list their problems one by one; if not, only ``cells`` and the
        totals can be compared.
    before, after, common : int
        Number of problems; ``common`` counts ids in both, 0 where the ids are not known.
    recategorised : tuple
        Changes of category or difficulty under the same id.
    retexted : tuple of str
        Ids whose text changed: another content hash.
    unhashed : int
        Common problems without a content hash in both: their text may have changed unseen.
    details : tuple
        Other facts that changed: title, date, address.
    """

    known: bool
    before: int
    after: int
    common: int
    added: tuple[Problem, ...]
    dropped: tuple[Problem, ...]
    recategorised: tuple[FactChange, ...]
    retexted: tuple[str, ...]
    unhashed: int
    details: tuple[FactChange, ...]
    cells: tuple[CellChange, ...]

    @property
    def changed(self) -> bool:
        """Whether any problem is another than before, in number, place or text."""
        return bool(
            self.added
            or self.dropped
            or self.recategorised
            or self.retexted
            or self.cells
            or self.before != self.after
        )

    @property
    def shifts(self) -> dict[str, Counter[int]]:
        """By how many days dates moved, and how often: ``{"date": {1: 400}}``."""
        found: Counter[int] = Counter()
        for change in self.details:
            if change.field == "date" and change.contradicts:
                days = [date.fromisoformat(str(d)) for d in (change.before, change.after)]
                found[(days[1] - days[0]).days] += 1
        return {"date": found} if found else {}


def problem_changes(before: Release, after: Release) -> ProblemChanges:
    """Compare the problems of two releases, by id where both know their ids."""
    old, new = ({p.id: p for p in release.problems} for release in (before, after))
    known = bool(old and new)
    both = [(old[key], new[key]) for key in new if key in old] if known else []
    facts = [change for a, b in both for change in _facts(a, b)]
    hashes = [(a.content_hash, b.content_hash, b.id) for a, b in both]
    return ProblemChanges(
        known=known,
        before=before.n_problems,
        after=after.n_problems,
        common=len(both),
        added=tuple(p for key, p in new.items() if key not in old) if known else (),
        dropped=tuple(p for key, p in old.items() if key not in new) if known else (),
        recategorised=tuple(f for f in facts if f.field in _PLACES),
        retexted=tuple(key for a, b, key in hashes if a and b and a != b),
        unhashed=sum(not (a and b) for a, b, _ in hashes),
        details=tuple(f for f in facts if f.field not in _PLACES),
        cells=_cells(before, after),
    )


def _facts(before: Problem, after: Problem) -> list[FactChange]:
    return [
        FactChange(after.id, name, getattr(before, name), getattr(after, name))
        for name in (*_PLACES, "title", "date", "url")
        if getattr(before, name) != getattr(after, name)
    ]


def _cells(before: Release, after: Release) -> tuple[CellChange, ...]:
    old, new = (
        {(c.category, c.difficulty): c.problems for c in release.problem_cells}
        for release in (before, after)
    )
    if not old or not new:
        return ()
    return tuple(
        CellChange(*key, old.get(key, 0), new.get(key, 0))
        for key in dict.fromkeys([*new, *old])
        if old.get(key, 0) != new.get(key, 0)
    )
