"""Rasch model by conditional maximum likelihood: abilities of models, free of the problems.

logit P(model j passes problem i) = easiness_i + ability_j. Conditioning on how many models pass a
problem removes its easiness, so the abilities need no assumption about the problems; problems that
all or none pass say nothing about who is better. Abilities are identified by their sum being zero.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components
from scipy.special import expit, logit

from stats.alike import alike_rows
from stats.check import NoEstimateError
from stats.interval import Estimate, Interval
from stats.proportion import normal_quantile, whole_numbers
from stats.raw_scores import RawScores

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MOST_STEPS = 200
_CONVERGED = 1e-10  # largest change of an ability, in logits
_FARTHEST = 60.0  # easiness is searched so far beyond the abilities, in logits


@dataclass(frozen=True, slots=True, eq=False)
class RaschFit:
    """Abilities by conditional maximum likelihood.

    Attributes
    ----------
    ability : float, shape (models,)
        In logits, sum zero; the difficulty of an item in psychometrics is its negative.
    covariance : float, shape (models, models)
        Of the abilities; its rows add up to 0, as the abilities do.
    log_likelihood : float
        Of the outcomes given how many models pass each problem.
    n_problems, n_informative : int
        All problems, and those that some but not all of the models that tried them passed.
    """

    ability: Floats
    covariance: Floats
    log_likelihood: float
    n_problems: int
    n_informative: int

    @property
    def standard_errors(self) -> Floats:
        """Of the abilities with sum zero."""
        errors: Floats = np.sqrt(np.diag(self.covariance))
        return errors

    def difference_errors(self, reference: int) -> Floats:
        """Standard errors of ability minus that of a reference model (0 for itself)."""
        variance = np.diag(self.covariance)
        between = variance + variance[reference] - 2 * self.covariance[reference]
        between[reference] = 0.0
        errors: Floats = np.sqrt(between.clip(0))
        return errors

    def difference(self, model: int, reference: int, *, level: float = 0.95) -> Estimate:
        """Ability of one model minus another's, in logits, with a Wald interval."""
        if model == reference:
            raise ValueError(f"model and reference must differ, got {model} twice")
        value = float(self.ability[model] - self.ability[reference])
        half = normal_quantile(level) * float(self.difference_errors(reference)[model])
        interval = Interval(value - half, value + half, level, "rasch_conditional_wald")
        return Estimate(value, interval, self.n_informative)


@dataclass(frozen=True, slots=True, eq=False)
class MeanSquares:
    """How far outcomes stray from the model, for models (items) or problems (persons).

    Attributes
    ----------
    index : int, shape (m,)
        Which models or problems; those without information are left out.
    infit, outfit : float, shape (m,)
        Mean squared residuals, weighted by information or not; 1 is expected, more is noise that
        the model does not know, less is more regular than chance allows.
    infit_z, outfit_z : float, shape (m,)
        Distance from 1 in standard deviations under the model; 0 where that is 0.
    """

    index: Ints
    infit: Floats
    outfit: Floats
    infit_z: Floats
    outfit_z: Floats


def fit_rasch(outcomes: ArrayLike, *, attempted: ArrayLike | None = None) -> RaschFit:
    """Estimate abilities by conditional maximum likelihood.

    Parameters
    ----------
    outcomes : whole numbers 0 or 1, shape (problems, models)
        What stands where a problem was not attempted is not looked at.
    attempted : bool, shape (problems, models), optional
        Which outcomes exist; all by default. Problems are taken together by who attempted them,
        and work grows with the number of such groups times the square of the number of models.

    Raises
    ------
    ValueError, TypeError
        Shapes differ, fewer than two models, or outcomes that are not 0 or 1.
    NoEstimateError
        The models fall into groups of which one never fails where another passes, such as a
        model that passed nothing or everything: the difference between them has no finite
        estimate. Also without convergence.

    References
    ----------
    Andersen (1972), J. Royal Statistical Society B 34(1). Fischer (1981), Psychometrika 46(1),
    for the condition under which estimates exist.
    """
    x, tried = check_outcomes(outcomes, attempted)
    informative = _informative(x, tried)
    _check_comparable(x[informative], tried[informative])
    groups = list(_groups(x[informative], tried[informative]))
    found = _solve(groups, _start(x[informative], tried[informative]))
    return RaschFit(
        ability=found.ability,
        covariance=_centred_inverse(found.information()),
        log_likelihood=found.log_likelihood,
        n_problems=x.shape[0],
        n_informative=int(np.count_nonzero(informative)),
    )


def easiness_by_score(ability: Floats) -> tuple[Floats, Floats]:
    """Locate problems on the scale of the abilities by how many models passed them.

    Warm's weighted likelihood, which is finite also for problems that none or all passed, where
    maximum likelihood is not.

    Parameters
    ----------
    ability : float, shape (k,)
        Abilities of the models that attempted the problem.

    Returns
    -------
    easiness, standard_error : float, shape (k + 1,)
        For 0 … k passes, in logits.

    References
    ----------
    Warm (1989), Psychometrika 54(3), eq. 12.
    """
    k = ability.size
    if k == 0 or not np.isfinite(ability).all():
        raise ValueError("ability must hold at least one model, all of them finite")
    low = np.full(k + 1, -_FARTHEST - float(ability.max()))
    high = np.full(k + 1, _FARTHEST - float(ability.min()))
    score = np.arange(k + 1)
    for _ in range(100):
        middle = (low + high) / 2
        p = expit(middle[:, None] + ability)
        spread = p * (1 - p)
        information = np.maximum(spread.sum(axis=1), 1e-300)
        lean = np.sum(spread * (1 - 2 * p), axis=1) / (2 * information)
        rises = score - p.sum(axis=1) + lean > 0
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    p = expit(low[:, None] + ability)
    return low, 1 / np.sqrt(np.sum(p * (1 - p), axis=1))


def rasch_mean_squares(
    fit: RaschFit, outcomes: ArrayLike, *, attempted: ArrayLike | None = None
) -> tuple[MeanSquares, MeanSquares]:
    """Infit and outfit of the models and of the problems.

    Residuals are taken from the probabilities given the raw score, not from estimated easiness:
    so both mean squares have expectation 1 under the model, and their standard deviations are
    exact but for the abilities being estimates. With ten models a problem's mean squares are
    coarse, and their z no normal variable.

    Returns
    -------
    models, problems : MeanSquares

    References
    ----------
    Wright & Masters (1982), Rating Scale Analysis, ch. 5. Müller (2020), J. Statistical
    Distributions and Applications 7:5, for the conditional version.
    """
    x, tried = check_outcomes(outcomes, attempted)
    rows = np.flatnonzero(_informative(x, tried))
    x, tried = x[rows], tried[rows]
    rates = np.full(x.shape, 0.5)
    by_problem = np.zeros((2, rows.size))
    for group in _groups(x, tried):
        scores = RawScores.of(fit.ability[group.models])
        place = np.ix_(group.rows, group.models)
        rates[place] = scores.rates[group.scores]
        spread = scores.rates * (1 - scores.rates)
        tilt = 1 - 2 * scores.rates
        ratio = np.divide(tilt, spread, out=np.zeros_like(tilt), where=spread > 0)
        for kind, weights in enumerate((tilt, ratio)):
            by_problem[kind, group.rows] = scores.quadratic(weights)[group.scores]
    square, spread = tried * (x - rates) ** 2, tried * rates * (1 - rates)
    ratio = square / np.where(tried, rates * (1 - rates), 1)
    by_model = np.stack(
        [
            np.sum(spread * (1 - 2 * rates) ** 2, axis=0),
            np.sum(tried * (1 / (rates * (1 - rates)) - 4), axis=0),
        ]
    )
    models = _mean_squares((square, spread, ratio, tried), by_model, np.arange(x.shape[1]), axis=0)
    problems = _mean_squares((square, spread, ratio, tried), by_problem, rows, axis=1)
    return models, problems


def check_outcomes(outcomes: ArrayLike, attempted: ArrayLike | None) -> tuple[Floats, Bools]:
    """Check a table of outcomes; return it with 0 where nothing was attempted, and the mask."""
    x = np.asarray(outcomes)
    x = x.astype(np.int64) if x.dtype == np.bool_ else whole_numbers(x, name="outcomes")
    if x.ndim != 2 or x.shape[1] < 2 or x.shape[0] < 1:
        raise ValueError(f"outcomes must have shape (problems, models >= 2), got {x.shape}")
    tried = np.ones(x.shape, dtype=np.bool_) if attempted is None else np.asarray(attempted)
    if tried.shape != x.shape or tried.dtype != np.bool_:
        raise ValueError(
            f"attempted must be bool of shape {x.shape}, got {tried.dtype} {tried.shape}"
        )
    x = np.where(tried, x, 0)
    if x.min() < 0 or x.max() > 1:
        raise ValueError("outcomes must be 0 or 1")
    return x.astype(np.float64), tried


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Problems that the same models attempted: which, by whom, raw scores and passes."""

    rows: Ints
    models: Ints
    scores: Ints
    counts: Floats
    passes: Floats


def _informative(x: Floats, tried: Bools) -> Bools:
    passed = x.sum(axis=1)
    found: Bools = (passed > 0) & (passed < tried.sum(axis=1))
    return found


def _groups(x: Floats, tried: Bools) -> Iterator[_Group]:
    first, kind = alike_rows(tried)
    for index, mask in enumerate(tried[first]):
        rows, models = np.flatnonzero(kind == index), np.flatnonzero(mask)
        here = x[np.ix_(rows, models)]
        scores = here.sum(axis=1).astype(np.int64)
        counts = np.bincount(scores, minlength=models.size + 1).astype(np.float64)
        yield _Group(rows, models, scores, counts, here.sum(axis=0))


def _check_comparable(x: Floats, tried: Bools) -> None:
    """Refuse models that no chain of problems compares in both directions."""
    passed = x.astype(np.float32)  # counts stay exact up to 2^24
    better = passed.T @ (tried - passed) > 0  # j passed some problem on which l failed
    count, label = connected_components(better, connection="strong")
    if count > 1:
        sets = [np.flatnonzero(label == c).tolist() for c in range(count)]
        shown = "; ".join(str(models) for models in sorted(sets)[:6])
        raise NoEstimateError(
            "some models never fail where others pass, so the distance between them has no finite "
            f"estimate; models comparable among themselves, by column: {shown}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Abilities, and what they say about the outcomes of each group."""

    ability: Floats
    groups: list[_Group]
    scores: list[RawScores]

    @classmethod
    def at(cls, ability: Floats, groups: list[_Group]) -> "_State":
        return cls(ability, groups, [RawScores.of(ability[group.models]) for group in groups])

    @property
    def log_likelihood(self) -> float:
        found = zip(self.groups, self.scores, strict=True)
        return float(sum(g.passes @ s.ability - g.counts @ s.log_sums for g, s in found))

    def slope(self) -> Floats:
        slope = np.zeros(self.ability.size)
        for group, scores in zip(self.groups, self.scores, strict=True):
            slope[group.models] += group.passes - group.counts @ scores.rates
        return slope

    def information(self) -> Floats:
        """Exact information, of all groups."""
        return self._sum(_information)

    def approximate(self) -> Floats:
        """Information as if outcomes given the score were nearly independent."""
        return self._sum(_approximate)

    def _sum(self, part: Callable[[_Group, RawScores], Floats]) -> Floats:
        total = np.zeros((self.ability.size, self.ability.size))
        for group, scores in zip(self.groups, self.scores, strict=True):
            if group.models.size == self.ability.size:
                total += part(group, scores)
            else:
                total[np.ix_(group.models, group.models)] += part(group, scores)
        return total


def _start(x: Floats, tried: Bools) -> Floats:
    """Logits of the pass rates, stretched: unlike problems draw them towards each other."""
    ability = 1.2 * logit(x.sum(axis=0) / tried.sum(axis=0))
    centred: Floats = ability - ability.mean()
    return centred


def _solve(groups: list[_Group], ability: Floats) -> _State:
    """Maximise the conditional likelihood by Newton steps with an approximate information."""
    here = _State.at(ability, groups)
    for _ in range(_MOST_STEPS):
        step = _centred_solution(here.approximate(), here.slope())
        after = _State.at(here.ability + step, groups)
        best = here.log_likelihood
        while after.log_likelihood < best - 1e-9 * abs(best) and np.abs(step).max() > _CONVERGED:
            step = step / 2
            after = _State.at(here.ability + step, groups)
        here = after
        if np.abs(step).max() < _CONVERGED:
            return replace(here, ability=here.ability - here.ability.mean())
    raise NoEstimateError(f"the conditional likelihood did not converge in {_MOST_STEPS} steps")


def _approximate(group: _Group, scores: RawScores) -> Floats:
    """Information as if outcomes given the score were nearly independent; exact for equal models.

    Steps need no more than that.
    """
    spread = scores.rates * (1 - scores.rates)
    total = spread.sum(axis=1)
    share = group.counts / np.where(total > 0, total, 1)
    k = group.models.size
    root = spread * np.sqrt(share)[:, None]
    found: Floats = np.diag(group.counts @ spread) - root.T @ root
    return found * k / max(k - 1, 1)


def _information(group: _Group, scores: RawScores) -> Floats:
    root = scores.rates * np.sqrt(group.counts)[:, None]
    return scores.pairs(group.counts) - root.T @ root


def _centred_solution(information: Floats, slope: Floats) -> Floats:
    """Solve on the space of abilities with sum zero; a common shift carries no information."""
    k = slope.size
    solution = np.linalg.solve(information + np.trace(information) / k**2, slope)
    centred: Floats = solution - solution.mean()
    return centred


def _centred_inverse(information: Floats) -> Floats:
    """Invert on the space of abilities with sum zero; a common shift carries no information."""
    k = information.shape[0]
    scale = np.trace(information) / k
    inverse: Floats = np.linalg.inv(information + scale / k) - 1 / (scale * k)
    return inverse


def _mean_squares(
    residuals: tuple[Floats, Floats, Floats, Bools], variances: Floats, index: Ints, *, axis: int
) -> MeanSquares:
    """Take means of squared residuals along an axis, and their distance from 1."""
    square, spread, ratio, tried = (np.sum(part, axis=axis) for part in residuals)
    keep = spread > 0
    square, spread, ratio, tried = (part[keep] for part in (square, spread, ratio, tried))
    infit, outfit = square / spread, ratio / tried
    deviations = np.sqrt(variances[:, keep].clip(0)) / np.stack([spread, tried])
    # Two models, or all of equal ability: the squares cannot vary, and rounding is no distance.
    distances = np.stack([infit, outfit]) - 1
    z = np.divide(distances, deviations, out=np.zeros_like(distances), where=deviations > 1e-7)
    return MeanSquares(index[keep], infit, outfit, z[0], z[1])
