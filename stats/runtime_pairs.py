"""Runtimes of several models on the same problems: ratios where both solved, and who solved what.

A runtime exists only where a model solved the problem. Each model's own mean is over problems that
it selected by solving them; a ratio over the problems that both solved at least compares like with
like, on those problems and no others. Every result says how many that are, and how many not.
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from stats.check import NoEstimateError, check_level
from stats.interval import Interval, TestResult

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Log ratios that spread less, relative to their size, differ by rounding only.
_NOISE = 1e-13


@dataclass(frozen=True, slots=True)
class RuntimeRatio:
    """Geometric mean of runtime a over runtime b, on the problems that both solved.

    Attributes
    ----------
    ratio : float
        Below 1 where a is faster.
    mean_log_ratio : float
        Mean of log a - log b.
    standard_error : float or None
        Of the mean log ratio; None for a single problem, 0 where all ratios are equal.
    interval : Interval or None
        Of the ratio; None for a single problem, and where all ratios are equal: the data then
        show no spread to build an interval from.
    test : TestResult or None
        Paired t test of equal runtimes on the log scale; None where there is no interval.
    n_common, n_only_a, n_only_b, n_neither : int
        Problems that both, one or none solved. The ratio is about the first alone.
    """

    ratio: float
    mean_log_ratio: float
    standard_error: float | None
    interval: Interval | None
    test: TestResult | None
    n_common: int
    n_only_a: int
    n_only_b: int
    n_neither: int


@dataclass(frozen=True, slots=True, eq=False)
class RuntimeRatios:
    """`RuntimeRatio` for all pairs of models that solved two problems in common, with spread.

    Attributes
    ----------
    first, second : int, shape (pairs,)
        Column of model a and of model b, first < second.
    ratio, low, high, p_value : float, shape (pairs,)
    n_common : int, shape (pairs,)
    without : tuple of (int, int)
        The pairs that have no interval: fewer than two common problems, or no spread.
    level : float
    """

    first: Ints
    second: Ints
    ratio: Floats
    low: Floats
    high: Floats
    p_value: Floats
    n_common: Ints
    without: tuple[tuple[int, int], ...]
    level: float


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Which problems have a runtime: the exact statement of selection.

    Attributes
    ----------
    n_problems : int
    solved : int, shape (models,)
        Problems that each model solved.
    common : int, shape (models, models)
        Problems that two models both solved; the diagonal repeats ``solved``.
    by_all, by_none : int
        Problems that every model solved, and that none did.
    """

    n_problems: int
    solved: Ints
    common: Ints
    by_all: int
    by_none: int


def runtime_ratio(times_a: ArrayLike, times_b: ArrayLike, *, level: float = 0.95) -> RuntimeRatio:
    """Compare two models' runtimes on the problems that both solved.

    Parameters
    ----------
    times_a, times_b : float, shape (problems,)
        Runtimes, above 0 in any one unit; infinite where the model did not solve the problem.
        Row i is the same problem in both.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        Shapes differ, a runtime is not above 0, or ``level`` is outside (0, 1).
    NoEstimateError
        No problem was solved by both.

    Notes
    -----
    Student's t on the log scale: ratios are multiplicative and skewed, their logarithms nearly
    normal.

    References
    ----------
    Fleming & Wallace (1986), Communications of the ACM 29(3), for the geometric mean of ratios.
    Bland & Altman (1996), BMJ 312:1153, for its interval.
    """
    check_level(level)
    a, b = _times(times_a, dimensions=1), _times(times_b, dimensions=1)
    if a.shape != b.shape:
        raise ValueError(f"times_a and times_b must have one shape, got {a.shape} and {b.shape}")
    solved_a, solved_b = np.isfinite(a), np.isfinite(b)
    both = solved_a & solved_b
    n = int(both.sum())
    if n == 0:
        raise NoEstimateError("no problem was solved by both: there is no runtime to compare")
    logs = np.log(a[both]) - np.log(b[both])
    mean = float(logs.mean())
    error = _standard_error(logs)
    interval, test = None, None
    if error:
        half = float(stdtrit(n - 1, (1 + level) / 2)) * error
        interval = Interval(exp(mean - half), exp(mean + half), level, "paired_log_t")
        p_value = min(1.0, 2 * float(stdtr(n - 1, -abs(mean / error))))
        test = TestResult(p_value, "paired_log_t", mean / error)
    return RuntimeRatio(
        ratio=exp(mean),
        mean_log_ratio=mean,
        standard_error=error,
        interval=interval,
        test=test,
        n_common=n,
        n_only_a=int((solved_a & ~solved_b).sum()),
        n_only_b=int((solved_b & ~solved_a).sum()),
        n_neither=int((~solved_a & ~solved_b).sum()),
    )


def runtime_ratios(times: ArrayLike, *, level: float = 0.95) -> RuntimeRatios:
    """Compare all pairs of models at once, by matrix products over problems.

    Parameters
    ----------
    times : float, shape (problems, models)
        Above 0; infinite where unsolved.
    level : float
        Nominal coverage of each interval; no correction for their number.
    """
    check_level(level)
    t = _times(times, dimensions=2)
    solved = np.isfinite(t)
    mask = solved.astype(np.float64)
    logs = np.log(np.where(solved, t, 1.0))
    # Centred, so that squares of logs do not swamp their differences.
    logs = np.where(solved, logs - logs.sum() / max(float(mask.sum()), 1.0), 0.0)
    first, second = np.triu_indices(t.shape[1], k=1)
    n = (mask.T @ mask)[first, second]
    sums = logs.T @ mask
    squares = (logs**2).T @ mask
    total = sums[first, second] - sums[second, first]
    square = squares[first, second] + squares[second, first]
    square = square - 2 * (logs.T @ logs)[first, second]
    mean = total / np.maximum(n, 1)
    variance = (square - n * mean**2) / np.maximum(n - 1, 1)
    usable = (n >= 2) & (variance > _NOISE * np.maximum(square, 1))
    error = np.sqrt(variance[usable] / n[usable])
    freedom, centre = n[usable] - 1, mean[usable]
    half = stdtrit(freedom, (1 + level) / 2) * error
    pairs = zip(first[~usable].tolist(), second[~usable].tolist(), strict=True)
    return RuntimeRatios(
        first=first[usable],
        second=second[usable],
        ratio=np.exp(centre),
        low=np.exp(centre - half),
        high=np.exp(centre + half),
        p_value=np.minimum(1.0, 2 * stdtr(freedom, -np.abs(centre / error))),
        n_common=n[usable].astype(np.int64),
        without=tuple(pairs),
        level=level,
    )


def selection(times: ArrayLike) -> Selection:
    """State who solved how many problems, alone and in common.

    Parameters
    ----------
    times : float, shape (problems, models)
        Above 0; infinite where unsolved.
    """
    solved = np.isfinite(_times(times, dimensions=2))
    counts = solved.astype(np.int64)
    return Selection(
        n_problems=solved.shape[0],
        solved=counts.sum(axis=0),
        common=counts.T @ counts,
        by_all=int(solved.all(axis=1).sum()),
        by_none=int((~solved.any(axis=1)).sum()),
    )


def _times(times: ArrayLike, *, dimensions: int) -> Floats:
    t = np.asarray(times, dtype=np.float64)
    if t.ndim != dimensions or t.size == 0:
        raise ValueError(
            f"times must have {dimensions} dimension(s) and not be empty, got {t.shape}"
        )
    if not (t > 0).all():
        raise ValueError("times must be above 0, infinite where unsolved; some are not")
    return t


def _standard_error(logs: Floats) -> float | None:
    """Of the mean; None for one value, exactly 0 where the values differ by rounding only."""
    if logs.size < 2:
        return None
    deviation = float(logs.std(ddof=1))
    noise = _NOISE * max(1.0, float(np.abs(logs).max()))
    return deviation / sqrt(logs.size) if deviation > noise else 0.0
