"""Golden methods of difficulty, item response, repeated samples, runtimes and printed figures."""

from collections.abc import Callable
from typing import Any

from stats.check import NoEstimateError
from stats.consistency import grim
from stats.difficulty import standardised_rate_bootstrap, standardised_rate_normal
from stats.mantel_haenszel import breslow_day as breslow_day_test
from stats.mantel_haenszel import mantel_haenszel

Strata = list[dict[str, Any]]


def direct_standardisation(strata: Strata, conf_level: float) -> dict[str, Any]:
    columns = [[stratum[key] for stratum in strata] for key in ("x", "n", "weight")]
    normal = standardised_rate_normal(*columns, level=conf_level)
    bootstrap = standardised_rate_bootstrap(*columns, level=conf_level).interval
    return {
        "estimate": normal.estimate,
        "standard_error": normal.standard_error,
        "lower": normal.interval.low,
        "upper": normal.interval.high,
        "standard_error_n_minus_1": normal.standard_error_unbiased,
        "bootstrap_lower": bootstrap.low,
        "bootstrap_upper": bootstrap.high,
    }


def grim_percentage(reported: str, n: int) -> dict[str, Any]:
    result = grim(reported, n)
    return {
        "consistent_half_up": bool(result.half_up),
        "counts_half_up": list(result.half_up),
        "consistent_half_even": bool(result.half_even),
        "counts_half_even": list(result.half_even),
        "consistent_truncated": bool(result.truncated),
        "counts_truncated": list(result.truncated),
        "consistent": result.consistent,
        "counts": list(result.counts),
    }


def cochran_mantel_haenszel(strata: Strata, conf_level: float) -> dict[str, Any]:
    columns = [[stratum[key] for stratum in strata] for key in ("x1", "n1", "x2", "n2")]
    try:
        result = mantel_haenszel(*columns, level=conf_level)
    except NoEstimateError:
        keys = "statistic p_value statistic_cc p_value_cc odds_ratio log_or_se or_lower or_upper"
        return dict.fromkeys([*keys.split(), "p_exact"])
    finite = result.log_standard_error is not None
    return {
        "statistic": result.test.statistic,
        "p_value": result.test.p_value,
        "statistic_cc": result.test_corrected.statistic,
        "p_value_cc": result.test_corrected.p_value,
        "p_exact": result.test_exact.p_value,
        "odds_ratio": result.odds_ratio,
        "log_or_se": result.log_standard_error,
        "or_lower": result.interval.low if finite else None,
        "or_upper": result.interval.high if finite else None,
    }


def breslow_day(strata: Strata) -> dict[str, Any]:
    columns = [[stratum[key] for stratum in strata] for key in ("x1", "n1", "x2", "n2")]
    try:
        result = breslow_day_test(*columns)
    except NoEstimateError:
        tests = dict.fromkeys(["statistic", "p_value", "statistic_tarone", "p_value_tarone"])
        return tests | _common_odds_ratio(columns)
    return {
        "odds_ratio_mh": result.odds_ratio,
        "df": result.degrees_of_freedom,
        "statistic": result.test.statistic,
        "p_value": result.test.p_value,
        "statistic_tarone": result.test_tarone.statistic,
        "p_value_tarone": result.test_tarone.p_value,
        "n_informative_strata": len(result.informative),
    }


def _common_odds_ratio(columns: list[list[int]]) -> dict[str, Any]:
    """What remains to say where the test of homogeneity has nothing to test."""
    try:
        common = mantel_haenszel(*columns)
    except NoEstimateError:
        return {"odds_ratio_mh": None, "df": None, "n_informative_strata": 0}
    strata = len(common.informative)
    return {
        "odds_ratio_mh": common.odds_ratio,
        "df": strata - 1,
        "n_informative_strata": strata,
    }


METHODS: dict[str, Callable[..., dict[str, Any]]] = {
    "breslow_day": breslow_day,
    "cochran_mantel_haenszel": cochran_mantel_haenszel,
    "direct_standardisation": direct_standardisation,
    "grim_percentage": grim_percentage,
}
