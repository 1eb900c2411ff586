"""Two releases' values of one model on the problems that both hold."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from harness.release import Release
from report.changes.scores import problems_of
from stats.check import NoEstimateError
from stats.decomposition import Decomposition, decompose
from stats.interval import Estimate, TestResult
from stats.mcnemar import mcnemar_exact, mcnemar_midp
from stats.overlap import overlapping_difference, paired_mean_difference
from stats.paired import tango
from stats.signflip import sign_flip

Values = Mapping[str, Fraction]
Shared = Mapping[str, tuple[Fraction, Fraction]]


def shared_values(
    old: Values, new: Values, before: Release, after: Release
) -> dict[str, tuple[Fraction, Fraction]]:
    """Both values of each problem that counts in both releases, by their rules for missing ones."""
    sides = [counted_values(v, r) for v, r in ((old, before), (new, after))]
    return {key: (sides[0][key], sides[1][key]) for key in sides[0] if key in sides[1]}


def counted_values(values: Values, release: Release) -> dict[str, Fraction]:
    """Values of every problem that counts: a missing one is a 0 where the rule says failed."""
    if release.missing == "absent":
        return dict(values)
    return dict.fromkeys(sorted(problems_of(release)), Fraction(0)) | dict(values)


def paired_change(shared: Shared, *, level: float) -> Estimate:
    """Change on common problems: Tango's interval on 0 and 1, a score interval on fractions."""
    if all(a.denominator == b.denominator == 1 for a, b in shared.values()):
        table = _table(shared)
        limits = tango(*table, level=level)
        return Estimate((table[1] - table[2]) / len(shared), limits, len(shared))
    before, after = ([float(pair[side]) for pair in shared.values()] for side in (0, 1))
    return paired_mean_difference(before, after, level=level)


def paired_test(shared: Shared) -> tuple[TestResult, float | None]:
    """McNemar's mid-p with the exact one beside it; sign-flip where problems count in fractions.

    Without a common problem nothing can be told apart, and p is 1.
    """
    if not shared:
        return TestResult(1.0, "no_common_problem"), None
    if all(a.denominator == b.denominator == 1 for a, b in shared.values()):
        _, gained, lost, _ = _table(shared)
        return mcnemar_midp(gained, lost), mcnemar_exact(gained, lost).p_value
    differences = [float(b - a) for a, b in shared.values()]
    found = sign_flip(differences, rng=np.random.default_rng(0))
    return TestResult(found.p_two_sided, found.method), None


def _table(shared: Shared) -> tuple[int, int, int, int]:
    """Both, only after, only before, neither."""
    pairs = [(int(a), int(b)) for a, b in shared.values()]
    cells = [pairs.count(cell) for cell in ((1, 1), (0, 1), (1, 0), (0, 0))]
    return cells[0], cells[1], cells[2], cells[3]


def total_change(
    old: Values, new: Values, before: Release, after: Release, *, level: float
) -> Estimate:
    """Change of the whole rate: the paired interval where all problems are shared."""
    sides = [counted_values(v, r) for v, r in ((old, before), (new, after))]
    if sides[0].keys() == sides[1].keys():
        return paired_change(shared_values(old, new, before, after), level=level)
    union = sorted({*sides[0], *sides[1]})
    arrays = [[float(side[p]) if p in side else np.nan for p in union] for side in sides]
    return overlapping_difference(*arrays, level=level)


def parts_of(
    old: Values, new: Values, before: Release, after: Release
) -> tuple[Decomposition | None, str]:
    """What the change of the whole rate consists of, or why it cannot be split."""
    held = [problems_of(release) for release in (before, after)]
    union = sorted(held[0] | held[1])
    try:
        found = decompose(
            [old.get(p) for p in union],
            [new.get(p) for p in union],
            in_before=[p in held[0] for p in union],
            in_after=[p in held[1] for p in union],
            rule_before=before.missing,
            rule_after=after.missing,
        )
    except NoEstimateError as error:
        return None, str(error)
    return found, ""
