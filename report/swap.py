"""Replacing a folder at once: the old one stays until the new one is whole."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Wait until no other process builds; the lock ends with the process, even a killed one.

    Windows has no such lock: two builds at once may fail there, yet never leave half a site.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        if sys.platform != "win32":
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def incoming(target: Path) -> Path:
    """Return where the new folder is made: beside the target, so that renaming is one step."""
    return target.with_name(f".{target.name}.new")


def _outgoing(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def recover(target: Path) -> None:
    """Tidy what a killed build left: bring the old folder back, drop a half-made new one."""
    if _outgoing(target).exists() and not target.exists():
        _outgoing(target).rename(target)
    for leftover in (incoming(target), _outgoing(target)):
        if leftover.exists():
            shutil.rmtree(leftover)


def into_place(target: Path) -> None:
    """Put the incoming folder in the target's place; on failure the old one is there again."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(_outgoing(target))
    try:
        incoming(target).rename(target)
    except OSError:
        recover(target)
        raise
    recover(target)
