"""EvalPlus: ``*_eval_results.json`` of 2023 and of today.

The current schema lists a problem's samples, each with ``base_status`` and ``plus_status``; that
of 2023 has parallel lists ``base`` and ``plus`` of ``[status, details]``. A sample passes
HumanEval+ or MBPP+ only with the base tests **and** the added ones: ``plus_status`` alone can be
``pass`` while the base tests fail.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from harness.formats.files import read_json
from harness.formats.notes import noted
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import ClaimedRate, Format, Reading, SetAside, no_problems
from harness.formats.records import row_table

STATUSES: Mapping[str, bool] = {
    "pass": True,
    "fail": False,
    "timeout": False,
    "success": True,  # the words of 2023
    "failed": False,
    "timed out": False,
}
STATUS_RULE = "`fail`, `failed`, `timeout`, `timed out` did not pass; `outcome` keeps the word."
BASE_ONLY = "The added (plus) tests were not run: `passed` is the base tests alone."
BASE_AND_PLUS = (
    "`passed` and `plus` need the base tests and the added (plus) tests; `base` is base."
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample as the file has it; ``plus`` is None where the added tests did not run."""

    problem: str
    index: int
    base: str
    plus: str | None

    def row(self) -> dict[str, Any]:
        """Give its canonical row, with `passed` still to be chosen."""
        return {
            "problem": self.problem,
            "sample": self.index,
            "base": STATUSES[self.base],
            "plus": self._both(),
            "outcome": self._outcome(),
        }

    def _both(self) -> bool | None:
        if not STATUSES[self.base]:
            return False
        return None if self.plus is None else STATUSES[self.plus]

    def _outcome(self) -> str:
        if not STATUSES[self.base]:
            return self.base
        if self.plus is not None and not STATUSES[self.plus]:
            return f"plus {self.plus}"
        return self.base


def matches(_path: Path, head: bytes) -> bool:
    """Tell by the first problem of ``eval``: samples with a base status, or lists of 2023."""
    document = peek_json(head)
    problems = document.get("eval") if isinstance(document, dict) else None
    if not isinstance(problems, dict):
        return False
    first = next(iter(problems.values()), None)
    if isinstance(first, dict):
        return "nfiles" in first and ("base" in first or "plus" in first)
    sample = first[0] if isinstance(first, list) and first else None
    return isinstance(sample, dict) and "base_status" in sample


def read(path: Path) -> Reading:
    """Read one results file.

    Raises
    ------
    ResultFileError
        Not whole JSON, a field that is missing or of another type, a status that EvalPlus does not
        write, a list of another length than ``nfiles``, or no problem at all.
    """
    document = Place(path, read_json(path, constants=True))  # inputs of failed tests may be NaN
    samples = list(_samples(document.at("eval")))
    if not samples:
        raise document.at("eval").error(expected="problems with samples")
    plus_ran = any(sample.plus is not None for sample in samples)
    rows = [sample.row() for sample in samples]
    for row in rows:
        row["passed"] = row["plus"] if plus_ran else row["base"]
        if not plus_ran:
            del row["plus"]
    further = ["base", "plus"] if plus_ran else ["base"]
    return Reading(
        format=FORMAT.id,
        path=path,
        rows=row_table(rows, metrics={name: pl.Boolean() for name in further}),
        problems=no_problems(),
        model_names={},
        rules=(
            BASE_AND_PLUS if plus_ran else BASE_ONLY,
            STATUS_RULE,
        ),
        set_aside=noted(_undecided(rows)),
        claimed=tuple(_claims(document, "plus" if plus_ran else "base")),
        meanings={"": "base and plus tests" if plus_ran else "base tests alone"},
    )


def _undecided(rows: list[dict[str, Any]]) -> SetAside:
    return SetAside(
        "samples that pass the base tests and have no plus status",
        sum(row["passed"] is None for row in rows),
        "whether they pass is missing",
    )


def _samples(problems: Place) -> Iterator[Sample]:
    for problem, entry in problems.items():
        if isinstance(entry.value, list):
            yield from _current(problem, entry)
        else:
            yield from _of_2023(problem, entry)


def _current(problem: str, entry: Place) -> Iterator[Sample]:
    for index, sample in enumerate(entry.entries()):
        named = sample.get("task_id")
        if named is not None and named.value != problem:
            raise named.error(expected=f"the problem it stands under, {Place.quoted(problem)}")
        plus = sample.get("plus_status")
        yield Sample(
            _id(entry, problem),
            index,
            _status(sample.at("base_status")),
            None if plus is None else _status(plus),
        )


def _of_2023(problem: str, entry: Place) -> Iterator[Sample]:
    count = entry.at("nfiles").whole()
    base = _statuses(entry.at("base"), count)
    plus = entry.get("plus")
    added = _statuses(plus, count) if plus is not None and plus.value else [None] * count
    for index, (of_base, of_plus) in enumerate(zip(base, added, strict=True)):
        yield Sample(_id(entry, problem), index, of_base, of_plus)


def _statuses(place: Place, count: int) -> list[str]:
    found = len(place.sequence())
    if found != count:
        raise place.error(found=f"{found} results", expected=f"{count}, as nfiles says")
    return [_status(result.at(0)) for result in place.entries()]


def _id(entry: Place, problem: str) -> str:
    return Place(entry.path, problem, entry.keys).name()


def _status(place: Place) -> str:
    if place.text() not in STATUSES:
        raise place.error(
            expected="pass, fail or timeout (success, failed or timed out in 2023)",
            way_out="A run that was stopped has to be evaluated again.",
        )
    return place.text()


def _claims(document: Place, decides: str) -> Iterator[ClaimedRate]:
    """Take ``pass_at_k``, which later versions append: base and plus, each by k."""
    stated = document.get("pass_at_k")
    for metric, by_k in stated.items() if stated is not None else ():
        if metric not in {"base", "plus"}:
            continue
        for name, value in by_k.items():
            word, _, k = name.partition("@")
            if word == "pass" and k.isdecimal():
                column = "passed" if metric == decides else metric
                yield ClaimedRate(column, value.number(0, 1), k=int(k))


FORMAT = Format(
    id="evalplus",
    title="EvalPlus results (HumanEval+, MBPP+)",
    matches=matches,
    read=read,
    harness="EvalPlus",
)
