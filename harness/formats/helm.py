"""HELM run folders: ``run_spec.json`` and ``per_instance_stats.json`` beside each other.

A stat of an instance has a name, a split, perhaps a perturbation, and a mean over ``count``
values. The run's name, which is its folder's too, holds the model with ``_`` for ``/``; the true
id is ``adapter_spec.model``. ``inference_runtime`` is the model's latency and no program's runtime.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from harness.errors import ResultFileError
from harness.formats.files import content_hash, read_json
from harness.formats.notes import Facts, facts_table, noted
from harness.formats.paths import member
from harness.formats.peek import peek_json, peek_record
from harness.formats.place import Place
from harness.formats.reading import ClaimedRate, Format, Reading, SetAside
from harness.formats.records import row_table
from harness.text import listed

RUN_SPEC = "run_spec.json"
INSTANCES = "per_instance_stats.json"
STATE = "scenario_state.json"
STATS = "stats.json"

OF_SCENARIO = (
    *("final_number_exact_match", "math_equiv_chain_of_thought", "math_equiv", "float_equiv"),
    *("chain_of_thought_correctness", "ifeval_strict_accuracy", "exact_match_indicator"),
    *("execution_accuracy", "program_accuracy", "strict_acc", "pass", "test_avg"),
)
"""Main metrics of single scenarios: where one is there, a match of the whole text says little."""

DECIDES = (
    *OF_SCENARIO,
    *("exact_match", "quasi_exact_match", "prefix_exact_match", "quasi_prefix_exact_match"),
    *("squad_f1_score", "f1_score"),
)
"""Which stat is the pass or the score: the first of these that the run has."""

MARKS = re.compile(rf"{'|'.join(map(re.escape, DECIDES))}|rouge_\w+|bleu_\d")
MODEL_ARG = re.compile(r"(?:^|,)model(?:_deployment)?=[^,]*")


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance in one train trial: its unperturbed marks by name."""

    problem: str
    trial: int
    split: str | None
    marks: Mapping[str, float]
    perturbed: int
    """Stats that were set aside, because they are of the instance under a perturbation."""


def matches(path: Path, head: bytes) -> bool:
    """Tell a folder by its files, and the file of instances by its first record."""
    if path.is_dir():
        return (path / RUN_SPEC).is_file() and (path / INSTANCES).is_file()
    record = peek_record(head)
    return isinstance(peek_json(head), list) and {"instance_id", "stats"} <= record.keys()


def read(path: Path) -> Reading:
    """Read one run, given by its folder or by its file of instances.

    Raises
    ------
    ResultFileError
        A file that is missing or no whole JSON, a field that is missing or of another type, or an
        instance twice in one trial.
    """
    folder = path if path.is_dir() else path.parent
    spec = Place(_present(folder, RUN_SPEC), read_json(_present(folder, RUN_SPEC), constants=True))
    stats_path = _present(folder, INSTANCES) if path.is_dir() else path
    task = _task(spec.at("name").name())
    model = spec.at("adapter_spec").at("model").name()
    instances, perturbed = _instances(
        Place(stats_path, read_json(stats_path, constants=True)), task
    )
    names = list(dict.fromkeys(name for i in instances for name in i.marks))
    main = next((name for name in DECIDES if name in names), None)
    column = _column(instances, main) if main is not None else None
    further = [name for name in names if name != main or column is None]
    rows = [_row(instance, model, main, column, further) for instance in instances]
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=row_table(rows, metrics={name: pl.Float64() for name in further}),
        problems=facts_table(_facts(folder, instances, task)),
        model_names={},
        rules=tuple(_rules(instances, main, column, further)),
        set_aside=noted(*_set_aside(instances, main, perturbed)),
        meanings={task: main} if main is not None else {},
        claimed=_claims(folder, instances, main, column, model),
    )


def _present(folder: Path, name: str) -> Path:
    path = member(folder, name)
    if not path.is_file():
        raise ResultFileError(
            path,
            found="the file is missing",
            expected="it beside the run's other files",
            way_out="Give the whole run folder of HELM; this file names the model."
            if name == RUN_SPEC
            else "Give the whole run folder of HELM.",
        )
    return path


def _task(name: str) -> str:
    """Take the model out of a run's name, so that two models' runs have the same problems."""
    scenario, colon, args = name.partition(":")
    rest = MODEL_ARG.sub("", args).strip(",")
    return f"{scenario}{colon}{rest}" if rest else scenario


def _instances(document: Place, task: str) -> tuple[list[Instance], int]:
    """Read the instances, and count those that are there again under a perturbation."""
    found: dict[tuple[str, int], Instance] = {}
    perturbed = 0
    for record in document.entries():
        if record.get("perturbation") is not None:
            perturbed += 1
            continue
        instance = _instance(record, task)
        if (instance.problem, instance.trial) in found:
            raise record.at("instance_id").error(expected="each instance once in a train trial")
        found[instance.problem, instance.trial] = instance
    if not found:
        raise document.error(expected="instances")
    return list(found.values()), perturbed


def _instance(record: Place, task: str) -> Instance:
    trial = record.get("train_trial_index")
    marks: dict[str, float] = {}
    split, perturbed = None, 0
    for stat in record.at("stats").entries():
        name = stat.at("name")
        perturbed += name.get("perturbation") is not None
        mean = stat.get("mean")
        if name.get("perturbation") is not None or mean is None:
            continue
        if MARKS.fullmatch(name.at("name").text()):
            marks[name.at("name").text()] = mean.number()
        of = name.get("split")
        split = of.text() if of is not None else split
    return Instance(
        problem=f"{task}/{record.at('instance_id').name()}",
        trial=trial.whole() if trial is not None else 0,
        split=split,
        marks=marks,
        perturbed=perturbed,
    )


def _column(instances: Sequence[Instance], main: str) -> str | None:
    values = {instance.marks[main] for instance in instances if main in instance.marks}
    if values <= {0.0, 1.0} and not main.endswith("f1_score"):
        return "passed"
    return "score" if all(0 <= value <= 1 for value in values) else None


def _row(
    instance: Instance, model: str, main: str | None, column: str | None, further: Sequence[str]
) -> dict[str, Any]:
    row: dict[str, Any] = {name: instance.marks.get(name) for name in further}
    row |= {"model": model, "problem": instance.problem, "sample": instance.trial}
    value = instance.marks.get(main) if main is not None else None
    if column is not None and value is not None:
        row[column] = value == 1 if column == "passed" else value
    return row


def _facts(folder: Path, instances: Sequence[Instance], task: str) -> dict[str, Facts]:
    hashes = dict(_hashes(folder, task))
    return {
        instance.problem: {"category": task, "content_hash": hashes.get(instance.problem)}
        for instance in instances
    }


def _hashes(folder: Path, task: str) -> Iterator[tuple[str, str]]:
    """Hash each instance's question and reference answers, from the state of the scenario."""
    path = member(folder, STATE)
    if not path.is_file():
        return
    for state in Place(path, read_json(path, constants=True)).at("request_states").entries():
        instance = state.at("instance")
        references = instance.get("references")
        texts = [instance.at("input").at("text").text()]
        texts += [
            reference.at("output").at("text").text()
            for reference in (references.entries() if references is not None else ())
        ]
        if instance.get("perturbation") is None:
            yield f"{task}/{instance.at('id').name()}", content_hash(*texts)


def _rules(
    instances: Sequence[Instance], main: str | None, column: str | None, further: Sequence[str]
) -> Iterator[str]:
    yield "A problem's id is the run's name without its model, and the instance's id."
    if column == "passed":
        yield f"An instance passed if the mean of its stat `{main}` is 1."
    elif column == "score":
        yield f"The mean of the stat `{main}` is the `score`; a fraction is no pass."
    else:
        yield "No stat that decides is there as a fraction, so nothing is a pass."
    if further:
        yield f"Further stats are columns of their own: {listed(further)}."
    splits = Counter(instance.split for instance in instances)
    if len(splits) > 1:
        counts = ", ".join(f"{count} {split}" for split, count in splits.most_common())
        yield f"All splits are taken together ({counts}); HELM's tables show them apart."
    yield "`inference_runtime` is the model's latency, so `runtime_s` is missing."


def _set_aside(
    instances: Sequence[Instance], main: str | None, perturbed: int
) -> Iterator[SetAside]:
    yield SetAside("instances under a perturbation", perturbed, "left out: other questions")
    yield SetAside(
        "stats under a perturbation",
        sum(instance.perturbed for instance in instances),
        "left out: they are of other questions",
    )
    yield SetAside(
        f"instances without the stat {main}" if main else "instances without a stat that decides",
        sum(main not in instance.marks for instance in instances),
        "whether they pass is missing",
    )


def _claims(
    folder: Path,
    instances: Sequence[Instance],
    main: str | None,
    column: str | None,
    model: str,
) -> tuple[ClaimedRate, ...]:
    """Take the run's own mean of the deciding stat, its splits weighted by their instances."""
    path = member(folder, STATS)
    if main is None or column is None or not path.is_file():
        return ()
    sizes = Counter(instance.split for instance in instances)
    means = {}
    for stat in Place(path, read_json(path, constants=True)).entries():
        name, mean = stat.at("name"), stat.get("mean")
        if name.at("name").value == main and name.get("perturbation") is None and mean is not None:
            split = name.get("split")
            means[split.text() if split is not None else None] = mean.number()
    if means.keys() != sizes.keys():
        return ()
    total = sum(means[split] * count for split, count in sizes.items())
    return (ClaimedRate(column, total / sizes.total(), model=model),)


FORMAT = Format(
    id="helm",
    title="HELM run folder",
    matches=matches,
    read=read,
    harness="HELM",
)
