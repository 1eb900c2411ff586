"""Printed figures: each word of the vocabulary says what its row must and may hold."""

import pytest

from harness.figures import FIGURES

ROW = "1,pass_rate,ours,,,,60.0,%,"

MISTAKES = {
    "unknown word": (
        "1,pass_rat,ours,,,,60.0,%,",
        (
            'figure: "pass_rat"; expected a word of the vocabulary in results/README.md\n'
            '  Did you mean "pass_rate"?'
        ),
    ),
    "no model": (
        "1,pass_rate,,,,,60.0,%,",
        "model: it is missing; expected a model: pass_rate needs one",
    ),
    "unknown model": (
        "1,pass_rate,our,,,,60.0,%,",
        (
            'model: "our" is unknown; expected a model in models.toml\n'
            '  Did you mean "ours"? Known: ours, small, other.'
        ),
    ),
    "model that is not asked for": (
        "1,problems,ours,,,,10,problems,",
        'model: "ours"; expected nothing: problems has no model',
    ),
    "nothing to compare with": (
        "1,gap_points,ours,,,,1.0,points,",
        "versus: it is missing; expected a versus: gap_points needs one",
    ),
    "something to compare with": (
        "1,pass_rate,ours,best,,,60.0,%,",
        'versus: "best"; expected nothing: pass_rate has no versus',
    ),
    "model in place of a comparison": (
        "1,gap_points,ours,small,,,1.0,points,",
        (
            'versus: "small" is unknown; expected the id of a comparison in release.toml\n'
            "  Known: similar."
        ),
    ),
    "comparison in place of a model": (
        "1,size_ratio,ours,similar,,,1.0,x,",
        (
            'versus: "similar" is unknown; expected the id of a model in models.toml or best\n'
            "  Known: ours, small, other, best."
        ),
    ),
    "part that is not asked for": (
        "1,pass_rate,ours,,Graphs,,60.0,%,",
        'category: "Graphs"; expected nothing: pass_rate has no category',
    ),
    "no part": (
        "1,cell_pass_rate,ours,,,,60.0,%,",
        (
            "category: neither a category nor a difficulty; "
            "expected at least one of them: cell_pass_rate is the rate of a part"
        ),
    ),
    "unit of another word": (
        "1,pass_rate,ours,,,,60.0,x,",
        'unit: "x"; expected %, as pass_rate is given',
    ),
    "unknown unit": (
        "1,pass_rate,ours,,,,60.0,percent,",
        'unit: "percent"; expected one of %, points, points per B, B, x, rank, problems',
    ),
    "sign within the figure": (
        "1,pass_rate,ours,,,,60.0%,%,",
        (
            'printed: "60.0%"; '
            "expected a number as printed: digits, at most one point, perhaps a sign"
        ),
    ),
    "no figure": (
        "1,pass_rate,ours,,,,,%,",
        (
            "printed: it is missing; "
            "expected a number as printed: digits, at most one point, perhaps a sign"
        ),
    ),
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES)
def test_mistake(folder, case):
    row, expected = case
    folder.replace("printed.csv", ROW, row)
    assert folder.error() == f"r1/printed.csv:2: {expected}"


def test_a_figure_twice_in_one_place(folder):
    folder.append("printed.csv", ROW)
    assert folder.error() == (
        "r1/printed.csv:6: the same table, figure, model as on line 2; expected each row once\n"
        "  Delete one of the two."
    )


def test_the_same_figure_in_two_places(folder):
    folder.append("printed.csv", "conclusion" + ROW.removeprefix("1"))
    assert len(folder.read().printed) == 5


def test_digits_are_kept_as_printed(folder):
    folder.replace("printed.csv", ROW, "1,pass_rate,ours,,,,060.00,%,")
    assert folder.read().printed[0].printed == "060.00"


@pytest.mark.parametrize("word", FIGURES)
def test_each_word_has_a_row_that_it_accepts(folder, word):
    figure = FIGURES[word]
    known = {"model": "small", "comparison": "similar", "best": "best"}
    model = "" if figure.model == "empty" else "ours"
    category = "" if figure.category == "empty" else "Graphs"
    difficulty = "" if figure.difficulty == "empty" else "hard"
    for versus in [known[kind] for kind in figure.versus] or [""]:
        for unit in figure.units:
            row = f"t,{word},{model},{versus},{category},{difficulty},1.0,{unit},"
            folder.replace("printed.csv", ROW, row)
            assert folder.read().printed[0].figure == word
            folder.replace("printed.csv", row, ROW)
