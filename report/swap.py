"""Replacing a folder at once: the old one stays until the new one is whole.

Where the system can exchange two folders in one step (Linux, macOS) there is no moment without a
site. Elsewhere there are two renames, and the next build brings the old folder back should it have
been stopped between them.
"""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_UNABLE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV})
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2  # fcntl.h, linux/fs.h, macOS' stdio.h


@contextmanager
def locked(path: Path, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Wait until no other process holds this file or folder; the lock ends with the process.

    ``waiting`` is called once if another process holds it. Windows has no such lock, some network
    drives none for folders: two builds at once may fail there, yet never leave half a site.
    """
    if sys.platform == "win32":
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(handle, waiting)
        yield
    finally:
        os.close(handle)


if sys.platform != "win32":

    def _lock(handle: int, waiting: Callable[[], None]) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in {*_UNABLE, errno.EBADF, errno.ENOLCK}:
                raise


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
    if not target.exists():
        incoming(target).rename(target)
    elif not _exchange(incoming(target), target):
        _replace_in_two_steps(target)
    recover(target)


def _replace_in_two_steps(target: Path) -> None:
    target.rename(_outgoing(target))
    try:
        incoming(target).rename(target)
    except OSError:
        recover(target)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where system or file system cannot.

    Raises
    ------
    OSError
        They could, but may not: one is missing, not ours, or a mount.
    """
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    if hasattr(library, "renameat2"):
        result = library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    elif hasattr(library, "renamex_np"):
        result = library.renamex_np(*paths, _RENAME_SWAP)
    else:
        return False
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNABLE:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))
