"""What a comparison of two releases finds out about each model's rate."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from stats.decomposition import CountSplit, Decomposition
from stats.interval import Estimate, Interval, TestResult

Evidence = Literal["outcomes", "counts"]


@dataclass(frozen=True, slots=True)
class Side:
    """A rate in one release; ``successes`` is None where problems count in fractions."""

    rate: Fraction
    n: int
    successes: int | None
    interval: Interval

    @property
    def value(self) -> float:
        """The rate as a float."""
        return float(self.rate)


@dataclass(frozen=True, slots=True)
class Flip:
    """One problem whose value changed."""

    problem: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class Range:
    """What the paired comparison could be if both releases hold the same problems."""

    p_low: float
    p_high: float
    envelope: Interval


@dataclass(frozen=True, slots=True)
class RateChange:
    """One model's rate on one metric in both releases.

    Attributes
    ----------
    model : str
        Its id in the later release.
    change : Estimate
        After minus before, over each release's own problems.
    simultaneous : Interval
        The same at Bonferroni's level over all models of the comparison.
    rescored : Estimate or None
        The paired change on common problems, with its interval; None without outcomes or without
        a common problem.
    test : TestResult
        Of ``rescored`` where there is one, else of the unlinked rates.
    exact : float or None
        McNemar's exact p-value beside the mid-p one.
    adjusted : float
        Holm's p-value over all models of the comparison.
    parts : Decomposition, CountSplit or None
        What the change consists of; None (and ``unsplit`` says why) where it cannot be split.
    possible : Range or None
        With counts of equally many problems: every paired result they allow.
    flips : tuple of Flip
        Problems whose value changed, by id; empty without outcomes.
    same : bool
        Whether the outcomes on problems of both releases, or with counts alone the counts, are
        those of the earlier release. The rate may have moved all the same: by other problems.
    """

    model: str
    metric: str
    evidence: Evidence
    before: Side
    after: Side
    change: Estimate
    simultaneous: Interval
    rescored: Estimate | None
    test: TestResult
    exact: float | None
    adjusted: float
    parts: Decomposition | CountSplit | None
    unsplit: str
    possible: Range | None
    flips: tuple[Flip, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that only one of the releases has results for."""

    model: str
    metric: str
    side: Side


@dataclass(frozen=True, slots=True)
class MetricChanges:
    """All that happened to one metric."""

    metric: str
    evidence: Evidence
    models: tuple[RateChange, ...]
    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]

    @property
    def moved(self) -> tuple[RateChange, ...]:
        """Models whose outcomes or counts changed."""
        return tuple(change for change in self.models if not change.same)

    @property
    def shifted(self) -> tuple[RateChange, ...]:
        """Models whose rate moved although their outcomes on common problems did not."""
        return tuple(c for c in self.models if c.same and c.before.rate != c.after.rate)
