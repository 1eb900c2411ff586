"""A word diff gives both texts back, and pairs paragraphs that were edited."""

from hypothesis import given, settings
from hypothesis import strategies as st

from report.changes.narrative import BREAK, Piece, Section, narrative_changes, word_diff
from report.document import Page
from report.prose import page_sections

quick = settings(derandomize=True, deadline=None, max_examples=200)
texts = st.lists(st.sampled_from(["a", "b", "c", "d", "the", "of", "7", "32"]), max_size=20)
paragraphs = st.lists(texts.map(" ".join).filter(bool), max_size=5).map(tuple)


def side(pieces: tuple[Piece, ...], drop: str) -> list[str]:
    return [word for piece in pieces if piece.kind != drop for word in piece.words]


@quick
@given(texts, texts)
def test_both_texts_can_be_read_from_the_diff(before: list[str], after: list[str]) -> None:
    pieces = word_diff(before, after)
    assert side(pieces, "added") == before
    assert side(pieces, "removed") == after


@quick
@given(paragraphs, paragraphs)
def test_both_sections_can_be_read_from_the_diff(before, after) -> None:
    old, new = (Section("p.md", "P", "", text) for text in (before, after))
    found = narrative_changes([old], [new])
    if before == after:
        assert found.sections == ()
        assert found.unchanged == 1
        return
    (section,) = found.sections
    for text, drop in ((before, "added"), (after, "removed")):
        words = [w for w in side(section.pieces, drop) if w != BREAK]
        assert words == [w for paragraph in text for w in paragraph.split()]


def test_a_changed_number_is_the_only_change() -> None:
    before = ["it", "is", "ahead", "by", "17.6", "points", "of", "the", "mean"]
    after = ["it", "is", "ahead", "by", "21.2", "points", "of", "the", "mean"]
    kinds = [(p.kind, p.text) for p in word_diff(before, after)]
    assert kinds == [
        ("same", "it is ahead by"),
        ("removed", "17.6"),
        ("added", "21.2"),
        ("same", "points of the mean"),
    ]


def test_a_rewritten_paragraph_is_not_diffed_word_by_word() -> None:
    old = Section("p.md", "P", "", ("One model leads.", "All of this was measured in May."))
    new = Section("p.md", "P", "", ("One model leads.", "Nothing here speaks for other tasks."))
    (section,) = narrative_changes([old], [new]).sections
    assert [p.text for p in section.pieces if p.kind == "removed" and p.text != BREAK] == [
        "All of this was measured in May."
    ]


def test_sections_of_one_release_only_are_whole() -> None:
    old = [Section("p.md", "P", "", ()), Section("p.md", "P", "Gone", ("It was here.",))]
    new = [Section("p.md", "P", "", ()), Section("p.md", "P", "New", ("It is here.",))]
    found = narrative_changes(old, new)
    assert [(s.heading, s.kind) for s in found.sections] == [("New", "added"), ("Gone", "removed")]
    assert (found.added, found.removed) == (3, 3)


def test_a_page_is_split_at_its_headings_without_markup() -> None:
    page = Page("a.md", "A", "# A\n\nFirst *line* &#60;b&#62;.\n\n## B\n\n- one\n- two\n")
    first, second = page_sections(page)
    assert first.paragraphs == ("A", "First line <b>.")
    assert (second.heading, second.paragraphs) == ("B", ("one", "two"))


def test_pages_of_the_tool_are_no_narrative() -> None:
    assert page_sections(Page("methods/rates.md", "Rates", "# Rates\n\nWilson.")) == ()
