"""Raw rates beside what Rasch, the 2PL and the logistic regression make of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from report import numbers
from report.charts import NARROW, WIDE, LazyFigure, sides_chart
from report.document import Cell, Column, Table
from report.exhibits.common import (
    Context,
    estimate_cells,
    missing,
    rate_cells,
    rate_columns,
    whole,
)
from report.exhibits.fit import misfits_of, reliability_words, slope_words, unlike_words
from report.exhibits.moved import moved_cell, places_of
from report.fitted import Fitted
from report.labels import listed
from stats.interval import Estimate, Interval

ADJUSTMENTS = {
    "rasch": "Rasch",
    "two_parameter": "2PL",
    "logistic": "Logistic",
}
"""Each fit's heading over the rates it gives."""

_SHORT = {"rasch": "Rasch", "two_parameter": "the 2PL", "logistic": "the regression"}
_REFUSED = {
    "rasch": "No Rasch abilities",
    "two_parameter": "No 2PL",
    "logistic": "No logistic regression",
}
_LEFT_OUT = "it passed all or none of its problems"


@dataclass(frozen=True, slots=True)
class AbilityWords:
    """What the page says: whether anything was fitted, what it shows, why something was not."""

    usable: bool
    sentences: tuple[str, ...]
    reasons: tuple[str, ...]
    person_fit: bool
    misfits: int


def abilities_of(context: Context) -> Fitted:
    """Return the fits; KeyError without single outcomes of two models."""
    if context.fitted is None:
        raise KeyError(f"{context.analysis.release.version} has no single outcomes of two models")
    return context.fitted


def abilities_words(context: Context) -> AbilityWords | None:
    """Return the facts for the page's sentences; None where the release has no outcomes."""
    found = context.fitted
    if found is None:
        return None
    reasons = [
        f"{words}: {reason_words(context, found, key)}."
        for key, words in _REFUSED.items()
        if "reason" in found[key]
    ]
    usable = len(reasons) < len(_REFUSED)
    if usable and found["left_out"]:
        names = listed(context.labels[m] for m in found["left_out"])
        reasons.append(f"Left out, since all or none of their problems were passed: {names}.")
    return AbilityWords(
        usable=usable,
        sentences=tuple(_sentences(context, found)) if usable else (),
        reasons=tuple(reasons),
        person_fit="reason" not in found["rasch"],
        misfits=len(misfits_of(found)),
    )


def _sentences(context: Context, found: Fitted) -> Iterator[str]:
    yield _moved_words(context, found)
    yield from slope_words(context, found)
    yield from unlike_words(context, found)
    yield from reliability_words(found)


def reason_words(context: Context, found: Fitted, key: str) -> str:
    """Why a fit has no estimate, its models called by their names."""

    def named(match: re.Match[str]) -> str:
        places = [int(place) for place in match[1].split(",")]
        return listed(context.labels[found["models"][i]] for i in places)

    reason = str(found[key]["reason"]).replace(", by column: ", ": ").replace(" (by column)", "")
    return re.sub(r"\[(\d+(?:, \d+)*)\]", named, reason)


def adjusted_values(found: Fitted, key: str) -> dict[str, list[float]]:
    """Rate with limits and n that a fit gives each model; empty where it has no estimate."""
    if key == "logistic":
        return dict(found[key].get("rates", {}))
    return dict(zip(found[key].get("models", ()), found[key].get("scores", ()), strict=True))


def adjusted_places(context: Context, found: Fitted) -> dict[str, dict[str, int]]:
    """Places by the raw rate and by each fit, among the models that were fitted."""
    rates = context.analysis.rates
    places = {"raw": places_of({m: rates[m, "passed"].value for m in found["models"]})}
    for key in ADJUSTMENTS:
        if own := adjusted_values(found, key):
            places[key] = places_of({model: value[0] for model, value in own.items()})
    return places


def _moved_words(context: Context, found: Fitted) -> str:
    places = adjusted_places(context, found)
    raw = places.pop("raw")
    parts = []
    for key, own in places.items():
        steps = {m: abs(place - raw[m]) for m, place in own.items() if place != raw[m]}
        moved = f"by {_SHORT[key]} {numbers.count(len(steps)) if steps else 'none'}"
        most = max(steps.values(), default=0)
        farthest = [context.labels[m] for m, step in steps.items() if step == most]
        if steps:
            moved += f", by at most {most} ({listed(farthest[:3])}{', …' if farthest[3:] else ''})"
        parts.append(moved)
    return (
        f"On {found['mix']}, of {len(raw)} models these change their place: {'; '.join(parts)}. "
        "A move between models that tests do not separate is no finding."
    )


def abilities_table(context: Context) -> Table:
    """Raw rate and every adjusted one, each with the place it gives and how far that moves."""
    found = abilities_of(context)
    places = adjusted_places(context, found)
    rates = context.analysis.rates_of("passed")
    shown = [key for key in ADJUSTMENTS if "reason" not in found[key]]
    rows = []
    for rate in rates:
        model = rate.model
        fitted = model in places["raw"]
        row = {
            "model": context.model_cell(model),
            "place": whole(places["raw"][model]) if fitted else missing(_LEFT_OUT),
            **rate_cells("passed", rate),
        }
        for key in shown:
            row |= _adjusted_cells(context, found, places, key, model)
        rows.append(row)
    return Table(
        id="abilities",
        caption=_caption(context, found),
        columns=[
            Column("model", "Model"),
            Column("place", "#", "number"),
            *rate_columns("passed", "As attempted"),
            *(
                column
                for key in shown
                for column in (
                    *rate_columns(key, ADJUSTMENTS[key]),
                    Column(f"{key}_place", "#", "number"),
                )
            ),
        ],
        rows=rows,
        focus_rows=frozenset(i for i, r in enumerate(rates) if context.is_focus(r.model)),
        row_header="model",
        filterable=len(rows) > 20,
    )


def _adjusted_cells(
    context: Context,
    found: Fitted,
    places: Mapping[str, Mapping[str, int]],
    key: str,
    model: str,
) -> dict[str, Cell]:
    own = adjusted_values(found, key).get(model)
    estimate = _estimate(context, own, found[key]["method"]) if own else None
    cells = estimate_cells(key, estimate, "fraction", reason=_LEFT_OUT)
    place = moved_cell(places["raw"][model], places[key][model]) if own else missing(_LEFT_OUT)
    return {**cells, f"{key}_place": place}


def _estimate(context: Context, plain: list[float], method: str) -> Estimate:
    value, low, high, n = plain
    return Estimate(value, Interval(low, high, context.analysis.level, method), int(n))


def _caption(context: Context, found: Fitted) -> str:
    rasch, logistic = found["rasch"], found["logistic"]
    words = [f"{context.rate} as attempted beside adjustments, on {found['mix']}."]
    if "reason" not in rasch:
        words.append("Rasch: the expected score by marginal maximum likelihood.")
    if "reason" not in found["two_parameter"]:
        words.append("2PL: the same with a slope for each model.")
    if "reason" not in logistic:
        words.append(
            "Logistic: the rate adjusted by a regression on model and "
            f"{' and '.join(logistic['factors'])}, "
            f"{numbers.count(logistic['rows'])} outcomes, errors clustered by "
            f"{numbers.count(logistic['clusters'])} problems."
        )
    words.append("# is the place among the models that could be fitted, arrows how far it moves.")
    words.append("A sensitivity: the raw rate stays the headline.")
    return " ".join(words)


def abilities_figure(context: Context) -> LazyFigure:
    """Raw rate and expected score of each model, both with intervals, one under the other."""
    found = abilities_of(context)
    key = next(key for key in ADJUSTMENTS if "reason" not in found[key])
    rows = list(_sides(context, found, key))
    wide, narrow = (
        sides_chart(rows, width=width, title=context.rate, sides=_sides_named(key))
        for width in (WIDE, NARROW)
    )
    return LazyFigure(
        id="abilities-chart",
        by_model=True,
        drawn=("passed", key),
        caption=(
            f"{context.rate} as attempted (dot) and {_LOWER[key]} on {found['mix']} (diamond) of "
            f"{len(rows) // 2} models. Where dot and diamond lie apart, the mix or the problems "
            "that a model lacks matter. Blue: focus models."
        ),
        alt=f"Interval chart of {len(rows) // 2} models, the rate as attempted above "
        f"{_LOWER[key]} of each.",
        wide=wide,
        narrow=narrow,
        data=abilities_table(context),
    )


_LOWER = {
    "rasch": "the expected score by Rasch's model",
    "two_parameter": "the expected score by the 2PL",
    "logistic": "the adjusted rate by the regression",
}


def _sides_named(key: str) -> list[str]:
    return ["as attempted", {"logistic": "adjusted"}.get(key, "expected")]


def _sides(context: Context, found: Fitted, key: str) -> Iterator[dict[str, Any]]:
    own = adjusted_values(found, key)
    for rate in context.analysis.rates_of("passed"):
        if rate.model not in own:
            continue
        raw = Estimate(rate.value, rate.wilson, rate.n)
        adjusted = _estimate(context, own[rate.model], found[key]["method"])
        for side, estimate in zip(_sides_named(key), (raw, adjusted), strict=True):
            limits = estimate.interval
            yield {
                "model": context.labels[rate.model],
                "side": side,
                "value": estimate.value,
                "low": limits.low,
                "high": limits.high,
                "focus": context.is_focus(rate.model),
                "tip": f"{side}: {numbers.percent(estimate.value)} "
                f"({numbers.interval(limits, 'fraction')})",
            }
