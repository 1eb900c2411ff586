"""Two snapshots of LiveCodeBench, and EvalPlus's leaderboard at two dates."""

import json
from pathlib import Path

import pytest

import build
from harness.errors import ResultFileError
from harness.formats.reading import ClaimedRate, Reading, no_problems, no_rows
from report.changes.published import LIMITS, published_changes, read_published

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"
LIVECODEBENCH = SHARED / "livecodebench-site"
EVALPLUS = SHARED / "evalplus-leaderboard"

needs = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data, which is not here")


@pytest.fixture(scope="module")
def livecodebench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both snapshots ingested as a user would."""
    results = tmp_path_factory.mktemp("livecodebench") / "results"
    results.mkdir()
    for date in ("2024-03-12", "2024-04-17"):
        file = LIVECODEBENCH / date / "performances_generation.json"
        where = ["--results", str(results)]
        assert build.main(["new", date, *where]) == 0
        assert build.main(["ingest", str(file), "--release", date, *where]) == 0
    later = results / "2024-04-17" / "release.toml"
    text = later.read_text("utf-8")
    later.write_text(text.replace("\ntitle", '\nprevious = "2024-03-12"\ntitle', 1), "utf-8")
    return results


@needs
@pytest.mark.slow
def test_livecodebench_models_came_dates_moved_and_no_score_changed(
    livecodebench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["compare", "2024-03-12", "2024-04-17", "--json"]
    capsys.readouterr()
    assert build.main([*command, "--results", str(livecodebench)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["models"]["added"]) == 16
    assert found["models"]["removed"] == ["google-gemini-pro"]
    problems = found["problems"]
    assert (problems["common"], problems["added"], problems["dropped"]) == (400, [], [])
    dates = [fact for fact in problems["details"] if fact["field"] == "date"]
    assert len(dates) == 400
    assert problems["recategorised"] == []
    (score,) = found["metrics"]
    assert score["evidence"] == "outcomes"
    assert len(score["changes"]) == 29
    assert all(change["same"] and not change["flips"] for change in score["changes"])
    assert all(change["parts"]["total"]["exact"] == "0" for change in score["changes"])
    assert any("Every date moved by one day on." in s for s in found["summary"])
    assert {c["kind"] for f in found["figures"] for c in f["causes"]} == {"field"}


@needs
def test_evalplus_rates_moved_and_nothing_more_is_claimed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [str(EVALPLUS / date / "results.json") for date in ("2024-04-21", "2024-12-26")]
    assert build.main(["compare", *files, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["evidence"] == "rates"
    assert (found["before"], found["after"]) == ("2024-04-21", "2024-12-26")
    assert found["models"]["common"] == 103
    assert (len(found["models"]["added"]), found["models"]["removed"]) == (22, [])
    touched = {m["model"] for m in found["moved"]} | {m for m, _ in found["stated_first"]}
    assert len(touched | {m for m, _ in found["stated_no_more"]}) == 28
    assert found["summary"][-1] == LIMITS
    assert "p_value" not in json.dumps(found)
    assert build.main(["compare", *files]) == 0
    assert "no interval" in " ".join(capsys.readouterr().out.split())


@needs
def test_a_file_of_results_is_no_table_of_rates() -> None:
    with pytest.raises(ResultFileError, match=r"build\.py ingest"):
        read_published(LIVECODEBENCH / "2024-04-17" / "performances_generation.json")


def reading(path: str, *rates: tuple[str, str, float]) -> Reading:
    claimed = tuple(ClaimedRate(metric, value, m, margin=0.0005) for m, metric, value in rates)
    return Reading("any", Path(path), no_rows(), no_problems(), {}, claimed=claimed, lacks="counts")


def test_a_move_within_rounding_is_told_from_one_beyond_it() -> None:
    found = published_changes(
        reading("old/rates.json", ("a", "x", 0.701), ("b", "x", 0.5), ("c", "x", 0.2)),
        reading("new/rates.json", ("a", "x", 0.702), ("b", "x", 0.52), ("c", "x", 0.2)),
    )
    assert [(m.model, m.change, m.certain) for m in found.moved] == [
        ("b", 0.02, True),
        ("a", 0.001, True),
    ]
    assert found.same == 1
    coarse = published_changes(
        reading("old/rates.json", ("a", "x", 0.701)), reading("new/rates.json", ("a", "x", 0.7015))
    )
    assert [m.certain for m in coarse.moved] == [False]


def test_rates_that_one_table_lacks_are_listed() -> None:
    found = published_changes(
        reading("r1.json", ("a", "x", 0.7), ("gone", "x", 0.1)),
        reading("r2.json", ("a", "y", 0.7), ("new", "x", 0.1)),
    )
    assert (found.added, found.removed) == (("new",), ("gone",))
    assert (found.filled, found.emptied) == ((("a", "y"),), (("a", "x"),))
    assert (found.before, found.after) == ("r1.json", "r2.json")
