"""Whether a rate rises or falls over ordered strata, such as easy, medium, hard."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import erfc, gcd, lcm, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.binomial import binomial_pmf
from stats.check import NoEstimateError
from stats.contrast import mover_contrast
from stats.interval import Estimate
from stats.proportion import check_counts
from stats.roots import Floats

_MOST_STATES = 20_000_000  # of the table that the enumeration fills: 160 MB
_MOST_WORK = 5_000_000_000  # additions to fill it: seconds
_MOST_SUM = 1 << 62  # score sums are compared in 64 bits


@dataclass(frozen=True, slots=True)
class Trend:
    """Test of a trend of rates over ordered strata, with the slope as its size.

    Attributes
    ----------
    p_value : float
        Exact, two-sided: probability, given all margins, of a score sum at least as far from its
        expectation as the observed one.
    p_rising, p_falling : float
        Exact, directed: probability of a score sum at least (at most) the observed one.
    z : float
        Standardised score sum, positive where the rate rises with the score.
    p_asymptotic : float
        Two-sided p-value of z from the normal distribution.
    slope : Estimate
        Change of the rate for one unit of score, weighted least squares, with MOVER interval.
    scores : tuple of float
        Score of each stratum.
    method : str
        Of ``p_value``.
    """

    p_value: float
    p_rising: float
    p_falling: float
    z: float
    p_asymptotic: float
    slope: Estimate
    scores: tuple[float, ...]
    method: str = "cochran_armitage_exact"


def trend(
    successes: ArrayLike,
    totals: ArrayLike,
    *,
    scores: Sequence[float] | None = None,
    level: float = 0.95,
) -> Trend:
    """Cochran-Armitage test for a trend over ordered strata: exact and asymptotic.

    The exact test takes every table with the observed margins: given all successes, those of a
    stratum follow a multivariate hypergeometric distribution if the rates are equal.

    Parameters
    ----------
    successes, totals : int, shape (k,)
        Successes among trials of each stratum, in order; k >= 2, 0 <= successes <= total.
    scores : k numbers, optional
        Position of each stratum, read as decimal numbers; 0, 1, 2, ... by default. Only their
        ratios of distances matter to the test.
    level : float
        Nominal coverage of the slope's interval, in (0, 1).

    Raises
    ------
    TypeError, ValueError
        A count, score or the level out of its range, equal scores, unequal lengths; scores so
        finely divided that the tables cannot be enumerated.
    NoEstimateError
        A stratum without trials, or nothing but successes or failures: no trend to test.

    References
    ----------
    Cochran (1954), Biometrics 10:417-451. Armitage (1955), Biometrics 11:375-386. Agresti (2013),
    Categorical Data Analysis, 3rd edition, section 5.3.
    """
    passed, attempted = _check_strata(successes, totals)
    total, hits = int(attempted.sum()), int(passed.sum())
    positions = _whole_scores(scores, passed.size, largest=_MOST_SUM // total**2)
    if hits in (0, total):
        raise NoEstimateError(f"{hits} successes of {total}: without both outcomes no trend exists")
    sums, chance = _score_sums(attempted, positions, hits)
    # total * (sum - expectation): whole numbers, so that ties are exact.
    distance = sums * total - hits * int(positions @ attempted)
    observed = int(positions @ passed) * total - hits * int(positions @ attempted)
    z = _standardised(observed, attempted, positions, hits)
    given = tuple(map(float, range(passed.size) if scores is None else scores))
    return Trend(
        p_value=_probability(chance, np.abs(distance) >= abs(observed)),
        p_rising=_probability(chance, distance >= observed),
        p_falling=_probability(chance, distance <= observed),
        z=z,
        p_asymptotic=erfc(abs(z) / sqrt(2)),
        slope=_slope(passed, attempted, np.array(given), level=level),
        scores=given,
    )


def _probability(chance: Floats, where: NDArray[np.bool_]) -> float:
    return min(1.0, float(chance[where].sum()))


def _standardised(
    observed: int, attempted: NDArray[np.int64], positions: NDArray[np.int64], hits: int
) -> float:
    """Score sum in standard deviations of the binomial variance, as the chi-square has it."""
    total, first = int(attempted.sum()), int(positions @ attempted)
    spread = total * int(positions**2 @ attempted) - first**2
    return observed / sqrt(hits * (total - hits) * spread / total)


def _slope(
    passed: NDArray[np.int64], attempted: NDArray[np.int64], scores: Floats, *, level: float
) -> Estimate:
    centred = scores - attempted @ scores / attempted.sum()
    weights = attempted * centred
    slope = mover_contrast(passed, attempted, weights / (weights @ centred), level=level)
    return Estimate(slope.value, slope.interval, int(attempted.sum()))


def _score_sums(
    attempted: NDArray[np.int64], positions: NDArray[np.int64], hits: int
) -> tuple[NDArray[np.int64], Floats]:
    """Every score sum that the margins allow and its probability if the rates are equal.

    Stratum by stratum the table of (successes so far, score sum so far) is convolved with the
    stratum's binomial distribution; the last stratum must take what is left of the successes.
    The binomials' rate is that of all, so that nothing underflows where it matters. A sum that
    several tables share may be listed more than once.
    """
    rate = hits / int(attempted.sum())
    # The largest score last: it need not be stepped through.
    by_score = np.argsort(positions)
    in_order = zip(attempted[by_score].tolist(), positions[by_score].tolist(), strict=True)
    *first, (last_n, last_score) = in_order
    table = np.ones((1, 1))
    for n, score in first:
        table = _convolve(table, binomial_pmf(n, rate), score, hits)
    left = hits - np.arange(table.shape[0])
    possible = left <= last_n
    table, left = table[possible], left[possible]
    weights = table * binomial_pmf(last_n, rate)[left][:, None]
    sums = np.arange(table.shape[1]) + last_score * left[:, None]
    return sums.ravel(), weights.ravel() / weights.sum()


def _convolve(table: Floats, pmf: Floats, score: int, hits: int) -> Floats:
    rows, columns = table.shape
    most = min(pmf.size - 1, hits)
    shape = (min(rows + most, hits + 1), columns + most * score)
    states = shape[0] * shape[1]
    if states > _MOST_STATES or states * most > _MOST_WORK:
        raise ValueError(
            f"scores divide too finely: {shape[0]} x {shape[1]} states to enumerate; round them"
        )
    result = np.zeros(shape)
    for taken in range(most + 1):
        room = min(rows, shape[0] - taken)
        place = (slice(taken, taken + room), slice(taken * score, taken * score + columns))
        result[place] += pmf[taken] * table[:room]
    return result


def _check_strata(
    successes: ArrayLike, totals: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if np.ndim(successes) != 1 or np.shape(successes) != np.shape(totals):
        raise ValueError(
            "successes and totals must be lists of one length, "
            f"got shapes {np.shape(successes)} and {np.shape(totals)}"
        )
    if np.size(successes) < 2:
        raise ValueError(f"successes must have at least 2 strata, got {np.size(successes)}")
    return check_counts(successes, totals)


def _whole_scores(scores: Sequence[float] | None, size: int, *, largest: int) -> NDArray[np.int64]:
    """Scores shifted to start at 0 and stretched to the smallest whole numbers."""
    if scores is None:
        return np.arange(size)
    if len(scores) != size:
        raise ValueError(f"scores must have length {size}, got {len(scores)}")
    try:
        exact = [Fraction(str(score)) for score in scores]
    except ValueError as error:
        raise ValueError(f"scores must be finite numbers, got {list(scores)}") from error
    lowest = min(exact)
    if lowest == max(exact):
        raise ValueError(f"scores must differ, got {list(scores)}")
    denominator = lcm(*(score.denominator for score in exact))
    whole = [int((score - lowest) * denominator) for score in exact]
    steps = [value // gcd(*whole) for value in whole]
    if max(steps) > largest:
        raise ValueError(f"scores divide too finely: {max(steps)} steps between them; round them")
    return np.array(steps, dtype=np.int64)
