import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from stats.resampling import Resamples, independent_bootstrap, joint_bootstrap
from stats.standing import rank_intervals
from stats.tied_ranks import rank_quantile, tied_ranks

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def board(problems: int, models: int) -> np.ndarray:
    drawn = rng(problems)
    return drawn.random((problems, models)) < np.linspace(0.1, 0.9, models)


@SETTINGS
@given(
    arrays(np.float32, (4, 6), elements=st.sampled_from([0, 0.25, 0.5, 1])),
    st.sampled_from([0, 4]),  # by sorting, by counting
)
def test_ranks_are_what_comparing_all_models_gives(rates, grid) -> None:
    best, worst = tied_ranks(rates, grid)
    for row, first, last in zip(rates, best, worst, strict=True):
        assert first.tolist() == [int(np.sum(row > rate)) for rate in row]
        assert last.tolist() == [int(np.sum(row >= rate)) - 1 for rate in row]


@pytest.mark.parametrize("problems", [7, 107, 2294])
def test_counting_and_sorting_agree_over_many_blocks(problems: int) -> None:
    drawn = joint_bootstrap(board(problems, 120), rng=rng(), n_resamples=5_000)
    assert drawn.grid == problems
    counted, ordered = tied_ranks(drawn.rates, drawn.grid), tied_ranks(drawn.rates)
    for ours, theirs in zip(counted, ordered, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@SETTINGS
@given(st.integers(2, 40), st.integers(1, 30), st.data())
def test_a_quantile_of_ranks_is_the_sorted_column_at_its_place(rows, models, data) -> None:
    ranks = data.draw(arrays(np.int16, (rows, models), elements=st.integers(0, models - 1)))
    place = data.draw(st.integers(0, rows - 1))
    np.testing.assert_array_equal(rank_quantile(ranks, place), np.sort(ranks, axis=0)[place])


def test_rank_intervals_are_those_of_ranking_each_resample_by_scipy() -> None:
    drawn = joint_bootstrap(board(60, 9), rng=rng(), n_resamples=999)
    first = rankdata(-drawn.rates, axis=1, method="min")
    last = rankdata(-drawn.rates, axis=1, method="max")
    got = rank_intervals(drawn, level=0.9)
    # 999 * .05 = 49.95: the 50th smallest is the first to reach it; .95 is reached by the 950th
    np.testing.assert_array_equal(got.low, np.sort(first, axis=0)[49])
    np.testing.assert_array_equal(got.high, np.sort(last, axis=0)[949])


def test_the_grid_is_said_only_where_all_rates_share_it() -> None:
    outcomes = board(60, 5)
    tried = rng().random(outcomes.shape) < 0.9
    shares = np.where(outcomes, 0.3, 0.5)
    grids = [
        joint_bootstrap(outcomes, rng=rng(), n_resamples=9).grid,
        joint_bootstrap(shares, rng=rng(), n_resamples=9).grid,
        joint_bootstrap(shares / np.pi, rng=rng(), n_resamples=9).grid,
        joint_bootstrap(outcomes, rng=rng(), n_resamples=9, attempted=tried).grid,
        independent_bootstrap([5, 6], 10, rng=rng(), n_resamples=9).grid,
        independent_bootstrap([5, 6], [10, 11], rng=rng(), n_resamples=9).grid,
    ]
    assert grids == [60, 600, 0, 0, 10, 0]


def test_a_grid_changes_no_rank_interval() -> None:
    outcomes = board(300, 40)
    drawn = joint_bootstrap(outcomes, rng=rng(), n_resamples=2_000)
    plain = Resamples(drawn.rates, drawn.observed, drawn.solved, drawn.n, drawn.method)
    with_grid, without = rank_intervals(drawn), rank_intervals(plain)
    np.testing.assert_array_equal(with_grid.low, without.low)
    np.testing.assert_array_equal(with_grid.high, without.high)
