"""HumanEval-X graded generations, whose samples are columns.

One object a problem; under ``"163"`` stands the code of sample 163 and under ``"grade-163"``
``{"execution": 0 or 1}``. The numbers differ from problem to problem (20 were drawn out of 200),
so they are labels: samples are counted anew from 0 in the order of their labels.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.formats.files import content_hash, read_json
from harness.formats.notes import facts_table, noted
from harness.formats.peek import peek_json, peek_record
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside
from harness.formats.records import row_table

GRADE = re.compile(r"grade-(\d{1,9})")
CODE = re.compile(r"\d{1,9}")


def matches(_path: Path, head: bytes) -> bool:
    """Tell by the first record: a task id and a grade by execution."""
    record = peek_record(head)
    graded = [key for key in record if GRADE.fullmatch(key)]
    return isinstance(peek_json(head), list) and "task_id" in record and bool(graded)


def read(path: Path) -> Reading:
    """Read one file of graded samples.

    Raises
    ------
    ResultFileError
        Not whole JSON, a field that is missing or of another type, a grade that is neither 0 nor
        1, a task twice, or a task without samples.
    """
    rows: list[dict[str, Any]] = []
    facts: dict[str, dict[str, str | None]] = {}
    for record in Place(path, read_json(path, constants=True)).entries():
        problem = record.at("task_id").name()
        if problem in facts:
            raise record.at("task_id").error(expected="each task once")
        intent = record.get("intent")
        facts[problem] = {"content_hash": content_hash(intent.text()) if intent else None}
        rows += _rows(problem, record)
    ungraded = sum(row["passed"] is None for row in rows)
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=row_table(rows),
        problems=facts_table(facts),
        model_names={},
        rules=(
            "A sample passed if its `execution` is 1.",
            "A 0 may be a compile error: the file does not tell, so `compiled` is missing.",
            "Sample numbers are labels of their problem; they are counted anew from 0.",
            "Similarities of texts (`bleu`, `codebleu` and their like) are not taken.",
        ),
        set_aside=noted(
            SetAside("samples without a grade", ungraded, "whether they pass is missing")
        ),
    )


def _rows(problem: str, record: Place) -> Iterator[dict[str, Any]]:
    labels = {match[1] for key in record.mapping() if (match := GRADE.fullmatch(key))}
    labels |= {key for key in record.mapping() if CODE.fullmatch(key)}
    if not labels:
        raise record.error(found="no samples", expected='samples, such as "163" and "grade-163"')
    for sample, label in enumerate(sorted(labels, key=lambda label: (int(label), label))):
        grade = record.get(f"grade-{label}")
        yield {"problem": problem, "sample": sample, "passed": _passed(grade)}


def _passed(grade: Place | None) -> bool | None:
    execution = grade.get("execution") if grade is not None else None
    if execution is None:
        return None
    if execution.value not in (0, 1):
        raise execution.error(expected="0 or 1")
    return bool(execution.value)


FORMAT = Format(
    id="humaneval-x",
    title="HumanEval-X graded samples",
    matches=matches,
    read=read,
    harness="HumanEval-X",
)
