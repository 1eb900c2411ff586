"""Abilities and regression beside raw rates: what they give, and why they give nothing."""

import numpy as np
import pytest
from small import write_outcome_release

from harness.reader import read_release
from report.analysis import analyse
from report.analysis.abilities import _unfit
from report.analysis.board import Board
from report.charts import LazyFigure
from report.exhibits.abilities import (
    abilities_figure,
    abilities_of,
    abilities_table,
    abilities_words,
    adjusted_places,
)
from report.exhibits.common import Context
from report.exhibits.fit import misfits_table, person_fit_table
from report.quantities import as_json
from stats.irt import fit_2pl
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
        assert row["rasch"].raw == pytest.approx(row["passed"].raw)
        assert row["logistic"].raw == pytest.approx(row["passed"].raw)


def test_models_that_pass_all_or_nothing_are_left_out_by_name(tmp_path) -> None:
    context = context_of(tmp_path, **MIXED, d="+" * 12)
    words = abilities_words(context)
    assert words is not None
    assert words.usable
    assert any(context.labels["d"] in reason for reason in words.reasons)
    row = abilities_table(context).rows[0]
    for key in ("place", "rasch", "rasch_place"):
        assert row[key].text == "–"
        assert row[key].title == "it passed all or none of its problems"
    assert context.labels["d"] not in [r["model"].text for r in person_fit_table(context).rows]


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
    assert len(words.reasons) == 3
    assert words.sentences == ()
    assert all("not shares or scores" in reason for reason in words.reasons)


def test_what_was_kept_is_read_again_and_other_outcomes_are_not(tmp_path) -> None:
    context = context_of(tmp_path / "one", **MIXED)
    kept = tmp_path / "kept"
    first = abilities_of(Context(context.analysis, kept=kept))
    assert abilities_of(Context(context.analysis, kept=kept)) == first
    other = context_of(tmp_path / "two", **{**MIXED, "a": "-+++++-+--+-"})
    abilities_of(Context(other.analysis, kept=kept))
    assert len(list(kept.glob("*.abilities.json"))) == 2


def drawn(seed: int, *, turned: bool = False, odd: bool = False) -> dict[str, str]:
    """Twelve models on sixty problems by Rasch's model; a problem, or a model, turned around."""
    rng = np.random.default_rng(seed)
    ability, easiness = np.linspace(-2, 2, 12), np.linspace(-2, 2, 60)
    passed = rng.random((12, 60)) < 1 / (1 + np.exp(-(ability[:, None] + easiness)))
    if turned:
        passed[:, 20] = ability < 0  # only the weak pass it
    if odd:
        passed[6] = rng.random(60) < 1 / (1 + np.exp(2 * easiness))  # the easy is hard for it
    return {chr(97 + i): "".join("+" if x else "-" for x in row) for i, row in enumerate(passed)}


def test_the_worst_misfit_is_the_problem_that_was_turned_around(tmp_path) -> None:
    table = misfits_table(context_of(tmp_path, **drawn(5, turned=True)))
    assert table.rows[0]["problem"].text == "p20"
    assert table.rows[0]["discrimination"].raw < 0


def test_the_model_that_answers_unlike_the_others_is_named(tmp_path) -> None:
    context = context_of(tmp_path, **drawn(5, odd=True))
    words = abilities_words(context)
    assert words is not None
    assert any(s.startswith("Unlike the others answers G:") for s in words.sentences)
    reads = {r["model"].text: r["reads"].text for r in person_fit_table(context).rows}
    assert [m for m, said in reads.items() if said == "noisier than its ability"] == ["G"]
    slopes = {r["model"].text: r["slope"].raw for r in person_fit_table(context).rows}
    assert slopes["G"] == min(slopes.values()) < 0


def test_where_all_follow_one_order_no_model_is_named(tmp_path) -> None:
    words = abilities_words(context_of(tmp_path, **drawn(5)))
    assert words is not None
    assert any(s.startswith("No model answers unlike the others") for s in words.sentences)


def test_the_2pl_of_the_page_is_the_fit(tmp_path) -> None:
    rows = drawn(5)
    found = abilities_of(context_of(tmp_path, **rows))["two_parameter"]
    outcomes = np.array([[letter == "+" for letter in row] for row in rows.values()]).T.astype(int)
    assert found["slope"] == pytest.approx(fit_2pl(outcomes).slopes.tolist())
    assert 0 <= found["p"] <= 1


def test_too_few_models_have_no_2pl_and_the_reason_says_how_many(tmp_path) -> None:
    words = abilities_words(context_of(tmp_path, **MIXED))
    assert words is not None
    assert any(
        r.startswith("No 2PL: it needs at least 4 models") and r.endswith("there are 3.")
        for r in words.reasons
    )
    table = person_fit_table(context_of(tmp_path / "again", **MIXED))
    assert "slope" not in {column.key for column in table.columns}


def test_a_refusal_names_models_instead_of_columns(tmp_path) -> None:
    words = abilities_words(context_of(tmp_path, a="++++--", b="++----"))
    assert words is not None
    assert "column" not in " ".join(words.reasons)
    assert any("among themselves: A; B." in reason for reason in words.reasons)


def test_places_move_where_a_model_lacks_the_hard_problems(tmp_path) -> None:
    # b met only the easy half: as attempted it leads a, on the same problems it does not.
    rows = drawn(8)
    easy = "".join(x if i >= 30 else " " for i, x in enumerate(rows["f"]))
    context = context_of(tmp_path, **{**rows, "f": easy})
    places = adjusted_places(context, abilities_of(context))
    assert places["raw"]["f"] < places["rasch"]["f"]
    cell = next(r for r in abilities_table(context).rows if r["model"].text == "F")["rasch_place"]
    assert cell.text == f"{places['rasch']['f']} ↓{places['rasch']['f'] - places['raw']['f']}"
    words = abilities_words(context)
    assert words is not None
    assert "by Rasch none" not in words.sentences[0]


def test_the_figure_has_two_sides_of_every_fitted_model(tmp_path) -> None:
    figure = abilities_figure(context_of(tmp_path, **{**MIXED, "d": "+" * 12}))
    assert isinstance(figure, LazyFigure)
    rows = figure.wide.arguments[0]
    assert [row["model"] for row in rows] == [m for m in ("A", "B", "C") for _ in range(2)]
    for raw, expected in zip(rows[::2], rows[1::2], strict=True):
        assert raw["value"] == pytest.approx(expected["value"])


def test_the_figures_of_the_fits_are_in_the_data(tmp_path) -> None:
    context = context_of(tmp_path, **drawn(5))
    data = as_json(context.quantities)
    found = abilities_of(context)
    assert data["ability/a"]["value"] == found["rasch"]["ability"][0]
    assert data["ability/a"]["method"] == "rasch_conditional_wald"
    assert data["slope/a"]["low"] < data["slope/a"]["value"] < data["slope/a"]["high"]
    for key in ("expected_score/rasch/a", "expected_score/2pl/a", "adjusted/logistic/a"):
        assert data[key]["unit"] == "fraction"
        assert data[key]["low"] < data[key]["value"] < data[key]["high"]
        assert data[key]["evidence"] == "outcomes"
    assert {"infit/a", "outfit/a", "p_slopes", "problem_reliability"} <= set(data)
    # What freezing keeps and audits read has no sensitivity in it.
    assert set(data) - set(context.unfitted) == {key for key in data if key.split("/")[0] in FITTED}


FITTED = (
    "ability",
    "infit",
    "outfit",
    "problem_reliability",
    "slope",
    "p_slopes",
    "expected_score",
    "adjusted",
)


def test_large_boards_are_fitted_unless_their_gaps_all_differ() -> None:
    shape = (410, 1_000)
    values = np.zeros(shape)
    values[::2] = 1.0
    ones = np.ones(shape, dtype=np.int64)
    models = tuple(f"m{i}" for i in range(shape[1]))
    board = Board(models, (), {"passed": values}, ones, ones == 0, ones)
    assert _unfit(board, range(shape[1])) == ""
    values[np.arange(410), np.arange(410)] = np.nan
    assert "differs in 410 ways" in _unfit(board, range(shape[1]))
