"""aider's leaderboards: YAML, one run an entry, with counts where aider wrote them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.formats.place import Place
from harness.formats.reading import (
    ClaimedRate,
    Format,
    Reading,
    SetAside,
    no_problems,
    no_rows,
)
from harness.formats.records import count_table
from harness.formats.yaml_file import yaml_entries

TRIES = 2  # the leaderboards rank by what was solved within two tries
UNIT = 0.001  # of a fraction; the percentages have one decimal, and one was cut, not rounded
HALF_UNIT = UNIT / 2
KEYS = tuple(
    re.compile(rf"^[- ] +{key}:", re.MULTILINE) for key in ("test_cases", "model", "edit_format")
)
USED = frozenset(
    {
        "model",
        "edit_format",
        "date",
        "test_cases",
        "total_tests",
        f"pass_num_{TRIES}",
        f"pass_rate_{TRIES}",
    }
)
RULES = (
    (
        "passed is pass_num_2, solved within two tries; problems is test_cases, so exercises "
        "that a run did not reach are missing, not failed."
    ),
    "A model that has several runs is told apart by the edit format, which is no sample index.",
)


@dataclass(frozen=True, slots=True)
class Run:
    """One entry: a model's run."""

    place: Place
    name: str
    edit_format: str
    date: str
    cases: int
    passed: int | None


def matches(path: Path, head: bytes) -> bool:
    """Tell the YAML by the keys of its runs."""
    del path
    text = head.decode("utf-8", "ignore")
    return text.lstrip("\ufeff \r\n")[:2] == "- " and all(key.search(text) for key in KEYS)


def read(path: Path) -> Reading:
    """Read a leaderboard; runs without counts are set aside.

    Raises
    ------
    harness.errors.ResultFileError
        No YAML list, a count above its total, a rate that fits no denominator of its run.
    """
    runs = [_run(entry) for entry in yaml_entries(path, used=USED)]
    usual = _usual(runs)
    own = [run for run in runs if run.cases <= usual]
    names = dict(zip(map(id, own), _names(own), strict=True))
    counted = [run for run in own if run.passed is not None]
    lost: list[Run] = [run for run in counted if not _agrees(run)]
    counts = [
        {"model": names[id(run)], "problems": run.cases, "passed": run.passed} for run in counted
    ]
    return Reading(
        format="aider",
        path=path,
        rows=no_rows(),
        problems=no_problems(),
        model_names={},
        rules=RULES,
        set_aside=tuple(_set_aside(runs, own, counted, lost, usual)),
        claimed=tuple(_claimed([run for run in own if run not in lost], names)),
        n_problems=usual,
        counts=count_table(counts) if counts else None,
        lacks=None if counts else _lacks(len(own)),
    )


def _run(entry: Place) -> Run:
    cases = entry.at("test_cases").whole(1)
    passed = entry.get(f"pass_num_{TRIES}")
    solved = passed.whole() if passed else None
    if passed is not None and solved is not None and solved > cases:
        raise passed.error(expected=f"at most {cases}, the test_cases of the run")
    date = entry.get("date")
    return Run(
        place=entry,
        name=entry.at("model").name(),
        edit_format=entry.at("edit_format").name(),
        date=str(date.value) if date else "",
        cases=cases,
        passed=solved,
    )


def _usual(runs: Sequence[Run]) -> int:
    """Give the size of the benchmark: the most frequent number of exercises."""
    return Counter(run.cases for run in runs).most_common(1)[0][0] if runs else 0


def _names(runs: Sequence[Run]) -> Iterator[str]:
    """Name each run by its model, with edit format and date only where it takes them."""
    models = Counter(run.name for run in runs)
    formats = Counter((run.name, run.edit_format) for run in runs)
    seen: dict[str, Run] = {}
    for run in runs:
        name = run.name
        if models[run.name] > 1:
            more = f", {run.date}" if formats[run.name, run.edit_format] > 1 else ""
            name = f"{run.name} ({run.edit_format}{more})"
        before = seen.setdefault(name, run)
        if before is not run:
            raise run.place.error(
                found=f"a second run of {name}, as on line {before.place.line}",
                expected="one run of a model, edit format and date",
                way_out="Delete the run that does not count.",
            )
        yield name


def _rate(run: Run) -> float | None:
    stated = run.place.get(f"pass_rate_{TRIES}")
    return stated.number(0, 100) / 100 if stated else None


def _agrees(run: Run) -> bool:
    """Tell whether the stated rate is that of the counts, or else of all exercises.

    Some entries divide by the exercises of the benchmark instead of those that were run.
    """
    rate, solved = _rate(run), run.passed
    if rate is None or solved is None:
        return True
    if abs(rate - solved / run.cases) <= HALF_UNIT + 1e-9:
        return True
    total = run.place.get("total_tests")
    if total is not None and abs(rate - solved / total.whole(1)) < UNIT:
        return False
    raise run.place.at(f"pass_rate_{TRIES}").error(
        expected=f"{100 * solved / run.cases:.1f}, as {solved} of {run.cases} passed"
    )


def _claimed(runs: Sequence[Run], names: dict[int, str]) -> Iterator[ClaimedRate]:
    for run in runs:
        rate = _rate(run)
        if rate is not None:
            yield ClaimedRate("passed", rate, names[id(run)], margin=HALF_UNIT)


def _set_aside(
    runs: Sequence[Run],
    own: Sequence[Run],
    counted: Sequence[Run],
    lost: Sequence[Run],
    usual: int,
) -> Iterator[SetAside]:
    notes: Sequence[tuple[str, int, str]] = (
        (
            "runs of another benchmark",
            len(runs) - len(own),
            f"They count more than the {usual} exercises that the other runs count.",
        ),
        (
            "runs without counts",
            len(own) - len(counted),
            (
                "They state a rate alone; which denominator it has cannot be told, so no count is "
                "made from it."
            ),
        ),
        (
            "runs of fewer exercises",
            sum(run.cases < usual for run in counted),
            f"Their rates are over what they ran, not over {usual}.",
        ),
        (
            "stated rates over another denominator",
            len(lost),
            "pass_rate_2 was divided by total_tests instead of test_cases; the counts are taken.",
        ),
    )
    yield from (SetAside(what, count, rule) for what, count, rule in notes if count)


def _lacks(runs: int) -> str:
    return (
        f"The {runs} runs state rates without pass_num_{TRIES}, the number of exercises solved, "
        "and some such rates were divided by another number than test_cases. Add the counts from "
        "the runs' own output; the rates alone can be cited in printed.csv."
    )


FORMAT = Format(id="aider", title="aider leaderboard", matches=matches, read=read, harness="aider")
