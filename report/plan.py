"""`plan`: what so many problems can show, how many a difference needs; as a table or as JSON."""

from collections.abc import Sequence
from math import isclose
from typing import TYPE_CHECKING

from harness.errors import BenchproofError
from harness.release import Release
from report import numbers
from report.analysis import LEVEL
from report.analysis.power import (
    DIFFERENCES,
    DISCORDANCES,
    MOST_PROBLEMS,
    POWER,
    UNLINKED_MOST,
    Needed,
    Plan,
    Setting,
    Test,
    at_most,
    discordances_of,
    plan_for,
)
from report.html import plain
from stats.power import DetectableDifference

if TYPE_CHECKING:
    from rich.table import Table

MOST_MODELS = 10_000
LEAST_DISCORDANCE = 0.01

TEST_WORDS: dict[Test, str] = {
    "mcnemar_midp": "McNemar mid-p",
    "fisher_midp": "Fisher mid-p",
    "z_pooled": "z-pooled",
    "fisher_exact": "Fisher exact",
}


def make_plan(
    releases: Sequence[Release],
    *,
    release: str | None = None,
    problems: int | None = None,
    models: int | None = None,
    difference: float | None = None,
    discordance: float | None = None,
    level: float = LEVEL,
    power: float = POWER,
) -> Plan:
    """Plan as the command line asks.

    Parameters
    ----------
    releases
        The known releases; only looked at where ``release`` names one.
    release
        Version that gives the number of problems and of models with results where ``problems``
        and ``models`` do not; without it models default to 2, one pair.
    difference
        In percentage points, above 0 and below 100; None plans for 20, 15, 10, 5 and 2.
    discordance
        In [0.01, 1]; None plans for 0.2, 0.3, 0.4 and the release's own where outcomes tell it.
    level, power
        Confidence level in [0.5, 1); power above 1 - level and below 1.

    Raises
    ------
    BenchproofError
        An option is out of its range, nothing was asked, or no release has that version.
    """
    planned: Sequence[float] = DISCORDANCES
    if release is not None:
        known = _release(releases, release)
        problems = known.n_problems if problems is None else problems
        models = max(2, len(known.tested)) if models is None else models
        planned = discordances_of(known)
    models = 2 if models is None else models
    _check_sizes(problems, models, difference)
    _check_assumed(difference, discordance)
    _check_errors(level, power)
    return plan_for(
        problems,
        models,
        level=level,
        power=power,
        differences=DIFFERENCES if difference is None else (difference / 100,),
        discordances=planned if discordance is None else (discordance,),
        release=release,
    )


def _release(releases: Sequence[Release], version: str) -> Release:
    for found in releases:
        if found.version == version:
            return found
    known = ", ".join(r.version for r in releases)
    raise BenchproofError(f"no release is called {version!r}; known: {known}")


def _check_sizes(problems: int | None, models: int, difference: float | None) -> None:
    if problems is None and difference is None:
        raise BenchproofError(
            "nothing to plan: name a release, or give --problems N or --difference POINTS"
        )
    for option, value, least, most in (
        ("--problems", problems, 1, MOST_PROBLEMS),
        ("--models", models, 2, MOST_MODELS),
    ):
        if value is not None and not least <= value <= most:
            raise BenchproofError(f"{option} must be between {least} and {most}, got {value}")


def _check_assumed(difference: float | None, discordance: float | None) -> None:
    if difference is not None and not 0 < difference < 100:
        raise BenchproofError(
            f"--difference must be in percentage points, above 0 and below 100, got {difference:g}"
        )
    if discordance is not None and not LEAST_DISCORDANCE <= discordance <= 1:
        raise BenchproofError(
            f"--discordance must be a share between {LEAST_DISCORDANCE} and 1, got {discordance:g}"
        )
    if difference and discordance and not at_most(difference / 100, discordance):
        raise BenchproofError(
            f"two models that differ by {difference:g} points have a discordance of at least "
            f"{difference / 100:g}; --discordance is {discordance:g}"
        )


def _check_errors(level: float, power: float) -> None:
    if not 0.5 <= level < 1:
        raise BenchproofError(f"--level must be at least 0.5 and below 1, got {level:g}")
    if not 1 - level < power < 1:
        raise BenchproofError(
            f"--power must be above 1 - level = {1 - level:g} and below 1, got {power:g}"
        )


def plan_json(plan: Plan) -> dict[str, object]:
    """Return the plan as plain data; differences as fractions."""
    return {
        "release": plan.release,
        "problems": plan.problems,
        "models": plan.models,
        "pairs": plan.pairs,
        "level": plan.level,
        "power": plan.power,
        "correction": "bonferroni",
        "detectable": [
            {
                **_setting_json(row.setting),
                "difference": row.alone.difference,
                "largest_power": row.alone.max_power,
                "difference_corrected": row.corrected.difference,
                "largest_power_corrected": row.corrected.max_power,
            }
            for row in plan.detectable
        ],
        "needed": [
            {
                "difference": row.difference,
                **_setting_json(row.setting),
                "problems": _needed_json(row.alone),
                "problems_corrected": _needed_json(row.corrected),
            }
            for row in plan.needed
        ],
    }


def _setting_json(setting: Setting) -> dict[str, object]:
    return {
        "test": setting.test,
        "discordance": setting.assumed if setting.paired else None,
        "lower_rate": None if setting.paired else setting.assumed,
    }


def _needed_json(needed: Needed | None) -> dict[str, object] | None:
    if needed is None:
        return None
    return {"smallest": needed.smallest, "always_from": needed.lasting, "exact": needed.exact}


def setting_words(setting: Setting) -> str:
    """Say how two models are compared: "paired, 30% discordant"."""
    words = share(setting.assumed)
    return f"paired, {words} discordant" if setting.paired else f"unlinked, from {words}"


def share(fraction: float) -> str:
    """Write an assumed share without digits nobody gave: "30%", "12.5%"."""
    whole = isclose(100 * fraction, round(100 * fraction), abs_tol=1e-6)
    return numbers.percent(fraction, 0 if whole else 1)


def points(difference: float) -> str:
    """Write a difference that has no direction: 0.146 as "14.6"."""
    return numbers.fixed(100 * difference, 1)


def asked_points(difference: float) -> str:
    """Write a difference that was asked for, without digits nobody gave: 0.2 as "20"."""
    return numbers.level(difference).removesuffix("%")


def detectable_words(found: DetectableDifference) -> str:
    """Write a detectable difference in points, or that there is none."""
    return "none" if found.difference is None else points(found.difference)


def needed_words(found: Needed | None) -> str:
    """Write needed problems: "230", "773, always from 796", "≈ 5,884", or a dash."""
    if found is None:
        return "–"
    text = numbers.count(found.smallest)
    if not found.exact:
        return f"≈ {text}"
    same = found.lasting == found.smallest
    return text if same else f"{text}, always from {numbers.count(found.lasting)}"


def print_plan(plan: Plan) -> None:
    """Print the plan as tables, with what they assume."""
    from rich.console import Console  # noqa: PLC0415 - only where a person reads
    from rich.text import Text  # noqa: PLC0415

    console = Console()
    family = f", {numbers.count(plan.models)} models" if plan.pairs > 1 else ""
    where = f"{plain(plan.release)}: " if plan.release else ""
    sure = f"{numbers.level(plan.power)} power, {numbers.level(plan.level)} level"
    console.print(Text(f"{where}{sure}{family}", style="bold"))
    if plan.problems is not None:
        console.print(_detectable_grid(plan, plan.problems))
    console.print(_needed_grid(plan))
    for sentence in notes(plan):
        console.print(Text(sentence, style="dim"))


def _detectable_grid(plan: Plan, problems: int) -> "Table":
    grid = _grid(
        plan,
        f"Difference in points that {numbers.count(problems)} problems show",
        ["Two models", "Test"],
    )
    for row in plan.detectable:
        alone, corrected = detectable_words(row.alone), detectable_words(row.corrected)
        words = (setting_words(row.setting), TEST_WORDS[row.setting.test])
        grid.add_row(*words, *_family(plan, alone, corrected))
    return grid


def _needed_grid(plan: Plan) -> "Table":
    grid = _grid(plan, "Problems that a difference needs", ["Difference", "Two models"])
    before: float | None = None
    for row in plan.needed:
        first = row.difference != before
        if first:
            grid.add_section()
        before = row.difference
        grid.add_row(
            f"{asked_points(row.difference)} points" if first else "",
            setting_words(row.setting),
            *_family(plan, needed_words(row.alone), needed_words(row.corrected)),
        )
    return grid


def _grid(plan: Plan, title: str, heads: Sequence[str]) -> "Table":
    from rich.table import Table  # noqa: PLC0415 - only where a person reads

    grid = Table(*heads, title=title, title_justify="left")
    for head in _family(plan, "One pair", f"Corrected, {numbers.count(plan.pairs)} pairs"):
        grid.add_column(head, justify="right")
    return grid


def _family(plan: Plan, alone: str, corrected: str) -> list[str]:
    """Drop the corrected one where there is only one pair."""
    return [alone, corrected] if plan.pairs > 1 else [alone]


def notes(plan: Plan) -> list[str]:
    """Say what the figures of a plan assume, a sentence or two each."""
    found = [
        DISCORDANT,
        corrected_note(plan) if plan.pairs > 1 else "For one pair; --models M corrects for all.",
        STEPS,
    ]
    if any(row.alone.difference is None for row in plan.detectable):
        found.append("none: even the largest possible difference is seen too rarely.")
    if plan.problems is not None and plan.problems > UNLINKED_MOST:
        found.append(f"Unlinked tests are planned up to {numbers.count(UNLINKED_MOST)} problems.")
    return found


DISCORDANT = (
    "Discordant: the share of problems that exactly one of the two models passes. Unlinked: as if "
    "on different problems, a gain from the stated pass rate."
)

STEPS = (
    "The power of an exact test does not rise steadily: the first number reaches it, from "
    "“always from” on it is never lost again. ≈: normal approximation, where a search takes "
    "long. –: no such difference is possible."
)


def corrected_note(plan: Plan) -> str:
    """Say how the family is corrected for, and why that is cautious."""
    return (
        f"Corrected for {numbers.count(plan.pairs)} pairs by Bonferroni, a cautious stand-in for "
        "Holm, which rejects whatever Bonferroni does."
    )
