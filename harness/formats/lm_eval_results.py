"""lm-evaluation-harness: results files of four generations, which hold rates of whole tasks.

2023 and before: ``results.<task>.acc``; since the refactoring ``results.<task>."metric,filter"``
with ``metric_stderr,filter``; since 2024 also ``n-samples.<task>.{original, effective}``. The model
is in ``model_name``, or inside the text ``config.model_args``; the file's name tells nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.formats.files import read_json
from harness.formats.notes import model_of, noted
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import (
    ClaimedRate,
    Format,
    Reading,
    SetAside,
    no_problems,
    no_rows,
)
from harness.formats.records import count_table
from harness.text import listed

SIDE_KEYS = {"versions", "configs", "config", "group_subtasks", "n-samples", "n-shot"}
COUNTED = ("exact_match", "acc", "pass@1", "pass_at_1")  # means of 0 and 1
WHOLE = 1e-6  # a mean of doubles over 10**6 documents is off by less


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The rates of one task by ``metric,filter``, and its documents where they are stated."""

    rates: Mapping[str, float]
    original: int | None
    effective: int | None

    def passed(self) -> int | None:
        """Count the documents that passed, where rate and size give a whole number."""
        metric = self.decides()
        if metric is None or self.effective is None:
            return None
        passed = self.rates[metric] * self.effective
        return round(passed) if abs(passed - round(passed)) < WHOLE else None

    def decides(self) -> str | None:
        """Name the rate that is counted, ``metric,filter``."""
        keys = [key for name in COUNTED for key in self.rates if key.split(",")[0] == name]
        return keys[0] if keys else None


@dataclass(frozen=True, slots=True)
class Results:
    """One results file; tasks that only sum up others (groups) are left out."""

    path: Path
    model: str | None
    tasks: Mapping[str, TaskResult]
    groups: int


def parse_results(path: Path) -> Results:
    """Read one results file.

    Raises
    ------
    ResultFileError
        Not whole JSON, or a field that is missing or of another type.
    """
    document = Place(path, read_json(path, constants=True))
    subtasks = document.get("group_subtasks")
    groups = {name for name, of in subtasks.items() if of.sequence()} if subtasks else set()
    sizes = document.get("n-samples")
    tasks = {
        name: _task(entry, sizes.get(name) if sizes is not None else None)
        for name, entry in document.at("results").items()
        if name not in groups
    }
    return Results(path, _model(document), tasks, len(groups))


def _task(entry: Place, size: Place | None) -> TaskResult:
    original, effective = _whole(size, "original"), _whole(size, "effective")
    if size is not None and original is not None and (effective or 0) > original:
        raise size.at("effective").error(expected=f"at most the task's {original} documents")
    return TaskResult(
        rates={
            name: value.number(0, 1) if name.split(",")[0] in COUNTED else value.number()
            for name, value in entry.items()
            if _is_number(value.value) and "_stderr" not in name
        },
        original=original,
        effective=effective,
    )


def _is_number(value: Any) -> bool:
    """Tell numbers from aliases; NaN is what the harness writes for an error it cannot give."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # noqa: PLR0124


def _whole(size: Place | None, name: str) -> int | None:
    found = size.get(name) if size is not None else None
    return found.whole() if found is not None else None


def _model(document: Place) -> str | None:
    named = document.get("model_name")
    if named is not None and named.value:
        return model_of(named.name())
    config = document.get("config")
    args = config.get("model_args") if config is not None else None
    if args is None:
        return None
    if isinstance(args.value, dict):  # since 2025 it may be an object
        pretrained = args.get("pretrained") or args.get("model")
        return model_of(pretrained.name()) if pretrained is not None else None
    return model_of_args(args.text())


def model_of_args(args: str) -> str | None:
    """Read the model out of the text ``model_args``, with the adapter it was loaded with."""
    given = dict(part.split("=", 1) for part in args.split(",") if "=" in part)
    model = given.get("pretrained") or given.get("model")
    adapter = given.get("peft")
    if not model:
        return None
    return f"{model_of(model)}+{model_of(adapter)}" if adapter else model_of(model)


def matches(_path: Path, head: bytes) -> bool:
    """Tell by ``results`` of tasks with numbers, and by what the harness writes beside it."""
    document = peek_json(head)
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, dict) or not results or not document.keys() & SIDE_KEYS:
        return False
    return all(isinstance(task, dict) and _has_rate(task) for task in results.values())


def _has_rate(task: dict[str, Any]) -> bool:
    return "alias" in task or any(_is_number(value) for value in task.values())


def read(path: Path) -> Reading:
    """Read rates, and counts where a task's size is stated; see `parse_results` for errors."""
    results = parse_results(path)
    if not results.tasks:
        raise Place(path, {}, ("results",)).error(expected="tasks")
    counted = {name: task for name, task in results.tasks.items() if task.passed() is not None}
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=no_rows(),
        problems=no_problems(),
        model_names={},
        rules=_rules(counted),
        set_aside=noted(
            SetAside(
                "tasks without a count",
                len(results.tasks) - len(counted) if counted else 0,
                "their rates are no whole number of documents, or their size is not stated",
            ),
            SetAside("groups of tasks", results.groups, "left out: they repeat their tasks"),
        ),
        claimed=tuple(_claims(results)),
        n_problems=sum(task.effective or 0 for task in counted.values()) or None,
        counts=count_table(_counts(results.model, counted)) if counted else None,
        lacks=None if counted else _lacks(results),
        meanings=_meanings(counted),
    )


def _rules(counted: Mapping[str, TaskResult]) -> tuple[str, ...]:
    if not counted:
        return ()
    return (
        "The file states rates and sizes: a count is their product where it is a whole number.",
        "With the samples files of the run, pairs of models can be tested.",
        "A category is a task; the first filter of `exact_match` or `acc` was counted.",
    )


def _counts(model: str | None, tasks: Mapping[str, TaskResult]) -> Iterator[dict[str, Any]]:
    cells = {name: (task.effective or 0, task.passed() or 0) for name, task in tasks.items()}
    problems, passed = (sum(column) for column in zip(*cells.values(), strict=True))
    yield {"model": model, "problems": problems, "passed": passed}
    if len(cells) > 1:
        for name, (of_task, passed_of_task) in cells.items():
            row = {"model": model, "category": name, "problems": of_task}
            yield row | {"passed": passed_of_task}


def _meanings(counted: Mapping[str, TaskResult]) -> dict[str, str]:
    """Name tasks and metrics: counts of other tasks are of other problems, and no one's rival."""
    means = ", ".join(f"{task.decides()} of {name}" for name, task in sorted(counted.items()))
    return {"": means} if means else {}


def _claims(results: Results) -> Iterator[ClaimedRate]:
    for name, task in results.tasks.items():
        for metric, value in task.rates.items():
            yield ClaimedRate(metric, value, model=results.model, category=name)


def _lacks(results: Results) -> str:
    return (
        f"It holds rates of whole tasks ({listed(list(results.tasks)[:5])}) and neither samples "
        "nor the number of documents behind the rates. Run the harness with --log_samples and "
        "ingest the samples_*.jsonl files."
    )


FORMAT = Format(
    id="lm-eval-results",
    title="lm-evaluation-harness results",
    matches=matches,
    read=read,
    harness="lm-evaluation-harness",
)
