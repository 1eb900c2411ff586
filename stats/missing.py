"""Missing outcomes as a bracket: what a rate or a difference could have been.

A problem that a model never attempted is neither passed nor failed. Whatever rule a report
applies, the data alone only say that each missing outcome was one of the two, and the bracket is
the range of all those possibilities. It is no confidence interval: it knows nothing of chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.check import NoEstimateError, check_count
from stats.interval import Interval
from stats.proportion import wilson


@dataclass(frozen=True, slots=True)
class RateBracket:
    """Range of a rate over all that the missing outcomes could have been.

    Attributes
    ----------
    low, high : float
        Every missing outcome failed, every one passed.
    attempted_only : float or None
        Rate over the attempted problems; None where none was attempted.
    missing, n : int
        Missing outcomes, and all problems.
    """

    low: float
    high: float
    attempted_only: float | None
    missing: int
    n: int

    @property
    def as_failed(self) -> float:
        """Rate under the rule that a missing outcome failed: the lower end."""
        return self.low


@dataclass(frozen=True, slots=True)
class DifferenceBracket:
    """Range of rate A minus rate B over all that the missing outcomes could have been.

    Attributes
    ----------
    low, high : float
        Ends of the range; a problem missing in both moves them by one problem each.
    shared_only : float or None
        Difference over the problems that both attempted; None where there is none.
    missing_a, missing_b, n : int
        Missing outcomes of either model, and all problems.
    """

    low: float
    high: float
    shared_only: float | None
    missing_a: int
    missing_b: int
    n: int

    @property
    def sign_is_certain(self) -> bool:
        """Whether every possibility has the same model ahead: the bracket excludes 0."""
        return self.low > 0 or self.high < 0


def rate_bracket(successes: int, attempted: int, n: int) -> RateBracket:
    """Bracket of one rate over ``n`` problems of which only ``attempted`` have an outcome.

    Parameters
    ----------
    successes, attempted, n : int
        ``0 <= successes <= attempted <= n``, ``n >= 1``.

    Raises
    ------
    TypeError, ValueError
        Not whole numbers, or out of order.
    NoEstimateError
        ``n`` is 0.

    References
    ----------
    Manski (2003), Partial Identification of Probability Distributions, chapter 1.
    """
    check_count(attempted, n, name="attempted")
    check_count(successes, n)
    if successes > attempted:
        raise ValueError(f"successes must be at most attempted = {attempted}, got {successes}")
    missing = n - attempted
    share = successes / attempted if attempted else None
    return RateBracket(successes / n, (successes + missing) / n, share, missing, n)


def rate_bracket_interval(
    successes: int, attempted: int, n: int, *, level: float = 0.95
) -> Interval:
    """Wilson's interval widened by the bracket: chance and missing outcomes together.

    From the lower limit with every missing outcome failed to the upper limit with every one
    passed, so it covers at least as often as Wilson's interval whatever the missing outcomes were.
    """
    bracket = rate_bracket(successes, attempted, n)
    low = wilson(successes, n, level=level).low
    high = wilson(successes + bracket.missing, n, level=level).high
    return Interval(low, high, level, "wilson_missing_bracket")


def difference_bracket(
    outcomes_a: ArrayLike,
    outcomes_b: ArrayLike,
    *,
    attempted_a: ArrayLike,
    attempted_b: ArrayLike,
) -> DifferenceBracket:
    """Bracket of rate A minus rate B on the same problems.

    Parameters
    ----------
    outcomes_a, outcomes_b : bool or numbers in [0, 1], shape (n,)
        Entry i is one problem for both models; ignored where it was not attempted.
    attempted_a, attempted_b : bool, shape (n,)
        Whether the model has an outcome of the problem.

    Raises
    ------
    ValueError
        Unequal lengths, an attempted outcome outside [0, 1] or NaN.
    TypeError
        ``attempted`` is not boolean.
    NoEstimateError
        No problems.
    """
    a, tried_a = _checked(outcomes_a, attempted_a, name="a")
    b, tried_b = _checked(outcomes_b, attempted_b, name="b")
    if a.size != b.size:
        raise ValueError(f"both models need the same problems, got {a.size} and {b.size}")
    missing_a, missing_b = int(np.sum(~tried_a)), int(np.sum(~tried_b))
    gain = float(a.sum() - b.sum())
    shared = tried_a & tried_b
    return DifferenceBracket(
        low=(gain - missing_b) / a.size,
        high=(gain + missing_a) / a.size,
        shared_only=float(np.mean(a[shared] - b[shared])) if shared.any() else None,
        missing_a=missing_a,
        missing_b=missing_b,
        n=a.size,
    )


def difference_of_brackets(a: RateBracket, b: RateBracket) -> DifferenceBracket:
    """Bracket of rate A minus rate B from the brackets of both rates over the same problems.

    The missing outcomes of two models are free of each other, so the ends combine: all of A's
    failed with all of B's passed, and the other way round.

    Raises
    ------
    ValueError
        The brackets are over different numbers of problems.
    """
    if a.n != b.n:
        raise ValueError(f"both rates must be over the same problems, got {a.n} and {b.n}")
    return DifferenceBracket(a.low - b.high, a.high - b.low, None, a.missing, b.missing, a.n)


def difference_bracket_counts(
    successes_a: int, attempted_a: int, successes_b: int, attempted_b: int, n: int
) -> DifferenceBracket:
    """Bracket of rate A minus rate B from counts over the same ``n`` problems.

    Which problems both attempted is unknown, so ``shared_only`` is None. Counts and errors as in
    `rate_bracket`.
    """
    a = rate_bracket(successes_a, attempted_a, n)
    b = rate_bracket(successes_b, attempted_b, n)
    gain = successes_a - successes_b
    low, high = (gain - b.missing) / n, (gain + a.missing) / n
    return DifferenceBracket(low, high, None, a.missing, b.missing, n)


def _checked(
    outcomes: ArrayLike, attempted: ArrayLike, *, name: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    values, tried = np.asarray(outcomes, dtype=np.float64), np.asarray(attempted)
    if tried.dtype != np.bool_:
        raise TypeError(f"attempted_{name} must be boolean, got an array of {tried.dtype}")
    if values.ndim != 1 or values.shape != tried.shape:
        raise ValueError(
            f"outcomes_{name} and attempted_{name} must be one-dimensional and of one length, "
            f"got shapes {values.shape} and {tried.shape}"
        )
    if values.size == 0:
        raise NoEstimateError("there are no problems to compare on")
    known = values[tried]
    if not np.all((known >= 0) & (known <= 1)):
        raise ValueError(f"outcomes_{name} must be between 0 and 1 where attempted")
    return np.where(tried, values, 0.0), tried
