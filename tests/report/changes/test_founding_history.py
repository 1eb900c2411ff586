"""The founding report was published three times: what changed, and why, must all be found."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.folder import read_releases
from harness.frozen import Freeze
from report.analysis import analyse
from report.changes import Changes, compare
from report.changes.command import compare_releases
from report.changes.figures import MovedPrint
from report.changes.history import History
from report.changes.words import Wording
from report.quantities import as_json, quantities

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def history() -> History:
    return History(tuple(analyse(r) for r in read_releases(ROOT / "results")))


@pytest.fixture(scope="module")
def last(history: History) -> Changes:
    return history.changes("v0.1-draft2", "v0.1")


def printed(changes: Changes, figure: str, model: str | None, versus: str | None) -> MovedPrint:
    (found,) = (
        moved
        for moved in changes.figures.printed
        if (moved.figure.figure, moved.figure.model, moved.figure.versus) == (figure, model, versus)
    )
    return found


def test_the_copied_row_is_found_with_its_counts(last: Changes) -> None:
    assert last.copies == {"llama-3.3-8b": "mistral-nemo-12b"}
    assert last.main is not None
    (moved,) = last.main.moved
    assert moved.model == "llama-3.3-8b"
    assert (moved.before.successes, moved.before.n) == (23, 106)
    assert (moved.after.successes, moved.after.n) == (14, 107)
    sentence = Wording(last).rate(moved)
    assert "23 of 106 passed" in sentence
    assert "a copy of that of Mistral NeMo 12B" in sentence


def test_the_gap_moved_because_of_the_copied_row(last: Changes) -> None:
    moved = printed(last, "gap_points", "h2loop-coder", "similar")
    assert moved.before == (("+17.6", "points"),)
    assert ("+21.2", "%") in moved.after
    assert moved.computed_before == pytest.approx(18.245, abs=0.001)
    assert moved.computed_after == pytest.approx(21.116, abs=0.001)
    (cause,) = moved.causes
    assert (cause.kind, cause.models) == ("data", ("llama-3.3-8b",))
    words = Wording(last).cause(moved.causes)
    assert words == "results: Llama 3.3 8B 23/106 → 14/107 (before, a copy of Mistral NeMo 12B)"


def test_sizes_changed_from_7_to_32_and_27_billion(last: Changes) -> None:
    sizes = {f.subject: (f.before, f.after) for f in last.model_facts if f.field == "parameters"}
    assert sizes["h2loop-coder"] == (7, 32)
    assert sizes["h2loop-multimodal"] == (7, 27)
    assert sizes["kimi-k2"] == (400, 1000)
    assert any("H2looP v0.1-Coder 7 B → 32 B" in s for s in Wording(last).summary())


def test_143_times_fewer_parameters_became_31_because_of_the_size(last: Changes) -> None:
    moved = printed(last, "size_ratio", "gemini-2.5-pro", "h2loop-coder")
    assert (moved.before, moved.after) == ((("143", "x"),), (("31", "x"),))
    assert moved.computed_before == pytest.approx(1000 / 7)
    assert moved.computed_after == 31.25
    assert Wording(last).cause(moved.causes) == "model size: H2looP v0.1-Coder 7 B → 32 B"


def test_a_figure_that_was_misprinted_is_told_from_one_that_moved(last: Changes) -> None:
    moved = printed(last, "proximity_pass", "h2loop-coder", "best")
    assert moved.before == (("64.1", "%"),)
    assert moved.computed_before == moved.computed_after == pytest.approx(64.0)
    assert [cause.kind for cause in moved.causes] == ["printing"]


def test_every_figure_that_moved_has_a_cause(history: History) -> None:
    for before, after in (("v0.1-draft1", "v0.1-draft2"), ("v0.1-draft2", "v0.1")):
        changes = history.changes(before, after)
        assert changes.figures.moved
        for moved in changes.figures.moved:
            kinds = {cause.kind for cause in moved.causes}
            assert kinds, moved.key
            assert "method" not in kinds, moved.key


def test_from_the_first_draft_to_the_second_no_result_changed(history: History) -> None:
    changes = history.changes("v0.1-draft1", "v0.1-draft2")
    assert changes.main is not None
    assert changes.main.moved == ()
    assert [m.id for m in changes.matching.added] == ["llama-3.3-8b"]
    (group,) = changes.group_facts
    assert set(group.after or ()) - set(group.before or ()) == {"llama-3.3-8b"}  # type: ignore[arg-type]
    moved = {m.key: {c.kind for c in m.causes} for m in changes.figures.moved}
    assert moved["gap/similar/h2loop-coder/passed"] == {"field", "group"}
    recounted = {s.model: (s.before.count, s.after.count) for s in changes.summaries}
    assert recounted["h2loop-coder"] == (20, 74)


def test_the_rank_of_the_copied_model_fell_within_its_uncertainty(last: Changes) -> None:
    (rank,) = (r for r in last.ranks if r.moved)
    assert (rank.model, rank.before, rank.after) == ("llama-3.3-8b", 9, 10)
    assert rank.overlap


def test_read_backwards_every_change_turns(history: History) -> None:
    there = history.changes("v0.1-draft2", "v0.1").main
    back = history.changes("v0.1", "v0.1-draft2").main
    assert there is not None
    assert back is not None
    for one in there.models:
        (other,) = (c for c in back.models if c.model == one.model)
        assert other.change.value == -one.change.value
        assert other.test.p_value == pytest.approx(one.test.p_value)
        assert other.change.interval.low == pytest.approx(-one.change.interval.high)


def test_the_text_is_compared_section_by_section() -> None:
    _, narrative = compare_releases(
        read_releases(ROOT / "results"), "v0.1-draft2", "v0.1", docs=ROOT / "docs"
    )
    sections = {(s.page, s.heading): s for s in narrative.sections}
    group = sections["similar.md", "The gap to the group"]
    removed = " ".join(p.text for p in group.pieces if p.kind == "removed")
    added = " ".join(p.text for p in group.pieces if p.kind == "added")
    assert "26.6%" in removed
    assert "23.7%" in added
    assert not any(page.startswith("methods/") for page, _ in sections)


def test_a_frozen_figure_that_a_newer_method_moves_is_told_as_method(last: Changes) -> None:
    known = as_json(quantities(last.before))
    key = "passed/h2loop-coder"
    frozen = {**known, key: {**known[key], "low": 0.3, "method": "wald"}}
    freeze = Freeze(tool="0", libraries={}, files={}, quantities=frozen)
    before = replace(last.before, release=replace(last.before.release, freeze=freeze))
    changes = compare(before, last.after)
    assert [d.key for d in changes.drift[0]] == [key]
    assert changes.drift[1] == ()
    (told,) = (s for s in Wording(changes).summary() if s.startswith("Method: "))
    assert "v0.1-draft2 has 1 figure computed otherwise than when it was frozen" in told
