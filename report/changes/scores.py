"""Outcomes of a release as plain values: for each model, problem to the share that passed."""

from collections.abc import Mapping
from fractions import Fraction

import polars as pl

from harness.release import Release

Scores = Mapping[str, Mapping[str, Fraction]]
"""Model id to problem id to a value in [0, 1]; a problem without an outcome has no entry."""


def scores(release: Release, metric: str) -> Scores:
    """Each model's value on each problem: the mean over its samples, as an exact fraction.

    Parameters
    ----------
    release
        Empty where it holds no outcomes, or none of this metric.
    metric
        ``passed``, ``compiled`` or ``score``; a score's decimal digits are taken at their word.
    """
    if release.outcomes is None or metric not in release.outcomes.frame.columns:
        return {}
    known = release.outcomes.frame.filter(pl.col(metric).is_not_null())
    if known.schema[metric] == pl.Boolean:
        rows = known.group_by("model", "problem").agg(
            pl.col(metric).sum().alias("value"), pl.len().alias("samples")
        )
        found = (
            (model, problem, Fraction(value, samples))
            for model, problem, value, samples in rows.iter_rows()
        )
    else:
        listed = known.group_by("model", "problem").agg(pl.col(metric))
        found = (
            (model, problem, sum(map(_exact, values), Fraction(0)) / len(values))
            for model, problem, values in listed.iter_rows()
        )
    kept: dict[str, dict[str, Fraction]] = {}
    for model, problem, value in found:
        kept.setdefault(model, {})[problem] = value
    return {model: dict(sorted(values.items())) for model, values in sorted(kept.items())}


def _exact(value: float) -> Fraction:
    return Fraction(repr(value))


def main_metric(release: Release) -> str:
    """Return the column that is the benchmark's result: ``passed``, or ``score``."""
    return release.success


def problems_of(release: Release) -> frozenset[str]:
    """Ids of every problem of the benchmark; those not known singly get a number instead."""
    known = {problem.id for problem in release.problems}
    if release.outcomes is not None:
        known |= set(release.outcomes.problems())
    unlisted = range(1, release.n_problems - len(known) + 1)
    return frozenset(known | {f"(unlisted problem {i})" for i in unlisted})
