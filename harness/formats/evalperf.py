"""EvalPerf: pass rates and efficiency scores by task, and its table of all models."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import ClaimedRate, Format, Reading, SetAside, no_rows
from harness.formats.records import problem_table, row_table

METRICS: Mapping[str, pl.DataType] = {"dps": pl.Float64(), "dps_norm": pl.Float64()}
NAME = re.compile(
    r"(?P<model>.+)_[A-Za-z]+_temp_\d+(?:\.\d+)?(?P<variant>-[\w-]+)?_evalperf_results"
)
FULL = 100.000001  # a mean of scores of 100 can come out a rounding above it
EXACT = 1e-6  # percent; a rate over n samples is a whole number of n-ths
NAMED = "The model stands in the file's name alone, with -- for a slash; a prompt variant is kept."
NOT_A_MODEL = "heatmap_data"


def matches(path: Path, head: bytes) -> bool:
    """Tell a run by the efficiency scores of its tasks."""
    del path
    value = peek_json(head)
    tasks = value.get("eval") if isinstance(value, dict) else None
    first = next(iter(tasks.values()), None) if isinstance(tasks, dict) else None
    return isinstance(first, dict) and bool({"dps", "dps_norm"} & first.keys())


def matches_table(path: Path, head: bytes) -> bool:
    """Tell the table of all models by the efficiency scores of the first."""
    del path
    value = peek_json(head)
    if not isinstance(value, dict):
        return False
    first = next((held for key, held in value.items() if key != NOT_A_MODEL), None)
    return isinstance(first, dict) and {"dps", "dps_norm", "pass@1"} <= first.keys()


def model_name(path: Path) -> str | None:
    """Read the model from a file's name as EvalPerf writes it: ``--`` stands for a slash."""
    match = NAME.match(path.name)
    if match is None:
        return None
    variant = f" ({match['variant'][1:]})" if match["variant"] else ""
    return match["model"].replace("--", "/") + variant


def read(path: Path) -> Reading:
    """Read one model's run, with single samples where the file keeps them.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a rate or score outside 0 to 100, a rate that is no number of n-ths.
    """
    document = Place(path, read_json(path))
    model, samples = model_name(path), _samples(document)
    rows = [row for task in document.at("eval").items() for row in _task(*task, samples)]
    for row in rows:
        row["model"] = model
    tasks = list(dict.fromkeys(row["problem"] for row in rows))
    return Reading(
        format="evalperf",
        path=path,
        rows=row_table(rows, metrics=METRICS),
        problems=problem_table({"problem": t, "category": t.partition("/")[0]} for t in tasks),
        model_names={},
        rules=(*_rules(document, samples), *([NAMED] if model else [])),
        set_aside=_missing(rows, model),
        claimed=tuple(_claimed(document, model)),
    )


def read_table(path: Path) -> Reading:
    """Read the table of all models: rates alone, with no task behind them.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, or a rate outside 0 to 100.
    """
    document = Place(path, read_json(path))
    models = [(name, held) for name, held in document.items() if name != NOT_A_MODEL]
    claimed = [
        ClaimedRate(metric, held.at(key).number(0, FULL) / scale, name.replace("--", "/"))
        for name, held in models
        for key, metric, scale in (("pass@1", "score", 100), ("dps", "dps", 1))
    ]
    return Reading(
        format="evalperf-table",
        path=path,
        rows=no_rows(),
        problems=problem_table([]),
        model_names={},
        rules=("heatmap_data is no model; it holds the scores of pairs of models.",),
        claimed=tuple(claimed),
        lacks=f"The table states mean scores of {len(models)} models and neither tasks nor counts. "
        "The files *_evalperf_results.brief.json beside it hold each task.",
    )


def _samples(document: Place) -> int:
    config = document.get("config") or document
    return config.at("n_samples").whole(1)


def _rules(document: Place, samples: int) -> tuple[str, ...]:
    config = document.get("config") or document
    least = config.get("min_correct")
    return (
        f"score is pass@1, the share of {samples} samples that passed: an average, not a pass.",
        (
            "dps and dps_norm are efficiency scores from 0 to 100, known where at least "
            f"{least.whole() if least else 'a number of'} samples passed; their means are over "
            "those tasks only."
        ),
    )


def _task(task: str, held: Place, samples: int) -> Iterator[dict[str, Any]]:
    name = Place(held.path, task, held.keys).name()
    results = held.get("results")
    if results is None:
        yield {"problem": name, "sample": 0, "score": _rate(held, samples), **_scores(held)}
        return
    for index, result in enumerate(results.entries()):
        passed = result.at("pass").boolean()
        yield {"problem": name, "sample": index, "passed": passed, **_scores(result)}


def _scores(held: Place) -> dict[str, float | None]:
    places = {metric: held.get(metric) for metric in METRICS}
    return {m: place.number(0, FULL) if place else None for m, place in places.items()}


def _rate(held: Place, samples: int) -> float | None:
    stated = held.at("pass@1")
    if stated.value is None:
        return None
    percent = stated.number(0, FULL)
    if abs(percent * samples / 100 - round(percent * samples / 100)) > EXACT:
        raise stated.error(expected=f"a percentage that {samples} samples can give")
    return min(percent / 100, 1.0)


def _missing(rows: list[dict[str, Any]], model: str | None) -> tuple[SetAside, ...]:
    unscored = sum(row.get("score") is None and row.get("passed") is None for row in rows)
    unprofiled = sum(row["dps"] is None for row in rows if row.get("passed") is None)
    notes = (
        SetAside("tasks without a pass rate", unscored, "They are missing, not failed.", model),
        SetAside(
            "tasks without efficiency scores",
            unprofiled,
            "Too few samples passed to be profiled: missing, not 0.",
            model,
        ),
    )
    return tuple(note for note in notes if note.count)


def _claimed(document: Place, model: str | None) -> Iterator[ClaimedRate]:
    summary = document.get("summary")
    stated = summary.get("pass@1") if summary else None
    if stated:
        yield ClaimedRate("score", min(stated.number(0, FULL) / 100, 1.0), model)


FORMAT = Format(
    id="evalperf", title="EvalPerf results", matches=matches, read=read, harness="EvalPerf"
)
FORMAT_TABLE = Format(
    id="evalperf-table",
    title="EvalPerf's table of all models",
    matches=matches_table,
    read=read_table,
    harness="EvalPerf",
)
FORMATS = (FORMAT, FORMAT_TABLE)
