"""Errors of the disk in words a person can act on."""

import errno
import shutil
from pathlib import Path

_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or take another disk"),
    errno.EDQUOT: ("your share of the disk is used up", "Free some space, or take another disk"),
    errno.EFBIG: ("the file is larger than it may be", "Raise the limit, or take another disk"),
    errno.EROFS: ("the disk can only be read", "Take a folder that you may write to"),
    errno.EACCES: ("you may not write there", "Take a folder that you may write to"),
    errno.EPERM: ("you may not write there", "Take a folder that you may write to"),
    errno.EBUSY: ("the folder is in use as a mount", "Take a folder inside it"),
    errno.ENOTDIR: ("a file stands where a folder is needed", "Move it away"),
}
OF_THE_DISK = frozenset({*_REASONS, errno.EIO})
"""Error numbers that say something about the disk rather than about what was written."""


def copy_folder(folder: Path, into: Path) -> None:
    """Copy a folder's files and stop at the first that fails; shutil.copytree gathers errors."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        copy = into / file.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


def disk_words(error: OSError) -> str:
    """Return two lines: which file, what is wrong, that nothing was replaced, the way out."""
    reason, way_out = _REASONS.get(error.errno or 0, (error.strerror or str(error), "Try again"))
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{reason}; the site is as it was\n  {way_out} (--site, --cache), and run again."
