"""Rules on counts: copied rows, margins, what was attempted, models without results."""

from collections.abc import Sequence

from harness.release import Count, Summary
from report import numbers
from report.consistency.findings import Checks, Facts, Finding, Held, Total, part_words, table_words
from report.labels import listed
from stats.coincidence import collision_chance, identical_rows

DECLARED = "release.toml"

SUSPICIOUS = 0.05
"""Chance of equal counts below which equal rows are worth a look."""


def copied_counts(facts: Facts) -> Checks:
    """Two models with the same counts in every column."""
    known = [t for t in facts.totals.values() if t.passed is not None]
    groups = identical_rows([(t.problems, t.compiled, t.passed) for t in known])
    alike = {i for group in groups for i in group}
    yield from (Held("counts", (t.model,)) for i, t in enumerate(known) if i not in alike)
    for group in groups:
        first = known[group[0]]
        chance = collision_chance(_classes(first))
        models = tuple(known[i].model for i in group)
        if chance >= SUSPICIOUS:
            yield from (Held("counts", (model,)) for model in models)
            continue
        yield Finding(
            rule="copied-counts",
            severity="doubtful",
            where="counts",
            models=models,
            found=f"{facts.named(*models)} have the same row: {_row_words(first)}",
            expected="rows that differ",
            arithmetic=f"Two independent runs with these very rates would agree in every count "
            f"with a chance of {numbers.percent(chance)}.",
        )


def _classes(total: Total) -> list[int]:
    """Failed, compiled only, passed; without compiled, failed and passed."""
    passed = total.passed or 0
    if total.compiled is None:
        return [total.problems - passed, passed]
    return [total.problems - total.compiled, total.compiled - passed, passed]


def _row_words(total: Total) -> str:
    compiled = "" if total.compiled is None else f"{total.compiled} compiled, "
    return f"{total.problems} problems, {compiled}{total.passed} passed"


def copied_summaries(facts: Facts) -> Checks:
    """Two models with the same summary of a metric, figure by figure."""
    for metric in facts.release.metrics:
        found = [s for s in facts.release.summaries if s.metric == metric.id]
        groups = identical_rows([_summary_row(s) for s in found])
        alike = {i for group in groups for i in group}
        yield from (Held(metric.title, (s.model,)) for i, s in enumerate(found) if i not in alike)
        for group in groups:
            models = tuple(found[i].model for i in group)
            row = ", ".join(f"{value:g}" for value in _summary_row(found[group[0]]))
            yield Finding(
                rule="copied-summaries",
                severity="contradiction",
                where=metric.title,
                models=models,
                found=f"{facts.named(*models)} have the same summary: {row}",
                expected="summaries that differ",
                arithmetic="Count, mean, median, standard deviation, minimum and maximum are all "
                "equal, which two sets of measured values never are.",
            )


def _summary_row(summary: Summary) -> tuple[float, ...]:
    figures = (summary.mean, summary.median, summary.std, summary.min, summary.max)
    return (summary.count, *figures)


def passed_within_compiled(facts: Facts) -> Checks:
    """More programs passed than compiled, overall or in a cell."""
    counted = [(t.model, "", t.compiled, t.passed) for t in facts.totals.values()]
    counted += [
        (c.model, part_words(c.category, c.difficulty), c.compiled, c.passed)
        for c in facts.release.counts
        if c.category or c.difficulty
    ]
    for model, part, compiled, passed in counted:
        if compiled is None or passed is None:
            continue
        if passed <= compiled:
            yield Held("counts", (model,))
            continue
        yield Finding(
            rule="passed-within-compiled",
            severity="contradiction",
            where="counts",
            models=(model,),
            part=part,
            found=f"{passed} passed",
            expected=f"at most {compiled}, the programs that compiled",
            arithmetic=f"{passed} > {compiled}",
        )


def margins(facts: Facts) -> Checks:
    """Cells by category and difficulty that do not sum to the model's overall row."""
    for total in facts.release.totals:
        cells = facts.release.cells(total.model)
        for column in ("problems", "compiled", "passed") if cells else ():
            parts = [getattr(cell, column) for cell in cells]
            whole = getattr(total, column)
            if whole is None or None in parts:
                continue
            if sum(parts) == whole:
                yield Held("counts", (total.model,))
                continue
            yield Finding(
                rule="margins",
                severity="contradiction",
                where="counts",
                models=(total.model,),
                part=column,
                found=f"cells that sum to {sum(parts)} {column}",
                expected=f"{whole}, as in the overall row",
                arithmetic=f"{_sum_words(parts)} = {sum(parts)}",
            )


def problem_margins(facts: Facts) -> Checks:
    """A model with more results in a cell than the benchmark has problems there."""
    sizes = {(c.category, c.difficulty): c.problems for c in facts.release.problem_cells}
    for count in facts.release.counts:
        size = sizes.get((count.category or "", count.difficulty or ""))
        if size is None:
            continue
        if count.problems <= size:
            yield Held("counts", (count.model,))
            continue
        yield _too_many(count, size)


def _too_many(count: Count, size: int) -> Finding:
    return Finding(
        rule="problem-margins",
        severity="contradiction",
        where="counts",
        models=(count.model,),
        part=part_words(count.category, count.difficulty),
        found=f"{count.problems} problems",
        expected=f"at most {size}, the benchmark's",
        arithmetic=f"{count.problems} > {size}",
    )


def _sum_words(parts: Sequence[int]) -> str:
    return " + ".join(str(part) for part in parts)


def all_problems(facts: Facts) -> Checks:
    """A report that speaks of all problems, and models with results for fewer."""
    stated = {
        figure.printed: [f.table for f in facts.release.printed if _same_problems(f, figure)]
        for figure in facts.release.printed
        if figure.figure == "problems" and not (figure.category or figure.difficulty)
    } or {str(facts.release.n_problems): [DECLARED]}
    for printed, tables in stated.items():
        overall = [table for table in tables if _metric_of(facts, table) is None]
        short = [t for t in facts.totals.values() if t.problems != int(printed)]
        for total in facts.totals.values() if overall else ():
            if total not in short:
                yield Held("counts", (total.model,))
        if overall and short:
            yield _short(facts, printed, overall, short)


def _same_problems(figure: object, other: object) -> bool:
    keys = ("figure", "printed", "category", "difficulty")
    return all(getattr(figure, key) == getattr(other, key) for key in keys)


def _metric_of(facts: Facts, table: str) -> str | None:
    return next((t.metric for t in facts.release.printed_tables if t.id == table), None)


def _short(facts: Facts, printed: str, tables: Sequence[str], short: Sequence[Total]) -> Finding:
    models = tuple(total.model for total in short)
    counts = sorted({total.problems for total in short})
    return Finding(
        rule="all-problems",
        severity="note" if DECLARED in tables else "doubtful",
        where=listed(table_words(table) for table in tables),
        models=models,
        found=f"{printed} problems" + ("" if DECLARED in tables else ", without exception"),
        expected=f"{listed(str(n) for n in counts)} for {facts.named(*models)}",
        arithmetic=f"{len(short)} of {len(facts.totals)} models have results for another number "
        "of problems, so their rates have another denominator.",
    )


def summary_counts(facts: Facts) -> Checks:
    """A summary over another number of programs than compiled, or than its table says."""
    claimed = {
        table.metric: (table.id, figure.printed)
        for table in facts.release.printed_tables
        for figure in facts.release.printed
        if table.metric and figure.table == table.id and figure.figure == "problems"
    }
    for summary in facts.release.summaries:
        total = facts.totals.get(summary.model)
        compiled = total.compiled if total else None
        if compiled is not None and compiled != summary.count:
            yield _other_count(facts, summary, compiled)
        else:
            yield Held(_title(facts, summary.metric), (summary.model,))
    for metric, (table, printed) in claimed.items():
        yield from _claimed_counts(facts, str(metric), table, printed)


def _title(facts: Facts, metric: str) -> str:
    return next(m.title for m in facts.release.metrics if m.id == metric)


def _other_count(facts: Facts, summary: Summary, compiled: int) -> Finding:
    more = summary.count > compiled
    return Finding(
        rule="summary-counts",
        severity="contradiction" if more else "doubtful",
        where=_title(facts, summary.metric),
        models=(summary.model,),
        found=f"a summary of {summary.count} programs",
        expected=f"{compiled}, the programs that compiled",
        arithmetic=f"{summary.count} > {compiled}"
        if more
        else f"{summary.count} of {compiled}: {compiled - summary.count} programs compiled and "
        "are not in the summary; which ones, and why, is not said.",
    )


def _claimed_counts(facts: Facts, metric: str, table: str, printed: str) -> Checks:
    found = [s for s in facts.release.summaries if s.metric == metric]
    other = [s for s in found if s.count != int(printed)]
    if not other:
        yield from (Held(table_words(table), (s.model,)) for s in found)
        return
    yield Finding(
        rule="summary-counts",
        severity="contradiction",
        where=table_words(table),
        models=tuple(s.model for s in other),
        found=f"{printed} problems are said to be covered",
        expected=f"{listed(str(s.count) for s in other)}, the counts in its own rows",
        arithmetic="; ".join(f"{facts.named(s.model)}: {s.count} of {printed}" for s in other),
    )


def without_results(facts: Facts) -> Checks:
    """A model that is described and never measured."""
    measured = {*facts.totals, *(s.model for s in facts.release.summaries)}
    measured |= {r.model for r in facts.release.runtimes}
    for model in facts.release.models:
        if model.id in measured:
            yield Held("models", (model.id,))
            continue
        yield Finding(
            rule="without-results",
            severity="doubtful",
            where="models",
            models=(model.id,),
            found="described, without any result",
            expected="a result, or a word on why there is none",
            arithmetic=f"{len(facts.release.models)} models are described, "
            f"{len(measured)} have results.",
        )
