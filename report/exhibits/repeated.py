"""Repeated samples: pass@k, and how much of the noise more samples could remove."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from report import numbers
from report.analysis.samples import Repeated
from report.charts import NARROW, WIDE, LazyFigure, curve_chart
from report.document import Cell, Column, Table
from report.exhibits.common import Context, estimate_cells, missing, rate_columns, whole


def repeated_of(context: Context) -> tuple[Repeated, ...]:
    """Return every model's repeated samples; KeyError where each problem was tried once."""
    if not context.analysis.repeated:
        raise KeyError(f"{context.analysis.release.version} has one sample for each problem")
    return tuple(sorted(context.analysis.repeated, key=lambda own: not context.is_focus(own.model)))


def _focus_rows(context: Context) -> frozenset[int]:
    found = repeated_of(context)
    return frozenset(i for i, own in enumerate(found) if context.is_focus(own.model))


def pass_at_k_figure(context: Context) -> LazyFigure:
    """pass@k against k, a line for each model, with the interval at each k."""
    table = pass_at_k_table(context)
    rows = [row for own in repeated_of(context) for row in _curve(context, own)]
    wide, narrow = (
        curve_chart(
            rows,
            width=width,
            x_title="k, samples of each problem",
            y_title="At least one of k passes",
        )
        for width in (WIDE, NARROW)
    )
    most = max(row["k"] for row in rows)
    return LazyFigure(
        id="pass-at-k-chart",
        by_model=True,
        caption=(
            f"pass@k of {len(table.rows)} models for k up to {most}, unbiased. Where a line is "
            "steep, the model can solve problems that it does not solve each time; where it is "
            "flat, more samples do not help. Blue, with a band: focus models; gray, with a line "
            "at each k: the others."
        ),
        alt=f"Lines of pass@k of {len(table.rows)} models. " + " ".join(_ends(context)),
        wide=wide,
        narrow=narrow,
        data=replace(table, id="pass-at-k-chart"),
    )


def _curve(context: Context, own: Repeated) -> list[dict[str, Any]]:
    return [
        {
            "model": context.labels[own.model],
            "focus": context.is_focus(own.model),
            "k": found.k,
            "value": found.estimate.value,
            "low": found.estimate.interval.low,
            "high": found.estimate.interval.high,
            "tip": f"pass@{found.k} {numbers.percent(found.estimate.value)} "
            f"({numbers.interval(found.estimate.interval, 'fraction')})",
        }
        for found in own.pass_at_k
    ]


def _ends(context: Context) -> list[str]:
    """First and last pass@k of the first six models, in words."""
    words = []
    for own in [own for own in repeated_of(context) if own.pass_at_k][:6]:
        ends = [
            f"pass@{found.k} {numbers.percent(found.estimate.value)}"
            for found in dict.fromkeys((own.pass_at_k[0], own.pass_at_k[-1]))
        ]
        words.append(f"{context.labels[own.model]}: {' and '.join(ends)}.")
    return words


def pass_at_k_table(context: Context) -> Table:
    """pass@k of every model for each k that its samples support."""
    found = repeated_of(context)
    ks = sorted({p.k for own in found for p in own.pass_at_k})
    if not ks:
        raise KeyError(f"{context.analysis.release.version} has scores: there is no pass@k")
    rows = []
    for own in found:
        row = {"model": context.model_cell(own.model), "samples": _samples(own)}
        at = {p.k: p.estimate for p in own.pass_at_k}
        for k in ks:
            reason = f"a problem has {own.fewest} samples: no unbiased estimate"
            row |= estimate_cells(f"pass_at_{k}", at.get(k), "fraction", reason=reason)
        rows.append(row)
    return Table(
        id="pass-at-k",
        caption=(
            "Chance that at least one of k samples passes, unbiased, mean over problems; "
            "the problem is the unit. pass@1 is the mean share of samples that passed."
        ),
        columns=[
            Column("model", "Model"),
            Column("samples", "Samples", "number"),
            *(c for k in ks for c in rate_columns(f"pass_at_{k}", f"pass@{k}")),
        ],
        rows=rows,
        focus_rows=_focus_rows(context),
        row_header="model",
    )


def noise_table(context: Context) -> Table:
    """How much of each model's standard error is problems and how much samples."""
    rows = []
    for own in repeated_of(context):
        row = {"model": context.model_cell(own.model), "samples": _samples(own)}
        rows.append(row | _noise(own))
    return Table(
        id="noise",
        caption=(
            "Standard error of the mean in percentage points. As measured, it holds two noises: "
            "which problems the benchmark has, and how the samples fell. More samples remove the "
            "second alone. “Worth it”: samples of each problem after which further ones shrink "
            "the error by less than 5%; then only more problems help."
        ),
        columns=[
            Column("model", "Model"),
            Column("samples", "Samples", "number"),
            Column("error", "As measured", "number"),
            Column("one", "With 1 sample", "number"),
            Column("endless", "With endless samples", "number"),
            Column("share", "Variance from samples", "number"),
            Column("worth", "Worth it", "number"),
        ],
        rows=rows,
        focus_rows=_focus_rows(context),
        row_header="model",
    )


def _samples(own: Repeated) -> Cell:
    words = numbers.count(own.fewest)
    if own.fewest != own.most:
        words += f" to {numbers.count(own.most)}"
    return Cell(words, sort=own.fewest, raw=words)


def _noise(own: Repeated) -> dict[str, Cell]:
    split = own.split
    if split is None:
        empty = missing(own.reason)
        return dict.fromkeys(("error", "one", "endless", "share", "worth"), empty)
    share = _share(own)
    return {
        "error": _points(split.standard_error),
        "one": _points(split.standard_error_at(1)),
        "endless": _points(split.standard_error_at(inf)),
        "share": missing("nothing varies")
        if share is None
        else Cell(numbers.percent(share, 0), sort=share, raw=share),
        "worth": missing(own.reason) if own.worth is None else whole(own.worth),
    }


def _share(own: Repeated) -> float | None:
    """Share of the variance of the mean that the samples make up; None where nothing varies."""
    split = own.split
    if split is None or not split.variance_of_means:
        return None
    return 1 - min(split.between_truncated / split.variance_of_means, 1.0)


def _points(error: float) -> Cell:
    return Cell(numbers.fixed(100 * error, 1), sort=error, raw=error)


@dataclass(frozen=True, slots=True)
class NoiseWords:
    """What more samples could do, for the page's sentences.

    Attributes
    ----------
    low, high : str
        Least and largest share of a model's variance that its samples make up.
    worth : tuple of str
        "Alpha: 3 of the 8 it has", for each model with a number of samples worth it.
    unknown : int
        Models whose noise could not be split.
    enough : int
        Models that have at least as many samples as are worth it.
    """

    low: str
    high: str
    worth: tuple[str, ...]
    unknown: int
    enough: int


def noise_words(context: Context) -> NoiseWords | None:
    """Say how much of the noise is samples; None where no model's noise can be split."""
    found = context.analysis.repeated
    shares = [share for own in found if (share := _share(own)) is not None]
    if not shares:
        return None
    return NoiseWords(
        low=numbers.percent(min(shares), 0),
        high=numbers.percent(max(shares), 0),
        worth=tuple(_worth_words(context, found)),
        unknown=sum(own.worth is None for own in found),
        enough=sum(own.worth is not None and own.worth <= own.fewest for own in found),
    )


def _worth_words(context: Context, found: Sequence[Repeated]) -> list[str]:
    ordered = sorted(found, key=lambda own: not context.is_focus(own.model))
    return [
        f"{context.labels[own.model]}: {numbers.count(own.worth)}, has {_samples(own).text}"
        for own in ordered
        if own.worth is not None
    ]
