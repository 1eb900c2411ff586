"""Find many roots at once: one bracketed solver for every interval that inverts a test."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from stats.check import NoEstimateError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MOST_STEPS = 120  # bisection alone needs 53 from a bracket of width 1 to double precision
_BLOCK = 1 << 13  # elements solved together: the working arrays stay in the processor's cache


def bracketed_roots(
    function: Callable[..., Floats],
    low: Floats,
    high: Floats,
    *parameters: NDArray[np.generic],
    tolerance: float = 1e-13,
) -> Floats:
    """Root of a function in each of many brackets, by Chandrupatla's method.

    Inverse quadratic interpolation where it is safe, bisection elsewhere: superlinear on smooth
    functions, never slower than bisection by more than a constant.

    Parameters
    ----------
    function : callable
        ``function(x, *parameters)``, elementwise, without NaN; called with subsets of the elements.
    low, high : float, shape (k,)
        Ends of the brackets, in either order. The function must not have the same sign at both;
        where it is 0 at an end, that end is the root.
    *parameters : shape (k,) each
        What the function needs to know of each element.
    tolerance : float, > 0
        Half-width of the final bracket, absolute below 1 and relative above.

    Returns
    -------
    float, shape (k,)

    Raises
    ------
    NoEstimateError
        A bracket holds no change of sign, or the steps ran out.

    References
    ----------
    Chandrupatla (1997), Advances in Engineering Software 28:145-149.
    """
    roots = np.empty(low.shape)
    for start in range(0, low.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        inputs = tuple(parameter[part] for parameter in parameters)
        roots[part] = _solve(function, low[part], high[part], inputs, tolerance)
    return roots


def _solve(
    function: Callable[..., Floats],
    low: Floats,
    high: Floats,
    parameters: tuple[NDArray[np.generic], ...],
    tolerance: float,
) -> Floats:
    # newest and across always enclose the root; older is the point before newest.
    newest, across = low.astype(float), high.astype(float)
    f_newest, f_across = function(newest, *parameters), function(across, *parameters)
    _check_signs(f_newest, f_across, low, high)
    roots, place = np.empty(low.shape), np.arange(low.size)
    fraction = np.full(low.shape, 0.5)
    for _ in range(_MOST_STEPS):
        trial = newest + fraction * (across - newest)
        f_trial = function(trial, *parameters)
        stays = np.sign(f_trial) == np.sign(f_newest)
        older, f_older = np.where(stays, newest, across), np.where(stays, f_newest, f_across)
        across = np.where(stays, across, newest)
        f_across = np.where(stays, f_across, f_newest)
        newest, f_newest = trial, f_trial
        nearer = np.abs(f_newest) < np.abs(f_across)
        best = np.where(nearer, newest, across)
        width = np.abs(across - newest)
        limit = tolerance * np.maximum(1.0, np.abs(best))
        done = (width <= 2 * limit) | (f_newest == 0) | (f_across == 0)
        roots[place[done]] = best[done]
        if done.all():
            return roots
        go = ~done
        points = (newest[go], across[go], older[go], f_newest[go], f_across[go], f_older[go])
        newest, across, _, f_newest, f_across, _ = points
        place, parameters = place[go], tuple(parameter[go] for parameter in parameters)
        least = limit[go] / width[go]
        fraction = np.clip(_next_fraction(*points), least, 1 - least)
    raise NoEstimateError(f"no convergence within {_MOST_STEPS} steps of root finding")


def _check_signs(f_low: Floats, f_high: Floats, low: Floats, high: Floats) -> None:
    wrong = ~(np.sign(f_low) * np.sign(f_high) <= 0)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise NoEstimateError(
            f"no change of sign between {low[first]} and {high[first]}: "
            f"{f_low[first]} and {f_high[first]}"
        )


def _next_fraction(
    newest: Floats,
    across: Floats,
    older: Floats,
    f_newest: Floats,
    f_across: Floats,
    f_older: Floats,
) -> Floats:
    """Where to try next, as a fraction of the way from newest to across."""
    span, rise = older - across, f_older - f_across
    xi, phi = (newest - across) / span, (f_newest - f_across) / rise
    safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
    gap = np.where(safe, f_older - f_newest, 1.0)  # not 0 where safe: there phi < 1
    reach = (older - newest) / (across - newest)
    interpolated = f_newest / (f_across - f_newest) * f_older / -rise
    interpolated = interpolated + reach * f_newest / gap * f_across / rise
    return np.where(safe, interpolated, 0.5)
