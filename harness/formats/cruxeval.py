"""CRUXEval's scored generations: true or false for each sample of each problem."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import ClaimedRate, Format, Reading, SetAside
from harness.formats.records import problem_table, row_table
from harness.text import normalised

SCORED = "raw_scored_generations"
GENERATED = "raw_generations"
RULES = (
    (
        "A sample is passed where the harness scored it true. The file does not say whether inputs "
        "or outputs were predicted: the two tasks are two releases."
    ),
)
EMPTY = "Nothing was scored for them: missing, not failed."


def matches(path: Path, head: bytes) -> bool:
    """Tell an object of generations and their scores."""
    del path
    value = peek_json(head)
    if not isinstance(value, dict):
        return False
    first = next(iter(value), "")
    return SCORED in value or first == GENERATED


def read(path: Path) -> Reading:
    """Read the scores; they name no model.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a score that is neither true nor false, as many scores as there are generations.
    """
    document = Place(path, read_json(path))
    rows = list(_rows(document))
    generated = document.get(GENERATED)
    known = {
        normalised(name)
        for held in (document.at(SCORED), generated)
        if held
        for name in held.mapping()
    }
    empty = len(known) - len({row["problem"] for row in rows})
    return Reading(
        format="cruxeval",
        path=path,
        rows=row_table(rows),
        problems=problem_table({"problem": name} for name in sorted(known)),
        model_names={},
        rules=RULES,
        set_aside=(SetAside("problems without a scored sample", empty, EMPTY),) if empty else (),
        claimed=tuple(_claimed(document)),
    )


def _rows(document: Place) -> Iterator[dict[str, Any]]:
    generated = document.get(GENERATED)
    for problem, scores in document.at(SCORED).items():
        held = scores.sequence()
        programs = generated.at(problem).sequence() if generated else held
        if len(programs) != len(held):
            raise scores.error(
                found=f"{len(held)} scores", expected=f"{len(programs)}, one for each generation"
            )
        name = Place(document.path, problem, scores.keys).name()
        for index, score in enumerate(scores.entries()):
            yield {"problem": name, "sample": index, "passed": score.boolean()}


def _claimed(document: Place) -> Iterator[ClaimedRate]:
    for k in (1, 5):
        stated = document.get(f"pass_at_{k}")
        if stated:
            yield ClaimedRate("passed", stated.number(0, 100) / 100, k=k)


FORMAT = Format(
    id="cruxeval",
    title="CRUXEval scored generations",
    matches=matches,
    read=read,
    harness="CRUXEval",
)
