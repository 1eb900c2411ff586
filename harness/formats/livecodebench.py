"""LiveCodeBench: the harness's own ``*_eval_all.json`` of its code generation scenario.

A list of problems with ``graded_list``, one boolean a sample, and ``metadata``, one JSON string a
sample: on a pass ``{"execution time": seconds}``, else an error code with a free message. The
stated ``pass@k`` are fractions here (percent in the site's file).
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.formats.files import content_hash, parse_json, read_json
from harness.formats.notes import facts_table, mean_claims, noted
from harness.formats.peek import peek_json, peek_record
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside
from harness.formats.records import row_table

CODES: Mapping[int, str] = {
    -2: "wrong answer",
    -3: "time limit exceeded",
    -4: "runtime error",
    -5: "test runner error",
}
RUNNER = CODES[-5]
PASS_AT = re.compile(r"pass@(\d{1,6})")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")


def matches(_path: Path, head: bytes) -> bool:
    """Tell by the first record: a dated contest problem with graded or generated samples."""
    record = peek_record(head)
    known = {"question_id", "contest_date", "question_content"}
    return (
        isinstance(peek_json(head), list)
        and len(known & record.keys()) >= 2
        and ("graded_list" in record or "output_list" in record)
    )


def read(path: Path) -> Reading:
    """Read one evaluated run.

    Raises
    ------
    ResultFileError
        Not whole JSON, a field that is missing or of another type, lists of different lengths, a
        problem twice, or a pass@1 that its own samples contradict.
    """
    rows: list[dict[str, Any]] = []
    facts: dict[str, dict[str, str | None]] = {}
    stated: dict[int, list[float]] = {}
    for record in Place(path, read_json(path)).entries():
        problem = record.at("question_id").name()
        if problem in facts:
            raise record.at("question_id").error(
                expected="each problem once", way_out="Files of other scenarios cannot be read."
            )
        facts[problem] = _facts(record)
        of_problem = list(_rows(problem, record))
        _take_rates(record, of_problem, stated)
        rows += of_problem
    if not rows:
        raise Place(path, []).error(expected="problems with samples")
    untimed = _clear_sentinels(rows)
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=row_table(rows),
        problems=facts_table(facts),
        model_names={},
        rules=(
            "A sample passed if `graded_list` says so.",
            "`outcome` is the error code in words; messages are free text and are not taken.",
            "`runtime_s` is the execution time of samples that passed; others have none.",
        ),
        set_aside=_set_aside(rows, untimed),
        claimed=mean_claims(
            "passed", {k: of_k for k, of_k in stated.items() if len(of_k) == len(facts)}
        ),
    )


def _clear_sentinels(rows: list[dict[str, Any]]) -> int:
    """Make runtimes that are not above 0 missing; give how many there were."""
    untimed = [row for row in rows if row.get("runtime_s") is not None and row["runtime_s"] <= 0]
    for row in untimed:
        row["runtime_s"] = None
    return len(untimed)


def _set_aside(rows: list[dict[str, Any]], untimed: int) -> tuple[SetAside, ...]:
    return noted(
        SetAside(
            "samples on which the harness's own test runner failed",
            sum(row["outcome"] == RUNNER for row in rows),
            "they count as failed, as in the harness's rate",
        ),
        SetAside(
            "execution times that are not above 0",
            untimed,
            "the runtime is missing; the sample still passed",
        ),
    )


def _facts(record: Place) -> dict[str, str | None]:
    content = record.get("question_content")
    return {
        "category": _text(record.get("platform")),
        "difficulty": _text(record.get("difficulty")),
        "title": _text(record.get("question_title")),
        "date": _date(record.get("contest_date")),
        "content_hash": content_hash(content.text()) if content and content.text() else None,
    }


def _text(place: Place | None) -> str | None:
    return place.text() or None if place is not None else None


def _date(place: Place | None) -> str | None:
    if place is None:
        return None
    if not DATE.fullmatch(place.text()):
        raise place.error(expected="a date and time such as 2024-05-18T00:00:00")
    return place.text()[:10]


def _rows(problem: str, record: Place) -> Iterator[dict[str, Any]]:
    graded = record.at("graded_list")
    metadata = record.get("metadata")
    count = len(graded.sequence())
    if count == 0:
        raise graded.error(expected="at least one sample")
    if metadata is not None and len(metadata.sequence()) != count:
        raise metadata.error(
            found=f"{len(metadata.sequence())} entries", expected=f"{count}, as in graded_list"
        )
    for sample, grade in enumerate(graded.entries()):
        row = {"problem": problem, "sample": sample, "passed": grade.boolean()}
        yield row | _told(grade.boolean(), metadata.at(sample) if metadata is not None else None)


def _told(passed: bool, entry: Place | None) -> dict[str, Any]:
    """Give outcome and runtime of one sample from its metadata."""
    metadata = _parsed(entry) if entry is not None else None
    if passed:
        time = metadata.get("execution time") if metadata is not None else None
        return {"outcome": "passed", "runtime_s": time.number() if time is not None else None}
    code = metadata.get("error_code") if metadata is not None else None
    if code is None:
        return {"outcome": "failed"}
    number = code.whole(low=-(2**31))
    return {"outcome": CODES.get(number, f"error code {number}")}


def _parsed(entry: Place) -> Place:
    """Open the JSON text that an entry is; a few versions write the object itself."""
    if isinstance(entry.value, dict):
        return entry
    text = entry.text()
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise entry.error(expected='a JSON object as text, such as {"error_code": -2}') from None
    value = parse_json(entry.path, text.encode(), constants=True)
    if value is None:
        value = {}
    opened = Place(entry.path, value, entry.keys, entry.line)
    opened.mapping()
    return opened


def _take_rates(record: Place, rows: list[dict[str, Any]], stated: dict[int, list[float]]) -> None:
    """Collect the problem's pass@k, and hold pass@1 against its own samples."""
    share = sum(row["passed"] for row in rows) / len(rows)
    for name, value in record.items():
        if (match := PASS_AT.fullmatch(name)) is None:
            continue
        rate = value.number(0, 1)
        if match[1] == "1" and abs(rate - share) > 1e-9:
            raise value.error(
                expected=f"{share:g}, the share of true values in graded_list",
                way_out="The file was altered, or joined from two runs.",
            )
        stated.setdefault(int(match[1]), []).append(rate)


FORMAT = Format(
    id="livecodebench",
    title="LiveCodeBench evaluated run (eval_all)",
    matches=matches,
    read=read,
    harness="LiveCodeBench",
)
