"""Assertions that are arithmetic: printed figures, shares, counts, differences, ratios.

A figure is judged at its own rounding. Where it is wrong but follows from figures that were
rounded first, the note says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from harness.claim import Assertion
from harness.release import PrintedFigure
from report import numbers
from report.analysis.groups import ratio, ratio_to_mean
from report.claims.compare import Compared, compare, contrast
from report.claims.ground import SIZES, Ground, NoDataError
from report.claims.parts import Part
from report.claims.rounding import rounded_difference, rounded_ratio
from report.labels import listed
from report.printed import SCALES, PrintedCheck, check_figure, computed_words, with_unit
from stats.consistency import printed_matches
from stats.interval import Estimate, Interval

UNITS = {"%": "fraction", "points": "points", "x": "ratio", "B": "billion", "rank": "rank"}
"""Printed units to those of `report.numbers`."""

_KEYS = {
    "compile_rate": "compiled/{model}",
    "pass_rate": "passed/{model}",
    "pass_rate_of_compiled": "passed_of_compiled/{model}",
    "cell_pass_rate": "cell/{category}/{difficulty}/passed/{model}",
    "cell_compile_rate": "cell/{category}/{difficulty}/compiled/{model}",
    "group_mean_pass_rate": "group_mean/{versus}/passed",
    "gap_points": "gap/{versus}/{model}/passed",
    "gap_relative": "gap_relative/{versus}/{model}/passed",
    "difference_points": "difference/passed/{model}/{versus}",
    "proximity_pass": "proximity/passed/{model}",
    "proximity_compile": "proximity/compiled/{model}",
    "efficiency": "efficiency/{model}",
    "rank": "rank/unlinked/{model}",
}
"""Words of the vocabulary that are a named figure with an interval."""

_SIZES_ALONE = frozenset({"parameters", "size_ratio", "smallest_size_ratio", "largest_size_ratio"})
"""Words that rest on sizes, which the release states: no result stands behind them."""


def value(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge a printed figure, or every one that a place of the report printed."""
    if assertion.tables:
        yield from _table(ground, assertion)
    elif assertion.figure:
        yield _figure(ground, _as_printed(assertion))
    else:
        yield from (_summary(ground, assertion, model) for model in assertion.models)


def _table(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    rows = [
        row
        for row in ground.analysis.release.printed
        if row.table in assertion.tables
        and assertion.figure in (None, row.figure)
        and (not assertion.models or row.model in assertion.models)
        and assertion.category in (None, row.category)
        and assertion.difficulty in (None, row.difficulty)
    ]
    if not rows:
        raise NoDataError(f"{listed(assertion.tables)} printed nothing of the kind.")
    yield from (_figure(ground, row) for row in rows)


def _as_printed(assertion: Assertion) -> PrintedFigure:
    return PrintedFigure(
        line=assertion.line,
        table="",
        figure=assertion.figure or "",
        printed=assertion.printed or "",
        unit=assertion.unit or "%",
        model=assertion.models[0] if assertion.models else None,
        versus=assertion.against[0] if assertion.against else None,
        category=assertion.category,
        difficulty=assertion.difficulty,
    )


def _figure(ground: Ground, row: PrintedFigure) -> Part:
    found = check_figure(ground.analysis, ground.quantities, row)
    part = judged_figure(found, _subject(ground, row))
    key = _KEYS.get(row.figure, "").format(
        model=row.model, versus=row.versus, category=row.category, difficulty=row.difficulty
    )
    quantity = ground.quantities.get(key)
    if quantity is None or found.computed is None:
        return part
    return replace(
        part,
        interval=quantity.interval,
        estimate=quantity.value,
        unit=quantity.unit,
        method=quantity.method,
        n=quantity.n,
        evidence=quantity.evidence,
    )


def _subject(ground: Ground, row: PrintedFigure) -> str:
    titles = {c.id: c.title.lower() for c in ground.analysis.release.comparisons}
    names = {**titles, **ground.labels}
    of = [names.get(row.model, row.model)] if row.model else []
    if row.versus:
        of.append(f"against {names.get(row.versus, row.versus)}")
    of.extend(part for part in (row.category, row.difficulty) if part)
    words = row.figure.replace("_", " ")
    return f"{words}: {', '.join(of)}" if of else words


def _unit(figure: PrintedFigure) -> str:
    if figure.unit == "points per B":
        return "per_billion"
    return "count" if figure.figure == "problems" else UNITS.get(figure.unit, "number")


def judged_figure(found: PrintedCheck, text: str, *, why: str = "") -> Part:
    """Make the part of a printed figure that was held against the data."""
    figure = found.figure
    printed = with_unit(figure.printed, figure.unit)
    if found.match is None or found.computed is None:
        return Part(text, "untestable", found.reason, printed=printed, line=figure.line)
    scale = SCALES.get(figure.unit, 1.0)
    part = Part(
        text,
        printed=printed,
        estimate=found.computed / scale,
        unit=_unit(figure),
        evidence=None if figure.figure in _SIZES_ALONE else "counts",
        method="arithmetic",
        line=figure.line,
    )
    if found.match.matches:
        return part
    note = f"Printed {printed}; the data give {computed_words(found)}. {why}".strip()
    return replace(part, verdict="misstated", note=note)


def _summary(ground: Ground, assertion: Assertion, model: str) -> Part:
    found = ground.value(model, assertion)
    metric = next((m for m in ground.analysis.release.metrics if m.id == assertion.metric), None)
    text = f"{ground.named(assertion)}: {ground.model(model)}"
    printed = f"{assertion.printed} {assertion.unit or ''}".strip()
    part = Part(
        text,
        printed=printed,
        estimate=found.value,
        interval=found.interval,
        unit=found.unit,
        n=found.n,
        evidence=found.evidence,
        method=found.method or "arithmetic",
    )
    scale = 100.0 if found.unit == "fraction" else 1.0
    match = printed_matches(assertion.printed or "", found.value * scale)
    if not match.matches:
        note = f"Printed {printed}; the data give {numbers.written(found.value, found.unit)}."
        return replace(part, verdict="misstated", note=note)
    if metric and assertion.unit and assertion.unit != metric.unit:
        defined = f" {metric.description}" if metric.description else ""
        note = f"The digits agree, the unit does not: it is {metric.unit}.{defined}"
        return replace(part, verdict="misstated", note=note)
    return part


def share(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge a share of the problems: as printed, and whether it lies above or below a bound."""
    total = ground.analysis.release.n_problems
    if not ground.analysis.release.problem_cells:
        raise NoDataError("The release does not say how its problems divide.")
    count = ground.problems(assertion.category, assertion.difficulty)
    part = " and ".join(p for p in (assertion.category, assertion.difficulty) if p)
    base = Part(
        f"share of {part} problems",
        estimate=count / total,
        unit="share",
        n=total,
        evidence="counts",
        method="arithmetic",
    )
    if assertion.printed:
        row = PrintedFigure(assertion.line, "", "share", assertion.printed, "%")
        computed = 100 * count / total
        check = PrintedCheck(row, computed, printed_matches(assertion.printed, computed))
        judged = judged_figure(check, base.text)
        yield replace(judged, unit="share", n=total)
    for bound, words, beyond in (
        (assertion.above, "above", 1),
        (assertion.below, "below", -1),
    ):
        if bound is not None:
            holds = beyond * (100 * count - bound * total) > 0
            yield replace(
                base,
                text=f"{base.text} is {words} {numbers.percent(bound / 100, 0)}",
                verdict="supported" if holds else "contradicted",
                note="" if holds else f"It is {count} of {total}.",
            )


def count(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge a number of problems, of programs summarised, or of each model's results."""
    if not assertion.models:
        found = ground.problems(assertion.category, assertion.difficulty)
        yield _count(assertion, "problems of the benchmark", found)
    for model in assertion.models:
        if assertion.metric:
            found = ground.summary(model, assertion).count
            text = f"values behind {ground.title(assertion.metric)}: {ground.model(model)}"
        else:
            found = ground.rate(model, replace(assertion, metric="passed")).n
            text = f"problems with a result: {ground.model(model)}"
        yield _count(assertion, text, found)


def _count(assertion: Assertion, text: str, found: int) -> Part:
    row = PrintedFigure(assertion.line, "", "count", assertion.printed or "", "")
    check = PrintedCheck(row, float(found), printed_matches(assertion.printed or "", float(found)))
    return replace(judged_figure(check, text), unit="count", n=found)


def difference(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge by how much models are ahead of a model or of a group's mean: figures, then the test.

    Both are about models, so a difference as printed still has to be told from chance, unless the
    scope is these problems.
    """
    for model in assertion.models:
        compared, relative, inputs = _gap(ground, assertion, model)
        own, others = inputs
        text = f"{ground.model(model)} − {_against_words(ground, assertion)}, " + ground.named(
            assertion
        )
        if assertion.points:
            row = PrintedFigure(assertion.line, "", "x_points", assertion.points, "points")
            why = rounded_difference(assertion.points, own, others, relative=False)
            yield _difference(row, 100 * compared.difference, text, why, compared, assertion)
        if assertion.relative:
            row = PrintedFigure(assertion.line, "", "x_relative", assertion.relative, "%")
            if relative is None:
                raise NoDataError(f"The other rate is 0, so {text} has no relative size.")
            why = rounded_difference(assertion.relative, own, others, relative=True)
            as_share = replace(
                compared, difference=relative.value, interval=relative.interval, unit="relative"
            )
            yield _difference(
                row, 100 * relative.value, f"{text}, relative", why, as_share, assertion
            )


def _difference(
    row: PrintedFigure,
    computed: float,
    text: str,
    why: str,
    compared: Compared,
    assertion: Assertion,
) -> Part:
    check = PrintedCheck(row, computed, printed_matches(row.printed, computed))
    part = judged_figure(check, text, why=why)
    return replace(
        part,
        estimate=compared.difference,
        interval=compared.interval,
        unit=compared.unit,
        null=0.0,
        n=compared.n,
        evidence=compared.evidence,
        method=compared.interval.method if compared.interval else part.method,
        test=None if assertion.scope == "problems" else compared.test,
    )


def _against_words(ground: Ground, assertion: Assertion) -> str:
    groups = {c.id: c for c in ground.analysis.release.comparisons}
    if len(assertion.against) == 1 and assertion.against[0] in groups:
        return f"mean of {listed(map(ground.model, groups[assertion.against[0]].against))}"
    members = ground.members(assertion.against, assertion, both=False)
    names = listed(map(ground.model, members))
    return f"mean of {names}" if len(members) > 1 else names


Inputs = tuple[float, list[float]]


def _gap(
    ground: Ground, assertion: Assertion, model: str
) -> tuple[Compared, Estimate | None, Inputs]:
    """Difference to one model or to the plain mean of several, absolute and relative."""
    others = ground.members(assertion.against, assertion, both=False)
    own = ground.rate(model, assertion)
    rates = [ground.rate(other, assertion) for other in others]
    inputs = own.value, [rate.value for rate in rates]
    level, board = ground.analysis.level, ground.analysis.board
    if len(others) == 1:
        times = ratio(own, rates[0], board, level=level)
        return compare(ground, model, others[0], assertion), _minus_one(times), inputs
    weights = {model: 1.0, **dict.fromkeys(others, -1 / len(others))}
    compared = contrast(ground, weights, assertion, unit="points")
    times = ratio_to_mean(own, rates, board, level=level)
    return compared, _minus_one(times), inputs


def _minus_one(times: Estimate | None) -> Estimate | None:
    if times is None:
        return None
    limits = times.interval
    shifted = Interval(limits.low - 1, limits.high - 1, limits.level, limits.method)
    return Estimate(times.value - 1, shifted, times.n)


def ratios(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge a ratio of rates, sizes or efficiencies, printed in percent or as times."""
    percent = assertion.unit == "%"
    for model in assertion.models:
        for other in ground.members(assertion.against, assertion, both=False):
            found, own, base = _ratio(ground, assertion, model, other)
            computed = found.value * (100 if percent else 1)
            printed = assertion.printed or ""
            unit = "%" if percent else "x"
            row = PrintedFigure(assertion.line, "", "ratio", printed, unit)
            check = PrintedCheck(row, computed, printed_matches(printed, computed))
            title = ground.named(assertion)
            text = f"{title}: {ground.model(model)} / {ground.model(other)}"
            why = rounded_ratio(printed, own, base, percent=percent)
            sized = assertion.metric in SIZES
            part = judged_figure(check, text, why="" if sized else why)
            guess = _guessed(ground, assertion, (model, other))
            yield replace(
                part,
                note=f"{part.note} {guess}".strip(),
                interval=None if assertion.metric == "parameters" else found.interval,
                method="arithmetic" if assertion.metric == "parameters" else found.interval.method,
                n=None if assertion.metric == "parameters" else found.n,
                evidence=None if assertion.metric == "parameters" else "counts",
            )


def _ratio(
    ground: Ground, assertion: Assertion, model: str, other: str
) -> tuple[Estimate, float, float]:
    own, base = ground.value(model, assertion).value, ground.value(other, assertion).value
    if base == 0:
        raise NoDataError(f"The {ground.named(assertion)} of {ground.model(other)} is 0.")
    level = ground.analysis.level
    if assertion.metric == "parameters":
        exact = Interval(own / base, own / base, level, "exact")
        return Estimate(own / base, exact, 1), own, base
    rate_of = replace(assertion, metric="passed") if assertion.metric == "efficiency" else assertion
    rates = ground.rate(model, rate_of), ground.rate(other, rate_of)
    found = ratio(*rates, ground.analysis.board, level=level)
    if found is None:
        raise NoDataError(f"The {ground.named(assertion)} of {ground.model(other)} is 0.")
    factor = (own / base) / found.value if found.value else 1.0
    limits = found.interval
    scaled = Interval(limits.low * factor, limits.high * factor, level, limits.method)
    return Estimate(own / base, scaled, found.n), own, base


def _guessed(ground: Ground, assertion: Assertion, models: Sequence[str]) -> str:
    if assertion.metric not in SIZES:
        return ""
    release = ground.analysis.release
    guesses = [m for m in models if release.model(m).parameters.speculative]
    if not guesses:
        return ""
    return f"The size of {listed(map(ground.model, guesses))} is the report's own guess."


Rule = Callable[[Ground, Assertion], Iterator[Part]]

ARITHMETIC: dict[str, Rule] = {
    "value": value,
    "share": share,
    "count": count,
    "difference": difference,
    "ratio": ratios,
}
