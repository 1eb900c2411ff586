"""Counted coverage of the intervals of two unlinked rates: what the literature says they do."""

import numpy as np
import pytest

from stats.coverage_unlinked import difference_coverage, ratio_coverage, type_one_error
from stats.independent import (
    agresti_caffo_limits,
    difference_wald_limits,
    miettinen_nurminen_limits,
    newcombe_limits,
)
from stats.power_unpaired import fisher_region
from stats.ratio import koopman_limits

GRID = (np.arange(30) + 0.5) / 30


def test_one_trial_each_worked_by_hand() -> None:
    # An interval that holds only the estimate covers 0 where both outcomes are alike.
    def point(a, n_a, b, n_b, *, level):
        del level
        difference = a / n_a - b / n_b
        return difference, difference

    covered = difference_coverage(point, 1, 1, rates=[0.3, 0.5])
    assert covered[0, 0] == pytest.approx(0.3**2 + 0.7**2)
    assert covered[1, 1] == pytest.approx(0.5)
    assert covered[0, 1] == 0  # -0.2 is never seen


@pytest.mark.parametrize(
    ("limits", "n", "mean", "least"),
    [
        # Wald is far from its level at the edges (Newcombe 1998); one success and failure more
        # on each side mends it (Agresti & Caffo 2000); score intervals are near it throughout.
        (difference_wald_limits, 20, (0.920, 0.935), 0.45),
        (difference_wald_limits, 107, (0.940, 0.948), 0.85),
        (agresti_caffo_limits, 20, (0.950, 0.960), 0.930),
        (agresti_caffo_limits, 107, (0.949, 0.954), 0.940),
        (newcombe_limits, 20, (0.950, 0.958), 0.890),
        (newcombe_limits, 107, (0.949, 0.953), 0.930),
        (miettinen_nurminen_limits, 20, (0.949, 0.953), 0.930),
        (miettinen_nurminen_limits, 107, (0.949, 0.952), 0.940),
    ],
)
def test_coverage_of_a_difference(limits, n, mean, least) -> None:
    covered = difference_coverage(limits, n, n, rates=GRID)
    assert mean[0] <= covered.mean() <= mean[1]
    assert covered.min() >= least


def test_wald_covers_far_too_little_somewhere() -> None:
    assert difference_coverage(difference_wald_limits, 20, 20, rates=GRID).min() < 0.6


@pytest.mark.parametrize(("n", "least"), [(20, 0.92), (107, 0.94)])
def test_coverage_of_a_ratio(n, least) -> None:
    covered = ratio_coverage(koopman_limits, n, n, rates=GRID)
    assert 0.949 <= covered.mean() <= 0.953
    assert covered.min() >= least


@pytest.mark.slow
def test_coverage_at_500_problems() -> None:
    rates = (np.arange(12) + 0.5) / 12
    covered = difference_coverage(miettinen_nurminen_limits, 500, 500, rates=rates)
    assert covered.mean() == pytest.approx(0.95, abs=0.0005)
    assert covered.min() >= 0.947


def test_unequal_sides() -> None:
    covered = difference_coverage(miettinen_nurminen_limits, 107, 20, rates=GRID)
    assert 0.95 <= covered.mean() <= 0.957
    assert covered.min() >= 0.91


def test_type_one_error_by_hand() -> None:
    # Of 3 and 3, Fisher rejects at 10 % only where one side has all and the other none.
    error = type_one_error(fisher_region, 3, 3, rates=[0.0, 0.5], alpha=0.1)
    assert error == pytest.approx([0, 2 / 64])


def test_a_ratio_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="rates must be above 0 for a ratio"):
        ratio_coverage(koopman_limits, 5, 5, rates=[0, 0.5])
