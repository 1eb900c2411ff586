"""Rasch by conditional maximum likelihood, and what raw scores imply."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from stats.check import NoEstimateError
from stats.rasch import easiness_by_score, fit_rasch, rasch_mean_squares
from stats.raw_scores import RawScores

quick = settings(derandomize=True, deadline=None, max_examples=30)
tables = arrays(
    np.int64, st.tuples(st.integers(6, 25), st.integers(2, 4)), elements=st.integers(0, 1)
)


def patterns(k):
    return np.array(list(product([0, 1], repeat=k)))


def simulated(rng, problems, models, spread=1.5):
    ability = np.linspace(1, -1, models)
    easiness = rng.normal(0, spread, (problems, 1))
    return (rng.random((problems, models)) < expit(easiness + ability)).astype(int), ability


def minus_conditional_log_likelihood(ability, x, tried):
    """Written out over all patterns of equal score among those who tried."""
    total = 0.0
    for row, mask in zip(x, tried, strict=True):
        a, r = ability[mask], row[mask].sum()
        logits = patterns(mask.sum()) @ a
        total += row[mask] @ a - logsumexp(logits[patterns(mask.sum()).sum(axis=1) == r])
    return -total


@quick
@given(arrays(float, st.integers(1, 6), elements=st.sampled_from([-3.0, -1, 0, 0.5, 2, 4])))
def test_raw_scores_equal_enumeration(ability):
    k = ability.size
    x, scores = patterns(k), RawScores.of(ability)
    vectors = np.arange((k + 1) * k).reshape(k + 1, k) % 5 - 2.0
    for r in range(k + 1):
        here = x[x.sum(axis=1) == r]
        p = np.exp(here @ ability - logsumexp(here @ ability))
        assert scores.log_sums[r] == pytest.approx(logsumexp(here @ ability))
        assert scores.rates[r] == pytest.approx(p @ here, abs=1e-13)
        both = scores.pairs(np.eye(k + 1)[r])
        assert both == pytest.approx(here.T @ (here * p[:, None]), abs=1e-13)
        sums = here @ vectors[r]
        variance = p @ sums**2 - (p @ sums) ** 2
        assert scores.quadratic(vectors)[r] == pytest.approx(variance, abs=1e-11)


def test_raw_scores_stay_accurate_with_many_models():
    k = 200
    scores = RawScores.of(np.random.default_rng(1).normal(0, 3, k))
    r = np.arange(k + 1)
    assert scores.rates.sum(axis=1) == pytest.approx(r, abs=1e-10)
    both = scores.pairs(np.ones(k + 1))
    assert both.sum(axis=1) == pytest.approx(r @ scores.rates, rel=1e-10)


def test_pairs_and_variances_stay_exact_with_many_models():
    # Closed form where abilities differ: e_i e_j (g_i - g_j) / (e_j - e_i), from the rates of one.
    k = 150
    rng = np.random.default_rng(3)
    ability = rng.permutation(np.linspace(-6, 5, k))
    scores = RawScores.of(ability)
    odds = np.exp(ability)
    gap = odds[None, :] - odds[:, None] + np.eye(k)
    off = ~np.eye(k, dtype=bool)
    vectors = rng.normal(size=(k + 1, k))
    variances = scores.quadratic(vectors)
    for r in (0, 1, 2, 40, 75, 120, 148, 149, 150):
        rate = scores.rates[r]
        want = (odds[None, :] * rate[:, None] - odds[:, None] * rate[None, :]) / gap
        both = scores.pairs(np.eye(k + 1)[r])
        assert both[off] == pytest.approx(want[off], abs=1e-11)
        assert np.diag(both) == pytest.approx(rate, abs=1e-13)
        spread = vectors[r] @ (both - np.outer(rate, rate)) @ vectors[r]
        assert variances[r] == pytest.approx(spread, abs=1e-9)


def test_equal_models_pass_as_drawn_without_replacement():
    k, r = 90, np.arange(91)
    scores = RawScores.of(np.full(k, 0.7))
    for score in (1, 30, 89):
        both = scores.pairs(np.eye(k + 1)[score])
        assert both[0, 1] == pytest.approx(score * (score - 1) / (k * (k - 1)), rel=1e-12)
    variances = scores.quadratic(np.tile(np.arange(k) - 44.5, (k + 1, 1)))
    spread = np.sum((np.arange(k) - 44.5) ** 2) / (k - 1)
    assert variances == pytest.approx(r * (1 - r / k) * spread, rel=1e-10, abs=1e-8)


def test_many_models_keep_exact_margins_and_a_null_space():
    x, _ = simulated(np.random.default_rng(8), 300, 120)
    fit = fit_rasch(x)
    informative = x[(x.sum(axis=1) > 0) & (x.sum(axis=1) < 120)]
    rates = RawScores.of(fit.ability).rates[informative.sum(axis=1)]
    assert rates.sum(axis=0) == pytest.approx(informative.sum(axis=0), abs=1e-7)
    assert fit.covariance.sum(axis=0) == pytest.approx(0, abs=1e-10)
    assert np.linalg.eigvalsh(fit.covariance)[1] > 0


def test_two_models_worked_by_hand():
    # 6 problems that only the first passed, 2 that only the second passed: log odds log 3.
    x = np.array([[1, 0]] * 6 + [[0, 1]] * 2 + [[1, 1]] * 5 + [[0, 0]])
    fit = fit_rasch(x)
    assert fit.ability == pytest.approx([np.log(3) / 2, -np.log(3) / 2])
    assert fit.difference_errors(0) == pytest.approx([0, (1 / 6 + 1 / 2) ** 0.5])
    assert fit.log_likelihood == pytest.approx(6 * np.log(0.75) + 2 * np.log(0.25))
    assert (fit.n_problems, fit.n_informative) == (14, 8)
    gap = fit.difference(0, 1)
    assert gap.value == pytest.approx(np.log(3))
    assert gap.interval.high - gap.value == pytest.approx(1.959963984540054 * (2 / 3) ** 0.5)


@quick
@given(tables, st.booleans(), st.integers(0, 99))
def test_maximises_the_conditional_likelihood(x, gaps, seed):
    tried = np.random.default_rng(seed).random(x.shape) < (0.8 if gaps else 2)
    try:
        fit = fit_rasch(x, attempted=tried)
    except NoEstimateError:
        assume(False)
    x = np.where(tried, x, 0)
    best = minimize(minus_conditional_log_likelihood, fit.ability, args=(x, tried), tol=1e-10)
    assert fit.log_likelihood == pytest.approx(-best.fun, abs=1e-6)
    value = -minus_conditional_log_likelihood(fit.ability, x, tried)
    assert fit.log_likelihood == pytest.approx(value)
    assert fit.ability.sum() == pytest.approx(0, abs=1e-9)


def test_covariance_is_the_inverse_curvature():
    x, _ = simulated(np.random.default_rng(2), 60, 4)
    fit = fit_rasch(x)
    tried = np.ones(x.shape, bool)

    def value(free):
        ability = np.append(free, -free.sum())
        return minus_conditional_log_likelihood(ability, x, tried)

    step, free = 1e-3, fit.ability[:3]
    eye = np.eye(3) * step
    curvature = np.array(
        [
            [
                (
                    value(free + u + v)
                    - value(free + u - v)
                    - value(free - u + v)
                    + value(free - u - v)
                )
                / (4 * step**2)
                for v in eye
            ]
            for u in eye
        ]
    )
    assert np.linalg.inv(curvature) == pytest.approx(fit.covariance[:3, :3], rel=1e-4)


@quick
@given(tables, st.randoms(use_true_random=False))
def test_order_of_problems_and_models_changes_nothing(x, random):
    try:
        fit = fit_rasch(x)
    except NoEstimateError:
        assume(False)
    rows, columns = list(range(x.shape[0])), list(range(x.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    other = fit_rasch(x[np.ix_(rows, columns)])
    assert other.ability == pytest.approx(fit.ability[columns], abs=1e-7)
    assert other.standard_errors == pytest.approx(fit.standard_errors[columns], abs=1e-7)
    swapped = fit_rasch(1 - x)
    assert swapped.ability == pytest.approx(-fit.ability, abs=1e-7)


@quick
@given(tables)
def test_duplicating_the_problems_narrows_by_the_root_of_two(x):
    try:
        fit = fit_rasch(x)
    except NoEstimateError:
        assume(False)
    twice = fit_rasch(np.concatenate([x, x]))
    assert twice.ability == pytest.approx(fit.ability, abs=1e-7)
    assert twice.standard_errors == pytest.approx(fit.standard_errors / 2**0.5, rel=1e-6)


def test_what_was_not_attempted_is_not_looked_at():
    x, _ = simulated(np.random.default_rng(3), 120, 3)
    tried = np.ones(x.shape, bool)
    tried[::3, 0] = False
    other = np.where(tried, x, 1 - x)
    assert fit_rasch(x, attempted=tried).ability == pytest.approx(
        fit_rasch(other, attempted=tried).ability
    )


@pytest.mark.parametrize(
    ("x", "columns"),
    [
        ([[1, 0], [1, 1], [1, 0]], r"\[0\]; \[1\]"),
        ([[1, 0, 0], [0, 1, 0], [1, 0, 0]], r"\[0, 1\]; \[2\]"),
        # Pairs that are comparable inside, but the first pair never fails where the second passes.
        ([[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 0], [1, 1, 0, 1]], r"\[0, 1\]; \[2, 3\]"),
        ([[1, 1], [0, 0]], r"\[0\]; \[1\]"),
    ],
)
def test_models_that_cannot_be_compared_are_named(x, columns):
    with pytest.raises(NoEstimateError, match=columns):
        fit_rasch(x)


@pytest.mark.parametrize(
    ("x", "attempted", "error", "match"),
    [
        ([[1], [0]], None, ValueError, "models >= 2"),
        ([1, 0], None, ValueError, "models >= 2"),
        ([[1, 2]], None, ValueError, "0 or 1"),
        ([[1.0, 0.0]], None, TypeError, "whole numbers"),
        ([[1, 0]], [[True]], ValueError, "attempted"),
        ([[1, 0]], [[1, 1]], ValueError, "attempted"),
    ],
)
def test_bad_tables(x, attempted, error, match):
    with pytest.raises(error, match=match):
        fit_rasch(x, attempted=attempted)


def test_a_model_has_no_difference_from_itself():
    fit = fit_rasch([[1, 0], [0, 1], [1, 0]])
    with pytest.raises(ValueError, match="must differ"):
        fit.difference(1, 1)


def test_easiness_solves_warms_equation():
    ability = np.array([1.5, 0.2, -0.4, -1.3])
    easiness, error = easiness_by_score(ability)
    assert np.all(np.diff(easiness) > 0)
    for r, theta in enumerate(easiness):
        p = expit(theta + ability)
        information = np.sum(p * (1 - p))
        lean = np.sum(p * (1 - p) * (1 - 2 * p)) / (2 * information)
        assert r - p.sum() + lean == pytest.approx(0, abs=1e-9)
        assert error[r] == pytest.approx(information**-0.5)


def test_mean_squares_by_enumeration():
    # Expectation 1 and the standard deviations behind z, over all outcomes with these scores.
    fit = fit_rasch(simulated(np.random.default_rng(4), 50, 4)[0])
    x = np.array([[1, 0, 0, 0], [1, 1, 0, 1]])
    models, problems = rasch_mean_squares(fit, x)
    rows = [patterns(4)[patterns(4).sum(axis=1) == r] for r in (1, 3)]
    p = [np.exp(r @ fit.ability - logsumexp(r @ fit.ability)) for r in rows]
    infit = {"model": [], "problem": []}
    weight = []
    for i, j in product(range(4), range(4)):
        got = rasch_mean_squares(fit, np.stack([rows[0][i], rows[1][j]]))
        infit["model"].append([got[0].infit, got[0].outfit])
        infit["problem"].append([got[1].infit, got[1].outfit])
        weight.append(p[0][i] * p[1][j])
    for kind, result in (("model", models), ("problem", problems)):
        values = np.array(infit[kind])
        mean = np.tensordot(weight, values, 1)
        assert mean == pytest.approx(np.ones_like(mean))
        deviation = np.sqrt(np.tensordot(weight, (values - mean) ** 2, 1))
        assert result.infit_z == pytest.approx((result.infit - 1) / deviation[0])
        assert result.outfit_z == pytest.approx((result.outfit - 1) / deviation[1])


def test_a_model_that_guesses_stands_out():
    rng = np.random.default_rng(5)
    x, _ = simulated(rng, 300, 6, spread=2.0)
    x[:, 2] = rng.random(300) < 0.5
    models, problems = rasch_mean_squares(fit_rasch(x), x)
    assert models.infit_z.argmax() == 2
    assert models.infit_z[2] > 4
    assert problems.index.size == np.count_nonzero((x.sum(axis=1) > 0) & (x.sum(axis=1) < 6))


def test_two_models_leave_no_room_for_misfit():
    x = [[1, 0], [0, 1], [1, 0]]
    models, _ = rasch_mean_squares(fit_rasch(x), x)
    assert models.outfit_z == pytest.approx([0, 0])


@pytest.mark.slow
def test_wald_intervals_cover_the_true_differences():
    rng, hits = np.random.default_rng(20_240_601), []
    for _ in range(300):
        x, ability = simulated(rng, 107, 5)
        fit = fit_rasch(x)
        for model in range(1, 5):
            gap = fit.difference(model, 0)
            hits.append(gap.interval.contains(ability[model] - ability[0]))
    assert 0.93 <= np.mean(hits) <= 0.975
