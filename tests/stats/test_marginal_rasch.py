"""The Rasch likelihood by raw score against the general one by pattern."""

import numpy as np
import pytest

from stats.marginal import Block, Curves, TwoParameterLikelihood, nodes_of
from stats.marginal_rasch import RaschLikelihood, ScoreBlock


def tables(problems, models, *, gaps, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2, (problems, models))
    tried = rng.random(x.shape) < (0.8 if gaps else 2)
    x = np.where(tried, x, 0).astype(float)
    counts = rng.integers(1, 4, problems).astype(float)
    return (
        RaschLikelihood(ScoreBlock.of(x, tried, counts)),
        TwoParameterLikelihood(Block.of(x, tried, counts)),
    )


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("slope", [1.3, -0.4])
def test_it_is_the_general_likelihood_with_all_slopes_equal(gaps, slope):
    k = 7
    by_score, by_pattern = tables(40, k, gaps=gaps)
    parameters = np.append(slope, np.linspace(-1, 2, k))
    nodes = nodes_of(by_score.curves(parameters).spacing())
    both = np.concatenate([np.full(k, slope), parameters[1:]])
    assert by_score.value(parameters, nodes) == pytest.approx(by_pattern.value(both, nodes))
    basis = np.zeros((2 * k, k + 1))
    basis[:k, 0], basis[k:, 1:] = 1.0, np.eye(k)
    score, observed, complete = by_pattern.derivatives(both, nodes)
    got = by_score.derivatives(parameters, nodes)
    assert got[0] == pytest.approx(basis.T @ score, abs=1e-9)
    assert got[1] == pytest.approx(basis.T @ observed @ basis, abs=1e-9)
    assert got[2] == pytest.approx(basis.T @ complete @ basis, abs=1e-9)
    inverse = np.linalg.inv(got[2])
    assert by_score.covariance(inverse) == pytest.approx(basis @ inverse @ basis.T)


def test_derivatives_equal_finite_differences_with_many_models():
    by_score, _ = tables(80, 60, gaps=True, seed=2)
    at = np.append(0.9, np.random.default_rng(3).normal(size=60))
    nodes = nodes_of(0.05)
    _, observed, complete = by_score.derivatives(at, nodes)
    step = 1e-5
    for axis in (0, 1, 31, 60):
        shift = np.eye(61)[axis] * step
        slope = (by_score.value(at + shift, nodes) - by_score.value(at - shift, nodes)) / (2 * step)
        assert by_score.derivatives(at, nodes)[0][axis] == pytest.approx(slope, abs=1e-5)
        upper, lower = (by_score.derivatives(at + s, nodes)[0] for s in (shift, -shift))
        assert observed[axis] == pytest.approx(-(upper - lower) / (2 * step), abs=1e-5)
    assert np.linalg.eigvalsh(complete)[0] > 0


def test_nodes_without_weight_may_be_left_out():
    # All problems are easy: nodes far below carry nothing, whatever the reach of the grid.
    x, tried = np.ones((5, 40)), np.ones((5, 40), dtype=bool)
    x[0, 0] = 0
    likelihood = RaschLikelihood(ScoreBlock.of(x, tried, np.ones(5)))
    at, nodes = np.append(1.0, np.full(40, 2.0)), nodes_of(0.1)
    near = nodes[np.abs(nodes) < 6]
    for ours, theirs in zip(
        likelihood.derivatives(at, nodes), likelihood.derivatives(at, near), strict=True
    ):
        assert ours == pytest.approx(theirs, abs=1e-6)
    assert isinstance(likelihood.curves(at), Curves)
