"""EvalPlus: both schemas; base and plus tests kept apart."""

import json
from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import bigcodebench, evalplus
from harness.formats.files import head
from harness.formats.reading import ClaimedRate, Reading

CURRENT = DATA / "evalplus/metagpt/samples_eval_results.json"
OF_2023 = DATA / "evalplus/old-schema/samples_eval_results.json"


def sample(base: str = "pass", plus: str | None = "pass", task: str = "HumanEval/0") -> Any:
    return {"task_id": task, "solution": "", "base_status": base, "plus_status": plus}


def read(tmp_path: Path, problems: Any, **further: Any) -> Reading:
    path = tmp_path / "samples_eval_results.json"
    path.write_text(json.dumps({"date": "", "hash": "", "eval": problems, **further}), "utf-8")
    assert evalplus.matches(path, head(path))
    return evalplus.read(path)


def error(tmp_path: Path, problems: Any, **further: Any) -> str:
    with pytest.raises(ResultFileError) as caught:
        read(tmp_path, problems, **further)
    return str(caught.value).replace(f"{tmp_path}/", "")


@needs_data
def test_the_real_file_of_today() -> None:
    reading = evalplus.read(CURRENT)
    rows = reading.rows.collect()
    assert rows.height == 168
    assert rows["problem"].n_unique() == 164
    assert rows["passed"].sum() == rows["base"].sum() == 147
    assert "plus" not in rows.columns  # null everywhere: those tests were not run
    assert evalplus.BASE_ONLY in reading.rules
    assert reading.meanings == {"": "base tests alone"}
    assert rows["model"].null_count() == 168
    assert rows.filter(rows["sample"] == 1).height == 4


@needs_data
def test_the_real_file_of_2023_timed_out_throughout() -> None:
    rows = evalplus.read(OF_2023).rows.collect()
    assert rows.height == rows["problem"].n_unique() == 164
    assert rows["passed"].sum() == 0
    assert set(rows["outcome"]) == {"timed out"}


def test_plus_counts_only_if_base_passes_too(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        {
            "HumanEval/0": [
                sample("fail", "pass"),
                sample("pass", "fail"),
                sample(),
                sample("timeout", None),
                sample("pass", None),
            ]
        },
    )
    rows = reading.rows.collect()
    assert rows["base"].to_list() == [False, True, True, False, True]
    assert rows["plus"].to_list() == [False, False, True, False, None]
    assert rows["passed"].to_list() == rows["plus"].to_list()
    assert rows["outcome"].to_list() == ["fail", "plus fail", "pass", "timeout", "pass"]
    assert [aside.count for aside in reading.set_aside] == [1]


def test_the_lists_of_2023_are_parallel(tmp_path: Path) -> None:
    entry = {
        "nfiles": 2,
        "base": [["success", [True]], ["failed", []]],
        "plus": [["failed", []], ["success", []]],
    }
    rows = read(tmp_path, {"HumanEval/0": entry}).rows.collect()
    assert rows["sample"].to_list() == [0, 1]
    assert rows["base"].to_list() == [True, False]
    assert rows["passed"].to_list() == [False, False]


def test_stated_rates_are_handed_on_by_metric_and_k(tmp_path: Path) -> None:
    stated = {"base": {"pass@1": 1.0, "pass@10": 1.0}, "plus": {"pass@1": 0.5}}
    reading = read(tmp_path, {"HumanEval/0": [sample()]}, pass_at_k=stated)
    assert reading.claimed == (
        ClaimedRate("base", 1.0, k=1),
        ClaimedRate("base", 1.0, k=10),
        ClaimedRate("passed", 0.5, k=1),
    )


def test_errors_say_where_and_what(tmp_path: Path) -> None:
    assert error(tmp_path, {"HumanEval/0": [sample("crashed")]}).startswith(
        'samples_eval_results.json: eval."HumanEval/0"[0].base_status: "crashed"; expected pass,'
    )
    assert "it is missing" in error(tmp_path, {"a": [{"base_status": "pass"}, {"x": 1}]})
    short = {"nfiles": 2, "base": [["success", []]], "plus": []}
    assert "eval.a.base: 1 results; expected 2" in error(tmp_path, {"a": short})
    other = error(tmp_path, {"HumanEval/1": [sample()]})
    assert 'expected the problem it stands under, "HumanEval/1"' in other


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text('{"date": "", "hash": "", "eval": {}}', "utf-8")
    with pytest.raises(ResultFileError, match="expected problems with samples"):
        evalplus.read(path)


def test_bigcodebench_is_another_format(tmp_path: Path) -> None:
    task = {"task_id": "BigCodeBench/0", "solution": "", "status": "pass", "details": {}}
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"date": "", "eval": {"BigCodeBench/0": [task]}}), "utf-8")
    assert bigcodebench.matches(path, head(path))
    assert not evalplus.matches(path, head(path))
