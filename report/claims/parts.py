"""What judging a claim yields: parts, the tests they rest on, verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from harness.claim import Claim
from harness.release import Evidence
from stats.interval import Interval

Verdict = Literal["supported", "unresolved", "contradicted", "misstated", "untestable"]

VERDICTS: tuple[Verdict, ...] = (
    "supported",
    "unresolved",
    "contradicted",
    "misstated",
    "untestable",
)
"""In the order of the tally."""

WORST_FIRST: tuple[Verdict, ...] = (
    "contradicted",
    "misstated",
    "unresolved",
    "untestable",
    "supported",
)
"""A claim of several parts has the verdict of its worst part."""

TestKey = tuple[str, ...]
"""What a test is about: equal keys are one hypothesis, however many claims state it."""


@dataclass(frozen=True, slots=True)
class Test:
    """A two-sided test that a part rests on, before and after correction in its family.

    ``p`` treats results as unlinked, or is the paired test itself where outcomes are known; ``low``
    to ``high`` spans what the paired test could give, and equals ``p`` where nothing is open.
    Adjusted values are None until the family is corrected. ``contrast`` holds the models and their
    weights where the test is one of outcomes problem by problem: a joint correction needs them.
    """

    __test__ = False  # pytest must not collect it

    key: TestKey
    p: float
    low: float
    high: float
    method: str
    contrast: tuple[tuple[str, float], ...] = ()
    metric: str = ""
    adjusted: float | None = None
    adjusted_low: float | None = None
    adjusted_high: float | None = None
    correction: str = ""
    family: int = 0

    @property
    def ranges(self) -> bool:
        """Whether the data leave open which p-value the paired test has."""
        return self.low != self.high

    def standing(self, alpha: float) -> Literal["significant", "open", "not_significant"]:
        """Significant for sure, depending on who solved what, or not in any case.

        Raises
        ------
        ValueError
            The test has not been corrected yet.
        """
        if self.adjusted is None or self.adjusted_low is None or self.adjusted_high is None:
            raise ValueError(f"the test of {self.key} has not been corrected in its family")
        if max(self.adjusted, self.adjusted_high) <= alpha:
            return "significant"
        return "open" if min(self.adjusted, self.adjusted_low) <= alpha else "not_significant"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a claim: what it says, what the data give for it, and its verdict.

    ``estimate`` and ``interval`` are fractions in the ``unit`` of `report.numbers`; ``null`` is the
    value that means no difference. ``printed`` is the figure with its unit as the report has it.
    ``test`` is there where the part speaks of more than these problems. ``needs`` says what it
    would take to resolve it. ``subject`` holds both models of a comparison and the metric, and
    ``sign`` is -1 where the claim says that the estimate is below ``null``.
    """

    text: str
    verdict: Verdict = "supported"
    note: str = ""
    printed: str | None = None
    estimate: float | None = None
    interval: Interval | None = None
    unit: str = "points"
    null: float | None = None
    n: int | None = None
    evidence: Evidence | None = None
    method: str | None = None
    test: Test | None = None
    needs: str = ""
    subject: tuple[str, str, str] | None = None
    sign: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim with its verdict and all its parts, the deciding one named."""

    claim: Claim
    verdict: Verdict
    parts: tuple[Part, ...]
    deciding: Part

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.claim.id

    @property
    def fails(self) -> bool:
        """Whether the data do not bear it out: contradicted or misstated."""
        return self.verdict in {"contradicted", "misstated"}

    @property
    def acknowledged(self) -> bool:
        """Whether the release says that it knows."""
        return self.claim.acknowledged is not None


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict; ValueError where there is none."""
    return min(verdicts, key=WORST_FIRST.index)


def tally(judged: Iterable[JudgedClaim]) -> dict[Verdict, int]:
    """Count the verdicts; every one has a count, in the order of `VERDICTS`."""
    found = [claim.verdict for claim in judged]
    return {verdict: found.count(verdict) for verdict in VERDICTS}
