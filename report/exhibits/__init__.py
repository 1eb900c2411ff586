"""Every table and figure that a page can ask for by name."""

from collections.abc import Callable

from report.charts import LazyFigure
from report.document import Table
from report.exhibits import (
    audit,
    benchmark,
    breakdown,
    drift,
    large,
    overall,
    pairs,
    power,
    printed,
    runtime,
    similar,
)

TABLES: dict[str, Callable[..., Table]] = {
    "architecture": benchmark.architecture_table,
    "training": benchmark.training_table,
    "post_training": benchmark.post_training_table,
    "problem_cells": benchmark.problem_cells_table,
    "leaderboard": overall.leaderboard_table,
    "missing": overall.missing_table,
    "gap": similar.gap_table,
    "versus": similar.versus_table,
    "summary": runtime.summary_table,
    "runtimes": runtime.runtime_table,
    "cells": breakdown.cells_table,
    "margins": breakdown.margins_table,
    "trend": breakdown.trend_table,
    "matched": breakdown.matched_table,
    "standardised": breakdown.standardised_table,
    "ranking": large.ranking_table,
    "proximity": large.proximity_table,
    "efficiency": large.efficiency_table,
    "advantage": large.advantage_table,
    "pairs": pairs.pairs_table,
    "standings": pairs.standings_table,
    "detectable": power.detectable_table,
    "needed": power.needed_table,
    "printed": printed.printed_table,
    "disagreements": printed.disagreements_table,
    "audit_rules": audit.rules_table,
    "audit_findings": audit.findings_table,
    "drift": drift.drift_table,
}
"""Name in narrative to the function that makes the table."""

FIGURES: dict[str, Callable[..., LazyFigure]] = {
    "categories": benchmark.categories_figure,
    "difficulties": benchmark.difficulties_figure,
    "problem_cells": benchmark.problem_cells_figure,
    "leaderboard": overall.leaderboard_figure,
    "compile_pass": overall.scatter_figure,
    "gap": similar.gap_figure,
    "versus": similar.versus_figure,
    "summary": runtime.summary_figure,
    "runtimes": runtime.runtime_figure,
    "heatmap": breakdown.heatmap_figure,
    "difficulty": breakdown.difficulty_figure,
    "proximity": large.proximity_figure,
    "efficiency": large.efficiency_figure,
    "pareto": large.pareto_figure,
    "pairs": pairs.pairs_figure,
    "power": power.power_figure,
}
"""Name in narrative to the function that makes the figure."""
