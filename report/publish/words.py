"""What is about to be published, in lines a person reads before saying yes."""

import json
from collections.abc import Iterator
from pathlib import Path

from report.html import plain
from report.publish.held import KEPT, Held, content_ids

_MEGABYTE = 1_000_000


def plan_words(site: Path, held: Held, *, source: str) -> Iterator[str]:
    """Yield where it goes, which versions, how many files change, and what it is built from."""
    ours = content_ids(site, held.algorithm)
    theirs = {path: known for path, known in held.files.items() if path not in KEPT}
    new = len(ours.keys() - theirs.keys())
    gone = len(theirs.keys() - ours.keys())
    changed = sum(known != ours[path] for path, known in theirs.items() if path in ours)
    size = sum((site / path).stat().st_size for path in ours) / _MEGABYTE
    yield f"To {plain(held.where)}"
    yield f"  versions  {', '.join(_versions(site, held))}"
    yield (
        f"  files     {new} new, {changed} changed, {gone} removed, "
        f"{len(ours) - new - changed} as they are; {size:.1f} MB"
    )
    yield f"  source    {source}"


def _versions(site: Path, held: Held) -> Iterator[str]:
    for item in json.loads((site / "versions.json").read_bytes()):
        name, aliases = plain(str(item["version"])), [plain(str(a)) for a in item["aliases"]]
        marks = [*aliases, *([] if item["version"] in held.versions else ["new"])]
        yield f"{name} ({', '.join(marks)})" if marks else name
