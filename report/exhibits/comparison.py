"""What the exhibits of a comparison share: which releases, which metric, under which id."""

from collections.abc import Sequence

from report.changes import Changes
from report.changes.results import MetricChanges
from report.exhibits.common import Context
from report.labels import slug

MOST_ROWS = 400
"""Rows of a long table in the page; the JSON of the comparison holds all."""


def changes_of(context: Context, before: str) -> Changes:
    """Compare the page's release with an earlier one."""
    if context.history is None:
        raise ValueError("this page knows no other release")
    return context.history.changes(before, context.analysis.release.version)


def exhibit_id(context: Context, before: str, name: str) -> str:
    """Id of an exhibit; pages of other releases than the predecessor say which in it."""
    if context.history and before == context.history.predecessor(context.analysis.release.version):
        return f"changes-{name}"
    return f"changes-from-{slug(before)}-{name}"


def metric_of(changes: Changes, metric: str) -> MetricChanges:
    """Return the changes of one metric; empty words mean the benchmark's own."""
    found = changes.of(metric) if metric else changes.main
    if found is None:
        raise KeyError(f"the two releases share no metric {metric or 'with results'!r}")
    return found


def focus_rows(context: Context, models: Sequence[str]) -> frozenset[int]:
    """Rows of focus models."""
    return frozenset(i for i, model in enumerate(models) if context.is_focus(model))


def cut_words(shown: int, whole: int) -> str:
    """Say that a table was cut, where it was."""
    return f" The first {shown} of {whole}." if whole > shown else ""
