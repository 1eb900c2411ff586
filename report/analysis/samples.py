"""Repeated samples: pass@k for every k they support, and the noise of problems against samples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from harness.release import Release
from report.analysis.board import Board
from report.analysis.rates import Rate
from stats.check import NoEstimateError
from stats.samples import PassAtK, VarianceSplit, pass_at_k_benchmark, variance_split

KS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Numbers of samples that pass@k is given for, as far as every problem has so many."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """One model's repeated samples.

    Attributes
    ----------
    model : str
    problems : int
        Problems with samples.
    fewest, most : int
        Samples of a problem.
    pass_at_k : tuple of PassAtK
        For each of `KS` up to ``fewest``; empty where outcomes are scores.
    split : VarianceSplit or None
        None where some problem has a single sample, with the ``reason``.
    worth : int or None
        Samples of each problem that bring the error within 5% of what infinitely many would
        leave; None where the problems' own noise is estimated as 0, or there is no split.
    reason : str
    """

    model: str
    problems: int
    fewest: int
    most: int
    pass_at_k: tuple[PassAtK, ...]
    split: VarianceSplit | None
    worth: int | None
    reason: str


def repeated(
    rates: Sequence[Rate], release: Release, board: Board | None, *, level: float
) -> tuple[Repeated, ...]:
    """Look at the samples of every model, in the order of the rates; empty with one sample each."""
    if board is None or release.outcomes is None or board.samples.max(initial=0) < 2:
        return ()
    rows = release.outcomes.frame.filter(pl.col(release.success).is_not_null())
    grouped = rows.group_by("model", "problem").agg(pl.col(release.success).cast(pl.Float64))
    by_model: dict[str, list[list[float]]] = {}
    for model, _, values in grouped.sort("model", "problem").iter_rows():
        by_model.setdefault(model, []).append(values)
    return tuple(
        _repeated(rate.model, by_model[rate.model], release, level=level)
        for rate in rates
        if rate.metric == "passed"
    )


def _repeated(
    model: str, samples: Sequence[Sequence[float]], release: Release, *, level: float
) -> Repeated:
    sizes = [len(values) for values in samples]
    split, worth, reason = None, None, ""
    try:
        split = variance_split([np.array(values) for values in samples])
        worth = split.samples_worth()
    except NoEstimateError as error:
        reason = str(error)
    return Repeated(
        model=model,
        problems=len(samples),
        fewest=min(sizes),
        most=max(sizes),
        pass_at_k=tuple(_pass_at_k(samples, min(sizes), level=level))
        if release.success == "passed"
        else (),
        split=split,
        worth=worth,
        reason=reason,
    )


def _pass_at_k(
    samples: Sequence[Sequence[float]], fewest: int, *, level: float
) -> Iterator[PassAtK]:
    passed = [int(sum(values)) for values in samples]
    sizes = [len(values) for values in samples]
    for k in KS:
        if k <= fewest:
            yield pass_at_k_benchmark(passed, sizes, k, level=level)
