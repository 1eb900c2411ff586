"""The errors a person can act on: where, what was found, what was expected, the way out."""

from pathlib import Path


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
