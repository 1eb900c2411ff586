"""Rules on single printed figures: possible at all, what the counts give, the same everywhere."""

from collections.abc import Iterator, Mapping, Sequence

from harness.release import PrintedFigure
from report import numbers
from report.consistency.findings import (
    Checks,
    Facts,
    Finding,
    Held,
    part_words,
    table_words,
)
from report.labels import listed
from report.printed import check_printed
from stats.consistency import grim
from stats.rounded import could_print, exact_span, overlap, printed_span, total

RATES = {
    "compile_rate": "compiled/{model}",
    "pass_rate": "passed/{model}",
    "pass_rate_of_compiled": "passed_of_compiled/{model}",
    "cell_compile_rate": "cell/{category}/{difficulty}/compiled/{model}",
    "cell_pass_rate": "cell/{category}/{difficulty}/passed/{model}",
    "category_share": "share/category/{category}",
    "difficulty_share": "share/difficulty/{difficulty}",
}
"""Printed words that are one count over another, and the figure of the analysis they repeat."""


def of_words(facts: Facts, figure: PrintedFigure) -> str:
    """What a figure is of, besides its model: category, difficulty, what it is held against."""
    versus = facts.labels.get(figure.versus or "", figure.versus)
    return part_words(
        figure.figure.replace("_", " "),
        figure.category,
        figure.difficulty,
        f"against {versus}" if versus else None,
    )


def models_of(figure: PrintedFigure) -> tuple[str, ...]:
    """The model as findings hold it."""
    return (figure.model,) if figure.model else ()


def possible_percentages(facts: Facts) -> Checks:
    """GRIM: a percentage that no whole number of problems gives."""
    for figure in facts.release.printed:
        sizes = _denominators(facts, figure)
        where = table_words(figure.table)
        if not sizes:
            continue
        tried = [grim(figure.printed, n) for n in sizes]
        if any(found.consistent for found in tried):
            yield Held(where, models_of(figure))
            continue
        n, near = tried[0].n, tried[0].nearest
        around = [k for k in (near - 1, near, near + 1) if 0 <= k <= n]
        yield Finding(
            rule="possible-percentages",
            severity="contradiction",
            where=where,
            models=models_of(figure),
            part=of_words(facts, figure),
            found=f"{figure.printed}%",
            expected=f"a multiple of 1/{listed(str(s) for s in sizes)}",
            arithmetic="; ".join(f"{k}/{n} = {numbers.percent(k / n, 3)}" for k in around),
        )


def _denominators(facts: Facts, figure: PrintedFigure) -> Sequence[int]:
    """How many problems could stand behind a percentage; none where it is no such percentage."""
    if figure.figure in {"category_share", "difficulty_share"}:
        return [facts.release.n_problems]
    known = facts.totals.get(figure.model or "")
    if known is None:
        return []
    if figure.figure in {"pass_rate", "compile_rate"}:
        return [known.problems]
    if figure.figure == "pass_rate_of_compiled":
        return [known.compiled] if known.compiled else []
    if figure.figure in {"cell_pass_rate", "cell_compile_rate"}:
        return cell_sizes(facts, known.model, figure.category, figure.difficulty)
    return []


def cell_sizes(
    facts: Facts, model: str, category: str | None, difficulty: str | None
) -> Sequence[int]:
    """How many problems of a part a model can have results for, largest first.

    One number where its own cells are known; else the benchmark's, less up to as many as the
    model lacks overall, since the missing ones may all lie in this part.
    """

    def inside(cell: object) -> bool:
        return category in {None, getattr(cell, "category", None)} and difficulty in {
            None,
            getattr(cell, "difficulty", None),
        }

    if own := [c.problems for c in facts.release.cells(model) if inside(c)]:
        return [sum(own)]
    size = sum(c.problems for c in facts.release.problem_cells if inside(c))
    lacking = max(facts.release.n_problems - facts.totals[model].problems, 0)
    return [n for n in range(size, size - lacking - 1, -1) if n > 0]


def rates_from_counts(facts: Facts) -> Checks:
    """A printed rate that is not what the counts give."""
    for check in check_printed(facts.analysis, facts.quantities):
        figure = check.figure
        if figure.figure not in RATES or check.match is None or check.computed is None:
            continue
        if check.match.matches:
            yield Held(table_words(figure.table), models_of(figure))
            continue
        detail = facts.quantities[_key(figure)].detail or ""
        yield Finding(
            rule="rates-from-counts",
            severity="contradiction",
            where=table_words(figure.table),
            models=models_of(figure),
            part=of_words(facts, figure),
            found=f"{figure.printed}%",
            expected=f"{check.match.rounded}%",
            arithmetic=f"{detail} = {numbers.fixed(check.computed, 3)}%",
        )


def _key(figure: PrintedFigure) -> str:
    return RATES[figure.figure].format(
        model=figure.model, category=figure.category, difficulty=figure.difficulty
    )


def cells_against_total(facts: Facts) -> Checks:
    """Printed cell rates whose counts cannot add up to the model's total."""
    groups: dict[tuple[str, str, str], list[PrintedFigure]] = {}
    for figure in facts.release.printed:
        if figure.figure in {"cell_pass_rate", "cell_compile_rate"} and (
            figure.category and figure.difficulty
        ):
            groups.setdefault((figure.table, str(figure.model), figure.figure), []).append(figure)
    for (table, model, word), printed in groups.items():
        known = facts.totals.get(model)
        if known is None:
            continue
        whole = known.passed if word == "cell_pass_rate" else known.compiled
        spans = [_possible_counts(facts, figure) for figure in printed]
        if whole is None or None in spans or not facts.release.problem_cells:
            continue
        spans += _unprinted(facts, model, printed)
        low = sum(span[0] for span in spans if span)
        high = sum(span[1] for span in spans if span)
        if low <= whole <= high:
            yield Held(table_words(table), (model,))
            continue
        yield Finding(
            rule="cells-against-total",
            severity="contradiction",
            where=table_words(table),
            models=(model,),
            part=word.replace("_", " "),
            found=f"cells that stand for {low if low == high else f'{low} to {high}'} problems",
            expected=f"{whole}, the model's total",
            arithmetic=" + ".join(str(s[0]) for s in spans[: len(printed)] if s)
            + f"; cells that are not printed could add {high - low}",
        )


def _possible_counts(facts: Facts, figure: PrintedFigure) -> tuple[int, int] | None:
    sizes = cell_sizes(facts, str(figure.model), figure.category, figure.difficulty)
    counts = [k for n in sizes for k in grim(figure.printed, n).counts]
    return (min(counts), max(counts)) if counts else None


def _unprinted(
    facts: Facts, model: str, printed: Sequence[PrintedFigure]
) -> Iterator[tuple[int, int]]:
    shown = {(figure.category, figure.difficulty) for figure in printed}
    for cell in facts.release.problem_cells:
        if (cell.category, cell.difficulty) not in shown:
            yield 0, max(cell_sizes(facts, model, cell.category, cell.difficulty), default=0)


def shares_of_whole(facts: Facts) -> Checks:
    """Percentages of a whole that do not sum to 100, or counts that do not sum to the total."""
    wholes = {
        "category_share": ("category", facts.release.categories, "100"),
        "difficulty_share": ("difficulty", facts.release.difficulties, "100"),
    }
    for word, (column, members, whole) in wholes.items():
        yield from _sums(facts, word, column, members, whole)
    n = str(facts.release.n_problems)
    yield from _sums(facts, "problems", "category", facts.release.categories, n)
    yield from _sums(facts, "problems", "difficulty", facts.release.difficulties, n)


def _sums(facts: Facts, word: str, column: str, members: Sequence[str], whole: str) -> Checks:
    other = "difficulty" if column == "category" else "category"
    tables: dict[str, dict[str, str]] = {}
    for figure in facts.release.printed:
        member = getattr(figure, column)
        if figure.figure == word and member and getattr(figure, other) is None:
            tables.setdefault(figure.table, {})[member] = figure.printed
    for table, shares in tables.items():
        if not set(members) <= set(shares):
            continue
        exact = word == "problems"
        parts = [exact_span(int(s)) if exact else printed_span(s) for s in shares.values()]
        found = total(parts)
        if overlap(exact_span(float(whole)), found):
            yield Held(table_words(table))
            continue
        unit = "" if exact else "%"
        yield Finding(
            rule="shares-of-whole",
            severity="contradiction",
            where=table_words(table),
            part=f"{word.replace('_', ' ')} by {column}",
            found=f"{numbers.significant(found.middle, 4)}{unit}",
            expected=f"{whole}{unit}",
            arithmetic=f"{' + '.join(shares.values())}; rounding explains up to "
            f"{numbers.significant(float(found.high - found.low) / 2, 2)}"
            if not exact
            else f"{' + '.join(shares.values())}",
        )


def printed_twice(facts: Facts) -> Checks:
    """One figure printed in two places with two values."""
    groups: dict[tuple[str | None, ...], list[PrintedFigure]] = {}
    for figure in facts.release.printed:
        key = (figure.figure, figure.model, figure.versus, figure.category, figure.difficulty)
        if figure.figure not in {"parameters", "problems"}:  # these have rules of their own
            groups.setdefault(key, []).append(figure)
    for figures in groups.values():
        if len({f.table for f in figures}) < 2:
            continue
        finest = max(figures, key=lambda f: len(f.printed.partition(".")[2]))
        for figure in figures:
            if figure is finest:
                continue
            if could_print(figure.printed, printed_span(finest.printed)):
                yield Held(table_words(figure.table), models_of(figure))
            else:
                yield _other_value(facts, figure, finest, figures)


def _other_value(
    facts: Facts,
    figure: PrintedFigure,
    finest: PrintedFigure,
    figures: Sequence[PrintedFigure],
) -> Finding:
    places = [table_words(f.table) for f in figures if f.printed == finest.printed]
    return Finding(
        rule="printed-twice",
        severity="contradiction",
        where=table_words(figure.table),
        models=models_of(figure),
        part=of_words(facts, figure),
        found=figure.printed + _UNITS.get(figure.unit, ""),
        expected=f"{finest.printed}{_UNITS.get(figure.unit, '')}, as in {listed(places)}",
        arithmetic=f"{finest.printed} does not round to {figure.printed}.",
    )


_UNITS: Mapping[str, str] = {"%": "%", "points": " points", "x": "×", "B": " B"}
