"""What the place of publication holds already, and what must not be lost there."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import BenchproofError

FREEZE = "data/freeze.json"
KEPT = ("CNAME",)
"""Files of the place itself (a domain's name, for GitHub), which every publication keeps."""


def _nothing(path: str) -> bytes:
    raise KeyError(path)


@dataclass(frozen=True, slots=True)
class Held:
    """A branch or folder: its files by path, each with the id that git gives its content."""

    where: str
    files: Mapping[str, str]
    read: Callable[[str], bytes] = _nothing
    algorithm: str = "sha1"

    @classmethod
    def folder(cls, folder: Path) -> "Held":
        """Return what a folder holds; it may not be there yet."""
        return cls(
            f"folder {folder}", content_ids(folder), lambda path: (folder / path).read_bytes()
        )

    def same(self, site: Path) -> bool:
        """Whether it holds this very site and nothing else, but for what is kept."""
        held = {path: known for path, known in self.files.items() if path not in KEPT}
        return held == content_ids(site, self.algorithm)

    @property
    def versions(self) -> tuple[str, ...]:
        """Names of the versions it holds, by its versions.json; none if that cannot be read."""
        if "versions.json" not in self.files:
            return ()
        try:
            return tuple(str(item["version"]) for item in json.loads(self.read("versions.json")))
        except (ValueError, TypeError, KeyError):
            return ()


def content_ids(folder: Path, algorithm: str = "sha1") -> dict[str, str]:
    """Return the id that git gives to the content of each file, by path."""
    return {
        file.relative_to(folder).as_posix(): _id(file.read_bytes(), algorithm)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _id(content: bytes, algorithm: str) -> str:
    head = f"blob {len(content)}\0".encode()
    return hashlib.new(algorithm, head + content, usedforsecurity=False).hexdigest()


def check_held(held: Held, site: Path, *, drop: Sequence[str]) -> None:
    """Refuse to change a frozen version that is out, or to take a version away unasked.

    Raises
    ------
    BenchproofError
        A version in ``held`` is not in the site and not in ``drop``, or it was frozen and is now
        frozen otherwise, or no longer.
    """
    ours = {str(item["version"]) for item in json.loads((site / "versions.json").read_bytes())}
    lost = [name for name in held.versions if name not in ours and name not in drop]
    if lost:
        raise BenchproofError(
            f"{held.where}: holds {', '.join(lost)}, which this site does not; it would vanish\n"
            f"  Bring its release back, or let it go with {' '.join(f'--drop {n}' for n in lost)}."
        )
    for name in held.versions:
        path = f"{name}/{FREEZE}"
        if name in ours and path in held.files and not _same_freeze(held.read(path), site / path):
            raise BenchproofError(
                f"{held.where}: {name} was published frozen with other files than it has now; "
                "a published release does not change\n"
                "  Restore its folder from version control, and make the correction a new release "
                f'with previous = "{name}".'
            )


def _same_freeze(published: bytes, ours: Path) -> bool:
    return ours.is_file() and ours.read_bytes() == published
