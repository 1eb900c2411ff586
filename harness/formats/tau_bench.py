"""tau-bench's results: one reward for each task and trial."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside, no_problems
from harness.formats.records import row_table

TOLERANCE = 1e-6  # the harness takes a reward this close to 1 for a success
RULES = (
    (
        "A trial is passed where its reward is 1 and failed where it is 0; a reward between is "
        "kept as a score. A trial that raised an error has reward 0 and counts as failed, as the "
        "harness counts it; its outcome is error."
    ),
    (
        "Task ids are numbers within a domain that the file does not name: results of two domains "
        "are two releases."
    ),
)


def matches(path: Path, head: bytes) -> bool:
    """Tell a list of objects with a task, a reward, and a trial or a trajectory."""
    del path
    value = peek_json(head)
    first = value[0] if isinstance(value, list) and value else None
    if not isinstance(first, dict) or "task_id" not in first:
        return False
    return "reward" in first and bool({"info", "traj", "trial"} & first.keys())


def read(path: Path) -> Reading:
    """Read the results; they name no model.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a reward outside 0 to 1, a task's trial that stands there twice.
    """
    document = Place(path, read_json(path))
    rows = list(_rows(document))
    if not rows:
        raise document.error(expected="a list of trials")
    errors = sum(row["outcome"] == "error" for row in rows)
    rule = "Reward 0, so failed; the model may not be to blame, and leaving them out is a choice."
    return Reading(
        format="tau-bench",
        path=path,
        rows=row_table(rows),
        problems=no_problems(),
        model_names={},
        rules=RULES,
        set_aside=(SetAside("trials that raised an error", errors, rule),) if errors else (),
    )


def _rows(document: Place) -> Iterator[dict[str, Any]]:
    """Give a row for each trial; where none has a number, they are numbered in their order."""
    numbered = any(entry.get("trial") for entry in document.entries())
    seen: dict[tuple[str, int], int] = {}
    trials: Counter[str] = Counter()
    for number, entry in enumerate(document.entries(), 1):
        task = entry.at("task_id").name()
        sample = entry.at("trial").whole() if numbered else trials[task]
        trials[task] += 1
        before = seen.setdefault((task, sample), number)
        if before != number:
            raise entry.error(
                found=f"trial {sample} of task {task}, which record {before} holds too",
                expected="each trial of a task once",
                way_out="A resumed run can append a trial again: delete one of the two.",
            )
        yield {"problem": task, "sample": sample, **_verdict(entry)}


def _verdict(entry: Place) -> dict[str, Any]:
    reward = entry.at("reward").number(0, 1 + TOLERANCE)
    info = entry.get("info")
    error = info is not None and isinstance(info.value, dict) and bool(info.value.get("error"))
    outcome = "error" if error else None
    if abs(reward - 1) <= TOLERANCE or reward <= TOLERANCE:
        return {"passed": reward > 0.5, "outcome": outcome}
    return {"score": reward, "outcome": outcome}


FORMAT = Format(
    id="tau-bench", title="tau-bench results", matches=matches, read=read, harness="tau-bench"
)
