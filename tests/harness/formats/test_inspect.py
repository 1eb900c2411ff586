"""Inspect AI logs, as zip and as JSON."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import inspect_log
from harness.formats.files import head
from harness.formats.reading import ClaimedRate, Reading
from harness.formats.zip_file import zipfile

REAL = DATA / "inspect"
OWN = REAL / "inspect_ai-tests"
OTHER = REAL / "every_eval_ever-tests"


def sample(id_: Any = 1, value: Any = "C", epoch: int = 1, **further: Any) -> dict[str, Any]:
    scores = {} if value is None else {"match": {"value": value, "answer": "", "explanation": ""}}
    base = {"id": id_, "epoch": epoch, "input": f"Question {id_}?", "scores": scores}
    return base | {"total_time": 3.0} | further


def log(*samples: Any, **further: Any) -> dict[str, Any]:
    run = {
        "task": "made_up",
        "model": "org/m",
        "dataset": {"samples": 10},
        "config": {"epochs": 1},
    }
    return {"version": 2, "status": "success", "eval": run, "samples": samples} | further


def results(accuracy: float, total: int, **entry: Any) -> dict[str, Any]:
    score = {"name": "match", "scorer": "match", "metrics": {"accuracy": {"value": accuracy}}}
    return {"total_samples": total, "scores": [score | entry]}


def read(tmp_path: Path, *samples: Any, **further: Any) -> Reading:
    path = tmp_path / "log.json"
    path.write_text(json.dumps(log(*samples, **further)), "utf-8")
    assert inspect_log.matches(path, head(path))
    return inspect_log.read(path)


def archive(tmp_path: Path, *samples: Any, method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = tmp_path / "log.eval"
    header = log()
    del header["samples"]
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("_journal/start.json", json.dumps({"version": 2, "eval": header["eval"]}))
        for number, each in enumerate(samples):
            file.writestr(f"samples/{number}_epoch_1.json", json.dumps(each))
        file.writestr("header.json", json.dumps(header))
    return path


def columns(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    return reading.rows.select(names).collect().rows()


@needs_data
@pytest.mark.parametrize(
    ("name", "samples", "passed"),
    [
        ("2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval", 10, 8),
        ("2025-05-12T20-28-13-04-00_popularity.json", 3, 2),
        ("2025-05-12T20-28-26-04-00_security-guide.json", 3, 3),
        ("log_formats.eval", 1, 0),
        ("log_formats.json", 1, 0),
        ("log_streaming.eval", 4, 3),
        ("mmlu-summary-choices.eval", 1, 0),
        ("../every_eval_ever-tests/data_arc_qwen.json", 3, 1),
        ("../every_eval_ever-tests/data_arc_sonnet.json", 5, 5),
        ("../every_eval_ever-tests/data_pubmedqa_gpt4o_mini.json", 2, 2),
        ("../every_eval_ever-tests/data_intercode_ctf_local_path.json", 1, 0),
    ],
)
def test_real_logs(name: str, samples: int, passed: int) -> None:
    rows = inspect_log.read(OWN / name).rows.collect()
    assert rows.height == samples
    assert rows["passed"].sum() == passed
    assert rows["passed"].null_count() == 0


@needs_data
def test_a_real_run_is_the_same_in_both_formats() -> None:
    both = [inspect_log.read(OWN / f"log_formats.{suffix}") for suffix in ("eval", "json")]
    assert both[0].rows.collect().equals(both[1].rows.collect())
    assert both[0].claimed == both[1].claimed
    hashes = [reading.problems["content_hash"].to_list() for reading in both]
    assert hashes[0] == hashes[1] != [None]


@needs_data
def test_real_epochs_are_samples_of_a_problem() -> None:
    reading = inspect_log.read(OWN / "log_streaming.eval")
    assert sorted(columns(reading, "problem", "sample", "passed")) == [
        ("popularity/1", 0, False),
        ("popularity/1", 1, True),
        ("popularity/2", 0, True),
        ("popularity/2", 1, True),
    ]
    assert reading.claimed[0].value == 0.75


@needs_data
def test_a_real_run_without_scoring_says_how_to_score_it() -> None:
    [path] = OWN.glob("*_popularity_dPi*.eval")
    reading = inspect_log.read(path)
    assert "10 are unscored. Score them with `inspect score FILE`" in (reading.lacks or "")
    assert reading.claimed == ()


@needs_data
def test_a_real_cancelled_run_says_so() -> None:
    reading = inspect_log.read(OWN / "2025-05-12T20-28-13-04-00_popularity.json")
    assert reading.n_problems == 100
    assert any('"cancelled": the log holds 3 samples' in rule for rule in reading.rules)


@needs_data
def test_a_real_number_is_a_score_and_the_cut_file_claims_nothing() -> None:
    reading = inspect_log.read(OTHER / "data_cyse2_vuln_exploit_challenges.json")
    assert columns(reading, "problem", "passed", "score") == [
        ("inspect_evals/cyse2_vulnerability_exploit/1", None, 0.65)
    ]
    assert reading.n_problems == 585  # 2,340 samples in 4 epochs; the file says 1
    assert reading.claimed == ()
    assert [aside.count for aside in reading.set_aside] == [2_339]


@needs_data
def test_a_real_error_is_no_failure() -> None:
    lacks = inspect_log.read(OTHER / "data_cvebench_empty_choices.json").lacks
    assert "1 are unscored (1 ended in an error)" in (lacks or "")


def test_an_errored_sample_beside_scored_ones_stays_as_a_row_without_an_outcome(
    tmp_path: Path,
) -> None:
    reading = read(tmp_path, sample(1, None, error={"message": "boom"}), sample(2, "C"))
    assert columns(reading, "outcome", "passed") == [("error", None), ("correct", True)]
    assert [(aside.what, aside.count) for aside in reading.set_aside] == [
        ("samples that ended in an error and have no score", 1)
    ]


@needs_data
def test_real_logs_of_one_task_pair_on_their_common_ids() -> None:
    qwen, sonnet = (inspect_log.read(OTHER / f"data_arc_{m}.json") for m in ("qwen", "sonnet"))
    assert qwen.rows.join(sonnet.rows, on="problem").collect().height == 3


@needs_data
def test_a_real_log_without_samples_can_be_cited_not_tested() -> None:
    reading = inspect_log.read(OTHER / "data_with_llm_scoring.json")
    assert "results over 1,000 samples and no samples" in (reading.lacks or "")
    assert reading.rows.collect().height == 0
    assert reading.claimed == (
        ClaimedRate("simpleqa_scorer", 0.431, model="anthropic/claude-opus-4-6"),
    )


def test_letters(tmp_path: Path) -> None:
    reading = read(tmp_path, sample(1, "C"), sample(2, "I"), sample(3, "N"))
    assert columns(reading, "passed", "outcome") == [
        (True, "correct"),
        (False, "incorrect"),
        (False, "no answer"),
    ]


def test_partial_marks_make_a_score_of_all(tmp_path: Path) -> None:
    reading = read(tmp_path, sample(1, "C"), sample(2, "P"), sample(3, "I"), sample(4, "N"))
    assert columns(reading, "passed", "score") == [
        (None, 1.0),
        (None, 0.5),
        (None, 0.0),
        (None, 0.0),
    ]
    assert any("partial marks (P)" in rule for rule in reading.rules)


def test_numbers_and_booleans(tmp_path: Path) -> None:
    assert columns(read(tmp_path, sample(1, 1), sample(2, 0.0)), "passed") == [(True,), (False,)]
    assert columns(read(tmp_path, sample(1, True), sample(2, False)), "passed") == [
        (True,),
        (False,),
    ]
    reading = read(tmp_path, sample(1, 7), sample(2, 0))
    assert columns(reading, "match", "passed", "score") == [(7.0, None, None), (0.0, None, None)]
    assert any("leave 0 to 1" in rule for rule in reading.rules)


def test_nan_is_how_a_scorer_says_unscored(tmp_path: Path) -> None:
    reading = read(tmp_path, sample(1, float("nan")), sample(2, "C"))
    assert columns(reading, "passed", "outcome") == [(None, "unscored"), (True, "correct")]
    assert [aside.count for aside in reading.set_aside] == [1]


def test_text_that_is_no_letter_is_set_aside(tmp_path: Path) -> None:
    reading = read(tmp_path, sample(1, "refused"), sample(2, "C"))
    assert columns(reading, "passed", "outcome") == [(None, "refused"), (True, "correct")]
    assert "scores that are neither a number nor C, I, P or N" in {
        a.what for a in reading.set_aside
    }


def test_words_that_the_harness_counts_and_values_that_it_does_not(tmp_path: Path) -> None:
    assert columns(read(tmp_path, sample(1, "Yes"), sample(2, "false")), "passed", "outcome") == [
        (True, "Yes"),
        (False, "false"),
    ]
    reading = read(tmp_path, sample(1, ["C", "I"]), sample(2, "C"))
    assert columns(reading, "passed", "outcome") == [(None, "several values"), (True, "correct")]


def test_an_invalidated_sample_has_no_outcome(tmp_path: Path) -> None:
    reading = read(tmp_path, sample(1, "C", invalidation={"author": "me"}), sample(2, "C"))
    assert columns(reading, "passed", "outcome") == [(None, "invalidated"), (True, "correct")]
    assert [(a.what, a.count) for a in reading.set_aside] == [("invalidated samples", 1)]


def test_a_sample_in_pieces_is_read_from_its_first(tmp_path: Path) -> None:
    path = archive(tmp_path, sample("whole", "C"))
    with zipfile.ZipFile(path, "a") as file:
        place = "samples/org/name_epoch_1"
        file.writestr(f"{place}/sample.json", json.dumps(sample("org/name", "I")))
        file.writestr(f"{place}/messages/0.json", "[]")
        file.writestr(f"{place}/events/stats.json", "{}")
    assert columns(inspect_log.read(path), "problem", "passed") == [
        ("made_up/whole", True),
        ("made_up/org/name", False),
    ]


def test_objects_and_further_scorers_are_columns(tmp_path: Path) -> None:
    scores = {
        "judge": {"value": {"right": 1, "style": 0.25}},
        "match": {"value": "I"},
    }
    entries = [
        {"name": "right", "scorer": "judge", "metrics": {"mean": {"value": 1.0}}},
        {"name": "match", "scorer": "match", "metrics": {}},
    ]
    reading = read(
        tmp_path,
        sample(1, scores=scores),
        results={"total_samples": 1, "scores": entries},
    )
    assert columns(reading, "passed", "judge.style", "match") == [(True, 0.25, 0.0)]
    assert reading.claimed == (ClaimedRate("passed", 1.0, model="org/m"),)


def test_a_limit_is_kept_beside_the_score(tmp_path: Path) -> None:
    limited = sample(1, "I", limit={"type": "time", "limit": 60})
    assert columns(read(tmp_path, limited), "passed", "outcome") == [(False, "limit: time")]


def test_only_a_mean_over_just_these_samples_is_claimed(tmp_path: Path) -> None:
    def claimed(**of_log: Any) -> int:
        return len(read(tmp_path, sample(1, "C"), sample(2, "I"), **of_log).claimed)

    assert claimed(results=results(0.5, 2)) == 1
    assert claimed(results=results(0.5, 3)) == 0
    assert claimed(results=results(0.5, 2, reducer="pass_at_2")) == 0
    unscored = read(tmp_path, sample(1, "C"), sample(2, None), results=results(1.0, 2))
    assert unscored.claimed == ()


def test_a_sample_twice_alike_counts_once_and_unlike_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, sample(1, "C"), sample(1, "C"), sample(1, "I", epoch=2))
    assert columns(reading, "sample", "passed") == [(0, True), (1, False)]
    with pytest.raises(ResultFileError, match=r'samples\[1\].id: "made_up/1" in epoch 1 a second'):
        read(tmp_path, sample(1, "C"), sample(1, "I"))


def test_a_newer_version_is_read_and_said(tmp_path: Path) -> None:
    assert any("of version 3" in rule for rule in read(tmp_path, sample(), version=3).rules)


def test_bad_fields_are_refused_with_their_place(tmp_path: Path) -> None:
    def error(*samples: Any, **further: Any) -> str:
        with pytest.raises(ResultFileError) as caught:
            read(tmp_path, *samples, **further)
        return str(caught.value)

    assert "samples[0].id: it is missing" in error({"epoch": 1})
    assert "samples[0].id: 1.5; expected text" in error(sample(1.5))
    assert "samples[0].epoch: 0; expected a whole number of at least 1" in error(sample(epoch=0))
    assert "samples[0].scores.match.value: it is missing" in error(
        sample(1, scores={"match": {"answer": ""}})
    )
    assert "samples[0].scores.match.value: inf; expected a finite number" in error(
        sample(1, float("inf"))
    )


def test_a_zip_reads_as_json_does_however_it_is_compressed(tmp_path: Path) -> None:
    samples = (sample("a", "C"), sample("b", "I"))
    expected = columns(read(tmp_path, *samples), "problem", "passed", "outcome")
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_ZSTANDARD):
        path = archive(tmp_path, *samples, method=method)
        assert inspect_log.matches(path, head(path))
        assert columns(inspect_log.read(path), "problem", "passed", "outcome") == expected
    packed = tmp_path / "log.eval.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert inspect_log.matches(packed, head(packed))
    assert columns(inspect_log.read(packed), "problem", "passed", "outcome") == expected
    text = tmp_path / "log.json.gz"
    text.write_bytes(gzip.compress(json.dumps(log(*samples)).encode()))
    assert inspect_log.matches(text, head(text))
    assert columns(inspect_log.read(text), "problem", "passed", "outcome") == expected


def test_other_compressions_and_passwords_are_refused_with_a_way_out(tmp_path: Path) -> None:
    path = archive(tmp_path, sample(), method=zipfile.ZIP_BZIP2)
    with pytest.raises(ResultFileError, match="by method 12; expected entries that") as caught:
        inspect_log.read(path)
    assert "inspect log convert" in str(caught.value)
    data = bytearray(archive(tmp_path, sample()).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # flags of the first entry in the directory
    path.write_bytes(data)
    with pytest.raises(ResultFileError, match="an encrypted entry"):
        inspect_log.read(path)


def test_a_damaged_entry_of_each_compression_is_refused(tmp_path: Path) -> None:
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_ZSTANDARD):
        path = archive(tmp_path, sample("x" * 500), method=method)
        data = bytearray(path.read_bytes())
        at = data.index(b"samples/0_epoch_1.json") + 40
        data[at : at + 20] = bytes(20)
        path.write_bytes(data)
        with pytest.raises(ResultFileError, match=r"damaged|cannot be read from the archive"):
            inspect_log.read(path)


def test_a_run_that_goes_on_has_a_start_and_no_header(tmp_path: Path) -> None:
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("_journal/start.json", json.dumps({"version": 2, "eval": log()["eval"]}))
        file.writestr("samples/1_epoch_1.json", json.dumps(sample()))
    reading = inspect_log.read(path)
    assert columns(reading, "passed") == [(True,)]
    assert any('"started"' in rule for rule in reading.rules)


def test_damaged_archives_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, sample())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ResultFileError, match="no whole zip archive"):
        inspect_log.read(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("samples/1_epoch_1.json", "{}")
    with pytest.raises(ResultFileError, match=r"an archive without header\.json"):
        inspect_log.read(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("header.json", json.dumps(log()))
        file.writestr("samples/1_epoch_1.json", '{"id": 1, "epo')
    with pytest.raises(ResultFileError, match="the JSON ends early"):
        inspect_log.read(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_ZSTANDARD])
def test_a_bomb_inside_the_archive_is_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("header.json", json.dumps(log()))
        file.writestr("samples/1_epoch_1.json", b" " * (100 * 1024**2))
    with pytest.raises(ResultFileError, match="when decompressed"):
        inspect_log.read(path)
