"""lm-evaluation-harness: the samples of one task, one JSON object a line.

Two generations have samples. Today's lines (``samples_<task>_<time>.jsonl``) name their metrics in
``metrics`` and their filter in ``filter``, and carry hashes; those of 2023
(``<model args>_<task>.jsonl``) have none of these, so there each key that is not known otherwise is
a metric. A line is one document under one filter. Only the results file beside it, of the same
time, knows the model, how many documents the task has, and the rate over all of them.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from harness.formats.files import json_lines
from harness.formats.lm_eval_names import Source, source_of
from harness.formats.notes import Facts, facts_table, noted
from harness.formats.peek import peek_record
from harness.formats.place import Place
from harness.formats.reading import ClaimedRate, Format, Reading, SetAside
from harness.formats.records import row_table

KNOWN = frozenset(
    {"doc_id", "doc", "target", "arguments", "resps", "filtered_resps"}
    | {"filter", "metrics", "doc_hash", "prompt_hash", "target_hash"}
)
PASSES = ("exact_match", "acc", "pass@1", "pass_at_1", "acc_norm", "em")
"""Metrics that are 1 or 0 for a document, the first of them before the others."""

PASS_LIKE = re.compile(r"(.+_)?(acc|accuracy|acc_norm|exact_match|em|pass@1|pass_at_1)")
"""Names of further metrics that are a pass where they are 1 or 0 throughout."""

WORDS = {"True": 1.0, "False": 0.0}
"""What the harness writes for NumPy's booleans, which JSON does not know."""

Key = tuple[str, str | None]
"""A metric and the filter it stands under."""


@dataclass(frozen=True, slots=True)
class Line:
    """One document under one filter; a metric that is no number is not among the values."""

    doc_id: str
    filter: str | None
    values: Mapping[str, float]
    no_numbers: tuple[str, ...]
    content_hash: str
    number: int

    def keyed(self) -> dict[Key, float]:
        """Give the values by metric and filter."""
        return {(name, self.filter): value for name, value in self.values.items()}


def matches(_path: Path, head: bytes) -> bool:
    """Tell by the first line: a document with its responses."""
    return peek_record(head).keys() >= {"doc_id", "doc", "resps", "filtered_resps"}


def read(path: Path) -> Reading:
    """Read the samples of one task.

    Raises
    ------
    ResultFileError
        A line that is no JSON object, a field that is missing or of another type, no metric that
        is a number, or two lines of one document and filter that disagree.
    """
    source = source_of(path)
    lines, repeated = _once(
        path, [_line(path, *numbered) for numbered in json_lines(path, constants=True)]
    )
    main, further = _metrics(path, lines)
    column = _column_of(main, lines)
    names = {key: _name(key, several=_filters(lines) > 1) for key in (main, *further)}
    if column is None:  # neither a pass nor a fraction: it stays a metric of its own
        further = (main, *further)
    rows = _rows(lines, source, {names[key]: key for key in further}, main, column)
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=row_table(rows, metrics={names[key]: pl.Float64() for key in further}),
        problems=facts_table({_id(source, line): _fact(source, line) for line in lines}),
        model_names={},
        rules=(*source.rules, _rule(names[main], column), *_filter_rule(main, lines)),
        set_aside=noted(*_set_aside(lines, repeated, len(rows), source)),
        claimed=_claims(main, column, len(rows), source),
        n_problems=source.original,
        meanings={source.task: _name(main, several=main[1] not in (None, "none"))},
    )


def _line(path: Path, number: int, value: Any) -> Line:
    record = Place(path, value, (), number)
    doc_id = record.at("doc_id").name()
    named, kind = record.get("metrics"), record.get("filter")
    keys = [key for key in record.mapping() if key not in KNOWN]
    if named is not None:
        keys = [name.text() for name in named.entries()]
    metrics = {key: record.at(key) for key in keys}
    numbers = {key: place for key, place in metrics.items() if _is_number(place.value)}
    return Line(
        doc_id=doc_id,
        filter=kind.text() if kind is not None else None,
        values={key: _number(place) for key, place in numbers.items()},
        no_numbers=tuple(key for key in metrics if key not in numbers),
        content_hash=_hash(record),
        number=number,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and value in WORDS)


def _number(place: Place) -> float:
    if isinstance(place.value, str):
        return WORDS[place.value]
    return float(place.value) if isinstance(place.value, bool) else place.number()


def _hash(record: Place) -> str:
    """Take the hash of the document; for lines of 2023 make it as the harness does today."""
    given = record.get("doc_hash")
    if given is not None:
        return given.text()
    text = json.dumps(record.at("doc").value, indent=2, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _once(path: Path, lines: Sequence[Line]) -> tuple[list[Line], int]:
    """Drop lines that several ranks wrote alike; lines that disagree are an error."""
    kept: dict[Key, Line] = {}
    for line in lines:
        first = kept.setdefault((line.doc_id, line.filter), line)
        if first.values != line.values or first.content_hash != line.content_hash:
            raise Place(path, line.doc_id, ("doc_id",), line.number).error(
                found=f"document {Place.quoted(line.doc_id)} again, unlike line {first.number}",
                expected="each document once under a filter",
                way_out="Were the files of two runs joined? Ingest them one by one.",
            )
    return list(kept.values()), len(lines) - len(kept)


def _filters(lines: Sequence[Line]) -> int:
    return len({line.filter for line in lines})


def _name(key: Key, *, several: bool) -> str:
    """Name a metric's column; with several filters as the results file does."""
    metric, kind = key
    return f"{metric},{kind}" if several else metric


def _metrics(path: Path, lines: Sequence[Line]) -> tuple[Key, tuple[Key, ...]]:
    """Choose the main metric, the best known under the first filter, and list the others."""
    keys = list(dict.fromkeys(key for line in lines for key in line.keyed()))
    if not keys:
        raise Place(path, None, (), lines[0].number).error(
            found="no metric that is a number", expected="metrics such as exact_match or acc"
        )
    known = [key for name in PASSES for key in keys if key[0] == name]
    known += [key for key in keys if PASS_LIKE.fullmatch(key[0])]
    main = known[0] if known else keys[0]
    return main, tuple(key for key in keys if key != main)


def _column_of(main: Key, lines: Sequence[Line]) -> str | None:
    """Choose the canonical column of the main metric; None where it is no fraction."""
    values = {value for line in lines for key, value in line.keyed().items() if key == main}
    if PASS_LIKE.fullmatch(main[0]) and values <= {0.0, 1.0}:
        return "passed"
    return "score" if all(0 <= value <= 1 for value in values) else None


def _rows(
    lines: Sequence[Line],
    source: Source,
    further: Mapping[str, Key],
    main: Key,
    column: str | None,
) -> list[dict[str, Any]]:
    """Join the filters of each document into its row."""
    documents: dict[str, dict[Key, float]] = {}
    for line in lines:
        documents.setdefault(_id(source, line), {}).update(line.keyed())
    rows = []
    for problem, values in documents.items():
        row: dict[str, Any] = {name: values.get(key) for name, key in further.items()}
        row |= {"model": source.model, "problem": problem, "sample": 0}
        value = values.get(main)
        if column is not None and value is not None:
            row[column] = value == 1 if column == "passed" else value
        rows.append(row)
    return rows


def _id(source: Source, line: Line) -> str:
    return f"{source.task}/{line.doc_id}"


def _fact(source: Source, line: Line) -> Facts:
    return {"category": source.task, "content_hash": line.content_hash}


def _rule(name: str, column: str | None) -> str:
    shown = f"`{name}`"
    if column == "passed":
        return f"A document passed if {shown} is 1; other metrics stand in columns of their own."
    if column == "score":
        return f"{shown} has fractions and is the `score`; a fraction is no pass."
    return f"{shown} is no fraction from 0 to 1: it stays a column of its own, none is a pass."


def _filter_rule(main: Key, lines: Sequence[Line]) -> tuple[str, ...]:
    if _filters(lines) == 1:
        return ()
    return (
        f"The file filters each answer in {_filters(lines)} ways; the first, `{main[1]}`, decides.",
        "Other filters are columns named metric,filter.",
    )


def _set_aside(
    lines: Sequence[Line], repeated: int, documents: int, source: Source
) -> tuple[SetAside, ...]:
    words = sorted({name for line in lines for name in line.no_numbers})
    absent = source.effective - documents if source.effective is not None else 0
    return (
        SetAside("lines that repeat a document alike", repeated, "taken once"),
        SetAside(
            f"values of {', '.join(f'`{word}`' for word in words)} that are no number",
            sum(len(line.no_numbers) for line in lines),
            "left out",
        ),
        SetAside(
            "documents that the results count and the samples lack",
            max(absent, 0),
            "missing; the rate in the results file is over all of them and is not compared",
        ),
    )


def _claims(
    main: Key, column: str | None, documents: int, source: Source
) -> tuple[ClaimedRate, ...]:
    """Take the rate that the results state, where the samples are all that it is over."""
    value = source.rates.get(f"{main[0]},{main[1] or 'none'}")
    if value is None or column is None or documents != source.effective:
        return ()
    return (ClaimedRate(column, value, model=source.model),)


FORMAT = Format(
    id="lm-eval",
    title="lm-evaluation-harness samples",
    matches=matches,
    read=read,
    harness="lm-evaluation-harness",
)
