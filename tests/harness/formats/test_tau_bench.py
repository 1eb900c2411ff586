"""tau-bench's results, and those of tau2-bench."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ResultFileError
from harness.formats import tau2_bench
from harness.formats.files import head
from harness.formats.tau_bench import matches, read


def trial(task: Any, reward: Any, number: int | None = 0, **info: Any) -> dict[str, Any]:
    return {"task_id": task, "reward": reward, "info": info, "traj": [], "trial": number}


def written(tmp_path: Path, document: object) -> Path:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document))
    return path


def test_rewards_become_passes_scores_and_errors(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        [
            trial(0, 1.0),
            trial(1, 0.0),
            trial(0, 0.5, 1),
            trial(1, 0.0, 1, error="rate limit", traceback="..."),
            trial(2, 0.9999999, 0),
        ],
    )
    assert matches(path, head(path))
    reading = read(path)
    rows = reading.rows.collect()
    assert rows.select("problem", "sample", "passed", "score", "outcome").rows() == [
        ("0", 0, True, None, None),
        ("1", 0, False, None, None),
        ("0", 1, None, 0.5, None),
        ("1", 1, False, None, "error"),
        ("2", 0, True, None, None),
    ]
    assert [(a.what, a.count) for a in reading.set_aside] == [("trials that raised an error", 1)]


def test_without_trial_numbers_the_order_counts(tmp_path: Path) -> None:
    records = [trial(4, 1.0, None), trial(5, 0.0, None), trial(4, 0.0, None)]
    assert read(written(tmp_path, records)).rows.collect()["sample"].to_list() == [0, 0, 1]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([trial(0, 1.0), trial(0, 0.0)], "trial 0 of task 0, which record 1 holds too"),
        ([trial(0, 2.0)], r"\[0\].reward: 2.0; expected a number from 0 to 1"),
        ([trial(0, "1")], r'\[0\].reward: "1"; expected a number'),
        ([trial(None, 1.0)], r"\[0\].task_id: null; expected text"),
        ([{"task_id": 0, "trial": 0}], "reward: it is missing"),
        ([], "an empty list; expected a list of trials"),
    ],
)
def test_wrong_results_are_refused(tmp_path: Path, document: object, message: str) -> None:
    with pytest.raises(ResultFileError, match=message):
        read(written(tmp_path, document))


def run(*simulations: dict[str, Any], **change: Any) -> dict[str, Any]:
    info = {
        "agent_info": {"implementation": "llm_agent", "llm": "gpt-4.1"},
        "user_info": {"llm": "gpt-4o"},
        "environment_info": {"domain_name": "airline"},
    }
    tasks = [{"id": name} for name in ("0", "1", "2")]
    return {"info": info, "tasks": tasks, "simulations": list(simulations), **change}


def simulation(task: str, reward: float | None, ended: str = "user_stop", **more: Any) -> Any:
    held = {"reward": reward} if reward is not None else None
    facts = {"task_id": task, "trial": 0, "termination_reason": ended, "reward_info": held}
    return {**facts, "duration": 12.5, "agent_cost": None, **more}


def test_simulations_name_model_domain_and_how_they_ended(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        run(
            simulation("0", 1.0),
            simulation("1", 0.0, "max_steps"),
            simulation("0", 0.0, "infrastructure_error", trial=1),
            simulation("1", None, "timeout", trial=1),
        ),
    )
    assert tau2_bench.matches(path, head(path))
    assert not matches(path, head(path))
    reading = tau2_bench.read(path)
    rows = reading.rows.collect()
    assert rows["model"].unique().to_list() == ["gpt-4.1"]
    assert rows.select("problem", "sample", "passed", "outcome").rows() == [
        ("airline/0", 0, True, "user_stop"),
        ("airline/1", 0, False, "max_steps"),
        ("airline/0", 1, None, "infrastructure_error"),
        ("airline/1", 1, None, "timeout"),
    ]
    assert rows["duration_s"].to_list() == [12.5] * 4
    assert rows["runtime_s"].null_count() == 4
    assert reading.problems["problem"].to_list() == ["airline/0", "airline/1", "airline/2"]
    assert [(a.what, a.count) for a in reading.set_aside] == [("unscored samples", 2)]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (run(simulation("0", 1.0), simulation("0", 0.0)), r"which simulations\[0\] holds too"),
        (run(simulation("0", 3.0)), "reward_info.reward: 3.0; expected a number from 0 to 1"),
        (run(simulation("0", 1.0, trial=None)), "trial: null; expected a whole number"),
        (run(simulations=[{}]), r"simulations\[0\].task_id: it is missing"),
        (run(info={"agent_info": {}}), "environment_info: it is missing"),
    ],
)
def test_wrong_simulations_are_refused(tmp_path: Path, document: object, message: str) -> None:
    with pytest.raises(ResultFileError, match=message):
        tau2_bench.read(written(tmp_path, document))
