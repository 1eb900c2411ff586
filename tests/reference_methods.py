"""Every method of the reference files: `METHODS[method](**inputs)` returns the expected keys."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent
# The registry is also loaded by its path alone, to be run against cases that are not here.
sys.path += [folder for folder in (str(TESTS.parent), str(TESTS)) if folder not in sys.path]

from golden import difficulty, independent, paired, proportion  # noqa: E402 - needs the path above

Method = Callable[..., dict[str, Any]]


def merged(*parts: dict[str, Method]) -> dict[str, Method]:
    """Join registries; a method that two of them hold is an error, not the later one's."""
    found: dict[str, Method] = {}
    for part in parts:
        if twice := found.keys() & part.keys():
            raise ValueError(f"methods entered twice: {', '.join(sorted(twice))}")
        found |= part
    return found


METHODS = merged(proportion.METHODS, independent.METHODS, paired.METHODS, difficulty.METHODS)
