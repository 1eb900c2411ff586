"""Outcomes to counts: what a release with single outcomes says at the level of counts."""

from collections.abc import Iterator, Sequence

import polars as pl

from harness.release import Count, Problem, Runtime

WHERE = ("category", "difficulty")


def derived_counts(
    rows: pl.DataFrame, problems: Sequence[Problem], *, n_problems: int, missing: str
) -> tuple[Count, ...]:
    """Count what passed, for each model overall and in each cell.

    Only where every model has one sample of each problem: repeated samples and scores are
    fractions of a problem, which counts cannot hold.

    Parameters
    ----------
    rows
        Canonical rows. An unscored row (``passed`` null) counts as missing.
    problems
        The problems that are known singly.
    n_problems, missing
        Size of the benchmark; "failed" counts what has no outcome as a failure.
    """
    scored = rows.filter(pl.col("passed").is_not_null())
    if scored.is_empty() or scored.select("model", "problem").is_duplicated().any():
        return ()
    facts = pl.DataFrame(
        [(p.id, p.category, p.difficulty) for p in problems],
        schema=dict.fromkeys(("problem", *WHERE), pl.String()),
        orient="row",
    )
    if missing == "failed":
        scored = _with_failures(scored, facts)
    joined = scored.join(facts, on="problem", how="left")
    return (
        *_counted(joined, (), padded=n_problems if missing == "failed" else None),
        *_counted(joined.drop_nulls(WHERE), WHERE, padded=None),
    )


def measured_runtimes(rows: pl.DataFrame | None) -> tuple[Runtime, ...]:
    """List the runtimes among outcomes, as programs that ran; none where there are no outcomes."""
    if rows is None:
        return ()
    known = rows.filter(pl.col("runtime_s").is_not_null())
    return tuple(Runtime(*row) for row in known.select("model", "runtime_s", "passed").iter_rows())


def _with_failures(scored: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    models = scored.select("model").unique(maintain_order=True)
    every = models.join(facts.select("problem"), how="cross")
    known = scored.select("model", "problem", "compiled", "passed")
    absent = pl.col("passed").is_null()
    return every.join(known, on=["model", "problem"], how="left").with_columns(
        compiled=pl.when(absent).then(statement=False).otherwise(pl.col("compiled")),
        passed=pl.col("passed").fill_null(value=False),
    )


def _counted(rows: pl.DataFrame, where: Sequence[str], *, padded: int | None) -> Iterator[Count]:
    """One Count for each model and cell; compiled only where it is known for every problem."""
    tallies = rows.group_by("model", *where, maintain_order=True).agg(
        problems=pl.len(),
        known=pl.col("compiled").count(),
        compiled=pl.col("compiled").sum(),
        passed=pl.col("passed").sum(),
    )
    for row in tallies.iter_rows(named=True):
        yield Count(
            model=row["model"],
            problems=padded or row["problems"],
            compiled=row["compiled"] if row["known"] == row["problems"] else None,
            passed=row["passed"],
            category=row.get("category"),
            difficulty=row.get("difficulty"),
        )
