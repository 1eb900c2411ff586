"""Models against the difficulty of single problems: Rasch, 2PL and a logistic regression.

All are slow on large boards; what they give is plain data, so that it can be kept between builds.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.release import Release
from report.analysis.board import Board
from report.analysis.cells import mixes
from stats.adjusted import adjusted_rates
from stats.alike import alike_rows
from stats.check import NoEstimateError
from stats.factors import Factor
from stats.interval import Estimate
from stats.irt import (
    MarginalFit,
    expected_scores,
    fit_2pl,
    fit_rasch_marginal,
    problem_easiness,
    slope_test,
)
from stats.logistic import fit_logistic_clustered
from stats.proportion import normal_quantile
from stats.rasch import fit_rasch, rasch_mean_squares

Floats = NDArray[np.float64]

MOST_OUTCOMES = 2_500_000
"""Outcomes up to which the models are fitted: 2,300 problems of 1,000 models take half a minute."""

MOST_WORK = 30_000_000
"""Sets of problems that the same models attempted, times models squared, up to which that holds."""

FEW_OUTCOMES = 400_000
"""Outcomes up to which such sets are not counted."""

FEWEST_SLOPES = 4
"""Models from which slopes are fitted: three leave no degree of freedom to test them with."""


def abilities_data(release: Release, board: Board, *, level: float) -> dict[str, Any]:
    """Fit all three to passes and failures, as data that JSON can hold.

    Returns
    -------
    dict
        ``mix``: words for the mix that scores and rates are stated on; ``models``: the ids that
        were fitted; ``left_out``: those that passed all or none of their problems, which have no
        finite ability; ``rasch``, ``two_parameter`` and ``logistic``: what was found, or
        ``{"reason": …}`` where it has no estimate (a model is then named by its place in
        ``models``).
    """
    values = board.values["passed"]
    share = np.nanmean(values, axis=0)
    kept = [j for j, s in enumerate(share) if 0 < s < 1]
    left_out = [board.models[j] for j in range(len(board.models)) if j not in kept]
    reason = _unfit(board, kept)
    mix, weights = _mix(release, board)
    models = [board.models[j] for j in kept]
    found: dict[str, Any] = {"mix": mix, "models": models, "left_out": left_out}
    fits = {"rasch": _rasch, "two_parameter": _two_parameter, "logistic": _logistic}
    for name, fit in fits.items():
        try:
            found[name] = (
                {"reason": reason}
                if reason
                else fit(release, board, values[:, kept], models, weights, level=level)
            )
        except NoEstimateError as error:
            found[name] = {"reason": str(error)}
    return found


def _unfit(board: Board, kept: Sequence[int]) -> str:
    values = board.values["passed"]
    if board.fractional["passed"]:
        return "it needs a pass or a failure for each problem, not shares or scores"
    if len(kept) < 2:
        return "fewer than two models passed some problems and failed others"
    if values.size > MOST_OUTCOMES:
        return f"the board has more than {MOST_OUTCOMES:,} outcomes"
    if values.size > FEW_OUTCOMES:
        sets = alike_rows(~np.isnan(values[:, kept]))[0].size
        if sets * len(kept) ** 2 > MOST_WORK:
            return (
                f"the board has more than {FEW_OUTCOMES:,} outcomes, and which models attempted a "
                f"problem differs in {sets:,} ways"
            )
    return ""


def _mix(release: Release, board: Board) -> tuple[str, Floats]:
    """Weights of the problems under the reference mix: declared, equal or the benchmark's own."""
    known = mixes(release) if release.difficulties else {}
    size = len(board.problems)
    for name in ("reference", "uniform"):
        if name in known:
            title, of = known[name]
            held = [p.difficulty or "" for p in board.problems]
            number = {d: held.count(d) for d in held}
            weights = np.array([of.get(d, 0.0) / number[d] for d in held])
            if weights.sum() > 0:
                return title, weights / weights.sum()
    return "the benchmark's own mix", np.full(size, 1 / size)


def _rasch(
    _: Release,
    board: Board,
    values: Floats,
    models: Sequence[str],
    weights: Floats,
    *,
    level: float,
) -> dict[str, Any]:
    outcomes, attempted = _passes(values)
    fit = fit_rasch(outcomes, attempted=attempted)
    of_models, of_problems = rasch_mean_squares(fit, outcomes, attempted=attempted)
    marginal = fit_rasch_marginal(outcomes, attempted=attempted)
    scores = expected_scores(marginal, outcomes, weights=weights, attempted=attempted, level=level)
    half = normal_quantile(level) * fit.standard_errors
    named = [models[i] for i in of_models.index]
    squares = {
        name: dict(zip(named, getattr(of_models, name).tolist(), strict=True))
        for name in ("infit", "outfit", "infit_z", "outfit_z")
    }
    return {
        "models": list(models),
        "ability": fit.ability.tolist(),
        "low": (fit.ability - half).tolist(),
        "high": (fit.ability + half).tolist(),
        "scores": [_plain(score) for score in scores],
        **squares,
        "problems": [
            [board.problems[i].id, infit, outfit, z]
            for i, infit, outfit, z in zip(
                of_problems.index.tolist(),
                of_problems.infit.tolist(),
                of_problems.outfit.tolist(),
                of_problems.outfit_z.tolist(),
                strict=True,
            )
        ],
        "n": fit.n_problems,
        "informative": fit.n_informative,
        "reliability": _reliability(marginal, outcomes, attempted),
        "method": scores[0].interval.method,
    }


def _passes(values: Floats) -> tuple[NDArray[np.int64], NDArray[np.bool_] | None]:
    """Whole outcomes, 0 where there is none, and the mask where some are missing."""
    known = ~np.isnan(values)
    return np.where(known, values, 0).astype(np.int64), None if known.all() else known


def _reliability(
    fit: MarginalFit, outcomes: NDArray[np.int64], attempted: NDArray[np.bool_] | None
) -> float:
    """Share of the spread in problems' easiness that these models' outcomes settle."""
    _, deviation = problem_easiness(fit, outcomes, attempted=attempted)
    return float(1 - np.mean(deviation**2))


def _two_parameter(
    _: Release,
    __: Board,
    values: Floats,
    models: Sequence[str],
    weights: Floats,
    *,
    level: float,
) -> dict[str, Any]:
    if len(models) < FEWEST_SLOPES:
        raise NoEstimateError(
            f"it needs at least {FEWEST_SLOPES} models that passed some problems and failed "
            f"others, and there are {len(models)}"
        )
    outcomes, attempted = _passes(values)
    rasch = fit_rasch_marginal(outcomes, attempted=attempted)
    fit = fit_2pl(outcomes, attempted=attempted, rasch=rasch)
    scores = expected_scores(fit, outcomes, weights=weights, attempted=attempted, level=level)
    test = slope_test(rasch, fit)
    half = normal_quantile(level) * fit.slope_errors
    return {
        "models": list(models),
        "scores": [_plain(score) for score in scores],
        "slope": fit.slopes.tolist(),
        "low": (fit.slopes - half).tolist(),
        "high": (fit.slopes + half).tolist(),
        "common_slope": float(rasch.slopes[0]),
        "n": fit.n_problems,
        "p": test.p_value,
        "test": test.method,
        "method": scores[0].interval.method,
    }


def _logistic(
    release: Release,
    board: Board,
    values: Floats,
    models: Sequence[str],
    weights: Floats,
    *,
    level: float,
) -> dict[str, Any]:
    rows, columns = np.nonzero(~np.isnan(values))
    factors = [Factor.of("model", [models[j] for j in columns.tolist()], models)]
    names = {"difficulty": release.difficulties, "category": release.categories}
    held = {
        name: [getattr(p, name) or "" for p in board.problems]
        for name, declared in names.items()
        if declared
    }
    held = {name: labels for name, labels in held.items() if len(set(labels)) > 1}
    if not held:
        raise NoEstimateError("the problems have neither categories nor difficulties to explain by")
    for name, labels in held.items():
        levels = [d for d in (*names[name], "") if d in labels]
        factors.append(Factor.of(name, [labels[i] for i in rows.tolist()], levels))
    fit = fit_logistic_clustered(values[rows, columns].astype(np.int64), factors, rows)
    mix: dict[tuple[str, ...], float] = {}
    for cell, weight in zip(zip(*held.values(), strict=True), weights.tolist(), strict=True):
        mix[cell] = mix.get(cell, 0.0) + weight
    rates = adjusted_rates(
        fit.fit, list(mix), list(mix.values()), covariance=fit.covariance, level=level
    )
    return {
        "rates": {rate.level: _plain(rate.estimate) for rate in rates},
        "factors": list(held),
        "clusters": fit.n_clusters,
        "rows": fit.n_rows,
        "method": rates[0].estimate.interval.method,
    }


def _plain(estimate: Estimate) -> list[float]:
    limits = estimate.interval
    return [estimate.value, limits.low, limits.high, estimate.n]
