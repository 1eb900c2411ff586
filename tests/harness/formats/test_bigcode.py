"""BigCodeBench's results, and the metrics files of bigcode-evaluation-harness."""

import json
from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import bigcode_harness, bigcodebench
from harness.formats.files import head
from harness.formats.reading import Reading

MERCURY = DATA / "bigcode-mercury"
APRIL_23 = MERCURY / "2024-04-23/CodeLlama-7b-hf-mercury-result.json"


def results(tmp_path: Path, *statuses: object, task_id: str = "BigCodeBench/0") -> Path:
    samples = [
        {"task_id": task_id, "solution": "", "status": status, "details": {"ALL": "text"}}
        for status in statuses
    ]
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"date": "", "eval": {"BigCodeBench/0": samples}}), "utf-8")
    return path


def metrics(tmp_path: Path, task: Any, **config: Any) -> Reading:
    path = tmp_path / "metrics.json"
    run = {"model": "org/made-up", "tasks": "mercury", "n_samples": 1, **config}
    path.write_text(json.dumps({"mercury": task, "config": run}), "utf-8")
    assert bigcode_harness.matches(path, head(path))
    return bigcode_harness.read(path)


def test_statuses_become_passes_and_stay_as_words(tmp_path: Path) -> None:
    path = results(tmp_path, "pass", "fail", "timeout")
    assert bigcodebench.matches(path, head(path))
    rows = bigcodebench.read(path).rows.collect()
    assert rows["passed"].to_list() == [True, False, False]
    assert rows["outcome"].to_list() == ["pass", "fail", "timeout"]
    assert rows["sample"].to_list() == [0, 1, 2]


def test_a_status_that_is_unknown_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultFileError, match=r'\[1\]\.status: "ok"; expected pass, fail or'):
        bigcodebench.read(results(tmp_path, "pass", "ok"))
    with pytest.raises(ResultFileError, match=r"\[0\]\.status: null; expected text"):
        bigcodebench.read(results(tmp_path, None))
    with pytest.raises(ResultFileError, match="expected the task it stands under"):
        bigcodebench.read(results(tmp_path, "pass", task_id="BigCodeBench/1"))


@needs_data
def test_every_real_metrics_file_states_rates_and_lacks_outcomes() -> None:
    files = sorted(MERCURY.rglob("*.json"))
    assert len(files) == 8 + 23
    for path in files:
        reading = bigcode_harness.read(path)
        assert reading.lacks is not None
        assert reading.counts is None
        assert reading.rows.collect().height == 0
        assert len(reading.claimed) >= 24


@needs_data
def test_counts_of_five_samples_a_problem_are_said_and_not_taken_for_problems() -> None:
    lacks = bigcode_harness.read(APRIL_23).lacks or ""
    assert "476 of 1,280 passed, 5 for each problem" in lacks  # 245 + 160 + 71; 256 problems
    assert "too narrow" in lacks


@needs_data
def test_the_two_runs_of_one_model_on_one_day_differ_in_k() -> None:
    folder = MERCURY / "2024-04-19"
    runs = [
        bigcode_harness.read(folder / f"deepseek-coder-6.7b-base{name}.json")
        for name in ("-mercury-result", "_evaluation_results")
    ]
    assert {claim.model for run in runs for claim in run.claimed} == {
        "deepseek-ai/deepseek-coder-6.7b-base"
    }
    assert [max(claim.k or 0 for claim in run.claimed) for run in runs] == [5, 100]


@needs_data
def test_a_checkpoint_is_named_by_its_folder_not_by_a_path_of_its_machine() -> None:
    path = MERCURY / "2024-04-23/CodeLlama-7b-hf-SFT-mercury-result.json"
    assert bigcode_harness.read(path).claimed[0].model == "CodeLlama-7b-hf-sft-final_checkpoint"


def test_with_one_sample_a_problem_counts_are_counts_of_problems(tmp_path: Path) -> None:
    task = {
        "Easy_pass@1": 0.75,
        "Hard_pass@1": 0.0,
        "Average_pass@1": 0.6,  # 3 of 5
        "Easy": {"failed@load": 1, "failed@cases": 0, "passed": 3},
        "Hard": {"failed@load": 0, "failed@cases": 1, "passed": 0},
    }
    reading = metrics(tmp_path, task)
    assert reading.lacks is None
    assert reading.counts is not None
    assert reading.counts.select("difficulty", "problems", "passed").rows() == [
        (None, 5, 3),
        ("Easy", 4, 3),
        ("Hard", 1, 0),
    ]
    stated = {(claim.difficulty, claim.value) for claim in reading.claimed}
    assert stated == {("Easy", 0.75), ("Hard", 0.0), (None, 0.6)}


def test_a_rate_that_the_counts_contradict_is_refused(tmp_path: Path) -> None:
    counts = {"Easy": {"failed@load": 1, "passed": 3}}
    with pytest.raises(ResultFileError, match=r"Easy_pass@1: 0\.5; expected the counts' 3 of 4"):
        metrics(tmp_path, {"Easy_pass@1": 0.5, **counts})
    with pytest.raises(ResultFileError, match=r"Average_pass@1: 0\.5; expected the counts' 3 of 4"):
        metrics(tmp_path, {"Easy_pass@1": 0.75, "Average_pass@1": 0.5, **counts})
    with pytest.raises(ResultFileError, match=r"Easy_pass@1: it is missing"):
        metrics(tmp_path, counts)


def test_a_task_of_rates_alone_says_that_this_harness_writes_no_outcomes(tmp_path: Path) -> None:
    reading = metrics(tmp_path, {"pass@1": 0.3})
    assert "no outcome of a single problem" in (reading.lacks or "")


def test_wrong_types_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultFileError, match=r'mercury.Easy_pass@1: "high"; expected a number'):
        metrics(tmp_path, {"Easy_pass@1": "high"})
    with pytest.raises(ResultFileError, match=r"expected a number from 0 to 1"):
        metrics(tmp_path, {"Easy_pass@1": 55.6})
    with pytest.raises(ResultFileError, match=r"config.n_samples: 0; expected"):
        metrics(tmp_path, {"pass@1": 0.5}, n_samples=0)
