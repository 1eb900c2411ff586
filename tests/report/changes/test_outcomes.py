"""Releases with single outcomes: paired changes, exact parts, problems that turned."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.folder import read_release
from harness.outcomes import Outcomes, canonical
from harness.release import Model, Problem, Release
from report.changes.matching import match_models
from report.changes.rates import metric_changes
from report.changes.results import MetricChanges, RateChange
from stats.decomposition import Decomposition
from stats.mcnemar import mcnemar_exact, mcnemar_midp
from stats.paired import tango

ROOT = Path(__file__).resolve().parents[3]
Rows = Mapping[str, Mapping[str, Sequence[bool | None]]]
"""Model to problem to its samples."""

quick = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.fixture(scope="module")
def bare() -> Release:
    found = read_release(ROOT / "results" / "v0.1-draft1")
    return replace(
        found, counts=(), summaries=(), printed=(), comparisons=(), problem_cells=(), claims=()
    )


def release(bare: Release, rows: Rows, problems: Sequence[str], **more: object) -> Release:
    frame = pl.DataFrame(
        [
            (model, problem, sample, passed)
            for model, values in rows.items()
            for problem, samples in values.items()
            for sample, passed in enumerate(samples)
        ],
        schema={
            "model": pl.String,
            "problem": pl.String,
            "sample": pl.Int64,
            "passed": pl.Boolean,
        },
        orient="row",
    )
    return replace(
        bare,
        models=tuple(Model(name, name, "other") for name in rows),
        problems=tuple(Problem(p) for p in problems),
        n_problems=len(problems),
        outcomes=Outcomes(canonical(frame)),
        **more,  # type: ignore[arg-type]
    )


def changes(before: Release, after: Release) -> MetricChanges:
    (found,) = metric_changes(before, after, match_models(before, after), level=0.95)
    return found


def only(before: Release, after: Release) -> RateChange:
    (change,) = changes(before, after).models
    return change


def test_a_change_on_the_same_problems_is_paired(bare: Release) -> None:
    problems = [f"p{i}" for i in range(20)]
    old = {p: [i < 10] for i, p in enumerate(problems)}
    new = {p: [2 <= i < 17] for i, p in enumerate(problems)}  # loses 2, gains 7
    change = only(release(bare, {"m": old}, problems), release(bare, {"m": new}, problems))
    assert change.evidence == "outcomes"
    assert change.test.p_value == mcnemar_midp(7, 2).p_value
    assert change.exact == mcnemar_exact(7, 2).p_value
    expected = tango(8, 7, 2, 3)
    assert (change.change.interval.low, change.change.interval.high) == (
        expected.low,
        expected.high,
    )
    assert change.change.value == pytest.approx(5 / 20)
    turned = {flip.problem: (flip.before, flip.after) for flip in change.flips}
    assert turned.keys() == {"p0", "p1", *(f"p{i}" for i in range(10, 17))}
    assert turned["p0"] == (1, 0)
    assert turned["p12"] == (0, 1)


def test_a_model_can_gain_on_every_old_problem_and_still_drop(bare: Release) -> None:
    old = {f"p{i}": [i < 5] for i in range(10)}
    new = {f"p{i}": [i < 6] for i in range(10)} | {f"q{i}": [i < 3] for i in range(10)}
    change = only(release(bare, {"m": old}, list(old)), release(bare, {"m": new}, list(new)))
    assert isinstance(change.parts, Decomposition)
    assert change.parts.total == Fraction(-1, 20)
    assert change.parts.rescored == Fraction(1, 10)
    assert change.parts.new_problems == Fraction(-3, 20)
    assert change.rescored is not None
    assert change.rescored.value == pytest.approx(0.1)
    assert change.change.interval.method == "overlap_score"
    assert change.change.n == 10


def test_a_changed_rule_for_missing_outcomes_is_a_part_of_its_own(bare: Release) -> None:
    rows = {"m": {"a": [True], "b": [True], "c": [False]}}
    before = release(bare, rows, ["a", "b", "c", "d"], missing="absent")
    after = release(bare, rows, ["a", "b", "c", "d"], missing="failed")
    change = only(before, after)
    assert change.same
    assert isinstance(change.parts, Decomposition)
    assert change.parts.missing_rule == Fraction(2, 4) - Fraction(2, 3)
    assert change.after.n == 4


def test_repeated_samples_count_as_shares(bare: Release) -> None:
    before = release(bare, {"m": {"a": [True, False], "b": [True, True]}}, ["a", "b"])
    after = release(bare, {"m": {"a": [True, True], "b": [True, True]}}, ["a", "b"])
    change = only(before, after)
    assert change.before.rate == Fraction(3, 4)
    assert change.before.successes is None
    assert change.flips[0].before == Fraction(1, 2)
    assert change.test.method.startswith("sign_flip")
    assert change.change.interval.contains(0.25)


def test_no_problem_in_common_leaves_the_change_whole(bare: Release) -> None:
    change = only(
        release(bare, {"m": {"a": [True]}}, ["a"]), release(bare, {"m": {"b": [False]}}, ["b"])
    )
    assert change.parts is None
    assert "cannot be split" in change.unsplit
    assert change.rescored is None
    assert change.test.p_value == 1


def test_the_family_is_every_model_in_both(bare: Release) -> None:
    problems = [f"p{i}" for i in range(12)]
    old = {p: [False] for p in problems}
    new = {p: [i < 7] for i, p in enumerate(problems)}
    found = changes(
        release(bare, {"m": old, "n": old, "gone": old}, problems),
        release(bare, {"m": new, "n": old, "fresh": new}, problems),
    )
    by_model = {change.model: change for change in found.models}
    assert by_model.keys() == {"m", "n"}
    assert by_model["m"].adjusted == pytest.approx(2 * by_model["m"].test.p_value)
    assert by_model["n"].same
    assert [entry.model for entry in found.added] == ["fresh"]
    assert [entry.model for entry in found.removed] == ["gone"]
    wide, narrow = by_model["m"].simultaneous, by_model["m"].change.interval
    assert wide.level == pytest.approx(0.975)
    assert wide.width > narrow.width


problem_names = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1, max_size=8)


@st.composite
def two_releases(draw):
    """One model in two releases with their own problems, samples, gaps and rules."""
    sides = []
    for _ in range(2):
        problems = draw(problem_names)
        samples = draw(st.integers(1, 3))
        values = {
            p: draw(st.lists(st.booleans(), min_size=samples, max_size=samples))
            for p in problems
            if draw(st.booleans())
        }
        values = values or {problems[0]: [True]}
        sides.append((values, problems, draw(st.sampled_from(["absent", "failed"]))))
    return sides


@quick
@given(two_releases())
def test_parts_sum_to_the_change_whatever_the_releases_hold(bare: Release, sides) -> None:
    before, after = (
        release(bare, {"m": values}, problems, missing=rule) for values, problems, rule in sides
    )
    change = only(before, after)
    assert change.change.value == pytest.approx(float(change.after.rate - change.before.rate))
    if change.parts is None:
        assert change.unsplit
        return
    assert isinstance(change.parts, Decomposition)
    assert change.parts.before == change.before.rate
    assert change.parts.after == change.after.rate
