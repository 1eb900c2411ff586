"""Places before and after an adjustment, and by how many a model moves."""

from collections.abc import Mapping

from report.document import Cell


def places_of(values: Mapping[str, float]) -> dict[str, int]:
    """Place of each model by its value, equal values sharing one; differences below 1e-9 tie."""
    return {m: 1 + sum(other > v + 1e-9 for other in values.values()) for m, v in values.items()}


def moved_cell(raw: int, adjusted: int) -> Cell:
    """A place, with how far it is from the raw one: "3 ↑1"."""
    arrow = "" if raw == adjusted else f" {'↑' if adjusted < raw else '↓'}{abs(raw - adjusted)}"
    return Cell(f"{adjusted}{arrow}", sort=adjusted, raw=adjusted)
