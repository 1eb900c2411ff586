"""A problem's outcomes as a strip: one small cell for each model, drawn as a few paths."""

from collections.abc import Iterator

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

HEIGHT = 14
LEVELS = 4
"""Shades of a value: 0 is missed, LEVELS is passed in full; between them lie the parts."""

_WIDEST, _NARROWEST, _ROOM = 12, 2, 264


def strip(values: NDArray[np.float64]) -> Markup:
    """Draw values from 0 to 1 (NaN: no outcome) as cells from left to right.

    Colours come from the style sheet by class: ``bp-s0`` missed … ``bp-s4`` passed, ``bp-sn``
    without an outcome. Neighbours of one shade share a path, so that wide boards stay small.
    """
    width = int(min(max(_ROOM // max(values.size, 1), _NARROWEST), _WIDEST))
    shades = np.where(np.isnan(values), -1, np.ceil(np.nan_to_num(values) * LEVELS - 1e-9))
    drawn = Markup("").join(
        Markup('<path class="{}" d="{}"/>').format(
            "bp-sn" if shade < 0 else f"bp-s{int(shade)}", _path(shades, shade, width)
        )
        for shade in np.unique(shades)
    )
    # The strip repeats what the row says in figures and the panel in names.
    return Markup(
        '<svg class="bp-strip" aria-hidden="true" data-cell="{}" width="{}" height="{}">{}</svg>'
    ).format(width, width * values.size, HEIGHT, drawn)


def _path(shades: NDArray[np.float64], shade: float, width: int) -> str:
    return "".join(
        f"M{start * width} 0h{length * width - 1}v{HEIGHT}h-{length * width - 1}z"
        if width <= _NARROWEST
        else "".join(
            f"M{(start + k) * width} 0h{width - 1}v{HEIGHT}h-{width - 1}z" for k in range(length)
        )
        for start, length in _runs(shades == shade)
    )


def _runs(here: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], here.astype(np.int8), [0]])))
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield start, stop - start
