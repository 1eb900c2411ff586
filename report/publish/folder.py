"""The site into a folder, replaced at once."""

import shutil
from pathlib import Path

from report import swap
from report.disk import copy_folder
from report.publish.git import PublishError
from report.publish.held import KEPT
from report.site import check_target


def check_folder(site: Path, folder: Path) -> Path:
    """Return the folder itself, behind links, if the site may take its place.

    Raises
    ------
    PublishError
        The folder is the site itself, or inside it, or a git working tree.
    BenchproofError
        It holds something that is no site.
    """
    target, source = folder.resolve(), site.resolve()
    if target.is_relative_to(source) or source.is_relative_to(target):
        raise PublishError(
            f"{folder}: is the built site, or overlaps with it\n  Choose another folder."
        )
    if (target / ".git").exists():
        raise PublishError(
            f"{folder}: a git working tree; its history would be lost\n"
            "  Publish to its branch instead: --remote, --branch."
        )
    return check_target(folder)


def put(site: Path, folder: Path) -> None:
    """Copy the site beside the folder and let the copy take its place in one step.

    The caller holds the lock of the folder's parent (`report.swap.locked`).
    """
    target = check_folder(site, folder)
    swap.recover(target)
    new = swap.incoming(target)
    try:
        copy_folder(site, new)
        for name in KEPT:
            if (target / name).is_file():
                shutil.copyfile(target / name, new / name)
        swap.into_place(target)
    finally:
        swap.recover(target)
