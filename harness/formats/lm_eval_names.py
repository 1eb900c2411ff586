"""What a samples file of lm-evaluation-harness does not hold: its task, model and size.

The task stands in the file's name; the model and the number of documents in the results file of
the same time beside it, for files of 2023 in the name alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.formats.lm_eval_results import model_of_args, parse_results
from harness.formats.paths import member
from harness.text import normalised, shown

NEW = re.compile(r"samples_(?P<task>.+)_(?P<time>\d{4}-\d{2}-\d{2}T[\d.-]+)")
OLD = re.compile(r"(?P<args>(?:[^_]|__)*)_(?P<task>[^_].*)", re.DOTALL)
"""Model args with ``__`` for ``/``, then the task; the first single underscore parts them."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the samples come from.

    Attributes
    ----------
    task
        The task's name.
    model
        The model, where a file or its name says it.
    original, effective
        Documents of the task, and documents that were run; None where no results file says.
    rates
        Stated rates of the task by ``metric,filter``.
    rules
        How task and model were found, as sentences.
    """

    task: str
    model: str | None
    original: int | None = None
    effective: int | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


def source_of(path: Path) -> Source:
    """Read the name of a samples file, and the results file beside it if there is one.

    Raises
    ------
    ResultFileError
        The results file of the same time cannot be read.
    """
    stem = normalised(path.name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".json"))
    new = NEW.fullmatch(stem)
    if new is not None:
        return _with_results(new["task"], new["time"], path)
    old = OLD.fullmatch(stem)
    if old is None:
        return Source(stem, None, rules=(_task_rule(stem),))
    args = old["args"].replace("__", "/")
    model = model_of_args(args)
    named = f"and the model {shown(model)}" if model else "and no model"
    rule = (
        f"The file's name was read as the task {shown(old['task'])} {named}: the first single "
        "underscore parts them. Rename the file if that is wrong."
    )
    return Source(old["task"], model, rules=(rule, _id_rule()))


def _with_results(task: str, time: str, path: Path) -> Source:
    rules = (_task_rule(task), _id_rule())
    beside = _results_of(time, path.parent)
    if beside is None:
        return Source(task, None, rules=rules)
    results = parse_results(beside)
    found = results.tasks.get(task)
    said = f"Model and size come from {shown(beside.name)[1:-1]}, which has the same time."
    return Source(
        task,
        results.model,
        original=found.original if found is not None else None,
        effective=found.effective if found is not None else None,
        rates=found.rates if found is not None else {},
        rules=(*rules, said),
    )


def _results_of(time: str, folder: Path) -> Path | None:
    """Find the results of a time; their name begins as the user said, by default ``results``."""
    found = sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.endswith(f"_{time}.json") and not entry.name.startswith("samples_")
    )
    best = f"results_{time}.json"
    name = best if best in found else found[0] if len(found) == 1 else None
    return member(folder, name) if name is not None else None


def _task_rule(task: str) -> str:
    return f"The task {shown(task)} comes from the file's name."


def _id_rule() -> str:
    return "A problem's id is task/doc_id, since documents are numbered within their task."
