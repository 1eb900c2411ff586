"""Two rates on different or unlinked problems: Fisher's exact test and its mid-p version."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from stats.interval import TestResult
from stats.roots import Floats
from stats.two_rates import Counts, TwoRates, as_two_rates, check_two_rates, distinct

_BLOCK = 1 << 16  # tables worked on together
_TIE = 1e-9  # log-probabilities carry errors of some 1e-11; exact ties differ by nothing
_NEGLIGIBLE = 1e-17  # a tail ends where its next term no longer changes the sum


@dataclass(frozen=True, slots=True)
class FisherProbabilities:
    """P-values of many 2x2 tables, given both margins; one array element for each table.

    Attributes
    ----------
    less, greater : float
        Probability of the observed table and all with fewer (more) successes on side a.
    two_sided : float
        Fisher-Irwin: probability of all tables not more probable than the observed one.
    observed, tied : float
        Probability of the observed table, and of another one exactly as probable (or 0).
    """

    less: Floats
    greater: Floats
    two_sided: Floats
    observed: Floats
    tied: Floats

    @property
    def two_sided_midp(self) -> Floats:
        """All less probable tables, and half of those exactly as probable as the observed."""
        return self.two_sided - (self.observed + self.tied) / 2

    @property
    def two_sided_doubled(self) -> Floats:
        """Twice the smaller tail, at most 1."""
        doubled: Floats = np.minimum(1.0, 2 * np.minimum(self.less, self.greater))
        return doubled

    @property
    def less_midp(self) -> Floats:
        """Lower tail with half of the observed table."""
        return self.less - self.observed / 2

    @property
    def greater_midp(self) -> Floats:
        """Upper tail with half of the observed table."""
        return self.greater - self.observed / 2


def fisher_exact(successes_a: int, n_a: int, successes_b: int, n_b: int) -> TestResult:
    """Fisher's exact test of equal rates, two-sided after Irwin.

    The p-value sums the probabilities of all tables with the observed margins that are not more
    probable than the observed one. Conservative: its level is well below the nominal one.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int
        Successes among trials of either side, 0 <= successes <= n, n >= 1.

    Raises
    ------
    TypeError, ValueError
        A count is out of its range.
    NoEstimateError
        A side has no trials.

    References
    ----------
    Fisher (1935), Journal of the Royal Statistical Society 98:39-82. Irwin (1935), Metron 12:83-94.
    """
    check_two_rates(successes_a, n_a, successes_b, n_b)
    tables = fisher_probabilities(successes_a, n_a, successes_b, n_b)
    return TestResult(float(tables.two_sided), "fisher_exact")


def fisher_midp(successes_a: int, n_a: int, successes_b: int, n_b: int) -> TestResult:
    """Fisher's test of equal rates with the mid-p correction, two-sided.

    Tables less probable than the observed count whole, all exactly as probable count half, so that
    the level is near the nominal one instead of far below. 1/2 where one column of the table is
    empty: the only possible table counts half.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int
        Successes among trials of either side, 0 <= successes <= n, n >= 1.

    Raises
    ------
    TypeError, ValueError
        A count is out of its range.
    NoEstimateError
        A side has no trials.

    References
    ----------
    Fagerland, Lydersen & Laake (2017), Statistical Analysis of Contingency Tables, section 4.4.6.
    """
    check_two_rates(successes_a, n_a, successes_b, n_b)
    tables = fisher_probabilities(successes_a, n_a, successes_b, n_b)
    return TestResult(float(tables.two_sided_midp), "fisher_midp")


def fisher_probabilities(
    successes_a: ArrayLike, n_a: ArrayLike, successes_b: ArrayLike, n_b: ArrayLike
) -> FisherProbabilities:
    """Tail probabilities of many tables at once: what every variant of Fisher's test is made of.

    Parameters
    ----------
    successes_a, n_a, successes_b, n_b : int arrays
        Counts, broadcast against each other; all pairs of m models are two index arrays of length
        m (m - 1) / 2.

    Returns
    -------
    FisherProbabilities
        Arrays of the broadcast shape, relative error about 1e-11.
    """
    tables, place = distinct(as_two_rates(successes_a, n_a, successes_b, n_b))
    columns = np.empty((5, tables.n_a.size))
    log_factorial = gammaln(np.arange(int((tables.n_a + tables.n_b).max(initial=0)) + 2) + 1.0)
    for start in range(0, tables.n_a.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        columns[:, part] = _block_probabilities(tables.part(part), log_factorial)
    return FisherProbabilities(*columns[:, place])


def _block_probabilities(tables: TwoRates, log_factorial: Floats) -> Floats:
    """Rows less, greater, two_sided, observed, tied."""
    # Mirrored so that the observed table lies at or below the mode: only one case is left.
    at, n_a, n_b = tables.successes_a, tables.n_a, tables.n_b
    passed = at + tables.successes_b
    above = at > _lower_mode(n_a, n_b, passed)
    at = np.where(above, n_a - at, at)
    passed = np.where(above, n_a + n_b - passed, passed)
    table = _Hypergeometric(n_a, n_b, passed, log_factorial)
    observed = table.probability(at)
    near = table.tail(at, observed, step=-1)
    far = 1.0 - near + observed
    mirror, tied = table.mirror(at)
    two_sided = near + table.tail(mirror, table.probability(mirror), step=1)
    two_sided[mirror == at + 1] = 1.0  # all tables: no digits lost in summing them
    less, greater = np.where(above, far, near), np.where(above, near, far)
    rows: Floats = np.stack((less, greater, two_sided, observed, np.where(tied, observed, 0.0)))
    return rows.clip(max=1.0)  # a sum of everything passes 1 by rounding


def _lower_mode(n_a: Counts, n_b: Counts, passed: Counts) -> Counts:
    """Return the most probable number of successes on side a, the smaller of two that tie."""
    return -(-(passed + 1) * (n_a + 1) // (n_a + n_b + 2)) - 1


@dataclass(frozen=True, slots=True)
class _Hypergeometric:
    """Distribution of side a's successes given all successes, one for each table."""

    n_a: Counts
    n_b: Counts
    passed: Counts
    log_factorial: Floats

    def log_weight(self, at: Counts) -> Floats:
        """Log-probability up to a constant; minus infinity outside the support."""
        lf = self.log_factorial
        cells = (at, self.n_a - at, self.passed - at, self.n_b - self.passed + at)
        inside = np.minimum.reduce(cells) >= 0
        weight = sum(lf[np.maximum(cell, 0)] for cell in cells)
        return np.where(inside, -weight, -np.inf)

    def probability(self, at: Counts) -> Floats:
        """Probability of the table, 0 outside the support."""
        lf, total = self.log_factorial, self.n_a + self.n_b
        constant = lf[self.n_a] + lf[self.n_b] + lf[self.passed] + lf[total - self.passed]
        probability: Floats = np.exp(self.log_weight(at) + constant - lf[total])
        return probability

    def tail(self, start: Counts, first: Floats, *, step: int) -> Floats:
        """Sum of the probabilities from start outwards, its first term given.

        Away from the mode each term is a falling multiple of the one before.
        """
        total = first.copy()
        place = np.flatnonzero(first > 0)
        term, at = first[place], start[place]
        n_a, passed = self.n_a[place], self.passed[place]
        rest = self.n_b[place] - passed
        while place.size:
            if step > 0:
                ratio = (n_a - at) * (passed - at) / ((at + 1) * (rest + at + 1))
            else:
                ratio = at * (rest + at) / ((n_a - at + 1) * (passed - at + 1))
            term, at = term * ratio, at + step
            total[place] += term
            # The rest is at most a geometric series with this ratio.
            go = term > _NEGLIGIBLE * total[place] * np.maximum(1 - ratio, 1e-3)
            place, term, at = place[go], term[go], at[go]
            n_a, passed, rest = n_a[go], passed[go], rest[go]
        return total

    def mirror(self, at: Counts) -> tuple[Counts, NDArray[np.bool_]]:
        """First table beyond the mode that is not more probable, and whether it is as probable.

        Log-probabilities fall beyond the mode, so a binary search finds it.
        """
        bound = self.log_weight(at) + _TIE
        low = np.maximum(at, _lower_mode(self.n_a, self.n_b, self.passed))
        high = np.minimum(self.n_a, self.passed) + 1
        while (high - low > 1).any():
            middle = (low + high) // 2
            beyond = (middle > low) & (self.log_weight(middle) <= bound)
            high, low = np.where(beyond, middle, high), np.where(beyond, low, middle)
        tied = np.isfinite(self.log_weight(high)) & (self.log_weight(high) >= bound - 2 * _TIE)
        return high, tied
