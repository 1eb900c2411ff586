"""CSV as such, and the tables beside the counts."""

import pytest

COLUMNS = "model,category,difficulty,problems,compiled,passed"

HEADERS = {
    "misspelt": (
        COLUMNS.replace("category", "categry"),
        ['the column "categry" is unknown', '\n  Did you mean "category"?'],
    ),
    "additional": (
        f"{COLUMNS},extra",
        ['the column "extra" is unknown', "\n  Remove it."],
    ),
    "missing": (
        COLUMNS.replace("compiled,", ""),
        ['the column "compiled" is missing', ""],
    ),
    "semicolons": (
        COLUMNS.replace(",", ";"),
        [
            f'no known column in "{COLUMNS.replace(",", ";")}"',
            "\n  The file is separated by semicolons; save it with commas.",
        ],
    ),
    "tabs": (
        COLUMNS.replace(",", "\t"),
        [
            f'no known column in "{COLUMNS.replace(",", chr(92) + "u0009")}"',
            "\n  The file is separated by tabs; save it with commas.",
        ],
    ),
    "none": (
        "gemini,,,10,8,6",
        ['no known column in "gemini,,,10,8,6"', "\n  The first line names the columns."],
    ),
}


@pytest.mark.parametrize("case", HEADERS.values(), ids=HEADERS)
def test_wrong_header(folder, case):
    header, (found, way_out) = case
    folder.replace("counts.csv", COLUMNS, header)
    assert folder.error() == (
        f"r1/counts.csv:1: header: {found}; expected the columns {COLUMNS}{way_out}"
    )


def test_a_column_twice(folder):
    folder.replace("counts.csv", COLUMNS, f"{COLUMNS},model")
    assert folder.error() == (
        'r1/counts.csv:1: header: the column "model" stands there 2 times; '
        f"expected the columns {COLUMNS}"
    )


def test_columns_come_in_any_order(folder):
    plain = folder.read()
    lines = [line.split(",") for line in folder.text("counts.csv").splitlines()]
    folder.write("counts.csv", "".join(",".join(line[::-1]) + "\n" for line in lines))
    assert folder.read() == plain


def test_a_column_that_may_be_absent(folder):
    lines = folder.text("printed.csv").splitlines()
    folder.write("printed.csv", "".join(line.rpartition(",")[0] + "\n" for line in lines))
    assert folder.read().printed[2].note is None


def test_a_header_without_rows(folder):
    folder.write("runtimes.csv", "model,runtime_s,passed\n")
    assert folder.error() == (
        "r1/runtimes.csv:1: a header without rows; expected at least one row\n"
        "  Delete the file if the release has nothing of this kind."
    )


@pytest.mark.parametrize(
    ("row", "cells"), [("small,,,9,5", 5), ("small,,,9,5,2,1", 7), ("small,,,1,009,5,2", 7)]
)
def test_a_row_of_another_length(folder, row, cells):
    folder.replace("counts.csv", "small,,,9,5,2", row)
    assert folder.error() == (
        f"r1/counts.csv:3: {cells} cells; expected 6, as in the header "
        "(model, category, difficulty, problems, compiled, passed)\n"
        "  Text that holds a comma needs double quotes around it."
    )


def test_a_quote_that_is_not_closed(folder):
    folder.replace("counts.csv", "small,,,9", 'small,"So,,9')
    assert folder.error() == (
        "r1/counts.csv:3: not CSV from here on (unexpected end of data); "
        "expected CSV, with double quotes around text that holds a comma, quote or line end\n"
        "  Look for a quote that is not closed; a quote inside quotes is written twice."
    )


def test_lines_are_counted_as_an_editor_counts_them(folder):
    # The note spans three lines, and two blank lines follow: the bad row is on line 9.
    folder.replace("printed.csv", "60.0,%,", '60.0,%,"one\ntwo\r\nthree"\n\n')
    folder.replace("printed.csv", "37.0", "37,0")
    assert folder.error().startswith("r1/printed.csv:9: 10 cells; expected 9, as in the header")


def test_a_comma_in_place_of_the_point(folder):
    folder.replace("summaries.csv", "2.5,2.0", '"2,5",2.0')
    assert folder.error() == ('r1/summaries.csv:2: mean: "2,5"; expected a number\n  Write 2.5.')


SUMMARIES = {
    "mean outside": (
        "2.5,2.0",
        "4.5,2.0",
        "mean: 4.5; expected a value from min to max, 1 to 4",
    ),
    "median outside": (
        "2.5,2.0",
        "2.5,0.5",
        "median: 0.5; expected a value from min to max, 1 to 4",
    ),
    "negative spread": ("2.0,0.5", "2.0,-0.5", "std: -0.5; expected a number, 0 or more"),
    "not a number": (
        "2.5,2.0",
        "NaN,2.0",
        'mean: "NaN"; expected a number\n  A number that is not known is left out.',
    ),
    "beyond all numbers": ("1.0,4.0", "1.0,1e999", 'max: "1e999"; expected a number'),
    "unknown metric": (
        "inverse_runtime",
        "inverse_time",
        (
            'metric: "inverse_time" is unknown; expected a metric in release.toml\n'
            '  Did you mean "inverse_runtime"? Known: compiled, passed, inverse_runtime.'
        ),
    ),
    "binary metric": (
        "inverse_runtime",
        "passed",
        (
            'metric: "passed", a binary metric; expected a continuous metric\n'
            "  Binary metrics are counted in counts.csv."
        ),
    ),
    "nothing summarised": ("8,2.5", "0,2.5", "count: 0; expected a whole number, 1 or more"),
}


@pytest.mark.parametrize("case", SUMMARIES.values(), ids=SUMMARIES)
def test_mistake_in_summaries(folder, case):
    old, new, expected = case
    folder.replace("summaries.csv", old, new)
    assert folder.error() == f"r1/summaries.csv:2: {expected}"


def test_a_summary_twice(folder):
    folder.append("summaries.csv", "ours,inverse_runtime,9,2.5,2.0,0.5,1.0,4.0")
    assert folder.error() == (
        "r1/summaries.csv:3: the same model, metric as on line 2; expected each row once\n"
        "  Delete one of the two."
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("ours,0,true", "runtime_s: 0.0; expected a number above 0, in seconds"),
        ("ours,,true", "runtime_s: it is missing; expected a number above 0, in seconds"),
        (
            "ours,1,True",
            'passed: "True"; expected true or false, or nothing where it is not known',
        ),
        ("ours,1,1", 'passed: "1"; expected true or false, or nothing where it is not known'),
    ],
)
def test_mistake_in_runtimes(folder, row, expected):
    folder.replace("runtimes.csv", "ours,0.25,true", row)
    assert folder.error() == f"r1/runtimes.csv:2: {expected}"


def test_equal_runtimes_are_two_programs(folder):
    folder.append("runtimes.csv", "ours,0.25,true")
    assert len(folder.read().runtimes) == 4
