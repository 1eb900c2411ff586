"""Real outputs through the whole command: what the release then holds is what is known of them."""

import polars as pl
import pytest
from shared_data import DATA, needs_data

from harness.reader import read_release

GPT4 = "swe-bench-docker/evaluations/20240402_sweagent_gpt4/report.json"
SCORED = "2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval"
KNOWN = {
    # path below the data: models, problems, rows, passed (None: scores, not passes)
    "evals-public/r1/raw_metrics.csv": (11, 120, 1320, 525),
    "evals-public/r1/deepseek_coder_v2lite_results.json": (1, 120, 120, 22),
    "humaneval-x-cpp/humaneval_cpp_grade.json": (1, 161, 3220, 1243),
    "livecodebench-site/2024-03-12/performances_generation.json": (30, 400, 12_000, None),
    "livecodebench-site/2024-04-17/performances_generation.json": (45, 400, 18_000, None),
    "livecodebench-eval": (2, 880, 1760, 602 + 489),
    "swe-bench-pro": (9, 970, 6606, 1657),
    "evalplus/metagpt/samples_eval_results.json": (1, 164, 168, 147),
    "evalplus/old-schema/samples_eval_results.json": (1, 164, 164, 0),
    "evalperf": (34, 118, 34 * 118, None),
    f"inspect/inspect_ai-tests/{SCORED}": (1, 10, 10, 8),
    "helm": (2, 25, 25, None),
    GPT4: (1, 299, None, 54),
}
NAMELESS = ("humaneval", "evalplus", "swe-bench-docker", "evals-public/r1/deepseek")


@needs_data
@pytest.mark.parametrize("name", KNOWN)
def test_a_real_file_arrives_whole(name, take, release) -> None:
    text = (release / "release.toml").read_text(encoding="utf-8")
    ordered = text.replace("# difficulties = ", 'difficulties = ["serial", "mpi"]  # ')
    if name.startswith("evals-public"):
        (release / "release.toml").write_text(ordered, encoding="utf-8")
    models = ("M",) if name.startswith(NAMELESS) else ()
    done = take(DATA / name, models=models)
    n_models, n_problems, n_rows, passed = KNOWN[name]
    rows = pl.read_parquet(release / "outcomes.parquet")
    assert rows["model"].n_unique() == n_models
    assert done.n_problems == n_problems
    if n_rows is not None:
        assert rows.height == n_rows
    if passed is not None:
        assert rows["passed"].sum() == passed
    elif name != "helm":
        assert rows["passed"].null_count() == rows.height
        assert rows["score"].null_count() == 0
    assert read_release(release).n_problems == n_problems
    assert sum(model.missing for model in done.models) == (
        n_models * n_problems - rows.select("model", "problem").unique().height
    )


@needs_data
def test_the_two_states_of_the_same_site_are_the_same_scores(take, release) -> None:
    first = DATA / "livecodebench-site" / "2024-03-12" / "performances_generation.json"
    second = DATA / "livecodebench-site" / "2024-04-17" / "performances_generation.json"
    take(first)
    take(second)  # 29 models of both, 16 new ones, not one score changed
    rows = pl.read_parquet(release / "outcomes.parquet")
    assert rows["model"].n_unique() == 46
    assert rows.height == 46 * 400
