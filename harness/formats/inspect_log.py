"""Inspect AI logs: ``.eval`` (a zip of JSON) and ``.json``, plain or gzip.

A release needs a handful of a log's fields: the model, the task, and each sample's id, epoch and
scores. They are read here and not through the harness's own package, which needs some forty others,
checks whole transcripts against its present classes, and changes values of old logs on the way in.
The price: the format is versioned and may move, so a log of a newer version than those this was
tested with is said to be one. Entries may be deflated, or compressed with Zstandard as the harness
does by now, and a large sample may lie in pieces, of which its ``sample.json`` is read.

The times in a log are the model's latency, not a program's runtime: they are not taken.
"""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from harness.formats.files import head, read_json
from harness.formats.inspect_archive import archive_log, is_archive
from harness.formats.inspect_samples import INVALID, Sample, read_samples
from harness.formats.inspect_scores import Scored, sort_out
from harness.formats.notes import facts_table, noted
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import ClaimedRate, Format, Reading, SetAside, no_problems, no_rows
from harness.formats.records import row_table
from harness.text import shown

VERSIONS = (1, 2)


def matches(_path: Path, start: bytes) -> bool:
    """Tell a zip by its members, a JSON log by ``eval`` with its task and its model."""
    if is_archive(start):
        return any(name in start for name in (b"_journal/", b"header.json", b"samples/"))
    document = peek_json(start)
    run = document.get("eval") if isinstance(document, dict) else None
    return isinstance(run, dict) and {"task", "model"} <= run.keys() and "status" in document


def read(path: Path) -> Reading:
    """Read one log.

    Raises
    ------
    ResultFileError
        Not a whole zip or JSON, an entry that is encrypted or compressed in another way, a field
        that is missing or of another type, or a sample and epoch twice that disagree.
    """
    header, records = _log(path)
    run = header.at("eval")
    model, task = run.at("model").name(), run.at("task").name()
    samples, repeated = read_samples(records, task)
    if not samples:
        return _aggregate(path, header, model)
    if not any(mark.value is not None for s in samples for mark in s.marks.values()):
        return _without(path, _unscored(samples))
    scored = sort_out([sample.marks for sample in samples], _scorers(header))
    rows = [_row(*both, model) for both in zip(samples, scored.values, scored.words, strict=True)]
    size = _size(header, run)
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=row_table(rows, metrics={name: pl.Float64() for name in scored.further}),
        problems=facts_table(
            {s.problem: {"category": task, "content_hash": s.content_hash} for s in samples}
        ),
        model_names={},
        rules=(*_rules(header, len(samples), size), *scored.rules),
        set_aside=noted(*_set_aside(header, samples, scored, repeated), *scored.set_aside),
        claimed=tuple(_claims(header, scored, model)),
        n_problems=size,
        meanings={task: scored.main} if scored.main is not None else {},
    )


def _log(path: Path) -> tuple[Place, Iterator[Place]]:
    if is_archive(head(path)):
        return archive_log(path)
    document = Place(path, read_json(path, constants=True))
    samples = document.get("samples")
    return document, samples.entries() if samples is not None else iter(())


def _row(sample: Sample, values: dict[str, Any], word: str | None, model: str) -> dict[str, Any]:
    unscored = None if any(value is not None for value in values.values()) else "unscored"
    return {
        "model": model,
        "problem": sample.problem,
        "sample": sample.epoch - 1,
        "outcome": sample.ended or word or unscored,
        **values,
    }


def _scorers(header: Place) -> list[str]:
    """List the names that scores may stand under, in the order of the results."""
    names: list[str] = []
    for entry in _results(header):
        scorer, name = entry.get("scorer"), entry.get("name")
        if scorer is not None and name is not None:
            names.append(f"{scorer.text()}.{name.text()}")
        names += [place.text() for place in (name, scorer) if place is not None]
    return names


def _results(header: Place) -> Iterator[Place]:
    results = header.get("results")
    scores = results.get("scores") if results is not None else None
    if scores is not None:
        yield from scores.entries()


def _total(header: Place) -> int | None:
    """Give the number of samples that the log's results are over."""
    results = header.get("results")
    total = results.get("total_samples") if results is not None else None
    return total.whole() if total is not None else None


def _size(header: Place, run: Place) -> int | None:
    """Give the size of the data set: as stated, or as the results need it where a file was cut."""
    dataset, config = run.get("dataset"), run.get("config")
    stated = dataset.get("samples") if dataset is not None else None
    epochs = config.get("epochs") if config is not None else None
    per_problem = epochs.whole(low=1) if epochs is not None else 1
    needed = math.ceil((_total(header) or 0) / per_problem)
    return max(stated.whole() if stated is not None else 0, needed) or None


def _rules(header: Place, samples: int, size: int | None) -> Iterator[str]:
    yield "A problem's id is task/id, and the epochs are its samples."
    yield "Times in the log are the model's latency, so `runtime_s` is missing."
    status, version = header.get("status"), header.get("version")
    if status is not None and status.text() != "success":
        yield (
            f"The run's status is {shown(status.text())}: the log holds {samples} samples"
            + (f" of a data set of {size}." if size is not None else ".")
        )
    if version is not None and version.whole() not in VERSIONS:
        yield f"The log is of version {version.whole()}; versions 1 and 2 were tested."


def _set_aside(
    header: Place, samples: Sequence[Sample], scored: Scored, repeated: int
) -> Iterator[SetAside]:
    bare = [
        sample
        for sample, values in zip(samples, scored.values, strict=True)
        if all(value is None for value in values.values())
    ]
    errored = sum(sample.ended == "error" for sample in bare)
    invalid = sum(sample.ended == INVALID for sample in bare)
    absent = max((_total(header) or 0) - len(samples), 0)
    missing = "they stay as rows, and whether they pass is missing"
    yield SetAside("samples that ended in an error and have no score", errored, missing)
    yield SetAside("invalidated samples", invalid, missing)
    yield SetAside("unscored samples", len(bare) - errored - invalid, missing)
    yield SetAside("samples that the log's results count and the file lacks", absent, "missing")
    yield SetAside("samples that the log repeats alike", repeated, "taken once")


def _claims(header: Place, scored: Scored, model: str) -> Iterator[ClaimedRate]:
    """Take the accuracy of the deciding scorer, if it is the mean over just these samples."""
    column = scored.column
    whole = len(scored.values) == _total(header)
    if column is None or not whole or any(column not in values for values in scored.values):
        return
    for entry in _results(header):
        if scored.main in _names(entry) and _is_mean(entry):
            yield from _rates(entry, column, model)
            return


def _names(entry: Place) -> set[str]:
    scorer, name = entry.get("scorer"), entry.get("name")
    words = {place.text() for place in (scorer, name) if place is not None}
    if scorer is not None and name is not None:
        words.add(f"{scorer.text()}.{name.text()}")
    return words


def _is_mean(entry: Place) -> bool:
    reducer = entry.get("reducer")
    return reducer is None or reducer.value == "mean"


def _rates(entry: Place, metric: str, model: str) -> Iterator[ClaimedRate]:
    metrics = entry.get("metrics")
    for name in ("accuracy", "mean"):
        stated = metrics.get(name) if metrics is not None else None
        value = stated.get("value") if stated is not None else None
        if value is not None and not (isinstance(value.value, float) and math.isnan(value.value)):
            yield ClaimedRate(metric, value.number(), model=model)
            return


def _aggregate(path: Path, header: Place, model: str) -> Reading:
    """Read a log that kept no samples: its rates can be cited."""
    claims = []
    for entry in _results(header):
        name = entry.at("name").text()
        claims += list(_rates(entry, name, model))
    total = _total(header)
    over = f" over {total:,} samples" if total is not None else ""
    return _without(
        path,
        f"The log holds results{over} and no samples. Ingest the log that the run wrote first, "
        "with its samples; they are left out where it ran with --no-log-samples.",
        claims,
    )


def _unscored(samples: Sequence[Sample]) -> str:
    errored = sum(sample.ended == "error" for sample in samples)
    ended = f" ({errored} ended in an error)" if errored else ""
    return (
        f"None of the log's samples has a score: {len(samples)} are unscored{ended}. Score them "
        "with `inspect score FILE`, and ingest the log that it writes."
    )


def _without(path: Path, lacks: str, claims: Sequence[ClaimedRate] = ()) -> Reading:
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=no_rows(),
        problems=no_problems(),
        model_names={},
        claimed=tuple(claims),
        lacks=lacks,
    )


FORMAT = Format(
    id="inspect",
    title="Inspect AI log (.eval or .json)",
    matches=matches,
    read=read,
    harness="Inspect AI",
)
