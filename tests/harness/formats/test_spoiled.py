"""Files of these formats, spoiled at random: the same outcomes, a missing one, or a clear error."""

import copy
import json
import math
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import (
    aider,
    cruxeval,
    evalperf,
    evalplus_leaderboard,
    every_eval_ever,
    every_eval_ever_samples,
    execution_details,
    multipl_e,
    pareval,
    pareval_table,
    resolved_map,
    swe_bench,
    tau2_bench,
    tau_bench,
)
from harness.formats.reading import Reading
from harness.outcome_rows import outcome_errors

JUNK: list[Any] = [
    None, 7, -1, 2.5, math.nan, math.inf, 10**400, "junk", "", "é\ud800", [], {}, [[1]], {"a": 1},
]  # fmt: skip

Read = Callable[[Path], Reading]
Outcomes = Mapping[tuple[Any, ...], Any]


def pareval_file() -> Any:
    flags = ("did_build", "did_any_run", "did_all_run", "are_any_valid", "are_all_valid")
    good = {**dict.fromkeys(flags, True), "source_write_success": True}
    bad = {**dict.fromkeys(flags, False), "source_write_success": True, "runs": None}
    good["runs"] = [{"did_run": True, "is_valid": True, "runtime": 0.5, "num_procs": 1}]
    task = {"problem_type": "sort", "name": "a", "prompt": "", "outputs": [good, bad]}
    return [{**task, "parallelism_model": kind} for kind in ("serial", "mpi")]


def report_file() -> Any:
    lists = {
        "submitted": ["a-1", "a-2", "b-3", "b-4"],
        "completed": ["a-1", "a-2"],
        "incomplete": ["c-5"],
        "resolved": ["a-1"],
        "unresolved": ["a-2"],
        "error": ["b-3"],
        "empty_patch": ["b-4"],
    }
    counts = {f"{word}_instances": len(ids) for word, ids in lists.items()}
    return {"total_instances": 5, **counts, **{f"{w}_ids": ids for w, ids in lists.items()}}


def multipl_e_file() -> Any:
    results = [{"status": "OK", "exit_code": 0}, {"status": "SyntaxError", "exit_code": 1}]
    return {"name": "p", "language": "cpp", "prompt": "", "tests": "", "results": results}


def details_file() -> Any:
    words = ("passed", "failed: compilation error", "timed out")
    pairs = [
        [n, {"task_id": "p", "completion_id": n, "passed": not n, "result": word}]
        for n, word in enumerate(words)
    ]
    return {"p": pairs}


def evalperf_file() -> Any:
    task = {"pass@1": 40.0, "dps": 61.5, "dps_norm": 50.0, "profiled": []}
    config = {"n_samples": 10, "min_correct": 2}
    return {"config": config, "summary": {"pass@1": 40.0}, "eval": {"t": task, "u": dict(task)}}


def cruxeval_file() -> Any:
    scores = {"sample_0": [True, False], "sample_1": [False, True]}
    return {
        "raw_generations": {name: ["x", "y"] for name in scores},
        "raw_scored_generations": scores,
        "pass_at_1": 50.0,
    }


def tau_file() -> Any:
    return [
        {"task_id": task, "reward": reward, "info": {}, "traj": [], "trial": trial}
        for task, trial, reward in ((0, 0, 1.0), (1, 0, 0.0), (0, 1, 0.5))
    ]


def tau2_file() -> Any:
    info = {"agent_info": {"llm": "m"}, "user_info": {}, "environment_info": {"domain_name": "air"}}
    runs = [
        {
            "task_id": task,
            "trial": 0,
            "termination_reason": ended,
            "reward_info": {"reward": reward},
        }
        for task, ended, reward in (("1", "user_stop", 1.0), ("2", "max_steps", 0.0))
    ]
    return {"info": info, "tasks": [{"id": "1"}, {"id": "2"}], "simulations": runs}


def record_file() -> Any:
    results = [
        {
            "evaluation_name": name,
            "metric_config": {"min_score": 0, "max_score": 1},
            "score_details": {"score": score, "uncertainty": {"num_samples": 40}},
        }
        for name, score in (("a", 0.25), ("b", 0.5))
    ]
    return {
        "schema_version": "0.2.2",
        "evaluation_id": "b/m/1.5",
        "retrieved_timestamp": "1",
        "model_info": {"name": "m", "id": "d/m"},
        "evaluation_results": results,
    }


def samples_file() -> Any:
    return {
        "evaluation_id": "e",
        "model_id": "d/m",
        "evaluation_name": "a",
        "sample_id": "1",
        "input": {"raw": "?"},
        "evaluation": {"score": 1, "is_correct": True},
    }


def aider_file() -> Any:
    run = {"test_cases": 225, "model": "m", "edit_format": "diff", "date": "2025-01-01"}
    counts = {"pass_num_2": 90, "pass_rate_2": 40.0, "total_tests": 225}
    return [{**run, **counts}, {**run, **counts, "model": "n"}, {**run, **counts, "model": "o"}]


def leaderboard_file() -> Any:
    return {"A": {"link": "", "pass@1": {"humaneval": 81.5, "mbpp": None}}}


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode()


def as_yaml(document: Any) -> bytes:
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=False)
    return text.encode("utf-8", "surrogatepass")


def as_csv(document: Any) -> bytes:
    """Write rows of cells; what is no row becomes a cell of its own, as in a spoiled file."""
    rows = [row if isinstance(row, list) else [row] for row in document]
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return "".join(",".join(row) + "\n" for row in cells).encode("utf-8", "surrogatepass")


def table_file() -> Any:
    header = [*pareval_table.KEYS, *pareval_table.FLAGS, pareval_table.RUNTIME]
    good, bad = ["True"] * 5, ["False"] * 5
    rows = [["m", "sort", n, "mpi", *f, t] for n, f, t in (("a", good, "0.5"), ("b", bad, ""))]
    return [header, *rows, *([["n", *row[1:]] for row in rows])]


CASES: dict[str, tuple[Read, Callable[[], Any], Callable[[Any], bytes]]] = {
    "pareval": (pareval.read, pareval_file, as_json),
    "pareval table": (pareval_table.read, table_file, as_csv),
    "swe-bench": (swe_bench.read_current, report_file, as_json),
    "map": (resolved_map.read, lambda: {"a-1": True, "a-2": False}, as_json),
    "multipl-e": (multipl_e.read, multipl_e_file, as_json),
    "details": (execution_details.read, details_file, as_json),
    "evalperf": (evalperf.read, evalperf_file, as_json),
    "cruxeval": (cruxeval.read, cruxeval_file, as_json),
    "tau-bench": (tau_bench.read, tau_file, as_json),
    "tau2-bench": (tau2_bench.read, tau2_file, as_json),
    "record": (every_eval_ever.read, record_file, as_json),
    "samples": (every_eval_ever_samples.read, samples_file, as_json),
    "aider": (aider.read, aider_file, as_yaml),
    "leaderboard": (evalplus_leaderboard.read, leaderboard_file, as_json),
}


def spoil(data: st.DataObject, document: Any) -> str:
    """Retype, drop or double one value somewhere in the document; say which of the three."""
    holder = document
    key = data.draw(st.sampled_from(_keys(holder)))
    while isinstance(holder[key], list | dict) and holder[key] and data.draw(st.booleans()):
        holder = holder[key]
        key = data.draw(st.sampled_from(_keys(holder)))
    how = data.draw(st.sampled_from(["retype", "drop", "double"]))
    if how == "retype":
        holder[key] = data.draw(st.sampled_from(JUNK))
    elif how == "drop":
        del holder[key]
    elif isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    else:
        holder["junk"] = copy.deepcopy(holder[key])
    return how


def _keys(holder: Any) -> list[Any]:
    return list(holder) if isinstance(holder, dict) else list(range(len(holder)))


def outcomes(read: Read, data: bytes) -> Outcomes | None:
    """Read a file's outcomes, or None where it is refused with its path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoiled.json"
        path.write_bytes(data)
        try:
            reading = read(path)
        except ResultFileError as error:
            if str(path) not in str(error):
                raise
            return None
    rows = reading.rows.collect()
    named = rows.with_columns(pl.col("model").fill_null("m"))
    assert outcome_errors(path, named, first_line=1) == []
    if reading.counts is not None:
        return {row[:3]: row[3:] for row in reading.counts.rows()}
    if reading.lacks is not None:
        # Another rate is as good a rate: only that there is one can be held.
        return {(c.model, c.metric, c.category): "stated" for c in reading.claimed}
    return {
        (row["model"], row["problem"], row["sample"]): (row["passed"], row["score"])
        for row in rows.iter_rows(named=True)
    }


def told(found: Outcomes) -> set[Any]:
    """What is said of each problem, whatever the number of its sample."""
    return {(key[:2], value) for key, value in found.items() if value not in {None, (None, None)}}


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_spoiled_value_never_becomes_another_outcome(case: str, data: st.DataObject) -> None:
    read, make, written = CASES[case]
    before = outcomes(read, written(make()))
    assert before
    document = make()
    spoil(data, document)
    after = outcomes(read, written(document))
    if after is None:
        return
    known = {key[:2] for key in before}
    assert {item for item in told(after) if item[0] in known} <= told(before)


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_file_that_was_cut_off_is_refused_or_has_fewer_whole_entries(
    case: str, data: st.DataObject
) -> None:
    read, make, written = CASES[case]
    whole = written(make())
    after = outcomes(read, whole[: data.draw(st.integers(0, len(whole) - 2))])
    if written is as_json:
        assert after is None
    elif after is not None:  # lines end whole; their entries are as they were
        before = outcomes(read, whole)
        assert before is not None
        assert told(after) <= told(before)


REAL: dict[str, tuple[Read, str]] = {
    "pareval": (pareval.read, "evals-public/r1/deepseek_coder_v2lite_results.json"),
    "swe-bench-pro": (resolved_map.read, "swe-bench-pro/traj/gpt-4o-paper/eval_results.json"),
    "evalperf": (
        evalperf.read,
        "evalperf/grok-beta_openai_temp_1.0_evalperf_results.brief.json",
    ),
    "leaderboard": (evalplus_leaderboard.read, "evalplus-leaderboard/2024-04-21/results.json"),
}


@needs_data
@pytest.mark.parametrize("case", REAL)
def test_a_spoiled_real_file_is_read_alike_or_refused(case: str) -> None:
    read, name = REAL[case]
    text = (DATA / name).read_text()
    before = outcomes(read, text.encode())
    assert before
    known = {key[:2] for key in before}

    @settings(max_examples=20, deadline=None, database=None)
    @given(data=st.data())
    def spoiled(data: st.DataObject) -> None:
        document = json.loads(text)
        spoil(data, document)
        after = outcomes(read, as_json(document))
        if after is not None:
            assert {item for item in told(after) if item[0] in known} <= told(before)
        assert outcomes(read, text[: data.draw(st.integers(0, len(text) - 2))].encode()) is None

    spoiled()
