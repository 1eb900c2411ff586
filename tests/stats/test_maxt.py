"""Step-down max-T: against plain enumeration, against drawing, and by what it promises."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stats import maxt
from stats.check import NoEstimateError
from stats.families import holm
from stats.maxt import romano_wolf, westfall_young, westfall_young_pairs
from stats.mcnemar import exact_p_values
from stats.signflip import exact_sign_flip

quick = settings(derandomize=True, deadline=None, max_examples=40)
fresh = np.random.default_rng
families = arrays(
    np.int64, st.tuples(st.integers(2, 6), st.integers(1, 4)), elements=st.integers(-3, 3)
)


def step_down(drawn: np.ndarray, observed: np.ndarray) -> dict[str, np.ndarray]:
    """The definition, hypothesis by hypothesis; drawn is draws x hypotheses."""
    k, slack = observed.size, 1e-9
    order = np.argsort(-observed, kind="stable")
    adjusted, so_far = np.empty(k), 0.0
    for place, j in enumerate(order):
        largest = drawn[:, order[place:]].max(axis=1)
        so_far = max(so_far, np.mean(largest >= observed[j] - slack))
        adjusted[j] = so_far
    top = drawn.max(axis=1, keepdims=True)
    return {
        "p_raw": np.mean(drawn >= observed - slack, axis=0),
        "p_adjusted": adjusted,
        "p_single_step": np.mean(top >= observed - slack, axis=0),
    }


def paired_t(d: np.ndarray) -> np.ndarray:
    spread = d.std(axis=0, ddof=1)
    mean = np.abs(d.mean(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mean < 1e-12, 0, np.minimum(mean / spread * np.sqrt(len(d)), 1e6))


def every_flip(d: np.ndarray) -> list[np.ndarray]:
    return [np.array(signs)[:, None] * d for signs in product([-1, 1], repeat=len(d))]


def agree(result: maxt.MaxT, expected: dict[str, np.ndarray]) -> None:
    assert result.error is None
    for name, values in expected.items():
        assert getattr(result, name) == pytest.approx(values, abs=1e-12), name


@quick
@given(families)
def test_means_agree_with_every_sign_vector(d) -> None:
    drawn = np.array([np.abs(flipped.mean(axis=0)) for flipped in every_flip(d)])
    result = westfall_young(d, rng=fresh(0), studentised=False)
    agree(result, step_down(drawn, np.abs(d.mean(axis=0))))
    assert result.statistic == pytest.approx(np.abs(d.mean(axis=0)), abs=1e-14)


@quick
@given(families)
def test_t_statistics_agree_with_every_sign_vector(d) -> None:
    drawn = np.array([paired_t(flipped) for flipped in every_flip(d)])
    agree(westfall_young(d, rng=fresh(0)), step_down(drawn, paired_t(d)))


@quick
@given(families.filter(lambda d: len(d) < 6))
def test_the_bootstrap_agrees_with_every_resample(d) -> None:
    n, mean = len(d), d.mean(axis=0)
    resamples = [d[list(rows)] for rows in product(range(n), repeat=n)]
    drawn = np.array([np.abs(resample.mean(axis=0) - mean) for resample in resamples])
    agree(romano_wolf(d, rng=fresh(0)), step_down(drawn, np.abs(mean)))


@quick
@given(families)
def test_one_comparison_alone_is_the_sign_flip_test(d) -> None:
    result = westfall_young(d[:, :1], rng=fresh(0), studentised=False)
    expected = exact_sign_flip(d[:, 0]).p_two_sided
    assert result.p_adjusted[0] == result.p_raw[0] == pytest.approx(expected, rel=1e-14)


@quick
@given(families, st.randoms())
def test_order_of_comparisons_and_problems_carries_over(d, random) -> None:
    columns = list(range(d.shape[1]))
    random.shuffle(columns)
    base = westfall_young(d, rng=fresh(0))
    moved = westfall_young(d[::-1, columns], rng=fresh(0))
    for name in ("p_raw", "p_adjusted", "p_single_step", "statistic"):
        assert getattr(moved, name) == pytest.approx(getattr(base, name)[columns], abs=1e-14)


@quick
@given(families)
def test_raw_at_most_step_down_at_most_single_step(d) -> None:
    for method in (westfall_young, romano_wolf):
        result = method(d, rng=fresh(0))
        assert np.all(result.p_raw <= result.p_adjusted + 1e-12)
        assert np.all(result.p_adjusted <= result.p_single_step + 1e-12)


def test_identical_comparisons_cost_nothing_where_holm_charges_for_each() -> None:
    d = np.repeat([[1], [1], [1], [1], [1], [1], [1], [-1], [0]], 5, axis=1)
    result = westfall_young(d, rng=fresh(0))
    assert result.p_adjusted == pytest.approx(result.p_raw)
    assert holm(result.p_raw)[0] == pytest.approx(5 * result.p_raw[0])


def table(n: int, m: int, seed: int = 1) -> np.ndarray:
    rng = fresh(seed)
    return rng.random((n, m)) < np.linspace(0.3, 0.7, m) + rng.uniform(-0.3, 0.3, (n, 1))


@pytest.mark.parametrize("studentised", [False, True])
def test_pairs_are_the_differences_of_columns(studentised) -> None:
    passed = table(11, 4)
    first, second = np.triu_indices(4, k=1)
    columns = passed[:, first].astype(int) - passed[:, second]
    pairs = westfall_young_pairs(passed, rng=fresh(0), studentised=studentised)
    each = westfall_young(columns, rng=fresh(0), studentised=studentised)
    for name in ("statistic", "p_raw", "p_adjusted", "p_single_step"):
        assert getattr(pairs, name) == pytest.approx(getattr(each, name), abs=1e-14)
    only = columns > 0
    raw = exact_p_values(only.sum(axis=0), (columns < 0).sum(axis=0))
    assert pairs.p_raw == pytest.approx(raw, rel=1e-12)


def test_drawing_comes_close_to_enumeration_and_says_how_close(monkeypatch) -> None:
    d = fresh(3).integers(-2, 4, size=(10, 5))
    for method in (westfall_young, romano_wolf):
        exact = method(d, rng=fresh(0))
        with monkeypatch.context() as patch:
            patch.setattr(maxt, "MOST_ENUMERATED", 0)
            drawn = method(d, rng=fresh(1), n_draws=20_000)
        assert exact.method.endswith("_exact")
        assert drawn.method.endswith("_monte_carlo")
        assert np.all(np.abs(drawn.p_adjusted - exact.p_adjusted) <= 4 * drawn.error + 1e-4)
        assert drawn.error.max() < 0.005
        assert drawn.n_draws == 20_000


def test_equal_state_in_equal_result_out_whatever_the_blocks(monkeypatch) -> None:
    passed = table(60, 5)
    first = westfall_young_pairs(passed, rng=fresh(7), n_draws=500)
    again = westfall_young_pairs(passed, rng=fresh(7), n_draws=500)
    assert np.array_equal(first.p_adjusted, again.p_adjusted)
    monkeypatch.setattr(maxt, "BLOCK", 1_000)
    enumerated = westfall_young(passed[:12].astype(int) - 0, rng=fresh(0))
    assert enumerated.n_draws == 2 ** (np.count_nonzero(passed[:12].any(axis=1)) - 1)


def test_no_p_value_below_one_over_the_draws() -> None:
    certain = np.column_stack([np.ones(200), np.zeros(200)]).astype(bool)
    result = westfall_young_pairs(certain, rng=fresh(0), n_draws=99)
    assert result.p_adjusted.tolist() == [1 / 100]
    assert result.statistic.tolist() == [np.inf]


def test_no_differences_at_all() -> None:
    result = westfall_young(np.zeros((4, 2)), rng=fresh(0))
    assert result.p_adjusted.tolist() == [1, 1]
    assert result.statistic.tolist() == [0, 0]
    assert westfall_young_pairs(np.ones((4, 3)), rng=fresh(0)).p_adjusted.tolist() == [1, 1, 1]
    assert romano_wolf(np.zeros((4, 2)), rng=fresh(0)).p_adjusted.tolist() == [1, 1]


def test_rounding_errors_do_not_break_ties() -> None:
    whole = np.array([[1, 2, -1], [2, -3, 1], [-3, 1, 1], [1, 1, 2]])
    for studentised in (False, True):
        a = westfall_young(whole, rng=fresh(0), studentised=studentised)
        b = westfall_young(whole * 0.1, rng=fresh(0), studentised=studentised)
        assert np.array_equal(a.p_adjusted, b.p_adjusted)
    # Off the grid as well: all of three equal irrational sizes tie.
    d = np.pi * np.array([[1], [1], [-1]])
    assert westfall_young(d, rng=fresh(0), studentised=False).p_raw.tolist() == [1]


@pytest.mark.slow
def test_the_family_error_is_kept_and_used_better_than_by_holm() -> None:
    # Five equal models against a sixth that is equal too: comparisons share the sixth.
    rng, any_max_t, any_holm = fresh(20_240_601), 0, 0
    for _ in range(300):
        noise = rng.normal(size=(25, 6))
        d = noise[:, :5] - noise[:, 5:]
        result = westfall_young(d, rng=rng, n_draws=499)
        any_max_t += result.p_adjusted.min() <= 0.05
        any_holm += holm(result.p_raw).min() <= 0.05
    assert any_holm <= any_max_t
    assert 0.02 <= any_max_t / 300 <= 0.08


@pytest.mark.parametrize("method", [westfall_young, romano_wolf])
@pytest.mark.parametrize(
    ("d", "draws", "error", "sentence"),
    [
        ([1, 2], 9, ValueError, "problems x comparisons"),
        (np.zeros((3, 0)), 9, ValueError, "problems x comparisons"),
        (np.zeros((0, 3)), 9, NoEstimateError, "at least one problem"),
        ([[1.0], [np.nan]], 9, ValueError, r"got nan at position \(1, 0\)"),
        ([[1.0], [2.0]], 0, ValueError, "n_draws must be at least 1, got 0"),
    ],
)
def test_what_is_no_family_is_refused(method, d, draws, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        method(d, rng=fresh(0), n_draws=draws)


def test_what_cannot_be_flipped_is_refused() -> None:
    with pytest.raises(NoEstimateError, match="single problem"):
        westfall_young([[1.0, 2.0]], rng=fresh(0))
    with pytest.raises(NoEstimateError, match="single problem"):
        westfall_young_pairs([[1, 0]], rng=fresh(0))
    with pytest.raises(NoEstimateError, match="single problem"):
        romano_wolf([[1.0, 2.0]], rng=fresh(0))
    with pytest.raises(ValueError, match="must not be missing"):
        westfall_young_pairs([[1, np.nan], [0, 1]], rng=fresh(0))
    with pytest.raises(ValueError, match="n_draws"):
        westfall_young_pairs([[1, 0], [0, 1]], rng=fresh(0), n_draws=-1)
