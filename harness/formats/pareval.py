"""ParEval's results: its own JSON, a list of problems with their samples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from harness.formats.files import content_hash, read_json
from harness.formats.peek import peek_record
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside
from harness.formats.records import problem_table, row_table

METRICS: Mapping[str, pl.DataType] = {
    "ran": pl.Boolean(),
    "ran_at_all_counts": pl.Boolean(),
    "passed_at_any_count": pl.Boolean(),
    "parallel_runtime_s": pl.Float64(),
}
RULES = (
    (
        "A problem is a task with its parallelism model, which stands as the difficulty: the "
        "task's name alone occurs once for each."
    ),
    (
        "compiled is did_build and passed is are_all_valid: right at every process count that was "
        "run. ran, ran_at_all_counts and passed_at_any_count keep the weaker flags."
    ),
    (
        "runtime_s is the runtime of serial programs alone. That of the others is the smallest "
        "over the process counts that were right; it stands in parallel_runtime_s, and compares "
        "neither with a serial runtime nor between programs that were right at different counts."
    ),
    "Runtimes exist only for programs that were right at some process count.",
)
STRONGER = {
    "did_any_run": "did_build",
    "did_all_run": "did_any_run",
    "are_any_valid": "did_any_run",
    "are_all_valid": "are_any_valid",
}
"""Flags that cannot be true where another is false."""
ZERO = "A program that ran took some time, so 0 is no measurement: the runtime is missing."


@dataclass(slots=True)
class Zeros:
    """Counts runtimes of 0 and below, which become missing, for each model."""

    counts: dict[str | None, int] = field(default_factory=dict)

    def runtime(self, seconds: float, model: str | None = None) -> float | None:
        """Keep a runtime above 0; count any other."""
        if seconds > 0:
            return seconds
        self.counts[model] = self.counts.get(model, 0) + 1
        return None

    def notes(self) -> tuple[SetAside, ...]:
        """Say how many there were."""
        return tuple(
            SetAside("runtimes of 0", count, ZERO, model) for model, count in self.counts.items()
        )


def problem_id(name: str, parallelism: str) -> str:
    """Name a problem: the task and its parallelism model."""
    return f"{name}/{parallelism}"


def outcome_word(
    *,
    built: bool = False,
    ran: bool = False,
    any_valid: bool = False,
    all_valid: bool = False,
    written: bool = True,
) -> str:
    """Say in words how far a program came."""
    if not written:
        return "source not written"
    if not built:
        return "build failed"
    if not ran:
        return "run failed"
    if not any_valid:
        return "wrong"
    return "valid" if all_valid else "valid at some process counts"


def matches(path: Path, head: bytes) -> bool:
    """Tell a list of tasks with a parallelism model and outputs."""
    del path
    return head.lstrip()[:1] == b"[" and peek_record(head).keys() >= {
        "problem_type",
        "parallelism_model",
        "name",
    }


def read(path: Path) -> Reading:
    """Read ParEval's JSON; it names no model.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a task twice, a missing or mistyped flag, outputs that were never run.
    """
    records: list[dict[str, Any]] = []
    problems: dict[str, dict[str, Any]] = {}
    zeros = Zeros()
    for task in Place(path, read_json(path)).entries():
        facts = _facts(task)
        if facts["problem"] in problems:
            raise task.at("name").error(
                found=f"{facts['problem']} stands in the file twice",
                expected="each task once with each parallelism model",
                way_out="Samples of one task belong into its outputs; delete the other entry.",
            )
        problems[facts["problem"]] = facts
        records += _samples(task, facts["problem"], facts["difficulty"], zeros)
    unwritten = sum(record["outcome"] == "source not written" for record in records)
    return Reading(
        format="pareval",
        path=path,
        rows=row_table(records, metrics=METRICS),
        problems=problem_table(problems.values()),
        model_names={},
        rules=RULES,
        set_aside=(*zeros.notes(), *unwritten_notes({None: unwritten})),
    )


def unwritten_notes(counts: Mapping[str | None, int]) -> tuple[SetAside, ...]:
    """Say how many programs the harness could not write to disk."""
    rule = "The harness could not write the program to disk, so nothing was tested: unscored."
    return tuple(
        SetAside("unscored samples", count, rule, model) for model, count in counts.items() if count
    )


def _facts(task: Place) -> dict[str, Any]:
    parallelism = task.at("parallelism_model").name()
    prompt = task.get("prompt")
    return {
        "problem": problem_id(task.at("name").name(), parallelism),
        "category": task.at("problem_type").name(),
        "difficulty": parallelism,
        "content_hash": content_hash(prompt.text()) if prompt else None,
    }


def _samples(task: Place, problem: str, parallelism: str, zeros: Zeros) -> Iterator[dict[str, Any]]:
    for index, sample in enumerate(task.at("outputs").entries()):
        if isinstance(sample.value, str):
            raise sample.error(
                found="a program that was never run",
                expected="an object with did_build, are_all_valid and runs",
                way_out="These are ParEval's generations: run its drivers on them first.",
            )
        yield {"problem": problem, "sample": index, **_flags(sample, parallelism, zeros)}


def _flags(sample: Place, parallelism: str, zeros: Zeros) -> dict[str, Any]:
    written = sample.get("source_write_success")
    if written and not written.boolean():
        return {"outcome": outcome_word(written=False)}
    flags = _known(sample)
    seconds = _best_runtime(sample, zeros)
    return {
        "compiled": flags["did_build"],
        "passed": flags["are_all_valid"],
        "runtime_s": seconds if parallelism == "serial" else None,
        "outcome": outcome_word(
            built=flags["did_build"],
            ran=flags["did_any_run"],
            any_valid=flags["are_any_valid"],
            all_valid=flags["are_all_valid"],
        ),
        "ran": flags["did_any_run"],
        "ran_at_all_counts": flags["did_all_run"],
        "passed_at_any_count": flags["are_any_valid"],
        "parallel_runtime_s": seconds if parallelism != "serial" else None,
    }


def _known(sample: Place) -> dict[str, bool]:
    """Take the flags; after a failed build the later ones may be null, which is false."""
    flags = {"did_build": sample.at("did_build").boolean()}
    for name, weaker in STRONGER.items():
        place = sample.at(name)
        never = place.value is None and not flags["did_build"]
        flags[name] = False if never else place.boolean()
        if flags[name] and not flags[weaker]:
            raise place.error(expected=f"false, as {weaker} is false")
    return flags


def _best_runtime(sample: Place, zeros: Zeros) -> float | None:
    """Take the smallest runtime of the runs that were right."""
    runs = sample.get("runs")
    times = []
    for run in runs.entries() if runs else ():
        valid, seconds = run.get("is_valid"), run.get("runtime")
        if valid and valid.boolean() and seconds:
            times.append(zeros.runtime(seconds.number()))
    return min((time for time in times if time is not None), default=None)


FORMAT = Format(
    id="pareval", title="ParEval results", matches=matches, read=read, harness="ParEval"
)
