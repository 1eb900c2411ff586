"""Checks of arguments that every statistic shares: one sentence with name, bound and value."""

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray


class NoEstimateError(ValueError):
    """The data are valid, yet hold no estimate: 0/0, separation, no convergence.

    Raised instead of returning NaN or a zero-width interval as if it were knowledge.
    """


def check_level(level: float) -> None:
    """Raise ValueError unless the level is a probability strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1 (exclusive), got {level}")


def check_whole(value: Any, *, name: str, least: int) -> None:
    """Raise unless the value is a whole number, no boolean, and at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")


def together(**arrays: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Broadcast arrays against each other; ValueError with names and shapes where they do not."""
    try:
        return tuple(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"shapes do not fit together: {shapes}") from None


def check_count(successes: int, n: int, *, name: str = "successes") -> None:
    """Raise unless 0 <= successes <= n and n >= 1, both whole numbers."""
    given: tuple[tuple[str, object], ...] = ((name, successes), ("n", n))
    for label, value in given:
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise TypeError(f"{label} must be a whole number, got {value!r}")
    if n < 1:
        raise NoEstimateError(f"n must be at least 1, got {n}: there is nothing to estimate from")
    if not 0 <= successes <= n:
        raise ValueError(f"{name} must be between 0 and n = {n}, got {successes}")
