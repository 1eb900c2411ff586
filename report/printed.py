"""Printed figures against the data: each is recomputed and judged at its own rounding."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from harness.release import PrintedFigure
from report import numbers
from report.analysis import Analysis
from report.html import plain
from report.quantities import Quantity
from stats.consistency import PrintedMatch, printed_matches


@dataclass(frozen=True, slots=True)
class PrintedCheck:
    """A printed figure, what the data give for it, and whether the two agree as printed.

    ``match`` is None where this release's data cannot give the figure; ``reason`` says why.
    """

    figure: PrintedFigure
    computed: float | None
    match: PrintedMatch | None
    reason: str = ""

    @property
    def agrees(self) -> bool | None:
        """True, False, or None where nothing could be computed."""
        return None if self.match is None else self.match.matches


SCALES = {"%": 100.0, "points": 100.0, "points per B": 100.0}
"""What a fraction is multiplied by to be in the unit a report printed; 1 for all others."""


def check_printed(analysis: Analysis, known: Mapping[str, Quantity]) -> tuple[PrintedCheck, ...]:
    """Recompute every printed figure of the release, in the order of its file."""
    return tuple(check_figure(analysis, known, figure) for figure in analysis.release.printed)


def check_figure(
    analysis: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure
) -> PrintedCheck:
    """Recompute one printed figure and judge it at its own rounding."""
    recompute = _RECOMPUTE.get(figure.figure)
    if recompute is None:
        return PrintedCheck(figure, None, None, f"no rule computes {figure.figure!r}")
    try:
        value = recompute(analysis, known, figure)
    except KeyError as missing:
        return PrintedCheck(figure, None, None, f"this release has no figure {missing}")
    scaled = value * SCALES.get(figure.unit, 1.0)
    return PrintedCheck(figure, scaled, printed_matches(figure.printed, scaled))


def computed_words(check: PrintedCheck) -> str:
    """What the data give, with the decimals that were printed, one more where that tells why."""
    if check.match is None or check.computed is None:
        return "–"
    digits = check.match.decimals
    if not check.match.matches and round(check.computed, digits) != round(
        check.computed, digits + 1
    ):
        digits += 1  # enough to see why 21.2 is not what 21.12 rounds to
    unit = "points" if check.figure.figure.endswith("_points") else check.figure.unit
    return with_unit(numbers.fixed(check.computed, digits), unit)


Rule = Callable[[Analysis, Mapping[str, Quantity], PrintedFigure], float]


def _named(template: str) -> Rule:
    """Look one quantity up; the template is filled from the printed figure's fields."""

    def rule(_: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure) -> float:
        key = template.format(
            model=figure.model,
            versus=figure.versus,
            category=figure.category,
            difficulty=figure.difficulty,
        )
        return known[key].value

    return rule


def _problems(_: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure) -> float:
    if figure.model:
        return known[f"problems/{figure.model}"].value
    for kind, member in (("category", figure.category), ("difficulty", figure.difficulty)):
        if member:
            return known[f"problems/{kind}/{member}"].value
    return known["problems"].value


def _best(metric: str) -> Rule:
    def rule(analysis: Analysis, _: Mapping[str, Quantity], __: PrintedFigure) -> float:
        return max(found.value for found in analysis.rates_of(metric))

    return rule


def _relative_difference(
    _: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure
) -> float:
    other = known[f"passed/{figure.versus}"].value
    return known[f"passed/{figure.model}"].value / other - 1


def _size_ratio(_: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure) -> float:
    return known[f"size/{figure.model}"].value / known[f"size/{figure.versus}"].value


def _performance_ratio(_: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure) -> float:
    return known[f"passed/{figure.model}"].value / known[f"passed/{figure.versus}"].value


def _extreme_size_ratio(choose: Callable[[Iterator[float]], float]) -> Rule:
    """How many times larger the largest (or smallest) of a comparison's models is.

    Against the figure's model, or against every focus model of the comparison where none is named.
    """

    def rule(analysis: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure) -> float:
        for comparison in analysis.release.comparisons:
            if comparison.id == figure.versus:
                smaller = [figure.model] if figure.model else comparison.models
                return choose(
                    known[f"size/{large}"].value / known[f"size/{own}"].value
                    for own in smaller
                    for large in comparison.against
                )
        raise KeyError(f"comparison {figure.versus}")

    return rule


def _efficiency_rank(
    analysis: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure
) -> float:
    """Rank among the models of the comparison (its focus models included), or among all."""
    members = {found.model for found in analysis.efficiencies}
    for comparison in analysis.release.comparisons:
        if comparison.id == figure.versus:
            members &= {*comparison.models, *comparison.against}
    own = known[f"efficiency/{figure.model}"].value
    return 1 + sum(known[f"efficiency/{model}"].value > own for model in members)


def _efficiency_ratio(_: Analysis, known: Mapping[str, Quantity], figure: PrintedFigure) -> float:
    """Efficiency against one model, or against the best that is no focus model ("next best")."""
    own = known[f"efficiency/{figure.model}"].value
    return own / known[f"efficiency/{figure.versus}"].value


_RECOMPUTE: dict[str, Rule] = {
    "problems": _problems,
    "category_share": _named("share/category/{category}"),
    "difficulty_share": _named("share/difficulty/{difficulty}"),
    "compile_rate": _named("compiled/{model}"),
    "pass_rate": _named("passed/{model}"),
    "pass_rate_of_compiled": _named("passed_of_compiled/{model}"),
    "cell_pass_rate": _named("cell/{category}/{difficulty}/passed/{model}"),
    "cell_compile_rate": _named("cell/{category}/{difficulty}/compiled/{model}"),
    "group_mean_pass_rate": _named("group_mean/{versus}/passed"),
    "gap_points": _named("gap/{versus}/{model}/passed"),
    "gap_relative": _named("gap_relative/{versus}/{model}/passed"),
    "difference_points": _named("difference/passed/{model}/{versus}"),
    "difference_relative": _relative_difference,
    "proximity_pass": _named("proximity/passed/{model}"),
    "proximity_compile": _named("proximity/compiled/{model}"),
    "best_pass_rate": _best("passed"),
    "best_compile_rate": _best("compiled"),
    "parameters": _named("size/{model}"),
    "efficiency": _named("efficiency/{model}"),
    "efficiency_rank": _efficiency_rank,
    "efficiency_ratio": _efficiency_ratio,
    "size_ratio": _size_ratio,
    "largest_size_ratio": _extreme_size_ratio(max),
    "smallest_size_ratio": _extreme_size_ratio(min),
    "performance_ratio": _performance_ratio,
    "rank": _named("rank/unlinked/{model}"),
}


def with_unit(number: str, unit: str) -> str:
    """A printed figure with its unit, where the unit says something the figure's name does not."""
    ends = {"%": "%", "points": " points", "x": "×", "B": " B"}
    return plain(number) + ends.get(unit, "")
