"""Latent-trait models by marginal likelihood, and abilities as expected scores."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from stats.check import NoEstimateError
from stats.irt import (
    expected_scores,
    fit_2pl,
    fit_rasch_marginal,
    problem_easiness,
    slope_test,
)
from stats.marginal import Block, Curves, derivatives, nodes_of


def simulated(rng, problems, models, *, spread=1.5, slopes=None):
    slopes = np.full(models, spread) if slopes is None else slopes
    intercepts = np.linspace(1, -1, models)
    z = rng.normal(size=(problems, 1))
    return (rng.random((problems, models)) < expit(slopes * z + intercepts)).astype(int), z[:, 0]


def pattern_probability(curves, pattern, tried):
    def joint(z):
        p = expit(curves.slopes * z + curves.intercepts)[tried]
        x = pattern[tried]
        return norm.pdf(z) * np.prod(np.where(x == 1, p, 1 - p))

    return quad(joint, -12, 12, epsabs=1e-13, epsrel=1e-11, limit=200)[0]


@pytest.mark.parametrize("slopes", [[1.0, 1, 1], [0.3, 2.5, 6.0], [20.0, 0.0, -1.5]])
def test_likelihood_equals_adaptive_integration(slopes):
    rng = np.random.default_rng(1)
    curves = Curves(np.array(slopes), np.array([0.5, -1.0, 0.2]))
    x, tried = rng.integers(0, 2, (6, 3)).astype(float), rng.random((6, 3)) < 0.8
    tried[0] = True
    nodes, ones = nodes_of(curves.spacing()), np.ones(6)
    got = sum(b.log_likelihood(curves, nodes) for b in Block.of(np.where(tried, x, 0), tried, ones))
    want = sum(
        np.log(pattern_probability(curves, row, mask))
        for row, mask in zip(x, tried, strict=True)
        if mask.any()
    )
    assert got == pytest.approx(want, abs=1e-7)


def test_derivatives_equal_finite_differences():
    rng = np.random.default_rng(2)
    x, tried = rng.integers(0, 2, (20, 4)).astype(float), rng.random((20, 4)) < 0.8
    x = np.where(tried, x, 0)
    blocks, nodes = Block.of(x, tried, rng.integers(1, 4, 20).astype(float)), nodes_of(0.2)
    at = np.concatenate([rng.uniform(0.5, 2, 4), rng.normal(size=4)])

    def value(flat):
        return sum(b.log_likelihood(Curves(flat[:4], flat[4:]), nodes) for b in blocks)

    def score(flat):
        return derivatives(blocks, Curves(flat[:4], flat[4:]), nodes)[0]

    _, observed, complete = derivatives(blocks, Curves(at[:4], at[4:]), nodes)
    step = 1e-5
    for axis, shift in enumerate(np.eye(8) * step):
        slope = (value(at + shift) - value(at - shift)) / (2 * step)
        assert score(at)[axis] == pytest.approx(slope, abs=1e-6)
        bend = -(score(at + shift) - score(at - shift)) / (2 * step)
        assert observed[axis] == pytest.approx(bend, abs=1e-6)
    assert np.linalg.eigvalsh(complete)[0] > 0


def test_truth_is_recovered_from_many_problems():
    slopes = np.array([0.6, 1.0, 1.5, 2.0, 1.2])
    x, _ = simulated(np.random.default_rng(3), 20_000, 5, slopes=slopes)
    fit = fit_2pl(x)
    assert fit.slopes == pytest.approx(slopes, abs=0.15)
    assert fit.ability == pytest.approx(np.linspace(1, -1, 5), abs=0.08)
    assert slope_test(fit_rasch_marginal(x), fit).p_value < 1e-6
    assert np.abs(fit.slopes - slopes).max() < 4 * fit.slope_errors.max()


def test_counts_stand_for_repeated_rows():
    x, _ = simulated(np.random.default_rng(4), 60, 4)
    patterns, counts = np.unique(x, axis=0, return_counts=True)
    one, other = fit_rasch_marginal(x), fit_rasch_marginal(patterns, counts=counts)
    assert one.ability == pytest.approx(other.ability)
    assert one.log_likelihood == pytest.approx(other.log_likelihood)
    assert one.n_problems == other.n_problems == 60


@pytest.mark.parametrize("fitter", [fit_rasch_marginal, fit_2pl])
def test_order_changes_nothing_and_pass_mirrors_fail(fitter):
    x, _ = simulated(np.random.default_rng(5), 200, 4)
    fit = fitter(x)
    shuffled = fitter(x[::-1, [2, 0, 3, 1]])
    assert shuffled.ability == pytest.approx(fit.ability[[2, 0, 3, 1]], abs=1e-6)
    assert shuffled.slopes == pytest.approx(fit.slopes[[2, 0, 3, 1]], abs=1e-6)
    mirrored = fitter(1 - x)
    assert mirrored.ability == pytest.approx(-fit.ability, abs=1e-6)
    assert mirrored.slopes == pytest.approx(fit.slopes, abs=1e-6)
    assert mirrored.ability_errors == pytest.approx(fit.ability_errors, abs=1e-6)


def test_rasch_fit_reproduces_the_raw_rates():
    # A property of the Rasch likelihood equations: expected equals observed score.
    x, _ = simulated(np.random.default_rng(6), 107, 6)
    fit = fit_rasch_marginal(x)
    scores = expected_scores(fit, x)
    assert [s.value for s in scores] == pytest.approx(x.mean(axis=0))
    assert all(s.interval.low < s.value < s.interval.high for s in scores)
    assert scores[0].interval.method == "rasch_expected_score_delta"
    assert {s.n for s in scores} == {107}


def test_scores_predict_what_was_not_attempted():
    # One model skips what the first two failed: its raw rate flatters it, the expected score not.
    x, _ = simulated(np.random.default_rng(7), 2000, 6)
    tried = np.ones(x.shape, bool)
    tried[x[:, :2].sum(axis=1) < 2, 2] = False
    fit = fit_rasch_marginal(x, attempted=tried)
    score = expected_scores(fit, x, attempted=tried)[2]
    flattering = x[tried[:, 2], 2].mean()
    assert flattering > x[:, 2].mean() + 0.15
    assert score.value == pytest.approx(x[:, 2].mean(), abs=0.04)
    assert score.n == np.count_nonzero(tried[:, 2])


def test_weights_make_another_mix():
    x, z = simulated(np.random.default_rng(8), 400, 5)
    fit = fit_rasch_marginal(x)
    hard = expected_scores(fit, x, weights=(z < 0).astype(float))
    easy = expected_scores(fit, x, weights=2.0 * (z >= 0))
    even = expected_scores(fit, x)
    for h, e, m in zip(hard, easy, even, strict=True):
        assert h.value < m.value < e.value
        share = np.mean(z < 0)
        assert share * h.value + (1 - share) * e.value == pytest.approx(m.value)


def test_two_parameter_scores_stay_near_the_raw_rates():
    x, _ = simulated(np.random.default_rng(9), 300, 5)
    fit = fit_2pl(x)
    assert [s.value for s in expected_scores(fit, x)] == pytest.approx(x.mean(axis=0), abs=1e-6)
    assert expected_scores(fit, x)[0].interval.method == "2pl_expected_score_delta"


def test_easiness_follows_the_problems():
    x, z = simulated(np.random.default_rng(10), 300, 12)
    fit = fit_rasch_marginal(x)
    tried = np.ones(x.shape, bool)
    tried[0] = False
    mean, deviation = problem_easiness(fit, x, attempted=tried)
    assert np.corrcoef(mean, z)[0, 1] > 0.85
    assert (mean[0], deviation[0]) == pytest.approx((0, 1), abs=1e-9)
    assert (deviation[1:] < 1).all()


@pytest.mark.parametrize(
    ("x", "match"),
    [
        ([[1, 0], [1, 1], [1, 0]], r"\[0\] passed none or all"),
        ([[1, 0], [0, 0], [1, 0]], r"\[1\] passed none or all"),
        # Every problem passed by exactly one model: less alike than chance, so no spread.
        ([[1, 0], [0, 1], [1, 0], [0, 1]], "differ no more than chance"),
    ],
)
def test_no_estimate(x, match):
    for fitter in (fit_rasch_marginal, fit_2pl):
        with pytest.raises(NoEstimateError, match=match):
            fitter(x)


def test_slopes_without_bound_are_refused():
    # Models that agree on every problem: the steeper the better.
    x = np.repeat([[1, 1, 1], [0, 0, 0]], 20, axis=0)
    with pytest.raises(NoEstimateError, match=r"without bound"):
        fit_rasch_marginal(x)


def test_bad_arguments():
    x, _ = simulated(np.random.default_rng(11), 60, 3)
    fit = fit_rasch_marginal(x)
    with pytest.raises(ValueError, match="counts"):
        fit_rasch_marginal(x, counts=[1, 2])
    with pytest.raises(ValueError, match="counts"):
        fit_rasch_marginal(x, counts=np.full(60, -1))
    with pytest.raises(ValueError, match="3 models"):
        expected_scores(fit, x[:, :2])
    with pytest.raises(ValueError, match="weights"):
        expected_scores(fit, x, weights=np.zeros(60))
    with pytest.raises(ValueError, match="weights"):
        expected_scores(fit, x, weights=[1.0])
    with pytest.raises(ValueError, match="same outcomes"):
        slope_test(fit, fit)


@pytest.mark.slow
def test_expected_score_covers_the_rate_of_the_population():
    rng, hits = np.random.default_rng(20_240_601), []
    intercepts = np.linspace(1, -1, 5)
    z = np.linspace(-8, 8, 2001)
    rate = expit(1.5 * z + intercepts[:, None]) @ (norm.pdf(z) / norm.pdf(z).sum())
    for _ in range(200):
        x, _ = simulated(rng, 107, 5)
        scores = expected_scores(fit_rasch_marginal(x), x)
        hits += [s.interval.contains(r) for s, r in zip(scores, rate, strict=True)]
    assert 0.92 <= np.mean(hits) <= 0.98
