"""An interval that knows its level and its method."""

from dataclasses import dataclass
from math import isnan


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided confidence interval, equal-tailed unless its method says otherwise.

    Attributes
    ----------
    low, high : float
        The limits, on the scale of the estimate (a rate is a fraction, 0.03 is 3 points);
        infinite where the data set no limit.
    level : float
        Nominal coverage in (0, 1).
    method : str
        Name of the method in snake case, as in the reference files: ``wilson``, ``tango`` …

    Raises
    ------
    ValueError
        A limit is NaN, ``low`` exceeds ``high``, or ``level`` is outside (0, 1).
    """

    low: float
    high: float
    level: float
    method: str

    def __post_init__(self) -> None:
        if isnan(self.low) or isnan(self.high):
            raise ValueError(f"{self.method}: a limit is not a number: {self.low} to {self.high}")
        if self.low > self.high:
            raise ValueError(f"{self.method}: low {self.low} is above high {self.high}")
        if not 0 < self.level < 1:
            raise ValueError(f"level must be between 0 and 1 (exclusive), got {self.level}")

    @property
    def width(self) -> float:
        """Distance between the limits."""
        return self.high - self.low

    def contains(self, value: float) -> bool:
        """Whether the value lies within the closed interval."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval and the number of problems (or units) behind it."""

    value: float
    interval: Interval
    n: int


@dataclass(frozen=True, slots=True)
class TestResult:
    """A two-sided p-value with the method that gave it and, where it has one, its statistic."""

    __test__ = False  # pytest must not collect it

    p_value: float
    method: str
    statistic: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.p_value <= 1:
            raise ValueError(f"{self.method}: p-value must be in [0, 1], got {self.p_value}")
