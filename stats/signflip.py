"""The paired permutation test for scores of any kind: flip the sign of each problem's difference.

If two models are equal, each problem's difference is as likely to be -d as d. The p-value is the
share of the 2^n sign vectors whose sum is at least as extreme as the observed one, ties included.
On outcomes of 0 and 1 this is McNemar's exact test. Three roads lead to it:

- on a grid (shares of samples, rounded times) all 2^n vectors are counted, for thousands of
  problems;
- off the grid, up to 40 problems that differ, too: the sums of either half of the problems meet;
- beyond, sign vectors are drawn, and the result carries the error of the drawing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_whole
from stats.grid import Grid, check_differences, lower_tail, to_grid
from stats.interval import Interval
from stats.proportion import clopper_pearson

Floats = NDArray[np.float64]

BUDGET = 400_000_000  # additions that counting on the grid may take: about a second
LONGEST = 1 << 24  # grid points of the distribution: 128 MiB
MOST_HALVED = 40  # problems that can be counted off the grid: two halves of 2^20 sums
TIE = 1e-12  # sums off the grid closer than this share of the sum of sizes count as tied
BLOCK = 1 << 22  # signs drawn at a time


@dataclass(frozen=True, slots=True)
class SignFlip:
    """A sign-flip test of the hypothesis that differences are symmetric about 0.

    Attributes
    ----------
    total, mean : float
        Sum and mean of the differences.
    p_two_sided, p_greater, p_less : float
        P(abs(T*) >= abs(T)), P(T* >= T), P(T* <= T).
    n, n_zero : int
        Problems, and those without a difference (they change no p-value).
    method : str
        ``sign_flip_grid``, ``sign_flip_halves`` (both exact) or ``sign_flip_monte_carlo``.
    drawn : Interval or None
        Where the p-value was drawn: Clopper-Pearson limits of the exact two-sided one.
    """

    total: float
    mean: float
    p_two_sided: float
    p_greater: float
    p_less: float
    n: int
    n_zero: int
    method: str
    drawn: Interval | None = None


def sign_flip(
    differences: ArrayLike, *, rng: np.random.Generator, n_resamples: int = 99_999
) -> SignFlip:
    """Sign-flip test, exact where it can be and drawn where it cannot.

    Parameters
    ----------
    differences : (n_problems,)
        Score of model a minus score of model b, problem by problem.
    rng
        Used only where neither exact road is open.
    n_resamples : int
        Sign vectors to draw there.

    Returns
    -------
    SignFlip

    Raises
    ------
    ValueError
        A difference that is infinite or NaN; ``n_resamples`` below 1.
    NoEstimateError
        No problems.
    """
    check_whole(n_resamples, name="n_resamples", least=1)
    try:
        return exact_sign_flip(differences)
    except NoExactRoadError:
        return monte_carlo_sign_flip(differences, rng=rng, n_resamples=n_resamples)


class NoExactRoadError(NoEstimateError):
    """Too many problems off the grid, or too fine a grid, to count all sign vectors."""


def exact_sign_flip(differences: ArrayLike) -> SignFlip:
    """Sign-flip test by counting all 2^n sign vectors.

    Parameters
    ----------
    differences : (n_problems,)
        Score of model a minus score of model b, problem by problem.

    Returns
    -------
    SignFlip
        Exact: no +1 and no random number. At least 2^-n, cut at the smallest positive float.

    Raises
    ------
    ValueError
        A difference that is infinite or NaN.
    NoEstimateError
        No problems; or (`NoExactRoadError`) more than 40 that differ, off any grid or on one so
        fine that counting would take longer than a second.

    References
    ----------
    Fisher (1935), The Design of Experiments, sec 21. Pagano & Tritchler (1983), On obtaining
    permutation distributions in polynomial time, JASA 78:435-440 (counting on the grid).
    """
    d = check_differences(differences)
    grid = to_grid(d)
    if grid is not None and _is_countable(grid):
        return _on_grid(d, grid)
    if np.count_nonzero(d) <= MOST_HALVED:
        return _by_halves(d)
    raise NoExactRoadError(
        f"{np.count_nonzero(d)} differences share no step coarse enough to count 2^n sign vectors"
    )


def _is_countable(grid: Grid) -> bool:
    sizes = np.abs(grid.scores)
    most = int(sizes.sum() - abs(int(grid.scores.sum()))) // 2
    return most < LONGEST and int(np.count_nonzero(sizes)) * (most + 1) <= BUDGET


def _on_grid(d: Floats, grid: Grid) -> SignFlip:
    """Count on the grid. T* = 2 S - total with S the part that gets a plus."""
    sizes = np.abs(grid.scores)
    total, observed = int(sizes.sum()), int(grid.scores.sum())
    plus = (total + observed) // 2
    # By symmetry S and total - S are alike: both tails follow from the smaller one.
    up_to, below = lower_tail(sizes, min(plus, total - plus))
    exact_total = observed * grid.step
    on_grid = np.where(grid.scores == 0, 0.0, d)  # a difference of rounding errors alone is none
    return _result(on_grid, exact_total, np.sign(observed), (up_to, below), "sign_flip_grid")


def _by_halves(d: Floats) -> SignFlip:
    """Count off the grid: the sums of one half of the problems against those of the other."""
    sizes = np.abs(d[d != 0])
    tie = TIE * float(sizes.sum())
    first, second = (np.sort(_subset_sums(half)) for half in (sizes[::2], sizes[1::2]))
    plus = float(d[d > 0].sum())
    limit = min(plus, float(sizes.sum()) - plus)
    pairs = 2.0**sizes.size
    up_to = float(np.searchsorted(second, limit + tie - first, side="right").sum()) / pairs
    below = float(np.searchsorted(second, limit - tie - first, side="left").sum()) / pairs
    total = float(d.sum())
    sign = 0 if abs(total) <= tie else int(np.sign(total))
    return _result(d, total, sign, (up_to, below), "sign_flip_halves")


def _subset_sums(sizes: Floats) -> Floats:
    sums = np.zeros(1)
    for size in sizes:
        sums = np.concatenate([sums, sums + size])
    return sums


def _result(d: Floats, total: float, sign: int, tail: tuple[float, float], method: str) -> SignFlip:
    """Turn the lower tail, P(S <= s) and P(S < s) at the smaller side s, into p-values."""
    least = float(np.ldexp(1.0, -min(d.size, 1074)))  # the observed signs are among the 2^n
    up_to, below = max(tail[0], least), tail[1]
    near, far = min(1.0, up_to), min(1.0, 1.0 - below)
    return SignFlip(
        total=total,
        mean=total / d.size,
        p_two_sided=1.0 if sign == 0 else min(1.0, 2 * near),
        p_greater=near if sign >= 0 else far,
        p_less=near if sign <= 0 else far,
        n=d.size,
        n_zero=int(np.count_nonzero(d == 0)),
        method=method,
    )


def monte_carlo_sign_flip(
    differences: ArrayLike,
    *,
    rng: np.random.Generator,
    n_resamples: int = 99_999,
    level: float = 0.95,
) -> SignFlip:
    """Sign-flip test from drawn sign vectors, with the error of the drawing.

    Parameters
    ----------
    differences : (n_problems,)
        Score of model a minus score of model b, problem by problem.
    rng
        The only source of chance: equal state in, equal result out.
    n_resamples : int
        Sign vectors to draw; p-values are (hits + 1) / (n_resamples + 1), valid at any number.
    level : float in (0, 1)
        Of the interval for the exact two-sided p-value.

    Returns
    -------
    SignFlip

    Raises
    ------
    ValueError
        A difference that is infinite or NaN; ``n_resamples`` below 1.
    NoEstimateError
        No problems.

    References
    ----------
    Phipson & Smyth (2010), Permutation p-values should never be zero, SAGMB 9:39, eq 2.
    """
    d = check_differences(differences)
    check_whole(n_resamples, name="n_resamples", least=1)
    sizes = np.abs(d[d != 0])
    tie = TIE * float(sizes.sum())
    total = float(d.sum())
    extreme = greater = less = 0
    for sums in _drawn_sums(sizes, rng, n_resamples):
        extreme += int((np.abs(sums) >= abs(total) - tie).sum())
        greater += int((sums >= total - tie).sum())
        less += int((sums <= total + tie).sum())
    return SignFlip(
        total=total,
        mean=total / d.size,
        p_two_sided=(extreme + 1) / (n_resamples + 1),
        p_greater=(greater + 1) / (n_resamples + 1),
        p_less=(less + 1) / (n_resamples + 1),
        n=d.size,
        n_zero=int(np.count_nonzero(d == 0)),
        method="sign_flip_monte_carlo",
        drawn=clopper_pearson(extreme, n_resamples, level=level),
    )


def _drawn_sums(sizes: Floats, rng: np.random.Generator, n_resamples: int) -> Iterator[Floats]:
    rows = max(1, BLOCK // max(1, sizes.size))
    for start in range(0, n_resamples, rows):
        signs = draw_signs(rng, (min(rows, n_resamples - start), sizes.size))
        yield signs @ sizes


def draw_signs(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Draw a matrix of -1 and 1, each with probability 1/2, from one random bit each."""
    count = shape[0] * shape[1]
    octets = rng.integers(0, 256, size=(count + 7) // 8, dtype=np.uint8)
    bits = np.unpackbits(octets, count=count).reshape(shape)
    return bits.astype(np.float64) * 2 - 1
