"""A release whose evidence is single outcomes: what is read, counted, refused."""

import polars as pl
import pytest

from harness.outcomes import Outcomes, canonical
from harness.release import Count

CSV = """\
model,problem,compiled,passed,runtime_s,outcome
ours,p1,true,true,0.5,
ours,p2,true,false,,wrong answer
ours,p3,false,false,,compile error
small,p1,true,true,1.5,
small,p2,,,,unscored
other,p1,false,false,,
other,p2,true,true,2,
other,p3,true,true,0.25,
"""

PROBLEMS = """\
problem,category,difficulty,date
p1,Sorting,easy,2024-03-01
p2,Sorting,hard,
p3,Graphs,hard,
p4,Graphs,hard,
"""


@pytest.fixture
def single(folder):
    """Give the small release with outcomes of four problems instead of counts."""
    for name in ("counts.csv", "problem_counts.csv", "printed.csv", "summaries.csv"):
        folder.remove(name)
    folder.replace("release.toml", "n_problems = 10", "n_problems = 4")
    folder.write("outcomes.csv", CSV)
    folder.write("problems.csv", PROBLEMS)
    return folder


def test_outcomes_are_read_and_counted(single):
    release = single.read()
    assert release.evidence == {"outcomes", "summaries"}
    assert release.totals == (
        Count("ours", 3, 2, 1),
        Count("small", 1, 1, 1),
        Count("other", 3, 2, 2),
    )
    assert release.cells("ours") == (
        Count("ours", 1, 1, 1, "Sorting", "easy"),
        Count("ours", 1, 1, 0, "Sorting", "hard"),
        Count("ours", 1, 0, 0, "Graphs", "hard"),
    )
    assert [p.id for p in release.problems] == ["p1", "p2", "p3", "p4"]
    assert release.problems[0].date == "2024-03-01"
    assert release.tested == ("ours", "small", "other")
    assert release.outcomes is not None
    assert release.outcomes.frame["outcome"][1] == "wrong answer"


def test_missing_counts_as_failed_where_the_release_says_so(single):
    single.replace("release.toml", "n_problems = 4", 'n_problems = 4\nmissing = "failed"')
    release = single.read()
    assert release.totals == (
        Count("ours", 4, 2, 1),
        Count("small", 4, 1, 1),
        Count("other", 4, 2, 2),
    )


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_the_three_files_say_the_same(single, suffix):
    expected = single.read().outcomes
    rows = canonical(expected.frame)
    single.remove("outcomes.csv")
    file = single.path / f"outcomes{suffix}"
    match suffix:
        case ".csv":
            rows.write_csv(file)
        case ".jsonl":
            rows.write_ndjson(file)
        case _:
            rows.write_parquet(file)
    assert single.read().outcomes == expected


def test_scores_are_no_passes(single):
    single.replace("release.toml", 'id = "passed"', 'id = "score"')
    single.replace(
        "release.toml",
        'title = "Pass rate"\nunit = "%"\nkind = "binary"',
        'title = "Mean score"\nunit = "%"\nkind = "fraction"',
    )
    single.write("outcomes.csv", "model,problem,score\nours,p1,0.3\nours,p2,1\nsmall,p1,0\n")
    release = single.read()
    assert release.success == "score"
    assert release.totals == ()
    assert release.tested == ("ours", "small")


def test_repeated_samples_are_kept_and_not_counted_as_problems(single):
    single.write("outcomes.csv", "model,problem,sample,passed\nours,p1,0,true\nours,p1,1,false\n")
    release = single.read()
    assert release.totals == ()
    assert release.outcomes is not None
    assert release.outcomes.frame.height == 2


def test_without_problems_csv_the_problems_are_those_with_outcomes(single):
    single.remove("problems.csv")
    assert [p.id for p in single.read().problems] == ["p1", "p2", "p3"]


BAD = {
    "word for a boolean": (
        ("small,p1,true,true", "small,p1,true,timeout"),
        'r1/outcomes.csv:5: passed: "timeout"; expected true or false',
    ),
    "runtime of 0": (
        ("true,0.5", "true,0"),
        (
            "r1/outcomes.csv:2: runtime_s: 0.0; expected a number of seconds above 0\n"
            "  Leave out a runtime that was not measured; 0 and -1 are not runtimes."
        ),
    ),
    "NaN": (
        ("true,0.5", "true,NaN"),
        "r1/outcomes.csv:2: runtime_s: NaN; expected a number of seconds above 0",
    ),
    "passed without compiling": (
        ("ours,p3,false,false", "ours,p3,false,true"),
        "r1/outcomes.csv:4: passed: passed although it did not compile",
    ),
    "twice": (
        ("ours,p2,true", "ours,p1,true"),
        (
            'r1/outcomes.csv:3: "ours", "p1", sample 0 for a second time; '
            "expected each model, problem and sample once"
        ),
    ),
    "unknown model": (
        ("ours,p2,true", "Ours 7B,p2,true"),
        'r1/outcomes.csv:3: model: "Ours 7B" is unknown; expected a model in models.toml',
    ),
    "unknown problem": (
        ("ours,p2,true", "ours,p9,true"),
        'r1/outcomes.csv:3: problem: "p9" is unknown; expected a problem in problems.csv',
    ),
    "problems that differ in case": (
        ("ours,p2,true", "ours,P1,true"),
        'r1/outcomes.csv: problem: "P1" and "p1"; expected one spelling for each problem',
    ),
    "unknown column": (
        ("runtime_s,outcome", "runtime,outcome"),
        (
            'r1/outcomes.csv: header: the column "runtime" is unknown; '
            "expected a canonical column, or a metric of release.toml\n"
            '  Did you mean "runtime_s"?'
        ),
    ),
    "no model": (
        ("ours,p2,true", ",p2,true"),
        "r1/outcomes.csv:3: model: nothing; expected a model's id",
    ),
}


@pytest.mark.parametrize(("change", "expected"), BAD.values(), ids=BAD)
def test_mistakes(single, change, expected):
    single.replace("outcomes.csv", *change)
    assert any(error.startswith(expected) for error in single.errors()), single.errors()


@pytest.mark.parametrize("name", ["outcomes.parquet", "outcomes.csv", "outcomes.jsonl"])
def test_files_that_are_not_what_they_say(single, name):
    single.remove("outcomes.csv")
    single.write(name, b"PAR1\x00\xff\xfe")
    assert any(error.startswith(f"r1/{name}") for error in single.errors())


def test_a_line_of_jsonl_that_is_cut_short_is_named(single):
    single.remove("outcomes.csv")
    single.write("outcomes.jsonl", '{"model":"ours","problem":"p1","passed":true}\n{"model":"ou')
    assert single.error().startswith("r1/outcomes.jsonl:2: not JSON")


def test_counts_and_outcomes_are_not_read_side_by_side(single):
    single.write("counts.csv", "model,category,difficulty,problems,compiled,passed\nours,,,3,2,1\n")
    assert any("counts.csv is there too" in error for error in single.errors())


def test_two_files_of_outcomes(single):
    single.write("outcomes.jsonl", '{"model":"ours","problem":"p1","passed":true}\n')
    assert any("one file of outcomes" in error for error in single.errors())


def test_a_release_must_say_what_its_outcomes_are(single):
    single.replace("release.toml", 'id = "passed"', 'id = "won"')
    assert any('expected a [[metrics]] table with id = "passed"' in e for e in single.errors())


def test_equal_tables_are_equal():
    frame = canonical(pl.DataFrame({"model": ["a"], "problem": ["p"], "passed": [True]}))
    assert Outcomes(frame) == Outcomes(frame.clone())
    assert Outcomes(frame) != Outcomes(frame.with_columns(passed=pl.lit(value=False)))
    assert hash(Outcomes(frame)) == hash(Outcomes(frame.clone()))
