"""Golden methods for one rate and for the exact bootstraps."""

from collections.abc import Callable
from typing import Any

from stats import bootstrap, lestimators, proportion
from stats.check import NoEstimateError
from stats.interval import Interval

Case = dict[str, Any]


def _limits(interval: Interval, suffix: str = "") -> Case:
    return {f"lower{suffix}": interval.low, f"upper{suffix}": interval.high}


def _rate(method: Callable[..., Interval]) -> Callable[..., Case]:
    def run(x: int, n: int, conf_level: float) -> Case:
        return {"estimate": x / n, **_limits(method(x, n, level=conf_level))}

    return run


def _jeffreys(x: int, n: int, conf_level: float) -> Case:
    plain = proportion.jeffreys(x, n, level=conf_level, modified=False)
    return {**_rate(proportion.jeffreys)(x, n, conf_level), **_limits(plain, "_unmodified")}


def _agresti_coull(x: int, n: int, conf_level: float) -> Case:
    cut = proportion.agresti_coull(x, n, level=conf_level)
    whole = proportion.agresti_coull(x, n, level=conf_level, truncated=False)
    centre = (whole.low + whole.high) / 2
    return {"centre": centre, **_limits(cut), **_limits(whole, "_untruncated")}


def _bca(x: int, n: int, conf_level: float) -> Case:
    got: Case = {"estimate": x / n, "acceleration": None}
    for atom in ("mid", "strict"):
        try:
            by = bootstrap.bca_correction(x, n, atom=atom)
            interval = bootstrap.bca(x, n, level=conf_level, atom=atom)
        except NoEstimateError:
            got |= {f"z0_{atom}": None, f"lower_{atom}": None, f"upper_{atom}": None}
            continue
        got["acceleration"] = float(by.acceleration)
        got |= {f"z0_{atom}": float(by.bias), **_limits(interval, f"_{atom}")}
    return got


def _paired(a: int, b: int, c: int, d: int, conf_level: float) -> Case:
    interval = bootstrap.paired_percentile(a, b, c, d, level=conf_level)
    return {"estimate": (b - c) / (a + b + c + d), **_limits(interval)}


def _median(values: list[float], conf_level: float) -> Case:
    got = lestimators.median(values, level=conf_level)
    return {
        "median": got.estimate,
        "bootstrap_mean": got.mean,
        "bootstrap_variance": got.variance,
        "bootstrap_se": got.standard_error,
        **_limits(got.interval),
    }


METHODS: dict[str, Callable[..., Case]] = {
    "wald": _rate(proportion.wald),
    "wilson": _rate(proportion.wilson),
    "wilson_cc": _rate(proportion.wilson_continuity),
    "clopper_pearson": _rate(proportion.clopper_pearson),
    "jeffreys": _jeffreys,
    "agresti_coull": _agresti_coull,
    "bootstrap_percentile_exact": _rate(bootstrap.percentile),
    "bootstrap_bca_exact": _bca,
    "bootstrap_median_exact": _median,
    "paired_bootstrap_percentile_exact": _paired,
}
