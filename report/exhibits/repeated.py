"""Repeated samples: pass@k, and how much of the noise more samples could remove."""

from math import inf

from report import numbers
from report.analysis.samples import Repeated
from report.document import Cell, Column, Table
from report.exhibits.common import Context, estimate_cells, missing, rate_columns, whole


def repeated_of(context: Context) -> tuple[Repeated, ...]:
    """Return every model's repeated samples; KeyError where each problem was tried once."""
    if not context.analysis.repeated:
        raise KeyError(f"{context.analysis.release.version} has one sample for each problem")
    return context.analysis.repeated


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
            f"{context.level} score intervals with the problem as the unit, so they hold the noise "
            "of problems and of samples together. pass@1 is the mean share of samples that passed."
        ),
        columns=[
            Column("model", "Model"),
            Column("samples", "Samples", "number"),
            *(c for k in ks for c in rate_columns(f"pass_at_{k}", f"pass@{k}")),
        ],
        rows=rows,
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
    floor = split.between_truncated
    share = 1 - min(floor / split.variance_of_means, 1.0) if split.variance_of_means else None
    return {
        "error": _points(split.standard_error),
        "one": _points(split.standard_error_at(1)),
        "endless": _points(split.standard_error_at(inf)),
        "share": missing("nothing varies")
        if share is None
        else Cell(numbers.percent(share, 0), sort=share, raw=share),
        "worth": missing(own.reason) if own.worth is None else whole(own.worth),
    }


def _points(error: float) -> Cell:
    return Cell(numbers.fixed(100 * error, 1), sort=error, raw=error)
