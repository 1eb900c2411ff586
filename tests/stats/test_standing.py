from math import ceil, log

import numpy as np
import pytest

from stats import standing
from stats.check import NoEstimateError
from stats.proportion import clopper_pearson
from stats.resampling import Resamples, independent_bootstrap, joint_bootstrap


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def resamples(rates, n: int = 10) -> Resamples:
    """Hand-made resamples; the data are the first of them."""
    rates = np.asarray(rates, dtype=np.float32)
    observed = rates[0].astype(float)
    sizes = np.full(observed.size, n)
    return Resamples(rates, observed, observed * n, sizes, "joint_bootstrap")


def outcomes(rates, problems: int = 107, seed: int = 1) -> np.ndarray:
    return rng(seed).random((problems, len(rates))) < np.asarray(rates)


def test_rank_intervals_worked_by_hand() -> None:
    # Model 0 leads in three of four resamples, and shares the first place in the fourth.
    rates = [[0.9, 0.5, 0.1], [0.9, 0.4, 0.5], [0.8, 0.5, 0.1], [0.5, 0.5, 0.1]]
    got = standing.rank_intervals(resamples(rates), level=0.5)
    assert got.low.tolist() == [1, 1, 2]
    assert got.high.tolist() == [1, 2, 3]
    assert (got.level, got.method) == (0.5, "joint_bootstrap_rank")


def test_far_apart_models_have_certain_ranks() -> None:
    drawn = joint_bootstrap(outcomes([0.1, 0.9, 0.5]), rng=rng(), n_resamples=999)
    got = standing.rank_intervals(drawn)
    assert got.low.tolist() == got.high.tolist() == [3, 1, 2]


def test_equal_models_share_all_ranks() -> None:
    twins = np.repeat(outcomes([0.6]), 3, axis=1)
    got = standing.rank_intervals(joint_bootstrap(twins, rng=rng(), n_resamples=999))
    assert (got.low.tolist(), got.high.tolist()) == ([1, 1, 1], [3, 3, 3])


def test_ten_times_the_problems_narrow_the_ranks() -> None:
    few, many = outcomes(np.linspace(0.5, 0.6, 6), 100), outcomes(np.linspace(0.5, 0.6, 6), 4000)
    width = [
        (got.high - got.low).sum()
        for got in (
            standing.rank_intervals(joint_bootstrap(board, rng=rng(), n_resamples=999))
            for board in (few, many)
        )
    ]
    assert width[1] < width[0]


def test_counts_alone_say_so_in_every_method() -> None:
    drawn = independent_bootstrap([50, 60], 107, rng=rng(), n_resamples=999)
    assert standing.rank_intervals(drawn).method == "independent_binomial_bootstrap_rank"
    assert standing.ratio_to_best(drawn).method == "independent_binomial_bootstrap_ratio_to_best"


def test_first_places_are_shared_at_ties_and_sum_to_one() -> None:
    rates = [[0.9, 0.5, 0.1], [0.5, 0.5, 0.1], [0.1, 0.1, 0.1], [0.2, 0.1, 0.4]]
    got = standing.probability_best(resamples(rates))
    assert got == pytest.approx([(1 + 1 / 2 + 1 / 3) / 4, (1 / 2 + 1 / 3) / 4, (1 / 3 + 1) / 4])
    assert got.sum() == pytest.approx(1)


def test_blocks_of_resamples_do_not_show() -> None:
    drawn = independent_bootstrap([50, 55, 60], 107, rng=rng(), n_resamples=400_000)
    best = drawn.rates.max(axis=1, keepdims=True) == drawn.rates
    want = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    assert standing.probability_best(drawn) == pytest.approx(want)


def test_contenders_hold_the_near_ones_only() -> None:
    drawn = joint_bootstrap(outcomes([0.8, 0.78, 0.3]), rng=rng(), n_resamples=1999)
    assert standing.contenders(drawn).tolist() == [True, True, False]


def crowded(seed: int) -> Resamples:
    """Twelve models whose rates overlap; none solves nothing."""
    board = outcomes(np.linspace(0.35, 0.75, 12), 60, seed)
    return joint_bootstrap(board, rng=rng(seed), n_resamples=399)


def naive_contenders(drawn: Resamples, level: float) -> list[bool]:
    """Hsu's set, model by model and resample by resample."""
    noise = (drawn.rates.astype(float) - drawn.observed).tolist()
    place = ceil(level * len(noise)) - 1
    kept = []
    for model, rate in enumerate(drawn.observed):
        distances = sorted(max(row) - row[model] for row in noise)
        kept.append(drawn.observed.max() - rate <= distances[place] + 1e-6)
    return kept


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_contenders_equal_those_found_one_by_one(seed, level) -> None:
    drawn = crowded(seed)
    got = standing.contenders(drawn, level=level)
    assert got.tolist() == naive_contenders(drawn, level)
    assert 1 <= got.sum() < 12


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("seed", [1, 2])
def test_upper_ratios_equal_those_found_one_by_one(seed, level) -> None:
    drawn = crowded(seed)
    tail = (1 - level) / 2
    rivals = np.flatnonzero(naive_contenders(drawn, 1 - tail / 10))
    gains = [
        [log(rate / own) for rate, own in zip(row, drawn.observed, strict=True)]
        for row in drawn.rates.astype(float)
    ]
    place = ceil((1 - 0.9 * tail) * len(gains)) - 1
    want = []
    for model, rate in enumerate(drawn.observed):
        gaps = sorted(max(row[j] for j in rivals) - row[model] for row in gains)
        want.append(min(rate / drawn.observed.max() * np.exp(gaps[place]), 1.0))
    assert standing.ratio_to_best(drawn, level=level).high == pytest.approx(want, abs=1e-6)


def test_the_ratio_of_the_best_ends_at_one() -> None:
    drawn = joint_bootstrap(outcomes([0.8, 0.6, 0.3]), rng=rng(), n_resamples=1999)
    got = standing.ratio_to_best(drawn)
    assert (got.ratio[0], got.high[0]) == (1, 1)
    assert np.all((got.low <= got.ratio) & (got.ratio <= got.high) & (got.high <= 1))
    assert got.ratio == pytest.approx(drawn.observed / drawn.observed[0])


def test_the_only_model_is_the_best() -> None:
    got = standing.ratio_to_best(joint_bootstrap(outcomes([0.5]), rng=rng(), n_resamples=999))
    assert (got.ratio[0], got.low[0], got.high[0]) == (1, 1, 1)


def test_a_model_that_solved_nothing_has_an_upper_limit_all_the_same() -> None:
    board = outcomes([0.8, 0.5, 0.0])
    got = standing.ratio_to_best(joint_bootstrap(board, rng=rng(), n_resamples=1999))
    assert (got.ratio[2], got.low[2]) == (0, 0)
    # 1 - 0.0125^(1/107) is the exact limit of its rate, over a best rate of at most 1.
    assert 1 - 0.0125 ** (1 / 107) <= got.high[2] < 0.08


def test_relabelling_the_models_relabels_the_result() -> None:
    board, order = outcomes([0.8, 0.6, 0.3, 0.7]), [2, 0, 3, 1]
    plain, moved = (
        standing.ratio_to_best(joint_bootstrap(part, rng=rng(), n_resamples=999))
        for part in (board, board[:, order])
    )
    assert np.array_equal(plain.low[order], moved.low)
    assert np.array_equal(plain.high[order], moved.high)


def test_ratios_to_nothing_are_refused() -> None:
    with pytest.raises(NoEstimateError, match="no model solved anything"):
        standing.ratio_to_best(independent_bootstrap([0, 0], 9, rng=rng(), n_resamples=99))
    with pytest.raises(NoEstimateError, match="the best models solve nothing in some resamples"):
        standing.ratio_to_best(independent_bootstrap([1, 0], 9, rng=rng(), n_resamples=99))


def test_too_few_resamples_for_the_level_are_refused() -> None:
    drawn = independent_bootstrap([3, 5], 9, rng=rng(), n_resamples=30)
    for read in (standing.rank_intervals, standing.ratio_to_best):
        with pytest.raises(ValueError, match=r"n_resamples must be at least 40 at level 0\.95"):
            read(drawn)
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        standing.rank_intervals(drawn, level=1.0)


def coverage_of_ratios(truth: np.ndarray, runs: int) -> tuple[float, float]:
    """Mean coverage of the ratios to the best, and of their plain percentile limits."""
    chance, ours, plain = rng(20_240_601), 0.0, 0.0
    ratio = truth / truth.max()
    for _ in range(runs):
        drawn = independent_bootstrap(chance.binomial(107, truth), 107, rng=chance, n_resamples=499)
        got = standing.ratio_to_best(drawn)
        ours += np.mean((got.low <= ratio + 1e-9) & (ratio <= got.high + 1e-9))
        shares = drawn.rates / drawn.rates.max(axis=1, keepdims=True)
        low, high = np.quantile(shares, [0.025, 0.975], axis=0)
        plain += np.mean((low <= ratio) & (ratio <= high + 1e-6))
    return ours / runs, plain / runs


@pytest.mark.slow
def test_ratios_cover_at_ties_where_the_percentile_limits_fail() -> None:
    ours, plain = coverage_of_ratios(np.full(10, 0.5), 400)
    assert ours >= 0.96
    assert plain < 0.75


@pytest.mark.slow
@pytest.mark.parametrize("truth", [[0.7] + [0.5] * 9, list(np.linspace(0.3, 0.7, 10))])
def test_ratios_cover_what_they_say(truth) -> None:
    assert coverage_of_ratios(np.array(truth), 400)[0] >= 0.945


def test_a_model_that_solved_very_few_has_a_limit_that_says_something() -> None:
    # Two of 120 solved: one resample in seven holds none of them, and its log gap is infinite.
    outcomes = np.zeros((120, 2), dtype=bool)
    outcomes[:90, 0] = True
    outcomes[:2, 1] = True
    found = standing.ratio_to_best(joint_bootstrap(outcomes, rng=rng(4), n_resamples=1_999))
    assert found.ratio[1] == pytest.approx(2 / 90)
    exact = clopper_pearson(2, 120, level=0.975).high
    assert exact / 0.75 < found.high[1] < 1.3 * exact / 0.75
