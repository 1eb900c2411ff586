"""Files changed at random, taken in by the whole command: the same rows, or one clear error."""

import functools
import hashlib
import json
import random
import shutil
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared_data import DATA, needs_data

from harness.errors import BenchproofError
from harness.formats.registry import FORMATS, candidates
from harness.ingest.result import Options
from harness.ingest.run import ingest
from harness.ingest.scaffold import new_release

MODELS, PROBLEMS, SAMPLES = ("A", "B"), ("p1", "p2", "é"), 2
VALUES = ("", "maybe", "7", "-1", "nan", "1e999", "[1]", '{"a": 1}', "\ud800", "true", "0.5")


def rows() -> list[dict[str, object]]:
    return [
        {
            "model": model,
            "problem": problem,
            "sample": sample,
            "compiled": True,
            "passed": (len(model + problem) + sample) % 2 == 0,
            "runtime_s": 0.25 * (at + 1),
        }
        for at, (model, problem, sample) in enumerate(
            (m, p, s) for m in MODELS for p in PROBLEMS for s in range(SAMPLES)
        )
    ]


def as_csv(table: list[dict[str, object]]) -> bytes:
    columns = list(dict.fromkeys(key for row in table for key in row))
    lines = [",".join(columns)]
    lines += [",".join(_cell(row.get(name, "")) for name in columns) for row in table]
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def _cell(value: object) -> str:
    text = str(value)
    return f'"{text}"'.replace('"', '""')[1:-1] if '"' in text or "," in text else text


def as_jsonl(table: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in table)


WRITERS = {"csv": as_csv, "jsonl": as_jsonl}


def outcome_of(data: bytes, name: str) -> dict[tuple[str, str, int], tuple[object, ...]] | None:
    """Ingest a file; give its rows by key, or None after a clear error that left no trace."""
    with tempfile.TemporaryDirectory() as work:
        results = Path(work) / "results"
        new_release(results, "v1")
        given_file = Path(work) / name
        given_file.write_bytes(data)
        before = state(results)
        try:
            ingest([str(given_file)], results / "v1", Options(), estimate=lambda *_: 0.0)
        except BenchproofError as error:
            check_refusal(error, results, before)
            return None
        frame = pl.read_parquet(results / "v1" / "outcomes.parquet")
        keys = frame.select("model", "problem", "sample").rows()
        return dict(zip(keys, frame.select("compiled", "passed", "runtime_s").rows(), strict=True))


def check_refusal(error: BenchproofError, results: Path, before: dict[str, str]) -> None:
    assert state(results) == before
    assert "expected" in str(error)


def state(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_changed_value_of_our_own_columns_never_becomes_another(kind, data) -> None:
    table = rows()
    whole = outcome_of(WRITERS[kind](table), f"x.{kind}")
    assert whole is not None
    row = table[data.draw(st.integers(0, len(table) - 1))]
    how = data.draw(st.sampled_from(["drop", "duplicate", "retype", "drop field"]))
    name = data.draw(st.sampled_from(["compiled", "passed", "runtime_s", "sample"]))
    if how == "drop":
        table.remove(row)
    elif how == "duplicate":
        table.append(dict(row))
    elif how == "drop field":
        del row[name]
    else:
        row[name] = data.draw(st.sampled_from(VALUES))
    found = outcome_of(WRITERS[kind](table), f"x.{kind}")
    if how == "duplicate":
        assert found is None
    elif found is not None:
        changed = {key for key in found if key not in whole or found[key] != whole[key]}
        assert len(changed) <= 1  # the row that was written anew says what was written
        assert how != "drop" or not changed


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25, deadline=None)
@given(cut=st.integers(1, 400))
def test_a_file_of_our_own_that_was_cut_off_is_an_error_or_whole_rows(kind, cut) -> None:
    data = WRITERS[kind](rows())
    whole = outcome_of(data, f"x.{kind}")
    found = outcome_of(data[: max(len(data) - cut, 1)], f"x.{kind}")
    assert whole is not None
    assert found is None or found.items() <= whole.items()


@functools.cache
def real_files() -> dict[str, Path]:
    """Find the smallest real file of each format."""
    smallest: dict[str, Path] = {}
    for path in sorted(DATA.rglob("*")) if DATA.is_dir() else ():
        if not path.is_file() or path.stat().st_size > 700_000:
            continue
        for format_ in candidates(path):
            known = smallest.get(format_.id)
            if known is None or path.stat().st_size < known.stat().st_size:
                smallest[format_.id] = path
    return smallest


@needs_data
def test_there_are_real_files_of_many_formats() -> None:
    assert len(real_files()) >= 12


@needs_data
@pytest.mark.parametrize("format_id", [f.id for f in FORMATS])
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_a_spoiled_real_file_leaves_the_release_whole_or_is_taken(format_id, seed) -> None:
    path = real_files().get(format_id)
    if path is None:
        return  # no real file; the readers' own tests make some
    chance = random.Random(seed)  # noqa: S311 - a test's choice
    data = path.read_bytes()
    with tempfile.TemporaryDirectory() as work:
        results = Path(work) / "results"
        new_release(results, "v1")
        folder = Path(work) / "given" / path.parent.name
        folder.mkdir(parents=True)
        for beside in path.parent.iterdir():
            if beside.is_file() and beside.stat().st_size < 700_000:
                shutil.copyfile(beside, folder / beside.name)
        (folder / path.name).write_bytes(spoiled(data, chance))
        before = state(results)
        try:
            ingest(
                [str(folder / path.name)],
                results / "v1",
                Options(format_id=format_id, models=("M",)),
                estimate=lambda *_: 0.0,
            )
        except BenchproofError as error:
            check_refusal(error, results, before)
        else:
            assert (results / "v1" / "ingest.json").exists()


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """Cut, drop, repeat or overwrite a stretch of bytes."""
    at = chance.randrange(len(data))
    end = min(len(data), at + chance.choice((1, 2, 8, 200)))
    junk = chance.choice(
        (b"NaN", b"-1", b'"x"', b"[]", b"{}", b"null", b"\xff", b"\0", b"\n", b"9")
    )
    return chance.choice(
        (
            data[:at],
            data[:at] + data[end:],
            data[:end] + data[at:end] + data[end:],
            data[:at] + junk + data[end:],
        )
    )
