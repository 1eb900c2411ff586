"""Whole real files of these formats, through the command's own path into a release."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from shared_data import DATA, needs_data

import build
from harness.errors import ResultFileError
from harness.ingest.result import Ingested, Options
from harness.ingest.run import ingest
from harness.reader import read_release


def one_sample(passed: Sequence[int], samples: Sequence[int], k: int) -> float:
    assert k == 1
    return sum(p / n for p, n in zip(passed, samples, strict=True)) / len(passed)


def taken(tmp_path: Path, *names: str, models: tuple[str, ...] = ()) -> tuple[Ingested, Path]:
    folder = tmp_path / "results" / "r1"
    folder.parent.mkdir(exist_ok=True)
    assert build.main(["new", "--results", str(folder.parent), "r1"]) == 0
    files = [str(DATA / name) for name in names]
    return ingest(files, folder, Options(models=models), estimate=one_sample), folder


@needs_data
def test_pareval_becomes_a_release_of_two_strata_and_twelve_categories(tmp_path: Path) -> None:
    _, folder = taken(tmp_path, "evals-public/r1/raw_metrics.csv")
    release = read_release(folder)
    assert release.difficulties == ("serial", "mpi")
    assert (len(release.categories), release.n_problems, len(release.models)) == (12, 120, 11)
    passed = {count.model: count.passed for count in release.totals}
    assert (passed["gemini-pro"], passed["kimi-k2"]) == (92, 78)


@needs_data
def test_nine_campaigns_of_swe_bench_pro_leave_what_they_miss_missing(tmp_path: Path) -> None:
    done, folder = taken(tmp_path, "swe-bench-pro")
    assert read_release(folder).n_problems == 970
    assert sum(account.missing for account in done.models) == 9 * 970 - 6606
    claude = next(a for a in done.models if a.id == "claude-45sonnet-10132025")
    assert (claude.problems, claude.missing, claude.passed) == (730, 240, 319)
    assert {s["name"] for s in done.sources} == {
        f"{account.id}/eval_results.json" for account in done.models
    }


@needs_data
def test_evalperf_becomes_scores_and_its_table_is_left_beside(tmp_path: Path) -> None:
    done, _ = taken(tmp_path, "evalperf")
    assert len(done.models) == 34
    assert {rate.verdict for rate in done.stated} == {"agrees"}
    assert len(done.beside) == 1
    assert all(account.passed == 0 and account.mean_score for account in done.models)


@needs_data
def test_aider_becomes_counts_with_the_size_that_it_states(tmp_path: Path) -> None:
    done, folder = taken(tmp_path, "aider/polyglot_leaderboard.yml")
    release = read_release(folder)
    assert release.n_problems == 225
    assert len(release.totals) == 69
    assert sorted(a.missing for a in done.models if a.missing) == [1, 1, 1, 1, 1, 2]
    assert "n_problems = 225\n" in (folder / "release.toml").read_text()


@needs_data
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("aider/edit_leaderboard.yml", "rates without pass_num_2"),
        ("every-eval-ever", "without the number of problems behind them"),
        ("evalplus-leaderboard/2024-04-21/results.json", "Use each model's .*_eval_results.json"),
        ("evalperf/COMBINED-RESULTS.json", "neither tasks nor counts"),
    ],
)
def test_rates_alone_are_refused_with_what_they_lack(
    tmp_path: Path, name: str, message: str
) -> None:
    with pytest.raises(ResultFileError, match=message):
        taken(tmp_path, name)
    assert sorted(p.name for p in (tmp_path / "results/r1").iterdir()) == [
        "models.toml",
        "release.toml",
    ]


@pytest.mark.parametrize("models", [(), ("m",)])
def test_a_file_without_a_result_is_refused(tmp_path: Path, models: tuple[str, ...]) -> None:
    report = tmp_path / "report.json"
    report.write_text('{"submitted_ids": [], "resolved_ids": [], "unresolved_ids": []}')
    with pytest.raises(ResultFileError, match=r"no result .SWE-bench report.; expected at least"):
        taken(tmp_path, str(report), models=models)


@needs_data
def test_the_same_thing_evaluated_twice_is_told_and_not_merged(tmp_path: Path) -> None:
    with pytest.raises(ResultFileError, match="no folder name tells the given files apart"):
        taken(tmp_path, "swe-bench-docker/evaluations/SWE-bench_Lite_golden")


@needs_data
def test_a_model_is_named_by_the_folder_that_differs(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    for run in ("one", "two"):
        (runs / run).mkdir(parents=True)
        source = DATA / "evals-public/r1/deepseek_coder_v2lite_results.json"
        shutil.copy(source, runs / run / "results.json")
    done, _ = taken(tmp_path, str(runs))
    assert [(a.id, a.passed, a.problems) for a in done.models] == [
        ("one", 22, 120),
        ("two", 22, 120),
    ]
