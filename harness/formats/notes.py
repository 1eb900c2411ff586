"""What readers say beside their rows: things set aside, stated rates, facts by problem."""

import re
from collections.abc import Mapping

import polars as pl

from harness.formats.reading import ClaimedRate, SetAside
from harness.formats.records import problem_table

Facts = Mapping[str, str | None]
LOCAL = re.compile(r"(?:[/~.]|[A-Za-z]:[\\/]).*[\\/](?P<last>[^\\/]+)[\\/]*", re.DOTALL)


def noted(*candidates: SetAside) -> tuple[SetAside, ...]:
    """Keep what did occur."""
    return tuple(aside for aside in candidates if aside.count)


def mean_claims(metric: str, values: Mapping[int, list[float]]) -> tuple[ClaimedRate, ...]:
    """State a file's rate for each k, as the mean of the pass@k that it gives for each problem."""
    return tuple(
        ClaimedRate(metric, sum(of_k) / len(of_k), k=k)
        for k, of_k in sorted(values.items())
        if of_k
    )


def model_of(given: str) -> str:
    """Name a model that may have been loaded from a folder: then by that folder, not its path."""
    local = LOCAL.fullmatch(given)
    return local["last"] if local is not None else given


def facts_table(facts: Mapping[str, Facts]) -> pl.DataFrame:
    """Lay out facts that are given by problem."""
    return problem_table({"problem": problem, **of} for problem, of in facts.items())
