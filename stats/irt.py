"""Item response theory by marginal maximum likelihood: Rasch and the two-parameter model.

The columns of a table of outcomes (models) answer its rows (problems). Problems are taken as a
sample from a population with normal easiness, so unlike in `stats.rasch` those that all or none
pass count, models may have attempted different problems, and a model's ability can be said as the
score it would be expected to get on a stated mix of the problems.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, expit, logit

from stats.check import NoEstimateError
from stats.interval import Estimate, Interval, TestResult
from stats.marginal import Block, Curves, TwoParameterLikelihood, nodes_of
from stats.marginal_rasch import RaschLikelihood, ScoreBlock
from stats.proportion import normal_quantile, whole_numbers
from stats.rasch import check_outcomes

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Likelihood = RaschLikelihood | TwoParameterLikelihood

_MOST_STEPS = 500
_CONVERGED = 1e-9  # largest change of a slope or intercept
_LONGEST_STEP = 1.5  # of a slope or intercept; the likelihood is far from quadratic beyond
_STEEPEST = 40.0  # a slope like this is a step: the likelihood is still rising
_FLAT = 1e-4  # spread of easiness, in logits, that cannot be told from none


@dataclass(frozen=True, slots=True, eq=False)
class MarginalFit:
    """A fitted latent-trait model.

    Attributes
    ----------
    kind : "rasch" or "2pl"
        One slope for all models, or one for each.
    slopes : float, shape (models,)
        Gain in the logit of passing for one standard deviation of easiness. In a Rasch fit all
        equal the standard deviation of easiness in logits.
    intercepts : float, shape (models,)
        Ability: the logit of passing a problem of average easiness.
    covariance : float, shape (2 models, 2 models)
        Of slopes and intercepts, in this order: inverse observed information.
    log_likelihood : float
        Sum over problems of the log probability of their pattern of outcomes.
    n_parameters : int
    n_problems : int
        Problems that some model attempted.
    """

    kind: Literal["rasch", "2pl"]
    slopes: Floats
    intercepts: Floats
    covariance: Floats
    log_likelihood: float
    n_parameters: int
    n_problems: int

    @property
    def ability(self) -> Floats:
        """The intercepts, by the name that a reader of the report knows."""
        return self.intercepts

    @property
    def ability_errors(self) -> Floats:
        """Standard errors of the abilities."""
        return np.sqrt(np.diag(self.covariance)[self.slopes.size :])

    @property
    def slope_errors(self) -> Floats:
        """Standard errors of the slopes."""
        return np.sqrt(np.diag(self.covariance)[: self.slopes.size])

    @property
    def difficulty(self) -> Floats:
        """Easiness at which a model passes half, in standard deviations: the b of the 2PL."""
        return -self.intercepts / self.slopes

    @property
    def difficulty_errors(self) -> Floats:
        """Standard errors of the difficulties, by the delta method."""
        k = self.slopes.size
        variance = np.diag(self.covariance)
        mixed = np.diag(self.covariance[:k, k:])
        # d difficulty = -(difficulty d slope + d intercept) / slope
        squares = self.difficulty**2 * variance[:k] + variance[k:] + 2 * self.difficulty * mixed
        errors: Floats = np.sqrt(squares) / np.abs(self.slopes)
        return errors


def fit_rasch_marginal(
    outcomes: ArrayLike, *, counts: ArrayLike | None = None, attempted: ArrayLike | None = None
) -> MarginalFit:
    """Fit the Rasch model with normally distributed easiness of the problems.

    Parameters
    ----------
    outcomes : whole numbers 0 or 1, shape (rows, models)
        A row for each problem, or for each pattern of outcomes with its count.
    counts : whole numbers, shape (rows,), optional
        Problems behind each row; 1 by default.
    attempted : bool, shape (rows, models), optional
        Which outcomes exist; all by default. What is missing is taken as missing at random given
        the outcomes that exist.

    Raises
    ------
    ValueError, TypeError
        Shapes differ, fewer than two models, outcomes that are not 0 or 1.
    NoEstimateError
        A model that passed nothing or everything it attempted, or no convergence.

    Notes
    -----
    Where the problems differ no more than chance, the slopes are 0 and their errors infinite
    knowledge of nothing: that too is refused.

    References
    ----------
    Bock & Aitkin (1981), Psychometrika 46(4). Thissen (1982), Psychometrika 47(2).
    """
    data = _Data.of(outcomes, counts, attempted)
    likelihood = RaschLikelihood(ScoreBlock.of(data.x, data.tried, data.counts))
    return _fit(data, likelihood, np.append(1.0, 1.2 * logit(data.rates())), "rasch")


def fit_2pl(
    outcomes: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    attempted: ArrayLike | None = None,
    rasch: MarginalFit | None = None,
) -> MarginalFit:
    """Fit the two-parameter logistic model: each model has a slope of its own.

    A model with a small slope passes and fails with little regard to what others find easy. It
    takes a few hundred problems to tell slopes apart; `slope_test` says whether these data do.
    Parameters and errors are those of `fit_rasch_marginal`; NoEstimateError also where a slope
    grows without bound. The sign is the one with a positive sum of slopes. ``rasch`` is where the
    search starts, for whoever has fitted it to the same outcomes already.

    References
    ----------
    Birnbaum (1968), in Lord & Novick, Statistical Theories of Mental Test Scores, ch. 17.
    Bock & Aitkin (1981), Psychometrika 46(4).
    """
    data = _Data.of(outcomes, counts, attempted)
    if rasch is None:
        rasch = fit_rasch_marginal(outcomes, counts=counts, attempted=attempted)
    start = np.concatenate([rasch.slopes, rasch.intercepts])
    likelihood = TwoParameterLikelihood(Block.of(data.x, data.tried, data.counts))
    return _fit(data, likelihood, start, "2pl")


def slope_test(rasch: MarginalFit, two_parameter: MarginalFit) -> TestResult:
    """Test by likelihood ratio whether the models' slopes differ.

    Both fits must be of the same outcomes. Chi-square on models - 1 degrees of freedom.
    """
    freedom = two_parameter.n_parameters - rasch.n_parameters
    if freedom != rasch.slopes.size - 1 or rasch.n_problems != two_parameter.n_problems:
        raise ValueError("slope_test needs a Rasch fit and a 2PL fit of the same outcomes")
    statistic = max(2 * (two_parameter.log_likelihood - rasch.log_likelihood), 0.0)
    return TestResult(float(chdtrc(freedom, statistic)), "likelihood_ratio_slopes", statistic)


def problem_easiness(
    fit: MarginalFit, outcomes: ArrayLike, *, attempted: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Posterior mean and standard deviation of each problem's easiness.

    In standard deviations of easiness, 0 for an average problem; multiply by a Rasch fit's slope
    for logits. A problem that no model attempted has the prior's, 0 and 1.

    Returns
    -------
    mean, deviation : float, shape (problems,)
    """
    x, tried = check_outcomes(outcomes, attempted)
    nodes, weights = _node_weights(fit, x, tried)
    mean = weights @ nodes
    variance = weights @ nodes**2 - mean**2
    return mean, np.sqrt(variance.clip(0))


def expected_scores(
    fit: MarginalFit,
    outcomes: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    attempted: ArrayLike | None = None,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Say each model's ability as its expected pass rate on a stated mix of the problems.

    The fitted probability of passing, averaged over what the outcomes say about each problem's
    easiness. With equal weights and no outcome missing it is the raw rate itself (in a Rasch fit
    exactly), so that the two can be read side by side; it differs where models attempted different
    problems or where the mix is another. The interval is the model's own: its ability and slope
    with their errors, delta method on the logit scale, the mix held fixed.

    Parameters
    ----------
    fit : MarginalFit
        Of these outcomes.
    outcomes : whole numbers 0 or 1, shape (problems, models)
    weights : float, shape (problems,), optional
        The mix: for a mix of difficulties, each problem's share of its stratum's weight. Equal by
        default.
    attempted : bool, shape (problems, models), optional
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError, TypeError
        Shapes differ, or weights that are no mix.
    """
    x, tried = check_outcomes(outcomes, attempted)
    if x.shape[1] != fit.slopes.size:
        raise ValueError(f"the fit has {fit.slopes.size} models, outcomes have {x.shape[1]}")
    w = _problem_weights(weights, x.shape[0])
    nodes, posterior = _node_weights(fit, x, tried)
    mix = w @ posterior
    p = expit(Curves(fit.slopes, fit.intercepts).logits(nodes))
    values, spread = p @ mix, p * (1 - p) * mix
    # In a Rasch fit the slope is the unit of easiness, which the mix holds fixed.
    by_slope = spread @ nodes if fit.kind == "2pl" else np.zeros(values.size)
    gradient = np.stack([by_slope, spread.sum(axis=1)]) / (values * (1 - values))
    half = normal_quantile(level) * _curve_errors(fit, gradient)
    low, high = expit(logit(values) - half), expit(logit(values) + half)
    tries = tried[w > 0].sum(axis=0)
    method = f"{fit.kind}_expected_score_delta"
    return tuple(
        Estimate(float(v), Interval(float(lo), float(hi), level, method), int(n))
        for v, lo, hi, n in zip(values, low, high, tries, strict=True)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    """A checked table."""

    x: Floats
    tried: Bools
    counts: Floats

    @classmethod
    def of(
        cls, outcomes: ArrayLike, counts: ArrayLike | None, attempted: ArrayLike | None
    ) -> "_Data":
        x, tried = check_outcomes(outcomes, attempted)
        n = np.ones(x.shape[0], dtype=np.int64)
        if counts is not None:
            n = whole_numbers(counts, name="counts")
        if n.shape != x.shape[:1] or (n < 0).any():
            raise ValueError(f"counts must be at least 0, one for each of {x.shape[0]} rows")
        data = cls(x, tried, n.astype(np.float64))
        rates = data.rates()
        if ((rates <= 0) | (rates >= 1)).any():
            extreme = np.flatnonzero((rates <= 0) | (rates >= 1)).tolist()
            raise NoEstimateError(
                f"models (by column) {extreme} passed none or all of what they attempted: "
                "their ability has no finite estimate"
            )
        return data

    def rates(self) -> Floats:
        """Raw rates of the models; 0 for one that attempted nothing."""
        tries = self.counts @ self.tried
        return (self.counts @ self.x) / np.where(tries > 0, tries, 1)


def _fit(
    data: _Data,
    likelihood: Likelihood,
    parameters: Floats,
    kind: Literal["rasch", "2pl"],
) -> MarginalFit:
    """Maximise on nodes that are fine enough."""
    k = data.x.shape[1]
    nodes = nodes_of(likelihood.curves(parameters).spacing() / 2)
    while True:
        parameters, inverse = _maximise(likelihood, parameters, nodes)
        curves = likelihood.curves(parameters)
        if curves.spacing() >= nodes[1] - nodes[0]:
            break
        nodes = nodes_of(curves.spacing() / 2)
    sign = -1.0 if curves.slopes.sum() < 0 else 1.0
    covariance = likelihood.covariance(inverse)
    covariance[:k, k:] *= sign
    covariance[k:, :k] *= sign
    return MarginalFit(
        kind=kind,
        slopes=sign * curves.slopes,
        intercepts=curves.intercepts,
        covariance=covariance,
        log_likelihood=likelihood.value(parameters, nodes),
        n_parameters=parameters.size,
        n_problems=int(data.counts[data.tried.any(axis=1)].sum()),
    )


def _maximise(likelihood: Likelihood, parameters: Floats, nodes: Floats) -> tuple[Floats, Floats]:
    """Newton's steps where the likelihood is concave, EM-like ones where it is not.

    Returns the parameters and the inverse of the observed information at them.
    """
    best = likelihood.value(parameters, nodes)
    for _ in range(_MOST_STEPS):
        _check_finite(likelihood.curves(parameters))
        score, observed, complete = likelihood.derivatives(parameters, nodes)
        concave = _positive(observed)
        step = np.linalg.solve(observed if concave else complete, score)
        step = step * min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        if concave and np.abs(step).max() < _CONVERGED:
            covariance: Floats = np.linalg.inv(observed).astype(np.float64)
            return parameters + step, covariance
        value = likelihood.value(parameters + step, nodes)
        while value < best - 1e-10 * abs(best) and np.abs(step).max() > _CONVERGED:
            step = step / 2
            value = likelihood.value(parameters + step, nodes)
        parameters, best = parameters + step, value
    raise NoEstimateError(f"the marginal likelihood did not converge in {_MOST_STEPS} steps")


def _positive(information: Floats) -> bool:
    """Whether all eigenvalues are above 0, found without computing them."""
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return False
    return True


def _check_finite(curves: Curves) -> None:
    steep = np.flatnonzero(np.abs(curves.slopes) > _STEEPEST).tolist()
    if steep:
        raise NoEstimateError(f"the slopes of models (by column) {steep} grow without bound")
    if float(np.abs(curves.slopes).max()) < _FLAT:
        raise NoEstimateError(
            "the problems differ no more than chance: there is no spread of easiness to model"
        )


def _node_weights(fit: MarginalFit, x: Floats, tried: Bools) -> tuple[Floats, Floats]:
    """Posterior of each problem's easiness on nodes; shape (problems, nodes)."""
    curves = Curves(fit.slopes, fit.intercepts)
    nodes = nodes_of(curves.spacing())
    prior = np.exp(-(nodes**2) / 2)
    weights = np.tile(prior / prior.sum(), (x.shape[0], 1))
    for block in Block.of(x, tried, np.ones(x.shape[0])):
        weights[block.rows] = block.posterior(curves, nodes)[1][block.place]
    return nodes, weights


def _problem_weights(weights: ArrayLike | None, problems: int) -> Floats:
    w = np.ones(problems) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (problems,):
        raise ValueError(f"weights must have one value for each problem, got shape {w.shape}")
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise ValueError("weights must be finite, at least 0 and not all 0")
    scaled: Floats = w / w.sum()
    return scaled


def _curve_errors(fit: MarginalFit, gradient: Floats) -> Floats:
    """Standard errors of functions of each model's own slope and intercept."""
    k = fit.slopes.size
    place = np.arange(k)
    slope, mixed, intercept = (
        fit.covariance[place, place],
        fit.covariance[place, k + place],
        fit.covariance[k + place, k + place],
    )
    by_slope, by_intercept = gradient
    variance = by_slope**2 * slope + 2 * by_slope * by_intercept * mixed
    errors: Floats = np.sqrt((variance + by_intercept**2 * intercept).clip(0))
    return errors
