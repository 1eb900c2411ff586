"""HELM run folders."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import helm
from harness.formats.files import head
from harness.formats.reading import Reading

REAL = DATA / "helm"
MMLU = REAL / "mmlu-subject=philosophy,method=multiple_choice_joint,model=openai_gpt2"


def stat(name: str, mean: float | None, split: str = "test", **of_name: Any) -> dict[str, Any]:
    value = {} if mean is None else {"mean": mean}
    return {"name": {"name": name, "split": split, **of_name}, "count": 1, **value}


def instance(id_: str, *stats: Any, **further: Any) -> dict[str, Any]:
    return {"instance_id": id_, "train_trial_index": 0, "stats": stats, **further}


def folder(tmp_path: Path, *instances: Any, name: str = "made_up:model=org_m") -> Path:
    run = tmp_path / "made_up-model=org_m"
    run.mkdir(exist_ok=True)
    spec = {"name": name, "adapter_spec": {"model": "org/m"}}
    (run / "run_spec.json").write_text(json.dumps(spec), "utf-8")
    (run / "per_instance_stats.json").write_text(json.dumps(instances), "utf-8")
    return run


def read(tmp_path: Path, *instances: Any, **further: Any) -> Reading:
    run = folder(tmp_path, *instances, **further)
    assert helm.matches(run, b"")
    return helm.read(run)


def error(tmp_path: Path, *instances: Any) -> str:
    with pytest.raises(ResultFileError) as caught:
        read(tmp_path, *instances)
    return str(caught.value).replace(f"{tmp_path}/", "")


@needs_data
@pytest.mark.parametrize(
    ("start", "rows", "passed", "model", "task"),
    [
        (
            "commonsense",
            10,
            3,
            "eleutherai/pythia-1b-v0",
            "commonsense:dataset=hellaswag,method=multiple_choice_joint",
        ),
        ("mmlu", 10, 1, "openai/gpt2", "mmlu:subject=philosophy,method=multiple_choice_joint"),
        ("narrative_qa", 5, 0, "openai/gpt2", "narrative_qa"),
    ],
)
def test_real_runs(start: str, rows: int, passed: int, model: str, task: str) -> None:
    [run] = REAL.glob(f"{start}*")
    reading = helm.read(run)
    table = reading.rows.collect()
    assert table.height == table["problem"].n_unique() == rows
    assert table["passed"].sum() == passed
    assert set(table["model"]) == {model}  # the folder has _ for /
    assert all(problem.startswith(f"{task}/id") for problem in table["problem"])
    assert reading.problems["content_hash"].null_count() == 0
    assert [claim.value for claim in reading.claimed] == [pytest.approx(passed / rows)]
    assert table["runtime_s"].null_count() == rows  # inference_runtime is latency


@needs_data
def test_the_file_of_instances_reads_as_its_folder() -> None:
    path = MMLU / "per_instance_stats.json"
    assert helm.matches(path, head(path))
    assert helm.read(path).rows.collect().equals(helm.read(MMLU).rows.collect())


@needs_data
def test_real_fractions_stand_beside_the_match_that_decides() -> None:
    [run] = REAL.glob("narrative_qa*")
    rows = helm.read(run).rows.collect()
    assert sorted(rows["f1_score"]) == [0.0, 0.0, 0.0, pytest.approx(1 / 3), pytest.approx(4 / 11)]


@needs_data
def test_a_run_without_its_spec_names_the_file_that_is_missing(tmp_path: Path) -> None:
    shutil.copy(MMLU / "per_instance_stats.json", tmp_path)
    with pytest.raises(ResultFileError, match=r"run_spec\.json: the file is missing") as caught:
        helm.read(tmp_path / "per_instance_stats.json")
    assert "this file names the model" in str(caught.value)


def test_two_models_of_one_scenario_have_the_same_problems(tmp_path: Path) -> None:
    one = instance("id1", stat("exact_match", 1.0))
    for name in (
        "s:a=1,model=org_m",
        "s:model=org_n,a=1",
        "s:model=m,a=1,model_deployment=hub_m",
    ):
        assert read(tmp_path, one, name=name).rows.collect()["problem"].to_list() == ["s:a=1/id1"]
    kept = read(tmp_path, one, name="s:eval_model=judge,model=m").rows.collect()
    assert kept["problem"].to_list() == ["s:eval_model=judge/id1"]


def test_perturbed_instances_and_stats_are_other_questions(tmp_path: Path) -> None:
    perturbation = {"name": "typos"}
    reading = read(
        tmp_path,
        instance("id1", stat("exact_match", 1.0), stat("exact_match", 0.0, perturbation={"n": 1})),
        instance("id1", stat("exact_match", 0.0), perturbation=perturbation),
    )
    assert reading.rows.collect()["passed"].to_list() == [True]
    assert {aside.what: aside.count for aside in reading.set_aside} == {
        "instances under a perturbation": 1,
        "stats under a perturbation": 1,
    }


def test_an_instance_without_the_stat_is_missing_and_counted(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        instance("id1", stat("exact_match", 1.0)),
        instance("id2", stat("exact_match", None)),
    )
    assert reading.rows.collect()["passed"].to_list() == [True, None]
    assert [aside.count for aside in reading.set_aside] == [1]


def test_only_a_fractional_stat_is_a_score(tmp_path: Path) -> None:
    rows = read(tmp_path, instance("id1", stat("f1_score", 0.5))).rows.collect()
    assert rows.select("passed", "score").rows() == [(None, 0.5)]


def test_the_metric_of_a_scenario_decides_before_a_match_of_the_whole_text(tmp_path: Path) -> None:
    stats = stat("exact_match", 0.0), stat("math_equiv_chain_of_thought", 1.0)
    rows = read(tmp_path, instance("id1", *stats)).rows.collect()
    assert rows.select("passed", "exact_match").rows() == [(True, 0.0)]


def test_a_run_without_a_stat_that_decides_keeps_rows_without_outcomes(tmp_path: Path) -> None:
    reading = read(tmp_path, instance("id1", stat("bleu_4", 0.5)))
    assert reading.rows.select("passed", "score", "bleu_4").collect().rows() == [(None, None, 0.5)]
    assert any("nothing is a pass" in rule for rule in reading.rules)
    assert [aside.count for aside in reading.set_aside] == [1]


def test_train_trials_are_samples(tmp_path: Path) -> None:
    trials = [
        instance("id1", stat("exact_match", mean)) | {"train_trial_index": trial}
        for trial, mean in enumerate((1.0, 0.0))
    ]
    rows = read(tmp_path, *trials).rows.collect()
    assert rows.select("sample", "passed").rows() == [(0, True), (1, False)]
    assert "expected each instance once in a train trial" in error(tmp_path, trials[0], trials[0])


def test_errors_name_file_and_field(tmp_path: Path) -> None:
    assert "per_instance_stats.json: [0].stats[0].name: it is missing" in error(
        tmp_path, instance("id1", {"mean": 1.0})
    )
    assert '[0].stats[0].mean: "1"; expected a number' in error(
        tmp_path,
        instance("id1", stat("exact_match", "1")),  # type: ignore[arg-type]
    )
