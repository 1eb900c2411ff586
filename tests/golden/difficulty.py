"""Golden methods of difficulty, item response, repeated samples, runtimes and printed figures."""

from collections.abc import Callable
from typing import Any

from stats.consistency import grim
from stats.difficulty import standardised_rate_bootstrap, standardised_rate_normal

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


METHODS: dict[str, Callable[..., dict[str, Any]]] = {
    "direct_standardisation": direct_standardisation,
    "grim_percentage": grim_percentage,
}
