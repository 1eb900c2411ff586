"""The figures by which a sample is usually published."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from stats.check import NoEstimateError


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """Count, mean, median, standard deviation (n - 1 below the line) and range of a sample.

    ``std`` is None for a single value.
    """

    count: int
    mean: float
    median: float
    std: float | None
    min: float
    max: float


def sample_summary(values: ArrayLike) -> SampleSummary:
    """Summarise values.

    Parameters
    ----------
    values : float, shape (n,)
        At least one, all finite.

    Raises
    ------
    ValueError
        A value that is not finite, or values in more than one dimension.
    NoEstimateError
        No values.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or not np.isfinite(x).all():
        raise ValueError(f"values must be finite numbers, of shape (n,), got shape {x.shape}")
    if x.size == 0:
        raise NoEstimateError("no values: there is nothing to summarise")
    return SampleSummary(
        count=x.size,
        mean=float(x.mean()),
        median=float(np.median(x)),
        std=float(x.std(ddof=1)) if x.size > 1 else None,
        min=float(x.min()),
        max=float(x.max()),
    )
