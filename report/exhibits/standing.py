"""How firm the order of the models is, as a table."""

from report import numbers
from report.analysis.order import RESAMPLES, Order, Place
from report.document import Cell, Column, Table
from report.exhibits.common import Context, missing, rank_cell


def order_of(context: Context) -> Order:
    """Return the order of the models; KeyError with fewer than two of them."""
    if context.analysis.order is None:
        raise KeyError(f"{context.analysis.release.version} has fewer than two models with results")
    return context.analysis.order


def places_table(context: Context) -> Table:
    """Rank sets of both kinds, letters, and what the resamples say of each model's place."""
    found, ranks = order_of(context), {r.model: r for r in context.analysis.ranks}
    rows = []
    for place in found.places:
        rank = ranks[place.model]
        together = rank.any_pairing if context.linked else rank.unlinked
        rows.append(
            {
                "model": context.model_cell(place.model),
                "letters": Cell(place.letters),
                "together": rank_cell(
                    together,
                    level=context.analysis.level,
                    method=f"holm_rank_set_{'paired' if context.linked else 'unlinked'}",
                ),
                "alone": rank_cell(
                    place.marginal,
                    level=context.analysis.level,
                    method="holm_rank_set_marginal",
                ),
                **_resampled(context, found, place),
            }
        )
    return Table(
        id="places",
        caption=_caption(context, found),
        columns=[
            Column("model", "Model"),
            Column("letters", "Not told apart"),
            Column("together", "Rank, all models at once", "number"),
            Column("alone", "Rank, this model alone", "number"),
            Column("resampled", "Rank, bootstrap", "number"),
            Column("best", "Comes first", "number"),
            Column("contender", "Could be the best"),
        ],
        rows=rows,
        focus_rows=frozenset(i for i, p in enumerate(found.places) if context.is_focus(p.model)),
        row_header="model",
        filterable=len(rows) > 20,
    )


def _resampled(context: Context, found: Order, place: Place) -> dict[str, Cell]:
    if place.best is None or place.resampled is None:
        empty = missing(found.reason)
        return {"resampled": empty, "best": empty, "contender": empty}
    return {
        "resampled": rank_cell(
            place.resampled, level=context.analysis.level, method=f"{found.method}_rank"
        ),
        "best": Cell(numbers.chance(place.best), sort=place.best, raw=place.best),
        "contender": Cell("yes" if place.contender else "no", raw=bool(place.contender)),
    }


def _caption(context: Context, found: Order) -> str:
    pairs = len(context.analysis.pairs_of("passed"))
    how = (
        "whole problems drawn anew, the same for all models"
        if context.linked
        else "each model's count drawn from a binomial of its own, since counts do not say what "
        "the models have in common"
    )
    return (
        f"{len(found.places)} models by {context.words('passed')}, {context.level}. Models that "
        f"share a letter are not told apart ({'paired' if context.linked else 'unlinked'} tests, "
        f"Holm over {pairs} pairs). “All models at once”: every rank set of the column holds; "
        "“alone”: right for one model that you came for, not for reading down the column. "
        f"Bootstrap: {numbers.count(RESAMPLES)} resamples, {how}; too narrow where models are "
        "close. “Comes first” is a share of resamples, not the probability that the model is the "
        "best; “could be the best” is the set that holds the best one (multiple comparisons with "
        "the best)."
    )
