"""Repeated samples: pass@k up to what they support, noise of problems and of samples."""

from dataclasses import replace

import pytest
from small import write_outcome_release

from harness.reader import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.exhibits.repeated import (
    noise_table,
    noise_words,
    pass_at_k_figure,
    pass_at_k_table,
)


def context_of(tmp_path, samples: dict[str, str], column: str = "passed", **more) -> Context:
    """One string of + and - for each problem; two models that differ in nothing."""
    words = {"+": "true", "-": "false"}
    rows = "".join(
        f"{model},{problem},{i},{words.get(letter, letter)}\n"
        for model in ("a", "b")
        for problem, letters in samples.items()
        for i, letter in enumerate(letters)
    )
    text = f"model,problem,sample,{column}\n{rows}"
    return Context(
        analyse(
            read_release(write_outcome_release(tmp_path, text, n_problems=len(samples), **more))
        )
    )


def test_pass_at_k_by_hand_up_to_the_fewest_samples(tmp_path) -> None:
    context = context_of(tmp_path, {"p0": "++--", "p1": "---", "p2": "+++"})
    own = context.analysis.repeated[0]
    assert [p.k for p in own.pass_at_k] == [1, 2]
    # Of six pairs of the first problem's samples one has no pass.
    assert own.pass_at_k[1].estimate.value == pytest.approx((5 / 6 + 0 + 1) / 3)
    assert context.quantities["pass_at_1/a"].value == pytest.approx(0.5)
    assert context.quantities["pass_at_1/a"].value == context.quantities["passed/a"].value
    assert pass_at_k_table(context).rows[0]["samples"].text == "3 to 4"


def test_noise_of_samples_alone_has_no_number_that_is_worth_it(tmp_path) -> None:
    context = context_of(tmp_path, dict.fromkeys(("p0", "p1", "p2", "p3"), "+-"))
    own = context.analysis.repeated[0]
    assert own.split is not None
    assert own.worth is None
    assert noise_table(context).rows[0]["worth"].title == own.reason


def test_noise_of_problems_alone_needs_one_sample(tmp_path) -> None:
    context = context_of(tmp_path, {"p0": "++", "p1": "--", "p2": "++", "p3": "--"})
    own = context.analysis.repeated[0]
    assert own.worth == 1
    assert noise_table(context).rows[0]["share"].text == "0%"


def test_a_problem_with_a_single_sample_leaves_pass_at_one_and_no_split(tmp_path) -> None:
    context = context_of(tmp_path, {"p0": "++", "p1": "-"})
    own = context.analysis.repeated[0]
    assert [p.k for p in own.pass_at_k] == [1]
    assert own.split is None
    assert noise_table(context).rows[0]["error"].title == own.reason != ""


def test_scores_have_noise_and_no_pass_at_k(tmp_path) -> None:
    context = context_of(tmp_path, {"p0": "01", "p1": "11", "p2": "00"}, "score", main="score")
    assert context.analysis.repeated[0].pass_at_k == ()
    with pytest.raises(KeyError, match="there is no pass@k"):
        pass_at_k_table(context)


def test_one_sample_each_is_not_repeated(tmp_path) -> None:
    context = context_of(tmp_path, {"p0": "+", "p1": "-"})
    assert context.analysis.repeated == ()
    with pytest.raises(KeyError, match="one sample"):
        noise_table(context)


def test_the_chart_draws_what_the_table_says_focus_model_first(tmp_path) -> None:
    context = context_of(tmp_path, {"p0": "++--", "p1": "---", "p2": "+++"})
    models = tuple(replace(m, focus=m.id == "b") for m in context.analysis.release.models)
    release = replace(context.analysis.release, models=models)
    context = Context(replace(context.analysis, release=release))
    table, figure = pass_at_k_table(context), pass_at_k_figure(context)
    assert [row["model"].text for row in table.rows] == ["B", "A"]
    assert table.focus_rows == {0}
    drawn = figure.wide.arguments[0]
    assert [(row["model"], row["k"], row["focus"]) for row in drawn] == [
        ("B", 1, True),
        ("B", 2, True),
        ("A", 1, False),
        ("A", 2, False),
    ]
    assert drawn[1]["value"] == table.rows[0]["pass_at_2"].raw
    for row in drawn:
        assert row["low"] < row["value"] < row["high"]
    assert "pass@2" in figure.alt
    for width in (figure.wide, figure.narrow):
        assert width.specification(None)["layer"]


def test_words_count_who_has_samples_enough(tmp_path) -> None:
    words = noise_words(context_of(tmp_path, {"p0": "++", "p1": "--", "p2": "++", "p3": "--"}))
    assert words is not None
    assert words.worth == ("A: 1, has 2", "B: 1, has 2")
    assert (words.low, words.high, words.enough, words.unknown) == ("0%", "0%", 2, 0)


def test_words_say_of_how_many_models_nothing_is_known(tmp_path) -> None:
    words = noise_words(context_of(tmp_path, dict.fromkeys(("p0", "p1", "p2", "p3"), "+-")))
    assert words is None or (words.worth, words.enough, words.unknown) == ((), 0, 2)
    assert noise_words(context_of(tmp_path / "one", {"p0": "++", "p1": "-"})) is None
