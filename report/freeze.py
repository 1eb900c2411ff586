"""`freeze`: a release's files and figures pinned; afterwards a changed byte is an error."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import BenchproofError
from harness.frozen import PENDING, RECORD, checksums, fingerprint, seal
from harness.release import Release
from harness.toml_file import parse_toml
from report.analysis import analyse
from report.drawing import write_atomically
from report.quantities import as_json, quantities
from report.tool import library_versions, tool_version

_STATUS = re.compile(rb"""^(\s*["']?status["']?\s*=\s*)(["'])(?:draft|published)\2""")


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was frozen: for the sentence that says so."""

    version: str
    status: str
    files: int
    figures: int
    digest: str

    def sentence(self) -> str:
        """Say what was done and what remains to do."""
        return (
            f"{self.version} is frozen, status {self.status}: {self.files} files, "
            f"{self.figures} figures, SHA-256 {self.digest}\n"
            "Commit its folder now; from here on a changed byte in it is an error."
        )


def freeze(releases: Sequence[Release], version: str, *, as_draft: bool = False) -> Frozen:
    """Pin one release: write freeze.json, and into release.toml that it is frozen and published.

    The folder is frozen from the moment release.toml is replaced. Stopped before, nothing has
    happened; stopped after, the record lies beside it and counts.

    Parameters
    ----------
    releases
        Every release of the results folder, read and checked.
    version
        The one to freeze.
    as_draft
        Keep ``status = "draft"``: for drafts that later releases are compared with.

    Raises
    ------
    BenchproofError
        No such release, frozen already, its predecessor a draft that can still change, or the
        folder changed since it was read.
    """
    release = _chosen(releases, version)
    if release.freeze and not (release.path / RECORD).exists():
        (release.path / PENDING).replace(release.path / RECORD)
    _check(release, releases, as_draft=as_draft)
    status = "draft" if as_draft else "published"
    edited = frozen_toml(release.path / "release.toml", status)
    sums = checksums(release.path)
    if fingerprint(sums) != release.digest:
        raise BenchproofError(f"{release.path}: changed while it was frozen\n  Freeze it again.")
    sums["release.toml"] = hashlib.sha256(edited).hexdigest()
    figures = as_json(quantities(analyse(release)))
    write_atomically(release.path / PENDING, record(version, sums, figures).encode())
    write_atomically(release.path / "release.toml", edited)
    (release.path / PENDING).replace(release.path / RECORD)
    return Frozen(version, status, len(sums), len(figures), fingerprint(sums))


def _chosen(releases: Sequence[Release], version: str) -> Release:
    for release in releases:
        if release.version == version:
            return release
    known = ", ".join(release.version for release in releases)
    raise BenchproofError(f"no release is called {version!r}; known: {known}")


def _check(release: Release, releases: Sequence[Release], *, as_draft: bool) -> None:
    path, version = release.path, release.version
    if release.freeze is not None:
        raise BenchproofError(
            f"{path}: {version} is frozen already, with Benchproof {release.freeze.tool}\n"
            f'  A correction is a new release with previous = "{version}".'
        )
    if as_draft and release.status == "published":
        raise BenchproofError(
            f"{path / 'release.toml'}: {version} is published; only a draft is frozen as a draft\n"
            "  Leave out --draft."
        )
    before = next((r for r in releases if r.version == release.previous), None)
    if before is not None and before.status == "draft" and before.freeze is None:
        raise BenchproofError(
            f"{path / 'release.toml'}: previous: {before.version} is a draft that can still "
            f"change; expected a release that is published or frozen\n"
            f"  Pin the draft with `build.py freeze {before.version} --draft`, publish it with "
            f"`build.py freeze {before.version}`, or name another previous release."
        )


def frozen_toml(file: Path, status: str) -> bytes:
    """Return release.toml with the status and ``frozen = true``; all else stays byte for byte.

    Raises
    ------
    BenchproofError
        The line of the status is written in a way that cannot be edited safely.
    """
    data = file.read_bytes()
    text = data.decode("utf-8-sig")
    lines = data.split(b"\n")
    number = parse_toml(file, text.replace("\r\n", "\n")).line_of(("status",)) or 1
    line = lines[number - 1]
    edited = _STATUS.sub(rb"\g<1>\g<2>" + status.encode() + rb"\g<2>", line)
    lines[number - 1 : number] = [edited, b"frozen = true" + b"\r" * line.endswith(b"\r")]
    result = b"\n".join(lines)
    wanted = tomllib.loads(text) | {"status": status, "frozen": True}
    if _loaded(result) != wanted:
        raise BenchproofError(
            f"{file}:{number}: status: cannot be edited safely; expected a line of its own\n"
            f'  Write status = "{status}" on one line and freeze again.'
        )
    return result


def _loaded(data: bytes) -> dict[str, Any] | None:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError:
        return None


def record(
    version: str, sums: Mapping[str, str], figures: Mapping[str, Mapping[str, object]]
) -> str:
    """Return the text of freeze.json: one line for each file and figure, so that git can diff it.

    ``figures`` are those of `report.quantities.as_json`.
    """
    head = {"format": 1, "sha256": "0" * 64, "version": version, "tool": tool_version()}
    parts = [f' "{key}": {_json(value)}' for key, value in head.items()]
    tables: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("libraries", library_versions()),
        ("files", dict(sorted(sums.items()))),
        ("quantities", figures),
    )
    for name, table in tables:
        lines = ",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in table.items())
        parts.append(f' "{name}": {{\n{lines}\n }}')
    return seal("{\n" + ",\n".join(parts) + "\n}\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
