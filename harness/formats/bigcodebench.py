"""BigCodeBench: ``*_eval_results.json`` with one status for each sample.

``{date, eval: {task: [{task_id, solution, status, details}, ...]}}``; ``details`` holds the
messages of failed tests and is not kept. The rates stand in a file of their own, not here.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, no_problems
from harness.formats.records import row_table

STATUSES: Mapping[str, bool] = {"pass": True, "fail": False, "timeout": False}


def matches(_path: Path, head: bytes) -> bool:
    """Tell by the first sample of ``eval``: one status, and none for base tests."""
    document = peek_json(head)
    problems = document.get("eval") if isinstance(document, dict) else None
    first = next(iter(problems.values()), None) if isinstance(problems, dict) else None
    sample = first[0] if isinstance(first, list) and first else None
    if not isinstance(sample, dict) or "base_status" in sample:
        return False
    return "status" in sample and "task_id" in sample


def read(path: Path) -> Reading:
    """Read one results file.

    Raises
    ------
    ResultFileError
        Not whole JSON, a field that is missing or of another type, a status other than pass, fail
        and timeout, a sample under another task's name, or no sample at all.
    """
    problems = Place(path, read_json(path, constants=True)).at("eval")
    rows = [row for task, samples in problems.items() for row in _rows(task, samples)]
    if not rows:
        raise problems.error(expected="tasks with samples")
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=row_table(rows),
        problems=no_problems(),
        model_names={},
        rules=("A sample passed if its status is `pass`; `outcome` keeps the status.",),
    )


def _rows(task: str, samples: Place) -> Iterator[dict[str, Any]]:
    problem = Place(samples.path, task, samples.keys).name()
    for index, sample in enumerate(samples.entries()):
        named = sample.get("task_id")
        if named is not None and named.value != task:
            raise named.error(expected=f"the task it stands under, {Place.quoted(task)}")
        status = sample.at("status")
        if status.text() not in STATUSES:
            raise status.error(expected="pass, fail or timeout")
        word = status.text()
        yield {"problem": problem, "sample": index, "passed": STATUSES[word], "outcome": word}


FORMAT = Format(
    id="bigcodebench",
    title="BigCodeBench results",
    matches=matches,
    read=read,
    harness="BigCodeBench",
)
