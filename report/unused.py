"""Files of the cache: sealed, so that a torn one is known; dropped when no build uses them.

A file's time says when it was last used.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

KEPT_DAYS = 30
HALF = ".half-"
"""Starts the name of a file that is being written."""

_SEAL = hashlib.sha256().digest_size


def read_used(file: Path) -> bytes | None:
    """Return a kept file's content and note that it was used.

    None where there is no such file, or where it is not what was `sealed`: a disk that lost power
    while it was written may hold half of it, or zeros.
    """
    try:
        found = file.read_bytes()
    except FileNotFoundError:
        return None
    seal, content = found[:_SEAL], found[_SEAL:]
    if hashlib.sha256(content).digest() != seal:
        return None
    with suppress(OSError):  # another build dropped it just now, or it is another user's
        os.utime(file)
    return content


def sealed(content: bytes) -> bytes:
    """Return what is to be written for `read_used` to find ``content``: its SHA-256 before it."""
    return hashlib.sha256(content).digest() + content


@contextmanager
def cache_folder(folder: Path, *, anew: bool) -> Iterator[Path]:
    """Give a build its cache: the folder, tidied afterwards, or ``anew`` an empty one for once."""
    if anew:
        with TemporaryDirectory(prefix="benchproof-") as empty:
            yield Path(empty)
        return
    yield folder
    drop_unused(folder / "drawings")


def drop_unused(folder: Path, *, now: float | None = None, days: float = KEPT_DAYS) -> int:
    """Delete the files below ``folder`` that no build used for so many days, and count them.

    Another process may build from the same folder, or do this too: it has read a file's content
    before the file goes, or makes it anew. Folders stay, for a writer may have just made one.

    Parameters
    ----------
    folder
        Holds nothing but what can be made again; may be absent.
    now
        Seconds since the epoch; None asks the clock.
    days
        How long a file is kept unused.
    """
    oldest = (time.time() if now is None else now) - days * 86_400
    return sum(_drop(file, oldest) for file in folder.rglob("*"))


def _drop(file: Path, oldest: float) -> bool:
    if file.name.startswith(HALF):  # its writer may be at work, however short files are kept
        oldest -= 86_400
    try:
        if file.is_dir() or file.lstat().st_mtime >= oldest:
            return False
        file.unlink()
    except OSError:  # another process was first, or it is another user's: nothing is lost
        return False
    return True
