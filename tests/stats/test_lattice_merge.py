import numpy as np
import pytest
from scipy.stats import binom

from stats import binomial_sums
from stats.binomial_sums import weighted_limits
from stats.lattice_merge import shared_lattices


def parts(lattices) -> list[tuple[int, int]]:
    return sorted(part for lattice in lattices for part in lattice.strata)


def test_steps_in_whole_proportion_share_a_lattice() -> None:
    steps = np.array([1 / 574, 1 / 1032, 1 / 688]) / 3
    found = shared_lattices(steps, [150, 230, 170])
    alone, both = sorted(found, key=lambda lattice: len(lattice.strata))
    assert alone.strata == ((0, 1),)
    assert sorted(both.strata) == [(1, 2), (2, 3)]
    assert both.width == 2 * 229 + 3 * 169 + 1
    assert both.step == pytest.approx(1 / 2064 / 3, rel=1e-14)


def test_equal_steps_are_one_lattice_and_the_strata_stay_all() -> None:
    assert parts(shared_lattices(np.full(5, 0.01), [20] * 5)) == [(h, 1) for h in range(5)]
    assert len(shared_lattices(np.full(5, 0.01), [20] * 5, largest=1)) == 1
    assert len(shared_lattices(np.array([0.01, 0.02, 0.02]), [20] * 3, largest=1)) == 2


def test_steps_without_a_measure_stay_apart() -> None:
    assert len(shared_lattices(np.array([0.01, 0.01 * np.pi, 0.01 * np.e]), [50] * 3)) == 3


def test_mass_is_that_of_every_pair_added_up() -> None:
    (lattice,) = shared_lattices(np.array([0.1, 0.2]), [6, 5])
    one, other = binom.pmf(np.arange(6), 5, 0.3), binom.pmf(np.arange(5), 4, 0.6)
    want = np.zeros(lattice.width)
    for i, p in enumerate(one):
        for j, q in enumerate(other):
            want[i + 2 * j] += p * q
    got = lattice.mass([np.tile(one, (3, 1)), np.tile(other, (3, 1))])
    assert got == pytest.approx(np.tile(want, (3, 1)), abs=1e-16)
    assert lattice.points == pytest.approx(0.1 * np.arange(lattice.width))


@pytest.mark.parametrize("sizes", [[60, 90, 40], [48, 36, 30, 24], [574, 1032, 688], [31, 37, 41]])
@pytest.mark.parametrize("weights", ["equal", "declared"])
def test_limits_are_the_same_without_shared_lattices(sizes, weights, monkeypatch) -> None:
    sizes = np.array(sizes)
    share = np.ones(sizes.size) if weights == "equal" else np.arange(1, sizes.size + 1)
    steps = share / share.sum() / sizes
    rng = np.random.default_rng(7)
    successes = rng.binomial(sizes, rng.uniform(0, 1, (40, sizes.size)))
    successes[:3] = [0 * sizes, sizes, successes[0] * 0 + sizes * (np.arange(sizes.size) % 2)]
    low, high, exact = weighted_limits(sizes, successes, steps, tail=0.025)
    monkeypatch.setattr(
        binomial_sums,
        "shared_lattices",
        lambda steps, widths: shared_lattices(steps, widths, largest=0),
    )
    plain = weighted_limits(sizes, successes, steps, tail=0.025)
    assert exact
    assert plain[2]
    assert low == pytest.approx(plain[0], abs=1e-12)
    assert high == pytest.approx(plain[1], abs=1e-12)
    assert (low[0], high[0], low[1]) == pytest.approx((0, 0, high[1]), abs=1e-15)
