"""Files of one release measure their models in one way."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.ingest.result import Ingested, Options
from harness.ingest.run import ingest
from harness.reader import read_release

Take = Callable[..., Ingested]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "results" / "v1"
    made.mkdir(parents=True)
    told = 'version = "v1"\ntitle = "Made up"\nstatus = "draft"\nbenchmark = "Made up"\n'
    (made / "release.toml").write_text(told, "utf-8")
    (made / "models.toml").write_text("# none yet\n", "utf-8")
    return made


def rate(passed: Any, samples: Any, _k: int) -> float:
    shares = [p / n for p, n in zip(passed, samples, strict=True)]
    return sum(shares) / len(shares)


def take(folder: Path, *files: Path) -> Ingested:
    return ingest([str(file) for file in files], folder, Options(), estimate=rate)


def log(tmp_path: Path, model: str, *values: Any, scorer: str = "judge") -> Path:
    samples = [
        {"id": at, "epoch": 1, "scores": {scorer: {"value": value}}}
        for at, value in enumerate(values)
    ]
    mean = sum(values) / len(values)
    entry = {"name": scorer, "scorer": scorer, "metrics": {"mean": {"value": mean}}}
    text = {
        "version": 2,
        "status": "success",
        "eval": {"task": "t", "model": model},
        "results": {"total_samples": len(samples), "scores": [entry]},
        "samples": samples,
    }
    path = tmp_path / f"{model}-{scorer}.json"
    path.write_text(json.dumps(text), "utf-8")
    return path


def evalplus(tmp_path: Path, model: str, plus: str | None) -> Path:
    path = tmp_path / model / "eval_results.json"
    path.parent.mkdir()
    sample = {"task_id": "HumanEval/0", "base_status": "pass", "plus_status": plus}
    rates = {"base": {"pass@1": 1.0}} | ({"plus": {"pass@1": 0.0}} if plus else {})
    text = {"date": "", "eval": {"HumanEval/0": [sample]}, "pass_at_k": rates}
    path.write_text(json.dumps(text), "utf-8")
    return path


def test_marks_of_1_and_0_are_scores_beside_fractions(tmp_path: Path, folder: Path) -> None:
    done = take(folder, log(tmp_path, "whole", 1, 0, 1), log(tmp_path, "parts", 1, 0.25, 0))
    means = {account.id: account.mean_score for account in done.models}
    assert means == {"parts": pytest.approx(1.25 / 3), "whole": pytest.approx(2 / 3)}
    assert [stated.verdict for stated in done.stated] == ["agrees", "agrees"]
    assert "a pass is the score 1" in json.dumps([dict(source) for source in done.sources])
    read_release(folder)


def test_marks_of_1_and_0_alone_are_passes(tmp_path: Path, folder: Path) -> None:
    done = take(folder, log(tmp_path, "one", 1, 0, 1), log(tmp_path, "two", 1, 1, 0))
    assert [account.passed for account in done.models] == [2, 2]


def test_two_scorers_of_one_task_are_two_measures(tmp_path: Path, folder: Path) -> None:
    files = log(tmp_path, "one", 1, 0), log(tmp_path, "two", 1, 0, scorer="match")
    with pytest.raises(ResultFileError, match=r'results of "t" by "match", beside "judge" in'):
        take(folder, *files)
    assert not (folder / "outcomes.parquet").exists()


def test_base_tests_alone_do_not_stand_beside_base_and_plus(tmp_path: Path, folder: Path) -> None:
    files = evalplus(tmp_path, "a", None), evalplus(tmp_path, "b", "fail")
    with pytest.raises(
        ResultFileError, match='by "base and plus tests", beside "base tests alone"'
    ):
        take(folder, *files)


def test_a_later_ingest_is_held_to_the_measure_of_the_release(tmp_path: Path, folder: Path) -> None:
    first = evalplus(tmp_path, "a", "fail")
    ingest([str(first)], folder, Options(models=("a",)), estimate=rate)
    before = (folder / "outcomes.parquet").read_bytes()
    other = evalplus(tmp_path, "b", None)
    with pytest.raises(ResultFileError, match='"base tests alone", beside "base and plus tests"'):
        ingest([str(other)], folder, Options(models=("b",)), estimate=rate)
    assert (folder / "outcomes.parquet").read_bytes() == before
    again = Options(models=("a",), replace=True)
    assert ingest([str(other)], folder, again, estimate=rate).models[0].passed == 1


def test_the_rate_of_base_tests_is_not_held_against_base_and_plus(
    tmp_path: Path, folder: Path
) -> None:
    done = take(folder, evalplus(tmp_path, "a", "fail"), evalplus(tmp_path, "b", "pass"))
    told = [(stated.stated, stated.computed, stated.verdict) for stated in done.stated]
    assert told == [(0.0, 0.0, "agrees"), (0.0, 1.0, "differs")]


@needs_data
@pytest.mark.parametrize("day", ["2024-03-12", "2024-04-17"])
def test_the_real_site_files_of_livecodebench_make_a_release(folder: Path, day: str) -> None:
    take(folder, DATA / f"livecodebench-site/{day}/performances_generation.json")
    release = read_release(folder)
    assert len(release.models) == {"2024-03-12": 30, "2024-04-17": 45}[day]


@needs_data
def test_real_counts_of_two_tasks_are_not_of_the_same_problems(folder: Path) -> None:
    with pytest.raises(ResultFileError, match='of gsm8k_judge_2", beside "exact_match,strict-m'):
        take(folder, DATA / "lm-eval/2024-v0.4-multifilter")


@needs_data
def test_a_folder_of_real_logs_takes_the_scored_run_and_not_its_unscored_twin(
    folder: Path, tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for path in DATA.glob("inspect/inspect_ai-tests/2025-02-11*.eval"):
        shutil.copy(path, logs)
    done = take(folder, logs)
    assert [account.passed for account in done.models] == [8]
    assert len(done.beside) == 1
    assert "_dPi" in done.beside[0]
