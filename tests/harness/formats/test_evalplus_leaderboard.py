"""EvalPlus's leaderboard of rates."""

import json
from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats.evalplus_leaderboard import read


def written(tmp_path: Path, rates: Any) -> Path:
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"A": {"link": "", "pass@1": rates}}))
    return path


def test_rates_can_be_cited_and_lack_counts(tmp_path: Path) -> None:
    reading = read(written(tmp_path, {"humaneval": 81.7, "humaneval+": None}))
    assert [(c.metric, round(c.value, 12), c.model, c.margin) for c in reading.claimed] == [
        ("humaneval", 0.817, "A", 0.0005)
    ]
    assert [(a.what, a.count) for a in reading.set_aside] == [("rates that are null", 1)]
    assert "without the number of problems behind them" in str(reading.lacks)


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ({"humaneval": 817}, r"A.pass@1.humaneval: 817; expected a number from 0 to 100"),
        ({"humaneval": "81.7"}, '"81.7"; expected a number'),
        (None, r"pass@1\S*: null; expected an object"),
    ],
)
def test_wrong_rates_are_refused(tmp_path: Path, rates: Any, message: str) -> None:
    with pytest.raises(ResultFileError, match=message):
        read(written(tmp_path, rates))


@needs_data
@pytest.mark.parametrize(
    ("date", "models", "unknown"), [("2024-04-21", 103, 82), ("2024-12-26", 125, 72)]
)
def test_the_published_tables(date: str, models: int, unknown: int) -> None:
    reading = read(DATA / "evalplus-leaderboard" / date / "results.json")
    assert len(reading.claimed) == 4 * models - unknown
    assert f"{models} models" in str(reading.lacks)
    assert reading.set_aside[0].count == unknown


@needs_data
def test_22_models_were_added_and_28_changed_between_the_published_tables() -> None:
    old, new = (
        {
            (claim.model, claim.metric): claim.value
            for claim in read(DATA / "evalplus-leaderboard" / date / "results.json").claimed
        }
        for date in ("2024-04-21", "2024-12-26")
    )
    before = {model for model, _ in old}
    assert len({model for model, _ in new} - before) == 22
    changed = {key[0] for key in old.keys() | new.keys() if old.get(key) != new.get(key)} & before
    assert len(changed) == 28
