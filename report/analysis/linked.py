"""Every pair of models from single outcomes: the paired test itself, not its range."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from report.analysis.board import Board
from report.analysis.pairs import Linked, Pair
from report.analysis.rates import Rate
from stats.allpairs import compare_all
from stats.bayes import probability_better_paired
from stats.check import NoEstimateError
from stats.families import holm
from stats.interval import Estimate, Interval, TestResult
from stats.maxt import westfall_young, westfall_young_pairs
from stats.problem_contrasts import score_limits_of_differences
from stats.signflip import sign_flip

Floats = NDArray[np.float64]

MOST_PAIRS = 12_000
"""Pairs up to which the joint test of all of them is run: it looks at each one 9,999 times."""


def linked_pairs(rates: Sequence[Rate], board: Board, *, level: float) -> tuple[Pair, ...]:
    """Compare all pairs of one metric on the problems that both models have, ordered as the rates.

    Passes are compared by McNemar's mid-p test with Tango's interval, shares and scores by the
    sign-flip test with a score interval of the mean difference.
    """
    ordered = sorted(rates, key=lambda r: -r.value)
    if len(ordered) < 2:
        return ()
    metric = ordered[0].metric
    columns = [board.place[r.model] for r in ordered]
    values = board.values[metric][:, columns]
    compared = _of_scores if board.fractional[metric] else _of_passes
    tables, figures, method, interval_method = compared(values, level=level)
    first, second = np.triu_indices(len(ordered), k=1)
    adjusted = holm(figures["p"])
    if tables is not None:
        figures["better"] = probability_better_paired(tables[:, 1], tables[:, 2])
    joint = _max_t(values, metric, binary=not board.fractional[metric])
    return tuple(
        _pair(
            ordered[i],
            ordered[j],
            {name: float(column[k]) for name, column in figures.items()},
            Linked(
                n=int(figures["n"][k]),
                table=None if tables is None else tuple(int(x) for x in tables[k]),
                p_exact=float(figures["p_exact"][k]) if "p_exact" in figures else None,
                adjusted_max_t=None if joint is None else float(joint[k]),
            ),
            float(adjusted[k]),
            methods=(method, interval_method),
            level=level,
        )
        for k, (i, j) in enumerate(zip(first, second, strict=True))
    )


def _of_passes(
    values: Floats, *, level: float
) -> tuple[NDArray[np.int64] | None, dict[str, Floats], str, str]:
    found = compare_all(values, level=level)
    tables = found.tables
    counts = np.column_stack([tables.both, tables.only_first, tables.only_second, tables.neither])
    n = np.maximum(tables.n, 1)
    figures = {
        "difference": (tables.only_first - tables.only_second) / n,
        "low": found.low,
        "high": found.high,
        "p": found.p_midp,
        "p_exact": found.p_exact,
        "n": tables.n.astype(np.float64),
    }
    return counts.astype(np.int64), figures, "mcnemar_midp", "tango"


def _of_scores(
    values: Floats, *, level: float
) -> tuple[NDArray[np.int64] | None, dict[str, Floats], str, str]:
    known = ~np.isnan(values)
    zeros = np.where(known, values, 0.0)
    both = known.astype(np.float64)
    n, sums, squares = both.T @ both, zeros.T @ both, (zeros**2).T @ both
    first, second = np.triu_indices(values.shape[1], k=1)
    total = (sums - sums.T)[first, second]
    square = (squares + squares.T - 2 * zeros.T @ zeros)[first, second]
    count = n[first, second]
    low, high = score_limits_of_differences(total, np.maximum(square, 0.0), count, level=level)
    p = [_sign_flip(values[:, i], values[:, j]) for i, j in zip(first, second, strict=True)]
    figures = {
        "difference": total / np.maximum(count, 1),
        "low": low,
        "high": high,
        "p": np.array(p),
        "n": count,
    }
    return None, figures, "sign_flip", "score_by_problem"


def _sign_flip(a: Floats, b: Floats) -> float:
    difference = (a - b)[~np.isnan(a - b)]
    if difference.size == 0:
        return 1.0
    return sign_flip(difference, rng=seeded("sign_flip")).p_two_sided


def _max_t(values: Floats, metric: str, *, binary: bool) -> Floats | None:
    """Westfall-Young's corrected p-values; None where a problem lacks a model or pairs are many."""
    pairs = values.shape[1] * (values.shape[1] - 1) // 2
    if np.isnan(values).any() or pairs > MOST_PAIRS or values.shape[0] < 2:
        return None
    rng = seeded(f"max_t {metric}")
    try:
        if binary:
            return westfall_young_pairs(values, rng=rng).p_adjusted
        first, second = np.triu_indices(values.shape[1], k=1)
        return westfall_young(values[:, first] - values[:, second], rng=rng).p_adjusted
    except NoEstimateError:
        return None


def seeded(name: str) -> np.random.Generator:
    """Return a generator whose seed is the analysis's name: a new model moves no old number."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))


def _pair(
    a: Rate,
    b: Rate,
    figure: dict[str, float],
    linked: Linked,
    adjusted: float,
    *,
    methods: tuple[str, str],
    level: float,
) -> Pair:
    p = min(figure["p"], 1.0)
    interval = Interval(figure["low"], figure["high"], level, methods[1])
    return Pair(
        metric=a.metric,
        a=a.model,
        b=b.model,
        difference=Estimate(figure["difference"], interval, linked.n),
        test=TestResult(p, methods[0]),
        adjusted=adjusted,
        p_paired_low=p,
        p_paired_high=p,
        adjusted_paired_low=adjusted,
        adjusted_paired_high=adjusted,
        linked=linked,
        better=figure.get("better"),
    )
