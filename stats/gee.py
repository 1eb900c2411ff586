"""Generalised estimating equations: one common correlation between outcomes of one problem."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from stats.check import NoEstimateError
from stats.factors import Design, Factor, cluster_codes
from stats.logistic import fit_logistic_clustered, root_diagonal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_STEPS = 200
_CONVERGED = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class ExchangeableFit:
    """A logistic regression fitted with an exchangeable working correlation.

    Attributes
    ----------
    names : tuple of str
        ``intercept``, then ``factor:level``.
    coefficients : float, shape (k,)
        In logits, population-averaged.
    covariance : float, shape (k, k)
        Robust (sandwich) without small-sample factor: right even where the correlation is not.
    correlation : float
        Between the standardised residuals of two outcomes of one problem.
    n_clusters, n_rows : int
        Problems, and outcomes.
    """

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    correlation: float
    n_clusters: int
    n_rows: int

    @property
    def standard_errors(self) -> Floats:
        """Square roots of the diagonal of the covariance."""
        return root_diagonal(self.covariance)


def fit_exchangeable(
    passed: ArrayLike, factors: Sequence[Factor], clusters: ArrayLike
) -> ExchangeableFit:
    """Fit pass ~ factors with equal correlation between any two outcomes of one problem.

    Beside `stats.logistic.fit_logistic_clustered`, which is the same with working independence,
    this gives more weight to what differs within problems. Gauss-Newton steps for the
    coefficients alternate with moment estimates of scale and correlation.

    Parameters
    ----------
    passed : whole numbers 0 or 1, shape (rows,)
        One outcome in each row.
    factors : sequence of Factor
        Coded for the same rows.
    clusters : shape (rows,)
        Which problem each row belongs to.

    Raises
    ------
    ValueError, TypeError, NoEstimateError
        As `stats.logistic.fit_logistic_clustered`; NoEstimateError also where no problem has two
        outcomes, where the correlation leaves the range in which it is one, or without
        convergence.

    References
    ----------
    Liang & Zeger (1986), Biometrika 73(1), sec. 3 and 4.
    """
    start = fit_logistic_clustered(passed, factors, clusters)
    codes, _ = cluster_codes(clusters, start.fit.passed.shape)
    data = _Clusters(start.fit.passed, Design.of(factors, codes.size), codes)
    if data.pairs == 0:
        raise NoEstimateError("no problem has two outcomes: there is no correlation to estimate")
    coefficients = start.fit.coefficients
    for _ in range(_MOST_STEPS):
        correlation = data.correlation(coefficients)
        step, covariance = data.step(coefficients, correlation)
        coefficients = coefficients + step
        if np.abs(step).max() < _CONVERGED:
            return ExchangeableFit(
                names=start.fit.names,
                coefficients=coefficients,
                covariance=covariance,
                correlation=correlation,
                n_clusters=start.n_clusters,
                n_rows=start.n_rows,
            )
    raise NoEstimateError(f"the estimating equations did not converge in {_MOST_STEPS} steps")


@dataclass(frozen=True, slots=True)
class _Clusters:
    """Outcomes, design and cluster of each row."""

    y: Floats
    design: Design
    codes: Ints

    @property
    def sizes(self) -> Ints:
        return np.bincount(self.codes)

    @property
    def pairs(self) -> int:
        return int(np.sum(self.sizes * (self.sizes - 1)) // 2)

    def residuals(self, coefficients: Floats) -> tuple[Floats, Floats]:
        """Return Pearson residuals and standard deviations of the rows."""
        rates = expit(self.design.cells @ coefficients)[self.design.cell_of_row]
        deviation = np.sqrt(rates * (1 - rates))
        return (self.y - rates) / deviation, deviation

    def correlation(self, coefficients: Floats) -> float:
        """Moment estimate: mean product of two residuals of a cluster, over the mean square."""
        residual, _ = self.residuals(coefficients)
        squares = float(np.sum(residual**2))
        products = (float(np.sum(np.bincount(self.codes, residual) ** 2)) - squares) / 2
        found = products / self.pairs / (squares / residual.size)
        if not -1 / (int(self.sizes.max()) - 1) < found < 1:
            raise NoEstimateError(f"the working correlation is no correlation: {found:.3f}")
        return found

    def step(self, coefficients: Floats, correlation: float) -> tuple[Floats, Floats]:
        """One Gauss-Newton step, and the robust covariance at these coefficients.

        The inverse of an exchangeable correlation matrix of size m is (I - c 11') / (1 - r) with
        c = r / (1 + (m - 1) r): sums over clusters are all that is needed, no matrix of rows.
        """
        residual, deviation = self.residuals(coefficients)
        sizes, cells = self.sizes, self.design.cells
        share = (correlation / (1 + (sizes - 1) * correlation))[:, None]
        slopes = self.design.by_cluster(deviation, self.codes, sizes.size)
        gram = (cells * self.design.by_cell(deviation**2)[:, None]).T @ cells
        bread = np.linalg.inv(gram - (share * slopes).T @ slopes)
        scores = self.design.by_cluster(deviation * residual, self.codes, sizes.size)
        scores = scores - share * slopes * np.bincount(self.codes, residual)[:, None]
        covariance: Floats = bread @ (scores.T @ scores) @ bread
        return bread @ scores.sum(axis=0), covariance
