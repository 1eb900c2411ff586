"""HumanEval-X: samples as columns whose numbers are labels."""

import json
from math import comb
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import humaneval_x
from harness.formats.files import head
from harness.formats.reading import Reading

REAL = DATA / "humaneval-x-cpp/humaneval_cpp_grade.json"


def read(tmp_path: Path, *records: Any) -> Reading:
    path = tmp_path / "grade.json"
    path.write_text(json.dumps(records), "utf-8")
    assert humaneval_x.matches(path, head(path))
    return humaneval_x.read(path)


def task(number: str = "7", **columns: Any) -> dict[str, Any]:
    return {"intent": "Add.", "task_id": number, **columns}


def pass_at(k: int, n: int, c: int) -> float:
    return 1 - comb(n - c, k) / comb(n, k)


@needs_data
def test_the_real_file_has_20_samples_a_problem_and_its_known_pass_at_k() -> None:
    rows = humaneval_x.read(REAL).rows.collect()
    assert rows.height == 3_220
    assert rows["passed"].sum() == 1_243
    counts = rows.group_by("problem").agg(
        n=pl.len(), c=pl.col("passed").sum(), last=pl.col("sample").max()
    )
    assert counts.height == 161
    assert set(counts["n"]) == {20}
    assert set(counts["last"]) == {19}
    assert not {"32", "38", "50"} & set(counts["problem"])
    assert (counts["c"] == 0).sum() == 35
    assert (counts["c"] == 20).sum() == 6
    for k, stated in ((1, 0.386025), (5, 0.657469), (10, 0.733741)):
        mean = sum(pass_at(k, 20, c) for c in counts["c"]) / 161
        assert mean == pytest.approx(stated, abs=5e-7)
    assert rows["compiled"].null_count() == rows["model"].null_count() == 3_220


def test_labels_order_the_samples_and_are_not_shared_across_problems(tmp_path: Path) -> None:
    grades = {"grade-9": {"execution": 1}, "grade-163": {"execution": 0}}
    columns = {"163": "code", "9": "code", "bleu-9": 0.5, **grades}
    reading = read(tmp_path, task("7", **columns), task("8", **{"grade-3": {"execution": 1}}))
    assert reading.rows.select("problem", "sample", "passed").collect().rows() == [
        ("7", 0, True),
        ("7", 1, False),
        ("8", 0, True),
    ]


def test_a_sample_without_a_grade_is_missing_and_counted(tmp_path: Path) -> None:
    reading = read(tmp_path, task(**{"1": "code", "grade-2": {"execution": 1}}))
    assert reading.rows.collect()["passed"].to_list() == [None, True]
    assert [(aside.what, aside.count) for aside in reading.set_aside] == [
        ("samples without a grade", 1)
    ]


def test_bad_records_are_refused(tmp_path: Path) -> None:
    good = {"grade-1": {"execution": 1}}
    with pytest.raises(ResultFileError, match=r"\[0\].grade-1.execution: 0.5; expected 0 or 1"):
        read(tmp_path, task(**{"grade-1": {"execution": 0.5}}))
    with pytest.raises(ResultFileError, match=r'\[1\].task_id: "7"; expected each task once'):
        read(tmp_path, task(**good), task(**good))
    with pytest.raises(ResultFileError, match=r"\[1\]: no samples; expected samples"):
        read(tmp_path, task(**good), task("8"))
