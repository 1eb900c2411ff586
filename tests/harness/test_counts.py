"""Counts that do not add up, and cells that are no numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.schema import number_way_out

PARTS = """; expected parts that sum to their total
  A part may be missing, or one of the numbers is wrong."""

MISTAKES = {
    "compiled above problems": (
        "small,,,9,5,2",
        "small,,,9,10,2",
        "r1/counts.csv:3: compiled: 10 compiled; expected at most the 9 problems",
    ),
    "passed above compiled": (
        "small,,,9,5,2",
        "small,,,9,5,6",
        "r1/counts.csv:3: passed: 6 passed; expected at most the 5 compiled",
    ),
    "passed above problems": (
        "other,,,10,,1",
        "other,,,10,,11",
        "r1/counts.csv:4: passed: 11 passed; expected at most the 10 problems",
    ),
    "more problems than there are": (
        "small,,,9,5,2",
        "small,,,11,5,2",
        (
            "r1/counts.csv:3: problems: 11 problems; expected at most the 10 of the benchmark\n"
            "  A model cannot have results for more problems than there are."
        ),
    ),
    "more problems than in the cell": (
        "ours,Sorting,hard,2,2,1",
        "ours,Sorting,hard,3,2,1",
        (
            "r1/counts.csv:6: problems: 3 problems; "
            'expected at most the 2 of "Sorting" "hard"\n'
            "  A model cannot have results for more problems than there are."
        ),
    ),
    "cell left out": (
        "ours,Graphs,hard,4,2,1\n",
        "",
        (
            "r1/counts.csv:2: a total that its parts (lines 5 to 6) do not sum to: "
            f"problems 10 against 6, compiled 8 against 6, passed 6 against 5{PARTS}"
        ),
    ),
    "cell with another number": (
        "ours,Graphs,hard,4,2,1",
        "ours,Graphs,hard,4,2,2",
        (
            "r1/counts.csv:2: a total that its parts (lines 5 to 7) do not sum to: "
            f"passed 6 against 7{PARTS}"
        ),
    ),
    "no overall row": (
        "ours,,,10,8,6\n",
        "",
        (
            'r1/counts.csv:4: model: "ours" has parts but no overall row; '
            "expected a row with empty category and difficulty\n"
            "  Add the overall row: the parts may not be all there is."
        ),
    ),
    "row twice": (
        "small,,,9,5,2",
        "small,,,9,5,2\nsmall,,,9,5,2",
        (
            "r1/counts.csv:4: the same model as on line 3; expected each row once\n"
            "  Delete one of the two."
        ),
    ),
    "cell twice": (
        "ours,Sorting,hard,2,2,1",
        "ours,Sorting,hard,1,1,1\nours,Sorting,hard,1,1,0",
        (
            "r1/counts.csv:7: the same model, category, difficulty as on line 6; "
            "expected each row once\n  Delete one of the two."
        ),
    ),
    "unknown model": (
        "small,,,9",
        "smal,,,9",
        (
            'r1/counts.csv:3: model: "smal" is unknown; expected a model in models.toml\n'
            '  Did you mean "small"? Known: ours, small, other.'
        ),
    ),
    "name in place of the id": (
        "small,,,9",
        "small 3b,,,9",
        (
            'r1/counts.csv:3: model: "small 3b" is unknown; expected a model in models.toml\n'
            '  Write its id, "small".'
        ),
    ),
    "unknown category": (
        "ours,Graphs,hard",
        "ours,Grafs,hard",
        (
            'r1/counts.csv:7: category: "Grafs" is unknown; '
            "expected a category in release.toml\n"
            '  Did you mean "Graphs"? Known: Sorting, Graphs.'
        ),
    ),
    "unknown difficulty": (
        "ours,Graphs,hard",
        "ours,Graphs,Hard",
        (
            'r1/counts.csv:7: difficulty: "Hard" is unknown; '
            "expected a difficulty in release.toml\n"
            '  Did you mean "hard"? Known: easy, hard.'
        ),
    ),
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES)
def test_mistake(folder, case):
    old, new, expected = case
    folder.replace("counts.csv", old, new)
    assert folder.error() == expected


@pytest.mark.parametrize(
    ("cell", "found", "way_out"),
    [
        ("9.0", '"9.0"', "\n  Write 9."),
        ('"1,009"', '"1,009"', "\n  Write 1009."),
        ("1 009", '"1 009"', "\n  Write 1009."),
        (" 9", '" 9"', "\n  Write 9."),
        ("80%", '"80%"', "\n  Write the count, not the percentage."),
        ("nan", '"nan"', "\n  A number that is not known is left out."),
        ("-inf", '"-inf"', "\n  A number that is not known is left out."),
        ("N/A", '"N/A"', "\n  A number that is not known is left out."),
        ("", "it is missing", ""),
        ("0", "0", ""),
        ("-1", "-1", ""),
        ("1e1", '"1e1"', ""),
        ("９", '"９"', ""),
        ("9" * 20, f'"{"9" * 20}"', ""),
    ],
)
def test_a_cell_that_is_no_count(folder, cell, found, way_out):
    folder.replace("counts.csv", "small,,,9,5,2", f"small,,,{cell},5,2")
    expected = f"r1/counts.csv:3: problems: {found}; expected a whole number, 1 or more{way_out}"
    assert folder.error() == expected


def test_compiled_may_be_unknown_but_passed_may_not(folder):
    folder.replace("counts.csv", "other,,,10,,1", "other,,,10,,")
    assert folder.error() == (
        "r1/counts.csv:4: passed: it is missing; expected a whole number, 0 or more"
    )


def test_unknown_compiled_counts_are_not_summed(folder):
    folder.replace("counts.csv", "ours,Graphs,hard,4,2,1", "ours,Graphs,hard,4,,1")
    assert folder.read().cells("ours")[2].compiled is None


def test_rows_by_one_dimension_must_sum_too(folder):
    folder.append("counts.csv", "ours,Sorting,,6,6,5")
    folder.append("counts.csv", "ours,Graphs,,4,2,1")
    folder.append("counts.csv", "ours,,easy,4,4,4")
    folder.append("counts.csv", "ours,,hard,6,4,1")
    assert folder.errors() == [
        (
            f"r1/counts.csv:2: a total that its parts (lines 10 to 11) do not sum to: "
            f"passed 6 against 5{PARTS}"
        ),
        (
            f"r1/counts.csv:11: a total that its parts (lines 6 to 7) do not sum to: "
            f"passed 1 against 2{PARTS}"
        ),
    ]


def test_rows_by_one_dimension_that_do_sum(folder):
    folder.append("counts.csv", "ours,,easy,4,4,4")
    folder.append("counts.csv", "ours,,hard,6,4,2")
    release = folder.read()
    assert len(release.counts) == 8
    assert len(release.cells("ours")) == 3
    assert len(release.totals) == 3


@pytest.mark.parametrize(("problems", "sum_"), [("5", 11), ("3", 9)])
def test_cells_of_the_benchmark_sum_to_its_problems(folder, problems, sum_):
    folder.replace("problem_counts.csv", "Sorting,easy,4", f"Sorting,easy,{problems}")
    assert (
        f"r1/problem_counts.csv: {sum_} problems; expected n_problems of release.toml, 10\n"
        "  Correct whichever of the two is wrong."
    ) in folder.errors()


PROBLEMS = "problem,category,difficulty\n" + "".join(
    f"p{i},{part}\n"
    for i, part in enumerate(["Graphs,hard"] * 4 + ["Sorting,easy"] * 4 + ["Sorting,hard"] * 2)
)


def test_cells_are_counted_from_single_problems(folder):
    from_counts = folder.read().problem_cells
    folder.remove("problem_counts.csv")
    folder.write("problems.csv", PROBLEMS)
    assert folder.read().problem_cells == from_counts


def test_single_problems_and_their_counts_together(folder):
    folder.write("problems.csv", PROBLEMS)
    assert folder.error() == (
        "r1/problem_counts.csv: problems.csv is there too; expected one of the two\n"
        "  Delete problem_counts.csv: its cells are counted from problems.csv."
    )


def test_a_problem_twice(folder):
    folder.remove("problem_counts.csv")
    folder.write("problems.csv", PROBLEMS.replace("p9", "p8"))
    assert folder.error() == (
        "r1/problems.csv:11: the same problem as on line 10; expected each row once\n"
        "  Delete one of the two."
    )


def test_too_few_problems(folder):
    folder.remove("problem_counts.csv")
    folder.write("problems.csv", PROBLEMS.rpartition("p9")[0])
    assert folder.errors()[0] == (
        "r1/problems.csv: 9 problems; expected n_problems of release.toml, 10\n"
        "  Correct whichever of the two is wrong."
    )


@given(st.integers(0, 10**12), st.sampled_from([",", "'", " ", "\u00a0", "\u202f"]))
@settings(derandomize=True, deadline=None)
def test_the_way_out_of_thousands_separators_is_the_number(number, separator):
    text = f"{number:,}".replace(",", separator)
    way_out = number_way_out(text, whole=True)
    assert way_out == ("" if text == str(number) else f"Write {number}.")


def test_a_way_out_is_not_guessed():
    # 1,234 is a thousand to some and a little more than one to others.
    assert number_way_out("1,234", whole=False) == ""
    assert number_way_out("1,2", whole=False) == "Write 1.2."
    assert number_way_out("12.5", whole=True) == ""
