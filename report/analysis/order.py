"""How firm the order of the models is: first places, ranks and ratios to the best, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from harness.release import Release
from report.analysis.board import Board
from report.analysis.linked import seeded
from report.analysis.pairs import Pair
from report.analysis.rates import Rate
from stats.check import NoEstimateError
from stats.interval import Estimate, Interval
from stats.omnibus import cochran_q, friedman
from stats.ranks import letters, marginal_rank_sets
from stats.resampling import Resamples, independent_bootstrap, joint_bootstrap
from stats.standing import contenders, probability_best, rank_intervals, ratio_to_best

Floats = NDArray[np.float64]

RESAMPLES = 9_999


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of one model's place among all.

    Attributes
    ----------
    model : str
    marginal : pair of int
        Rank set that holds for this model alone, from Holm over its own pairs.
    letters : str
        Models that share a letter are not told apart (Holm over all pairs).
    best : float or None
        Share of the resamples that it leads; None where nothing could be resampled.
    resampled : pair of int or None
        Percentile interval of its rank over the resamples.
    contender : bool or None
        Whether it belongs to the set that holds the best model at the level.
    """

    model: str
    marginal: tuple[int, int]
    letters: str
    best: float | None
    resampled: tuple[int, int] | None
    contender: bool | None


@dataclass(frozen=True, slots=True)
class Omnibus:
    """One test of whether all models are equally good; ``n`` problems that all have."""

    method: str
    statistic: float
    p_value: float
    n: int


@dataclass(frozen=True, slots=True)
class Order:
    """Places of all models, best first, and what the resamples say of the best.

    Attributes
    ----------
    places : tuple of Place
    ratios : tuple of (metric, model, Estimate)
        Each rate as a share of the best one's, which model is best being uncertain too.
    method : str or None
        How was resampled; None where it could not be, with the ``reason``.
    reason : str
    omnibus : Omnibus or None
        None from counts, and where it has no estimate.
    """

    places: tuple[Place, ...]
    ratios: tuple[tuple[str, str, Estimate], ...]
    method: str | None
    reason: str
    omnibus: Omnibus | None


def order(
    rates: Sequence[Rate],
    pairs: Sequence[Pair],
    release: Release,
    board: Board | None,
    *,
    level: float,
) -> Order | None:
    """Place all models; None with fewer than two.

    Parameters
    ----------
    rates : sequence of Rate
        Of all metrics.
    pairs : sequence of Pair
        Of the main metric.
    """
    passed = sorted((r for r in rates if r.metric == "passed"), key=lambda r: -r.value)
    if len(passed) < 2:
        return None
    resamples, reason = _resampled(passed, release, board)
    marginal, shared = _rank_sets(passed, pairs, level=level)
    found = _from_resamples(resamples, level=level) if resamples else None
    places = tuple(
        Place(
            rate.model,
            (int(marginal[i, 0]), int(marginal[i, 1])),
            shared[i],
            *(found[i] if found else (None, None, None)),
        )
        for i, rate in enumerate(passed)
    )
    ratios = (
        ratio
        for metric in ("passed", "compiled")
        for ratio in _ratios([r for r in rates if r.metric == metric], release, board, level=level)
    )
    return Order(
        places,
        tuple(ratios),
        resamples.method if resamples else None,
        reason,
        _omnibus(passed, board),
    )


def _resampled(
    rates: Sequence[Rate], release: Release, board: Board | None
) -> tuple[Resamples | None, str]:
    """Resample the rates, columns in their order; None with the reason where that fails."""
    # Models are drawn in the order of the release: one that is added moves no draw before it.
    drawn = sorted(rates, key=lambda r: release.tested.index(r.model))
    column = {r.model: i for i, r in enumerate(drawn)}
    back = [column[r.model] for r in rates]
    metric = rates[0].metric
    try:
        if board is None:
            found = independent_bootstrap(
                [r.count for r in drawn],
                [r.n for r in drawn],
                rng=seeded(f"independent_bootstrap {metric}"),
                n_resamples=RESAMPLES,
            )
        else:
            values = board.values[metric][:, [board.place[r.model] for r in drawn]]
            known = ~np.isnan(values)
            found = joint_bootstrap(
                np.where(known, values, 0.0),
                rng=seeded(f"joint_bootstrap {metric}"),
                n_resamples=RESAMPLES,
                attempted=None if known.all() else known,
            )
    except (NoEstimateError, ValueError) as error:
        return None, str(error)
    ordered = replace(
        found,
        rates=found.rates[:, back],
        observed=found.observed[back],
        solved=found.solved[back],
        n=found.n[back],
    )
    return ordered, ""


def _from_resamples(
    resamples: Resamples, *, level: float
) -> list[tuple[float, tuple[int, int], bool]]:
    first = probability_best(resamples)
    ranks = rank_intervals(resamples, level=level)
    kept = contenders(resamples, level=level)
    return [
        (float(p), (int(low), int(high)), bool(stays))
        for p, low, high, stays in zip(first, ranks.low, ranks.high, kept, strict=True)
    ]


def _rank_sets(
    rates: Sequence[Rate], pairs: Sequence[Pair], *, level: float
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Marginal rank sets and the compact letter display, rates in their order."""
    place, m = {r.model: i for i, r in enumerate(rates)}, len(rates)
    p, gain, apart = np.ones((m, m)), np.zeros((m, m)), np.zeros((m, m), dtype=bool)
    for pair in pairs:
        i, j = place[pair.a], place[pair.b]
        p[i, j] = p[j, i] = pair.test.p_value
        gain[i, j], gain[j, i] = pair.difference.value, -pair.difference.value
        apart[i, j] = pair.adjusted <= 1 - level and pair.difference.value > 0
        apart[j, i] = pair.adjusted <= 1 - level and pair.difference.value < 0
    return marginal_rank_sets(p, gain, alpha=1 - level), letters(apart, np.arange(m))


def _ratios(
    rates: Sequence[Rate], release: Release, board: Board | None, *, level: float
) -> list[tuple[str, str, Estimate]]:
    if len(rates) < 2:
        return []
    resamples, _ = _resampled(rates, release, board)
    if resamples is None:
        return []
    try:
        found = ratio_to_best(resamples, level=level)
    except NoEstimateError:
        return []
    return [
        (
            rate.metric,
            rate.model,
            Estimate(
                float(found.ratio[i]),
                Interval(float(found.low[i]), float(found.high[i]), level, found.method),
                int(resamples.n[i]),
            ),
        )
        for i, rate in enumerate(rates)
    ]


def _omnibus(rates: Sequence[Rate], board: Board | None) -> Omnibus | None:
    if board is None:
        return None
    values = board.common([r.model for r in rates])
    try:
        if not board.fractional["passed"]:
            q = cochran_q(values.astype(bool))
            return Omnibus("cochran_q", q.statistic, q.p_value, q.n)
        f = friedman(values)
    except NoEstimateError:
        return None
    if f.iman_davenport is None or f.iman_davenport_p is None:
        return None
    return Omnibus("friedman_iman_davenport", f.iman_davenport, f.iman_davenport_p, f.n)
