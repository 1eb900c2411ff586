"""Figures of a frozen release that this version of the tool computes differently.

The data cannot have changed (`harness.frozen` verifies every byte), so what moved is the method.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose
from typing import Any

from harness.release import Release

ROUNDING = 1e-9
"""Relative difference below which two figures are one: what a processor or library may round."""

_NUMBERS = ("value", "low", "high", "level")
_WORDS = ("unit", "method", "n", "evidence")

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drift:
    """One figure that moved: as ``analysis.json`` had it at freezing, and as it has it now.

    ``now`` is None where this version no longer computes the figure.
    """

    key: str
    frozen: Entry
    now: Entry | None


def drifts(release: Release, quantities: Mapping[str, Entry]) -> tuple[Drift, ...]:
    """Return every figure of a frozen release that moved or went, in the order of freezing.

    Parameters
    ----------
    release
        Without a freeze nothing can drift.
    quantities
        Its figures now, as `report.quantities.as_json` gives them. Figures that freezing did not
        know are new, not moved.
    """
    return tuple(_moved(release.freeze.quantities, quantities)) if release.freeze else ()


def _moved(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> Iterator[Drift]:
    for key, frozen in before.items():
        now = after.get(key)
        if now is None or not _same(frozen, now):
            yield Drift(key, frozen, now)


def _same(a: Entry, b: Entry) -> bool:
    if any(a.get(name) != b.get(name) for name in _WORDS):
        return False
    return all(_close(a.get(name), b.get(name)) for name in _NUMBERS)


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return isclose(a, b, rel_tol=ROUNDING, abs_tol=1e-12)
