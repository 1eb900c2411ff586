"""Runtimes with timeouts as censored, as a table."""

from dataclasses import replace
from math import inf

from report import numbers
from report.analysis.censored import CensoredModel
from report.document import Cell, Column, Table
from report.exhibits.common import Context, missing, whole
from stats.interval import Interval
from stats.survival import MedianTime

_BEYOND = "half of the runs were not done when runs were stopped"


def timeouts_table(context: Context) -> Table:
    """Every model's finished and stopped runs, and the median time with what is censored."""
    found = context.analysis.censored
    if found is None:
        raise KeyError(f"{context.analysis.release.version} has no timeouts beside timed runs")
    return Table(
        id="timeouts",
        caption=(
            "Time to a solution where a run that timed out counts as one that took at least until "
            f"it was stopped (Kaplan-Meier; {context.level} interval after Brookmeyer and Crowley, "
            "log-log). Runs that failed for another reason are left out. "
            + (
                "The release does not say when runs were stopped: the slowest finished run, "
                f"{numbers.significant(found.limit)} s, is taken, which is right if all had the "
                "same limit."
                if found.limit is not None
                else "Runs were stopped at the times the release states."
            )
        ),
        columns=[
            Column("model", "Model"),
            Column("finished", "Finished", "number"),
            Column("stopped", "Timed out", "number"),
            Column("median", "Median time, s", "number"),
            Column("low", "low, s", "number"),
            Column("high", "high, s", "number"),
        ],
        rows=[_row(context, own) for own in found.models],
        row_header="model",
    )


def _row(context: Context, own: CensoredModel) -> dict[str, Cell]:
    median = own.median
    return {
        "model": context.model_cell(own.model),
        "finished": whole(own.finished),
        "stopped": whole(own.stopped),
        "median": replace(_seconds(median.value), interval=_limits(median)),
        "low": _seconds(median.low),
        "high": _seconds(median.high),
    }


def _limits(median: MedianTime) -> Interval | None:
    """Limits of the median; what the runs did not reach is 0 below and infinite above."""
    if median.low is None and median.high is None:
        return None
    high = inf if median.high is None else median.high
    return Interval(median.low or 0.0, high, median.level, "kaplan_meier_median")


def _seconds(value: float | None) -> Cell:
    if value is None:
        return missing(_BEYOND)
    return Cell(numbers.significant(value), sort=value, raw=value)
