"""Golden methods for two unlinked rates and for power."""

from collections.abc import Callable
from typing import Any

from stats import chi_square, fisher, independent, power, power_unpaired, ratio, unconditional
from stats.check import NoEstimateError
from stats.interval import Interval, TestResult
from stats.power import DetectableDifference

Case = dict[str, Any]


def _limits(interval: Interval, suffix: str = "") -> Case:
    return {f"lower{suffix}": interval.low, f"upper{suffix}": interval.high}


def _array_limits(method: Callable[..., Any], counts: tuple[int, ...], suffix: str, **how: Any):
    low, high = method(*counts, **how)
    return {f"lower{suffix}": float(low), f"upper{suffix}": float(high)}


def _difference(method: Callable[..., Interval]) -> Callable[..., Case]:
    def run(x1: int, n1: int, x2: int, n2: int, conf_level: float) -> Case:
        interval = method(x1, n1, x2, n2, level=conf_level)
        return {"estimate": x1 / n1 - x2 / n2, **_limits(interval)}

    return run


def _miettinen_nurminen(x1: int, n1: int, x2: int, n2: int, conf_level: float) -> Case:
    got = _difference(independent.miettinen_nurminen)(x1, n1, x2, n2, conf_level)
    method = independent.miettinen_nurminen_limits
    mee = _array_limits(method, (x1, n1, x2, n2), "_mee", level=conf_level, bias_factor=False)
    return got | mee


def _agresti_caffo(x1: int, n1: int, x2: int, n2: int, conf_level: float) -> Case:
    more = (x1 + 1, n1 + 2, x2 + 1, n2 + 2)
    whole = independent.difference_wald(*more, level=conf_level)
    return {
        **_difference(independent.agresti_caffo)(x1, n1, x2, n2, conf_level),
        "adjusted_estimate": more[0] / more[1] - more[2] / more[3],
        **_limits(whole, "_untruncated"),
    }


def _or_none(estimate: Callable[..., float], *counts: int) -> float | None:
    try:
        return estimate(*counts)
    except NoEstimateError:
        return None


def _katz(x1: int, n1: int, x2: int, n2: int, conf_level: float) -> Case:
    counts = (x1, n1, x2, n2)
    return {
        "estimate": _or_none(ratio.rate_ratio, *counts),
        **_limits(ratio.katz(*counts, level=conf_level)),
        **_limits(ratio.katz(*counts, level=conf_level, adjusted=True), "_adjusted"),
    }


def _koopman(x1: int, n1: int, x2: int, n2: int, conf_level: float) -> Case:
    counts = (x1, n1, x2, n2)
    how = {"level": conf_level, "bias_factor": True}
    return {
        "estimate": _or_none(ratio.rate_ratio, *counts),
        **_limits(ratio.koopman(*counts, level=conf_level)),
        **_array_limits(ratio.koopman_limits, counts, "_mn", **how),
    }


def _chi_square(x1: int, n1: int, x2: int, n2: int) -> Case:
    tests: dict[str, Callable[..., TestResult]] = {
        "": chi_square.chi_square,
        "_cc": chi_square.chi_square_yates,
        "_n_minus_1": chi_square.chi_square_n_minus_1,
    }
    got: Case = {}
    for suffix, test in tests.items():
        try:
            result = test(x1, n1, x2, n2)
        except NoEstimateError:
            got |= {f"statistic{suffix}": None, f"p_value{suffix}": None}
            continue
        got |= {f"statistic{suffix}": result.statistic, f"p_value{suffix}": result.p_value}
    return got


def _fisher_exact(x1: int, n1: int, x2: int, n2: int) -> Case:
    tables = fisher.fisher_probabilities(x1, n1, x2, n2)
    return {
        "p_two_sided": fisher.fisher_exact(x1, n1, x2, n2).p_value,
        "p_less": float(tables.less),
        "p_greater": float(tables.greater),
        "p_two_sided_doubled": float(tables.two_sided_doubled),
        "sample_odds_ratio": _or_none(ratio.odds_ratio, x1, n1, x2, n2),
    }


def _fisher_midp(x1: int, n1: int, x2: int, n2: int) -> Case:
    tables = fisher.fisher_probabilities(x1, n1, x2, n2)
    less, greater = float(tables.less_midp), float(tables.greater_midp)
    return {
        "p_two_sided": fisher.fisher_midp(x1, n1, x2, n2).p_value,
        "p_two_sided_minus_half_observed": float(tables.two_sided - tables.observed / 2),
        "p_less": less,
        "p_greater": greater,
        "p_two_sided_doubled": min(1.0, 2 * min(less, greater)),
    }


def _both_sides(greater: Callable[..., TestResult], counts: tuple[int, int, int, int]) -> Case:
    swapped = counts[2:] + counts[:2]
    return {"p_less": greater(*swapped).p_value, "p_greater": greater(*counts).p_value}


def _boschloo(x1: int, n1: int, x2: int, n2: int) -> Case:
    sides = _both_sides(unconditional.boschloo_greater, (x1, n1, x2, n2))
    return {
        "p_two_sided": unconditional.boschloo(x1, n1, x2, n2).p_value,
        **sides,
        "p_two_sided_doubled": min(1.0, 2 * min(sides.values())),
        "fisher_p_two_sided": fisher.fisher_exact(x1, n1, x2, n2).p_value,
    }


def _z_pooled(x1: int, n1: int, x2: int, n2: int) -> Case:
    result = unconditional.unconditional_z_pooled(x1, n1, x2, n2)
    sides = _both_sides(unconditional.unconditional_z_pooled_greater, (x1, n1, x2, n2))
    return {"z_statistic": result.statistic, "p_two_sided": result.p_value, **sides}


def _fisher_power(n1: int, n2: int, p1: float, p2: float, alpha: float) -> Case:
    regions = {
        "power_fisher": power_unpaired.fisher_region,
        "power_fisher_midp": power_unpaired.fisher_midp_region,
    }
    return {
        key: power_unpaired.fisher_power(n1, n2, p1, p2, alpha=alpha, rejects=region)
        for key, region in regions.items()
    }


def _mcnemar_power(n: int, p_first_only: float, p_second_only: float, alpha: float) -> Case:
    tests = {
        "power_exact": power.exact_p_values,
        "power_midp": power.midp_p_values,
        "power_asymptotic": power.asymptotic_p_values,
        "power_asymptotic_cc": power.asymptotic_corrected_p_values,
    }
    return {
        key: power.mcnemar_power(n, p_first_only, p_second_only, alpha=alpha, p_values=p_values)
        for key, p_values in tests.items()
    }


PAIRED_TESTS = {"mcnemar_exact": power.exact_p_values, "mcnemar_midp": power.midp_p_values}
UNPAIRED_TESTS = {
    "fisher_exact": power_unpaired.fisher_region,
    "fisher_midp": power_unpaired.fisher_midp_region,
}


def _found(result: DetectableDifference) -> Case:
    return {"difference": result.difference, "max_power": result.max_power}


def _detectable_paired(
    test: str, n: int, discordance: float, design: str = "paired", **wanted: float
) -> Case:
    assert design == "paired"
    p_values = PAIRED_TESTS[test]
    return _found(power.minimum_detectable_paired(n, discordance, p_values=p_values, **wanted))


def _detectable_unpaired(
    test: str,
    n_per_group: int,
    p1: float,
    design: str = "unpaired",
    direction: str = "increase",
    **wanted: float,
) -> Case:
    assert design == "unpaired"
    sign = {"increase": 1, "decrease": -1}[direction]
    lower = p1 if sign > 0 else 1 - p1
    rejects = UNPAIRED_TESTS[test]
    found = power_unpaired.minimum_detectable_unpaired(
        n_per_group, lower, rejects=rejects, **wanted
    )
    if found.difference is None:
        return {**_found(found), "p2": None}
    difference = sign * found.difference
    return {"difference": difference, "p2": p1 + difference, "max_power": found.max_power}


METHODS: dict[str, Callable[..., Case]] = {
    "agresti_caffo": _agresti_caffo,
    "boschloo": _boschloo,
    "chi_square_2x2": _chi_square,
    "difference_wald": _difference(independent.difference_wald),
    "fisher_exact": _fisher_exact,
    "fisher_midp": _fisher_midp,
    "fisher_power": _fisher_power,
    "katz_log_ratio": _katz,
    "koopman_score_ratio": _koopman,
    "mcnemar_power": _mcnemar_power,
    "miettinen_nurminen_difference": _miettinen_nurminen,
    "minimum_detectable_effect_paired": _detectable_paired,
    "minimum_detectable_effect_unpaired": _detectable_unpaired,
    "newcombe_hybrid_score": _difference(independent.newcombe),
    "unconditional_z_pooled": _z_pooled,
}
