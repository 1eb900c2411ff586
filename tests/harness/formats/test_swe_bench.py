"""SWE-bench reports of both schemas, and maps of problems to true or false."""

import json
from pathlib import Path

import polars as pl
import pytest
from scipy.stats import binomtest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats.reading import Reading
from harness.formats.resolved_map import read as read_map
from harness.formats.swe_bench import read_2024, read_current, repository

REPORT = {
    "total_instances": 8,
    "submitted_instances": 6,
    "completed_instances": 3,
    "resolved_instances": 1,
    "unresolved_instances": 2,
    "empty_patch_instances": 1,
    "error_instances": 1,
    "completed_ids": ["a__a-1", "a__a-2", "b__b-3"],
    "incomplete_ids": ["c__c-7", "c__c-8"],
    "empty_patch_ids": ["b__b-4"],
    "submitted_ids": ["a__a-1", "a__a-2", "b__b-3", "b__b-4", "b__b-5", "b__b-6"],
    "resolved_ids": ["a__a-1"],
    "unresolved_ids": ["a__a-2", "b__b-3"],
    "error_ids": ["b__b-5"],
    "schema_version": 2,
}


def written(tmp_path: Path, report: object) -> Path:
    path = tmp_path / "model.run.json"
    path.write_text(json.dumps(report))
    return path


def outcomes(reading: Reading) -> dict[str, tuple[bool | None, str]]:
    rows = reading.rows.collect()
    return {row["problem"]: (row["passed"], row["outcome"]) for row in rows.iter_rows(named=True)}


def noted(reading: Reading) -> dict[str, int]:
    return {aside.what: aside.count for aside in reading.set_aside}


def test_each_instance_of_a_report_gets_its_verdict(tmp_path: Path) -> None:
    reading = read_current(written(tmp_path, REPORT))
    assert outcomes(reading) == {
        "a__a-1": (True, "resolved"),
        "a__a-2": (False, "unresolved"),
        "b__b-3": (False, "unresolved"),
        "b__b-5": (False, "error"),
        "b__b-4": (False, "empty_patch"),
        "b__b-6": (None, "submitted"),
    }
    assert reading.n_problems == 8
    assert reading.problems.height == 8
    assert "6 of the benchmark's 8 instances were tried" in reading.rules[-1]


def test_what_was_not_submitted_is_missing_and_what_has_no_verdict_is_unscored(
    tmp_path: Path,
) -> None:
    reading = read_current(written(tmp_path, REPORT))
    assert noted(reading) == {
        "submitted instances without a verdict": 1,
        "instances not submitted": 2,
    }


def test_lists_may_be_named_without_ids_and_without_a_list_of_failures(tmp_path: Path) -> None:
    reading = read_current(
        written(tmp_path, {"submitted_ids": ["a-1", "a-2", "a-3"], "resolved": ["a-2"]})
    )
    assert outcomes(reading) == {
        "a-1": (False, "unresolved"),
        "a-2": (True, "resolved"),
        "a-3": (False, "unresolved"),
    }
    assert "names 3 instances" in reading.rules[-1]


def test_duplicates_and_ids_in_two_lists_count_once_and_are_said(tmp_path: Path) -> None:
    report = {
        "resolved_ids": ["a-1", "a-1"],
        "unresolved_ids": ["a-2"],
        "error_ids": ["a-2"],
        "incomplete_ids": ["a-2"],
    }
    reading = read_current(written(tmp_path, report))
    assert outcomes(reading) == {"a-1": (True, "resolved"), "a-2": (False, "unresolved")}
    assert noted(reading) == {
        "ids that stand twice in one list": 1,
        "ids in two lists that exclude each other": 1,
        "instances in incomplete_ids that have a verdict": 1,
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"resolved_instances": 3}, "resolved_instances: 3; expected 1, the number of ids"),
        ({"resolved_ids": "a__a-1"}, 'resolved_ids: "a__a-1"; expected a list'),
        ({"resolved_ids": [["a__a-1"]]}, r"resolved_ids\[0\]: a list; expected text"),
        ({"resolved_ids": [""]}, "expected a name that is not empty"),
        (
            {"resolved_ids": ["a__a-2"]},
            "a__a-2: the instance stands in resolved and in unresolved; expected one of them",
        ),
        ({"total_instances": "8"}, 'total_instances: "8"; expected a whole number'),
    ],
)
def test_a_report_that_contradicts_itself_is_refused(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    with pytest.raises(ResultFileError, match=message):
        read_current(written(tmp_path, {**REPORT, **change}))


def test_a_leaderboards_extract_without_its_denominator_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {"no_generation": ["a-1"], "no_logs": [], "resolved": ["a-2"]})
    with pytest.raises(ResultFileError, match="no list of the instances that were tried"):
        read_2024(path)


def test_a_truncated_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(REPORT)[:-40])
    with pytest.raises(ResultFileError, match="the JSON ends early"):
        read_current(path)


def test_the_schema_of_2024_keeps_the_last_stage(tmp_path: Path) -> None:
    report = {
        "no_generation": ["p", "q", "p"],
        "generated": ["q", "r", "s", "t"],
        "with_logs": ["q", "r", "s", "t"],
        "install_fail": ["t"],
        "no_apply": ["r"],
        "applied": ["q", "s"],
        "resolved": ["s"],
    }
    reading = read_2024(written(tmp_path, report))
    assert outcomes(reading) == {
        "p": (False, "no_generation"),
        "q": (False, "applied"),
        "r": (False, "no_apply"),
        "s": (True, "resolved"),
        "t": (False, "install_fail"),
    }
    assert reading.rows.filter(pl.col("applied")).collect()["problem"].sort().to_list() == [
        "q",
        "s",
    ]
    assert noted(reading) == {
        "ids that stand twice in one list": 1,
        "ids in two lists that exclude each other": 1,
    }


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        ("scikit-learn__scikit-learn-10297", "scikit-learn/scikit-learn"),
        ("instance_a-b__c.d-" + "0" * 40 + "-v" + "1" * 40, "a-b/c.d"),
        ("HumanEval/0", None),
    ],
)
def test_the_repository_is_read_from_the_id(instance: str, expected: str | None) -> None:
    assert repository(instance) == expected


def test_a_map_is_refused_where_a_value_is_no_boolean(tmp_path: Path) -> None:
    with pytest.raises(ResultFileError, match="a-1: 1; expected true or false"):
        read_map(written(tmp_path, {"a-0": True, "a-1": 1}))
    with pytest.raises(ResultFileError, match="an empty object; expected an object that maps"):
        read_map(written(tmp_path, {}))
    path = tmp_path / "twice.json"
    path.write_text('{"a": true, "a": false}')
    with pytest.raises(ResultFileError, match="the key stands twice"):
        read_map(path)


@needs_data
@pytest.mark.parametrize(
    ("file", "instances", "resolved"),
    [
        ("20240402_sweagent_gpt4/report.json", 299, 54),
        ("SWE-bench_Lite_golden/report.json", 323, 318),
        ("SWE-bench_Lite_golden/results.json", 323, 320),
    ],
)
def test_reports_of_2024_as_published(file: str, instances: int, resolved: int) -> None:
    rows = read_2024(DATA / "swe-bench-docker/evaluations" / file).rows.collect()
    assert (rows.height, rows["passed"].sum()) == (instances, resolved)
    assert rows["problem"].n_unique() == instances


@needs_data
def test_the_report_of_2024_says_what_stands_twice() -> None:
    path = DATA / "swe-bench-docker/evaluations/20240402_sweagent_gpt4/report.json"
    reading = read_2024(path)
    assert noted(reading) == {
        "ids that stand twice in one list": 1,
        "ids in two lists that exclude each other": 2,
    }
    applied = reading.rows.select(pl.col("applied").sum()).collect().item()
    assert applied == 283


PRO = {
    "claude-45sonnet-10132025": (730, 319),
    "claude-4sonnet-10132025": (562, 240),
    "claude-opus-4-1-paper": (891, 206),
    "claude-sonnet-4-paper": (663, 166),
    "gemini-2-5-pro-preview-paper": (955, 105),
    "gpt-4o-paper": (619, 36),
    "gpt-5-250-turns-10132025": (729, 265),
    "gptoss-paper": (728, 118),
    "kimi-k2-instruct-10132025": (729, 202),
}


def pro(run: str) -> dict[str, bool]:
    rows = read_map(DATA / "swe-bench-pro/traj" / run / "eval_results.json").rows.collect()
    return dict(zip(rows["problem"], rows["passed"], strict=True))


@needs_data
def test_swe_bench_pro_runs_cover_different_problems() -> None:
    runs = {run: pro(run) for run in PRO}
    assert {run: (len(held), sum(held.values())) for run, held in runs.items()} == PRO
    assert len(set().union(*runs.values())) == 970
    assert len(set.intersection(*(set(held) for held in runs.values()))) == 418


@needs_data
def test_swe_bench_pro_pair_on_its_common_problems() -> None:
    a, b = pro("claude-45sonnet-10132025"), pro("gpt-5-250-turns-10132025")
    common = a.keys() & b.keys()
    only_a = sum(a[i] and not b[i] for i in common)
    only_b = sum(b[i] and not a[i] for i in common)
    assert (len(common), only_a, only_b) == (729, 113, 59)
    assert binomtest(only_a, only_a + only_b).pvalue == pytest.approx(4.6549e-05, rel=1e-4)


@needs_data
def test_swe_bench_pro_instances_lie_in_eleven_repositories() -> None:
    problems = read_map(
        DATA / "swe-bench-pro/traj/gemini-2-5-pro-preview-paper/eval_results.json"
    ).problems
    assert problems["category"].null_count() == 0
    assert problems["category"].n_unique() == 11
    assert "protonmail/webclients" in problems["category"]
