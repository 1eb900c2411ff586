"""Checks of arguments that every statistic shares: one sentence with name, bound and value."""

from numbers import Integral


class NoEstimateError(ValueError):
    """The data are valid, yet hold no estimate: 0/0, separation, no convergence.

    Raised instead of returning NaN or a zero-width interval as if it were knowledge.
    """


def check_level(level: float) -> None:
    """Raise ValueError unless the level is a probability strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1 (exclusive), got {level}")


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
