"""Correct the tests of claims that are made together, each hypothesis once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from harness.claim import Correction, Family
from report.claims.parts import Part, Test, TestKey
from stats.families import Adjustment, benjamini_hochberg, holm

Corrected = Mapping[TestKey, Test]

_ADJUST: Mapping[Correction, Adjustment] = {
    "holm": holm,
    "max_t": holm,
    "benjamini_hochberg": benjamini_hochberg,
}
"""max-T needs outcomes of every problem; without them Holm keeps the same promise."""


def corrected(tests: Sequence[Test], correction: Correction) -> Corrected:
    """Adjust the distinct hypotheses among the tests of one family.

    The range is adjusted end by end: when every test is as favourable, or as unfavourable, as
    its margins allow.
    """
    distinct = {test.key: test for test in tests}
    if not distinct:
        return {}
    ordered = list(distinct.values())
    ends = [[t.p for t in ordered], [t.low for t in ordered], [t.high for t in ordered]]
    adjust = _ADJUST.get(correction)
    columns = [adjust(end).tolist() for end in ends] if adjust else ends
    name = "holm" if correction == "max_t" else correction
    return {
        test.key: replace(
            test,
            adjusted=p,
            adjusted_low=low,
            adjusted_high=high,
            correction=name,
            family=len(ordered),
        )
        for test, p, low, high in zip(ordered, *columns, strict=True)
    }


def correct_parts(parts: Sequence[Part], found: Corrected) -> tuple[Part, ...]:
    """Put the corrected tests in place of the raw ones."""
    return tuple(replace(part, test=found[part.test.key]) if part.test else part for part in parts)


def correction_of(families: Sequence[Family], family: str) -> Correction:
    """Return how a family is corrected; Holm unless claims.toml says otherwise."""
    return next((known.correction for known in families if known.id == family), "holm")
