"""The errors a person can act on: where, what was found, what was expected, the way out."""

from collections.abc import Sequence
from pathlib import Path

LISTED = 50  # a person fixes these first; the rest are counted


class BenchproofError(Exception):
    """A problem with what the user gave; the command line prints it and exits with 2."""


class ResultFileError(BenchproofError):
    """A file of a release that cannot be taken as it is.

    Attributes
    ----------
    path : Path
        The file, as the user would find it.
    line : int or None
        1-based line (or record) number, where one is known.
    field : str or None
        Field, column or dotted key.
    found : str
        What stands there.
    expected : str
        What should stand there.
    way_out : str
        What the user can do.
    """

    def __init__(
        self,
        path: Path,
        *,
        found: str,
        expected: str,
        way_out: str = "",
        line: int | None = None,
        field: str | None = None,
    ) -> None:
        self.path = path
        self.line = line
        self.field = field
        self.found = found
        self.expected = expected
        self.way_out = way_out
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Compose the whole message, two or three lines."""
        where = f"{self.path}:{self.line}" if self.line is not None else f"{self.path}"
        subject = f"{self.field}: " if self.field else ""
        lines = [f"{where}: {subject}{self.found}; expected {self.expected}"]
        if self.way_out:
            lines.append(f"  {self.way_out}")
        return "\n".join(lines)


class ReleaseFolderError(ResultFileError):
    """All that is wrong with a release, or with several, in one error.

    Attributes
    ----------
    path : Path
        The folder that was read.
    errors : tuple of ResultFileError
        One for each mistake, file by file in the order of their lines.
    """

    def __init__(self, path: Path, errors: Sequence[ResultFileError]) -> None:
        self.errors = tuple(errors)
        if not self.errors:
            raise ValueError("errors must hold at least one error, got none")
        count = len(self.errors)
        found = f"{count} errors" if count > 1 else "1 error"
        super().__init__(path, found=found, expected="a release without errors")

    def sentence(self) -> str:
        """List every error; a single one stands alone."""
        listed = [error.sentence() for error in self.errors[:LISTED]]
        if len(self.errors) == 1:
            return listed[0]
        more = len(self.errors) - len(listed)
        tail = [f"… and {more} more"] if more else []
        return "\n".join([f"{self.path}: {self.found}", *listed, *tail])
