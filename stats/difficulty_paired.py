"""Difference of two models on the same problems, adjusted to a stated mix of difficulties."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.difficulty import mix_in_use
from stats.discrete_sums import sum_quantiles, trinomial_difference
from stats.interval import Interval
from stats.lattice import tail_probability
from stats.proportion import normal_quantile, whole_numbers

Floats = NDArray[np.float64]

# The tilt is searched between -+ sinh(40) = 1e17 units, where all problems are discordant; 64
# bisections of 80 end at 4e-18.
_FARTHEST = 40.0
_STEPS = 64
_SMALLEST_STEP = 1e-15


@dataclass(frozen=True, slots=True)
class StandardisedDifference:
    """Rate of model a minus rate of model b on a stated mix of strata, on the same problems.

    Attributes
    ----------
    estimate : float
        Sum of weight times (only a - only b) / n over the strata in use.
    interval : Interval
    standard_error : float
        Square root of the sum of W^2 ((a + b) / n - ((a - b) / n)^2) / n.
    weights : tuple of float
        As used: sum 1; 0 for a stratum that is not part of the mix or has no problems.
    dropped : tuple of int
        Indices of strata with weight but without problems.
    dropped_weight : float
        Their share of the weight asked for, in [0, 1).
    n : int
        Problems in the strata in use.
    """

    estimate: float
    interval: Interval
    standard_error: float
    weights: tuple[float, ...]
    dropped: tuple[int, ...]
    dropped_weight: float
    n: int


def standardised_difference(
    only_a: ArrayLike,
    only_b: ArrayLike,
    totals: ArrayLike,
    weights: ArrayLike,
    *,
    level: float = 0.95,
) -> StandardisedDifference:
    """Standardised paired difference with a score interval that stays sound at small strata.

    The limits are the differences at which the estimate is z standard errors away, at the most
    likely rates of discordance with this standardised difference. With one stratum this is Tango's
    interval. As in `stats.difficulty.standardised_rate`, each stratum carries one further problem
    with the overall shares of discordance while the most likely rates are sought.

    Parameters
    ----------
    only_a, only_b : whole numbers, shape (strata,)
        Problems that one of the models alone passed.
    totals : whole numbers, shape (strata,)
        Problems that both attempted, concordant included; may be 0.
    weights : float, shape (strata,)
        At least 0, in any unit.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError, TypeError
        Shapes differ, counts are out of range or not whole, weights are no mix, ``level`` is
        outside (0, 1).
    NoEstimateError
        No stratum with weight has a problem.

    References
    ----------
    Tango (1998), Statistics in Medicine 17(8), eq. 6-9, for one stratum; the extension to strata
    and the added problem are this project's.
    """
    pairs = _pairs(only_a, only_b, totals, weights)
    low, high = _score_limits(pairs, level=level)
    return pairs.result(0, Interval(float(low[0]), float(high[0]), level, "stratified_tango"))


def standardised_differences(
    only_a: ArrayLike,
    only_b: ArrayLike,
    totals: ArrayLike,
    weights: ArrayLike,
    *,
    level: float = 0.95,
) -> tuple[StandardisedDifference, ...]:
    """Standardise many pairs of models at once; each result is that of `standardised_difference`.

    ``only_a`` and ``only_b`` have shape (pairs, strata), ``totals`` the same or (strata,).
    """
    pairs = _pairs(only_a, only_b, totals, weights, many=True)
    limits = zip(*_score_limits(pairs, level=level), strict=True)
    return tuple(
        pairs.result(place, Interval(float(low), float(high), level, "stratified_tango"))
        for place, (low, high) in enumerate(limits)
    )


def standardised_difference_normal(
    only_a: ArrayLike,
    only_b: ArrayLike,
    totals: ArrayLike,
    weights: ArrayLike,
    *,
    level: float = 0.95,
) -> StandardisedDifference:
    """Standardised paired difference with the normal interval: estimate -+ z standard errors.

    Of no width without discordant problems, and not cut off at -1 and 1; there for comparison with
    other software. Parameters and errors are those of `standardised_difference`.
    """
    pairs = _pairs(only_a, only_b, totals, weights)
    estimate = float(pairs.estimate[0])
    half = normal_quantile(level) * float(pairs.standard_error[0])
    return pairs.result(0, Interval(estimate - half, estimate + half, level, "normal"))


def standardised_difference_bootstrap(
    only_a: ArrayLike,
    only_b: ArrayLike,
    totals: ArrayLike,
    weights: ArrayLike,
    *,
    level: float = 0.95,
) -> StandardisedDifference:
    """Standardised paired difference with the percentile bootstrap of problems within strata.

    Computed from the distribution, without random numbers: strata add up independent trinomial
    sums. Of no width without discordant problems. Parameters and errors are those of
    `standardised_difference`; each tail must be 1e-8 or more.

    References
    ----------
    Davison & Hinkley (1997), Bootstrap Methods and their Application, sec. 3.2.
    """
    tail = tail_probability(level)
    pairs = _pairs(only_a, only_b, totals, weights)
    used = pairs.w[0] > 0
    rows = zip(pairs.a[0, used], pairs.b[0, used], pairs.n[0, used], pairs.w[0, used], strict=True)
    parts = [trinomial_difference(int(a), int(b), int(n), step=float(w / n)) for a, b, n, w in rows]
    (low, high), exact = sum_quantiles(parts, (tail, 1 - tail))
    kind = "exact" if exact else "rounded"
    return pairs.result(0, Interval(low, high, level, f"stratified_paired_bootstrap_{kind}"))


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Discordant counts, totals and weights in use, each of shape (pairs, strata).

    A stratum out of use has weight 0 and stands there as one concordant problem.
    """

    a: Floats
    b: Floats
    n: Floats
    w: Floats
    dropped: NDArray[np.bool_]
    dropped_weight: Floats

    @property
    def estimate(self) -> Floats:
        value: Floats = np.sum(self.w * (self.a - self.b) / self.n, axis=1)
        return value.clip(-1, 1)

    @property
    def standard_error(self) -> Floats:
        gain = (self.a - self.b) / self.n
        variance = ((self.a + self.b) / self.n - gain**2) / self.n
        error: Floats = np.sqrt(np.sum(self.w**2 * variance, axis=1))
        return error

    def result(self, place: int, interval: Interval) -> StandardisedDifference:
        used = self.w[place] > 0
        return StandardisedDifference(
            estimate=float(self.estimate[place]),
            interval=interval,
            standard_error=float(self.standard_error[place]),
            weights=tuple(self.w[place].tolist()),
            dropped=tuple(np.flatnonzero(self.dropped[place]).tolist()),
            dropped_weight=float(self.dropped_weight[place]),
            n=int(self.n[place, used].sum()),
        )


def _pairs(
    only_a: ArrayLike,
    only_b: ArrayLike,
    totals: ArrayLike,
    weights: ArrayLike,
    *,
    many: bool = False,
) -> _Pairs:
    a, b = whole_numbers(only_a, name="only_a"), whole_numbers(only_b, name="only_b")
    n = whole_numbers(totals, name="totals")
    if (
        a.ndim != 1 + many
        or a.size == 0
        or a.shape != b.shape
        or n.shape not in (a.shape, a.shape[-1:])
    ):
        expected = "(pairs, strata)" if many else "(strata,)"
        raise ValueError(
            f"only_a and only_b must have shape {expected} and totals one that fits, "
            f"got {a.shape}, {b.shape} and {n.shape}"
        )
    a, b = np.atleast_2d(a), np.atleast_2d(b)
    n = np.broadcast_to(np.atleast_2d(n), a.shape)
    if (a < 0).any() or (b < 0).any() or (a + b > n).any():
        raise ValueError("only_a and only_b must be at least 0 and together at most totals")
    w, dropped_weight = mix_in_use(weights, n)
    used = w > 0
    return _Pairs(
        np.where(used, a, 0).astype(np.float64),
        np.where(used, b, 0).astype(np.float64),
        np.where(used, n, 1).astype(np.float64),
        w,
        (n == 0) & (np.asarray(weights, dtype=np.float64) > 0),
        dropped_weight,
    )


def _score_limits(pairs: _Pairs, *, level: float) -> tuple[Floats, Floats]:
    """Limits of each pair's standardised difference by inverting the score test."""
    z = normal_quantile(level)
    unused = pairs.w == 0
    always_b = ((pairs.b == pairs.n) | unused).all(axis=1)
    always_a = ((pairs.a == pairs.n) | unused).all(axis=1)
    low, high = (_score_limit(pairs, side * z) for side in (1, -1))
    return np.where(always_b, -1.0, low), np.where(always_a, 1.0, high)


def _score_limit(pairs: _Pairs, z: float) -> Floats:
    """Solve: estimate - delta(t) = z * deviation(t), along the most likely rates tilted by t."""
    low = np.full((pairs.a.shape[0], 1), -_FARTHEST)
    high = -low
    for _ in range(_STEPS):
        middle = (low + high) / 2
        up, down = _tilted_rates(pairs, middle)
        variance = np.sum(pairs.w**2 * (up + down - (up - down) ** 2) / pairs.n, axis=1)
        delta = np.sum(pairs.w * (up - down), axis=1)
        gap = pairs.estimate - delta - z * np.sqrt(variance.clip(0))
        # Without discordant problems no push moves anything up to some strength, and the gap is 0
        # over that stretch: the limit lies beyond it, above for the upper one (z < 0).
        below = (gap >= 0 if z < 0 else gap > 0)[:, None]
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    up, down = _tilted_rates(pairs, (low + high) / 2)
    limit: Floats = np.sum(pairs.w * (up - down), axis=1)
    return limit.clip(-1, 1)


def _tilted_rates(pairs: _Pairs, t: Floats) -> tuple[Floats, Floats]:
    """Most likely rates of 'only a' and 'only b' when their weighted difference is pushed by t.

    With a push c on a stratum the rates are a / (m - c), b / (m + c) and the concordant rest
    r / m, where m >= |c| makes them add up to 1; m = |c| where the pushed one was never seen.
    """
    used = pairs.w > 0
    size = (pairs.n * used).sum(axis=1, keepdims=True)
    a = pairs.a + used * pairs.a.sum(axis=1, keepdims=True) / size
    b = pairs.b + used * pairs.b.sum(axis=1, keepdims=True) / size
    totals = pairs.n + 1
    rest = totals - a - b
    unit = np.max(totals * used / np.where(used, pairs.w, 1), axis=1, keepdims=True)
    push = np.sinh(t) * unit * pairs.w
    m = np.abs(push) + _excess(a, b, rest, push)
    ahead = push > 0
    hidden = np.where(ahead, b, a) / (m + np.abs(push))
    concordant = rest / m
    pushed = (1 - hidden - concordant).clip(0, 1)
    return np.where(ahead, pushed, hidden), np.where(ahead, hidden, pushed)


def _excess(a: Floats, b: Floats, rest: Floats, push: Floats) -> Floats:
    """Find m - |push| >= 0 that makes the rates add up to 1.

    Their sum falls and is convex in it, so Newton's steps from the left never pass the root; the
    start is to its left, since one rate alone is 1 there. A pushed rate that was never seen leaves
    the sum below 1: then the start, 0, is the answer.
    """
    size = np.abs(push)
    pushed, hidden = np.where(push > 0, a, b), np.where(push > 0, b, a)
    start = np.maximum.reduce([pushed, hidden - 2 * size, rest - size])
    x: Floats = np.maximum(start, 0.0)
    for _ in range(_STEPS):
        terms = (
            np.divide(pushed, x, out=np.zeros(x.shape), where=pushed > 0),
            hidden / (x + 2 * size),
            rest / (x + size),
        )
        slope = np.divide(terms[0], x, out=np.zeros(x.shape), where=pushed > 0)
        slope = slope + terms[1] / (x + 2 * size) + terms[2] / (x + size)
        step = np.maximum((sum(terms) - 1) / slope, 0.0)
        x = x + step
        if (step <= _SMALLEST_STEP * (x + size)).all():
            break
    return x
