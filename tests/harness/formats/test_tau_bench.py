"""tau-bench's results."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ResultFileError
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
