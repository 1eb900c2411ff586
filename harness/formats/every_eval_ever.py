"""Every Eval Ever records: one model's scores on a benchmark, one file or a folder of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.formats.files import head, read_json
from harness.formats.paths import files_below
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

VERSION = re.compile(r"(\d+(?:\.\d+)?)\Z")
WHOLE = 1e-6  # problems; how far from a whole number score times problems may lie
LAYOUT = "*/*/*.json"  # developer / model / record, below a benchmark's folder
RULES = (
    (
        "A model is its name with the agent that ran it: one id stands for several reasoning "
        "efforts and agents, so the id alone is no key."
    ),
)
OLDER = (
    "The same model was fetched again later; the latest record is taken, by the number that ends "
    "its evaluation_id."
)


@dataclass(frozen=True, slots=True)
class Result:
    """One score of a record; ``problems`` and ``passed`` where the record supports counts."""

    evaluation: str
    metric: str
    score: float
    problems: int | None
    passed: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """One model's record."""

    place: Place
    model: str
    version: float
    results: tuple[Result, ...]


def matches(path: Path, start: bytes) -> bool:
    """Tell a record, or a benchmark's folder of them: developer / model / record."""
    if not path.is_dir():
        return _is_record(start)
    try:
        first = next(iter(sorted(path.glob(LAYOUT))), None)
    except OSError:
        return False
    return first is not None and _is_record(head(first))


def read(path: Path) -> Reading:
    """Read one record, or all records of a benchmark.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a score outside its own bounds, two records of one model of the same time.
    """
    paths = [p for p in files_below(path) if p.suffix == ".json"] if path.is_dir() else [path]
    latest, older = _latest([_record(Place(p, read_json(p))) for p in paths])
    several = len({result.evaluation for record in latest for result in record.results}) > 1
    counts = [row for record in latest for row in _counts(record, several=several)]
    uncounted = sum(result.passed is None for record in latest for result in record.results)
    return Reading(
        format="every-eval-ever",
        path=path,
        rows=no_rows(),
        problems=no_problems(),
        model_names={},
        rules=RULES,
        set_aside=(*older, *(_uncounted(uncounted) if counts else ())),
        claimed=tuple(claim for r in latest for claim in _claimed(r, several=several)),
        counts=count_table(counts) if counts else None,
        lacks=None if counts else _lacks(len(latest)),
    )


def model_name(info: Place) -> str:
    """Name a model so that its efforts and agents are told apart."""
    identity = info.at("id").name()
    named = info.get("name")
    name = named.name() if named else identity
    if name == identity.rpartition("/")[2]:
        name = identity
    details = info.get("additional_details")
    agent = details.get("agent_scaffold") if details else None
    return f"{name} with {agent.name()}" if agent else name


def _is_record(start: bytes) -> bool:
    value = peek_json(start)
    return (
        isinstance(value, dict)
        and {"schema_version", "evaluation_id"} <= value.keys()
        and bool({"model_info", "evaluation_results", "source_metadata"} & value.keys())
    )


def _record(document: Place) -> Record:
    return Record(
        place=document,
        model=model_name(document.at("model_info")),
        version=_version(document),
        results=tuple(_result(r) for r in document.at("evaluation_results").entries()),
    )


def _version(document: Place) -> float:
    """Read when the record was fetched: the number that ends its id, else its time stamp."""
    match = VERSION.search(document.at("evaluation_id").name())
    if match:
        return float(match[1])
    stamp = document.at("retrieved_timestamp")
    match = VERSION.fullmatch(stamp.name())
    if not match:
        raise stamp.error(expected="seconds since 1970")
    return float(match[1])


def _result(held: Place) -> Result:
    config, details = held.at("metric_config"), held.at("score_details")
    low, high = (config.get(name) for name in ("min_score", "max_score"))
    bounds = (
        low.number() if low and low.value != "-Infinity" else -float("inf"),
        high.number() if high and high.value != "Infinity" else float("inf"),
    )
    score = details.at("score").number(*bounds)
    unit = bounds[1] if bounds in {(0.0, 1.0), (0.0, 100.0)} else None
    problems = _problems(held, details)
    metric = config.get("metric_name")
    return Result(
        evaluation=held.at("evaluation_name").name(),
        metric=metric.name() if metric else "score",
        score=score / unit if unit else score,
        problems=problems,
        passed=_passed(score / unit, problems) if unit and problems else None,
    )


def _problems(held: Place, details: Place) -> int | None:
    """Read how many problems a score is over, where the record says."""
    uncertainty, source = details.get("uncertainty"), held.get("source_data")
    number = uncertainty.get("num_samples") if uncertainty else None
    if number is None and source is not None and isinstance(source.value, dict):
        number = source.get("samples_number")
    return number.whole(1) if number else None


def _passed(share: float, problems: int) -> int | None:
    """Count what passed; None where the share is no whole number of the problems."""
    passed = round(share * problems)
    return passed if abs(share * problems - passed) <= WHOLE else None


def _latest(records: Sequence[Record]) -> tuple[list[Record], list[SetAside]]:
    """Keep the latest record of each model, and say how many older ones there were."""
    by_model: dict[str, list[Record]] = {}
    for record in records:
        by_model.setdefault(record.model, []).append(record)
    older = []
    for model, held in by_model.items():
        held.sort(key=lambda record: record.version)
        if len(held) > 1 and held[-1].version == held[-2].version:
            raise (
                held[-1]
                .place.at("evaluation_id")
                .error(
                    found=f"a second record of {model} of the same time",
                    expected="one, or records of different times",
                    way_out=f"The other is {held[-2].place.path.name}: delete one of the two.",
                )
            )
        if len(held) > 1:
            older.append(SetAside("older records of one model", len(held) - 1, OLDER, model))
    return [held[-1] for held in by_model.values()], older


def _counts(record: Record, *, several: bool) -> Iterator[dict[str, Any]]:
    for result in record.results:
        if result.passed is not None:
            yield {
                "model": record.model,
                "category": result.evaluation if several else None,
                "problems": result.problems,
                "passed": result.passed,
            }


def _claimed(record: Record, *, several: bool) -> Iterator[ClaimedRate]:
    for result in record.results:
        category = result.evaluation if several else None
        yield ClaimedRate(result.metric, result.score, record.model, category=category)


def _uncounted(number: int) -> tuple[SetAside, ...]:
    rule = "They state no number of problems, or a score that is no whole number of them."
    return (SetAside("scores without counts", number, rule),) if number else ()


def _lacks(models: int) -> str:
    return (
        f"The records state scores of {models} models without the number of problems behind them: "
        "an interval needs it. Use records with uncertainty.num_samples, or the file "
        "*_samples.jsonl that lies beside a record; the scores alone can be cited in printed.csv."
    )


FORMAT = Format(
    id="every-eval-ever",
    title="Every Eval Ever records",
    matches=matches,
    read=read,
    harness="Every Eval Ever",
)
