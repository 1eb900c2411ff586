"""LiveCodeBench: the harness's evaluated runs, and the file behind its site."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import livecodebench, livecodebench_site
from harness.formats.files import head
from harness.formats.reading import ClaimedRate, Reading

EVAL = DATA / "livecodebench-eval"
NAME = "Scenario.codegeneration_1_0.2_eval_all.json"
MARCH, APRIL = (
    DATA / f"livecodebench-site/{day}/performances_generation.json"
    for day in ("2024-03-12", "2024-04-17")
)


def record(graded: Any, metadata: Any, **further: Any) -> dict[str, Any]:
    rate = sum(graded) / len(graded) if graded else 0
    return {
        "question_title": "A. Made up",
        "question_content": "Add two numbers.",
        "platform": "codeforces",
        "question_id": "1_A",
        "contest_date": "2023-08-21T19:30:00",
        "difficulty": "easy",
        "graded_list": graded,
        "pass@1": rate,
        "metadata": metadata,
    } | further


def failed(code: int) -> str:
    return json.dumps({"error_code": code, "error_message": "free text"})


def read(tmp_path: Path, *records: Any) -> Reading:
    path = tmp_path / NAME
    path.write_text(json.dumps(records), "utf-8")
    assert livecodebench.matches(path, head(path))
    return livecodebench.read(path)


def site(tmp_path: Path, *rows: Any, **further: Any) -> Reading:
    path = tmp_path / "performances_generation.json"
    path.write_text(json.dumps({"performances": rows, **further}), "utf-8")
    assert livecodebench_site.matches(path, head(path))
    return livecodebench_site.read(path)


def cell(question: Any, rate: Any, model: str = "Made-Up", **further: Any) -> dict[str, Any]:
    facts = {"date": 1_692_576_000_000, "difficulty": "easy", "platform": "leetcode"}
    return {"question_id": question, "model": model, "pass@1": rate, **facts, **further}


@needs_data
def test_real_runs_pass_602_and_489_of_880_and_differ_as_a_pair() -> None:
    passed = {}
    for model, count in (("O1-Mini", 602), ("O1-Preview", 489)):
        reading = livecodebench.read(EVAL / f"{model}-2024-09-12 (N=1)" / NAME)
        rows = reading.rows.collect()
        assert rows.height == rows["problem"].n_unique() == 880
        assert rows["passed"].sum() == rows["runtime_s"].count() == count
        assert rows["model"].null_count() == 880  # the model is in the folder's name alone
        assert reading.claimed[0].value == pytest.approx(count / 880)
        assert dict(reading.problems["difficulty"].value_counts().iter_rows()) == {
            "easy": 279,
            "medium": 331,
            "hard": 270,
        }
        assert reading.problems["content_hash"].null_count() == 880  # emptied here
        passed[model] = rows.sort("problem")["passed"].to_numpy()
    mini, preview = passed["O1-Mini"], passed["O1-Preview"]
    only = int(np.sum(mini & ~preview)), int(np.sum(preview & ~mini))
    assert only == (157, 44)
    assert binomtest(44, 201).pvalue == pytest.approx(4.3667e-16, rel=1e-4)


@needs_data
def test_real_error_codes_become_words() -> None:
    rows = livecodebench.read(EVAL / "O1-Mini-2024-09-12 (N=1)" / NAME).rows.collect()
    assert dict(rows["outcome"].value_counts().iter_rows()) == {
        "passed": 602,
        "wrong answer": 236,
        "time limit exceeded": 26,
        "runtime error": 15,
        "test runner error": 1,
    }


def test_samples_of_a_problem_keep_their_own_grade_time_and_error(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        record(
            [True, False, False, True, False],
            ['{"execution time": 0.5}', failed(-3), failed(-9), '{"execution time": 0.0}', "{}"],
            **{"pass@5": 1.0},
        ),
    )
    rows = reading.rows.collect()
    assert rows["sample"].to_list() == [0, 1, 2, 3, 4]
    assert rows["runtime_s"].to_list() == [0.5, None, None, None, None]
    assert rows["outcome"].to_list() == [
        "passed",
        "time limit exceeded",
        "error code -9",
        "passed",
        "failed",
    ]
    assert [aside.what for aside in reading.set_aside] == ["execution times that are not above 0"]
    assert reading.claimed == (ClaimedRate("passed", 0.4, k=1), ClaimedRate("passed", 1.0, k=5))


def test_a_time_beside_a_failure_is_no_runtime(tmp_path: Path) -> None:
    entry = json.dumps({"execution time": 3.0, "error_code": -2})
    assert read(tmp_path, record([False], [entry])).rows.collect()["runtime_s"].to_list() == [None]


def test_facts_come_along_and_the_text_only_as_a_hash(tmp_path: Path) -> None:
    [fact] = read(tmp_path, record([True], ["{}"])).problems.to_dicts()
    assert fact | {"content_hash": None} == {
        "problem": "1_A",
        "category": "codeforces",
        "difficulty": "easy",
        "title": "A. Made up",
        "date": "2023-08-21",
        "url": None,
        "content_hash": None,
    }
    changed = read(tmp_path, record([True], ["{}"], question_content="Add three numbers."))
    assert changed.problems["content_hash"][0] != fact["content_hash"]


def test_bad_records_are_refused_with_their_place(tmp_path: Path) -> None:
    def error(*records: Any) -> str:
        with pytest.raises(ResultFileError) as caught:
            read(tmp_path, *records)
        return str(caught.value)

    assert "[0].graded_list[0]: 1; expected true or false" in error(record([1], ["{}"]))
    assert "[0].metadata: 2 entries; expected 1" in error(record([True], ["{}", "{}"]))
    assert '[0].metadata[0]: "{oops"; expected a JSON object' in error(record([True], ["{oops"]))
    assert "expected an object" in error(record([True], ["[]"]))
    assert "expected each problem once" in error(*[record([True], ["{}"])] * 2)
    stated = error(record([True, False], ["{}", "{}"], **{"pass@1": 1.0}))
    assert "[0].pass@1: 1.0; expected 0.5, the share of true values" in stated
    assert "expected a number from 0 to 1" in error(record([True], ["{}"], **{"pass@1": 100}))
    assert "expected a date" in error(record([True], ["{}"], contest_date="yesterday"))
    assert "expected at least one sample" in error(record([], []))


@needs_data
def test_the_real_site_files_have_no_hole_and_one_spelling_of_ids() -> None:
    march, april = (livecodebench_site.read(path) for path in (MARCH, APRIL))
    tables = [reading.rows.collect() for reading in (march, april)]
    for rows, models in zip(tables, (30, 45), strict=True):
        assert rows["model"].n_unique() == models
        assert rows.group_by("model").len()["len"].unique().to_list() == [400]
    problems = [set(rows["problem"]) for rows in tables]
    assert problems[0] == problems[1]
    assert len(problems[0]) == 400
    assert march.n_problems == 400


@needs_data
def test_no_shared_cell_of_the_real_site_files_changed_and_every_date_moved_by_a_day() -> None:
    march, april = (livecodebench_site.read(path) for path in (MARCH, APRIL))
    shared = march.rows.join(april.rows, on=["model", "problem"]).collect()
    assert shared.height == 29 * 400
    assert shared["score"].equals(shared["score_right"])
    dates = march.problems.join(april.problems, on="problem", suffix="_april").select(
        moved=pl.col("date_april").str.to_date() - pl.col("date").str.to_date()
    )
    assert {moved.days for moved in dates["moved"]} == {1}
    assert [aside.count for aside in march.set_aside] == [5]  # a day apart within the file


@needs_data
def test_real_difficulties_and_platforms_of_the_site() -> None:
    facts = livecodebench_site.read(APRIL).problems
    assert dict(facts["difficulty"].value_counts().iter_rows()) == {
        "easy": 142,
        "medium": 168,
        "hard": 90,
    }
    assert dict(facts["category"].value_counts().iter_rows()) == {
        "leetcode": 181,
        "atcoder": 210,
        "codeforces": 9,
    }


@needs_data
def test_real_models_of_one_sample_score_1_or_0_beside_the_others_tenths() -> None:
    reading = livecodebench_site.read(APRIL)
    rows = reading.rows.collect()
    single = rows.filter(pl.col("model").str.ends_with("(n=1)"))
    assert set(single["model"]) == {"Eurux-8x22b-NCA (n=1)", "Gemini-Pro-1.5 (n=1)"}
    assert set(single["score"]) == {0.0, 1.0}
    assert set(rows["score"]) == {tenth / 10 for tenth in range(11)}
    assert rows["passed"].null_count() == rows.height
    assert any(rule.startswith("2 models with (n=1)") for rule in reading.rules)


def test_an_average_is_a_fraction_and_an_integer_id_is_text(tmp_path: Path) -> None:
    reading = site(tmp_path, cell(3192, 30.0), cell("3192", 100.0, "Other (n=1)"))
    assert reading.rows.select("problem", "score", "passed").collect().rows() == [
        ("3192", 0.3, None),
        ("3192", 1.0, None),
    ]
    alone = site(tmp_path, cell("3192", 100.0, "Other (n=1)"), cell("1", 0, "Other (n=1)"))
    assert alone.rows.select("score", "passed").collect().rows() == [(None, True), (None, False)]
    assert reading.problems["date"].to_list() == ["2023-08-21"]


def test_site_rows_that_cannot_be_are_refused(tmp_path: Path) -> None:
    def error(*rows: Any, **further: Any) -> str:
        with pytest.raises(ResultFileError) as caught:
            site(tmp_path, *rows, **further)
        return str(caught.value)

    assert "performances[0].pass@1: 130; expected a number from 0 to 100" in error(cell("a", 130))
    assert '"a" a second time for Made-Up' in error(cell("a", 10), cell("a", 10))
    assert "expected 0 or 100" in error(cell("a", 50, "One (n=1)"))
    assert "performances[0].date" in error(cell("a", 10, date="2023"))
    listed = [{"model_repr": "Made-Up", "model_name": "org/made-up"}] * 2
    assert "models[1].model_repr" in error(cell("a", 10), models=listed)


def test_models_of_the_list_without_rows_are_counted(tmp_path: Path) -> None:
    listed = [{"model_repr": name, "model_name": f"org/{name}"} for name in ("Made-Up", "Gone")]
    [aside] = site(tmp_path, cell("a", 10), models=listed).set_aside
    assert (aside.what, aside.count) == ("models of the file's list without a row", 1)


def test_gzip_and_truncation(tmp_path: Path) -> None:
    whole = json.dumps({"performances": [cell("a", 10), cell("b", 20)]}).encode()
    packed = tmp_path / "performances_generation.json.gz"
    packed.write_bytes(gzip.compress(whole))
    assert livecodebench_site.matches(packed, head(packed))
    assert livecodebench_site.read(packed).rows.collect().height == 2
    cut = tmp_path / "cut.json"
    cut.write_bytes(whole[:-40])
    assert livecodebench_site.matches(cut, head(cut))
    with pytest.raises(ResultFileError, match="the JSON ends early"):
        livecodebench_site.read(cut)
