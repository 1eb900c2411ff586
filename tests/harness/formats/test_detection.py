"""Every real file is taken for what it is, by its content, and by one format only."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_data import DATA, data_files, needs_data

from harness.formats import registry
from harness.formats.files import head
from harness.formats.registry import FORMATS, candidates

EXPECTED = {
    "aider/": "aider",
    "evalperf/COMBINED-RESULTS.json": "evalperf-table",
    "evalperf/": "evalperf",
    "bigcode-mercury/2024-": "bigcode-evaluation-harness",
    "evalplus/": "evalplus",
    "helm/": "helm",
    "humaneval-x-cpp/": "humaneval-x",
    "inspect/": "inspect",
    "livecodebench-eval/": "livecodebench",
    "livecodebench-site/": "livecodebench-site",
    "lm-eval/2023-legacy/": "lm-eval-results",
    "lm-eval/2023-refactor/_": "lm-eval",
    "lm-eval/2023-refactor/pretrained=": "lm-eval",
    "lm-eval/2023-refactor/arc.json": "lm-eval-results",
    "lm-eval/2023-refactor/o.json": "lm-eval-results",
    "lm-eval/2023-refactor/w.json": "lm-eval-results",
    "lm-eval/2024-v0.4-multifilter/": "lm-eval-results",
    "lm-eval/2026-v0.4/results_": "lm-eval-results",
    "lm-eval/2026-v0.4/samples_": "lm-eval",
    "evalplus-leaderboard/": "evalplus-leaderboard",
    "evals-public/r1/raw_metrics.csv": "pareval-csv",
    "evals-public/r1/deepseek_coder_v2lite_results.json": "pareval",
    "every-eval-ever/": "every-eval-ever",
    "swe-bench-pro/": "resolved-map",
    "swe-bench-docker/": "swe-bench-2024",
}
"""Format of each file of these formats, by the start of its path; licences are none."""

SYNTHETIC = {
    "bigcodebench",
    "cruxeval",
    "every-eval-ever-samples",
    "execution-details",
    "multipl-e",
    "swe-bench",
    "tau-bench",
    "tau2-bench",
}
HERE = {*EXPECTED.values(), *SYNTHETIC}

BESIDE = ("run_spec.json", "scenario.json", "scenario_state.json", "stats.json")
"""Files of a HELM run that say nothing alone."""


def expected(path: Path) -> list[str]:
    relative = path.relative_to(DATA).as_posix()
    if path.name.startswith("LICENSE") or path.name in BESIDE:
        return []
    return [id_ for start, id_ in EXPECTED.items() if relative.startswith(start)][:1]


@needs_data
def test_real_files_of_all_folders_are_told_apart() -> None:
    wrong = {
        str(path.relative_to(DATA)): found
        for path in data_files()
        if (found := [f.id for f in candidates(path) if f.id in HERE]) != expected(path)
    }
    assert wrong == {}


@needs_data
def test_a_file_of_these_formats_is_of_no_other() -> None:
    paths = [path for path in data_files() if expected(path)]
    assert {path.name: [f.id for f in candidates(path)] for path in paths} == {
        path.name: expected(path) for path in paths
    }


@needs_data
def test_a_run_folder_is_taken_as_a_whole_and_other_folders_are_not() -> None:
    folders = [path for path in sorted(DATA.rglob("*")) if path.is_dir()]
    taken = {path: ids for path in folders if (ids := [f.id for f in candidates(path)])}
    assert taken == {
        **{path: ["helm"] for path in folders if path.parent == DATA / "helm"},
        **{p: ["every-eval-ever"] for p in folders if p.parent == DATA / "every-eval-ever/data"},
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"[1, 2]",
        b"null",
        b'"text"',
        b"a,b\n1,2\n",
        b"\xff\xfe",
        b"[" * 999_999,
    ],
)
def test_nothing_takes_what_is_no_output_and_nothing_raises(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert [f.id for f in FORMATS if f.id in HERE and f.matches(path, head(path))] == []
    assert [f.id for f in FORMATS if f.id in HERE and f.matches(tmp_path, b"")] == []


def test_every_format_has_its_own_id_and_a_row_in_the_documentation() -> None:
    ids = [format_.id for format_ in FORMATS]
    assert len(ids) == len(set(ids))
    text = (Path(registry.__file__).parent / "README.md").read_text()
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`([^`]+)`", "".join(rows))) == sorted(ids)


WORDS = st.sampled_from(
    [
        "eval",
        "info",
        "results",
        "name",
        "language",
        "task_id",
        "reward",
        "trial",
        "pass@1",
        "dps",
        "resolved_ids",
        "resolved",
        "submitted_ids",
        "generated",
        "model_info",
        "schema_version",
        "evaluation_id",
        "model_id",
        "sample_id",
        "passed",
        "problem_type",
        "parallelism_model",
        "config",
        "raw_scored_generations",
        "agent_info",
        "user_info",
        "samples",
        "performances",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(value=VALUES, cut=st.integers(0, 60))
def test_detection_raises_nothing_whatever_the_document(value: object, cut: int) -> None:
    text = json.dumps(value).encode()
    for start in (text, text[: len(text) - cut], text + b"\n" + text):
        for format_ in FORMATS:
            assert format_.matches(Path("some/file.json"), start) in {True, False}
