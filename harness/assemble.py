"""Checked files to the Release that the other rooms are handed; nothing is judged here."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.claims import claims_of, families_of
from harness.count_checks import problem_cells
from harness.csv_file import Row
from harness.outcome_counts import derived_counts, measured_runtimes
from harness.outcomes import Outcomes
from harness.raw import RawRelease
from harness.release import (
    Comparison,
    Count,
    Metric,
    Model,
    Parameters,
    PrintedFigure,
    PrintedTable,
    Problem,
    Release,
    Runtime,
    Source,
    Summary,
)


def assemble(raw: RawRelease) -> Release:
    """Build the Release of a folder that every check has passed."""
    assert raw.release is not None  # noqa: S101 - the checks refuse a folder without these two
    assert raw.models is not None  # noqa: S101
    facts = raw.release.document
    n_problems = raw.n_problems
    assert n_problems is not None  # noqa: S101 - as are problems that nothing counts
    mix = facts.get("reference_mix")
    problems = _problems(raw)
    missing = facts.get("missing", "absent")
    return Release(
        path=raw.folder,
        version=facts["version"],
        title=facts["title"],
        date=facts.get("date", ""),
        status=facts["status"],
        previous=facts.get("previous"),
        benchmark=facts["benchmark"],
        description=facts.get("description", ""),
        authors=tuple(facts.get("authors", ())),
        n_problems=n_problems,
        categories=tuple(raw.words("categories") or ()),
        difficulties=tuple(raw.words("difficulties") or ()),
        reference_mix=None if mix is None else {name: float(w) for name, w in mix.items()},
        metrics=tuple(_metric(item) for item in facts["metrics"]),
        comparisons=tuple(_comparison(item) for item in facts.get("comparisons", ())),
        sources=tuple(Source(**item) for item in facts.get("sources", ())),
        notes=tuple(facts.get("notes", ())),
        models=tuple(_model(item) for item in raw.models.document["models"]),
        problem_cells=problem_cells(raw),
        counts=tuple(_count(row) for row in raw.table("counts").rows)
        if raw.outcomes is None
        else derived_counts(raw.outcomes, problems, n_problems=n_problems, missing=missing),
        summaries=tuple(_summary(row) for row in raw.table("summaries").rows),
        runtimes=(
            tuple(_runtime(row) for row in raw.table("runtimes").rows)
            or measured_runtimes(raw.outcomes)
        ),
        printed=tuple(_printed(row) for row in raw.table("printed").rows),
        outcomes=None if raw.outcomes is None else Outcomes(raw.outcomes),
        problems=problems,
        missing=missing,
        printed_tables=tuple(_printed_table(item) for item in _printed_tables(raw)),
        claims=() if raw.claims is None else claims_of(raw.claims),
        families=() if raw.claims is None else families_of(raw.claims),
    )


def _problems(raw: RawRelease) -> tuple[Problem, ...]:
    """Every problem that is known singly, in the order of problems.csv, else by id."""
    described = [dict(row.values) for row in raw.table("problems").rows]
    if described or raw.outcomes is None:
        return tuple(Problem(id=d.pop("problem"), **d) for d in described)  # type: ignore[arg-type]
    return tuple(Problem(name) for name in Outcomes(raw.outcomes).problems())


def _metric(item: Mapping[str, Any]) -> Metric:
    return Metric(**{"higher_is_better": None, **item})


def _comparison(item: Mapping[str, Any]) -> Comparison:
    sides = {side: tuple(item[side]) for side in ("models", "against")}
    return Comparison(**{**item, **sides})


def _model(item: Mapping[str, Any]) -> Model:
    known = {
        **item,
        "focus": item.get("focus", item["group"] == "focus"),
        "aliases": tuple(item.get("aliases", ())),
        "parameters": _parameters(item.get("parameters", {})),
    }
    return Model(**known)


def _parameters(item: Mapping[str, Any]) -> Parameters:
    sizes = {key: float(item[key]) for key in ("total", "active") if key in item}
    return Parameters(**{**item, **sizes})


def _count(row: Row) -> Count:
    return Count(**{"compiled": None, **row.values})  # type: ignore[arg-type]


def _summary(row: Row) -> Summary:
    return Summary(**row.values)  # type: ignore[arg-type]


def _runtime(row: Row) -> Runtime:
    return Runtime(**{"passed": None, **row.values})  # type: ignore[arg-type]


def _printed(row: Row) -> PrintedFigure:
    return PrintedFigure(line=row.line, **row.values)  # type: ignore[arg-type]


def _printed_tables(raw: RawRelease) -> Sequence[Mapping[str, Any]]:
    return raw.printed_tables.document["tables"] if raw.printed_tables else ()


def _printed_table(item: Mapping[str, Any]) -> PrintedTable:
    lists = {key: tuple(item.get(key, ())) for key in ("rows", "aggregates", "units")}
    return PrintedTable(**{**item, **lists})
