"""``ingest.json``: where a release's outcomes came from, and what was decided on the way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import ResultFileError
from harness.formats.files import read_json
from harness.ingest.sources import Source

SCHEMA = 1
NAME = "ingest.json"


@dataclass(frozen=True, slots=True)
class Record:
    """The content of an ingest.json; all of it is JSON.

    Attributes
    ----------
    sources
        One for each file: name, sha256, format, harness, rows, rules, what was set aside.
    models
        One for each model: see `account.Account`.
    stated
        Rates that files state, and what their rows give: see `claims.Stated`.
    problems
        How many, which ids matched nothing.
    """

    sources: Sequence[Mapping[str, Any]] = ()
    models: Sequence[Mapping[str, Any]] = ()
    stated: Sequence[Mapping[str, Any]] = ()
    problems: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Write the file: same content, same bytes."""
        document = {
            "schema": SCHEMA,
            "sources": list(self.sources),
            "problems": dict(self.problems),
            "models": list(self.models),
            "stated": list(self.stated),
        }
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def read_record(folder: Path) -> Record:
    """Read a release's ingest.json; an empty record where there is none.

    Raises
    ------
    ResultFileError
        The file is not one that this command wrote.
    """
    path = folder / NAME
    if not path.exists():
        return Record()
    document = read_json(path)
    keys = ("sources", "models", "stated", "problems")
    usable = isinstance(document, dict) and document.get("schema") == SCHEMA
    if not usable or any(not isinstance(document.get(k), list) for k in keys[:3]):
        raise ResultFileError(
            path,
            field="schema",
            found="a file of another kind or version",
            expected=f"an ingest.json of schema {SCHEMA}",
            way_out="Delete it and ingest again: it says where outcomes came from, no more.",
        )
    return Record(**{key: document.get(key, {}) for key in keys})


def source_record(source: Source, *, rows: int) -> dict[str, Any]:
    """Describe one file."""
    reading = source.reading
    return {
        "name": source.name,
        "sha256": source.digest,
        "format": source.format.id,
        "harness": source.format.harness,
        "rows": rows,
        "n_problems": reading.n_problems,
        "meanings": dict(reading.meanings),
        "rules": list(reading.rules),
        "set_aside": [asdict(item) for item in reading.set_aside if item.count],
    }


def with_sources(
    before: Record, sources: Sequence[Mapping[str, Any]], stated: Sequence[Mapping[str, Any]]
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Add files to those of the record; a file of the same name or content takes its place."""
    names = {s["name"] for s in sources}
    digests = {s["sha256"] for s in sources} - {None}
    kept = [s for s in before.sources if s["name"] not in names and s.get("sha256") not in digests]
    gone = {s["name"] for s in before.sources} - {s["name"] for s in kept}
    rates = [r for r in before.stated if r["source"] not in gone]
    return [*kept, *sources], [*rates, *stated]
