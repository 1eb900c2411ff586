"""CRUXEval's scored generations."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ResultFileError
from harness.formats.cruxeval import matches, read
from harness.formats.files import head

DOCUMENT = {
    "raw_generations": {"sample_1": ["a", "b"], "sample_0": ["c", "d"]},
    "raw_scored_generations": {"sample_0": [True, False], "sample_1": [False, False]},
    "pass_at_1": 25.0,
    "pass_at_5": 50.0,
}


def written(tmp_path: Path, **change: Any) -> Path:
    path = tmp_path / "scored.json"
    path.write_text(json.dumps({**DOCUMENT, **change}))
    return path


def test_each_score_is_a_sample(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert matches(path, head(path))
    reading = read(path)
    assert reading.rows.collect().select("problem", "sample", "passed").rows() == [
        ("sample_0", 0, True),
        ("sample_0", 1, False),
        ("sample_1", 0, False),
        ("sample_1", 1, False),
    ]
    assert [(c.value, c.k) for c in reading.claimed] == [(0.25, 1), (0.5, 5)]


def test_the_generations_may_be_longer_than_what_detection_sees(tmp_path: Path) -> None:
    path = written(tmp_path, raw_generations={"sample_0": ["x" * 300_000, "y"]})
    assert matches(path, head(path))


def test_a_problem_without_scores_is_missing(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        raw_generations={"s": [], "t": ["x"], "u": ["y"]},
        raw_scored_generations={"s": [], "t": [True]},
        pass_at_1=None,
    )
    assert [(a.what, a.count) for a in read(path).set_aside] == [
        ("problems without a scored sample", 2)
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"raw_scored_generations": {"sample_0": [True]}}, "1 scores; expected 2, one for each"),
        ({"raw_scored_generations": {"sample_0": [True, "no"]}}, '"no"; expected true or false'),
        (
            {"raw_scored_generations": {"sample_7": [True]}},
            "raw_generations.sample_7: it is missing",
        ),
        ({"raw_scored_generations": [True]}, "a list; expected an object"),
        ({"pass_at_1": 250.0}, "pass_at_1: 250.0; expected a number from 0 to 100"),
    ],
)
def test_wrong_scores_are_refused(tmp_path: Path, change: Any, message: str) -> None:
    with pytest.raises(ResultFileError, match=message):
        read(written(tmp_path, **change))
