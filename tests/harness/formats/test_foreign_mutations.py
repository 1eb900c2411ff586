"""Small files of each foreign format, spoiled at random: no outcome turns into another one."""

import copy
import json
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ResultFileError
from harness.formats import (
    bigcode_harness,
    bigcodebench,
    evalplus,
    helm,
    humaneval_x,
    inspect_log,
    livecodebench,
    livecodebench_site,
    lm_eval,
    lm_eval_results,
)
from harness.formats.reading import Reading

Read = Callable[[Path], Reading]
JUNK = [  # no number that a field could hold as well: 7 is a pass@1 in percent like any other
    None,
    1234,
    -1,
    1234.5,
    math.nan,
    math.inf,
    10**400,
    "junk",
    "",
    "é\ud800",
    [],
    {},
    [[1]],
    {"a": 1},
]


def evalplus_file() -> Any:
    statuses = [("pass", "pass"), ("pass", "fail"), ("fail", "pass"), ("timeout", None)]
    samples = [
        {"task_id": "t", "base_status": base, "plus_status": plus} for base, plus in statuses
    ]
    return {"date": "", "eval": {"t": samples}, "pass_at_k": {"base": {"pass@1": 0.5}}}


def evalplus_2023_file() -> Any:
    base = [["success", []], ["failed", []]]
    return {"eval": {"t": {"nfiles": 2, "base": base, "plus": [["success", []], ["failed", []]]}}}


def bigcodebench_file() -> Any:
    samples = [{"task_id": "t", "status": word, "details": {}} for word in ("pass", "fail")]
    return {"date": "", "eval": {"t": samples}}


def livecodebench_file() -> Any:
    metadata = ['{"execution time": 0.5}', '{"error_code": -2, "error_message": ""}']
    return [
        {
            "question_id": id_,
            "contest_date": "2023-08-21T00:00:00",
            "difficulty": "easy",
            "graded_list": [True, False],
            "pass@1": 0.5,
            "metadata": list(metadata),
        }
        for id_ in ("a", "b")
    ]


def site_file() -> Any:
    rows = [
        {"question_id": "a", "model": model, "date": 0, "difficulty": "easy", "pass@1": percent}
        for model, percent in (("m", 30.0), ("n (n=1)", 100.0))
    ]
    listed = [{"model_repr": "m", "model_name": "org/m"}]
    return {"performances": rows, "models": listed, "date_marks": []}


def humaneval_file() -> Any:
    return [{"task_id": "1", "grade-3": {"execution": 1}, "grade-9": {"execution": 0}, "3": ""}]


def inspect_file() -> Any:
    scores = [{"name": "s", "scorer": "s", "metrics": {"accuracy": {"value": 0.5}}}]
    samples = [
        {"id": id_, "epoch": 1, "input": "?", "scores": {"s": {"value": letter}}}
        for id_, letter in ((1, "C"), (2, "I"))
    ]
    return {
        "version": 2,
        "status": "success",
        "eval": {"task": "t", "model": "m", "dataset": {"samples": 2}, "config": {"epochs": 1}},
        "results": {"total_samples": 2, "scores": scores},
        "samples": samples,
    }


def helm_file() -> Any:
    return [
        {
            "instance_id": id_,
            "train_trial_index": 0,
            "stats": [{"name": {"name": "exact_match", "split": "test"}, "count": 1, "mean": mean}],
        }
        for id_, mean in (("id1", 1.0), ("id2", 0.0))
    ]


def lm_eval_file() -> Any:
    return [
        {
            "doc_id": id_,
            "doc": {"q": "?"},
            "resps": [],
            "filtered_resps": [],
            "filter": kind,
            "metrics": ["exact_match"],
            "exact_match": value,
        }
        for kind in ("strict", "flexible")
        for id_, value in ((0, 1.0), (1, 0.0))
    ]


def results_file() -> Any:
    return {
        "results": {"t": {"alias": "t", "acc,none": 0.5, "acc_stderr,none": 0.1}},
        "group_subtasks": {"t": []},
        "n-samples": {"t": {"original": 4, "effective": 4}},
        "config": {"model_args": "pretrained=m"},
    }


def metrics_file() -> Any:
    task = {"Easy_pass@1": 0.5, "Average_pass@1": 0.5, "Easy": {"failed@load": 1, "passed": 1}}
    return {"mercury": task, "config": {"model": "m", "tasks": "mercury", "n_samples": 1}}


CASES: dict[str, tuple[Read, Callable[[], Any], str]] = {
    "evalplus": (evalplus.read, evalplus_file, "r.json"),
    "evalplus 2023": (evalplus.read, evalplus_2023_file, "r.json"),
    "bigcodebench": (bigcodebench.read, bigcodebench_file, "r.json"),
    "livecodebench": (livecodebench.read, livecodebench_file, "r.json"),
    "livecodebench-site": (livecodebench_site.read, site_file, "r.json"),
    "humaneval-x": (humaneval_x.read, humaneval_file, "r.json"),
    "inspect": (inspect_log.read, inspect_file, "r.json"),
    "helm": (helm.read, helm_file, "per_instance_stats.json"),
    "lm-eval": (lm_eval.read, lm_eval_file, "samples_t_2026-01-21T03-44-18.458309.jsonl"),
    "lm-eval-results": (lm_eval_results.read, results_file, "r.json"),
    "bigcode": (bigcode_harness.read, metrics_file, "r.json"),
}


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value below the document."""
    keys: Sequence[Any] = ()
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    for key in keys:
        yield (*way, key)
        yield from places(value[key], (*way, key))


def spoil(document: Any, way: tuple[Any, ...], how: str, junk: Any) -> None:
    for key in way[:-1]:
        document = document[key]
    if how == "retype":
        document[way[-1]] = junk
    elif how == "drop":
        del document[way[-1]]
    elif isinstance(document, list):
        document.append(copy.deepcopy(document[way[-1]]))
    else:
        document["junk"] = document[way[-1]]


def written(folder: Path, name: str, document: Any) -> bytes:
    if name.endswith(".jsonl") and isinstance(document, list):
        text = "".join(json.dumps(line) + "\n" for line in document)
    else:
        text = json.dumps(document)
    spec = {"name": "t:model=m", "adapter_spec": {"model": "m"}}
    (folder / "run_spec.json").write_text(json.dumps(spec), "utf-8")
    return text.encode()


def outcomes(read: Read, path: Path, data: bytes) -> dict[tuple[Any, ...], Any] | None:
    """Read the outcome of each row, or None where the file is refused by name."""
    path.write_bytes(data)
    try:
        reading = read(path)
    except ResultFileError:
        return None
    rows = reading.rows.collect()
    if reading.counts is not None:
        counts = reading.counts.rows()
        return {(f"counts of {row[1]} {row[2]}", 0, row[0]): row[3:] for row in counts}
    return {
        (row["problem"], row["sample"], row["model"]): (
            row["score"] if row["passed"] is None else float(row["passed"])
        )
        for row in rows.to_dicts()
    }


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_spoiled_file_is_refused_or_its_outcomes_are_the_same_or_missing(
    case: str, data: st.DataObject
) -> None:
    read, make, name = CASES[case]
    document = make()
    way = data.draw(st.sampled_from(list(places(document))))
    how = data.draw(st.sampled_from(["retype", "drop", "duplicate", "truncate"]))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        whole = written(folder, name, document)
        before = outcomes(read, folder / name, whole)
        assert before
        if how == "truncate":
            spoiled = whole[: data.draw(st.integers(0, len(whole) - 2))]
        else:
            spoil(document, way, how, data.draw(st.sampled_from(JUNK)))
            spoiled = written(folder, name, document)
        after = outcomes(read, folder / name, spoiled)
    if after is None:
        return
    if how == "drop":  # samples of a list are numbered by their places, so those behind move up
        assert not told(after) - told(before)
    for key in after.keys() & before.keys() if how != "drop" else ():
        assert after[key] is None or after[key] == before[key], (key, way, how)


def told(outcomes: Mapping[tuple[Any, ...], Any]) -> Counter[Any]:
    """Count what is said of each problem."""
    return Counter((key[0], said) for key, said in outcomes.items() if said is not None)
