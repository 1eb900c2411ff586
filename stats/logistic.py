"""Logistic regression of passing on model, difficulty and category.

Maximum likelihood with treatment coding. Errors come from the information, or from a sandwich that
treats each problem as a cluster: the models' outcomes on one problem share its difficulty beyond
the label it carries. Where outcomes are separated no finite estimate exists and none is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog
from scipy.special import chdtrc, expit, log_expit

from stats.check import NoEstimateError
from stats.factors import Design, Factor, cluster_codes
from stats.interval import TestResult
from stats.proportion import whole_numbers

Floats = NDArray[np.float64]

_MOST_STEPS = 100  # Newton takes five to ten; more means that something is wrong
_CONVERGED = 1e-11  # largest change of a coefficient, in logits
_DIRECTION = 1e-7  # a direction of separation longer than this is one, not rounding


@dataclass(frozen=True, slots=True, eq=False)
class LogisticFit:
    """A fitted model.

    Attributes
    ----------
    names : tuple of str
        ``intercept``, then ``factor:level``.
    coefficients : float, shape (k,)
        In logits.
    covariance : float, shape (k, k)
        Of the coefficients: inverse information.
    log_likelihood : float
        Of the single 0/1 outcomes, without binomial coefficients.
    factors : tuple of Factor
        What explains, for the rows of the data.
    passed, totals : float, shape (rows,)
        The data.
    """

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    factors: tuple[Factor, ...]
    passed: Floats
    totals: Floats

    @property
    def standard_errors(self) -> Floats:
        """Square roots of the diagonal of the covariance."""
        return root_diagonal(self.covariance)

    @property
    def n(self) -> int:
        """Outcomes behind the fit."""
        return int(self.totals.sum())


@dataclass(frozen=True, slots=True, eq=False)
class ClusteredFit:
    """The same coefficients with errors that allow outcomes of one problem to depend.

    Attributes
    ----------
    fit : LogisticFit
        With its model-based covariance.
    covariance : float, shape (k, k)
        Sandwich without small-sample factor (cr0).
    n_clusters, n_rows : int
        Problems, and outcomes.
    """

    fit: LogisticFit
    covariance: Floats
    n_clusters: int
    n_rows: int

    @property
    def cr0(self) -> Floats:
        """Standard errors without small-sample factor; a little too small with few problems."""
        return root_diagonal(self.covariance)

    @property
    def cr1(self) -> Floats:
        """Standard errors times sqrt(G / (G - 1)), for G problems."""
        return root_diagonal(self.covariance * self.n_clusters / (self.n_clusters - 1))

    @property
    def cr1s(self) -> Floats:
        """Standard errors times sqrt(G / (G - 1) * (N - 1) / (N - K)), for N rows."""
        spare = self.n_rows - self.covariance.shape[0]
        if spare < 1:
            raise NoEstimateError(f"{self.n_rows} outcomes leave nothing beside the coefficients")
        factor = self.n_clusters / (self.n_clusters - 1) * (self.n_rows - 1) / spare
        return root_diagonal(self.covariance * factor)


@dataclass(frozen=True, slots=True)
class FactorTest:
    """Likelihood-ratio test of leaving out a factor."""

    test: TestResult
    degrees_of_freedom: int


def fit_logistic(passed: ArrayLike, totals: ArrayLike, factors: Sequence[Factor]) -> LogisticFit:
    """Fit logit P(pass) = intercept + one term for each level of each factor.

    Parameters
    ----------
    passed, totals : whole numbers, shape (rows,)
        Passes and outcomes in each row; a row is a cell of counts or, with total 1, an outcome.
        Rows with total 0 carry nothing.
    factors : sequence of Factor
        At least one, coded for the same rows.

    Raises
    ------
    ValueError, TypeError
        Shapes differ, counts are out of range or not whole.
    NoEstimateError
        A level without outcomes, factors that cannot be told apart, separated outcomes (the
        message names the coefficients that would be infinite), or no convergence.

    References
    ----------
    McCullagh & Nelder (1989), Generalized Linear Models, ch. 4. Albert & Anderson (1984),
    Biometrika 71(1), for separation; Konis (2007), thesis, Oxford, ch. 4, for finding it by
    linear programming.
    """
    x, n = _counts(passed, totals, factors)
    held = n > 0
    design = Design.of([Factor(f.name, f.levels, f.codes[held]) for f in factors], int(held.sum()))
    cell_x, cell_n = design.by_cell(x[held]), design.by_cell(n[held])
    _check_identified(design)
    _check_separation(cell_x, cell_n, design)
    coefficients, information = _newton(cell_x, cell_n, design.cells)
    return LogisticFit(
        names=design.names,
        coefficients=coefficients,
        covariance=np.linalg.inv(information).astype(np.float64),
        log_likelihood=_log_likelihood(cell_x, cell_n, design.cells @ coefficients),
        factors=tuple(factors),
        passed=x,
        totals=n,
    )


def fit_logistic_clustered(
    passed: ArrayLike, factors: Sequence[Factor], clusters: ArrayLike
) -> ClusteredFit:
    """Fit as `fit_logistic`, with a sandwich covariance clustered by problem.

    Parameters
    ----------
    passed : whole numbers 0 or 1, shape (rows,)
        One outcome in each row.
    factors : sequence of Factor
        Coded for the same rows.
    clusters : shape (rows,)
        Which problem each row belongs to; any values that can be sorted.

    Raises
    ------
    ValueError, TypeError, NoEstimateError
        As `fit_logistic`; NoEstimateError also where there is one problem only.

    References
    ----------
    Liang & Zeger (1986), Biometrika 73(1). Cameron & Miller (2015), Journal of Human Resources
    50(2), sec. II, for the factors.
    """
    fit = fit_logistic(passed, np.ones(np.shape(passed), dtype=np.int64), factors)
    codes, n_clusters = cluster_codes(clusters, fit.passed.shape)
    if n_clusters < 2:
        raise NoEstimateError("one problem only: errors clustered by problem need at least two")
    design = Design.of(factors, codes.size)
    rates = expit(design.cells @ fit.coefficients)[design.cell_of_row]
    scores = design.by_cluster(fit.passed - rates, codes, n_clusters)
    covariance = fit.covariance @ (scores.T @ scores) @ fit.covariance
    return ClusteredFit(fit, covariance, n_clusters, codes.size)


def factor_test(fit: LogisticFit, name: str) -> FactorTest:
    """Test by likelihood ratio whether a factor explains anything beside the others.

    The chi-square distribution takes outcomes as independent; with several models on the same
    problems it is a first look only.

    Raises
    ------
    ValueError
        The fit has no factor of this name.
    NoEstimateError
        The factor has a single level.
    """
    others = [factor for factor in fit.factors if factor.name != name]
    freedom = sum(len(factor.names) for factor in fit.factors if factor.name == name)
    if len(others) == len(fit.factors):
        raise ValueError(f"no factor {name!r}; known: {[factor.name for factor in fit.factors]}")
    if freedom == 0:
        raise NoEstimateError(f"{name} has a single level: nothing to test")
    design = Design.of(others, fit.totals.size)
    x, n = design.by_cell(fit.passed), design.by_cell(fit.totals)
    coefficients, _ = _newton(x, n, design.cells)
    smaller = _log_likelihood(x, n, design.cells @ coefficients)
    statistic = max(2 * (fit.log_likelihood - smaller), 0.0)
    p_value = float(chdtrc(freedom, statistic))
    return FactorTest(TestResult(p_value, "likelihood_ratio", statistic), freedom)


def root_diagonal(covariance: Floats) -> Floats:
    """Return standard errors: square roots of the diagonal."""
    roots: Floats = np.sqrt(np.diag(covariance))
    return roots


def _counts(
    passed: ArrayLike, totals: ArrayLike, factors: Sequence[Factor]
) -> tuple[Floats, Floats]:
    """Check that rows and levels hold together."""
    x, n = whole_numbers(passed, name="passed"), whole_numbers(totals, name="totals")
    if not factors or x.ndim != 1 or any(a.shape != x.shape for a in (n, *_codes(factors))):
        shapes = [codes.shape for codes in _codes(factors)]
        raise ValueError(
            "passed, totals and at least one factor must have one shape (rows,), "
            f"got {x.shape}, {n.shape} and {shapes}"
        )
    if (x < 0).any() or (x > n).any():
        raise ValueError("passed must be between 0 and totals in every row")
    for factor in factors:
        seen = set(factor.codes[n > 0].tolist())
        missing = [level for code, level in enumerate(factor.levels) if code not in seen]
        if missing:
            raise NoEstimateError(f"{factor.name} has no outcome for {', '.join(missing)}")
    return x.astype(np.float64), n.astype(np.float64)


def _codes(factors: Sequence[Factor]) -> list[NDArray[np.int64]]:
    return [factor.codes for factor in factors]


def _check_identified(design: Design) -> None:
    if np.linalg.matrix_rank(design.cells) < design.cells.shape[1]:
        names = ", ".join(factor.name for factor in design.factors)
        raise NoEstimateError(f"the levels of {names} cannot be told apart: some imply others")


def _check_separation(x: Floats, n: Floats, design: Design) -> None:
    """Refuse data whose likelihood rises without end along some direction.

    A direction separates if it pushes no cell against its outcomes and some cell towards them:
    cells of passes only up, of failures only down, and cells of both not at all.
    """
    sign = np.where(x == n, 1.0, np.where(x == 0, -1.0, 0.0))
    towards = design.cells[sign != 0] * sign[sign != 0, None]
    mixed = design.cells[sign == 0]
    if towards.size == 0:
        return
    found = linprog(
        -towards.sum(axis=0),
        A_ub=-towards,
        b_ub=np.zeros(towards.shape[0]),
        A_eq=mixed if mixed.size else None,
        b_eq=np.zeros(mixed.shape[0]) if mixed.size else None,
        bounds=(-1, 1),
        method="highs",
    )
    if found.status != 0:
        raise NoEstimateError(f"separation could not be ruled out: {found.message}")
    if -found.fun > _DIRECTION:
        along = [name for name, b in zip(design.names, found.x, strict=True) if abs(b) > _DIRECTION]
        raise NoEstimateError(
            "separated outcomes: some group passed or failed as a whole, so the likelihood has "
            f"no finite maximum along {', '.join(along)}"
        )


def _newton(x: Floats, n: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Maximise the likelihood; return the coefficients and the information at them."""
    coefficients = np.zeros(design.shape[1])
    best = _log_likelihood(x, n, design @ coefficients)
    for _ in range(_MOST_STEPS):
        rates = expit(design @ coefficients)
        information = (design * (n * rates * (1 - rates))[:, None]).T @ design
        step = np.linalg.solve(information, design.T @ (x - n * rates))
        value = _log_likelihood(x, n, design @ (coefficients + step))
        while value < best - 1e-9 * abs(best) and np.abs(step).max() > _CONVERGED:
            step = step / 2
            value = _log_likelihood(x, n, design @ (coefficients + step))
        coefficients, best = coefficients + step, value
        if np.abs(step).max() < _CONVERGED:
            return coefficients, information
    raise NoEstimateError(f"the logistic fit did not converge in {_MOST_STEPS} steps")


def _log_likelihood(x: Floats, n: Floats, logits: Floats) -> float:
    return float(x @ log_expit(logits) + (n - x) @ log_expit(-logits))
