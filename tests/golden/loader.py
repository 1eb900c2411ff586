"""Reads the golden cases of the shared reference folder and holds a result against one."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "reference"


def methods() -> list[str]:
    """Name every method that has a reference file; empty where the folder is missing."""
    return sorted(path.stem for path in REFERENCE.glob("*.json"))


def cases(method: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield (file, case) for each case of the method."""
    document = json.loads((REFERENCE / f"{method}.json").read_text("utf-8"))
    for case in document["cases"]:
        yield document, case


def mismatches(
    document: dict[str, Any], got: dict[str, Any], expected: dict[str, Any]
) -> list[str]:
    """Say where a result differs from the expected one by more than the file's tolerance."""
    found = []
    for key, want in expected.items():
        tolerance = document.get("tolerance_by_key", {}).get(key, document["tolerance"])
        if key not in got:
            found.append(f"{key}: missing")
        else:
            found.extend(_differences(key, got[key], want, tolerance))
    return found


def _differences(where: str, got: Any, want: Any, tolerance: dict[str, float]) -> Iterator[str]:
    if isinstance(want, dict):
        for key, value in want.items():
            yield from _differences(f"{where}.{key}", (got or {}).get(key), value, tolerance)
    elif isinstance(want, list):
        if got is None or len(got) != len(want):
            yield f"{where}: {got!r} has not the length of {want!r}"
            return
        for index, value in enumerate(want):
            yield from _differences(f"{where}[{index}]", got[index], value, tolerance)
    elif not _equal(got, want, tolerance):
        yield f"{where}: got {got!r}, want {want!r}"


def _equal(got: Any, want: Any, tolerance: dict[str, float]) -> bool:
    if want is None:
        return got is None or (isinstance(got, float) and math.isnan(got))
    if got is None:
        return False
    if isinstance(want, (bool, str)) and want not in ("Infinity", "-Infinity"):
        return bool(got == want)
    if isinstance(want, int):
        return bool(abs(got - want) <= tolerance["abs"] + tolerance["rel"] * abs(want))
    target = float(want)
    if math.isinf(target):
        return bool(got == target)
    return bool(abs(got - target) <= tolerance["abs"] + tolerance["rel"] * abs(target))
