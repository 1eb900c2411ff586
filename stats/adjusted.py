"""Adjusted abilities: what each model would be expected to pass of a stated mix of problems."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from stats.factors import Design, Factor
from stats.interval import Estimate, Interval
from stats.logistic import LogisticFit
from stats.proportion import normal_quantile

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AdjustedRate:
    """A model's expected pass rate on the reference mix, as the regression sees it."""

    level: str
    estimate: Estimate


def adjusted_rates(
    fit: LogisticFit,
    cells: Sequence[tuple[str, ...]],
    weights: ArrayLike,
    *,
    covariance: Floats | None = None,
    level: float = 0.95,
) -> tuple[AdjustedRate, ...]:
    """Predict the pass rate of each level of the first factor on a stated mix of the others.

    The mean of the fitted probabilities over the mix, so it reads like a raw rate; its interval is
    computed on the logit scale by the delta method and stays within 0 and 1.

    Parameters
    ----------
    fit : LogisticFit
        The first factor holds what is compared (models).
    cells : sequence of tuples of str
        Cells of the mix: a level for each factor but the first, in the factors' order.
    weights : float, shape (cells,)
        At least 0, not all 0; rescaled to sum 1.
    covariance : float, shape (k, k), optional
        Of the coefficients; the model-based one by default, the clustered one where the same
        problems were put to all.
    level : float
        Nominal coverage in (0, 1).

    Raises
    ------
    ValueError
        A cell that the fit does not know, or weights that are no mix.

    References
    ----------
    Lane & Nelder (1982), Biometrics 38(3). Oehlert (1992), The American Statistician 46(1), for
    the delta method.
    """
    subject, *others = fit.factors
    w = mix_weights(weights, len(cells))
    matrix = fit.covariance if covariance is None else covariance
    columns = [
        Factor.of(factor.name, [cell[index] for cell in cells], factor.levels)
        for index, factor in enumerate(others)
    ]
    sizes = np.bincount(subject.codes, fit.totals, len(subject.levels))
    found = []
    for code, name in enumerate(subject.levels):
        same = Factor(subject.name, subject.levels, np.full(len(cells), code))
        design = Design.of([same, *columns], len(cells))
        value, error = _expected(design, w, fit.coefficients, matrix)
        half = normal_quantile(level) * error
        low, high = expit(logit(value) - half), expit(logit(value) + half)
        interval = Interval(float(low), float(high), level, "logistic_standardised_delta")
        found.append(AdjustedRate(name, Estimate(value, interval, int(sizes[code]))))
    return tuple(found)


def mix_weights(weights: ArrayLike, size: int) -> Floats:
    """Check the weights of a mix and rescale them to sum 1."""
    w = np.asarray(weights, dtype=np.float64)
    if w.shape != (size,):
        raise ValueError(f"weights must have shape ({size},), one for each cell, got {w.shape}")
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise ValueError(f"weights must be finite, at least 0 and not all 0, got {w.tolist()}")
    scaled: Floats = w / w.sum()
    return scaled


def _expected(
    design: Design, weights: Floats, coefficients: Floats, covariance: Floats
) -> tuple[float, float]:
    """Mean fitted probability over the mix, and the standard error of its logit."""
    rates = expit(design.cells @ coefficients)
    w = design.by_cell(weights)
    value = float(w @ rates)
    gradient = (w * rates * (1 - rates)) @ design.cells / (value * (1 - value))
    held = np.flatnonzero(gradient)  # few of many models' coefficients matter to one of them
    part = gradient[held]
    return value, float(np.sqrt(part @ covariance[np.ix_(held, held)] @ part))
