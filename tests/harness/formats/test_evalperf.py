"""EvalPerf: runs of one model, and the table of all models."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats.evalperf import model_name, read, read_table

TASKS = {
    "HumanEval/0": {"pass@1": 40.0, "dps": 61.5, "dps_norm": 50.0, "profiled": []},
    "Mbpp/3": {"pass@1": 10.0, "dps": None, "dps_norm": None, "profiled": []},
}


def run(tasks: Any = TASKS, **change: Any) -> dict[str, Any]:
    config = {"n_samples": 10, "temperature": 1.0, "min_correct": 2, "max_profile": 20}
    summary = {"dps": 61.5, "dps_norm": 50.0, "pass@1": 25.0}
    return {"date": "2024-10-19", "config": config, "summary": summary, "eval": tasks, **change}


def written(tmp_path: Path, document: object, name: str = "results.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps(document))
    return path


def test_a_mean_over_samples_is_a_score_and_no_pass(tmp_path: Path) -> None:
    reading = read(written(tmp_path, run(), "a--b_vllm_temp_1.0_evalperf_results.brief.json"))
    rows = reading.rows.collect()
    assert rows["model"].to_list() == ["a/b", "a/b"]
    assert "stands in the file's name alone" in reading.rules[-1]
    assert rows["score"].to_list() == [0.4, 0.1]
    assert rows["passed"].null_count() == 2
    assert rows["dps"].to_list() == [61.5, None]
    assert reading.problems["category"].to_list() == ["HumanEval", "Mbpp"]
    asides = [(aside.what, aside.count) for aside in reading.set_aside]
    assert asides == [("tasks without efficiency scores", 1)]
    assert [(c.metric, c.value) for c in reading.claimed] == [("score", 0.25)]


def test_single_samples_are_kept_where_the_file_has_them(tmp_path: Path) -> None:
    results = [
        {"solution": "", "pass": True, "matching_cluster_idx": 3, "dps": 80.0, "dps_norm": 75.0},
        {"solution": "", "pass": False, "matching_cluster_idx": None},
    ]
    task = {"task_id": "HumanEval/0", "results": results, "dps": 80.0, "pass@1": 50.0}
    document = {"n_samples": 2, "min_correct": 1, "eval": {"HumanEval/0": task}}
    rows = read(written(tmp_path, document)).rows.collect()
    assert rows["model"].to_list() == [None, None]
    assert rows["passed"].to_list() == [True, False]
    assert rows["dps"].to_list() == [80.0, None]
    assert rows["score"].null_count() == 2


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("Qwen--Q1.5-7B_vllm_temp_1.0_evalperf_results.brief.json", "Qwen/Q1.5-7B"),
        ("o1-mini_openai_temp_1.0_evalperf_results.brief.json", "o1-mini"),
        (
            "o1-mini_openai_temp_1.0-perf-instruct_evalperf_results.brief.json",
            "o1-mini (perf-instruct)",
        ),
        ("results.json", None),
    ],
)
def test_the_model_stands_in_the_file_name(name: str, model: str | None) -> None:
    assert model_name(Path(name)) == model


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (run({"a": {"pass@1": 33.0, "dps": None}}), "33.0; expected a percentage that 10 samples"),
        (run({"a": {"pass@1": 140.0, "dps": None}}), "140.0; expected a number from 0 to 100"),
        (run({"a": {"pass@1": "40", "dps": None}}), 'eval.a.pass@1: "40"; expected a number'),
        (run({"a": {"dps": None}}), "eval.a.pass@1: it is missing"),
        (run([]), "eval: an empty list; expected an object"),
        (run(config={}), "config.n_samples: it is missing"),
    ],
)
def test_a_wrong_run_is_refused_with_its_place(
    tmp_path: Path, document: object, message: str
) -> None:
    with pytest.raises(ResultFileError, match=message):
        read(written(tmp_path, document))


def test_not_a_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nan.json"
    path.write_text(json.dumps(run({"a": {"pass@1": float("nan"), "dps": None}})))
    with pytest.raises(ResultFileError, match="NaN, which is not a number"):
        read(path)


def published() -> list[Path]:
    return sorted((DATA / "evalperf").glob("*.brief.json"))


@needs_data
def test_the_published_runs_have_the_same_118_tasks_and_their_means() -> None:
    missing = []
    names = set()
    for path in published():
        reading = read(path)
        rows = reading.rows.collect()
        names.add(rows["model"][0])
        assert (rows.height, rows["problem"].n_unique(), rows["score"].null_count()) == (
            118,
            118,
            0,
        )
        assert rows["score"].mean() == pytest.approx(reading.claimed[0].value, abs=1e-12)
        summary = json.loads(path.read_text())["summary"]
        assert rows["dps"].mean() == pytest.approx(summary["dps"], abs=1e-9)
        assert rows["dps_norm"].mean() == pytest.approx(summary["dps_norm"], abs=1e-9)
        missing.append(rows["dps"].null_count())
        assert sum(a.count for a in reading.set_aside) == missing[-1]
        sizes = reading.problems.group_by("category").len().sort("category").rows()
        assert sizes == [("HumanEval", 29), ("Mbpp", 89)]
    assert len(names) == 34
    assert (min(missing), max(missing)) == (2, 31)


@needs_data
def test_three_published_runs_have_50_samples() -> None:
    sizes = [read(path).rules[0].split("share of ")[1].split(" ")[0] for path in published()]
    assert (sizes.count("100"), sizes.count("50")) == (31, 3)


@needs_data
def test_the_published_table_is_34_models_of_rates_alone() -> None:
    reading = read_table(DATA / "evalperf/COMBINED-RESULTS.json")
    assert reading.rows.select(pl.len()).collect().item() == 0
    assert reading.counts is None
    assert reading.lacks is not None
    assert "34 models and neither tasks nor counts" in reading.lacks
    models = {claim.model for claim in reading.claimed}
    assert len(models) == 34
    assert "heatmap_data" not in models
