"""What a report says, as objects: claims, their assertions, and the families they belong to."""

from dataclasses import dataclass
from typing import Literal

Correction = Literal["holm", "max_t", "benjamini_hochberg", "none"]
Scope = Literal["models", "problems"]
Statistic = Literal["count", "mean", "median", "std", "min", "max"]

REPORT = "report"
"""The family of every claim that names none: all of them are corrected together."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """One part of a claim; results/README.md says which fields each kind uses and how.

    ``line`` is its line in claims.toml. Printed figures keep the digits they were printed with.
    """

    line: int
    kind: str
    metric: str | None = None
    statistic: Statistic | None = None
    models: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    over: Literal["categories", "difficulties"] | None = None
    category: str | None = None
    difficulty: str | None = None
    figure: str | None = None
    tables: tuple[str, ...] = ()
    printed: str | None = None
    unit: str | None = None
    points: str | None = None
    relative: str | None = None
    above: float | None = None
    below: float | None = None
    direction: Literal["rises", "falls"] | None = None
    rank: int = 1
    rows: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    margin: float | None = None
    margin_unit: Literal["points", "%"] | None = None
    significant: bool = False
    scope: Scope | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the report says, in our words, with what it asserts.

    ``stated`` are the figures or words as the report has them; ``rests_on`` names claims whose
    verdicts count as parts of this one; ``acknowledged`` says why a claim that the data do not
    bear out is published all the same.
    """

    line: int
    id: str
    section: str
    text: str
    assertions: tuple[Assertion, ...] = ()
    stated: str | None = None
    family: str = REPORT
    rests_on: tuple[str, ...] = ()
    acknowledged: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Claims that are corrected together for the number of tests made."""

    id: str
    title: str
    correction: Correction = "holm"
