"""What this benchmark can see: detectable differences, and the problems a difference needs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from report import numbers
from report.analysis import power
from report.analysis.power import (
    DISCORDANCES,
    MOST_PROBLEMS,
    POWER,
    UNLINKED_MOST,
    DetectableRow,
    Needed,
    NeededRow,
    Plan,
    Setting,
    as_json,
    detectable,
    discordances_of,
    from_json,
    release_plan,
)
from report.charts import NARROW, WIDE, LazyFigure, detectable_chart
from report.document import Cell, Column, Table
from report.exhibits.common import Context, missing, whole
from report.html import escape
from report.kept import kept_json
from report.plan import (
    TEST_WORDS,
    asked_points,
    corrected_note,
    detectable_words,
    needed_words,
    points,
    setting_words,
    share,
)
from stats.power import DetectableDifference

MAIN = Setting("mcnemar_midp", 0.3)
"""What the page's sentences speak of, drawn in blue."""


_OWN_CODE = hashlib.sha256(Path(power.__file__).read_bytes()).hexdigest()


def plannable(context: Context) -> bool:
    """Whether the release has two models to compare and no more problems than are planned for."""
    analysis = context.analysis
    return len(analysis.rates_of("passed")) > 1 and analysis.release.n_problems <= MOST_PROBLEMS


def _plan(context: Context) -> Plan:
    release, level = context.analysis.release, context.analysis.level
    made = kept_json(
        context.kept,
        "plan",
        [
            release.version,
            release.n_problems,
            len(release.tested),
            level,
            list(discordances_of(release)),
        ],
        lambda: as_json(release_plan(release, level=level)),
        code="stats/*.py",
        basis=_OWN_CODE,
    )
    return from_json(made)


@dataclass(frozen=True, slots=True)
class PowerWords:
    """What a page may say of its benchmark's power; differences in points, None where none is seen.

    ``least`` and ``independent`` are discordances of the two best models: the least that their
    rates allow, and what it would be if they passed problems independently of each other. ``base``
    is the lower pass rate that ``unlinked`` assumes.
    ``observed`` is the one they have, where outcomes are passes.
    ``neighbours_below`` counts models that follow each other on the leaderboard and differ by less
    than ``paired``; ``pairs_above`` all pairs that differ by at least ``paired_corrected``.
    """

    problems: str
    power: str
    pairs: int
    discordance: str
    base: str
    paired: str | None
    paired_corrected: str | None
    unlinked: str | None
    least: str
    independent: str
    observed: str | None
    neighbours: int
    neighbours_below: int
    pairs_above: int


def power_words(context: Context) -> PowerWords | None:
    """Return the figures for the page's sentences; None where there is no such page."""
    if not plannable(context):
        return None
    plan, rates = _plan(context), [r.value for r in context.analysis.rates_of("passed")]
    seen, unlinked = plan.sees(MAIN), Setting("z_pooled", 0.5)
    best, second = rates[:2]
    return PowerWords(
        problems=numbers.count(context.analysis.release.n_problems),
        power=numbers.level(POWER),
        pairs=plan.pairs,
        discordance=share(MAIN.assumed),
        base=share(unlinked.assumed),
        paired=_words(seen.alone),
        paired_corrected=_words(seen.corrected),
        unlinked=_words(plan.sees(unlinked).alone) if _has(plan, unlinked) else None,
        least=numbers.percent(best - second, 0),
        independent=numbers.percent(best * (1 - second) + second * (1 - best), 0),
        observed=_observed(context),
        neighbours=len(rates) - 1,
        neighbours_below=sum(_below(a - b, seen.alone) for a, b in pairwise(rates)),
        pairs_above=sum(
            not _below(abs(pair.difference.value), seen.corrected)
            for pair in context.analysis.pairs_of("passed")
        ),
    )


def _observed(context: Context) -> str | None:
    """Share of their common problems on which the two best models disagree."""
    first = context.analysis.pairs_of("passed")[0].linked
    if first is None or first.table is None:
        return None
    _, only_a, only_b, _ = first.table
    return numbers.percent((only_a + only_b) / max(first.n, 1), 0)


def _words(found: DetectableDifference) -> str | None:
    return None if found.difference is None else points(found.difference)


def _has(plan: Plan, setting: Setting) -> bool:
    return any(row.setting == setting for row in plan.detectable)


def _below(difference: float, found: DetectableDifference) -> bool:
    return found.difference is None or difference < found.difference


def detectable_table(context: Context) -> Table:
    """Smallest differences that the release's problems show, for each way of comparing."""
    plan = _plan(context)
    return Table(
        id="power-detectable",
        caption=(
            f"Smallest difference in pass rate, in percentage points, that "
            f"{numbers.count(context.analysis.release.n_problems)} problems show with "
            f"{numbers.level(POWER)} power at the {context.level} level; exact. "
            f"{corrected_note(plan)}{_own_note(context)}"
        ),
        columns=[
            Column("setting", "Two models"),
            Column("test", "Test"),
            Column("alone", "One pair", "number"),
            Column("corrected", "Corrected", "number"),
        ],
        rows=[_detectable_row(row) for row in plan.detectable],
        row_header="setting",
    )


def _own_note(context: Context) -> str:
    own = [d for d in discordances_of(context.analysis.release) if d not in DISCORDANCES]
    if not own:
        return ""
    return f" {share(own[0])} is the median over this release's pairs of models."


def _detectable_row(row: DetectableRow) -> dict[str, Cell]:
    return {
        "setting": Cell(setting_words(row.setting)),
        "test": Cell(TEST_WORDS[row.setting.test]),
        "alone": _difference_cell(row.setting, row.alone),
        "corrected": _difference_cell(row.setting, row.corrected),
    }


def _difference_cell(setting: Setting, found: DetectableDifference) -> Cell:
    if found.difference is not None:
        return Cell(points(found.difference), sort=found.difference, raw=found.difference)
    reason = (
        f"even the largest possible difference, {points(setting.most)} points, is seen with "
        f"{numbers.percent(found.max_power, 0)} power only"
    )
    return Cell(detectable_words(found), sort=float("inf"), raw="", weak=True, title=reason)


def needed_table(context: Context) -> Table:
    """Problems that differences of 20 to 2 points need, for each way of comparing."""
    plan = _plan(context)
    rows: dict[float, dict[str, Cell]] = {}
    for row in plan.needed:
        cells = rows.setdefault(row.difference, {"difference": _asked_cell(row.difference)})
        cells.update(_needed_cells(row))
    return Table(
        id="power-needed",
        caption=(
            "Problems that a difference in pass rate needs to be seen with "
            f"{numbers.level(POWER)} power at the {context.level} level: above for one pair, below "
            f"as one of {numbers.count(plan.pairs)} pairs. McNemar mid-p where paired, the "
            "unconditional z-pooled test where not. ≈: by the normal approximation, where an exact "
            "search takes long."
        ),
        columns=[
            Column("difference", "Difference, points", "number"),
            *(column for setting in plan.settings_needed for column in _needed_columns(setting)),
        ],
        rows=list(rows.values()),
        row_header="difference",
    )


def _asked_cell(difference: float) -> Cell:
    return Cell(asked_points(difference), sort=difference, raw=difference)


def _key(setting: Setting) -> str:
    return f"{'paired' if setting.paired else 'unlinked'}_{round(100 * setting.assumed)}"


_PARTS = ("always_from", "exact", "corrected", "corrected_always_from", "corrected_exact")


def _needed_columns(setting: Setting) -> list[Column]:
    """One column in the page; in the file each of its numbers has its own."""
    key = _key(setting)
    heading = setting_words(setting)
    shown = Column(key, heading[0].upper() + heading[1:], "number")
    parts = (Column(f"{key}_{part}", "", "number", in_page=False) for part in _PARTS)
    return [shown, *parts]


def _needed_cells(row: NeededRow) -> dict[str, Cell]:
    key = _key(row.setting)
    if row.alone is None or row.corrected is None:
        empty = missing(f"such models differ by at most {asked_points(row.setting.most)} points")
        return {key: empty, **{f"{key}_{part}": empty for part in _PARTS}}
    alone, corrected = needed_words(row.alone), needed_words(row.corrected)
    stacked = Markup('{}<span class="bp-limits">{}</span>').format(escape(alone), escape(corrected))
    smallest = row.alone.smallest
    return {
        key: Cell(f"{alone} ({corrected})", sort=smallest, raw=smallest, html=stacked),
        f"{key}_corrected": whole(row.corrected.smallest),
        **_needed_parts(key, row.alone),
        **_needed_parts(f"{key}_corrected", row.corrected),
    }


def _needed_parts(key: str, found: Needed) -> dict[str, Cell]:
    return {
        f"{key}_always_from": whole(found.lasting),
        f"{key}_exact": Cell("yes" if found.exact else "no", raw=found.exact),
    }


def power_figure(context: Context) -> LazyFigure:
    """Detectable difference against number of problems, with the release's own marked."""
    n = context.analysis.release.n_problems
    found = _curves(n, 1 - context.analysis.level, context.kept)
    rows = [
        _chart_row(setting, problems, gap, own=problems == n)
        for setting in LINES
        for problems, gap in found[setting].items()
        if gap is not None
    ]
    title = f"Detectable difference in points, {numbers.level(POWER)} power (log scale)"
    wide, narrow = (
        detectable_chart(rows, width=w, problems=n, title=title) for w in (WIDE, NARROW)
    )
    return LazyFigure(
        id="power-chart",
        caption=(
            f"Smallest difference in pass rate that is seen with {numbers.level(POWER)} power at "
            f"the {context.level} level, for one pair. Solid: both models on the same problems "
            "(McNemar mid-p), by the share of problems that exactly one of them passes; blue: "
            f"{share(MAIN.assumed)}. Dashed: unlinked (z-pooled), a gain from "
            f"{share(LINES[-1].assumed)}. Vertical: the {numbers.count(n)} problems of this "
            "benchmark. Both axes are logarithmic: four times the problems halve the difference."
        ),
        alt=_alt(n, found),
        wide=wide,
        narrow=narrow,
        data=_curves_table(n, found),
    )


LINES = (*(Setting("mcnemar_midp", d) for d in DISCORDANCES), Setting("z_pooled", 0.5))
"""The lines of the chart."""

Curves = dict[Setting, dict[int, float | None]]


def _curves(n: int, alpha: float, kept: Path | None) -> Curves:
    """Detectable difference by setting and number of problems."""
    asked = [
        (line, problems)
        for line, setting in enumerate(LINES)
        for problems in _grid(n)
        if setting.paired or problems <= UNLINKED_MOST
    ]
    found = kept_json(
        kept,
        "curves",
        [[(LINES[line].test, LINES[line].assumed, problems) for line, problems in asked], alpha],
        lambda: [
            detectable(problems, LINES[line], alpha=alpha, power=POWER).difference
            for line, problems in asked
        ],
        code="stats/*.py",
        basis=_OWN_CODE,
    )
    curves: Curves = {setting: {} for setting in LINES}
    for (line, problems), difference in zip(asked, found, strict=True):
        curves[LINES[line]][problems] = difference
    return curves


def _grid(n: int) -> list[int]:
    """Numbers of problems around n, evenly spaced on a logarithmic axis, n among them.

    Fewer where n is large: exact power then takes longer, and the lines are straight.
    """
    low, high = max(10, n // 4), max(200, min(4 * n, max(1_000, 2 * n)))
    spaced = np.geomspace(min(low, n), high, 9 if n <= 300 else 5)
    around = {round(float(problems)) for problems in spaced}
    return sorted({n, *(k for k in around if not 0.9 < k / n < 1.1)})


def _chart_row(setting: Setting, problems: int, gap: float, *, own: bool) -> dict[str, Any]:
    words = setting_words(setting)
    return {
        "line": words,
        "label": words.removeprefix("paired, "),
        "short": share(setting.assumed) if setting.paired else "unlinked",
        "paired": setting.paired,
        "main": setting == MAIN,
        "problems": problems,
        "difference": 100 * gap,
        "own": own,
        "value": points(gap),
        "tip": f"{points(gap)} points with {numbers.count(problems)} problems",
    }


def _alt(n: int, found: Curves) -> str:
    at_n = [
        f"{setting_words(setting)}: {'none' if gap is None else f'{points(gap)} points'}"
        for setting in LINES
        if n in found[setting]
        for gap in [found[setting][n]]
    ]
    return (
        "Line chart, falling: the more problems, the smaller the detectable difference. With "
        f"{numbers.count(n)} problems, {'; '.join(at_n)}."
    )


def _curves_table(n: int, found: Curves) -> Table:
    ns = _grid(n)
    return Table(
        id="power-chart",
        caption="Data of the chart: detectable difference in percentage points, one pair.",
        columns=[
            Column("problems", "Problems", "number"),
            *(Column(_key(s), setting_words(s).capitalize(), "number") for s in LINES),
        ],
        rows=[
            {"problems": whole(k), **{_key(s): _curve_cell(s, found[s], k) for s in LINES}}
            for k in ns
        ],
        focus_rows=frozenset({ns.index(n)}),
        row_header="problems",
    )


def _curve_cell(setting: Setting, curve: Mapping[int, float | None], problems: int) -> Cell:
    if problems not in curve:
        return missing(f"unlinked tests are planned up to {numbers.count(UNLINKED_MOST)} problems")
    gap = curve[problems]
    if gap is None:
        return missing(f"not even {points(setting.most)} points are seen")
    return Cell(points(gap), sort=gap, raw=gap)
