"""Claims followed across releases: flipped, reworded, new and withdrawn."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.folder import read_releases
from report.analysis import Analysis, analyse
from report.changes.claims import ClaimChange, claim_changes
from report.claims import judge

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def analyses() -> dict[str, Analysis]:
    return {r.version: analyse(r) for r in read_releases(ROOT / "results")}


@pytest.fixture(scope="module")
def changed(analyses: dict[str, Analysis]) -> dict[str, ClaimChange]:
    found = claim_changes(judge(analyses["v0.1-draft2"]), judge(analyses["v0.1"]))
    return {change.id: change for change in found}


def test_a_verdict_that_flipped_comes_first(changed: dict[str, ClaimChange]) -> None:
    first = next(iter(changed.values()))
    assert first.flipped
    similar = changed["similar-average"]
    assert similar.before is not None
    assert similar.after is not None
    assert (similar.before.verdict, similar.after.verdict) == ("misstated", "supported")
    assert similar.reworded  # 27.3 became 23.7


def test_claims_of_one_release_only_are_new_or_withdrawn(changed: dict[str, ClaimChange]) -> None:
    assert changed["coder-rank"].kind == "withdrawn"
    new = {key for key, change in changed.items() if change.kind == "new"}
    assert new
    assert "coder-gap" not in new


def test_a_release_against_itself_changes_no_claim(analyses: dict[str, Analysis]) -> None:
    judged = judge(analyses["v0.1"])
    assert claim_changes(judged, judged) == ()


def test_a_claim_that_only_moved_to_another_line_is_the_same(
    analyses: dict[str, Analysis],
) -> None:
    judged = judge(analyses["v0.1"])
    moved = [
        replace(
            claim,
            claim=replace(
                claim.claim,
                line=claim.claim.line + 3,
                assertions=tuple(replace(a, line=a.line + 3) for a in claim.claim.assertions),
            ),
        )
        for claim in judged
    ]
    assert claim_changes(judged, moved) == ()


def test_a_changed_count_flips_the_claims_that_rest_on_it(analyses: dict[str, Analysis]) -> None:
    release = analyses["v0.1"].release
    counts = tuple(
        replace(c, compiled=70, passed=60)
        if c.model == "llama-3.3-8b" and c.category is None
        else c
        for c in release.counts
    )
    other = analyse(
        replace(
            release, counts=tuple(replace(c, compiled=70) if c.passed == 60 else c for c in counts)
        )
    )
    found = {c.id: c for c in claim_changes(judge(analyses["v0.1"]), judge(other))}
    flipped = {key for key, change in found.items() if change.flipped}
    assert "coder-gap" in found
    assert found["coder-gap"].moved
    assert not found["coder-gap"].reworded
    assert flipped
    assert any(found[key].worse for key in flipped)
