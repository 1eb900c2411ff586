"""A word diff of two releases' text, section by section."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

BREAK = "¶"
"""Stands for the end of a paragraph among the words."""

_ALIKE = 0.4  # share of common words from which a paragraph counts as the other one, edited
_FEWEST_KEPT = 2  # a lone word between two changes reads worse kept than changed

Kind = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a page and the paragraphs below it, as plain text."""

    page: str
    page_title: str
    heading: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """All words, paragraphs set apart by `BREAK`."""
        found: list[str] = []
        for paragraph in self.paragraphs:
            found += [*re.findall(r"\S+", paragraph), BREAK]
        return found[:-1]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both releases have, or only one."""

    kind: Kind
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words with spaces between them."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section whose words changed, or that only one release has."""

    page: str
    page_title: str
    heading: str
    kind: Literal["changed", "added", "removed"]
    pieces: tuple[Piece, ...]

    def count(self, kind: Kind) -> int:
        """How many words are of this kind."""
        return sum(w != BREAK for p in self.pieces if p.kind == kind for w in p.words)


@dataclass(frozen=True, slots=True)
class Narrative:
    """All sections that changed, in the later release's order, and how many did not."""

    sections: tuple[SectionChange, ...]
    unchanged: int

    @property
    def added(self) -> int:
        """Words added."""
        return sum(section.count("added") for section in self.sections)

    @property
    def removed(self) -> int:
        """Words removed."""
        return sum(section.count("removed") for section in self.sections)


def narrative_changes(before: Sequence[Section], after: Sequence[Section]) -> Narrative:
    """Compare two texts; a section is the same by its page and heading."""
    old = {(s.page, s.heading): s for s in before}
    new = {(s.page, s.heading): s for s in after}
    found = [_compared(old.get(key), section) for key, section in new.items()]
    gone = [_whole(section, "removed") for key, section in old.items() if key not in new]
    changed = [change for change in found if change is not None]
    return Narrative((*changed, *gone), len(found) - len(changed))


def _compared(before: Section | None, after: Section) -> SectionChange | None:
    if before is None:
        return _whole(after, "added")
    if before.paragraphs == after.paragraphs:
        return None
    pieces = tuple(_paragraph_diff(before.paragraphs, after.paragraphs))
    return SectionChange(after.page, after.page_title, after.heading, "changed", pieces)


def _whole(section: Section, kind: Literal["added", "removed"]) -> SectionChange:
    pieces = (Piece(kind, tuple(section.words)),) if section.words else ()
    return SectionChange(section.page, section.page_title, section.heading, kind, pieces)


def _paragraph_diff(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    """Pair paragraphs, then compare each pair word by word; what has no partner is whole."""
    for at, (old, new) in enumerate(_paired(before, after)):
        kind: Kind = "removed" if new is None else "added" if old is None else "same"
        if at:
            yield Piece(kind, (BREAK,))
        if old is not None and new is not None:
            yield from word_diff(old.split(), new.split())
        else:
            yield Piece(kind, tuple((old or new or "").split()))


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(before[a_from:a_to], after[b_from:b_to], strict=True)
        else:
            yield from _likely(before[a_from:a_to], after[b_from:b_to])


def _likely(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Pair paragraphs that share most of their words, in order."""
    start = 0
    for new in after:
        ratios = [_alike(old, new) for old in before[start:]]
        best = max(ratios, default=0.0)
        if best >= _ALIKE:
            at = start + ratios.index(best)
            yield from ((old, None) for old in before[start:at])
            yield before[at], new
            start = at + 1
        else:
            yield None, new
    yield from ((old, None) for old in before[start:])


def _alike(old: str, new: str) -> float:
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def word_diff(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    """Split two texts into runs of words that are the same, removed and added.

    Joining the words of all pieces but the added gives ``before``; of all but the removed,
    ``after``.
    """
    matcher = SequenceMatcher(None, list(before), list(after), autojunk=False)
    return tuple(_joined(_pieces(matcher, before, after)))


def _pieces(matcher: "SequenceMatcher[str]", a: Sequence[str], b: Sequence[str]) -> Iterator[Piece]:
    codes = matcher.get_opcodes()
    for at, (tag, a_from, a_to, b_from, b_to) in enumerate(codes):
        lone = 0 < at < len(codes) - 1 and a_to - a_from < _FEWEST_KEPT
        if tag == "equal" and not (lone and BREAK not in a[a_from:a_to]):
            yield Piece("same", tuple(a[a_from:a_to]))
            continue
        if a_from < a_to:
            yield Piece("removed", tuple(a[a_from:a_to]))
        if b_from < b_to:
            yield Piece("added", tuple(b[b_from:b_to]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Between two runs of the same words: all that was removed, then all that was added."""
    removed: list[str] = []
    added: list[str] = []
    for piece in pieces:
        if piece.kind == "same":
            yield from _both(removed, added)
            removed, added = [], []
            yield piece
        else:
            (removed if piece.kind == "removed" else added).extend(piece.words)
    yield from _both(removed, added)


def _both(removed: list[str], added: list[str]) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", tuple(removed))
    if added:
        yield Piece("added", tuple(added))
