"""Time to finish with timeouts: Kaplan-Meier curves, their medians, and the log-rank test.

A run that was stopped at a time limit is censored: all that is known is that it took longer.
Leaving such runs out makes the slow look fast; counting the limit as a runtime makes them look
equal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from stats.check import NoEstimateError
from stats.interval import TestResult
from stats.proportion import normal_quantile

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Transform = Literal["plain", "log", "log_log"]

_SAME = 1e-12  # a survival that misses one half by less is one half


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurve:
    """Kaplan-Meier estimate: the share of runs still going after each time at which some finished.

    Attributes
    ----------
    times : float, shape (m,)
        Distinct times at which runs finished, ascending.
    survival : float, shape (m,)
        Share still going just after each time.
    standard_error : float, shape (m,)
        Greenwood's; 0 where the survival is 0, where it says nothing.
    at_risk, finished : float, shape (m,)
        Runs still going just before, and finished at, each time.
    n, n_finished : int
        All runs, and those not censored.
    """

    times: Floats
    survival: Floats
    standard_error: Floats
    at_risk: Floats
    finished: Floats
    n: int
    n_finished: int

    def limits(self, *, level: float, transform: Transform = "log_log") -> tuple[Floats, Floats]:
        """Pointwise limits of the survival; nan-free: where it is 0 both limits are 0.

        Limits of the plain transform may leave [0, 1]; the log's upper one may exceed 1.
        """
        z = normal_quantile(level)
        low, high = _TRANSFORMS[transform](self.survival, self.standard_error, z)
        gone = self.survival <= 0
        return np.where(gone, 0.0, low), np.where(gone, 0.0, high)


@dataclass(frozen=True, slots=True)
class MedianTime:
    """Median time to finish, with Brookmeyer and Crowley's interval.

    None stands for what the runs did not reach: a median or upper limit beyond the time limit.

    Attributes
    ----------
    value : float or None
        Smallest time by which at least half of the runs are done.
    midpoint : float or None
        The same, but halfway to the next finish where exactly half are done at ``value``.
    exactly_half : bool
        Whether the curve equals one half somewhere.
    low, high : float or None
    level : float
    transform : "plain", "log" or "log_log"
        Scale of the limits of the curve.
    n, n_finished : int
    """

    value: float | None
    midpoint: float | None
    exactly_half: bool
    low: float | None
    high: float | None
    level: float
    transform: Transform
    n: int
    n_finished: int


@dataclass(frozen=True, slots=True)
class LogRank:
    """Log-rank test that several groups finish at the same rate throughout.

    Attributes
    ----------
    test : TestResult
        Chi-square on groups - 1 degrees of freedom.
    degrees_of_freedom : int
    observed, expected : tuple of float
        Finishes in each group, and what equal rates would give.
    """

    test: TestResult
    degrees_of_freedom: int
    observed: tuple[float, ...]
    expected: tuple[float, ...]


def kaplan_meier(times: ArrayLike, finished: ArrayLike) -> SurvivalCurve:
    """Estimate which share of runs takes longer than each time, with censored runs.

    Parameters
    ----------
    times : float, shape (n,)
        At least 0: time to finish, or time at which the run was stopped unfinished. A run stopped
        at the very time at which another finished counts as still going then.
    finished : bool or 0/1, shape (n,)
        Whether the run finished; False for a timeout.

    Raises
    ------
    ValueError
        Shapes differ, times that are negative or not finite, ``finished`` not 0 or 1.
    NoEstimateError
        No runs.

    References
    ----------
    Kaplan & Meier (1958), JASA 53(282). Greenwood (1926), Reports on Public Health 33.
    """
    t, done = _runs(times, finished)
    moments = np.unique(t[done])
    at_risk = t.size - np.searchsorted(np.sort(t), moments, side="left")
    events = np.bincount(np.searchsorted(moments, t[done]), minlength=moments.size)
    survival = np.cumprod(1 - events / at_risk).astype(np.float64)
    spare = at_risk - events
    terms = np.divide(events, at_risk * spare, out=np.zeros(moments.size), where=spare > 0)
    return SurvivalCurve(
        times=moments,
        survival=survival,
        standard_error=survival * np.sqrt(np.cumsum(terms)),
        at_risk=at_risk.astype(np.float64),
        finished=events.astype(np.float64),
        n=t.size,
        n_finished=int(done.sum()),
    )


def median_time(
    curve: SurvivalCurve, *, level: float = 0.95, transform: Transform = "log_log"
) -> MedianTime:
    """Median of a Kaplan-Meier curve with an interval.

    The interval holds the times at which the curve's pointwise interval contains one half. Where
    the curve has reached 0 there is no pointwise interval, so such times set no limit.

    Parameters
    ----------
    curve : SurvivalCurve
    level : float
        Nominal coverage in (0, 1).
    transform : "plain", "log" or "log_log"
        The log-log limits hold their level best with few runs.

    References
    ----------
    Brookmeyer & Crowley (1982), Biometrics 38(1). Borgan & Liestøl (1990), Scandinavian Journal
    of Statistics 17(1), for the transforms.
    """
    if transform not in _TRANSFORMS:
        raise ValueError(f"transform must be one of {sorted(_TRANSFORMS)}, got {transform!r}")
    lower, upper = curve.limits(level=level, transform=transform)
    going = curve.survival > _SAME
    half = np.abs(curve.survival - 0.5) <= _SAME
    value = _first_time(curve.times, curve.survival <= 0.5 + _SAME)
    midpoint = value
    if half.any():
        place = int(np.argmax(half))
        following = min(place + 1, curve.times.size - 1)
        midpoint = float((curve.times[place] + curve.times[following]) / 2)
    return MedianTime(
        value=value,
        midpoint=midpoint,
        exactly_half=bool(half.any()),
        low=_first_time(curve.times, going & (lower <= 0.5 + _SAME)),
        high=_first_time(curve.times, going & (upper <= 0.5 + _SAME)),
        level=level,
        transform=transform,
        n=curve.n,
        n_finished=curve.n_finished,
    )


def log_rank(groups: Sequence[tuple[ArrayLike, ArrayLike]]) -> LogRank:
    """Test whether groups of runs finish at the same rate.

    Parameters
    ----------
    groups : sequence of (times, finished)
        As in `kaplan_meier`; at least two. The runs of different groups count as independent:
        for models on the same problems the test is conservative or not according to how runtimes
        go together, and `stats.runtime_pairs.runtime_ratio` uses the pairing.

    Raises
    ------
    ValueError
        Fewer than two groups, or as `kaplan_meier`.
    NoEstimateError
        An empty group, or no time at which more than one group was at risk and a run finished.

    References
    ----------
    Mantel (1966), Cancer Chemotherapy Reports 50(3). Peto & Peto (1972), J. Royal Stat. Soc. A
    135(2).
    """
    if len(groups) < 2:
        raise ValueError(f"log_rank needs at least two groups, got {len(groups)}")
    runs = [_runs(*group) for group in groups]
    moments = np.unique(np.concatenate([t[done] for t, done in runs]))
    at_risk = np.stack([t.size - np.searchsorted(np.sort(t), moments) for t, _ in runs])
    events = np.stack([_counts_at(t[done], moments) for t, done in runs])
    risk, total = at_risk.sum(axis=0), events.sum(axis=0)
    share = at_risk / np.maximum(risk, 1)
    observed, expected = events.sum(axis=1), (share * total).sum(axis=1)
    scale = total * (risk - total) / np.maximum(risk - 1, 1)
    covariance = np.diag((share * scale).sum(axis=1)) - (share * scale) @ share.T
    freedom = int(np.linalg.matrix_rank(covariance, hermitian=True)) if moments.size else 0
    if freedom == 0:
        raise NoEstimateError("no run finished while several groups were going: nothing to compare")
    gap = observed - expected
    statistic = float(gap @ np.linalg.pinv(covariance, hermitian=True) @ gap)
    return LogRank(
        test=TestResult(float(chdtrc(freedom, statistic)), "log_rank", statistic),
        degrees_of_freedom=freedom,
        observed=tuple(observed.tolist()),
        expected=tuple(expected.tolist()),
    )


def _runs(times: ArrayLike, finished: ArrayLike) -> tuple[Floats, Bools]:
    t, done = np.asarray(times, dtype=np.float64), np.asarray(finished)
    if t.ndim != 1 or t.shape != done.shape:
        raise ValueError(
            f"times and finished must have one shape (n,), got {t.shape}, {done.shape}"
        )
    if t.size == 0:
        raise NoEstimateError("no runs: there is nothing to estimate from")
    if not ((t >= 0) & np.isfinite(t)).all():
        raise ValueError(
            "times must be finite and at least 0; a timeout has the time it was stopped"
        )
    if not np.isin(done, (0, 1)).all():
        raise ValueError("finished must be true or false for every run")
    return t, done.astype(np.bool_)


def _counts_at(times: Floats, moments: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(moments, times), minlength=moments.size)
    return counts.astype(np.float64)


def _first_time(times: Floats, reached: Bools) -> float | None:
    return float(times[int(np.argmax(reached))]) if reached.any() else None


def _plain(survival: Floats, error: Floats, z: float) -> tuple[Floats, Floats]:
    return survival - z * error, survival + z * error


def _log(survival: Floats, error: Floats, z: float) -> tuple[Floats, Floats]:
    positive = np.where(survival > 0, survival, 1.0)
    spread = np.exp(z * error / positive)
    return survival / spread, survival * spread


def _log_log(survival: Floats, error: Floats, z: float) -> tuple[Floats, Floats]:
    inner = (survival > 0) & (survival < 1)
    safe = np.where(inner, survival, 0.5)
    spread = z * error / (safe * np.abs(np.log(safe)))
    low, high = safe ** np.exp(spread), safe ** np.exp(-spread)
    return np.where(inner, low, survival), np.where(inner, high, survival)


_TRANSFORMS: dict[Transform, Callable[[Floats, Floats, float], tuple[Floats, Floats]]] = {
    "plain": _plain,
    "log": _log,
    "log_log": _log_log,
}
