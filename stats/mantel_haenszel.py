"""Two rates compared within strata: Cochran-Mantel-Haenszel, common odds ratio, Breslow-Day.

The strata are difficulties (or cells of category by difficulty). Within a stratum the two groups
count as independent samples; for two models on the same problems that wastes what the pairing
knows, and `stats.paired` is the place. One stratum for each problem turns the test into McNemar's.
"""

from dataclasses import dataclass
from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc, gammaln, logsumexp

from stats.check import NoEstimateError
from stats.interval import Interval, TestResult
from stats.proportion import normal_quantile, whole_numbers

Floats = NDArray[np.float64]

# Probabilities that differ relatively by less are equal: floats cannot tell them apart.
_SAME = 1e-7
# Conditional limits are searched up to this log odds ratio; beyond, exp() has no meaning.
_FARTHEST = 700.0


@dataclass(frozen=True, slots=True)
class CommonOddsRatio:
    """The Mantel-Haenszel analysis of a set of 2 x 2 tables.

    Attributes
    ----------
    odds_ratio : float
        Odds of passing in group a over those in group b, common to all strata; 0 or infinite
        where one product of the tables is empty.
    log_standard_error : float or None
        Robins-Breslow-Greenland's, of the log odds ratio; None where that is infinite.
    interval : Interval
        Robins-Breslow-Greenland on the log scale; where the odds ratio is 0 or infinite, the
        exact conditional interval instead, as its method says.
    interval_exact : Interval
        Conditional on all margins: limits that the exact test would not reject, one-sided.
    test : TestResult
        Cochran-Mantel-Haenszel chi-square on one degree of freedom, without correction.
    test_corrected : TestResult
        The same, the deviation reduced by 1/2 where it is at least 1/2.
    test_exact : TestResult
        Exact given all margins; two-sided by adding up tables that are not more probable.
    informative : tuple of int
        Indices of the strata that carry information; the others have an empty margin or a
        single observation.
    """

    odds_ratio: float
    log_standard_error: float | None
    interval: Interval
    interval_exact: Interval
    test: TestResult
    test_corrected: TestResult
    test_exact: TestResult
    informative: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """Breslow and Day's test of equal odds ratios in all strata.

    Attributes
    ----------
    odds_ratio : float
        The common one (Mantel-Haenszel) that the strata are held against.
    test, test_tarone : TestResult
        Without and with Tarone's correction for having estimated the odds ratio.
    degrees_of_freedom : int
        Informative strata minus 1.
    informative : tuple of int
        Indices of the strata that carry information.
    """

    odds_ratio: float
    test: TestResult
    test_tarone: TestResult
    degrees_of_freedom: int
    informative: tuple[int, ...]


def mantel_haenszel(
    successes_a: ArrayLike,
    n_a: ArrayLike,
    successes_b: ArrayLike,
    n_b: ArrayLike,
    *,
    level: float = 0.95,
) -> CommonOddsRatio:
    """Compare two groups within strata: the common odds ratio, and whether it is 1.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : whole numbers, shape (strata,)
        Passes and problems of each group in each stratum; a stratum may be empty.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError, TypeError
        Shapes differ, counts are out of range or not whole, ``level`` outside (0, 1).
    NoEstimateError
        No stratum has both groups with both outcomes among them.

    References
    ----------
    Mantel & Haenszel (1959), JNCI 22(4). Robins, Breslow & Greenland (1986), Biometrics 42(2),
    eq. 3. Gart (1970), Biometrika 57(3), for the exact conditional distribution.
    """
    tables = _tables(successes_a, n_a, successes_b, n_b)
    r = tables.a * (tables.n_b - tables.b) / tables.n
    s = tables.b * (tables.n_a - tables.a) / tables.n
    odds_ratio = _quotient(float(r.sum()), float(s.sum()))
    margins = _Conditional.of(tables)
    exact = margins.interval(level)
    error = None if odds_ratio in (0.0, inf) else _log_error(tables, r, s)
    deviation, variance = abs(float(np.sum(tables.a - tables.expected))), tables.variance
    shrunk = deviation - 0.5 if deviation >= 0.5 else deviation
    return CommonOddsRatio(
        odds_ratio=odds_ratio,
        log_standard_error=error,
        interval=exact if error is None else _log_interval(odds_ratio, error, level),
        interval_exact=exact,
        test=_chi_square(deviation**2 / variance, 1, "cochran_mantel_haenszel"),
        test_corrected=_chi_square(shrunk**2 / variance, 1, "cochran_mantel_haenszel_corrected"),
        test_exact=TestResult(margins.p_value(), "cochran_mantel_haenszel_exact"),
        informative=tables.informative,
    )


def breslow_day(
    successes_a: ArrayLike, n_a: ArrayLike, successes_b: ArrayLike, n_b: ArrayLike
) -> Homogeneity:
    """Test whether the odds ratio is the same in all strata.

    Parameters are those of `mantel_haenszel`. The chi-square approximation wants expected counts
    of about 5 in every cell; small strata make both p-values unreliable.

    Raises
    ------
    ValueError, TypeError
        As `mantel_haenszel`.
    NoEstimateError
        Fewer than two informative strata, or a common odds ratio of 0 or infinity.

    References
    ----------
    Breslow & Day (1980), Statistical Methods in Cancer Research I, eq. 4.30.
    Tarone (1985), Biometrika 72(1).
    """
    tables = _tables(successes_a, n_a, successes_b, n_b)
    r = float(np.sum(tables.a * (tables.n_b - tables.b) / tables.n))
    s = float(np.sum(tables.b * (tables.n_a - tables.a) / tables.n))
    odds_ratio = _quotient(r, s)
    freedom = len(tables.informative) - 1
    if freedom < 1:
        raise NoEstimateError("one informative stratum: there is nothing it could differ from")
    if odds_ratio in (0.0, inf):
        raise NoEstimateError(
            f"the common odds ratio is {odds_ratio}: no table is expected under it"
        )
    fitted = _fitted(tables, odds_ratio)
    variance = 1 / (
        1 / fitted
        + 1 / (tables.passes - fitted)
        + 1 / (tables.n_a - fitted)
        + 1 / (tables.n_b - tables.passes + fitted)
    )
    statistic = float(np.sum((tables.a - fitted) ** 2 / variance))
    drift = float(np.sum(tables.a - fitted)) ** 2 / float(variance.sum())
    return Homogeneity(
        odds_ratio=odds_ratio,
        test=_chi_square(statistic, freedom, "breslow_day"),
        test_tarone=_chi_square(max(statistic - drift, 0.0), freedom, "breslow_day_tarone"),
        degrees_of_freedom=freedom,
        informative=tables.informative,
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """Informative 2 x 2 tables: passes and sizes of both groups."""

    a: Floats
    n_a: Floats
    b: Floats
    n_b: Floats
    informative: tuple[int, ...]

    @property
    def n(self) -> Floats:
        return self.n_a + self.n_b

    @property
    def passes(self) -> Floats:
        return self.a + self.b

    @property
    def expected(self) -> Floats:
        return self.n_a * self.passes / self.n

    @property
    def variance(self) -> float:
        """Hypergeometric variance of the passes of group a, all strata together."""
        spread = self.n_a * self.n_b * self.passes * (self.n - self.passes)
        return float(np.sum(spread / (self.n**2 * (self.n - 1))))


def _tables(
    successes_a: ArrayLike, n_a: ArrayLike, successes_b: ArrayLike, n_b: ArrayLike
) -> _Tables:
    names = ("successes_a", "n_a", "successes_b", "n_b")
    given = (successes_a, n_a, successes_b, n_b)
    a, total_a, b, total_b = (whole_numbers(v, name=k) for k, v in zip(names, given, strict=True))
    if a.ndim != 1 or not a.shape == total_a.shape == b.shape == total_b.shape:
        shapes = ", ".join(str(x.shape) for x in (a, total_a, b, total_b))
        raise ValueError(f"{', '.join(names)} must have one shape (strata,), got {shapes}")
    for name, x, total in (("successes_a", a, total_a), ("successes_b", b, total_b)):
        if (x < 0).any() or (x > total).any():
            raise ValueError(f"{name} must be between 0 and its n, got {x.tolist()}")
    passes, total = a + b, total_a + total_b
    informative = (total_a > 0) & (total_b > 0) & (passes > 0) & (passes < total)
    if not informative.any():
        raise NoEstimateError("no stratum has both groups and both outcomes: nothing to compare")
    where = tuple(np.flatnonzero(informative).tolist())
    columns = [x[informative].astype(np.float64) for x in (a, total_a, b, total_b)]
    return _Tables(columns[0], columns[1], columns[2], columns[3], where)


def _quotient(r: float, s: float) -> float:
    """R / S of the Mantel-Haenszel estimate; informative tables leave no 0/0."""
    return inf if s == 0 else r / s


def _log_error(tables: _Tables, r: Floats, s: Floats) -> float:
    """Robins, Breslow & Greenland's standard error of the log odds ratio."""
    p = (tables.a + tables.n_b - tables.b) / tables.n
    q = 1 - p
    total_r, total_s = r.sum(), s.sum()
    variance = (
        np.sum(p * r) / (2 * total_r**2)
        + np.sum(p * s + q * r) / (2 * total_r * total_s)
        + np.sum(q * s) / (2 * total_s**2)
    )
    return sqrt(float(variance))


def _log_interval(odds_ratio: float, error: float, level: float) -> Interval:
    half = normal_quantile(level) * error
    low, high = exp(log(odds_ratio) - half), exp(log(odds_ratio) + half)
    return Interval(low, high, level, "robins_breslow_greenland")


def _chi_square(statistic: float, freedom: int, method: str) -> TestResult:
    return TestResult(float(chdtrc(freedom, statistic)), method, statistic)


@dataclass(frozen=True, slots=True)
class _Conditional:
    """Passes of group a given all margins: log weights at odds ratio 1, and what was observed."""

    values: Floats
    log_weights: Floats
    observed: float

    @staticmethod
    def of(tables: _Tables) -> "_Conditional":
        """Convolve the strata's hypergeometric distributions."""
        low, log_weights = 0.0, np.zeros(1)
        for n_a, n_b, passes in zip(tables.n_a, tables.n_b, tables.passes, strict=True):
            first = max(0.0, passes - n_b)
            a = np.arange(first, min(passes, n_a) + 1)
            term = _log_choose(n_a, a) + _log_choose(n_b, passes - a)
            log_weights = _log_convolve(log_weights, term)
            low += first
        values = low + np.arange(log_weights.size, dtype=np.float64)
        return _Conditional(values, log_weights, float(tables.a.sum()))

    def log_mass(self, log_odds: float) -> Floats:
        """Log probabilities at an odds ratio."""
        tilted = self.log_weights + self.values * log_odds
        normalised: Floats = tilted - logsumexp(tilted)
        return normalised

    def p_value(self) -> float:
        mass = np.exp(self.log_mass(0.0))
        at = mass[self.values == self.observed][0]
        return min(1.0, float(mass[mass <= at * (1 + _SAME)].sum()))

    def interval(self, level: float) -> Interval:
        """Find the odds ratios at which a tail beyond the observed holds half of 1 - level."""
        normal_quantile(level)
        tail = log((1 - level) / 2)
        above, below = self.values >= self.observed, self.values <= self.observed
        low = -inf if above.all() else self._solve(above, tail)
        high = inf if below.all() else self._solve(below, tail)
        return Interval(exp(low), exp(high) if high < inf else inf, level, "conditional_exact")

    def _solve(self, side: NDArray[np.bool_], tail: float) -> float:
        def excess(log_odds: float) -> float:
            return float(logsumexp(self.log_mass(log_odds)[side])) - tail

        return float(brentq(excess, -_FARTHEST, _FARTHEST, xtol=1e-12))


def _log_choose(n: Floats, k: Floats) -> Floats:
    value: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return value


def _log_convolve(a: Floats, b: Floats) -> Floats:
    """Convolve two positive sequences given by their logs; return logs."""
    short, long = sorted((a, b), key=lambda x: x.size)
    rows = np.full((short.size, a.size + b.size - 1), -inf)
    for shift, weight in enumerate(short):
        rows[shift, shift : shift + long.size] = long + weight
    summed: Floats = logsumexp(rows, axis=0)
    return summed


def _fitted(tables: _Tables, odds_ratio: float) -> Floats:
    """Find the passes of group a that give each table the odds ratio: a root of a quadratic.

    Taken in the form 2c / (b + root), which loses no digits as the odds ratio nears 1.
    """
    constant = odds_ratio * tables.passes * tables.n_a
    linear = odds_ratio * (tables.passes + tables.n_a) + tables.n_b - tables.passes
    root = np.sqrt(np.maximum(linear**2 - 4 * (odds_ratio - 1) * constant, 0))
    fitted: Floats = 2 * constant / (linear + root)
    return fitted
