import numpy as np
import pytest

from stats import resampling
from stats.bootstrap import paired_percentile, percentile
from stats.check import NoEstimateError


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def board(problems: int = 60, models: int = 5, seed: int = 1) -> np.ndarray:
    return rng(seed).random((problems, models)) < np.linspace(0.3, 0.8, models)


def test_two_problems_worked_by_hand() -> None:
    # Model 0 solves one of two, model 1 both: rates 0, 1/2, 1 in a quarter, half, quarter.
    got = resampling.joint_bootstrap([[1, 1], [0, 1]], rng=rng(), n_resamples=40_000)
    values, counts = np.unique(got.rates[:, 0], return_counts=True)
    assert values.tolist() == [0, 0.5, 1]
    assert counts / 40_000 == pytest.approx([0.25, 0.5, 0.25], abs=0.01)
    assert np.all(got.rates[:, 1] == 1)
    assert got.observed.tolist() == [0.5, 1]
    assert (got.solved.tolist(), got.n.tolist(), got.method) == ([1, 2], [2, 2], "joint_bootstrap")


def test_equal_state_in_equal_result_out() -> None:
    first, second, other = (
        resampling.joint_bootstrap(board(), rng=rng(seed), n_resamples=50) for seed in (3, 3, 4)
    )
    assert np.array_equal(first.rates, second.rates)
    assert not np.array_equal(first.rates, other.rates)


def test_single_rates_follow_the_exact_bootstrap() -> None:
    outcomes = board(107, 4)
    got = resampling.joint_bootstrap(outcomes, rng=rng(), n_resamples=20_000)
    limits = np.quantile(got.rates, [0.025, 0.975], axis=0, method="inverted_cdf")
    for model, solved in enumerate(outcomes.sum(axis=0)):
        exact = percentile(int(solved), 107)
        assert limits[:, model] == pytest.approx([exact.low, exact.high], abs=1.01 / 107)


def test_differences_follow_the_exact_paired_bootstrap() -> None:
    outcomes = board(107, 2)
    got = resampling.joint_bootstrap(outcomes, rng=rng(), n_resamples=20_000)
    a, b = outcomes.T
    exact = paired_percentile(*(int(np.sum(cell)) for cell in (a & b, a & ~b, ~a & b, ~a & ~b)))
    difference = got.rates[:, 0].astype(float) - got.rates[:, 1]
    low, high = np.quantile(difference, [0.025, 0.975], method="inverted_cdf")
    assert (low, high) == pytest.approx((exact.low, exact.high), abs=1.01 / 107)


def test_a_copy_of_a_model_stays_its_copy() -> None:
    outcomes = board()
    twins = np.column_stack([outcomes, outcomes[:, 2]])
    got = resampling.joint_bootstrap(twins, rng=rng(), n_resamples=500)
    assert np.array_equal(got.rates[:, 2], got.rates[:, 5])


def test_relabelling_the_models_relabels_the_result() -> None:
    order = [3, 0, 4, 1, 2]
    plain = resampling.joint_bootstrap(board(), rng=rng(), n_resamples=100)
    moved = resampling.joint_bootstrap(board()[:, order], rng=rng(), n_resamples=100)
    assert np.array_equal(plain.rates[:, order], moved.rates)


def test_blocks_do_not_show() -> None:
    # More cells than one block holds: every row is still one resample of all problems.
    outcomes = np.ones((3000, 2), dtype=bool)
    got = resampling.joint_bootstrap(outcomes, rng=rng(), n_resamples=301)
    assert got.rates.shape == (301, 2)
    assert np.all(got.rates == 1)


def test_fractions_with_a_common_unit_keep_their_ties() -> None:
    # Thirds added in another order differ in the last bit unless they are counted.
    scores = rng(5).integers(0, 4, (40, 1)) / 3
    twins = np.column_stack([scores, scores[:, 0]])
    got = resampling.joint_bootstrap(twins, rng=rng(), n_resamples=300)
    assert np.array_equal(got.rates[:, 0], got.rates[:, 1])
    units = got.rates[:, 0].astype(float) * 120
    assert units == pytest.approx(np.rint(units), abs=1e-4)


def test_fractions_without_a_unit_are_drawn_too() -> None:
    scores = rng(6).random((40, 3))
    got = resampling.joint_bootstrap(scores, rng=rng(), n_resamples=5_000)
    assert got.rates.mean(axis=0) == pytest.approx(scores.mean(axis=0), abs=0.01)
    assert got.rates.std(axis=0) == pytest.approx(scores.std(axis=0) / np.sqrt(40), rel=0.05)


def test_missing_outcomes_are_not_failures() -> None:
    outcomes = np.ones((50, 2))
    tried = np.ones((50, 2), dtype=bool)
    tried[:20, 1] = False
    outcomes[:20, 1] = np.nan
    got = resampling.joint_bootstrap(outcomes, rng=rng(), n_resamples=200, attempted=tried)
    assert np.all(got.rates == 1)
    assert (got.n.tolist(), got.solved.tolist()) == ([50, 30], [50, 30])


def test_complete_attempts_change_nothing() -> None:
    outcomes = board()
    plain = resampling.joint_bootstrap(outcomes, rng=rng(), n_resamples=100)
    tried = np.ones(outcomes.shape, dtype=bool)
    masked = resampling.joint_bootstrap(outcomes, rng=rng(), n_resamples=100, attempted=tried)
    assert np.array_equal(plain.rates, masked.rates)


def test_counts_alone_are_drawn_independently_and_say_so() -> None:
    got = resampling.independent_bootstrap([30, 60], [60, 80], rng=rng(), n_resamples=20_000)
    assert got.method == "independent_binomial_bootstrap"
    assert got.observed.tolist() == [0.5, 0.75]
    exact = percentile(60, 80)
    limits = np.quantile(got.rates[:, 1], [0.025, 0.975], method="inverted_cdf")
    assert limits == pytest.approx([exact.low, exact.high], abs=1.01 / 80)
    assert np.corrcoef(got.rates.T)[0, 1] == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        ([1, 0, 1], "outcomes must have two problems"),
        ([[1, 0]], "outcomes must have two problems"),
        (np.ones((3, 0)), "outcomes must have two problems"),
        ([[1, 0], [1, 2]], "outcomes must be between 0 and 1"),
        ([[1, 0], [1, np.nan]], "outcomes must be between 0 and 1"),
    ],
)
def test_bad_outcomes_are_refused(outcomes, message) -> None:
    with pytest.raises(ValueError, match=message):
        resampling.joint_bootstrap(outcomes, rng=rng())


def test_other_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="n_resamples must be at least 2, got 1"):
        resampling.joint_bootstrap(board(), rng=rng(), n_resamples=1)
    with pytest.raises(ValueError, match="n_resamples must be at least 2, got 0"):
        resampling.independent_bootstrap([1], [2], rng=rng(), n_resamples=0)
    with pytest.raises(ValueError, match="attempted must be boolean and of the shape"):
        resampling.joint_bootstrap(board(), rng=rng(), attempted=np.ones((60, 5)))
    with pytest.raises(NoEstimateError, match="n must be at least 1"):
        resampling.independent_bootstrap([0], [0], rng=rng())
    tried = np.ones((60, 5), dtype=bool)
    tried[:, 2] = False
    with pytest.raises(NoEstimateError, match="model 2 attempted no problem"):
        resampling.joint_bootstrap(board(), rng=rng(), attempted=tried)
    tried[0, 2] = True
    with pytest.raises(NoEstimateError, match="a resample holds no problem that some model"):
        resampling.joint_bootstrap(board(), rng=rng(), attempted=tried)
