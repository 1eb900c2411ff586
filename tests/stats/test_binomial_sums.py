import numpy as np
import pytest
from scipy.stats import binom

from stats.binomial_sums import weighted_limits


def all_sums(sizes, successes, steps):
    """Every attainable sum and its probability: the oracle, within what memory holds."""
    values, mass = np.zeros(1), np.ones(1)
    for n, x, step in zip(sizes, successes, steps, strict=True):
        k = np.arange(n + 1)
        p = binom.pmf(k, n, x / n)
        k, p = k[p > 1e-14], p[p > 1e-14]
        values = np.add.outer(values, step * k).ravel()
        mass = np.multiply.outer(mass, p).ravel()
    order = np.argsort(values)
    return values[order], np.cumsum(mass[order])


@pytest.mark.parametrize(
    ("sizes", "weights"),
    [
        ([53, 36, 18], [0.25, 0.5, 0.25]),  # a common measure
        ([53, 36, 18], [0.1234567, 0.5, 0.3765433]),  # practically none
        ([50, 30, 27], [50 / 107, 30 / 107, 27 / 107]),  # every problem counts the same
        ([200, 300], [0.9, 0.1]),
        ([1, 2, 3, 4, 5, 6], [1 / 6] * 6),
    ],
)
def test_limits_are_those_of_the_listed_sums(sizes, weights) -> None:
    rng = np.random.default_rng(5)
    sizes, steps = np.array(sizes), np.array(weights) / np.array(sizes)
    successes = rng.binomial(sizes, rng.uniform(0.05, 0.95, (6, sizes.size)))
    low, high, exact = weighted_limits(sizes, successes, steps, tail=0.025)
    assert exact
    for row, x in enumerate(successes):
        values, cdf = all_sums(sizes, x, steps)
        # Rounding splits one attainable sum into several: compare just past a tie.
        want = values[np.searchsorted(cdf, [0.025 - 1e-11, 0.975 - 1e-11])]
        assert (low[row], high[row]) == pytest.approx(tuple(want), abs=1e-12)


def test_models_do_not_depend_on_their_company() -> None:
    rng = np.random.default_rng(6)
    sizes, steps = np.array([40, 41, 26]), np.ones(3) / 3 / np.array([40, 41, 26])
    successes = rng.binomial(sizes, rng.uniform(0, 1, (300, 3)))
    low, high, _ = weighted_limits(sizes, successes, steps, tail=0.025)
    alone = weighted_limits(sizes, successes[7:8], steps, tail=0.025)
    assert (low[7], high[7]) == pytest.approx((alone[0][0], alone[1][0]), abs=1e-12)
