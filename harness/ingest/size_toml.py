"""The number of problems that a file states, into a release.toml that has none."""

import re

from harness.toml_file import TomlFile

PLACE = re.compile(rb"^#[ \t]*n_problems[ \t]*=[^\r\n]*", re.MULTILINE)


def with_size(data: bytes, release: TomlFile, n_problems: int | None) -> bytes:
    """Say how many problems there are, in the line that is left for it, else in the first.

    A key of the document has to stand before its first table, so it cannot be appended.
    """
    if n_problems is None or "n_problems" in release.document:
        return data
    line = f"n_problems = {n_problems}".encode()
    said, times = PLACE.subn(line, data, count=1)
    if times:
        return said
    end = b"\r\n" if b"\r\n" in data else b"\n"
    return line + end + data
