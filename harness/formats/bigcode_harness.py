"""bigcode-evaluation-harness: its metrics file, which holds rates of whole tasks.

``{task: {metric: value}, config: {model, n_samples, ...}}``. Mercury's file of April 2024 adds
counts for each difficulty, but of samples, ``n_samples`` for each problem: five samples of one
problem share its difficulty, so they are no five problems, and such counts become no pass rate's
numerator. Only with one sample a problem is a count of samples a count of problems.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.formats.files import read_json
from harness.formats.notes import model_of
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import ClaimedRate, Format, Reading, no_problems, no_rows
from harness.formats.records import count_table
from harness.text import listed

METRIC = re.compile(r"(?:(?P<part>[A-Za-z]+)_)?(?P<name>pass|beyond)@(?P<k>\d{1,6})")
ALL = "Average"  # Mercury's word for all difficulties


def matches(_path: Path, head: bytes) -> bool:
    """Tell by the run's ``config`` beside the tasks that it names."""
    document = peek_json(head)
    config = document.get("config") if isinstance(document, dict) else None
    if not isinstance(config, dict) or not config.keys() >= {"model", "tasks", "n_samples"}:
        return False
    return any(isinstance(task, dict) for name, task in document.items() if name != "config")


def read(path: Path) -> Reading:
    """Read one metrics file.

    Raises
    ------
    ResultFileError
        Not whole JSON, a field that is missing or of another type, or no task.
    """
    document = Place(path, read_json(path))
    config = document.at("config")
    model = _model(config)
    samples = config.at("n_samples").whole(low=1)
    tasks = {name: task for name, task in document.items() if name != "config"}
    if not tasks:
        raise document.error(found="no task", expected="the metrics of a task beside config")
    claims = tuple(claim for task in tasks.values() for claim in _claims(task, model))
    counts = [row for task in tasks.values() for row in _counts(task, model)]
    usable = samples == 1 and len(tasks) == 1 and bool(counts)
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=no_rows(),
        problems=no_problems(),
        model_names={},
        rules=_rules(usable=usable),
        claimed=claims,
        counts=count_table([_total(counts), *counts]) if usable else None,
        lacks=None if usable else _lacks(tasks, samples, counts),
    )


def _model(config: Place) -> str:
    """Name the model; an adapter makes it another one."""
    model, adapter = config.at("model").name(), config.get("peft_model")
    named = model_of(model)
    return f"{named}+{model_of(adapter.name())}" if adapter is not None else named


def _claims(task: Place, model: str) -> Iterator[ClaimedRate]:
    for key, value in task.items():
        found = METRIC.fullmatch(key)
        if found is None:
            if not isinstance(value.value, dict):
                yield ClaimedRate(key, value.number(), model=model)
            continue
        part = found["part"]
        yield ClaimedRate(
            "passed" if found["name"] == "pass" else found["name"],
            value.number(0, 1),
            model=model,
            k=int(found["k"]),
            difficulty=part if part not in (None, ALL) else None,
        )


def _counts(task: Place, model: str) -> Iterator[dict[str, Any]]:
    """Give samples and passed samples of each difficulty, where the file states them."""
    total = passed = 0
    for difficulty, entry in task.items():
        if isinstance(entry.value, dict) and "passed" in entry.value:
            cells = {name: cell.whole() for name, cell in entry.items()}
            samples = sum(cells.values())
            _check_rate(task.at(f"{difficulty}_pass@1"), cells["passed"], samples)
            row = {"model": model, "difficulty": difficulty, "problems": samples}
            yield row | {"passed": cells["passed"]}
            total, passed = total + samples, passed + cells["passed"]
    if total:
        _check_rate(task.get(f"{ALL}_pass@1"), passed, total)


def _check_rate(stated: Place | None, passed: int, samples: int) -> None:
    """Hold a stated pass@1 against the counts: all problems have the same number of samples."""
    if stated is not None and abs(stated.number(0, 1) * samples - passed) > 1e-6:
        raise stated.error(
            expected=f"the counts' {passed} of {samples}",
            way_out="The file was altered; evaluate the generations again.",
        )


def _total(counts: list[dict[str, Any]]) -> dict[str, Any]:
    totals = {name: sum(row[name] for row in counts) for name in ("problems", "passed")}
    return {"model": counts[0]["model"], **totals}


def _rules(*, usable: bool) -> tuple[str, ...]:
    if not usable:
        return ()
    return (
        "With one sample a problem, the counts of samples are counts of problems.",
        "`failed@load` and the other failures count as not passed.",
    )


def _lacks(tasks: Mapping[str, Place], samples: int, counts: list[dict[str, Any]]) -> str:
    names = listed(tasks)
    if not counts:
        return (
            f"It holds rates of {names} and no outcome of a single problem, nor counts. This "
            "harness writes none: evaluate its saved generations with one that does."
        )
    total = _total(counts)
    return (
        f"It holds rates of {names} and counts of samples ({total['passed']:,} of "
        f"{total['problems']:,} passed, {samples} for each problem), no outcome of a single "
        "problem. Samples of one problem share its difficulty, so an interval that took them for "
        "problems would be too narrow. The rates can be cited."
    )


FORMAT = Format(
    id="bigcode-evaluation-harness",
    title="bigcode-evaluation-harness metrics",
    matches=matches,
    read=read,
    harness="bigcode-evaluation-harness",
)
