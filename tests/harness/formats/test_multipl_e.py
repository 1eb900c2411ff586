"""MultiPL-E's files of one problem, and execution details of other harnesses."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ResultFileError
from harness.formats import execution_details, multipl_e
from harness.formats.files import content_hash, head


def problem(*statuses: str | None, name: str = "HumanEval_0_x", language: str = "cpp") -> Any:
    results = [
        {}
        if s is None
        else {"program": "", "status": s, "exit_code": 0, "stdout": "", "stderr": ""}
        for s in statuses
    ]
    facts = {"name": name, "language": language, "prompt": "int f(", "tests": "assert(f());"}
    return {**facts, "results": results}


def written(folder: Path, document: object, name: str = "HumanEval_0_x.results.json") -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / name
    data = json.dumps(document).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def test_a_compile_error_is_no_wrong_answer(tmp_path: Path) -> None:
    path = written(tmp_path, problem("OK", "SyntaxError", "Exception", "Timeout"))
    assert multipl_e.matches(path, head(path))
    reading = multipl_e.read(path)
    rows = reading.rows.collect()
    assert rows["problem"].to_list() == ["HumanEval_0_x/cpp"] * 4
    assert rows["sample"].to_list() == [0, 1, 2, 3]
    assert rows["compiled"].to_list() == [True, False, True, True]
    assert rows["passed"].to_list() == [True, False, False, False]
    assert rows["outcome"].to_list() == ["OK", "SyntaxError", "Exception", "Timeout"]
    assert reading.problems["content_hash"][0] == content_hash("int f(", "assert(f());")
    assert reading.problems["category"][0] == "cpp"


def test_where_nothing_is_built_first_compiled_is_not_known(tmp_path: Path) -> None:
    path = written(tmp_path, problem("OK", "SyntaxError", "Exception", language="lua"))
    rows = multipl_e.read(path).rows.collect()
    assert rows["compiled"].to_list() == [None] * 3
    assert rows["passed"].to_list() == [True, False, False]


def test_a_folder_is_read_whole_plain_and_packed(tmp_path: Path) -> None:
    written(tmp_path / "run", problem("OK"))
    written(tmp_path / "run", problem("Timeout", name="HumanEval_1_y"), "y.results.json.gz")
    (tmp_path / "run/HumanEval_0_x.json").write_text("{}")  # the programs, not their results
    assert multipl_e.matches(tmp_path / "run", b"")
    rows = multipl_e.read(tmp_path / "run").rows.collect()
    assert dict(zip(rows["problem"], rows["passed"], strict=True)) == {
        "HumanEval_0_x/cpp": True,
        "HumanEval_1_y/cpp": False,
    }


def test_a_problem_in_two_files_of_a_run_is_refused(tmp_path: Path) -> None:
    written(tmp_path, problem("OK"))
    written(tmp_path, problem("OK"), "HumanEval_0_x.results.json.gz")
    with pytest.raises(ResultFileError, match=r'"HumanEval_0_x/cpp", which stands in .* too'):
        multipl_e.read(tmp_path)


def test_an_empty_result_is_unscored_not_failed(tmp_path: Path) -> None:
    reading = multipl_e.read(written(tmp_path, problem("OK", None)))
    assert reading.rows.collect()["passed"].to_list() == [True, None]
    assert [(a.what, a.count) for a in reading.set_aside] == [("unscored samples", 1)]


def test_programs_without_results_are_not_taken(tmp_path: Path) -> None:
    programs = {k: v for k, v in problem().items() if k != "results"} | {"completions": ["x"]}
    path = written(tmp_path, programs)
    assert not multipl_e.matches(path, head(path))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (problem("Perfect"), r'results\[0\].status: "Perfect"; expected one of OK, SyntaxError'),
        ({**problem(), "results": {}}, "results: an empty object; expected a list"),
        ({**problem(), "language": 3.5}, "language: 3.5; expected text"),
        ({"name": "x", "language": "cpp"}, "results: it is missing"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(
    tmp_path: Path, document: object, message: str
) -> None:
    with pytest.raises(ResultFileError, match=message):
        multipl_e.read(written(tmp_path, document))


def test_a_truncated_packed_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, problem("OK"), "a.results.json.gz")
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(ResultFileError, match="end early or are damaged"):
        multipl_e.read(path)


def pair(number: int, result: str, **change: Any) -> list[Any]:
    details = {"task_id": "CPP/0", "completion_id": number, "result": result}
    return [number, {**details, "passed": result == "passed", **change}]


def test_a_result_that_names_a_compile_error_did_not_compile(tmp_path: Path) -> None:
    document = {
        "CPP/0": [
            pair(0, "passed"),
            pair(2, "failed: compilation error: error: expected ';'"),
            pair(1, "failed: Assertion `f(1) == 2' failed."),
        ],
        "CPP/1": [pair(0, "timed out")],
    }
    path = written(tmp_path, document)
    assert execution_details.matches(path, head(path))
    reading = execution_details.read(path)
    rows = reading.rows.collect()
    assert rows["sample"].to_list() == [0, 2, 1, 0]
    assert rows["compiled"].to_list() == [True, False, True, True]
    assert rows["passed"].to_list() == [True, False, False, False]
    assert rows["outcome"].to_list() == ["passed", "compile error", "failed", "timed out"]


def test_without_any_compile_error_compiled_is_not_known(tmp_path: Path) -> None:
    reading = execution_details.read(written(tmp_path, {"0": [pair(0, "passed")]}))
    assert reading.rows.collect()["compiled"].to_list() == [None]
    assert "not known" in reading.rules[-1]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"a": [pair(0, "passed"), pair(0, "passed")]}, "completion 0 a second time"),
        ({"a": [pair(0, "passed", passed=False)]}, 'result: "passed"; expected "passed" where'),
        ({"a": [pair(0, "passed", completion_id=7)]}, "completion_id: 7; expected 0"),
        ({"a": [[0, {}, 1]]}, "a list of 3; expected a completion and its result"),
        ({"a": [["0", {}]]}, 'a[0][0]: "0"; expected a whole number'.replace("[", r"\[")),
        ({"a": [pair(0, "passed", passed=1)]}, "passed: 1; expected true or false"),
        ({"a": []}, "no completions"),
    ],
)
def test_wrong_details_are_refused_with_their_place(
    tmp_path: Path, document: object, message: str
) -> None:
    with pytest.raises(ResultFileError, match=message):
        execution_details.read(written(tmp_path, document))
