"""Two models, or a weighted sum of several, compared on what an assertion speaks of.

Everything that depends on the evidence level is here. With counts a comparison carries the test of
unlinked results and the range of the paired one; with outcomes the paired test itself, and the
range is a point. Summaries of different programs have no test that is fair to both models.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from harness.claim import Assertion
from harness.release import Evidence, Summary
from report import numbers
from report.analysis.board import Board
from report.analysis.linked import seeded
from report.analysis.pairs import Pair
from report.analysis.rates import Rate
from report.claims.ground import SIZES, Ground, NoDataError
from report.claims.parts import Test
from stats.bounds import paired_test_range
from stats.check import NoEstimateError
from stats.contrast import mover_contrast
from stats.contrast_test import contrast_test
from stats.independent import miettinen_nurminen
from stats.interval import Estimate, Interval
from stats.problem_contrasts import score_interval_of_differences
from stats.runtime import welch_difference
from stats.signflip import sign_flip
from stats.unconditional import unconditional_z_pooled

Floats = NDArray[np.float64]

LINKED_METRICS = frozenset({"passed", "compiled"})
"""Metrics that outcomes hold for each problem."""

SELF_SELECTED = (
    "Each summary covers the programs of its own model that compiled, so no test of the difference "
    "would be fair to both"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Model a against model b: value of a minus value of b, and the test of the difference.

    ``test`` is None where no test exists: sizes are exact, and a median alone has no spread.
    """

    a: float
    b: float
    unit: str
    difference: float
    interval: Interval | None = None
    n: int | None = None
    evidence: Evidence | None = None
    test: Test | None = None
    caution: str = ""

    @property
    def method(self) -> str:
        """The method behind the estimate; without an interval it is arithmetic."""
        return self.interval.method if self.interval else "arithmetic"


def compare(ground: Ground, a: str, b: str, assertion: Assertion) -> Compared:
    """Compare two models on what the assertion speaks of; NoDataError where one lacks it."""
    own, other = ground.value(a, assertion), ground.value(b, assertion)
    metric = assertion.metric or ""
    if assertion.statistic:
        return _summaries(ground, a, b, assertion)
    if metric == "parameters":
        return Compared(own.value, other.value, "billion", own.value - other.value)
    if metric in SIZES:
        return _efficiencies(ground, a, b)
    pair = None if assertion.category or assertion.difficulty else _pair(ground, a, b, metric)
    if pair:
        return _from_pair(pair, a, own.value, other.value)
    board = ground.analysis.board
    if board and metric in LINKED_METRICS:
        models = {a: 1.0, b: -1.0}
        found = linked_contrast(ground, board, models, assertion, unit="points")
        return replace(found, a=own.value, b=other.value)
    return _unlinked(ground, a, b, assertion)


def _pair(ground: Ground, a: str, b: str, metric: str) -> Pair | None:
    try:
        return ground.analysis.pair(a, b, metric)
    except KeyError:
        return None


def _from_pair(pair: Pair, a: str, own: float, other: float) -> Compared:
    difference = pair.difference if pair.a == a else _mirrored(pair.difference)
    test = Test(
        (pair.metric, "", "", *sorted((pair.a, pair.b))),
        pair.test.p_value,
        pair.p_paired_low,
        pair.p_paired_high,
        pair.test.method,
        contrast=((pair.a, 1.0), (pair.b, -1.0)),
        metric=pair.metric,
    )
    return Compared(
        own,
        other,
        "points",
        difference.value,
        difference.interval,
        difference.n,
        "outcomes" if pair.linked else "counts",
        test,
    )


def _mirrored(estimate: Estimate) -> Estimate:
    limits = estimate.interval
    mirrored = Interval(-limits.high, -limits.low, limits.level, limits.method)
    return Estimate(-estimate.value, mirrored, estimate.n)


def _unlinked(ground: Ground, a: str, b: str, assertion: Assertion) -> Compared:
    first, second = ground.rate(a, assertion), ground.rate(b, assertion)
    counts = (first.count, first.n, second.count, second.n)
    total = max(ground.problems(assertion.category, assertion.difficulty), first.n, second.n)
    span = paired_test_range(*counts, n_problems=total)
    key = (assertion.metric or "", assertion.category or "", assertion.difficulty or "")
    p = min(1.0, unconditional_z_pooled(*counts).p_value)
    return Compared(
        first.value,
        second.value,
        "points",
        first.value - second.value,
        miettinen_nurminen(*counts, level=ground.analysis.level),
        min(first.n, second.n),
        "counts",
        Test((*key, *sorted((a, b))), p, span.p_low, span.p_high, "unconditional_z_pooled"),
    )


def _summaries(ground: Ground, a: str, b: str, assertion: Assertion) -> Compared:
    first, second = ground.summary(a, assertion), ground.summary(b, assertion)
    name = assertion.statistic or ""
    own, other = (float(getattr(summary, name)) for summary in (first, second))
    p, interval = _welch(ground, first, second) if name == "mean" else (None, None)
    told = "" if p is None else f" (Welch's, of the means: p {_equals(p)})"
    return Compared(
        own,
        other,
        "number",
        own - other,
        interval,
        min(first.count, second.count),
        "summaries",
        caution=f"{SELF_SELECTED}{told}.",
    )


def _equals(p: float) -> str:
    words = numbers.p_value(p)
    return words if words.startswith("<") else f"= {words}"


def _welch(ground: Ground, a: Summary, b: Summary) -> tuple[float | None, Interval | None]:
    try:
        found = welch_difference(
            *(a.count, a.mean, a.std), *(b.count, b.mean, b.std), level=ground.analysis.level
        )
    except NoEstimateError:
        return None, None
    return found.test.p_value, found.estimate.interval


def _efficiencies(ground: Ground, a: str, b: str) -> Compared:
    sizes = {model: ground.quantities[f"size/{model}"].value for model in (a, b)}
    weights = {a: 1 / sizes[a], b: -1 / sizes[b]}
    by_pass = Assertion(line=0, kind="", metric="passed")
    found = contrast(ground, weights, by_pass, unit="per_billion")
    if found.test is None:
        return found
    key = ("efficiency", *sorted((a, b)))
    return replace(found, test=replace(found.test, key=key))


def contrast(
    ground: Ground, weights: dict[str, float], assertion: Assertion, *, unit: str
) -> Compared:
    """Test a weighted sum of rates against 0: problem by problem where outcomes are known.

    From counts, once as if the rates were unlinked, once however they are linked. The first model
    is the one that the others are held against.
    """
    board = ground.analysis.board
    if board and assertion.metric in LINKED_METRICS:
        return linked_contrast(ground, board, weights, assertion, unit=unit)
    rates = [ground.rate(model, assertion) for model in weights]
    counts = [rate.count for rate in rates], [rate.n for rate in rates]
    factors = list(weights.values())
    found = mover_contrast(*counts, factors, level=ground.analysis.level)
    test = contrast_test(*counts, factors)
    own = rates[0].value * factors[0]
    key = _contrast_key(weights, assertion)
    return Compared(
        own,
        own - found.value,
        unit,
        found.value,
        found.interval,
        found.n,
        "counts",
        Test(key, test.p_value, 0.0, test.p_any_link, test.method),
    )


def _contrast_key(weights: dict[str, float], assertion: Assertion) -> tuple[str, ...]:
    where = (assertion.metric or "", assertion.category or "", assertion.difficulty or "")
    if len(weights) == 2 and {abs(w) for w in weights.values()} == {1.0}:
        return (*where, *sorted(weights))
    return ("contrast", *where, *(f"{m}:{w:.6g}" for m, w in sorted(weights.items())))


def linked_contrast(
    ground: Ground, board: Board, weights: dict[str, float], assertion: Assertion, *, unit: str
) -> Compared:
    """Test a weighted sum problem by problem, on the problems that all its models have.

    The sign-flip test, which for two models that pass or fail is McNemar's exact one.
    """
    values = board_values(board, list(weights), assertion)
    if values.shape[0] == 0:
        names = ", ".join(map(ground.model, weights))
        raise NoDataError(f"{names} have no problem in common.")
    factors = np.array(list(weights.values()))
    scale = max(factors[factors > 0].sum(), -factors[factors < 0].sum())
    d = values @ factors / scale
    found = score_interval_of_differences(np.clip(d, -1, 1), level=ground.analysis.level)
    key = _contrast_key(weights, assertion)
    flipped = sign_flip(d, rng=seeded(f"sign_flip {' '.join(key)}"))
    p, limits = flipped.p_two_sided, found.interval
    own = float(values[:, 0].mean() * factors[0])
    difference = found.value * scale
    where = (assertion.category, assertion.difficulty)
    return Compared(
        own,
        own - difference,
        unit,
        difference,
        Interval(limits.low * scale, limits.high * scale, limits.level, limits.method),
        found.n,
        "outcomes",
        Test(
            key,
            p,
            p,
            p,
            "sign_flip",
            contrast=tuple(weights.items()) if where == (None, None) else (),
            metric=assertion.metric or "",
        ),
    )


def board_values(board: Board, models: Sequence[str], assertion: Assertion) -> Floats:
    """Values of the models on the problems that the assertion speaks of and all of them have."""
    values = board.values[assertion.metric or "passed"][:, [board.place[m] for m in models]]
    here = board.where(category=assertion.category, difficulty=assertion.difficulty)
    whole: Floats = values[here & ~np.isnan(values).any(axis=1)]
    return whole


def whole_counts(rate: Rate) -> tuple[int, int]:
    """Return successes and problems; NoDataError where problems have shares, not passes."""
    if rate.fractional:
        raise NoDataError("Its problems have shares instead of passes, so counts say nothing.")
    return rate.count, rate.n
