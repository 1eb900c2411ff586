"""Rule on figures made of other printed figures: each has to follow from its printed parts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from harness.release import Comparison, PrintedFigure
from report import numbers
from report.consistency.figures import models_of, of_words
from report.consistency.findings import Checks, Facts, Finding, Held, table_words
from report.labels import listed
from report.printed import PrintedCheck, check_printed, computed_words, with_unit
from stats import rounded
from stats.consistency import parse_printed
from stats.rounded import Span, could_print, exact_span, overlap, printed_span

MOST_COMBINATIONS = 512
"""A part printed with many values multiplies; more than this and the figure is left alone."""


@dataclass(frozen=True, slots=True)
class Part:
    """A value as a reader would write it, what it could stand for, and its nominal size."""

    words: str
    span: Span
    value: float


Options = Sequence[Part]
Formula = tuple[list[Options], Callable[..., Part]]


def follows_from_parts(facts: Facts) -> Checks:
    """A gap, ratio, share or rank that its own printed parts do not give."""
    for check in check_printed(facts.analysis, facts.quantities):
        formula = _formula(facts, check.figure)
        if formula is None:
            continue
        options, compute = formula
        results = [compute(*parts) for parts in _combinations(options)]
        if results:
            yield _judged(facts, check, results)


def _combinations(options: list[Options]) -> Iterator[tuple[Part, ...]]:
    size = 1
    for option in options:
        size *= len(option)
    return product(*options) if size <= MOST_COMBINATIONS else iter(())


def _judged(facts: Facts, check: PrintedCheck, results: Sequence[Part]) -> Finding | Held:
    figure = check.figure
    where = table_words(figure.table)
    fitting = [r for r in results if could_print(figure.printed, r.span)]
    if check.agrees or (fitting and check.agrees is None):
        return Held(where, models_of(figure))
    shown = min(fitting or results, key=lambda r: _distance(figure.printed, r.span))
    unit = "points" if figure.figure.endswith("_points") else figure.unit
    data = "" if check.match is None else computed_words(check)
    return Finding(
        rule="follows-from-parts",
        severity="note" if fitting else "contradiction",
        where=where,
        models=models_of(figure),
        part=of_words(facts, figure),
        found=with_unit(figure.printed, figure.unit),
        expected=data or with_unit(numbers.significant(shown.value, 3), unit),
        arithmetic=f"{shown.words}: {_why(check, shown)}" if fitting else shown.words,
    )


def _why(check: PrintedCheck, shown: Part) -> str:
    """Why a figure follows from its printed parts and not from the data."""
    if check.computed is not None and overlap(shown.span, exact_span(check.computed)):
        exact = numbers.significant(check.computed, 5)
        return f"computed from rounded figures; unrounded they give {exact}"
    return "it follows from what is printed, which is not what the data hold"


def _distance(printed: str, span: Span) -> Fraction:
    target = printed_span(printed)
    return max(span.low - target.high, target.low - span.high, Fraction())


def _formula(facts: Facts, figure: PrintedFigure) -> Formula | None:
    """The parts of a figure and how they combine; None where it has none, or one is unknown."""
    maker = _FORMULAS.get(figure.figure)
    try:
        formula = maker(facts, figure) if maker else None
    except KeyError:  # a comparison, a size or a rate that this release does not have
        return None
    return formula if formula and all(formula[0]) else None


def _options(facts: Facts, word: str, model: str | None, versus: str | None = None) -> Options:
    """Every value a part has, as printed anywhere and as the data give it; roundings once."""
    digits = dict.fromkeys(
        f.printed
        for f in facts.release.printed
        if (f.figure, f.model) == (word, model) and versus in {None, f.versus}
    )
    finest_first = sorted(digits, key=lambda text: len(text.partition(".")[2]), reverse=True)
    printed = [
        Part(text.lstrip("+"), printed_span(text), float(parse_printed(text)[0]))
        for text in finest_first
    ]
    found: list[Part] = []
    for part in (*printed, *_data(facts, word, model or "", versus)):
        if not any(overlap(part.span, other.span) for other in found):
            found.append(part)
    return found


def _data(facts: Facts, word: str, model: str, versus: str | None) -> list[Part]:
    keys = {
        "pass_rate": f"passed/{model}",
        "compile_rate": f"compiled/{model}",
        "parameters": f"size/{model}",
        "efficiency": f"efficiency/{model}",
        "group_mean_pass_rate": f"group_mean/{versus}/passed",
    }
    found = facts.quantities.get(keys[word])
    if found is None:
        return []
    if word == "parameters":
        return [Part(f"{found.value:g}", exact_span(found.value), found.value)]
    value = 100 * found.value
    return [Part(numbers.fixed(value, 2), exact_span(value), value)]


def _model(facts: Facts, versus: str | None, metric: str = "passed") -> str:
    """The model that a figure is held against; ``best`` is the first of its metric."""
    if versus != "best":
        return versus or ""
    if metric == "efficiency":
        return max(facts.analysis.efficiencies, key=lambda e: e.estimate.value).model
    return max(facts.analysis.rates_of(metric), key=lambda rate: rate.value).model


def _comparison(facts: Facts, name: str | None) -> Comparison:
    known = {c.id: c for c in facts.release.comparisons}
    return known[name or ""]


def _ratio(word: str, *, percent: bool, metric: str = "passed") -> Callable[..., Formula]:
    """The same figure of two models, one over the other."""

    def formula(facts: Facts, figure: PrintedFigure) -> Formula:
        other = _model(facts, figure.versus, metric)
        return [_options(facts, word, figure.model), _options(facts, word, other)], over

    def over(first: Part, second: Part) -> Part:
        return _over(first, second, percent=percent)

    return formula


def _over(first: Part, second: Part, *, percent: bool) -> Part:
    scale = 100 if percent else 1
    value = first.value / second.value * scale
    words = f"{first.words} / {second.words} = {_near(value)}{'%' if percent else ''}"
    return Part(words, rounded.quotient(first.span, second.span, scale=scale), value)


def _near(value: float) -> str:
    return numbers.significant(value, 4)


def _minus(first: Part, second: Part) -> Part:
    value = first.value - second.value
    words = f"{first.words} − {second.words} = {numbers.fixed(value, 2)}"
    return Part(words, rounded.difference(first.span, second.span), value)


def _more(first: Part, second: Part) -> Part:
    """By how many percent the first exceeds the second."""
    ratio = rounded.quotient(first.span, second.span, scale=100)
    value = 100 * (first.value / second.value - 1)
    words = f"{first.words} / {second.words} − 1 = {numbers.fixed(value, 2)}%"
    return Part(words, rounded.difference(ratio, exact_span(100)), value)


def _two_words(first: str, second: str, *, percent: bool) -> Callable[..., Formula]:
    """Two figures of one model, one over the other."""

    def over(a: Part, b: Part) -> Part:
        return _over(a, b, percent=percent)

    def formula(facts: Facts, figure: PrintedFigure) -> Formula:
        words = (first, second)
        return [_options(facts, word, figure.model) for word in words], over

    return formula


def _against_mean(combine: Callable[[Part, Part], Part]) -> Callable[..., Formula]:
    def formula(facts: Facts, figure: PrintedFigure) -> Formula:
        mean = _options(facts, "group_mean_pass_rate", None, figure.versus)
        return [_options(facts, "pass_rate", figure.model), mean], combine

    return formula


def _against_model(combine: Callable[[Part, Part], Part]) -> Callable[..., Formula]:
    def formula(facts: Facts, figure: PrintedFigure) -> Formula:
        other = _model(facts, figure.versus)
        return [_options(facts, "pass_rate", m) for m in (str(figure.model), other)], combine

    return formula


def _group_mean(facts: Facts, figure: PrintedFigure) -> Formula:
    def combine(*parts: Part) -> Part:
        value = sum(part.value for part in parts) / len(parts)
        words = " + ".join(part.words for part in parts)
        span = rounded.mean([part.span for part in parts])
        return Part(f"({words}) / {len(parts)} = {_near(value)}", span, value)

    against = _comparison(facts, figure.versus).against
    return [_options(facts, "pass_rate", model) for model in against], combine


def _extreme(choose: Callable[..., Part]) -> Callable[..., Formula]:
    """Smallest or largest ratio of sizes in a comparison."""

    def formula(facts: Facts, figure: PrintedFigure) -> Formula:
        comparison = _comparison(facts, figure.versus)
        models = [figure.model] if figure.model else comparison.models
        n = len(comparison.against)

        def combine(*parts: Part) -> Part:
            ratios = [_over(a, m, percent=False) for a in parts[:n] for m in parts[n:]]
            return choose(ratios, key=lambda part: part.value)

        return [_options(facts, "parameters", m) for m in (*comparison.against, *models)], combine

    return formula


def _rank(word: str) -> Callable[..., Formula]:
    """One more than the models whose figure is higher."""

    def formula(facts: Facts, figure: PrintedFigure) -> Formula:
        known = {m: _options(facts, word, m) for m in _pool(facts, figure.versus)}
        others = {m: options for m, options in known.items() if options and m != figure.model}

        def combine(own: Part, *rest: Part) -> Part:
            above = [part.span.low > own.span.high for part in rest]
            level = sum(part.span.high >= own.span.low for part in rest)
            higher = [
                f"{facts.named(model)} ({part.words})"
                for model, part, is_above in zip(others, rest, above, strict=True)
                if is_above
            ]
            rank = 1 + len(higher)
            words = f"{listed(higher) if higher else 'none'} above {own.words}: rank {rank}"
            return Part(words, Span(Fraction(rank), Fraction(max(rank, 1 + level))), rank)

        return [_options(facts, word, figure.model), *others.values()], combine

    return formula


def _pool(facts: Facts, versus: str | None) -> Sequence[str]:
    if not versus:
        return list(facts.totals)
    comparison = _comparison(facts, versus)
    return [*comparison.models, *comparison.against]


_FORMULAS: dict[str, Callable[[Facts, PrintedFigure], Formula]] = {
    "pass_rate_of_compiled": _two_words("pass_rate", "compile_rate", percent=True),
    "group_mean_pass_rate": _group_mean,
    "gap_points": _against_mean(_minus),
    "gap_relative": _against_mean(_more),
    "difference_points": _against_model(_minus),
    "difference_relative": _against_model(_more),
    "proximity_pass": _ratio("pass_rate", percent=True),
    "proximity_compile": _ratio("compile_rate", percent=True, metric="compiled"),
    "efficiency": _two_words("pass_rate", "parameters", percent=False),
    "size_ratio": _ratio("parameters", percent=False),
    "performance_ratio": _ratio("pass_rate", percent=False),
    "efficiency_ratio": _ratio("efficiency", percent=False, metric="efficiency"),
    "smallest_size_ratio": _extreme(min),
    "largest_size_ratio": _extreme(max),
    "rank": _rank("pass_rate"),
    "efficiency_rank": _rank("efficiency"),
}
