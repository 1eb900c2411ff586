"""ParEval's JSON and its flat table."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import binomtest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import pareval, pareval_table
from harness.formats.files import content_hash

R1 = DATA / "evals-public/r1"
HEADER = (
    "model,problem_type,problem_name,parallelism_model,source_write_success,did_build,did_any_run,"
    "did_all_run,are_any_valid,are_all_valid,best_runtime"
)
GOOD = "True,True,True,True,True,True"


def sample(**change: Any) -> dict[str, Any]:
    flags = ("did_build", "did_any_run", "did_all_run", "are_any_valid", "are_all_valid")
    runs = [{"did_run": True, "is_valid": True, "runtime": 0.5}]
    return {
        "generated_output": "",
        "source_write_success": True,
        **dict.fromkeys(flags, True),
        "best_sequential_runtime": None,
        "runs": runs,
        **change,
    }


def task(*outputs: object, parallelism: str = "serial", name: str = "01_sort") -> dict[str, Any]:
    return {
        "problem_type": "sort",
        "language": "cpp",
        "name": name,
        "parallelism_model": parallelism,
        "prompt": "void sort();",
        "outputs": list(outputs),
    }


def written(tmp_path: Path, tasks: object) -> Path:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(tasks))
    return path


def table(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "raw.csv"
    path.write_text("\n".join([header, *rows, ""]))
    return path


def test_samples_keep_build_run_and_validity_apart(tmp_path: Path) -> None:
    runs = [
        {"did_run": True, "is_valid": True, "runtime": 0.4, "num_procs": 1},
        {"did_run": True, "is_valid": False, "runtime": None, "num_procs": 2},
        {"did_run": True, "is_valid": True, "runtime": 0.2, "num_procs": 4},
    ]
    none = dict.fromkeys(("did_any_run", "did_all_run", "are_any_valid", "are_all_valid"))
    partly = sample(are_all_valid=False, runs=runs)
    broken = sample(did_build=False, **none, runs=None)
    reading = pareval.read(written(tmp_path, [task(partly, broken, parallelism="mpi")]))
    rows = reading.rows.collect()
    assert rows["problem"].to_list() == ["01_sort/mpi"] * 2
    assert rows["sample"].to_list() == [0, 1]
    assert rows["compiled"].to_list() == [True, False]
    assert rows["passed"].to_list() == [False, False]
    assert rows["passed_at_any_count"].to_list() == [True, False]
    assert rows["outcome"].to_list() == ["valid at some process counts", "build failed"]
    assert rows["runtime_s"].to_list() == [None, None]
    assert rows["parallel_runtime_s"].to_list() == [0.2, None]
    assert reading.problems.row(0) == (
        "01_sort/mpi",
        "sort",
        "mpi",
        None,
        None,
        None,
        content_hash("void sort();"),
    )


def test_a_runtime_of_zero_is_missing_and_counted(tmp_path: Path) -> None:
    zero = sample(runs=[{"did_run": True, "is_valid": True, "runtime": 0.0}])
    reading = pareval.read(written(tmp_path, [task(zero)]))
    assert reading.rows.collect()["runtime_s"].to_list() == [None]
    assert [(aside.what, aside.count) for aside in reading.set_aside] == [("runtimes of 0", 1)]


def test_a_program_that_was_never_written_is_unscored_not_failed(tmp_path: Path) -> None:
    reading = pareval.read(written(tmp_path, [task(sample(source_write_success=False))]))
    rows = reading.rows.collect()
    assert rows["passed"].to_list() == [None]
    assert rows["outcome"].to_list() == ["source not written"]
    assert [(aside.what, aside.count) for aside in reading.set_aside] == [("unscored samples", 1)]


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ([task("int main();")], r"\[0\].outputs\[0\]: a program that was never run"),
        ([task(sample()), task(sample())], "01_sort/serial stands in the file twice"),
        ([task(sample(did_build="yes"))], 'did_build: "yes"; expected true or false'),
        ([task(sample(did_any_run=None))], "did_any_run: null; expected true or false"),
        ([task(sample(did_build=False))], "did_any_run: true; expected false, as did_build is"),
        ([task({"did_build": True})], "did_any_run: it is missing"),
        ([{"name": "x"}], "parallelism_model: it is missing"),
        ({"name": "x"}, "an object; expected a list"),
    ],
)
def test_wrong_json_is_refused_with_its_place(tmp_path: Path, tasks: Any, message: str) -> None:
    with pytest.raises(ResultFileError, match=message):
        pareval.read(written(tmp_path, tasks))


def test_rows_of_one_problem_are_samples(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        f"m,sort,a,serial,{GOOD},0.5",
        "m,sort,a,serial,True,False,False,False,False,False,",
        f"m,sort,b,serial,{GOOD},0",
        "m,sort,b,serial,False,False,False,False,False,False,",
    )
    reading = pareval_table.read(path)
    rows = reading.rows.collect()
    assert rows["problem"].to_list() == ["a/serial", "a/serial", "b/serial", "b/serial"]
    assert rows["sample"].to_list() == [0, 1, 0, 1]
    assert rows["passed"].to_list() == [True, False, True, None]
    assert rows["runtime_s"].to_list() == [0.5, None, None, None]
    assert rows["outcome"].to_list() == ["valid", "build failed", "valid", "source not written"]
    assert [(a.what, a.count, a.model) for a in reading.set_aside] == [
        ("runtimes of 0", 1, "m"),
        ("unscored samples", 1, "m"),
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([f"m,sort,a,serial,{GOOD},fast"], r'raw.csv:2: best_runtime: "fast"; expected seconds'),
        ([f"m,sort,a,serial,{GOOD},NaN"], 'best_runtime: "NaN"; expected seconds'),
        ([f"m,,a,serial,{GOOD},"], "problem_type: an empty cell; expected a name"),
        (["m,sort,a,serial,True,1,True,True,True,True,"], 'did_build: "1"; expected True or False'),
        (
            ["m,sort,a,serial,True,False,True,True,True,True,"],
            'did_any_run: "True"; expected False, as did_build is False',
        ),
        (
            [f"m,sort,a,mpi,{GOOD},1", f"m,sort,a,serial,{GOOD},1", f"m,sort,a,mpi,{GOOD},1"],
            'raw.csv:4: "a/mpi" stands 2 times for "m"; expected 1, as for another',
        ),
        (
            [f"m,sort,a,mpi,{GOOD},1", f"n,graph,a,mpi,{GOOD},1"],
            'raw.csv:3: problem_type: "graph" for "a/mpi"; expected "sort"',
        ),
    ],
)
def test_wrong_rows_are_refused_with_line_and_column(
    tmp_path: Path, rows: list[str], message: str
) -> None:
    with pytest.raises(ResultFileError, match=message):
        pareval_table.read(table(tmp_path, *rows))


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "m,sort", header="model,problem_type")
    with pytest.raises(ResultFileError, match="no column problem_name"):
        pareval_table.read(path)


@needs_data
def test_the_published_table_has_its_published_counts() -> None:
    reading = pareval_table.read(R1 / "raw_metrics.csv")
    rows = reading.rows.collect()
    assert rows.height == 1320
    assert rows["model"].n_unique() == 11
    assert rows.group_by("model").len()["len"].to_list() == [120] * 11
    assert rows["sample"].max() == 0
    sums = rows.select(pl.col("compiled", "ran", "passed_at_any_count", "passed").sum()).row(0)
    assert sums == (733, 703, 598, 525)
    assert rows.filter(pl.col("passed") != pl.col("passed_at_any_count")).height == 73
    zeros = [("runtimes of 0", 1, "Kimi K2")]
    assert [(a.what, a.count, a.model) for a in reading.set_aside] == zeros
    assert rows["runtime_s"].count() + rows["parallel_runtime_s"].count() == 598 - 1
    serial = rows["problem"].str.ends_with("/serial")
    assert rows.filter(serial)["parallel_runtime_s"].count() == 0
    assert rows.filter(~serial)["runtime_s"].count() == 0


@needs_data
def test_the_published_problems_have_twelve_categories_and_two_strata() -> None:
    problems = pareval_table.read(R1 / "raw_metrics.csv").problems
    sizes = problems.group_by("category", "difficulty").len()
    assert sizes["len"].to_list() == [5] * 24
    assert sizes["category"].n_unique() == 12
    assert sorted(sizes["difficulty"].unique()) == ["mpi", "serial"]


@needs_data
def test_gemini_pro_against_kimi_k2() -> None:
    rows = pareval_table.read(R1 / "raw_metrics.csv").rows.collect()
    pair = rows.filter(pl.col("model").is_in(["Gemini Pro", "Kimi K2"])).pivot(
        "model", index="problem", values="passed"
    )
    assert (pair["Gemini Pro"].sum(), pair["Kimi K2"].sum(), pair.height) == (92, 78, 120)
    only_gemini = pair.filter(pl.col("Gemini Pro") & ~pl.col("Kimi K2")).height
    only_kimi = pair.filter(~pl.col("Gemini Pro") & pl.col("Kimi K2")).height
    assert (only_gemini, only_kimi) == (23, 9)
    assert binomtest(9, 32).pvalue == pytest.approx(0.020062, abs=5e-7)


@needs_data
def test_json_and_table_agree_in_all_120_cells() -> None:
    own = pareval.read(R1 / "deepseek_coder_v2lite_results.json").rows.collect()
    flat = pareval_table.read(R1 / "raw_metrics.csv").rows.collect()
    flat = flat.filter(pl.col("model") == "deepseek_coder_v2lite")
    assert own.height == 120
    assert_frame_equal(own.drop("model"), flat.drop("model"), check_row_order=False)
