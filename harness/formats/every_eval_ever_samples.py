"""Every Eval Ever's single samples: JSON lines that lie beside a record."""

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
    names = [line.at("evaluation_name").name() for line in lines]
    several = len(set(names)) > 1
    seen: dict[tuple[str, str], int | None] = {}
    rows: list[dict[str, Any]] = []
    problems: dict[str, dict[str, Any]] = {}
    for line, evaluation in zip(lines, names, strict=True):
        sample = line.at("sample_id").name()
        problem = f"{evaluation}/{sample}" if several else sample
        model = line.at("model_id").name()
        before = seen.setdefault((model, problem), line.line)
        if before != line.line:
            raise line.at("sample_id").error(
                found=f"{problem} of {model}, which line {before} holds too",
                expected="each sample once",
            )
        rows.append({"model": model, "problem": problem, "sample": 0, **_verdict(line)})
        problems.setdefault(
            problem, {"problem": problem, **_facts(line, evaluation, several=several)}
        )
    outside = sum(row["outcome"] == "score outside 0 to 1" for row in rows)
    return Reading(
        format="every-eval-ever-samples",
        path=path,
        rows=row_table(rows),
        problems=problem_table(problems.values()),
        model_names={},
        rules=RULES,
        set_aside=(SetAside("unscored samples", outside, OUTSIDE),) if outside else (),
    )


def _verdict(line: Place) -> dict[str, Any]:
    evaluation = line.at("evaluation")
    score, correct = evaluation.at("score").number(), evaluation.at("is_correct").boolean()
    if score in {0, 1}:
        return {"passed": correct, "outcome": None}
    if 0 < score < 1:
        return {"score": score, "outcome": None}
    return {"outcome": "score outside 0 to 1"}


def _facts(line: Place, evaluation: str, *, several: bool) -> dict[str, Any]:
    raw = line.get("input")
    text = raw.get("raw") if raw and isinstance(raw.value, dict) else None
    return {
        "category": evaluation if several else None,
        "content_hash": content_hash(text.text()) if text else None,
    }


FORMAT = Format(
    id="every-eval-ever-samples",
    title="Every Eval Ever samples",
    matches=matches,
    read=read,
    harness="Every Eval Ever",
)
