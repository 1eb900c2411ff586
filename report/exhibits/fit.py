"""Who answers unlike the others: fit of models and of problems, and slopes of the models."""

from collections.abc import Iterator

from report import numbers
from report.document import Cell, Column, Table
from report.exhibits.common import Context, estimate_cells, missing, rate_columns
from report.fitted import Fitted
from report.labels import listed
from stats.interval import Estimate, Interval

MISFIT = 3.0
"""Standard deviations of a mean square from 1 from which a model or problem is named."""

SHOWN = 30
"""Problems listed at most, worst first."""


def _fitted(context: Context) -> Fitted:
    found = context.fitted
    if found is None or "reason" in found["rasch"]:
        raise KeyError(f"{context.analysis.release.version} has no Rasch abilities")
    return found


def misfits_of(found: Fitted) -> list[tuple[str, float, float, float]]:
    """Problems whose outfit is far above 1, worst first: id, infit, outfit and its distance."""
    problems = found["rasch"].get("problems", [])
    return sorted((tuple(p) for p in problems if p[3] > MISFIT), key=lambda p: (-p[3], p[0]))


def slope_words(context: Context, found: Fitted) -> Iterator[str]:
    """Say whether the models' slopes differ, and how well these data know them."""
    fit = found["two_parameter"]
    if "reason" in fit:
        return
    p, alpha = fit["p"], 1 - context.analysis.level
    told = "differ more than chance" if p <= alpha else "cannot be told apart"
    halves = sorted((high - low) / 2 for low, high in zip(fit["low"], fit["high"], strict=True))
    middle, slopes = halves[len(halves) // 2], fit["slope"]
    yield (
        f"A slope for each model (2PL): the slopes {told} (likelihood ratio, "
        f"p = {numbers.p_value(p)}). They lie between {numbers.fixed(min(slopes), 2)} and "
        f"{numbers.fixed(max(slopes), 2)}, about {numbers.fixed(fit['common_slope'], 2)} if all "
        f"were equal; from {fit['n']} problems one is known to about "
        f"±{numbers.fixed(middle, 2)}. A low slope: the model passes and fails with little regard "
        "to what the others find easy."
    )


def unlike_words(context: Context, found: Fitted) -> Iterator[str]:
    """Name the models whose outcomes stray from their ability."""
    rasch = found["rasch"]
    if "reason" in rasch:
        return
    noisy = [
        model
        for model in rasch["infit_z"]
        if max(rasch["infit_z"][model], rasch["outfit_z"][model]) > MISFIT
    ]
    if not noisy:
        yield (
            f"No model answers unlike the others: no infit or outfit lies more than {MISFIT:g} "
            "standard deviations above 1."
        )
        return
    yield (
        f"Unlike the others answer{'s' if len(noisy) == 1 else ''} "
        f"{listed(context.labels[m] for m in noisy)}: problems that others find hard are passed "
        f"and easier ones missed, more than one ability allows (infit or outfit more than "
        f"{MISFIT:g} standard deviations above 1). One number says less about such a model."
    )


def reliability_words(found: Fitted) -> Iterator[str]:
    """Say how much is known about single problems."""
    rasch = found["rasch"]
    if "reason" in rasch:
        return
    yield (
        f"How easy each problem is: the outcomes of {len(rasch['models'])} models settle "
        f"{numbers.percent(rasch['reliability'], 0)} of the spread; "
        f"{rasch['n'] - rasch['informative']} of {rasch['n']} problems were passed by all or "
        "none and order no two models. What is said of one problem rests on that few models."
    )


def person_fit_table(context: Context) -> Table:
    """Ability, slope, infit and outfit of every model, and what they mean."""
    found = _fitted(context)
    rasch, slopes = found["rasch"], found["two_parameter"]
    order = [r.model for r in context.analysis.rates_of("passed") if r.model in rasch["models"]]
    reason = str(slopes.get("reason", ""))
    rows = [_fit_row(context, found, model) for model in order]
    return Table(
        id="person-fit",
        caption=(
            "Ability by conditional maximum likelihood in logits, adding up to zero, from the "
            f"{rasch['informative']} of {rasch['n']} problems that some but not all models "
            "passed. Infit and outfit are 1 where outcomes follow the ability, above 1 where they "
            "are noisier, below where they are more regular than chance; outfit weighs surprises "
            "on very easy and very hard problems, infit those near the model's own level; in "
            "brackets their distance from 1 in standard deviations."
            + ("" if reason else " Slope: the 2PL's, in logits for one standard deviation.")
        ),
        columns=[
            Column("model", "Model"),
            *rate_columns("ability", "Ability, logits"),
            Column("infit", "Infit", "number"),
            Column("infit_z", "Infit, distance", "number", in_page=False),
            Column("outfit", "Outfit", "number"),
            Column("outfit_z", "Outfit, distance", "number", in_page=False),
            *([] if reason else rate_columns("slope", "Slope, 2PL")),
            Column("reads", "Outcomes"),
        ],
        rows=rows,
        focus_rows=frozenset(i for i, m in enumerate(order) if context.is_focus(m)),
        row_header="model",
        filterable=len(rows) > 20,
    )


def _fit_row(context: Context, found: Fitted, model: str) -> dict[str, Cell]:
    rasch, slopes, level = found["rasch"], found["two_parameter"], context.analysis.level
    i = rasch["models"].index(model)
    limits = Interval(rasch["low"][i], rasch["high"][i], level, "rasch_conditional_wald")
    row = {
        "model": context.model_cell(model),
        **estimate_cells(
            "ability", Estimate(rasch["ability"][i], limits, rasch["informative"]), "logit"
        ),
        "reads": _reads(rasch["infit_z"].get(model), rasch["outfit_z"].get(model)),
    }
    for name in ("infit", "outfit"):
        row |= _square(name, rasch[name].get(model), rasch[f"{name}_z"].get(model))
    if "reason" not in slopes:
        limits = Interval(slopes["low"][i], slopes["high"][i], level, "2pl_slope_wald")
        row |= estimate_cells("slope", Estimate(slopes["slope"][i], limits, slopes["n"]), "logit")
    return row


def _square(name: str, value: float | None, z: float | None) -> dict[str, Cell]:
    if value is None or z is None:
        empty = missing("no informative problem")
        return {name: empty, f"{name}_z": empty}
    words = f"{numbers.fixed(value, 2)} ({numbers.signed(numbers.fixed(abs(z), 1), z)})"
    return {name: Cell(words, sort=value, raw=value), f"{name}_z": Cell("", raw=z)}


def _reads(infit: float | None, outfit: float | None) -> Cell:
    if infit is None or outfit is None:
        return missing("no informative problem")
    if max(infit, outfit) > MISFIT:
        return Cell("noisier than its ability")
    if min(infit, outfit) < -MISFIT:
        return Cell("more regular than chance")
    return Cell("as its ability")


def misfits_table(context: Context) -> Table:
    """List problems whose outcomes stray from the order of the models, worst first."""
    found = _fitted(context)
    bad = misfits_of(found)
    models = len(found["rasch"]["models"])
    return Table(
        id="misfits",
        caption=(
            f"Problems whose outfit lies more than {MISFIT:g} standard deviations above 1: strong "
            "models missed them, or weak ones passed them, more than Rasch's model allows. "
            f"{numbers.count(len(bad))} of {found['rasch']['informative']} found"
            + (f", the worst {SHOWN} listed." if len(bad) > SHOWN else ".")
            + " Discrimination: correlation of passing it with the models' rates on all others. "
            f"With {models} models both scales are coarse: a reason to read the problem, no more."
        ),
        columns=[
            Column("problem", "Problem"),
            Column("share", "Solved", "number"),
            Column("discrimination", "Discrimination", "number"),
            Column("infit", "Infit", "number"),
            Column("outfit", "Outfit", "number"),
            Column("z", "Standard deviations", "number"),
        ],
        rows=[_misfit_row(context, *problem) for problem in bad[:SHOWN]],
        row_header="problem",
    )


def _misfit_row(
    context: Context, problem: str, infit: float, outfit: float, z: float
) -> dict[str, Cell]:
    board, items = context.analysis.board, context.analysis.items
    assert board is not None  # noqa: S101 - what was fitted has outcomes
    assert items is not None  # noqa: S101
    i = [p.id for p in board.problems].index(problem)
    share, discrimination = float(items.share[i]), float(items.discrimination[i])
    return {
        "problem": Cell(problem),
        "share": Cell(numbers.percent(share, 0), sort=share, raw=share),
        "discrimination": missing("its outcomes do not vary")
        if discrimination != discrimination  # noqa: PLR0124 - NaN
        else Cell(numbers.fixed(discrimination, 2), sort=discrimination, raw=discrimination),
        "infit": Cell(numbers.fixed(infit, 2), sort=infit, raw=infit),
        "outfit": Cell(numbers.fixed(outfit, 2), sort=outfit, raw=outfit),
        "z": Cell(numbers.fixed(z, 1), sort=z, raw=z),
    }
