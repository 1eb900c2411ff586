"""Abilities and regression beside raw rates: what they give, and why they give nothing."""

import numpy as np
import pytest
from small import write_outcome_release

from harness.reader import read_release
from report.analysis import analyse
from report.exhibits.abilities import abilities_of, abilities_table, abilities_words, misfits_table
from report.exhibits.common import Context
from stats.rasch import fit_rasch


def context_of(tmp_path, column: str = "passed", **models: str) -> Context:
    words = {"+": "true", "-": "false", "5": "0.5"}
    text = f"model,problem,{column}\n" + "".join(
        f"{model},p{i},{words.get(letter, letter)}\n"
        for model, letters in models.items()
        for i, letter in enumerate(letters)
        if letter != " "
    )
    n = max(map(len, models.values()))
    problems = "problem,difficulty\n" + "".join(
        f"p{i},{'easy' if i % 2 else 'hard'}\n" for i in range(n)
    )
    more = {"main": "score"} if column == "score" else {}
    folder = write_outcome_release(tmp_path, text, problems=problems, n_problems=n, **more)
    return Context(analyse(read_release(folder)))


MIXED = {"a": "+++-++-+--+-", "b": "+-+-+--+-+--", "c": "-+----+-----"}


def test_abilities_are_those_of_the_conditional_fit(tmp_path) -> None:
    context = context_of(tmp_path, **MIXED)
    found = abilities_of(context)["rasch"]
    outcomes = np.array([[letter == "+" for letter in row] for row in MIXED.values()]).T
    expected = dict(zip("abc", fit_rasch(outcomes.astype(int)).ability, strict=True))
    assert dict(zip(found["models"], found["ability"], strict=True)) == pytest.approx(expected)
    assert sum(found["ability"]) == pytest.approx(0)


def test_on_equal_mixes_and_complete_outcomes_the_expected_score_is_the_raw_rate(tmp_path) -> None:
    context = context_of(tmp_path, **MIXED)
    table = abilities_table(context)
    for row in table.rows:
        assert row["score"].raw == pytest.approx(row["passed"].raw)
        assert row["logistic"].raw == pytest.approx(row["passed"].raw)


def test_models_that_pass_all_or_nothing_are_left_out_by_name(tmp_path) -> None:
    context = context_of(tmp_path, **MIXED, d="+" * 12)
    words = abilities_words(context)
    assert words is not None
    assert words.usable
    assert any(context.labels["d"] in reason for reason in words.reasons)
    row = abilities_table(context).rows[0]
    assert row["ability"].text == "–"
    assert row["ability"].title == "it passed all or none of its problems"


def test_separated_outcomes_are_refused_with_the_reason(tmp_path) -> None:
    # b never passes where a fails: their distance has no finite estimate.
    context = context_of(tmp_path, a="++++--", b="++----")
    words = abilities_words(context)
    assert words is not None
    assert any(reason.startswith("No Rasch abilities: ") for reason in words.reasons)


def test_scores_are_refused_with_the_reason(tmp_path) -> None:
    words = abilities_words(context_of(tmp_path, "score", a="0151", b="1001"))
    assert words is not None
    assert not words.usable
    assert len(words.reasons) == 2
    assert all("not shares or scores" in reason for reason in words.reasons)


def test_what_was_kept_is_read_again_and_other_outcomes_are_not(tmp_path) -> None:
    context = context_of(tmp_path / "one", **MIXED)
    kept = tmp_path / "kept"
    first = abilities_of(Context(context.analysis, kept=kept))
    assert abilities_of(Context(context.analysis, kept=kept)) == first
    other = context_of(tmp_path / "two", **{**MIXED, "a": "-+++++-+--+-"})
    abilities_of(Context(other.analysis, kept=kept))
    assert len(list(kept.glob("*.abilities.json"))) == 2


def test_the_worst_misfit_is_the_problem_that_was_turned_around(tmp_path) -> None:
    rng = np.random.default_rng(5)
    models = [chr(97 + i) for i in range(12)]
    ability, easiness = np.linspace(-3, 3, 12), np.linspace(-2, 2, 40)
    p = 1 / (1 + np.exp(-(ability[:, None] + easiness)))
    passed = rng.random(p.shape) < p
    passed[:, 20] = ability < 0  # only the weak pass it
    rows = {
        m: "".join("+" if x else "-" for x in row) for m, row in zip(models, passed, strict=True)
    }
    table = misfits_table(context_of(tmp_path, **rows))
    assert table.rows[0]["problem"].text == "p20"
