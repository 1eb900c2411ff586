"""Several samples of each problem: pass@k, errors by problem, and which noise is which.

Samples of one problem share its difficulty. What is averaged is therefore the problems' own values,
and what is resampled is problems, whole: resampling samples within the resampled problems as well
would count the noise of sampling twice, as the problems' values already carry it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_whole
from stats.factors import cluster_codes
from stats.interval import Estimate, Interval
from stats.problem_means import bootstrap_of_means, score_interval_of_means
from stats.proportion import check_counts

Floats = NDArray[np.float64]

_NOISE = 1e-14  # relative to the squares summed: below it a variance is rounding


@dataclass(frozen=True, slots=True)
class PassAtK:
    """pass@k of a benchmark: the mean over problems of each problem's unbiased estimate.

    Attributes
    ----------
    estimate : Estimate
        With `stats.problem_means.score_interval_of_means`; n is the number of problems.
    bootstrap : Interval
        Exact percentile bootstrap over problems. Of no width where all problems are alike.
    standard_error : float or None
        Square root of the sample variance of the problems' values over their number; None for a
        single problem.
    k : int
    """

    estimate: Estimate
    bootstrap: Interval
    standard_error: float | None
    k: int


@dataclass(frozen=True, slots=True)
class ClusteredError:
    """Standard errors of a mean of scores that come in clusters.

    Attributes
    ----------
    mean : float
        Of all scores.
    independent : float or None
        As if scores were independent (variance with n - 1); None for one score.
    miller : float or None
        Miller's: `independent` squared plus cross products within clusters over n^2, then the
        root; None for one score.
    cr0, cr1 : float, float or None
        Sandwich without and with the factor G / (G - 1); the latter None for one cluster.
    n, n_clusters : int
    """

    mean: float
    independent: float | None
    miller: float | None
    cr0: float
    cr1: float | None
    n: int
    n_clusters: int


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """The variance of a benchmark mean, split into problems and samples.

    Attributes
    ----------
    mean : float
        Mean of the problems' means, each with equal weight.
    variance_of_means : float
        Sample variance of the problems' means: both noises together.
    within : float
        Mean over problems of the sample variance of its samples.
    between : float
        Variance of the problems' true means, estimated; negative where the samples scatter so
        much that the problems' means should differ more than they do.
    icc : float or None
        Share of a single sample's variance that lies between problems (a negative ``between``
        counted as 0); None where nothing varies.
    n : int
        Problems.
    """

    mean: float
    variance_of_means: float
    within: float
    between: float
    icc: float | None
    n: int

    @property
    def between_truncated(self) -> float:
        """The between-problem variance, 0 where its estimate is negative."""
        return max(self.between, 0.0)

    @property
    def standard_error(self) -> float:
        """Of the mean as it was measured."""
        return sqrt(self.variance_of_means / self.n)

    def standard_error_at(self, samples: float) -> float:
        """Of the mean had each problem so many samples; ``inf`` leaves only the problems' noise."""
        if not samples >= 1:
            raise ValueError(f"samples must be at least 1, got {samples}")
        return sqrt((self.between_truncated + self.within / samples) / self.n)

    def samples_worth(self, *, excess: float = 0.05) -> int:
        """Fewest samples of each problem that bring the error within a share of its floor.

        More samples cannot push the standard error below that of the problems themselves; beyond
        this number they buy less than ``excess``, and only more problems help.

        Raises
        ------
        NoEstimateError
            The problems' variance is estimated as 0: there is no floor to come near.
        """
        if not excess > 0:
            raise ValueError(f"excess must be above 0, got {excess}")
        if self.between <= 0:
            raise NoEstimateError("no variance between problems: every further sample helps")
        return max(1, ceil(self.within / self.between / ((1 + excess) ** 2 - 1) - 1e-9))


def pass_at_k(passed: ArrayLike, samples: ArrayLike, k: int) -> Floats:
    """Chance that at least one of k samples passes, unbiased, for each problem.

    1 - C(n - c, k) / C(n, k): the share of all choices of k among the n samples that hold one of
    the c that passed. It is 1 as soon as fewer than k failed.

    Parameters
    ----------
    passed, samples : whole numbers, arrays or numbers
        0 <= passed <= samples.
    k : int
        At least 1.

    Raises
    ------
    ValueError, TypeError
        Counts out of range or not whole, k below 1.
    NoEstimateError
        A problem with fewer than k samples: there is no unbiased estimate.

    References
    ----------
    Chen et al. (2021), Evaluating Large Language Models Trained on Code, arXiv:2107.03374, eq. 1.
    """
    return _by_problem(passed, samples, k, _at_least_one)


def pass_all_k(passed: ArrayLike, samples: ArrayLike, k: int) -> Floats:
    """Chance that all of k samples pass (pass^k), unbiased, for each problem: C(c, k) / C(n, k).

    Parameters and errors are those of `pass_at_k`.

    References
    ----------
    Yao et al. (2024), tau-bench, arXiv:2406.12045, sec. 3.
    """
    return _by_problem(passed, samples, k, _all)


def pass_at_k_benchmark(
    passed: ArrayLike, samples: ArrayLike, k: int, *, level: float = 0.95
) -> PassAtK:
    """pass@k over problems, with intervals that take the problem as the unit.

    Parameters
    ----------
    passed, samples : whole numbers, shape (problems,)
        Passes and samples of each problem; numbers of samples may differ.
    k : int
        At least 1, at most the fewest samples of a problem.
    level : float
        Nominal coverage; each tail must be 1e-8 or more.

    Raises
    ------
    ValueError, TypeError, NoEstimateError
        As `pass_at_k`.
    """
    c, n = check_counts(passed, samples)
    if c.ndim != 1 or c.size == 0:
        raise ValueError(f"passed must have shape (problems,) with a problem, got {c.shape}")
    _check_k(n, k)
    values = [_at_least_one(int(x), int(m), k) for x, m in zip(c, n, strict=True)]
    problems = len(values)
    floats = np.array([float(v) for v in values])
    error = None if problems < 2 else float(floats.std(ddof=1)) / sqrt(problems)
    return PassAtK(
        estimate=score_interval_of_means(floats, level=level),
        bootstrap=bootstrap_of_means(values, level=level),
        standard_error=error,
        k=k,
    )


def clustered_error(scores: ArrayLike, clusters: ArrayLike) -> ClusteredError:
    """Standard error of a mean, with and without regard to clusters.

    Parameters
    ----------
    scores : float, shape (n,)
    clusters : shape (n,)
        Which cluster each score belongs to: problems with several samples, or groups of problems
        drawn from one source.

    Raises
    ------
    ValueError
        Shapes differ, no scores, or scores that are not finite.

    References
    ----------
    Miller (2024), Adding Error Bars to Evals, arXiv:2411.00640, sec. 2.2.
    """
    x = np.asarray(scores, dtype=np.float64)
    if x.ndim != 1 or x.size == 0 or not np.isfinite(x).all():
        raise ValueError(f"scores must be finite, of shape (n,), got {x.shape}")
    place, n_clusters = cluster_codes(clusters, x.shape)
    deviations = x - x.mean()
    squares = float(np.sum(deviations**2))
    totals = float(np.sum(np.bincount(place, deviations) ** 2))
    n = x.size
    cr0 = sqrt(totals) / n
    return ClusteredError(
        mean=float(x.mean()),
        independent=sqrt(squares / (n - 1) / n) if n > 1 else None,
        # Squares over n (n - 1) plus (totals - squares) over n^2, the same without cancellation.
        miller=sqrt(totals + squares / (n - 1)) / n if n > 1 else None,
        cr0=cr0,
        cr1=cr0 * sqrt(n_clusters / (n_clusters - 1)) if n_clusters > 1 else None,
        n=n,
        n_clusters=n_clusters,
    )


def variance_split(samples: Sequence[ArrayLike]) -> VarianceSplit:
    """Split the variance of repeated samples into problems and samples within problems.

    Parameters
    ----------
    samples : sequence of float arrays, or one array of shape (problems, samples)
        At least two problems with at least two samples each; numbers of samples may differ.

    Raises
    ------
    ValueError
        Scores that are not finite.
    NoEstimateError
        Fewer than two problems, or a problem with a single sample.

    References
    ----------
    Searle, Casella & McCulloch (1992), Variance Components, sec. 3.6, for the balanced case.
    Miller (2024), arXiv:2411.00640, sec. 3.
    """
    rows = [np.asarray(row, dtype=np.float64) for row in samples]
    if len(rows) < 2 or any(row.ndim != 1 or row.size < 2 for row in rows):
        raise NoEstimateError("two problems with two samples each are the least that can be split")
    if not all(np.isfinite(row).all() for row in rows):
        raise ValueError("samples must be finite numbers")
    means = np.array([row.mean() for row in rows])
    variances = np.array([row.var(ddof=1) for row in rows])
    sizes = np.array([row.size for row in rows])
    noise = _NOISE * max(float(np.max(row**2)) for row in rows)
    spread, within = float(means.var(ddof=1)), float(variances.mean())
    spread, within = (0.0 if v < noise else v for v in (spread, within))
    between = spread - (float(np.mean(variances / sizes)) if within > 0 else 0.0)
    single = max(between, 0.0) + within
    return VarianceSplit(
        mean=float(means.mean()),
        variance_of_means=spread,
        within=within,
        between=between,
        icc=max(between, 0.0) / single if single > 0 else None,
        n=len(rows),
    )


def _by_problem(
    passed: ArrayLike, samples: ArrayLike, k: int, chance: Callable[[int, int, int], Fraction]
) -> Floats:
    c, n = check_counts(passed, samples)
    _check_k(n, k)
    pairs, place = np.unique(np.stack([c.ravel(), n.ravel()]), axis=1, return_inverse=True)
    values = np.array([float(chance(int(x), int(m), k)) for x, m in pairs.T])
    return values[place.ravel()].reshape(c.shape)


def _check_k(samples: NDArray[np.int64], k: int) -> None:
    check_whole(k, name="k", least=1)
    if (samples < k).any():
        raise NoEstimateError(
            f"k = {k} samples are asked for and a problem has {samples.min()}: no unbiased estimate"
        )


def _at_least_one(passed: int, samples: int, k: int) -> Fraction:
    return 1 - Fraction(comb(samples - passed, k), comb(samples, k))


def _all(passed: int, samples: int, k: int) -> Fraction:
    return Fraction(comb(passed, k), comb(samples, k))
