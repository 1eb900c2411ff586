"""LiveCodeBench: ``performances_generation.json``, the file behind the leaderboard's site.

Rows of model x problem; ``pass@1`` is in percent and averages ten samples, which are not there
singly. Models whose name ends in ``(n=1)`` have one sample, so theirs is 0 or 100; beside averages
it is a score like them, since a release compares its models by one measure.
``question_id`` is an integer in some rows of some versions, and text in others.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from harness.formats.files import read_json
from harness.formats.notes import facts_table, noted
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside
from harness.formats.records import row_table

ONE_SAMPLE = re.compile(r"\(\s*n\s*=\s*1\s*\)\s*$", re.IGNORECASE)
COLUMNS = {"question_id", "model", "pass@1"}
DAY = 86_400_000  # milliseconds
Facts = tuple[str | None, str | None, str | None]


def matches(_path: Path, head: bytes) -> bool:
    """Tell by ``performances``, whose rows name a question, a model and a pass@1."""
    document = peek_json(head)
    rows = document.get("performances") if isinstance(document, dict) else None
    first = rows[0] if isinstance(rows, list) and rows else None
    return isinstance(first, dict) and first.keys() >= COLUMNS


def read(path: Path) -> Reading:
    """Read one file of performances.

    Raises
    ------
    ResultFileError
        Not whole JSON, a field that is missing or of another type, a pass@1 outside 0 to 100, a
        model and problem twice, or a model twice in the list of models.
    """
    document = Place(path, read_json(path))
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    facts: dict[str, Counter[Facts]] = {}
    for record in document.at("performances").entries():
        row = _row(record)
        if (row["model"], row["problem"]) in rows:
            raise record.at("question_id").error(
                found=f"{Place.quoted(row['problem'])} a second time for {row['model']}",
                expected="each model and problem once",
            )
        rows[row["model"], row["problem"]] = row
        facts.setdefault(row["problem"], Counter())[_facts(record)] += 1
    if not rows:
        raise document.at("performances").error(expected="rows of model and problem")
    single = {model for model, _ in rows if ONE_SAMPLE.search(model)}
    averaged = len({model for model, _ in rows}) > len(single)
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=row_table(_measured(row, averaged=averaged) for row in rows.values()),
        problems=facts_table({problem: _settled(seen) for problem, seen in facts.items()}),
        model_names={},
        rules=_rules(len(single), averaged=averaged),
        set_aside=noted(
            _unsettled(facts.values()),
            _without_rows(document, {model for model, _ in rows}),
        ),
        n_problems=len(facts),
    )


def _rules(single: int, *, averaged: bool) -> tuple[str, ...]:
    if not averaged:
        return ("Each model has one sample, as its name says (n=1): 100 is a pass, 0 is none.",)
    mean = "`score` is pass@1 / 100, a mean over samples that the file does not hold singly."
    missing = "A mean is no pass, so `passed` is missing."
    one = f"{single} models with (n=1) in the name have one sample: their scores are 1 or 0."
    return (mean, missing, one) if single else (mean, missing)


def _row(record: Place) -> dict[str, Any]:
    model = record.at("model").name()
    percent = record.at("pass@1").number(0, 100)
    if ONE_SAMPLE.search(model) and percent not in (0, 100):
        raise record.at("pass@1").error(expected="0 or 100, as the model's name says (n=1)")
    problem = record.at("question_id").name()
    return {"model": model, "problem": problem, "sample": 0, "score": percent / 100}


def _measured(row: dict[str, Any], *, averaged: bool) -> dict[str, Any]:
    return row if averaged else row | {"score": None, "passed": row["score"] == 1}


def _facts(record: Place) -> Facts:
    date = record.get("date")
    platform, difficulty = record.get("platform"), record.get("difficulty")
    return (
        platform.text() if platform is not None else None,
        difficulty.text() if difficulty is not None else None,
        _day(date) if date is not None else None,
    )


def _day(date: Place) -> str:
    """Turn milliseconds since 1970 (UTC) into an ISO day."""
    days = date.whole() // DAY
    if days > 1_000_000:
        raise date.error(expected="milliseconds since 1970")
    return (dt.date(1970, 1, 1) + dt.timedelta(days=days)).isoformat()


def _settled(seen: Counter[Facts]) -> dict[str, str | None]:
    """Take the facts that most rows of the problem give; the first of equals."""
    category, difficulty, date = seen.most_common(1)[0][0]
    return {"category": category, "difficulty": difficulty, "date": date}


def _unsettled(facts: Iterable[Counter[Facts]]) -> SetAside:
    """Count problems on whose facts the rows disagree (upstream has dates a day apart)."""
    return SetAside(
        "problems whose rows disagree on date, platform or difficulty",
        sum(len(seen) > 1 for seen in facts),
        "what most rows say was taken",
    )


def _without_rows(document: Place, models: set[str]) -> SetAside:
    """Join the list of models, where there is one, on the name the rows use (``model_repr``)."""
    listed = document.get("models")
    names: set[str] = set()
    for entry in listed.entries() if listed is not None else ():
        name = entry.at("model_repr")
        if name.name() in names:
            raise name.error(expected="each model once")
        names.add(name.name())
    return SetAside("models of the file's list without a row", len(names - models), "not taken")


FORMAT = Format(
    id="livecodebench-site",
    title="LiveCodeBench leaderboard file (performances)",
    matches=matches,
    read=read,
    harness="LiveCodeBench",
)
