"""Do all models perform alike? Tests of many models at once, on the same problems.

Cochran's Q is for passed and failed, Friedman's test for scores that can be ranked within a
problem. Both are distribution-free: under the null every order of a problem's results over the
models is equally likely, which also gives their exact p-values. A small p-value says that some
models differ, not which; pairwise tests with a family correction say that.
"""

from dataclasses import dataclass
from math import inf, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc, fdtrc, ndtr

from stats.check import NoEstimateError, check_whole
from stats.dealing import exact_tail
from stats.grid import check_finite

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CochranQ:
    """Cochran's Q with its chi-square p-value.

    Attributes
    ----------
    statistic : float
        Q.
    df : int
        Models less one.
    p_value : float
        Upper tail of the chi-square distribution.
    n, n_informative : int
        Problems, and those that some models passed and others did not.
    """

    statistic: float
    df: int
    p_value: float
    n: int
    n_informative: int


def cochran_q(outcomes: ArrayLike) -> CochranQ:
    """Cochran's Q, a test of whether all models pass equally often.

    Problems that all models passed, or none, drop out by themselves. With two models Q is
    McNemar's chi-square without correction.

    Parameters
    ----------
    outcomes : (n_problems, n_models) bool, or 0 and 1
        Row i is one problem for all models.

    Returns
    -------
    CochranQ

    Raises
    ------
    ValueError
        Not two-dimensional, under two models, or a value other than 0 and 1 (NaN included).
    NoEstimateError
        No problems, or every problem passed by all models or none: Q is 0/0.

    References
    ----------
    Cochran (1950), The comparison of percentages in matched samples, Biometrika 37:256-266.
    """
    x = _check_outcomes(outcomes)
    n, k = x.shape
    columns, rows = x.sum(axis=0), x.sum(axis=1)
    spread = int((rows * (k - rows)).sum())
    if spread == 0:
        raise NoEstimateError(f"no problem tells the {k} models apart: Cochran's Q is 0/0")
    total = int(rows.sum())
    # k (k - 1) sum((column - mean)^2), in whole numbers until the division.
    statistic = (k - 1) * (k * int((columns**2).sum()) - total**2) / spread
    p_value = float(chdtrc(k - 1, statistic))
    informative = int(((rows > 0) & (rows < k)).sum())
    return CochranQ(statistic, k - 1, p_value, n, informative)


def cochran_q_exact(outcomes: ArrayLike) -> float:
    """Exact p-value of Cochran's Q: passes are dealt out anew within each problem.

    Counts all arrangements that keep each problem's number of passes, by adding one problem at a
    time to the distribution of the models' totals.

    Parameters
    ----------
    outcomes : (n_problems, n_models) bool, or 0 and 1
        As in `cochran_q`, which also says what is raised.

    Returns
    -------
    float
        P(Q* >= Q), ties included.

    Raises
    ------
    NoEstimateError
        Besides, too many models and problems to count: use the chi-square p-value.
    """
    x = _check_outcomes(outcomes)
    informative = x[x.min(axis=1) != x.max(axis=1)]
    if informative.size == 0:
        raise NoEstimateError(f"no problem tells the {x.shape[1]} models apart")
    return exact_tail(informative)


@dataclass(frozen=True, slots=True)
class Friedman:
    """Friedman's test with Iman and Davenport's correction.

    Attributes
    ----------
    average_ranks : (n_models,) floats
        Rank within a problem (1 = smallest score), averaged over problems; ties share the mean.
    statistic, df, p_value : float, int, float
        Friedman's chi-square, corrected for ties.
    iman_davenport, df1, df2, iman_davenport_p : float or None, int, int, float or None
        The F statistic, less conservative; infinite with p = 0 where all problems agree fully,
        None for a single problem, which has no degrees of freedom for it.
    kendall_w : float
        Agreement of the problems about the order of the models, 0 (none) to 1.
    n : int
        Problems.
    """

    average_ranks: tuple[float, ...]
    statistic: float
    df: int
    p_value: float
    iman_davenport: float | None
    df1: int
    df2: int
    iman_davenport_p: float | None
    kendall_w: float
    n: int


def friedman(scores: ArrayLike) -> Friedman:
    """Friedman's test of whether all models rank alike within problems.

    Parameters
    ----------
    scores : (n_problems, n_models)
        Higher is not taken to be better: rank 1 is the smallest score of a problem.

    Returns
    -------
    Friedman

    Raises
    ------
    ValueError
        Not two-dimensional, under two models, or a score that is infinite or NaN.
    NoEstimateError
        No problems, or all scores tied within every problem: the statistic is 0/0.

    References
    ----------
    Friedman (1937), JASA 32:675-701. Iman & Davenport (1980), Approximations of the critical
    region of the Friedman statistic, Comm Stat A 9:571-595. Demsar (2006), JMLR 7:1-30, sec 3.2.
    """
    ranks2 = doubled_ranks_within(scores)
    n, k = ranks2.shape
    # In doubled ranks every row sums to k (k + 1); ties take from the sum of squares.
    spread = int((ranks2**2).sum()) - n * k * (k + 1) ** 2
    if spread == 0:
        raise NoEstimateError(f"the {k} models are tied on all {n} problems: the statistic is 0/0")
    columns = ranks2.sum(axis=0)
    between = int(((columns - n * (k + 1)) ** 2).sum())
    statistic = (k - 1) * between / spread
    f, f_p = _iman_davenport(statistic, n, k, full=between == n * spread)
    return Friedman(
        average_ranks=tuple((columns / (2 * n)).tolist()),
        statistic=statistic,
        df=k - 1,
        p_value=float(chdtrc(k - 1, statistic)),
        iman_davenport=f,
        df1=k - 1,
        df2=(k - 1) * (n - 1),
        iman_davenport_p=f_p,
        kendall_w=statistic / (n * (k - 1)),
        n=n,
    )


def _iman_davenport(
    statistic: float, n: int, k: int, *, full: bool
) -> tuple[float | None, float | None]:
    """Give the F statistic and its p-value; ``full`` where all problems agree on the order."""
    if n == 1:
        return None, None
    if full:
        return inf, 0.0
    f = (n - 1) * statistic / (n * (k - 1) - statistic)
    return f, float(fdtrc(k - 1, (k - 1) * (n - 1), f))


def friedman_exact(scores: ArrayLike) -> float:
    """Exact p-value of Friedman's test: ranks are permuted within each problem.

    Parameters
    ----------
    scores : (n_problems, n_models)
        As in `friedman`, which also says what is raised.

    Returns
    -------
    float
        P(statistic* >= statistic), ties included.

    Raises
    ------
    NoEstimateError
        Besides, too many models and problems to count: use the Iman-Davenport p-value.
    """
    ranks2 = doubled_ranks_within(scores)
    differing = ranks2[ranks2.min(axis=1) != ranks2.max(axis=1)]
    if differing.size == 0:
        raise NoEstimateError("all scores are tied within every problem")
    return exact_tail(differing)


def doubled_ranks_within(scores: ArrayLike) -> Ints:
    """Twice the mid-ranks within each problem, 2 for the smallest score: whole numbers.

    Parameters
    ----------
    scores : (n_problems, n_models) finite

    Returns
    -------
    (n_problems, n_models) int

    Raises
    ------
    ValueError
        Not two-dimensional, under two models, or a score that is infinite or NaN.
    NoEstimateError
        No problems.
    """
    x = np.asarray(scores, dtype=np.float64)
    _check_shape(x, "scores")
    check_finite(x, name="scores")
    ordered = np.sort(x, axis=1)
    ranks2 = np.empty(x.shape, dtype=np.int64)
    for row, values in enumerate(ordered):
        below = np.searchsorted(values, x[row], side="left")
        ranks2[row] = below + np.searchsorted(values, x[row], side="right") + 1
    return ranks2


def _check_outcomes(outcomes: ArrayLike) -> Ints:
    x = np.asarray(outcomes)
    _check_shape(x, "outcomes")
    if x.dtype != np.bool_:
        values = x.astype(np.float64)
        wrong = values[~((values == 0) | (values == 1))]
        if wrong.size:
            raise ValueError(f"outcomes must hold 0 and 1 only, got {wrong[0]}")
    return x.astype(np.int64)


def _check_shape(x: NDArray[np.generic], name: str) -> None:
    if x.ndim != 2 or x.shape[1] < 2:
        raise ValueError(f"{name} must be problems x models, at least 2 models, got {x.shape}")
    if x.shape[0] == 0:
        raise NoEstimateError(f"{name} must hold at least one problem")


# Nemenyi: which average ranks differ


def nemenyi_critical_difference(k: int, n: int, *, alpha: float = 0.05) -> float:
    """Difference of average ranks beyond which two of k models differ, by Nemenyi's test.

    Whether two models differ then depends on which others were ranked with them; pairwise tests
    with a family correction do not have that flaw.

    Parameters
    ----------
    k, n : int
        Models, at least 2; problems, at least 1.
    alpha : float in (0, 1)
        Chance of any false difference, for many problems.

    Returns
    -------
    float
        q sqrt(k (k + 1) / (6 n)) with q from `range_quantile`.

    Raises
    ------
    ValueError
        Too few models or problems, ``alpha`` outside (0, 1).

    References
    ----------
    Nemenyi (1963), Distribution-free Multiple Comparisons. Demsar (2006), JMLR 7:1-30, sec 3.2.2.
    Benavoli, Corani & Mangili (2016), Should we really use post-hoc tests based on mean-ranks?,
    JMLR 17:1-10 (the flaw).
    """
    check_whole(n, name="n", least=1)
    return range_quantile(k, alpha=alpha) * sqrt(k * (k + 1) / (6 * n))


def range_quantile(k: int, *, alpha: float = 0.05) -> float:
    """Upper quantile of the range of k standard normals, over the square root of 2.

    Parameters
    ----------
    k : int
        At least 2; with 2 this is the two-sided normal quantile.
    alpha : float in (0, 1)
        Upper tail.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        ``k`` below 2, ``alpha`` outside (0, 1).

    References
    ----------
    Tippett (1925), On the extreme individuals and the range of samples, Biometrika 17:364-387.
    """
    check_whole(k, name="k", least=2)
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be between 0 and 1 (exclusive), got {alpha}")
    return float(brentq(lambda q: _range_tail(q, k) - alpha, 0.0, 80.0, xtol=1e-13) / sqrt(2))


def _range_tail(q: float, k: int) -> float:
    """P(range > q) = 1 - k times the integral of f(z) (F(z) - F(z - q))^(k - 1).

    The trapezoidal rule converges faster than any power of its step on such integrands. What the
    second factor lacks of F^(k - 1) is integrated, rather than 1 less the whole: small tails keep
    their digits.
    """
    step = 1 / 64
    z = np.arange(-9.0, 9.0 + step, step)
    density = np.exp(-z * z / 2) / sqrt(2 * pi)
    below = ndtr(z)
    # k f F^(k - 1) is the density of the largest value, which integrates to 1.
    lost = below ** (k - 1) - (below - ndtr(z - q)) ** (k - 1)
    return float((k * density * lost).sum() * step)
