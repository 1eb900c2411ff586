"""printed_tables.toml: read as it stands, and every mistake told with its line."""

import pytest

SOUND = """\
[[tables]]
id = "1"
title = "Rates"
covers = "evaluated"
sorted_by = "pass_rate"
rows = ["Ours", "Small 3B", "Mean of others"]
aggregates = ["Mean of others"]

[[tables]]
id = "speed"
title = "Speed"
metric = "inverse_runtime"
units = ["1000/runtime"]
note = "In a caption."
"""

# What is written in place of what, and the error that follows.
MISTAKES = {
    "a table twice": (
        'id = "speed"',
        'id = "1 "',
        (
            'r1/printed_tables.toml:10: tables.id: "1 " stands on line 2 already; expected tables '
            "that differ in more than case and spaces"
        ),
    ),
    "an aggregate that is no row": (
        'aggregates = ["Mean of others"]',
        'aggregates = ["Mean of other"]',
        (
            'r1/printed_tables.toml:7: tables.aggregates: "Mean of other" is no row of this table; '
            "expected a label among its rows\n"
            '  Did you mean "Mean of others"? Known: Ours, Small 3B, Mean of others.'
        ),
    ),
    "sorted by an unknown word": (
        '"pass_rate"',
        '"pass_rat"',
        (
            'r1/printed_tables.toml:5: tables.sorted_by: "pass_rat" is unknown; expected a word of '
            'the vocabulary that speaks of a model\n  Did you mean "pass_rate"?'
        ),
    ),
    "sorted by what it does not print": (
        '"pass_rate"',
        '"efficiency"',
        (
            "r1/printed_tables.toml:5: tables.sorted_by: no row of printed.csv gives efficiency in "
            'this table; expected its figures, with table = "1"\n'
            "  There are: cell_pass_rate, pass_rate."
        ),
    ),
    "an unknown metric": (
        '"inverse_runtime"',
        '"inverse_run"',
        (
            'r1/printed_tables.toml:12: tables.metric: "inverse_run" is unknown; expected a metric '
            'in release.toml\n  Did you mean "inverse_runtime"?'
        ),
    ),
    "units of nothing": (
        'metric = "inverse_runtime"\n',
        "",
        (
            "r1/printed_tables.toml:12: tables.units: it stands without metric; expected metric "
            "beside it\n  Without metric it says nothing; add it, or leave units out."
        ),
    ),
    "models missing from a table of categories": (
        'covers = "evaluated"\nsorted_by = "pass_rate"\n',
        'covers = "evaluated"\nrows_are = "categories"\n',
        (
            "r1/printed_tables.toml:4: tables.covers: it stands in a table of categories; expected "
            'a table whose rows_are "models"'
        ),
    ),
    "a word that the schema does not know": (
        '"evaluated"',
        '"all"',
        'r1/printed_tables.toml:4: tables.covers: "all"; expected described or evaluated',
    ),
    "a key that nobody knows": (
        "note = ",
        "nota = ",
        "r1/printed_tables.toml:14: tables.nota: an unknown key; expected a key",
    ),
    "no title": (
        'title = "Speed"\n',
        "",
        "r1/printed_tables.toml:9: tables.title: it is missing; expected text",
    ),
}


def test_a_file_is_read_as_it_stands(folder):
    folder.write("printed_tables.toml", SOUND)
    first, second = folder.read().printed_tables
    assert (first.id, first.covers, first.sorted_by) == ("1", "evaluated", "pass_rate")
    assert first.rows == ("Ours", "Small 3B", "Mean of others")
    assert first.aggregates == ("Mean of others",)
    assert (first.rows_are, first.direction) == ("models", "descending")
    assert (second.metric, second.units, second.rows) == ("inverse_runtime", ("1000/runtime",), ())


def test_a_release_needs_no_such_file(folder):
    assert folder.read().printed_tables == ()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line(folder, mistake):
    old, new, sentence = MISTAKES[mistake]
    assert SOUND.count(old) == 1
    folder.write("printed_tables.toml", SOUND.replace(old, new))
    assert folder.error().startswith(sentence)


def test_a_file_that_is_no_toml_is_one_error(folder):
    folder.write("printed_tables.toml", "[[tables]\n")
    assert folder.error().startswith("r1/printed_tables.toml:1: not TOML")
