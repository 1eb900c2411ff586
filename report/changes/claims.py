"""What became of a report's claims: verdicts that flipped, claims new, withdrawn and reworded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isclose

from harness.claim import Claim
from report.claims import JudgedClaim


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """One claim in both releases; None where a release does not make it.

    Attributes
    ----------
    flipped : bool
        Another verdict.
    reworded : bool
        Other words, other stated figures, or another assertion behind them.
    moved : bool
        The data give another figure for it.
    """

    id: str
    before: JudgedClaim | None
    after: JudgedClaim | None
    flipped: bool = False
    reworded: bool = False
    moved: bool = False

    @property
    def kind(self) -> str:
        """What happened, in a word or two."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "withdrawn"
        words = [
            word
            for word, holds in (
                ("verdict flipped", self.flipped),
                ("reworded", self.reworded),
                ("figure moved", self.moved),
            )
            if holds
        ]
        return ", ".join(words)

    @property
    def worse(self) -> bool:
        """Whether the claim held up, and does not any more."""
        return (
            self.before is not None
            and self.after is not None
            and self.flipped
            and not self.before.fails
            and self.after.fails
        )


def claim_changes(
    before: Sequence[JudgedClaim], after: Sequence[JudgedClaim]
) -> tuple[ClaimChange, ...]:
    """Compare the claims of two releases by id: flipped first, then new, withdrawn, the rest.

    A claim of which nothing changed is left out.
    """
    old, new = ({claim.id: claim for claim in claims} for claims in (before, after))
    both = [_compared(old[key], claim) for key, claim in new.items() if key in old]
    changed = [c for c in both if c.flipped or c.reworded or c.moved]
    return (
        *(c for c in changed if c.flipped),
        *(ClaimChange(key, None, claim) for key, claim in new.items() if key not in old),
        *(ClaimChange(key, claim, None) for key, claim in old.items() if key not in new),
        *(c for c in changed if not c.flipped),
    )


def _compared(before: JudgedClaim, after: JudgedClaim) -> ClaimChange:
    a, b = before.deciding.estimate, after.deciding.estimate
    moved = a is not None and b is not None and not isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    return ClaimChange(
        after.id,
        before,
        after,
        flipped=before.verdict != after.verdict,
        reworded=_said(before.claim) != _said(after.claim),
        moved=moved,
    )


def _said(claim: Claim) -> tuple[object, ...]:
    """What a claim says, without where in its file it does."""
    assertions = tuple(replace(assertion, line=0) for assertion in claim.assertions)
    return claim.text, claim.stated, assertions
