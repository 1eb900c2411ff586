"""Where the labels of points go, so that they cover neither points nor each other."""

from collections.abc import Sequence
from math import log
from typing import Any

Point = tuple[float, float]
Box = tuple[float, float, float, float]

PLOT = (790.0, 430.0)
"""Size of the wide chart's plot in pixels, near enough to judge overlaps."""

NARROW_PLOT = (285.0, 380.0)

LETTER = 6.7
"""Mean width of a letter of a 12-pixel label."""

PLACES = (
    (9, -9),
    (9, 10),
    (-9, -9),
    (-9, 10),
    (12, 0),
    (-12, 0),
    (9, -22),
    (-9, -22),
    (9, 23),
    (-9, 23),
)
"""Offsets tried in turn; negative dx puts the label to the left, negative dy above."""


def place_labels(
    rows: Sequence[dict[str, Any]],
    domains: tuple[Point, Point],
    *,
    x: str = "x",
    y: str = "y",
    log_x: bool = False,
    narrow: bool = False,
) -> list[dict[str, Any]]:
    """Return the rows with an offset for their label (``dx``, ``dy``), and whether it is shown.

    ``domains`` are what the two axes span. In the narrow drawing only focus models are named. The
    first place whose box touches neither a point nor a label already placed wins; where none is
    free, the one that touches least. Focus models choose first.
    """
    across, up = domains
    plot = NARROW_PLOT if narrow else PLOT
    points = [
        (
            _pixel(log(row[x]), (log(across[0]), log(across[1])), plot[0])
            if log_x
            else _pixel(row[x], across, plot[0]),
            _pixel(row[y], up, plot[1]),
        )
        for row in rows
    ]
    boxes: list[Box] = []
    placed = [{**row, "dx": 0, "dy": 0, "named": row["focus"] or not narrow} for row in rows]
    for row, at in sorted(zip(placed, points, strict=True), key=lambda item: not item[0]["focus"]):
        if row["named"]:
            width = LETTER * len(str(row["model"]))
            choices = [_box(at, place, width) for place in PLACES]
            costs = [_overlaps(box, points, boxes, plot) for box in choices]
            best = costs.index(min(costs))
            row["dx"], row["dy"] = PLACES[best]
            boxes.append(choices[best])
    return placed


def _pixel(value: float, domain: Point, size: float) -> float:
    low, high = domain
    return (value - low) / ((high - low) or 1.0) * size


def _box(at: Point, place: tuple[int, int], width: float) -> Box:
    dx, dy = place
    left = at[0] + dx if dx > 0 else at[0] + dx - width
    middle = at[1] - dy  # a page's y grows downwards, the data's upwards
    return (left, middle - 7, left + width, middle + 7)


def _overlaps(box: Box, points: Sequence[Point], boxes: Sequence[Box], plot: Point) -> int:
    left, low, right, high = box
    outside = left < 0 or right > plot[0]
    on_points = sum(left - 5 < px < right + 5 and low - 5 < py < high + 5 for px, py in points)
    on_boxes = sum(left < b[2] and b[0] < right and low < b[3] and b[1] < high for b in boxes)
    return on_points + 2 * on_boxes + 3 * outside


def cross_domains(rows: Sequence[dict[str, Any]]) -> tuple[Point, Point]:
    """What the axes of `cross_chart` span, so that labels are placed on the same scale."""
    return (
        _padded([v for r in rows for v in (r["x_low"], r["x_high"])]),
        _padded([v for r in rows for v in (r["y_low"], r["y_high"])]),
    )


def size_domains(rows: Sequence[dict[str, Any]]) -> tuple[Point, Point]:
    """What the axes of `size_chart` span; sizes in billions, not their logarithms."""
    sizes = [row["size"] for row in rows]
    top = max(row["y_high"] for row in rows)
    return (min(sizes) / 1.6, max(sizes) * 2.2), (0.0, min(1.0, top + 0.04))


def _padded(values: Sequence[float]) -> Point:
    low, high = min(values), max(values)
    return max(0.0, low - 0.02), min(1.0, high + 0.02)
