"""Execution details by problem: a list of pairs, a completion's number and what became of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, no_problems
from harness.formats.records import row_table

COMPILE = re.compile(r"compil|syntax ?error", re.IGNORECASE)
TIMEOUT = re.compile(r"time[d ]*[- ]?out", re.IGNORECASE)
SPOKEN = 200  # characters of a result that say what kind it is; the rest is the program's output

RULES = (
    (
        "passed is the flag of that name. The outcome is the kind of the result: passed, compile "
        "error, timed out, or failed; its text is not kept."
    ),
)
COMPILED = (
    "A result that names a compile error did not compile and is no wrong answer; every other "
    "result did compile, as this harness says so where one does not."
)
UNKNOWN = "No result names a compile error, so whether a program compiled is not known."


def matches(path: Path, head: bytes) -> bool:
    """Tell an object whose first entry is a list of pairs with ``passed`` and ``result``."""
    del path
    value = peek_json(head)
    if not isinstance(value, dict) or not value:
        return False
    first = next(iter(value.values()))
    pair = first[0] if isinstance(first, list) and first else None
    return (
        isinstance(pair, list)
        and len(pair) == 2
        and isinstance(pair[1], dict)
        and bool({"passed", "result"} & pair[1].keys())
    )


def read(path: Path) -> Reading:
    """Read the details; they name no model.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, an entry that is no pair, a completion twice, ``passed`` and ``result`` that
        contradict each other.
    """
    document = Place(path, read_json(path))
    rows = [row for pairs in document.items() for row in _task(*pairs)]
    if not rows:
        raise document.error(found="no completions", expected="pairs of a number and a result")
    built = any(row["outcome"] == "compile error" for row in rows)
    for row in rows:
        row["compiled"] = row["outcome"] != "compile error" if built else None
    return Reading(
        format="execution-details",
        path=path,
        rows=row_table(rows),
        problems=no_problems(),
        model_names={},
        rules=(*RULES, COMPILED if built else UNKNOWN),
    )


def _task(task: str, pairs: Place) -> Iterator[dict[str, Any]]:
    problem = Place(pairs.path, task, pairs.keys).name()
    seen: set[int] = set()
    for pair in pairs.entries():
        if len(pair.sequence()) != 2:
            raise pair.error(
                found=f"a list of {len(pair.sequence())}", expected="a completion and its result"
            )
        number = pair.at(0).whole()
        if number in seen:
            raise pair.at(0).error(
                found=f"completion {number} a second time", expected="each completion once"
            )
        seen.add(number)
        yield {"problem": problem, "sample": number, **_verdict(pair.at(1), number)}


def _verdict(details: Place, number: int) -> dict[str, Any]:
    passed, result = details.at("passed").boolean(), details.at("result").text()
    stated = details.get("completion_id")
    if stated and stated.whole() != number:
        raise stated.error(expected=f"{number}, as before the result")
    if passed != (result.strip() == "passed"):
        raise details.at("result").error(
            expected='"passed" where passed is true, and another word where it is false'
        )
    return {"passed": passed, "outcome": _kind(result[:SPOKEN])}


def _kind(result: str) -> str:
    if result.strip() == "passed":
        return "passed"
    if COMPILE.search(result):
        return "compile error"
    return "timed out" if TIMEOUT.match(result.strip()) else "failed"


FORMAT = Format(
    id="execution-details",
    title="Execution details of a multi-language harness",
    matches=matches,
    read=read,
    harness="MultiPL-E in other harnesses",
)
