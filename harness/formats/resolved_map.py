"""One object that maps each problem to true or false, as SWE-bench Pro's runs are kept."""

from pathlib import Path

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import Format, Reading
from harness.formats.records import row_table
from harness.formats.swe_bench import repositories


def matches(path: Path, head: bytes) -> bool:
    """Tell an object of which every value seen is true or false."""
    del path
    value = peek_json(head)
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(held, bool) for held in value.values())
    )


def read(path: Path) -> Reading:
    """Read the map; a problem that it does not name is missing.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a problem twice, a value that is neither true nor false, an empty object.
    """
    document = Place(path, read_json(path))
    if not document.mapping():
        raise document.error(expected="an object that maps problems to true or false")
    passed = {Place(path, key, ("key",)).name(): held.boolean() for key, held in document.items()}
    return Reading(
        format="resolved-map",
        path=path,
        rows=row_table(
            {"problem": problem, "sample": 0, "passed": held} for problem, held in passed.items()
        ),
        problems=repositories(passed),
        model_names={},
        rules=(
            (
                f"True is passed, false is failed. The file names {len(passed):,} problems; one "
                "that it does not name is missing, not failed: it may not have been run, or may "
                "lie outside this campaign's set."
            ),
        ),
    )


FORMAT = Format(
    id="resolved-map",
    title="Map of problems to true or false",
    matches=matches,
    read=read,
    harness="SWE-bench Pro and others",
)
