"""aider's leaderboards, and the YAML they are written in."""

from pathlib import Path

import polars as pl
import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats.aider import matches, read
from harness.formats.files import head
from harness.formats.reading import Reading


def run(
    model: str = "m",
    *,
    cases: int = 225,
    passed: int | None = 90,
    rate: float | None = 40.0,
    edit: str = "diff",
    more: str = "",
) -> str:
    lines = [f"- dirname: d--{model}", f"  test_cases: {cases}", f"  model: {model}"]
    lines += [f"  edit_format: {edit}", "  date: 2025-02-25"]
    lines += [f"  pass_num_2: {passed}"] if passed is not None else []
    lines += [f"  pass_rate_2: {rate}"] if rate is not None else []
    return "\n".join([*lines, *([f"  {more}"] if more else []), ""])


def written(tmp_path: Path, *runs: str) -> Path:
    path = tmp_path / "leaderboard.yml"
    path.write_text("\n".join(runs))
    return path


def counts(reading: Reading) -> list[tuple[str, int, int]]:
    assert reading.counts is not None
    return reading.counts.select("model", "problems", "passed").rows()


def noted(reading: Reading) -> dict[str, int]:
    return {aside.what: aside.count for aside in reading.set_aside}


def test_counts_are_taken_where_they_are_stated(tmp_path: Path) -> None:
    path = written(tmp_path, run("a"), run("b", passed=9, rate=4.0))
    assert matches(path, head(path))
    reading = read(path)
    assert counts(reading) == [("a", 225, 90), ("b", 225, 9)]
    assert [(c.model, c.value, c.margin) for c in reading.claimed] == [
        ("a", 0.4, 0.0005),
        ("b", 0.04, 0.0005),
    ]
    assert reading.lacks is None
    assert reading.n_problems == 225


def test_a_run_of_fewer_exercises_keeps_its_own_denominator(tmp_path: Path) -> None:
    reading = read(written(tmp_path, run("a"), run("b"), run("c", cases=200, rate=45.0)))
    assert counts(reading)[2] == ("c", 200, 90)
    assert noted(reading) == {"runs of fewer exercises": 1}


def test_a_rate_over_all_exercises_is_said_and_the_counts_are_taken(tmp_path: Path) -> None:
    odd = run("c", cases=200, rate=40.0, more="total_tests: 225")
    reading = read(written(tmp_path, run("a"), run("b"), odd))
    assert counts(reading)[2] == ("c", 200, 90)
    assert noted(reading)["stated rates over another denominator"] == 1
    assert {claim.model for claim in reading.claimed} == {"a", "b"}


def test_a_model_with_two_runs_is_told_apart_by_the_edit_format(tmp_path: Path) -> None:
    reading = read(written(tmp_path, run("a"), run("b"), run("b", edit="whole")))
    assert [name for name, *_ in counts(reading)] == ["a", "b (diff)", "b (whole)"]


def test_runs_without_counts_are_set_aside_and_no_count_is_made_of_a_rate(tmp_path: Path) -> None:
    reading = read(written(tmp_path, run("a"), run("b", passed=None)))
    assert [name for name, *_ in counts(reading)] == ["a"]
    assert noted(reading) == {"runs without counts": 1}
    alone = read(written(tmp_path, run("b", passed=None)))
    assert alone.counts is None
    assert "without pass_num_2" in str(alone.lacks)


def test_a_run_of_more_exercises_is_of_another_benchmark(tmp_path: Path) -> None:
    reading = read(written(tmp_path, run("a"), run("b"), run("c", cases=500, rate=18.0)))
    assert [name for name, *_ in counts(reading)] == ["a", "b"]
    assert noted(reading) == {"runs of another benchmark": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (run(passed=300, rate=None), "pass_num_2: 300; expected at most 225"),
        (run(rate=41.0), "pass_rate_2: 41.0; expected 40.0, as 90 of 225 passed"),
        (run(rate=140.0), "pass_rate_2: 140.0; expected a number from 0 to 100"),
        (run() + run(), r":8: \[1\]: a second run of m \(diff, 2025-02-25\), as on line 1"),
        (run().replace("model: m", "model: [m]"), r"\[0\].model: a list; expected text"),
        (run(more="model: n"), ":8: model: the key stands twice in one entry"),
        (run(more="a: &x 1") + run("b", more="a: *x"), ":8: not YAML from here on .aliases are"),
        (run(more="a: !!python/name:os.system ''"), "not YAML from here on"),
        (run(more='a: "unclosed'), "not YAML from here on"),
        (run(rate=None)[:-2], ":6: pass_num_2: the file ends within this line"),
        ("a: 1\n", ":1: no list; expected a YAML list of runs"),
        (run().replace("test_cases: 225", "test_cases: .nan"), "test_cases: nan; expected a whole"),
        (run(more="date2: 2025-99-99"), "no YAML .month must be in 1..12"),
    ],
)
def test_a_wrong_leaderboard_is_refused_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(ResultFileError, match=message):
        read(written(tmp_path, text))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(b"- \xff\xfe")
    with pytest.raises(ResultFileError, match="no UTF-8 text"):
        read(path)


@needs_data
def test_the_published_polyglot_leaderboard() -> None:
    reading = read(DATA / "aider/polyglot_leaderboard.yml")
    assert reading.counts is not None
    assert reading.counts.height == 69
    assert reading.counts["model"].n_unique() == 69
    sizes = dict(reading.counts.group_by("problems").len().rows())
    assert sizes == {225: 63, 224: 5, 223: 1}
    assert noted(reading) == {
        "runs of fewer exercises": 6,
        "stated rates over another denominator": 5,
    }
    twice = reading.counts.filter(pl.col("model").str.starts_with("Qwen2.5-Coder-32B-Instruct"))
    assert twice.select("model", "passed").rows() == [
        ("Qwen2.5-Coder-32B-Instruct (diff)", 18),
        ("Qwen2.5-Coder-32B-Instruct (whole)", 37),
    ]
    shares = dict(
        zip(
            reading.counts["model"],
            reading.counts["passed"] / reading.counts["problems"],
            strict=True,
        )
    )
    assert all(abs(shares[c.model] - c.value) <= c.margin + 1e-9 for c in reading.claimed)


@needs_data
def test_the_published_edit_leaderboard_has_rates_alone() -> None:
    reading = read(DATA / "aider/edit_leaderboard.yml")
    assert reading.counts is None
    assert noted(reading) == {"runs of another benchmark": 1, "runs without counts": 97}
    assert "97 runs state rates without" in str(reading.lacks)
