"""Rules on single outcomes: models whose every outcome is the same, problems that stand twice."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.release import Problem
from report import numbers
from report.consistency.findings import Checks, Facts, Finding, Held
from stats.coincidence import agreement_chance, identical_rows

SUSPICIOUS = 0.05
"""Expected pairs that agree by chance below which a pair that does is worth a look."""

FEWEST_RUNTIMES = 5
"""Equal runtimes, all of them, that no two models have by chance."""


def copied_outcomes(facts: Facts) -> Checks:
    """Two models that did the same on every single problem."""
    board = facts.analysis.board
    if board is None:
        return
    values = board.values["passed"]
    rows = [values[:, i].tobytes() for i in range(len(board.models))]
    groups = identical_rows(rows)
    told = set()
    for group in groups:
        chance = _chance(values, group)
        pairs = len(rows) * (len(rows) - 1) / 2
        if chance * pairs < SUSPICIOUS:
            told |= set(group)
            yield _same(facts, tuple(board.models[i] for i in group), values[:, group[0]], chance)
    for i, model in enumerate(board.models):
        if i not in told:
            yield Held("outcomes", (model,))


def _chance(values: NDArray[np.float64], group: Sequence[int]) -> float:
    """How often two models agree on every problem if each passes it as often as the others do."""
    own = values[:, group[0]]
    known = ~np.isnan(own)
    if not np.isin(own[known], (0.0, 1.0)).all():
        return 0.0  # shares of many samples agree even less often than this would say
    others = np.delete(values, list(group), axis=1)[known]
    there = ~np.isnan(others)
    successes = np.where(there, others, 0.0).sum(axis=1) + own[known].mean()
    return agreement_chance(successes / (there.sum(axis=1) + 1))


def _same(
    facts: Facts, models: tuple[str, ...], own: NDArray[np.float64], chance: float
) -> Finding:
    known = own[~np.isnan(own)]
    return Finding(
        rule="copied-outcomes",
        severity="doubtful",
        where="outcomes",
        models=models,
        found=f"{facts.named(*models)} have the same outcome on every problem",
        expected="models that differ on some problem",
        arithmetic=f"{known.size} problems, {numbers.significant(float(known.sum()))} passed; two "
        "models that pass each problem as often as the others do agree on all of them with a "
        f"chance of {numbers.p_value(chance)}.",
    )


def copied_runtimes(facts: Facts) -> Checks:
    """Two models whose programs all ran for exactly the same time."""
    for a, b, common, equal in _shared_runtimes(facts):
        if common < FEWEST_RUNTIMES:
            continue
        if equal < common:
            yield Held("runtimes", (a, b))
            continue
        yield Finding(
            rule="copied-runtimes",
            severity="contradiction",
            where="runtimes",
            models=(a, b),
            found=f"{facts.named(a, b)} have the same runtimes",
            expected="measurements that differ",
            arithmetic=f"{equal} of {common} runtimes are equal to the last digit.",
        )


def _shared_runtimes(facts: Facts) -> Iterator[tuple[str, str, int, int]]:
    """Yield each pair of models with the runtimes that both have, and how many are equal."""
    if facts.release.outcomes is not None:
        rows = facts.release.outcomes.frame.filter(pl.col("runtime_s").is_not_null())
        keyed = {
            str(model): {
                (problem, sample): runtime
                for problem, sample, runtime in part.select(
                    "problem", "sample", "runtime_s"
                ).iter_rows()
            }
            for (model,), part in rows.group_by("model", maintain_order=True)
        }
        for a, b in combinations(keyed, 2):
            both = keyed[a].keys() & keyed[b].keys()
            yield a, b, len(both), sum(keyed[a][key] == keyed[b][key] for key in both)
        if keyed:
            return  # the release's list of runtimes is made of these
    sets: dict[str, list[float]] = {}
    for runtime in facts.release.runtimes:
        sets.setdefault(runtime.model, []).append(runtime.runtime_s)
    for a, b in combinations(sets, 2):
        first, second = sorted(sets[a]), sorted(sets[b])
        yield a, b, len(first), len(first) if first == second else 0


def problems_twice(facts: Facts) -> Checks:
    """Two problems with the same text, address or title."""
    for name in ("content_hash", "url", "title"):
        known = [p for p in facts.release.problems if getattr(p, name)]
        groups = identical_rows([getattr(p, name) for p in known])
        again = {i for group in groups for i in group}
        yield from (Held("problems") for i in range(len(known)) if i not in again)
        yield from (_twice(name, [known[i] for i in group]) for group in groups)


def _twice(name: str, problems: Sequence[Problem]) -> Finding:
    what = name.replace("_", " ")
    return Finding(
        rule="problems-twice",
        severity="doubtful" if name == "title" else "contradiction",
        where="problems",
        part=f"{what} of {problems[0].id}",
        found=f"{len(problems)} problems with one {what}",
        expected="one problem, or different ones",
        arithmetic=", ".join(p.id for p in problems[:8]) + (", …" if len(problems) > 8 else ""),
    )
