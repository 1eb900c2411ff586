"""Raw rates beside Rasch abilities and the logistic regression; problems that do not fit."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report import numbers
from report.analysis import abilities
from report.document import Cell, Column, Table
from report.exhibits.common import (
    Context,
    estimate_cells,
    missing,
    rate_cells,
    rate_columns,
)
from report.kept import kept_json
from report.labels import listed
from stats.interval import Estimate, Interval

MISFIT = 3.0
"""Standard deviations of the outfit above 1 from which a problem is named."""

SHOWN = 30
"""Problems listed at most, worst first."""


@dataclass(frozen=True, slots=True)
class AbilityWords:
    """What the page says: whether anything was fitted, why something was not, misfits."""

    usable: bool
    reasons: tuple[str, ...]
    misfits: int


def abilities_of(context: Context) -> Mapping[str, Any]:
    """Fit, or read what was kept of the same outcomes; KeyError without outcomes of two models."""
    release, board = context.analysis.release, context.analysis.board
    if board is None or len(board.models) < 2:
        raise KeyError(f"{release.version} has no single outcomes of two models")
    digest = hashlib.sha256(board.values["passed"].tobytes()).hexdigest()
    problems = [(p.id, p.category, p.difficulty) for p in board.problems]
    mix = dict(release.reference_mix) if release.reference_mix else None
    declared = [release.difficulties, release.categories]
    found: Mapping[str, Any] = kept_json(
        context.kept,
        "abilities",
        [digest, board.models, problems, mix, declared, context.analysis.level],
        lambda: abilities.abilities_data(release, board, level=context.analysis.level),
        code="stats/*.py",
        basis=_CODE,
    )
    return found


_CODE = hashlib.sha256(Path(abilities.__file__).read_bytes()).hexdigest()


def abilities_words(context: Context) -> AbilityWords | None:
    """Return the facts for the page's sentences; None where the release has no outcomes."""
    board = context.analysis.board
    if board is None or len(board.models) < 2:
        return None
    found = abilities_of(context)
    named = {"rasch": "No Rasch abilities", "logistic": "No logistic regression"}
    reasons = [
        f"{words}: {found[key]['reason']}."
        for key, words in named.items()
        if "reason" in found[key]
    ]
    usable = len(reasons) < len(named)
    if usable and found["left_out"]:
        names = listed(context.labels[m] for m in found["left_out"])
        reasons.append(f"Left out, since all or none of their problems were passed: {names}.")
    return AbilityWords(usable, tuple(reasons), len(_misfits(found)))


def _misfits(found: Mapping[str, Any]) -> list[tuple[str, float, float, float]]:
    problems = found["rasch"].get("problems", [])
    return sorted((tuple(p) for p in problems if p[3] > MISFIT), key=lambda p: (-p[3], p[0]))


def abilities_table(context: Context) -> Table:
    """Raw rate, ability, expected score and adjusted rate of every model."""
    found = abilities_of(context)
    rasch, logistic = found["rasch"], found["logistic"]
    place = {model: i for i, model in enumerate(rasch.get("models", ()))}
    rows = []
    for rate in context.analysis.rates_of("passed"):
        row = {"model": context.model_cell(rate.model), **rate_cells("passed", rate)}
        i = place.get(rate.model)
        row |= _rasch_cells(context, rasch, i, rate.model)
        own = logistic.get("rates", {}).get(rate.model)
        adjusted = _estimate(context, own, logistic["method"]) if own else None
        reason = logistic.get("reason", _LEFT_OUT)
        row |= estimate_cells("logistic", adjusted, "fraction", reason=reason)
        rows.append(row)
    return Table(
        id="abilities",
        caption=_caption(context, found),
        columns=[
            Column("model", "Model"),
            *rate_columns("passed", "As attempted"),
            *rate_columns("score", "Expected score, Rasch"),
            *rate_columns("logistic", "Adjusted, logistic"),
            Column("ability", "Ability, logits", "number"),
            Column("infit", "Infit", "number"),
            Column("outfit", "Outfit", "number"),
        ],
        rows=rows,
        focus_rows=frozenset(
            i
            for i, r in enumerate(context.analysis.rates_of("passed"))
            if context.is_focus(r.model)
        ),
        row_header="model",
        filterable=len(rows) > 20,
    )


_LEFT_OUT = "it passed all or none of its problems"


def _rasch_cells(
    context: Context, rasch: Mapping[str, Any], i: int | None, model: str
) -> dict[str, Cell]:
    if i is None:
        reason = rasch.get("reason", _LEFT_OUT)
        empty = missing(reason)
        return {
            **estimate_cells("score", None, "fraction", reason=reason),
            **dict.fromkeys(("ability", "infit", "outfit"), empty),
        }
    value, low, high = (rasch[key][i] for key in ("ability", "low", "high"))
    limits = Interval(low, high, context.analysis.level, "rasch_conditional_wald")
    score = _estimate(context, rasch["scores"][i], rasch["method"])
    fits = {key: rasch[key].get(model) for key in ("infit", "outfit")}
    return {
        **estimate_cells("score", score, "fraction"),
        **estimate_cells("ability", Estimate(value, limits, rasch["informative"]), "number"),
        **{
            key: missing("no informative problem")
            if fit is None
            else Cell(numbers.fixed(fit, 2), sort=fit, raw=fit)
            for key, fit in fits.items()
        },
    }


def _estimate(context: Context, plain: list[float], method: str) -> Estimate:
    value, low, high, n = plain
    return Estimate(value, Interval(low, high, context.analysis.level, method), int(n))


def _caption(context: Context, found: Mapping[str, Any]) -> str:
    rasch, logistic = found["rasch"], found["logistic"]
    words = [f"{context.rate} as attempted beside two adjustments, on {found['mix']}."]
    if "reason" not in rasch:
        words.append(
            f"Rasch: ability by conditional maximum likelihood in logits, adding up to zero, from "
            f"the {rasch['informative']} of {rasch['n']} problems that some but not all models "
            "passed; expected score by marginal maximum likelihood. Infit and outfit are 1 where a "
            "model's outcomes follow its ability, above 1 where they are noisier."
        )
    if "reason" not in logistic:
        words.append(
            f"Logistic regression on model and {' and '.join(logistic['factors'])}, "
            f"{numbers.count(logistic['rows'])} outcomes, errors clustered by "
            f"{numbers.count(logistic['clusters'])} problems."
        )
    words.append(f"{context.level} intervals. A sensitivity: the raw rate stays the headline.")
    return " ".join(words)


def misfits_table(context: Context) -> Table:
    """List problems whose outcomes stray from the order of the models, worst first."""
    found = _misfits(abilities_of(context))
    shown = found[:SHOWN]
    return Table(
        id="misfits",
        caption=(
            f"Problems whose outfit lies more than {MISFIT:g} standard deviations above 1: strong "
            "models missed them, or weak ones passed them, more than Rasch's model allows. "
            f"{numbers.count(len(found))} found"
            + (f", the worst {SHOWN} listed." if len(found) > SHOWN else ".")
            + " With few models the scale is coarse: a reason to read the problem, no more."
        ),
        columns=[
            Column("problem", "Problem"),
            Column("infit", "Infit", "number"),
            Column("outfit", "Outfit", "number"),
            Column("z", "Standard deviations", "number"),
        ],
        rows=[
            {
                "problem": Cell(problem),
                "infit": Cell(numbers.fixed(infit, 2), sort=infit, raw=infit),
                "outfit": Cell(numbers.fixed(outfit, 2), sort=outfit, raw=outfit),
                "z": Cell(numbers.fixed(z, 1), sort=z, raw=z),
            }
            for problem, infit, outfit, z in shown
        ],
        row_header="problem",
    )
