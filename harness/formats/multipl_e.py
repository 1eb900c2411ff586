"""MultiPL-E's results: a file for each problem, one status for each sample."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ResultFileError
from harness.formats.files import content_hash, head, read_json
from harness.formats.paths import files_below
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside
from harness.formats.records import problem_table, row_table
from harness.text import shown

ENDINGS = (".results.json", ".results.json.gz")
STATUSES = ("OK", "SyntaxError", "Exception", "Timeout", "AssertionError", "ReferenceError")
# Languages of which the harness builds the program before it runs it, and writes SyntaxError
# where the build fails. Elsewhere a program that does not parse can end as Exception as well.
BUILT = frozenset({"cpp", "cs", "go", "go_test.go", "java", "rs", "rust", "scala", "swift", "ts"})

RULES = (
    "A problem is a translated problem with its language, which stands as the category.",
    (
        "passed is the status OK. A SyntaxError is a compile error, not a wrong answer; the "
        "outcome keeps the status."
    ),
    f"compiled is known for languages that are built before they run ({', '.join(sorted(BUILT))}).",
)


@dataclass(frozen=True, slots=True)
class ProblemFile:
    """One problem of one run: its facts and its rows."""

    path: Path
    facts: dict[str, Any]
    rows: tuple[dict[str, Any], ...]


def matches(path: Path, start: bytes) -> bool:
    """Tell a problem's file, or a folder in which such a file lies."""
    if not path.is_dir():
        return _is_problem(start)
    try:
        return any(
            entry.name.endswith(ENDINGS) and _is_problem(head(entry)) for entry in path.iterdir()
        )
    except OSError:
        return False


def read(path: Path) -> Reading:
    """Read one problem's file, or all of a run's folder; neither names the model.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a status that the harness does not write, a problem that stands in two files.
    """
    files = [_problem(file) for file in _files(path)]
    _check_once(files)
    rows = [row for file in files for row in file.rows]
    unscored = sum(row["passed"] is None for row in rows)
    rule = "The file holds an empty result for them: the harness gave no status, so unscored."
    return Reading(
        format="multipl-e",
        path=path,
        rows=row_table(rows),
        problems=problem_table(file.facts for file in files),
        model_names={},
        rules=RULES,
        set_aside=(SetAside("unscored samples", unscored, rule),) if unscored else (),
    )


def _is_problem(start: bytes) -> bool:
    value = peek_json(start)
    return (
        isinstance(value, dict)
        and isinstance(value.get("name"), str)
        and isinstance(value.get("language"), str)
        and ("results" in value or {"prompt", "tests"} <= value.keys())
        and "completions" not in value  # programs that were not run yet
    )


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in files_below(path):
        if file.name.endswith(ENDINGS):
            yield file


def _problem(path: Path) -> ProblemFile:
    document = Place(path, read_json(path))
    language = document.at("language").name()
    name = f"{document.at('name').name()}/{language}"
    texts = [place.text() for key in ("prompt", "tests") if (place := document.get(key))]
    facts = {
        "problem": name,
        "category": language,
        "content_hash": content_hash(*texts) if texts else None,
    }
    rows = (
        {"problem": name, "sample": index, **_verdict(result, language)}
        for index, result in enumerate(document.at("results").entries())
    )
    return ProblemFile(path, facts, tuple(rows))


def _verdict(result: Place, language: str) -> dict[str, Any]:
    if not result.mapping():
        return {"passed": None}
    status = result.at("status")
    word = status.text()
    if word not in STATUSES:
        raise status.error(expected=f"one of {', '.join(STATUSES)}")
    return {
        "compiled": word != "SyntaxError" if language in BUILT else None,
        "passed": word == "OK",
        "outcome": word,
    }


def _check_once(files: list[ProblemFile]) -> None:
    first: dict[str, ProblemFile] = {}
    for file in files:
        name = file.facts["problem"]
        before = first.setdefault(name, file)
        if before is not file:
            raise ResultFileError(
                file.path,
                field="name",
                found=f"{shown(name)}, which stands in {before.path.name} too",
                expected="each problem in one file of a run",
                way_out="Give the folder of one run alone; does the file lie there packed as well?",
            )


FORMAT = Format(
    id="multipl-e", title="MultiPL-E results", matches=matches, read=read, harness="MultiPL-E"
)
