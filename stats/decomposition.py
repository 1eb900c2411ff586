"""Where the change of a rate between two releases comes from, split exactly.

A rate can move because outcomes on the same problems changed, because problems were added or
dropped, because more or fewer problems were attempted, or because a missing outcome counts as
something else than before. All is done in fractions, so the parts sum to the change itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from stats.check import NoEstimateError, check_count

MissingRule = Literal["absent", "failed"]
RULES: tuple[MissingRule, ...] = ("absent", "failed")
Value = Fraction | None
_PARTS = ("rescored", "new_problems", "dropped_problems", "attempts", "missing_rule")


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A change of rate and its five parts, which sum to it exactly.

    Attributes
    ----------
    before, after : Fraction
        The rates under each release's own rule for missing outcomes.
    rescored : Fraction
        From other outcomes on problems that both releases hold and the model attempted in both
        (under the rule ``failed``: on all problems that both hold).
    new_problems, dropped_problems : Fraction
        From problems that only the later, only the earlier release holds.
    attempts : Fraction
        From problems that both hold and the model attempted in one of them only; 0 under the rule
        ``failed``, where every problem counts.
    missing_rule : Fraction
        From counting a missing outcome in another way.
    n_common : int
        Problems that both releases hold and the model attempted in both.
    """

    before: Fraction
    after: Fraction
    rescored: Fraction
    new_problems: Fraction
    dropped_problems: Fraction
    attempts: Fraction
    missing_rule: Fraction
    n_common: int

    def __post_init__(self) -> None:
        parts = sum((getattr(self, name) for name in _PARTS), Fraction(0))
        if parts != self.total:
            raise ValueError(f"the parts sum to {parts}, the change is {self.total}")

    @property
    def total(self) -> Fraction:
        """The change of the rate."""
        return self.after - self.before


def decompose(
    before: Sequence[Value],
    after: Sequence[Value],
    *,
    in_before: Sequence[bool],
    in_after: Sequence[bool],
    rule_before: MissingRule = "absent",
    rule_after: MissingRule = "absent",
) -> Decomposition:
    """Split the change of one model's rate between two releases.

    Dropped problems have outcomes in the earlier release alone and new ones in the later alone, so
    the first are taken out of the earlier rate and the second put into the later one; what lies
    between is the change on common problems. Where the rule for missing outcomes changed, the
    split is made with the change of rule first and with the change of rule last, and the two are
    averaged: so that reading the releases backwards turns every sign and changes nothing else.

    Parameters
    ----------
    before, after : sequence of Fraction or None, one for each problem of either release
        The model's value in [0, 1]: 0 or 1, or the share of its samples that passed. None where
        it has no outcome, or the release does not hold the problem.
    in_before, in_after : sequence of bool
        Whether the release holds the problem.
    rule_before, rule_after
        ``absent``: a problem without an outcome does not count; ``failed``: it counts as 0.

    Returns
    -------
    Decomposition

    Raises
    ------
    ValueError
        Unequal lengths, a value outside [0, 1], an outcome on a problem that the release does not
        hold, or an unknown rule.
    NoEstimateError
        The model has no outcome in one of the releases, or no problem in common: new and dropped
        problems cannot be told apart then.

    References
    ----------
    Shapley (1953), A value for n-person games, for the average over both orders.
    """
    _check(before, after, in_before, in_after, (rule_before, rule_after))
    sides = _Sides(tuple(before), tuple(after), tuple(in_before), tuple(in_after))
    first, last = sides.split(rule_before), sides.split(rule_after)
    rescored, new, dropped, attempts = ((x + y) / 2 for x, y in zip(first, last, strict=True))
    start, end = sides.rate(0, rule_before), sides.rate(1, rule_after)
    rule = (sides.rate(0, rule_after) - start + end - sides.rate(1, rule_before)) / 2
    common = len(sides.common("absent"))
    return Decomposition(start, end, rescored, new, dropped, attempts, rule, common)


def _check(
    before: Sequence[Value],
    after: Sequence[Value],
    in_before: Sequence[bool],
    in_after: Sequence[bool],
    rules: tuple[str, str],
) -> None:
    lengths = {len(before), len(after), len(in_before), len(in_after)}
    if len(lengths) != 1:
        raise ValueError(f"values and membership must have one length, got {sorted(lengths)}")
    if any(flag not in (0, 1) for flag in (*in_before, *in_after)):
        raise ValueError("in_before and in_after must say true or false of every problem")
    for name, values, held in (("before", before, in_before), ("after", after, in_after)):
        for at, value in enumerate(values):
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"{name}[{at}] must be in [0, 1], got {value}")
            if value is not None and not held[at]:
                raise ValueError(f"{name}[{at}] is {value}, but that release holds no such problem")
        if all(value is None for value in values):
            raise NoEstimateError(f"{name} holds no outcome: there is no rate to compare")
    for rule in rules:
        if rule not in RULES:
            raise ValueError(f"a rule for missing outcomes is one of {RULES}, got {rule!r}")


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both releases over the union of their problems; side 0 is the earlier."""

    before: tuple[Value, ...]
    after: tuple[Value, ...]
    in_before: tuple[bool, ...]
    in_after: tuple[bool, ...]

    def counted(self, side: int, rule: MissingRule) -> frozenset[int]:
        """Problems in the denominator of one release's rate."""
        values, held = ((self.before, self.in_before), (self.after, self.in_after))[side]
        return frozenset(
            at
            for at, own in enumerate(held)
            if own and (rule == "failed" or values[at] is not None)
        )

    def common(self, rule: MissingRule) -> frozenset[int]:
        return self.counted(0, rule) & self.counted(1, rule)

    def rate(self, side: int, rule: MissingRule) -> Fraction:
        return self._mean(side, self.counted(side, rule))

    def split(self, rule: MissingRule) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Rescored, new, dropped, attempts, with one rule for both releases."""
        both = self.common(rule)
        if not both:
            raise NoEstimateError(
                "no problem has an outcome in both releases: the change cannot be split"
            )
        held = frozenset(at for at, own in enumerate(self.in_before) if own and self.in_after[at])
        ends = [self.rate(side, rule) for side in (0, 1)]
        shared = [self._mean(side, self.counted(side, rule) & held) for side in (0, 1)]
        core = [self._mean(side, both) for side in (0, 1)]
        attempts = (core[0] - shared[0]) + (shared[1] - core[1])
        return core[1] - core[0], ends[1] - shared[1], shared[0] - ends[0], attempts

    def _mean(self, side: int, where: frozenset[int]) -> Fraction:
        values = (self.before, self.after)[side]
        found = (values[at] for at in where)
        return sum((v for v in found if v is not None), Fraction(0)) / len(where)


@dataclass(frozen=True, slots=True)
class CountSplit:
    """A change of rate between two pairs of counts, and its two parts, which sum to it exactly.

    Attributes
    ----------
    successes : Fraction
        From more or fewer successes.
    totals : Fraction
        From more or fewer problems attempted.
    least_lost, least_gained : int
        At least so many outcomes turned from pass into no pass, and the other way, if both
        releases hold the same problems.
    """

    before: Fraction
    after: Fraction
    successes: Fraction
    totals: Fraction
    least_lost: int
    least_gained: int

    def __post_init__(self) -> None:
        if self.successes + self.totals != self.total:
            raise ValueError(
                f"the parts sum to {self.successes + self.totals}, the change is {self.total}"
            )

    @property
    def total(self) -> Fraction:
        """The change of the rate."""
        return self.after - self.before


def split_counts(passed_before: int, n_before: int, passed_after: int, n_after: int) -> CountSplit:
    """Split a change of rate where nothing but counts is known.

    Each part is measured at the mean of the other, so that swapping the releases turns the signs:
    ``x'/n' - x/n = (x' - x) (1/n + 1/n') / 2 + (1/n' - 1/n) (x + x') / 2``.

    Parameters
    ----------
    passed_before, n_before, passed_after, n_after : int
        0 <= passed <= n, n >= 1.

    Raises
    ------
    TypeError, ValueError, NoEstimateError
        A count is out of its range, or nothing was attempted.

    References
    ----------
    Kitagawa (1955), Components of a difference between two rates, JASA 50:1168-1194.
    """
    check_count(passed_before, n_before, name="passed_before")
    check_count(passed_after, n_after, name="passed_after")
    more = passed_after - passed_before
    return CountSplit(
        before=Fraction(passed_before, n_before),
        after=Fraction(passed_after, n_after),
        successes=more * (Fraction(1, n_before) + Fraction(1, n_after)) / 2,
        totals=(Fraction(1, n_after) - Fraction(1, n_before)) * (passed_before + passed_after) / 2,
        least_lost=max(0, -more),
        least_gained=max(0, more),
    )
