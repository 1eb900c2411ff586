from collections import Counter
from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from stats import bootstrap
from stats.check import NoEstimateError

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


@st.composite
def counts(draw, least: int = 0, most: int = 300):
    n = draw(st.integers(1 + 2 * least, most))
    return draw(st.integers(least, n - least)), n


def naive_quantile(distribution: Counter, u: Fraction) -> Fraction:
    total = Fraction(0)
    for value in sorted(distribution):
        total += distribution[value]
        if total >= u:
            return value
    raise AssertionError("the probabilities do not sum to 1")


def naive_limits(distribution: Counter, level: str = "0.95") -> tuple[float, float]:
    tail = (1 - Fraction(level)) / 2
    return tuple(float(naive_quantile(distribution, u)) for u in (tail, 1 - tail))


def naive_binomial(successes: int, n: int, step: Fraction) -> Counter:
    rate = Fraction(successes, n)
    return Counter({step * k: comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1)})


def every_resample(values: list) -> Counter:
    share = Fraction(1, len(values) ** len(values))
    mean = Counter()
    for drawn in product(values, repeat=len(values)):
        mean[Fraction(sum(drawn), len(values))] += share
    return mean


def convolve(first: Counter, second: Counter) -> Counter:
    total = Counter()
    for (x, p), (y, q) in product(first.items(), second.items()):
        total[x + y] += p * q
    return total


# One rate


@pytest.mark.parametrize(("successes", "n"), [(0, 3), (1, 3), (2, 5), (4, 6), (6, 6)])
@pytest.mark.parametrize("level", ["0.5", "0.9", "0.95"])
def test_percentile_is_what_all_resamples_give(successes, n, level) -> None:
    resamples = every_resample([1] * successes + [0] * (n - successes))
    interval = bootstrap.percentile(successes, n, level=float(level))
    assert (interval.low, interval.high) == pytest.approx(naive_limits(resamples, level))
    assert interval.method == "bootstrap_percentile_exact"


def test_a_cdf_that_equals_the_tail_has_reached_it() -> None:
    # Means of two draws from {0, 1}: 1/4, 1/2, 1/4. The lower quarter ends at 0, the upper at 1/2.
    interval = bootstrap.percentile(1, 2, level=0.5)
    assert (interval.low, interval.high) == (0.0, 0.5)


@SETTINGS
@given(counts(), st.sampled_from([0.5, 0.8, 0.95, 0.99, 0.9999]))
def test_percentile_is_a_binomial_quantile(count, level) -> None:
    x, n = count
    low, high = bootstrap.percentile_limits(x, n, level=level)
    tails = [(1 - level) / 2, (1 + level) / 2]
    assert [low * n, high * n] == pytest.approx(binom.ppf(tails, n, x / n))


@pytest.mark.parametrize("x", [0, 1, 499_999, 999_999, 1_000_000])
def test_percentile_of_a_million_problems(x) -> None:
    n = 1_000_000
    interval = bootstrap.percentile(x, n)
    assert [interval.low * n, interval.high * n] == pytest.approx(
        binom.ppf([0.025, 0.975], n, x / n)
    )


def test_percentile_is_the_limit_of_a_simulated_bootstrap() -> None:
    outcomes = np.arange(107) < 71
    rng = np.random.default_rng(1)
    means = outcomes[rng.integers(107, size=(20_000, 107))].mean(axis=1)
    interval = bootstrap.percentile(71, 107)
    low, high = np.quantile(means, [0.025, 0.975], method="inverted_cdf")
    assert (low, high) == pytest.approx((interval.low, interval.high), abs=1.01 / 107)


def test_percentile_has_no_width_where_nothing_varies() -> None:
    assert bootstrap.percentile(0, 107).width == bootstrap.percentile(107, 107).width == 0


def test_arrays_hold_what_scalars_give() -> None:
    x, n = np.array([[0, 3, 7], [7, 12, 1]]), np.array([[7], [20]])
    x[0, 2] = 7
    low, high = bootstrap.percentile_limits(x, n, level=0.9)
    assert low.shape == (2, 3)
    for (row, column), count in np.ndenumerate(x):
        interval = bootstrap.percentile(int(count), int(n[row, 0]), level=0.9)
        assert (low[row, column], high[row, column]) == (interval.low, interval.high)


@SETTINGS
@given(counts())
def test_doubling_the_data_never_widens_by_more_than_a_step(count) -> None:
    x, n = count
    once, twice = bootstrap.percentile(x, n), bootstrap.percentile(2 * x, 2 * n)
    assert twice.width <= once.width + 1 / n


# BCa


def test_bca_without_bias_or_skew_is_the_percentile_interval() -> None:
    bca, plain = bootstrap.bca(20, 40), bootstrap.percentile(20, 40)
    assert (bca.low, bca.high) == (plain.low, plain.high)


def test_bca_where_bias_and_quantile_cancel() -> None:
    # z is 0.674 and the bias of 1 of 2 is -0.674: both limits read the quarter that lies below.
    found = bootstrap.bca(1, 2, level=0.5, atom="strict")
    assert (found.low, found.high) == (0.0, 0.0)


def test_bca_correction_worked_by_hand() -> None:
    # One of two: P(<) = 1/4, P(=) = 1/2, no skew.
    strict = bootstrap.bca_correction(1, 2, atom="strict")
    assert strict.bias == pytest.approx(-0.6744897501960817)
    assert bootstrap.bca_correction(1, 2).bias == pytest.approx(0, abs=1e-15)
    assert bootstrap.bca_correction(1, 2).acceleration == 0
    # One of ten: (1 - 0.2) / (6 sqrt(10 * 0.1 * 0.9)).
    assert bootstrap.bca_correction(1, 10).acceleration == pytest.approx(0.8 / (6 * 0.9**0.5))


@SETTINGS
@given(counts(least=1))
def test_bca_mirrors_within_a_step(count) -> None:
    x, n = count
    ours, theirs = bootstrap.bca(x, n), bootstrap.bca(n - x, n)
    assert ours.low == pytest.approx(1 - theirs.high, abs=1.01 / n)
    assert ours.high == pytest.approx(1 - theirs.low, abs=1.01 / n)


def test_bca_arrays_hold_what_scalars_give() -> None:
    low, high = bootstrap.bca_limits([1, 50, 106], 107, atom="strict")
    for place, count in enumerate((1, 50, 106)):
        interval = bootstrap.bca(count, 107, atom="strict")
        assert (low[place], high[place]) == (interval.low, interval.high)


def test_bca_at_an_extreme_level_ends_at_the_ends() -> None:
    interval = bootstrap.bca(1, 3, level=1 - 1e-14)
    assert (interval.low, interval.high) == (0, 1)


@pytest.mark.parametrize("successes", [0, 107])
def test_bca_is_refused_where_nothing_varies(successes) -> None:
    with pytest.raises(NoEstimateError, match="BCa is undefined where no problem or every"):
        bootstrap.bca(successes, 107)


def test_bca_knows_two_ways_with_the_atom() -> None:
    with pytest.raises(ValueError, match='atom must be "mid" or "strict", got'):
        bootstrap.bca(1, 2, atom="half")


# Pairs


@pytest.mark.parametrize("cells", [(1, 1, 1, 1), (0, 2, 1, 1), (2, 0, 2, 0), (0, 3, 2, 0)])
@pytest.mark.parametrize("level", ["0.5", "0.9", "0.95"])
def test_paired_is_what_all_resamples_give(cells, level) -> None:
    both, first, second, neither = cells
    resamples = every_resample([1] * first + [-1] * second + [0] * (both + neither))
    interval = bootstrap.paired_percentile(*cells, level=float(level))
    assert (interval.low, interval.high) == pytest.approx(naive_limits(resamples, level))


@SETTINGS
@given(counts(most=150))
def test_pairs_won_by_one_side_only_are_a_rate(count) -> None:
    x, n = count
    pairs, rate = bootstrap.paired_percentile(0, x, 0, n - x), bootstrap.percentile(x, n)
    assert (pairs.low, pairs.high) == (rate.low, rate.high)


@SETTINGS
@given(st.tuples(*[st.integers(0, 60)] * 4).filter(any))
def test_swapping_the_models_mirrors(cells) -> None:
    both, first, second, neither = cells
    ours = bootstrap.paired_percentile(both, first, second, neither)
    theirs = bootstrap.paired_percentile(both, second, first, neither)
    # A step apart only where the CDF hits the tail exactly, which no such table does at 95 %.
    assert (ours.low, ours.high) == pytest.approx((-theirs.high, -theirs.low))


def test_no_discordant_pair_has_no_width() -> None:
    interval = bootstrap.paired_percentile(5, 0, 0, 5)
    assert (interval.low, interval.high) == (0, 0)


def test_all_discordant_pairs_move_in_steps_of_two() -> None:
    interval = bootstrap.paired_percentile(0, 20, 15, 0)
    n = 35
    assert (round(interval.low * n) - n) % 2 == (round(interval.high * n) - n) % 2 == 0


def test_many_pairs_hold_what_single_ones_give() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.integers(0, 50, (2, 6000))
    n = rng.integers(100, 400, 6000)
    low, high = bootstrap.paired_percentile_limits(first, second, n)
    for place in range(0, 6000, 307):
        b, c, total = int(first[place]), int(second[place]), int(n[place])
        interval = bootstrap.paired_percentile(0, b, c, total - b - c)
        assert (low[place], high[place]) == (interval.low, interval.high)


@pytest.mark.parametrize(
    ("cells", "error", "message"),
    [
        ((0, 0, 0, 0), NoEstimateError, "n must be at least 1"),
        ((-1, 1, 1, 1), ValueError, "both must be at least 0"),
        ((1, -1, 1, 1), ValueError, "only_first must be at least 0"),
        ((1, 1, -1, 1), ValueError, "only_second must be at least 0"),
        ((1, 1, 1, -1), ValueError, "neither must be at least 0"),
        ((1, 1.5, 1, 1), TypeError, "only_first must be a whole number"),
        ((1.5, 1, 1, 1), TypeError, "both must be a whole number"),
    ],
)
def test_bad_cells_are_refused(cells, error, message) -> None:
    with pytest.raises(error, match=message):
        bootstrap.paired_percentile(*cells)


def test_more_discordant_problems_than_problems_are_refused() -> None:
    with pytest.raises(ValueError, match=r"only_first \+ only_second must be between 0 and n = 5"):
        bootstrap.paired_percentile_limits([3], [3], [5])


# Strata


@pytest.mark.parametrize("level", ["0.5", "0.9", "0.95"])
@pytest.mark.parametrize(
    ("successes", "totals", "weights"),
    [
        ([3, 1], [5, 4], ["1/2", "1/2"]),
        ([3, 1, 6], [5, 4, 7], ["1/3", "1/3", "1/3"]),
        ([2, 2, 2], [5, 5, 5], ["0.2", "0.3", "0.5"]),
        ([0, 4, 5], [5, 4, 8], ["0.1", "0.2", "0.7"]),
    ],
)
def test_strata_are_what_all_combinations_give(successes, totals, weights, level) -> None:
    exact = Counter({Fraction(0): Fraction(1)})
    for x, n, weight in zip(successes, totals, weights, strict=True):
        exact = convolve(exact, naive_binomial(x, n, Fraction(weight) / n))
    interval = bootstrap.stratified_percentile(
        successes, totals, [float(Fraction(weight)) for weight in weights], level=float(level)
    )
    assert (interval.low, interval.high) == pytest.approx(naive_limits(exact, level), abs=1e-12)
    assert interval.method == "stratified_bootstrap_percentile_exact"


@SETTINGS
@given(counts(most=120))
def test_one_stratum_is_one_rate(count) -> None:
    strata, plain = (
        bootstrap.stratified_percentile([count[0]], [count[1]], [3.0]),
        bootstrap.percentile(*count),
    )
    assert (strata.low, strata.high) == pytest.approx((plain.low, plain.high))


@SETTINGS
@given(
    st.lists(st.tuples(counts(most=60), st.floats(0.05, 1)), min_size=2, max_size=4),
    st.randoms(use_true_random=False),
)
def test_order_and_scale_of_strata_change_nothing(strata, random) -> None:
    def run(rows, scale):
        x, n = zip(*[count for count, _ in rows], strict=True)
        return bootstrap.stratified_percentile(x, n, [scale * weight for _, weight in rows])

    ours = run(strata, 1)
    shuffled = random.sample(strata, len(strata))
    theirs = run(shuffled, 7)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_a_stratum_without_weight_is_not_there() -> None:
    with_it = bootstrap.stratified_percentile([3, 1, 9], [5, 4, 12], [1, 1, 0])
    without = bootstrap.stratified_percentile([3, 1], [5, 4], [1, 1])
    assert with_it == without


def test_strata_are_the_limit_of_a_simulated_bootstrap() -> None:
    x, n, weight = np.array([44, 30, 6]), np.array([47, 40, 20]), np.array([0.41, 0.33, 0.26])
    draws = np.random.default_rng(2).binomial(n, x / n, (200_000, 3)) / n @ weight
    interval = bootstrap.stratified_percentile(x, n, weight)
    low, high = np.quantile(draws, [0.025, 0.975])
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=2e-3)


def test_thirty_six_uneven_strata_are_rounded_and_say_so() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(20, 90, 36)
    x = rng.binomial(n, rng.uniform(0.1, 0.9, 36))
    interval = bootstrap.stratified_percentile(x, n, np.ones(36))
    draws = (rng.binomial(n, x / n, (200_000, 36)) / n).mean(axis=1)
    assert interval.method == "stratified_bootstrap_percentile_rounded"
    assert (interval.low, interval.high) == pytest.approx(
        tuple(np.quantile(draws, [0.025, 0.975])), abs=2e-4
    )


def test_models_with_other_totals_keep_their_own() -> None:
    x = np.array([[3, 5, 2], [4, 4, 4], [0, 9, 9], [3, 5, 2]])
    n = np.array([[9, 9, 9], [8, 9, 9], [9, 9, 9], [9, 9, 7]])
    low, high, exact = bootstrap.stratified_percentile_limits(x, n, [0.2, 0.3, 0.5])
    assert exact
    for row in range(4):
        interval = bootstrap.stratified_percentile(x[row], n[row], [0.2, 0.3, 0.5])
        assert (low[row], high[row]) == pytest.approx((interval.low, interval.high))


def test_strata_that_are_all_passed_or_failed_have_no_width() -> None:
    interval = bootstrap.stratified_percentile([10, 0], [10, 10], [0.5, 0.5])
    assert (interval.low, interval.high) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1, 0], [2, 0], [1, 1]), NoEstimateError, "n must be at least 1, got 0 at index 0, 1"),
        (([3, 0], [2, 4], [1, 1]), ValueError, "successes must be between 0 and n = 2, got 3"),
        (([1, 0], [2, 4], [1]), ValueError, "weights must have one number for each of 2 strata"),
        (([1, 0], [2, 4], [1, -1]), ValueError, "weights must be finite, not negative"),
        (([1, 0], [2, 4], [0, 0]), ValueError, "weights must be finite, not negative"),
        (([1, 0], [2, 4], [1, float("nan")]), ValueError, "weights must be finite"),
        (([], [], []), ValueError, "successes must be one number for each stratum"),
    ],
)
def test_bad_strata_are_refused(arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        bootstrap.stratified_percentile(*arguments)


def test_tails_too_small_to_resolve_are_refused() -> None:
    with pytest.raises(ValueError, match="level must leave 1e-08 in each tail"):
        bootstrap.stratified_percentile([1], [2], [1], level=1 - 1e-9)
    with pytest.raises(ValueError, match="level must leave 1e-08 in each tail"):
        bootstrap.paired_percentile(1, 1, 1, 1, level=1 - 1e-9)
