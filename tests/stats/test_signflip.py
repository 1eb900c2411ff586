"""Sign-flip tests: by hand, by brute force, and three roads to one number."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats import signflip
from stats.check import NoEstimateError
from stats.mcnemar import mcnemar_exact, mcnemar_exact_one_sided
from stats.signflip import (
    NoExactRoadError,
    draw_signs,
    exact_sign_flip,
    monte_carlo_sign_flip,
    sign_flip,
)

quick = settings(derandomize=True, deadline=None, max_examples=60)
score_lists = st.lists(st.integers(-12, 12), min_size=1, max_size=10)
fresh = np.random.default_rng


def test_one_two_three_worked_by_hand() -> None:
    # Of eight sums only 6 reaches 6, only 6 and -6 reach it in size.
    result = exact_sign_flip([1, 2, 3])
    assert (result.p_two_sided, result.p_greater, result.p_less) == (2 / 8, 1 / 8, 1)
    assert (result.total, result.mean, result.n, result.n_zero) == (6, 2, 3, 0)


def brute(differences: list[int]) -> tuple[float, float, float]:
    observed = sum(differences)
    sums = [sum(signed) for signed in product(*([d, -d] for d in differences))]
    return tuple(
        sum(hit) / len(sums)
        for hit in (
            [abs(s) >= abs(observed) for s in sums],
            [s >= observed for s in sums],
            [s <= observed for s in sums],
        )
    )


@quick
@given(
    st.lists(st.integers(-12, 12), min_size=1, max_size=10), st.sampled_from([1, 3, 7, 10, 1000])
)
def test_the_grid_agrees_with_every_sign_vector(scores, parts) -> None:
    result = exact_sign_flip(np.array(scores) / parts)
    assert (result.p_two_sided, result.p_greater, result.p_less) == brute(scores)
    assert result.method == "sign_flip_grid"


@quick
@given(score_lists)
def test_halves_agree_with_the_grid(scores) -> None:
    d = np.array(scores, dtype=float)
    halves = signflip._by_halves(d)
    grid = exact_sign_flip(d)
    for name in ("p_two_sided", "p_greater", "p_less", "n_zero"):
        assert getattr(halves, name) == pytest.approx(getattr(grid, name), rel=1e-14)


def test_off_the_grid_every_sign_vector_is_counted() -> None:
    d = fresh(3).normal(size=11)
    observed = d.sum()
    sums = np.array(list(product([-1, 1], repeat=11))) @ np.abs(d)
    result = exact_sign_flip(d)
    assert result.method == "sign_flip_halves"
    assert result.p_two_sided == np.mean(np.abs(sums) >= abs(observed) - 1e-9)
    assert result.p_greater == np.mean(sums >= observed - 1e-9)
    assert result.p_less == np.mean(sums <= observed + 1e-9)


@quick
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 30))
def test_on_outcomes_it_is_mcnemars_exact_test(a, b, concordant) -> None:
    if a + b + concordant:
        result = exact_sign_flip([1] * a + [-1] * b + [0] * concordant)
        assert result.p_two_sided == pytest.approx(mcnemar_exact(a, b).p_value, rel=1e-11)
        assert result.p_greater == pytest.approx(mcnemar_exact_one_sided(a, b).p_value, rel=1e-11)
        assert result.p_less == pytest.approx(mcnemar_exact_one_sided(b, a).p_value, rel=1e-11)


@quick
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=12))
def test_swapping_the_models_swaps_the_tails(differences) -> None:
    there, back = exact_sign_flip(differences), exact_sign_flip([-d for d in differences])
    assert there.p_two_sided == back.p_two_sided
    assert (there.p_greater, there.p_less) == (back.p_less, back.p_greater)
    assert there.total == -back.total


def test_order_scale_and_zeros_change_nothing() -> None:
    d = np.array([0.3, -0.1, 0.7, 0.2, 0.2])
    p = exact_sign_flip(d).p_two_sided
    assert exact_sign_flip(d[::-1]).p_two_sided == p
    assert exact_sign_flip(d * 7).p_two_sided == p
    assert exact_sign_flip([*d, 0, 0]).p_two_sided == p
    assert exact_sign_flip([*d, 0, 0]).n_zero == 2


def test_rounding_errors_do_not_break_ties() -> None:
    # 0.1 + 0.2 - 0.3 is not 0 in floating point; the tie of all sums with 0 must hold.
    assert exact_sign_flip([0.1, 0.2, -0.3]).p_two_sided == 1
    assert exact_sign_flip([0.3 - 0.1, -0.2]).p_two_sided == 1
    assert exact_sign_flip([0.3 - 0.2 - 0.1, 0.5]).n_zero == 1
    assert monte_carlo_sign_flip([0.1, 0.2, -0.3], rng=fresh(0), n_resamples=99).p_two_sided == 1


def test_no_difference_at_all() -> None:
    for result in (
        exact_sign_flip([0, 0]),
        monte_carlo_sign_flip([0, 0], rng=fresh(0), n_resamples=9),
    ):
        assert (result.p_two_sided, result.p_greater, result.p_less) == (1, 1, 1)


def test_thousands_of_problems_that_all_agree_underflow_to_a_positive_p() -> None:
    assert exact_sign_flip([0.1] * 2_294).p_two_sided > 0
    assert exact_sign_flip([0.1] * 100).p_two_sided == 2.0**-99


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_drawing_comes_within_its_own_error_of_the_exact_value(seed) -> None:
    d = fresh(seed).integers(-9, 12, size=60) / 10
    drawn = monte_carlo_sign_flip(d, rng=fresh(seed), n_resamples=20_000, level=0.9999)
    exact = exact_sign_flip(d)
    assert drawn.drawn.contains(exact.p_two_sided)
    assert drawn.p_greater == pytest.approx(exact.p_greater, abs=0.015)
    assert drawn.p_less == pytest.approx(exact.p_less, abs=0.015)
    assert drawn.drawn.width < 0.05


def test_equal_state_in_equal_result_out_and_blocks_leave_no_gap(monkeypatch) -> None:
    d = fresh(0).normal(size=50)
    first = monte_carlo_sign_flip(d, rng=fresh(9), n_resamples=1_000)
    assert first == monte_carlo_sign_flip(d, rng=fresh(9), n_resamples=1_000)
    monkeypatch.setattr(signflip, "BLOCK", 333)
    sums = list(signflip._drawn_sums(np.abs(d), fresh(9), 1_000))
    assert sum(block.size for block in sums) == 1_000


def test_the_road_is_chosen_by_what_is_possible() -> None:
    rng = fresh(5)
    assert sign_flip(rng.integers(0, 5, 500) / 4, rng=rng).method == "sign_flip_grid"
    assert sign_flip(rng.normal(size=20), rng=rng).method == "sign_flip_halves"
    result = sign_flip(rng.normal(size=200), rng=rng, n_resamples=999)
    assert result.method == "sign_flip_monte_carlo"
    assert result.drawn.low <= result.p_two_sided <= result.drawn.high
    with pytest.raises(NoExactRoadError, match="200 differences share no step"):
        exact_sign_flip(rng.normal(size=200))
    # On a grid, but one of 10^6 steps for each of thousands of problems.
    with pytest.raises(NoExactRoadError):
        exact_sign_flip(rng.integers(-(10**6), 10**6, 3_000) / 10**6)


def test_signs_are_fair_coins() -> None:
    signs = draw_signs(fresh(1), (4_001, 7))
    assert signs.shape == (4_001, 7)
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert np.all(np.abs(signs.mean(axis=0)) < 4 / np.sqrt(4_001))


@pytest.mark.slow
def test_the_exact_test_rejects_true_nulls_no_more_often_than_its_level() -> None:
    rng = fresh(20_240_601)
    p = [exact_sign_flip(rng.integers(-3, 4, 25) / 3).p_two_sided for _ in range(2_000)]
    assert np.mean(np.array(p) <= 0.05) <= 0.06
    assert np.mean(np.array(p) <= 0.05) >= 0.03


@pytest.mark.parametrize(
    ("differences", "error", "sentence"),
    [
        ([], NoEstimateError, "at least one problem"),
        ([[1, 2]], ValueError, "one number for each problem"),
        ([1, np.nan], ValueError, "must be finite, got nan at position 1"),
        ([np.inf], ValueError, "must be finite, got inf at position 0"),
    ],
)
def test_what_is_no_list_of_differences_is_refused(differences, error, sentence) -> None:
    for test in (
        exact_sign_flip,
        lambda d: sign_flip(d, rng=fresh(0)),
        lambda d: monte_carlo_sign_flip(d, rng=fresh(0)),
    ):
        with pytest.raises(error, match=sentence):
            test(differences)


def test_drawing_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="n_resamples must be at least 1, got 0"):
        monte_carlo_sign_flip([1, 2], rng=fresh(0), n_resamples=0)
