import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import truncnorm

from stats import selection
from stats.check import NoEstimateError
from stats.proportion import agresti_coull, wilson_limits

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
BOARDS = st.integers(5, 200).flatmap(
    lambda n: st.tuples(st.lists(st.integers(0, n), min_size=2, max_size=12), st.just(n))
)


def outcomes(rates, problems: int = 107, seed: int = 1, shared: float = 0.0) -> np.ndarray:
    """Outcomes with the given rates, linked by a share of common difficulty."""
    rng = np.random.default_rng(seed)
    luck = rng.normal(size=(problems, len(rates)))
    common = rng.normal(size=(problems, 1))
    return np.sqrt(shared) * common + np.sqrt(1 - shared) * luck < ndtri(np.asarray(rates))


@SETTINGS
@given(st.floats(-3, 3), st.floats(0.01, 6), st.floats(0.01, 6))
def test_truncated_cdf_agrees_with_the_library(low, left, right) -> None:
    x, high = low + left, low + left + right
    got = selection._truncated_cdf(x, low, high)
    assert got == pytest.approx(truncnorm.cdf(x, low, high), abs=1e-9)


@pytest.mark.parametrize(("x", "low", "high"), [(31, 30, 40), (-31, -40, -30), (0.5, -50, 50)])
def test_truncated_cdf_holds_far_out(x, low, high) -> None:
    got = selection._truncated_cdf(x, low, high)
    assert 0 < got < 1
    assert got == pytest.approx(1 - selection._truncated_cdf(-x, -high, -low), abs=1e-12)


def test_hybrid_limits_solve_their_equation() -> None:
    value, low, spread, targets = 0.3, 0.25, 0.1, 7
    alpha, beta = 0.05, 0.005
    reach = -ndtri((1 - (1 - beta) ** (1 / targets)) / 2)
    tail = (alpha - beta) / (2 * (1 - beta))
    limits = selection._hybrid(value, low, np.inf, spread=spread, targets=targets, level=1 - alpha)
    for mean, u in zip(limits, (tail, 0.5, 1 - tail), strict=True):
        ends = max(low, mean - reach * spread), mean + reach * spread
        scaled = [(end - mean) / spread for end in ends]
        cdf = truncnorm.cdf((value - mean) / spread, *scaled)
        assert cdf == pytest.approx(1 - u, abs=1e-8)


def test_a_far_leader_needs_no_correction() -> None:
    # What is left is the interval of Agresti and Coull, at 1 - (alpha - beta)/(1 - beta).
    got = selection.best_rate([80, 20, 15], 107)
    plain = agresti_coull(80, 107, level=1 - 0.045 / 0.995)
    assert got.interval.low == pytest.approx(plain.low, abs=2e-3)
    assert got.interval.high == pytest.approx(plain.high, abs=2e-3)
    assert got.estimate == pytest.approx(80 / 107, abs=1e-3)
    assert (got.best, got.tied, got.observed) == (0, (0,), 80 / 107)
    assert got.interval.method == "hybrid_selection_independent"


def test_a_photo_finish_is_corrected_downwards() -> None:
    near, far = selection.best_rate([60, 59, 58, 57], 107), selection.best_rate([60, 9, 8, 7], 107)
    assert near.estimate < far.estimate
    assert near.interval.low < far.interval.low
    assert near.estimate < near.observed


def test_more_rivals_correct_more() -> None:
    few, many = selection.best_rate([60, 58], 107), selection.best_rate([60] + [58] * 30, 107)
    assert many.interval.low < few.interval.low


def test_ties_are_named_and_the_first_is_best() -> None:
    got = selection.best_rate([50, 60, 60], 107)
    assert (got.best, got.tied) == (1, (1, 2))
    assert selection.lead([50, 60, 60], 107).observed == 0


@SETTINGS
@given(BOARDS, st.randoms(use_true_random=False))
def test_order_of_the_models_changes_nothing(board, random) -> None:
    successes, n = board
    ours = selection.best_rate(successes, n)
    theirs = selection.best_rate(random.sample(successes, len(successes)), n)
    assert ours.estimate == pytest.approx(theirs.estimate, abs=1e-9)
    assert ours.interval.low == pytest.approx(theirs.interval.low, abs=1e-9)


@SETTINGS
@given(BOARDS)
def test_limits_are_rates_and_hold_the_estimate(board) -> None:
    got = selection.best_rate(*board)
    assert 0 <= got.interval.low <= got.estimate <= got.interval.high <= 1
    lead = selection.lead(*board)
    assert -1 <= lead.interval.low <= lead.estimate <= lead.interval.high <= 1
    assert lead.best == got.best
    assert lead.observed >= 0


@SETTINGS
@given(BOARDS)
def test_a_higher_level_contains_a_lower_one(board) -> None:
    inner, outer = (selection.best_rate(*board, level=level).interval for level in (0.8, 0.99))
    assert outer.low <= inner.low + 1e-9
    assert inner.high <= outer.high + 1e-9


def test_ten_times_the_data_narrows() -> None:
    once, more = selection.best_rate([60, 50], 107), selection.best_rate([600, 500], 1070)
    assert more.interval.width < once.interval.width
    once, more = selection.lead([60, 50], 107), selection.lead([600, 500], 1070)
    assert more.interval.width < once.interval.width


def test_unlinked_outcomes_agree_with_counts() -> None:
    board = outcomes([0.7, 0.6, 0.3], 4_000)
    solved = board.sum(axis=0)
    linked, counts = selection.best_rate_linked(board), selection.best_rate(solved, 4_000)
    assert linked.interval.low == pytest.approx(counts.interval.low, abs=1e-3)
    assert linked.interval.method == "hybrid_selection_linked"
    linked_lead, counts_lead = selection.lead_linked(board), selection.lead(solved, 4_000)
    assert linked_lead.interval.low == pytest.approx(counts_lead.interval.low, abs=3e-3)


def test_linked_problems_make_the_lead_more_certain() -> None:
    board = outcomes([0.75, 0.5], shared=0.9)
    linked, counts = selection.lead_linked(board), selection.lead(board.sum(axis=0), 107)
    assert linked.interval.width < counts.interval.width
    assert (linked.best, linked.runner_up) == (0, 1)
    assert linked.interval.method == "hybrid_selection_lead_linked"


def test_a_copy_of_the_winner_leads_by_nothing() -> None:
    board = np.repeat(outcomes([0.6]), 2, axis=1)
    got = selection.lead_linked(board)
    assert got.observed == 0
    assert got.interval.contains(0)


@pytest.mark.parametrize("successes", [[0, 0, 0], [107, 107], [107, 0]])
def test_ends_of_the_scale_have_intervals_too(successes) -> None:
    got = selection.best_rate(successes, 107)
    assert got.interval.width > 0.01
    assert selection.lead(successes, 107).interval.width > 0.01


def test_models_may_have_other_totals() -> None:
    got = selection.best_rate([9, 60], [10, 107])
    assert (got.best, got.observed) == (0, 0.9)
    assert got.interval.width > selection.best_rate([96, 60], [107, 107]).interval.width


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: selection.best_rate([5], 10), ValueError, "needs two models or more"),
        (lambda: selection.lead_linked(np.ones((9, 1))), ValueError, "needs two models or more"),
        (lambda: selection.best_rate([5, 11], 10), ValueError, "between 0 and n = 10, got 11"),
        (lambda: selection.best_rate([0, 0], [3, 0]), NoEstimateError, "n must be at least 1"),
        (lambda: selection.best_rate([5, 6], 10, level=0), ValueError, "level must be between"),
        (lambda: selection.lead([5.5, 6], 10), TypeError, "successes must hold whole numbers"),
        (lambda: selection.best_rate_linked([[1, 0]]), ValueError, "two problems"),
        (
            lambda: selection.best_rate_linked([[1, 0], [np.nan, 1]]),
            ValueError,
            "outcomes must be between 0 and 1",
        ),
    ],
)
def test_bad_arguments_are_refused(call, error, message) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.slow
@pytest.mark.parametrize(
    "truth", [[0.5] * 10, [0.9] * 10, [0.7] + [0.5] * 9, list(np.linspace(0.3, 0.7, 10))]
)
def test_the_best_rate_is_covered(truth) -> None:
    rng, truth, hits, plain, runs = np.random.default_rng(1), np.array(truth), 0, 0, 600
    for _ in range(runs):
        x = rng.binomial(107, truth)
        got = selection.best_rate(x, 107)
        hits += got.interval.contains(truth[got.best])
        low, high = wilson_limits(x[got.best], 107)
        plain += low <= truth[got.best] <= high
    assert hits / runs >= 0.935
    if truth.tolist() == [0.5] * 10:
        assert plain / runs < 0.85  # the winner's curse, uncorrected


@pytest.mark.slow
@pytest.mark.parametrize("truth", [[0.5] * 10, [0.7] + [0.5] * 9, [0.6, 0.6] + [0.3] * 8])
def test_the_lead_is_covered(truth) -> None:
    truth, hits, runs = np.array(truth), 0, 500
    for seed in range(runs):
        got = selection.lead_linked(outcomes(truth, seed=seed, shared=0.5))
        hits += got.interval.contains(truth[got.best] - truth[got.runner_up])
    assert hits / runs >= 0.935
