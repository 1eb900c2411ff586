"""Rates that a file states, against its own rows: supported, or refused with the reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from harness.formats.reading import ClaimedRate
from harness.ingest.sources import Source

Estimate = Callable[[Sequence[int], Sequence[int], int], float]
"""pass@k of a benchmark from passes and samples of each problem; the statistics room has it."""

MEASURES = ("passed", "score")  # the columns that stated rates are held against
TOLERANCE = 1e-6  # beside the rounding that a file states


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated rate and what its rows give.

    ``verdict`` is ``agrees``, ``differs`` or ``refused``; refused has the reason in ``reason``.
    """

    source: str
    model: str
    metric: str
    k: int | None
    stated: float
    computed: float | None
    verdict: Literal["agrees", "differs", "refused"]
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give all fields as JSON knows them."""
        return asdict(self)


def stated_rates(
    source: Source, part: pl.LazyFrame, ids: Mapping[str | None, str], estimate: Estimate
) -> list[Stated]:
    """Hold each rate that a file states against the rows of that file.

    Parameters
    ----------
    source
        The file.
    part
        Its rows, with the file's own names of models.
    ids
        The release's id of each name.
    estimate
        Computes pass@k.
    """
    further = set(part.collect_schema()) - set(MEASURES)  # a column of its own decides nothing
    claims = [
        claim
        for claim in source.reading.claimed
        if claim.metric not in further and claim.category is None and claim.difficulty is None
    ]
    if not claims:
        return []
    problems = (
        part.group_by("model", "problem")
        .agg(
            pl.col("passed").sum(),
            pl.col("passed").count().alias("scored"),
            pl.len().alias("samples"),
            pl.col("score").mean(),
        )
        .sort("model", "problem")
        .collect(engine="streaming")
    )
    return [_judged(source, claim, problems, ids, estimate) for claim in claims]


def _judged(
    source: Source,
    claim: ClaimedRate,
    problems: pl.DataFrame,
    ids: Mapping[str | None, str],
    estimate: Estimate,
) -> Stated:
    names = set(problems.get_column("model").to_list())
    raw = claim.model if claim.model in names else next(iter(names)) if len(names) == 1 else None
    own = problems.filter(pl.col("model").eq_missing(pl.lit(raw, pl.String())))
    reason, computed = _computed(claim, own, estimate)
    verdict: Literal["agrees", "differs", "refused"] = "refused"
    if computed is not None:
        close = abs(computed - claim.value) <= claim.margin + TOLERANCE
        verdict = "agrees" if close else "differs"
    return Stated(
        source=source.name,
        model=ids.get(raw, claim.model or ""),
        metric=claim.metric,
        k=claim.k,
        stated=claim.value,
        computed=computed,
        verdict=verdict,
        reason=reason,
    )


def _computed(
    claim: ClaimedRate, own: pl.DataFrame, estimate: Estimate
) -> tuple[str, float | None]:
    """Give the reason of a refusal, or the rate that the rows give."""
    if own.is_empty():
        return "the file has no rows of this model", None
    scored = own.filter(pl.col("scored") > 0)
    if scored.is_empty():
        marks = own.get_column("score").drop_nulls()
        if claim.k not in {None, 1} or marks.is_empty():
            return "the file has averages, not single samples", None
        return "", float(marks.mean())  # type: ignore[arg-type]
    k = claim.k or 1
    fewest = int(scored.get_column("scored").min())  # type: ignore[arg-type]
    if k > fewest:
        short = scored.filter(pl.col("scored") < k).get_column("problem")
        plural = "samples" if fewest != 1 else "sample"
        reason = (
            f"pass@{k} needs {k} samples of each problem; {len(short)} problems have fewer, "
            f'"{short[0]}" among them, the fewest {fewest} {plural}'
        )
        return reason, None
    passed = scored.get_column("passed").to_list()
    return "", estimate(passed, scored.get_column("scored").to_list(), k)
