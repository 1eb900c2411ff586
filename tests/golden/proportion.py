"""Golden methods for one rate and for the exact bootstraps."""

from collections.abc import Callable
from typing import Any

from stats import proportion
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


METHODS: dict[str, Callable[..., Case]] = {
    "wald": _rate(proportion.wald),
    "wilson": _rate(proportion.wilson),
    "wilson_cc": _rate(proportion.wilson_continuity),
    "clopper_pearson": _rate(proportion.clopper_pearson),
    "jeffreys": _jeffreys,
    "agresti_coull": _agresti_coull,
}
