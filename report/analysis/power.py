"""What so many problems can show, and how many a difference needs: a plan, before data or after.

Detectable differences are exact. Needed problems are exact where the search is quick, else by the
normal approximation, marked as such: at the usual levels within 2% above 600 problems if paired,
within 3% above 60 if not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import isclose, sqrt
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from harness.release import Release
from report.analysis.board import board
from stats.allpairs import pair_tables
from stats.power import (
    DetectableDifference,
    ProblemsNeeded,
    minimum_detectable_paired,
    problems_needed_paired,
)
from stats.power_unpaired import (
    Region,
    fisher_midp_region,
    fisher_region,
    minimum_detectable_unpaired,
    problems_needed_unpaired,
    z_pooled_region,
)

Test = Literal["mcnemar_midp", "fisher_midp", "z_pooled", "fisher_exact"]

DISCORDANCES = (0.2, 0.3, 0.4)
RATES = (0.1, 0.3, 0.5, 0.7)
DIFFERENCES = (0.2, 0.15, 0.1, 0.05, 0.02)
POWER = 0.8

MOST_PROBLEMS = 20_000
UNLINKED_MOST = 2_500
"""Problems up to which unlinked tests are planned: they look at all n squared tables."""

_REGIONS = {
    "fisher_midp": fisher_midp_region,
    "z_pooled": z_pooled_region,
    "fisher_exact": fisher_region,
}
_OTHER_TESTS_MOST = 150  # problems up to which unlinked tests besides the report's are shown
_SEARCHED = {"paired": 600, "unlinked": 60}  # problems up to which a search is quick
_LEAST_DISCORDANCE = 0.01
_FEW_DISCORDANT = 100  # with fewer than these expected the approximation is too rough


@dataclass(frozen=True, slots=True)
class Setting:
    """How two models are compared, and what power depends on beyond their difference.

    ``assumed`` is the discordance of the paired test (share of problems that exactly one of the
    two passes), the lower of the two pass rates for the others.
    """

    test: Test
    assumed: float

    @property
    def paired(self) -> bool:
        """Whether the two are compared problem by problem."""
        return self.test == "mcnemar_midp"

    @property
    def most(self) -> float:
        """Return the largest difference that is possible."""
        return self.assumed if self.paired else 1 - self.assumed


@dataclass(frozen=True, slots=True)
class Needed:
    """Problems that give the power: the least number, and the one from which it always holds.

    Where not ``exact``, both are the one number of the normal approximation.
    """

    smallest: int
    lasting: int
    exact: bool


@dataclass(frozen=True, slots=True)
class DetectableRow:
    """What a setting can show of one pair alone, and of one among the whole family of pairs."""

    setting: Setting
    alone: DetectableDifference
    corrected: DetectableDifference


@dataclass(frozen=True, slots=True)
class NeededRow:
    """Problems that a difference needs; None where the setting does not allow the difference."""

    difference: float
    setting: Setting
    alone: Needed | None
    corrected: Needed | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked and what follows; ``problems`` is None where only needs were asked for."""

    problems: int | None
    models: int
    level: float
    power: float
    detectable: tuple[DetectableRow, ...]
    needed: tuple[NeededRow, ...]
    release: str | None = None

    @property
    def pairs(self) -> int:
        """Number of pairs of models: the family that is corrected for."""
        return pairs_of(self.models)

    @property
    def settings_needed(self) -> tuple[Setting, ...]:
        """Ways of comparing for which needed problems were planned."""
        return tuple(dict.fromkeys(row.setting for row in self.needed))

    def sees(self, setting: Setting) -> DetectableRow:
        """Return the row of a setting; KeyError where the plan has none."""
        for row in self.detectable:
            if row.setting == setting:
                return row
        raise KeyError(f"the plan has no {setting}")


def as_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain data; `from_json` reads it back."""
    return asdict(plan)


def from_json(data: Mapping[str, Any]) -> Plan:
    """Make the plan that `as_json` wrote."""
    return Plan(
        **{
            **data,
            "detectable": tuple(
                DetectableRow(
                    Setting(**row["setting"]),
                    DetectableDifference(**row["alone"]),
                    DetectableDifference(**row["corrected"]),
                )
                for row in data["detectable"]
            ),
            "needed": tuple(
                NeededRow(
                    row["difference"],
                    Setting(**row["setting"]),
                    row["alone"] and Needed(**row["alone"]),
                    row["corrected"] and Needed(**row["corrected"]),
                )
                for row in data["needed"]
            ),
        }
    )


def pairs_of(models: int) -> int:
    """Number of pairs of so many models; at least the one that is planned for."""
    return max(1, models * (models - 1) // 2)


def release_plan(release: Release, *, level: float) -> Plan:
    """Plan for a release's problems and its models with results."""
    return plan_for(
        release.n_problems,
        max(2, len(release.tested)),
        level=level,
        discordances=discordances_of(release),
        release=release.version,
    )


def discordances_of(release: Release) -> tuple[float, ...]:
    """Return the discordances that are planned for, with the release's own where it is known.

    Its own is the median over all pairs of models, in whole percent: a setting of the benchmark,
    not of one pair, so that no plan restates a p-value.
    """
    laid = board(release)
    if laid is None or laid.fractional["passed"] or len(laid.models) < 2:
        return DISCORDANCES
    tables = pair_tables(laid.values["passed"])
    known = tables.n > 0
    if not known.any():
        return DISCORDANCES
    differing = (tables.only_first + tables.only_second)[known] / tables.n[known]
    own = max(round(float(np.median(differing)), 2), _LEAST_DISCORDANCE)
    return tuple(sorted({*DISCORDANCES, own}))


def plan_for(
    problems: int | None,
    models: int,
    *,
    level: float,
    power: float = POWER,
    differences: Sequence[float] = DIFFERENCES,
    discordances: Sequence[float] = DISCORDANCES,
    release: str | None = None,
) -> Plan:
    """Plan for so many problems and models.

    The family is corrected for by Bonferroni: Holm, which the report uses, rejects whatever
    Bonferroni does, so it sees a difference at least as often as planned.

    Raises
    ------
    ValueError
        An argument is out of its range, as in `stats.power`.
    """
    alpha = 1 - level
    each = alpha / pairs_of(models)
    return Plan(
        problems=problems,
        models=models,
        level=level,
        power=power,
        detectable=tuple(
            DetectableRow(
                setting,
                detectable(n, setting, alpha=alpha, power=power),
                detectable(n, setting, alpha=each, power=power),
            )
            for n in ([] if problems is None else [problems])
            for setting in settings(n, discordances)
        ),
        needed=tuple(
            NeededRow(
                difference,
                setting,
                needed(difference, setting, alpha=alpha, power=power),
                needed(difference, setting, alpha=each, power=power),
            )
            for difference in differences
            for setting in needed_settings(discordances)
        ),
        release=release,
    )


def settings(problems: int, discordances: Sequence[float] = DISCORDANCES) -> list[Setting]:
    """Return the settings whose detectable difference is shown for so many problems."""
    found = [Setting("mcnemar_midp", share) for share in discordances]
    if problems <= UNLINKED_MOST:
        found += [Setting("z_pooled", rate) for rate in RATES]
    if problems <= _OTHER_TESTS_MOST:
        found += [Setting("fisher_midp", 0.5), Setting("fisher_exact", 0.5)]
    return found


def needed_settings(discordances: Sequence[float] = DISCORDANCES) -> list[Setting]:
    """Return the settings for which needed problems are shown."""
    return [*(Setting("mcnemar_midp", d) for d in discordances), Setting("z_pooled", 0.5)]


@lru_cache(maxsize=1024)  # releases of one report share their number of problems
def detectable(n: int, setting: Setting, *, alpha: float, power: float) -> DetectableDifference:
    """Smallest difference that n problems show with this power; exact."""
    if setting.paired:
        return minimum_detectable_paired(n, setting.assumed, alpha=alpha, power=power)

    def rejects(n_a: int, _: int, level: float) -> Region:
        return _region(setting.test, n_a, level)

    return minimum_detectable_unpaired(
        n, setting.assumed, alpha=alpha, power=power, rejects=rejects
    )


@lru_cache(maxsize=8)  # all rates share it
def _region(test: Test, n: int, alpha: float) -> Region:
    return _REGIONS[test](n, n, alpha)


@lru_cache(maxsize=1024)
def needed(difference: float, setting: Setting, *, alpha: float, power: float) -> Needed | None:
    """Problems that show a difference with this power; None where it is not possible."""
    if not at_most(difference, setting.most):
        return None
    difference = min(difference, setting.most)
    about = approximate_problems(difference, setting, alpha=alpha, power=power)
    rough = setting.paired and about * setting.assumed < _FEW_DISCORDANT
    if about > _SEARCHED["paired" if setting.paired else "unlinked"] and not rough:
        return Needed(round(about), round(about), exact=False)
    found = _search(difference, setting, alpha=alpha, power=power)
    return Needed(found.smallest, found.lasting, exact=True)


def _search(difference: float, setting: Setting, *, alpha: float, power: float) -> ProblemsNeeded:
    if setting.paired:
        return problems_needed_paired(difference, setting.assumed, alpha=alpha, power=power)
    return problems_needed_unpaired(
        setting.assumed,
        min(1.0, setting.assumed + difference),
        alpha=alpha,
        power=power,
        rejects=_REGIONS[setting.test],
    )


def at_most(value: float, bound: float) -> bool:
    """Whether a value is at most a bound, but for the last digits of its binary fraction."""
    return value <= bound or isclose(value, bound, rel_tol=1e-9)


def approximate_problems(
    difference: float, setting: Setting, *, alpha: float, power: float
) -> float:
    """Problems that show a difference, by the normal approximation without continuity correction.

    The two variances are those of one problem's difference if the models are equal, which sets
    where the test rejects, and if they differ as planned, which sets how often it does.

    References
    ----------
    Connor (1987), Sample size for testing differences in proportions for the paired-sample
    design, Biometrics 43. Fleiss, Levin & Paik (2003), Statistical Methods for Rates and
    Proportions, section 4.2, for unlinked rates.
    """
    if setting.paired:
        equal, planned = setting.assumed, setting.assumed - difference**2
    else:
        low, high = setting.assumed, setting.assumed + difference
        middle = (low + high) / 2
        equal = 2 * middle * (1 - middle)
        planned = low * (1 - low) + high * (1 - high)
    quantile = NormalDist().inv_cdf
    reach = quantile(1 - alpha / 2) * sqrt(equal) + quantile(power) * sqrt(planned)
    return float((reach / difference) ** 2)
