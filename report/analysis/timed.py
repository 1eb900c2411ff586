"""Runtimes on the same problems: what single outcomes allow and published summaries do not."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.release import Release
from report.analysis.board import Board
from stats.runtime_pairs import RuntimeRatios, Selection, runtime_ratios, selection

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """Runtimes by problem.

    Attributes
    ----------
    models : tuple of str
        Models with a runtime, in the order of the board.
    times : float, shape (problems, models)
        Seconds, median over the samples that passed; infinite where none did or none was timed.
    ratios : RuntimeRatios
        Every pair on the problems that both solved.
    selection : Selection
        Which problems those are.
    """

    models: tuple[str, ...]
    times: Floats
    ratios: RuntimeRatios
    selection: Selection


def timed(release: Release, board: Board | None, *, level: float) -> Timed | None:
    """Lay out the runtimes of what passed; None with fewer than two models that have any."""
    if release.outcomes is None or board is None:
        return None
    rows = release.outcomes.frame.filter(pl.col("runtime_s").is_not_null())
    if release.success == "passed":
        rows = rows.filter(pl.col("passed"))
    medians = rows.group_by("model", "problem").agg(pl.col("runtime_s").median())
    present = set(medians["model"])
    models = tuple(model for model in board.models if model in present)
    if len(models) < 2:
        return None
    place = {problem.id: i for i, problem in enumerate(board.problems)}
    column = {model: i for i, model in enumerate(models)}
    times = np.full((len(place), len(models)), np.inf)
    for model, problem, seconds in medians.iter_rows():
        times[place[problem], column[model]] = seconds
    return Timed(models, times, runtime_ratios(times, level=level), selection(times))
