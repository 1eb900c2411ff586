"""One measure for all models of a release: what a pass means, and passes beside scores."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from harness.errors import ResultFileError
from harness.ingest.record import Record
from harness.ingest.sources import Source
from harness.text import shown

AS_SCORES = "Other files have fractions: here a pass is the score 1, and a failure 0."


def check_meanings(sources: Sequence[Source], before: Record, *, replace_rows: bool) -> None:
    """Refuse files whose passes mean different things for the same category.

    Parameters
    ----------
    sources
        The files.
    before
        What the release says of the files it has; one that is given again does not count.
    replace_rows
        Whether new rows take the place of old ones; then a file of the same name is given again.

    Raises
    ------
    ResultFileError
        One file passes a sample for its base tests alone, say, and another asks for more.
    """
    given = {source.digest for source in sources}
    given |= {source.name for source in sources} if replace_rows else set()
    first = {
        (told["format"], category): (told["name"], meaning)
        for told in before.sources
        if told["name"] not in given and (told.get("sha256") or "") not in given
        for category, meaning in told.get("meanings", {}).items()
    }
    for source in sources:
        for category, meaning in source.reading.meanings.items():
            name, meant = first.setdefault((source.format.id, category), (source.name, meaning))
            if meant != meaning:
                of = f" of {shown(category)}" if category else ""
                raise ResultFileError(
                    source.path,
                    field="passed",
                    found=f"results{of} by {shown(meaning)}, beside {shown(meant)} in {name}",
                    expected="one measure for all models",
                    way_out="Evaluate them in the same way, or make a release of each.",
                )


def by_one_measure(
    sources: Sequence[Source], parts: Sequence[pl.LazyFrame]
) -> list[tuple[Source, pl.LazyFrame]]:
    """Turn passes into scores where other models have scores alone.

    A file whose marks all happen to be 1 or 0 reads as passes, one with a mark between them as
    scores; side by side both are scores. Rows that have both columns are left as they are.

    Parameters
    ----------
    sources
        The files.
    parts
        Their rows.

    Returns
    -------
    list of (Source, rows)
        The source says so in its rules where its rows were turned.
    """
    held = [_held(part) for part in parts]
    mixed = any("score" in of for of in held) and any("passed" in of for of in held)
    if not mixed or any("both" in of for of in held):
        return list(zip(sources, parts, strict=True))
    return [
        (_told(source), part.with_columns(score=AS_SCORE, passed=pl.lit(None, pl.Boolean())))
        if "passed" in of
        else (source, part)
        for source, part, of in zip(sources, parts, held, strict=True)
    ]


AS_SCORE = pl.coalesce("score", pl.col("passed").cast(pl.Float64))


def _held(part: pl.LazyFrame) -> set[str]:
    """Say which of the two columns the models of some rows have values in."""
    counts = part.group_by("model").agg(pl.col("passed", "score").count())
    kinds = counts.select(
        kind=pl.when(pl.col("passed") > 0, pl.col("score") > 0)
        .then(pl.lit("both"))
        .when(pl.col("passed") > 0)
        .then(pl.lit("passed"))
        .when(pl.col("score") > 0)
        .then(pl.lit("score"))
    )
    return set(kinds.collect(engine="streaming").get_column("kind").drop_nulls())


def _told(source: Source) -> Source:
    claimed = [
        replace(claim, metric="score")
        if claim.metric == "passed" and claim.k in {None, 1}
        else claim
        for claim in source.reading.claimed
    ]
    rules = (*source.reading.rules, AS_SCORES)
    return replace(source, reading=replace(source.reading, rules=rules, claimed=tuple(claimed)))
