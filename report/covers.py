"""What an interval covers: its level, its method, and which variance, said in one place.

An error bar that does not say which noise it holds can be read in two ways that differ a lot: as
that of other problems, or of other answers to the same ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from report import numbers
from report.analysis import Analysis
from report.charts import LazyFigure
from report.document import Column, Table
from stats.interval import Interval

NAMES: dict[str, tuple[str, str]] = {
    "wilson": ("Wilson's score", ""),
    "wilson_by_problem": ("score, problem as unit", ""),
    "score_by_problem": ("score, problem as unit", ""),
    "bootstrap_percentile_exact": ("percentile bootstrap in closed form", ""),
    "problem_bootstrap_percentile_exact": ("percentile bootstrap of problems", ""),
    "problem_bootstrap_percentile_rounded": ("percentile bootstrap of problems", ""),
    "miettinen_nurminen": ("Miettinen-Nurminen", "unlinked"),
    "tango": ("Tango's paired score", ""),
    "koopman": ("Koopman's score", "unlinked"),
    "paired_ratio_tang": ("Tang's paired score", ""),
    "fieller": ("Fieller's", ""),
    "mover_wilson": ("MOVER from Wilson's limits", ""),
    "mover_r_wilson": ("MOVER from Wilson's limits", ""),
    "mover": ("MOVER from score limits", "mix"),
    "stratified_score": ("stratified score", "mix"),
    "logistic_standardised_delta": ("clustered by problem, delta method", "mix"),
    "rasch_expected_score_delta": ("Rasch, delta method", "mix"),
    "2pl_expected_score_delta": ("2PL, delta method", "mix"),
    "rasch_conditional_wald": ("conditional likelihood, Wald", "given problems"),
    "2pl_slope_wald": ("marginal likelihood, Wald", ""),
    "conditional_exact": ("exact, conditional", "given cells"),
    "student_t_from_summary": ("Student's t from the summary", "programs"),
    "paired_log_t": ("Student's t on logarithms", "common"),
    "kaplan_meier_median": ("Brookmeyer-Crowley", "runs"),
    "wilson_missing_bracket": ("Wilson's score and bracket", "missing"),
    "wilson_by_problem_bracket": ("score by problem and bracket", "missing"),
    "holm_rank_set_unlinked": ("Holm over all pairs, unlinked tests", "ranks"),
    "holm_rank_set_any_pairing": ("Holm over all pairs, whatever the pairing", "ranks"),
    "holm_rank_set_paired": ("Holm over all pairs, paired tests", "ranks"),
    "holm_rank_set_marginal": ("Holm over one model's pairs", "ranks"),
    "joint_bootstrap_rank": ("joint bootstrap of problems", ""),
    "joint_bootstrap_ratio_to_best": ("joint bootstrap of problems", "best"),
    "independent_binomial_bootstrap_rank": ("bootstrap of each count", "unlinked"),
    "independent_binomial_bootstrap_ratio_to_best": ("bootstrap of each count", "best unlinked"),
    "hybrid_selection_linked": ("hybrid selection", "picked"),
    "hybrid_selection_independent": ("hybrid selection", "picked"),
    "hybrid_selection_lead_linked": ("hybrid selection", "picked"),
    "hybrid_selection_lead_independent": ("hybrid selection", "picked"),
}
"""Name of each method for readers, and a key of `_BESIDES`."""

_BESIDES = {
    "": "",
    "unlinked": "models taken as unlinked",
    "mix": "the weights of the mix held fixed",
    "missing": "and every way that missing results could have come out",
    "ranks": "as tests of pairs see it",
    "best": "and which model is the best",
    "best unlinked": "and which model is the best, models taken as unlinked",
    "picked": "and that the best was picked for its result",
}
"""What a method adds to, or keeps out of, the noise of problems and samples."""

_OTHER = {
    "given problems": "how outcomes fell, given how many models pass each problem: not which "
    "problems were drawn",
    "given cells": "how successes fell within each cell, its totals held fixed: not which problems "
    "were drawn",
    "programs": "which of the model's own programs were measured: not which problems were drawn",
    "common": "which problems were drawn among those that both solve, and how long the runs took, "
    "one run of each",
    "runs": "which problems were drawn and how long the runs took",
    "single runs": "which runs were drawn, each on its own: runs of one problem hang together, so "
    "they are too narrow",
}
"""Methods whose noise is another one altogether."""


DRAW_INTERVALS = frozenset(
    {
        "change_chart",
        "cross_chart",
        "curve_chart",
        "interval_chart",
        "sides_chart",
        "size_chart",
        "slope_chart",
        "summary_chart",
        "verdict_chart",
    }
)
"""Charts that draw intervals; the others show shares, counts and colours."""


def noise_words(analysis: Analysis) -> str:
    """Which noise an interval over this release's problems holds."""
    if not analysis.linked:
        return (
            "which problems were drawn and how the attempts at them fell (counts cannot split the "
            "two)"
        )
    if analysis.repeated:
        return (
            "which problems were drawn and how a model's samples fell (the leaderboard's table of "
            "noise splits the two)"
        )
    if analysis.fractional:
        return (
            "which problems were drawn and how each score came out (one score for each problem "
            "cannot split the two)"
        )
    return (
        "which problems were drawn and how the one attempt at each fell (one attempt cannot split "
        "the two)"
    )


def covers_words(analysis: Analysis, shown: Iterable[tuple[str, Interval]]) -> str:
    """Say what the intervals of an exhibit cover.

    Parameters
    ----------
    analysis
        Of the release: whether samples were repeated decides which noise an interval holds.
    shown
        Heading and interval of everything shown with one, in order.

    Returns
    -------
    str
        One sentence for each kind of noise, with level, methods and what they stand for; empty
        where no interval is shown.

    Raises
    ------
    KeyError
        An interval's method is not in `NAMES`: say there what it covers.
    """
    groups: dict[tuple[str, float], dict[str, list[str]]] = {}
    for heading, limits in shown:
        if limits.method not in NAMES:
            raise KeyError(f"report.covers does not say what {limits.method!r} covers")
        name, kind = NAMES[limits.method]
        if kind == "runs" and analysis.repeated:
            kind = "single runs"
        headings = groups.setdefault((kind, limits.level), {}).setdefault(name, [])
        if heading not in headings:
            headings.append(heading)
    alone = sum(map(len, groups.values())) == 1
    sentences, told = [], False
    for (kind, level), methods in groups.items():
        what = _OTHER.get(kind) or _noise(analysis, kind, told=told)
        told = told or kind not in _OTHER
        names = "; ".join(
            name if alone else f"{', '.join(headings)}: {name}"
            for name, headings in methods.items()
        )
        sentences.append(f"{numbers.level(level)} intervals ({names}) cover {what}.")
    return " ".join(sentences)


def _noise(analysis: Analysis, kind: str, *, told: bool) -> str:
    base = "the same noise" if told else noise_words(analysis)
    besides = _BESIDES[kind]
    return f"{base}, {besides}" if besides else base


def intervals_of(
    table: Table, columns: Sequence[Column] | None = None
) -> list[tuple[str, Interval]]:
    """Heading and interval of every cell that has one, column by column."""
    return [
        (column.heading, cell.interval)
        for column in (table.columns if columns is None else columns)
        for row in table.rows
        if (cell := row.get(column.key)) is not None and cell.interval is not None
    ]


def stated_table(analysis: Analysis, table: Table) -> Table:
    """Return the table with what its intervals cover."""
    return replace(table, covers=covers_words(analysis, intervals_of(table)))


def stated_figure(analysis: Analysis, figure: LazyFigure) -> LazyFigure:
    """Return the figure with what its intervals cover, told from the columns that are drawn."""
    figure = replace(figure, data=stated_table(analysis, figure.data))
    drawn = [c for c in figure.data.columns if not figure.drawn or c.key in figure.drawn]
    if figure.wide.name not in DRAW_INTERVALS:
        return figure
    return replace(figure, covers=covers_words(analysis, intervals_of(figure.data, drawn)))
