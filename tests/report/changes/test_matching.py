"""Models are followed across releases by id, name and alias; facts and problems are compared."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.folder import read_release
from harness.release import Model, Parameters, Problem, Release
from report.analysis import analyse
from report.changes import compare
from report.changes.facts import model_facts, release_facts
from report.changes.matching import match_models
from report.changes.problems import problem_changes
from report.changes.words import Wording

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def release() -> Release:
    return read_release(ROOT / "results" / "v0.1-draft2")


def with_models(release: Release, *models: Model) -> Release:
    return replace(release, models=models)


def test_an_alias_makes_two_ids_one_model(release: Release) -> None:
    old = with_models(release, Model("gpt-a", "GPT A", "other"))
    new = with_models(release, Model("gpt-a-2024", "GPT A (2024)", "other", aliases=("gpt-a",)))
    found = match_models(old, new)
    assert [(a.id, b.id) for a, b in found.renamed] == [("gpt-a", "gpt-a-2024")]
    assert (found.added, found.removed) == ((), ())
    assert match_models(new, old).renamed != ()  # the alias may stand on either side


def test_a_name_in_another_case_is_the_same_model(release: Release) -> None:
    old = with_models(release, Model("x", "H2LooP v0.1-coder", "other"))
    new = with_models(release, Model("y", "H2looP  v0.1-Coder", "other"))
    assert len(match_models(old, new).pairs) == 1


def test_an_alias_of_two_models_matches_neither(release: Release) -> None:
    old = with_models(release, Model("a", "A", "other"), Model("b", "B", "other"))
    new = with_models(release, Model("c", "C", "other", aliases=("a", "b")))
    found = match_models(old, new)
    assert [m.id for m in found.added] == ["c"]
    assert [m.id for m in found.removed] == ["a", "b"]


def test_a_renamed_model_keeps_its_figures(release: Release) -> None:
    def renamed(model: str | None) -> str | None:
        return "coder-two" if model == "h2loop-coder" else model

    new = replace(
        release,
        version="later",
        claims=(),  # they name models by their ids
        models=tuple(
            replace(m, id="coder-two", aliases=("h2loop-coder",)) if m.id == "h2loop-coder" else m
            for m in release.models
        ),
        counts=tuple(replace(c, model=renamed(c.model) or "") for c in release.counts),
        summaries=tuple(replace(s, model=renamed(s.model) or "") for s in release.summaries),
        comparisons=tuple(
            replace(c, models=tuple(renamed(m) or "" for m in c.models))
            for c in release.comparisons
        ),
        printed=tuple(
            replace(p, model=renamed(p.model), versus=renamed(p.versus)) for p in release.printed
        ),
    )
    changes = compare(analyse(release), analyse(new))
    assert changes.figures.moved == ()
    assert changes.figures.printed == ()
    assert changes.figures.only_before == changes.figures.only_after == 0
    assert changes.main is not None
    assert all(change.same for change in changes.main.models)
    assert "Renamed: " in " ".join(Wording(changes).summary())


def test_facts_tell_what_is_new_from_what_is_contradicted(release: Release) -> None:
    old = with_models(release, Model("a", "A", "other", parameters=Parameters(total=7)))
    new = with_models(
        release,
        Model("a", "A", "other", parameters=Parameters(total=32), architecture="Dense"),
    )
    facts = {f.field: f for f in model_facts(match_models(old, new))}
    assert (facts["parameters"].before, facts["parameters"].after) == (7, 32)
    assert facts["parameters"].contradicts
    assert not facts["architecture"].contradicts
    assert facts.keys() == {"parameters", "architecture"}


def test_a_changed_rule_for_missing_outcomes_is_a_fact(release: Release) -> None:
    (fact,) = release_facts(release, replace(release, missing="failed"))
    assert (fact.field, fact.before, fact.after) == (
        "rule for missing outcomes",
        "absent",
        "failed",
    )


def test_problems_added_dropped_moved_and_reworded(release: Release) -> None:
    old = replace(
        release,
        problems=(
            Problem("1", "A", "easy", content_hash="a" * 64, date="2024-01-01"),
            Problem("2", "A", "hard", content_hash="b" * 64, date="2024-01-02"),
            Problem("3", "B", "hard"),
        ),
    )
    new = replace(
        release,
        problems=(
            Problem("2", "A", "easy", content_hash="c" * 64, date="2024-01-03"),
            Problem("1", "A", "easy", content_hash="a" * 64, date="2024-01-02"),
            Problem("4", "B", "hard"),
        ),
    )
    found = problem_changes(old, new)
    assert [p.id for p in found.added] == ["4"]
    assert [p.id for p in found.dropped] == ["3"]
    assert [(f.subject, f.before, f.after) for f in found.recategorised] == [("2", "hard", "easy")]
    assert found.retexted == ("2",)
    assert found.shifts == {"date": {1: 2}}
    assert (found.common, found.unhashed, found.changed) == (2, 0, True)


def test_problems_that_are_not_known_singly_are_only_counted(release: Release) -> None:
    found = problem_changes(release, replace(release, n_problems=120))
    assert not found.known
    assert (found.before, found.after, found.changed) == (107, 120, True)
    assert found.added == ()
