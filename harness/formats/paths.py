"""Which files a folder holds, and which model a path speaks of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import ResultFileError
from harness.text import normalised, shown

MOST_FILES = 100_000  # below one folder; more is a mistake in the path


@dataclass(frozen=True, slots=True)
class NameFromPath:
    """A model's name that a path gives, and the words that tell a person where it comes from."""

    name: str
    source: str


def files_below(folder: Path) -> tuple[Path, ...]:
    """List the regular files below a folder in the order of their paths.

    Names that begin with a dot are skipped, as are links that lead out of the folder.

    Raises
    ------
    ResultFileError
        The folder cannot be read, holds no file, or more than 100,000.
    """
    root = folder.resolve()
    try:
        found = [path for _, path in zip(range(MOST_FILES + 1), _walk(folder, root), strict=False)]
    except OSError as error:
        raise ResultFileError(
            folder,
            found=f"cannot be read ({error.strerror or error})",
            expected="a readable folder",
        ) from error
    if not found or len(found) > MOST_FILES:
        raise ResultFileError(
            folder,
            found=f"more than {MOST_FILES:,} files" if found else "a folder without files",
            expected="a folder with the output of a harness",
            way_out="Check the path you gave.",
        )
    return tuple(sorted(found))


def member(folder: Path, name: str) -> Path:
    """Give a file that a format names inside its folder; it must not lead out of the folder.

    Raises
    ------
    ResultFileError
        The name, or the link that stands there, leaves the folder.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ResultFileError(
            folder,
            field=name,
            found=f"a path to {shown(str(path.resolve()))}",
            expected="a file inside the folder",
            way_out="Replace the link by the file itself.",
        )
    return path


def names_from_folders(paths: Sequence[Path]) -> dict[Path, NameFromPath]:
    """Name the model of each file by the nearest folder whose name differs between the files.

    Returns
    -------
    dict
        One name for each path. Empty where no folder name differs: one file alone, or files that
        lie in the same folder; then only the user can say.
    """
    parents = [[part.name for part in path.absolute().parents if part.name] for path in paths]
    for level in range(min((len(names) for names in parents), default=0)):
        names = [normalised(above[level]) for above in parents]
        if len(set(names)) > 1:
            return {
                path: NameFromPath(name, "the folder's name")
                for path, name in zip(paths, names, strict=True)
            }
    return {}


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        inside = entry.resolve().is_relative_to(root)
        if entry.name.startswith(".") or not inside:
            continue
        if entry.is_dir():
            if not entry.is_symlink():  # a link to a folder could lead in a circle
                yield from _walk(entry, root)
        elif entry.is_file():
            yield entry
