"""Every Eval Ever's single samples: JSON lines that lie beside a record."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from harness.formats.files import content_hash, json_lines
from harness.formats.peek import peek_record
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside
from harness.formats.records import problem_table, row_table

RULES = (
    (
        "A sample of score 0 or 1 is passed where is_correct is true; a score between is kept as a "
        "score, as is_correct means nothing there."
    ),
    "Where a file holds several evaluations, a problem is the evaluation with the sample's id.",
)
OUTSIDE = "A score outside 0 to 1 is no share of a problem: unscored, not failed."


def matches(path: Path, start: bytes) -> bool:
    """Tell a line with an evaluation, a sample and its score."""
    del path
    record = peek_record(start)
    return {"evaluation_id", "model_id", "sample_id"} <= record.keys() and (
        start.lstrip()[:1] == b"{"
    )


def read(path: Path) -> Reading:
    """Read the samples.

    Raises
    ------
    harness.errors.ResultFileError
        A line that is no JSON object, a missing or mistyped field, a sample that stands twice.
    """
    lines = [Place(path, value, (), line) for line, value in json_lines(path)]
    evaluations = [line.at("evaluation_name").name() for line in lines]
    several = len(set(evaluations)) > 1
    problems = [
        f"{evaluation}/{line.at('sample_id').name()}" if several else line.at("sample_id").name()
        for line, evaluation in zip(lines, evaluations, strict=True)
    ]
    rows = list(_rows(lines, problems))
    facts = {
        problem: {"problem": problem, **_facts(line, evaluation if several else None)}
        for line, evaluation, problem in zip(lines, evaluations, problems, strict=True)
    }
    outside = sum(row["outcome"] is not None for row in rows)
    return Reading(
        format="every-eval-ever-samples",
        path=path,
        rows=row_table(rows),
        problems=problem_table(facts.values()),
        model_names={},
        rules=RULES,
        set_aside=(SetAside("unscored samples", outside, OUTSIDE),) if outside else (),
    )


def _rows(lines: Sequence[Place], problems: Sequence[str]) -> Iterator[dict[str, Any]]:
    seen: dict[tuple[str, str], int | None] = {}
    for line, problem in zip(lines, problems, strict=True):
        model = line.at("model_id").name()
        before = seen.setdefault((model, problem), line.line)
        if before != line.line:
            raise line.at("sample_id").error(
                found=f"{problem} of {model}, which line {before} holds too",
                expected="each sample once",
            )
        yield {"model": model, "problem": problem, "sample": 0, **_verdict(line)}


def _verdict(line: Place) -> dict[str, Any]:
    evaluation = line.at("evaluation")
    score, correct = evaluation.at("score").number(), evaluation.at("is_correct").boolean()
    if score in {0, 1}:
        return {"passed": correct, "outcome": None}
    if 0 < score < 1:
        return {"score": score, "outcome": None}
    return {"outcome": "score outside 0 to 1"}


def _facts(line: Place, category: str | None) -> dict[str, Any]:
    asked = line.get("input")
    text = asked.get("raw") if asked and isinstance(asked.value, dict) else None
    return {"category": category, "content_hash": content_hash(text.text()) if text else None}


FORMAT = Format(
    id="every-eval-ever-samples",
    title="Every Eval Ever samples",
    matches=matches,
    read=read,
    harness="Every Eval Ever",
)
