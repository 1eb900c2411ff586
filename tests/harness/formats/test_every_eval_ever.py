"""Every Eval Ever: records of a benchmark, and single samples."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import every_eval_ever_samples as samples
from harness.formats.every_eval_ever import matches, read
from harness.formats.files import head

RECORDS = DATA / "every-eval-ever/data"


def result(score: float, name: str = "Bench", n: int | None = None, **config: Any) -> Any:
    details: dict[str, Any] = {"score": score}
    if n is not None:
        details["uncertainty"] = {"num_samples": n}
    bounds = {"lower_is_better": False, "min_score": 0, "max_score": 1}
    return {"evaluation_name": name, "metric_config": bounds | config, "score_details": details}


def record(*results: Any, name: str = "m", agent: str | None = None, at: str = "100.5") -> Any:
    info: dict[str, Any] = {"name": name, "id": "dev/m"}
    if agent:
        info["additional_details"] = {"agent_scaffold": agent}
    return {
        "schema_version": "0.2.2",
        "evaluation_id": f"bench/{name}/{at}",
        "retrieved_timestamp": "7",
        "model_info": info,
        "evaluation_results": list(results),
    }


def folder(tmp_path: Path, *records: Any) -> Path:
    for number, held in enumerate(records):
        path = tmp_path / f"bench/dev/m{number}/{number}.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(held))
    return tmp_path / "bench"


def one(tmp_path: Path, held: Any) -> Path:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(held))
    return path


def test_scores_without_a_number_of_problems_are_no_counts(tmp_path: Path) -> None:
    path = one(tmp_path, record(result(0.46)))
    assert matches(path, head(path))
    reading = read(path)
    assert reading.counts is None
    assert "scores of 1 models without the number of problems" in str(reading.lacks)
    assert [(c.model, c.value) for c in reading.claimed] == [("dev/m", 0.46)]


def test_a_score_with_its_number_of_problems_becomes_counts(tmp_path: Path) -> None:
    percent = record(result(30.0, n=50, max_score=100), name="effort high")
    reading = read(folder(tmp_path, record(result(0.25, n=40)), percent))
    assert reading.counts is not None
    assert reading.counts.select("model", "category", "problems", "passed").rows() == [
        ("dev/m", None, 40, 10),
        ("effort high", None, 50, 15),
    ]
    assert reading.lacks is None
    assert [claim.value for claim in reading.claimed] == [0.25, 0.3]


def test_a_mean_that_is_no_count_stays_a_rate(tmp_path: Path) -> None:
    reading = read(folder(tmp_path, record(result(0.25, n=40), result(0.333, "F1", n=40))))
    assert reading.counts is not None
    assert reading.counts.select("category", "passed").rows() == [("Bench", 10)]
    assert [(a.what, a.count) for a in reading.set_aside] == [("scores without counts", 1)]


def test_one_id_with_several_agents_and_efforts_is_several_models(tmp_path: Path) -> None:
    reading = read(
        folder(
            tmp_path,
            record(result(0.1), agent="A"),
            record(result(0.2), agent="B"),
            record(result(0.3), name="m High", agent="A"),
        )
    )
    assert [c.model for c in reading.claimed] == ["dev/m with A", "dev/m with B", "m High with A"]


def test_the_latest_of_two_fetches_is_taken_and_the_other_said(tmp_path: Path) -> None:
    reading = read(
        folder(
            tmp_path, record(result(0.9), at="1770683238.09"), record(result(0.8), at="1760492095")
        )
    )
    assert [c.value for c in reading.claimed] == [0.9]
    assert [(a.what, a.count, a.model) for a in reading.set_aside] == [
        ("older records of one model", 1, "dev/m")
    ]


def test_two_records_of_one_time_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultFileError, match="a second record of dev/m of the same time"):
        read(folder(tmp_path, record(result(0.9)), record(result(0.8))))


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (record(result(1.5)), r"score_details.score: 1.5; expected a number from 0 to 1"),
        (record(result(0.5, n=0)), "num_samples: 0; expected a whole number of at least 1"),
        ({**record(), "evaluation_results": {}}, "evaluation_results: an empty object; expected a"),
        ({**record(), "model_info": {}}, "model_info.id: it is missing"),
        (
            {**record(), "evaluation_id": "x", "retrieved_timestamp": "May"},
            '"May"; expected seconds',
        ),
    ],
)
def test_wrong_records_are_refused(tmp_path: Path, held: Any, message: str) -> None:
    with pytest.raises(ResultFileError, match=message):
        read(one(tmp_path, held))


def line(sample: Any, score: float, *, correct: bool, name: str = "Bench") -> dict[str, Any]:
    return {
        "schema_version": "0.2.2",
        "evaluation_id": "e",
        "model_id": "dev/m",
        "evaluation_name": name,
        "sample_id": sample,
        "input": {"raw": "1 + 1"},
        "evaluation": {"score": score, "is_correct": correct},
    }


def lines(tmp_path: Path, *held: Any) -> Path:
    path = tmp_path / "x_samples.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in held))
    return path


def test_samples_become_passes_and_scores(tmp_path: Path) -> None:
    path = lines(
        tmp_path,
        line("a", 1.0, correct=True),
        line("b", 0, correct=False),
        line("c", 0.4, correct=False),
        line("d", 7.5, correct=True),
    )
    assert samples.matches(path, head(path))
    reading = samples.read(path)
    assert reading.rows.collect().select("model", "problem", "passed", "score").rows() == [
        ("dev/m", "a", True, None),
        ("dev/m", "b", False, None),
        ("dev/m", "c", None, 0.4),
        ("dev/m", "d", None, None),
    ]
    assert [(a.what, a.count) for a in reading.set_aside] == [("unscored samples", 1)]
    assert reading.problems["content_hash"].n_unique() == 1


def test_samples_of_several_evaluations_are_kept_apart(tmp_path: Path) -> None:
    path = lines(tmp_path, line("a", 1, correct=True), line("a", 0, correct=False, name="Other"))
    reading = samples.read(path)
    assert reading.rows.collect()["problem"].to_list() == ["Bench/a", "Other/a"]
    assert reading.problems["category"].to_list() == ["Bench", "Other"]


@pytest.mark.parametrize(
    ("held", "message"),
    [
        ([line("a", 1, correct=True)] * 2, ":2: sample_id: a of dev/m, which line 1 holds too"),
        ([{**line("a", 1, correct=True), "evaluation": {"score": 1}}], "is_correct: it is missing"),
        ([line("a", 1, correct="yes")], 'is_correct: "yes"; expected true or false'),  # type: ignore[arg-type]
        ([[1]], "a list; expected an object"),
    ],
)
def test_wrong_samples_are_refused_with_their_line(tmp_path: Path, held: Any, message: str) -> None:
    with pytest.raises(ResultFileError, match=message):
        samples.read(lines(tmp_path, *held))


@needs_data
@pytest.mark.parametrize(
    ("benchmark", "records", "models"),
    [
        ("hal-usaco", 13, 13),
        ("hal-scicode", 33, 33),
        ("hal-swebench-verified-mini", 33, 33),
        ("livecodebenchpro", 29, 27),
    ],
)
def test_published_records_are_told_apart(benchmark: str, records: int, models: int) -> None:
    assert matches(RECORDS / benchmark, b"")
    assert not matches(RECORDS, b"")
    reading = read(RECORDS / benchmark)
    assert len({claim.model for claim in reading.claimed}) == models
    assert sum(aside.count for aside in reading.set_aside) == records - models
    assert f"scores of {models} models without" in str(reading.lacks)


@needs_data
def test_published_ids_that_occur_twice() -> None:
    ids: Counter[tuple[str, str]] = Counter()
    for path in RECORDS.rglob("*.json"):
        benchmark = path.relative_to(RECORDS).parts[0]
        ids[benchmark, json.loads(path.read_text())["model_info"]["id"]] += 1
    assert sum(count > 1 for count in ids.values()) == 27


@needs_data
def test_the_later_published_fetch_is_taken() -> None:
    reading = read(RECORDS / "livecodebenchpro")
    scores = {
        claim.category: claim.value
        for claim in reading.claimed
        if claim.model == "openai/gpt-5-2025-08-07"
    }
    assert scores == {"Hard Problems": 0.0423, "Medium Problems": 0.4085, "Easy Problems": 0.9014}
    assert {aside.model for aside in reading.set_aside} == {
        "openai/gpt-5-2025-08-07",
        "openai/o4-mini-2025-04-16",
    }
