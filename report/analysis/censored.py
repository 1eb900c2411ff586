"""Runtimes with timeouts: a run that was stopped took at least that long."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.release import Release
from report.analysis.board import Board
from stats.check import NoEstimateError
from stats.survival import LogRank, MedianTime, kaplan_meier, log_rank, median_time

Values = NDArray[np.generic]

_TIMEOUT = r"(?i)time[-_ ]?(?:d[-_ ]?)?out|time[-_ ]?limit"


@dataclass(frozen=True, slots=True)
class CensoredModel:
    """One model's runs: finished with a pass, or stopped at the limit."""

    model: str
    finished: int
    stopped: int
    median: MedianTime


@dataclass(frozen=True, slots=True)
class Censored:
    """Runtimes of all models with timeouts as censored.

    Attributes
    ----------
    models : tuple of CensoredModel
        In the order of the board; those without any run that counts are left out.
    test : LogRank or None
        None where nothing can be compared.
    limit : float or None
        Seconds at which a stopped run is taken to have been stopped, where the release does not
        say it: the slowest finished run, which is no later than the limit that all had.
    """

    models: tuple[CensoredModel, ...]
    test: LogRank | None
    limit: float | None


def censored(release: Release, board: Board | None, *, level: float) -> Censored | None:
    """Take timeouts as censored; None without any, or without a finished run that was timed.

    A run that failed for another reason says nothing about how long a solution takes and is left
    out. A timeout's own runtime is where it was stopped.
    """
    if board is None or release.outcomes is None:
        return None
    rows = release.outcomes.frame
    stopped = pl.col("outcome").str.contains(_TIMEOUT).fill_null(value=False)
    finished = pl.col("runtime_s").is_not_null() & ~stopped
    if release.success == "passed":
        finished = finished & pl.col("passed").fill_null(value=False)
    rows = rows.with_columns(stopped=stopped, finished=finished)
    slowest = rows.filter(pl.col("finished"))["runtime_s"].max()
    if not rows["stopped"].any() or not isinstance(slowest, float):
        return None
    counted = rows.filter(pl.col("stopped") | pl.col("finished")).with_columns(
        time=pl.col("runtime_s").fill_null(slowest)
    )
    inferred = bool(counted["runtime_s"].is_null().any())
    groups = {}
    for model in board.models:
        own = counted.filter(pl.col("model") == model)
        if own.height:
            groups[model] = own["time"].to_numpy(), own["finished"].to_numpy()
    return Censored(
        tuple(
            CensoredModel(
                model,
                int(np.sum(done)),
                int(np.sum(~done)),
                median_time(kaplan_meier(times, done), level=level),
            )
            for model, (times, done) in groups.items()
        ),
        _log_rank(list(groups.values())),
        slowest if inferred else None,
    )


def _log_rank(groups: list[tuple[Values, Values]]) -> LogRank | None:
    if len(groups) < 2:
        return None
    try:
        return log_rank(groups)
    except NoEstimateError:
        return None
