"""Correct the tests of claims that are made together, each hypothesis once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from harness.claim import Correction, Family
from report.analysis.board import Board
from report.analysis.linked import MOST_PAIRS, seeded
from report.claims.parts import Part, Test, TestKey
from stats.check import NoEstimateError
from stats.families import benjamini_hochberg, holm
from stats.maxt import westfall_young

Floats = NDArray[np.float64]
Corrected = Mapping[TestKey, Test]

_ADJUST: Mapping[Correction, Callable[[list[float]], Floats]] = {
    "holm": holm,
    "benjamini_hochberg": benjamini_hochberg,
}


def corrected(tests: Sequence[Test], correction: Correction, board: Board | None) -> Corrected:
    """Adjust the distinct hypotheses among the tests of one family.

    The range is adjusted end by end: when every test is as favourable, or as unfavourable, as
    its margins allow. max-T needs outcomes of every problem behind each test; where one lacks
    them, Holm keeps the same promise.
    """
    ordered = list({test.key: test for test in tests}.values())
    if not ordered:
        return {}
    joint = _max_t(ordered, board) if correction == "max_t" else None
    name: Correction = "holm" if correction == "max_t" and joint is None else correction
    if joint is not None:
        columns = [joint] * 3
    else:
        ends = [[t.p for t in ordered], [t.low for t in ordered], [t.high for t in ordered]]
        adjust = _ADJUST.get(name)
        columns = [adjust(end).tolist() for end in ends] if adjust else ends
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


def _max_t(tests: Sequence[Test], board: Board | None) -> list[float] | None:
    """Westfall-Young's joint correction; None where a test has no outcomes on all problems."""
    if board is None or len(tests) > MOST_PAIRS or not all(test.contrast for test in tests):
        return None
    columns = []
    for test in tests:
        values = board.values[test.metric][:, [board.place[m] for m, _ in test.contrast]]
        columns.append(values @ np.array([weight for _, weight in test.contrast]))
    differences = np.column_stack(columns)
    if np.isnan(differences).any():
        return None
    try:
        found = westfall_young(differences, rng=seeded("max_t claims"))
    except NoEstimateError:
        return None
    adjusted: list[float] = found.p_adjusted.tolist()
    return adjusted


def correct_parts(parts: Sequence[Part], found: Corrected) -> tuple[Part, ...]:
    """Put the corrected tests in place of the raw ones."""
    return tuple(replace(part, test=found[part.test.key]) if part.test else part for part in parts)


def correction_of(families: Sequence[Family], family: str) -> Correction:
    """Return how a family is corrected; Holm unless claims.toml says otherwise."""
    return next((known.correction for known in families if known.id == family), "holm")
