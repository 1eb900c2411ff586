"""Logistic regression: fits, separation, clustered errors, adjusted rates."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit
from statsmodels.genmod.cov_struct import Exchangeable
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_estimating_equations import GEE
from statsmodels.genmod.generalized_linear_model import GLM

from stats.adjusted import adjusted_rates
from stats.check import NoEstimateError
from stats.factors import Design, Factor
from stats.gee import fit_exchangeable
from stats.logistic import factor_test, fit_logistic, fit_logistic_clustered

quick = settings(derandomize=True, deadline=None, max_examples=40)
MODELS, LEVELS = ("a", "b", "c"), ("easy", "medium", "hard")


def cells(models=MODELS, levels=LEVELS):
    pairs = [(m, d) for m in models for d in levels]
    return [
        Factor.of("model", [m for m, _ in pairs], models),
        Factor.of("difficulty", [d for _, d in pairs], levels),
    ]


def outcome_rows(outcomes, difficulty):
    """Rows of a problems x models table."""
    problems, models = outcomes.shape
    names = [f"m{m}" for m in range(models)]
    factors = [
        Factor.of("model", names * problems, names),
        Factor.of("difficulty", [d for d in difficulty for _ in names], sorted(set(difficulty))),
    ]
    return outcomes.ravel().astype(int), factors, np.repeat(np.arange(problems), models)


def simulated(rng, problems=60, models=4, spread=1.0):
    difficulty = ["easy" if p % 2 else "hard" for p in range(problems)]
    logits = rng.normal(0, spread, (problems, 1)) + np.linspace(1, -0.5, models)
    logits += np.array([[1.0 if d == "easy" else -1.0] for d in difficulty])
    return outcome_rows(rng.random((problems, models)) < expit(logits), difficulty)


def test_two_models_worked_by_hand():
    # Odds 3 and 1: the intercept is log 3, the second model lies log 3 below it.
    fit = fit_logistic([6, 4], [8, 8], [Factor.of("model", ["a", "b"], ["a", "b"])])
    assert fit.names == ("intercept", "model:b")
    assert fit.coefficients == pytest.approx([np.log(3), -np.log(3)])
    assert fit.standard_errors == pytest.approx([(1 / 6 + 1 / 2) ** 0.5, (7 / 6) ** 0.5])
    assert fit.log_likelihood == pytest.approx(
        6 * np.log(0.75) + 2 * np.log(0.25) + 8 * np.log(0.5)
    )
    assert fit.n == 16


def test_agrees_with_statsmodels():
    passed, factors, problems = simulated(np.random.default_rng(3))
    ours = fit_logistic_clustered(passed, factors, problems)
    design = Design.of(factors, passed.size)
    theirs = GLM(passed, design.cells[design.cell_of_row], family=Binomial()).fit(tol=1e-14)
    robust = GLM(passed, design.cells[design.cell_of_row], family=Binomial()).fit(
        tol=1e-14, cov_type="cluster", cov_kwds={"groups": problems}
    )
    assert ours.fit.coefficients == pytest.approx(theirs.params)
    assert ours.fit.standard_errors == pytest.approx(theirs.bse)
    assert ours.fit.log_likelihood == pytest.approx(theirs.llf)
    assert ours.cr1s == pytest.approx(robust.bse)


def test_exchangeable_agrees_with_statsmodels():
    passed, factors, problems = simulated(np.random.default_rng(4))
    ours = fit_exchangeable(passed, factors, problems)
    design = Design.of(factors, passed.size)
    theirs = GEE(
        passed,
        design.cells[design.cell_of_row],
        groups=problems,
        family=Binomial(),
        cov_struct=Exchangeable(),
    ).fit(ctol=1e-10)
    # Its moment estimator of the correlation subtracts the number of coefficients.
    assert ours.coefficients == pytest.approx(theirs.params, abs=2e-3)
    assert ours.standard_errors == pytest.approx(theirs.bse, abs=2e-3)
    assert ours.correlation == pytest.approx(theirs.cov_struct.dep_params, abs=0.02)


def test_exchangeable_solves_its_equations_written_out():
    rng = np.random.default_rng(5)
    passed, factors, problems = simulated(rng, problems=30)
    keep = rng.random(passed.size) < 0.8  # clusters of unequal size
    passed, problems = passed[keep], problems[keep]
    factors = [Factor(f.name, f.levels, f.codes[keep]) for f in factors]
    ours = fit_exchangeable(passed, factors, problems)
    design = Design.of(factors, passed.size)
    rows = design.cells[design.cell_of_row]
    equation, bread, meat = 0.0, 0.0, 0.0
    for problem in np.unique(problems):
        x, y = rows[problems == problem], passed[problems == problem]
        rate = expit(x @ ours.coefficients)
        deviation = np.sqrt(rate * (1 - rate))
        working = np.full((y.size, y.size), ours.correlation)
        np.fill_diagonal(working, 1.0)
        slopes = x * (rate * (1 - rate))[:, None]
        inverse = np.linalg.inv(working * np.outer(deviation, deviation))
        score = slopes.T @ inverse @ (y - rate)
        equation, bread = equation + score, bread + slopes.T @ inverse @ slopes
        meat = meat + np.outer(score, score)
    assert equation == pytest.approx(np.zeros(rows.shape[1]), abs=1e-8)
    want = np.linalg.inv(bread) @ meat @ np.linalg.inv(bread)
    assert ours.covariance == pytest.approx(want)


@quick
@given(st.lists(st.integers(0, 6), min_size=9, max_size=9))
def test_fitted_margins_equal_the_observed_ones(passed):
    try:
        fit = fit_logistic(passed, [6] * 9, cells())
    except NoEstimateError:
        assume(False)
    design = Design.of(cells(), 9)
    expected = 6 * expit(design.cells @ fit.coefficients)[design.cell_of_row].reshape(3, 3)
    table = np.array(passed).reshape(3, 3)
    assert expected.sum(axis=0) == pytest.approx(table.sum(axis=0))
    assert expected.sum(axis=1) == pytest.approx(table.sum(axis=1))


@quick
@given(st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_separation_is_found_exactly_where_newton_runs_away(passed):
    # Two models, two difficulties, 2 outcomes a cell: a step along any direction that never
    # lowers the likelihood must be seen.
    factors = cells(("a", "b"), ("easy", "hard"))
    x, design = np.array(passed), Design.of(factors, 4).cells
    grid = np.array(np.meshgrid(*[[-2, -1, 0, 1, 2]] * 3)).reshape(3, -1).T
    pushes = grid @ design.T
    harmless = ((x == 2) & (pushes >= 0)) | ((x == 0) & (pushes <= 0)) | (pushes == 0)
    separated = bool((harmless.all(axis=1) & (pushes != 0).any(axis=1)).any())
    if separated:
        with pytest.raises(NoEstimateError, match="separated"):
            fit_logistic(passed, [2] * 4, factors)
    else:
        assert np.isfinite(fit_logistic(passed, [2] * 4, factors).standard_errors).all()


def test_separation_names_what_would_be_infinite():
    passed = [5, 5, 5, 3, 2, 1, 4, 3, 0]
    with pytest.raises(NoEstimateError, match=r"along intercept|model:b"):
        fit_logistic(passed, [5] * 9, cells())


def test_rows_and_cells_give_one_fit():
    table = np.array([[8, 5, 2], [7, 6, 1], [9, 2, 3]])
    factors = cells()
    whole = fit_logistic(table.ravel(), [10] * 9, factors)
    rows = np.repeat(np.arange(9), 10)
    passed = np.concatenate([np.arange(10) < x for x in table.ravel()]).astype(int)
    single = [Factor(f.name, f.levels, f.codes[rows]) for f in factors]
    apart = fit_logistic(passed, np.ones(90, int), single)
    assert apart.coefficients == pytest.approx(whole.coefficients)
    assert apart.log_likelihood == pytest.approx(whole.log_likelihood)


def test_empty_rows_carry_nothing():
    factors = [Factor.of("model", ["a", "b", "a"], ["a", "b"])]
    fit = fit_logistic([6, 4, 0], [8, 8, 0], factors)
    assert fit.coefficients == pytest.approx([np.log(3), -np.log(3)])


def test_factor_test_of_a_factor_that_explains_nothing():
    fit = fit_logistic([6, 3, 6, 3], [8, 8, 8, 8], cells(("a", "b"), ("easy", "hard")))
    assert factor_test(fit, "model").test.p_value == pytest.approx(1)
    assert factor_test(fit, "difficulty").test.p_value < 0.05
    assert factor_test(fit, "model").degrees_of_freedom == 1
    with pytest.raises(ValueError, match="known"):
        factor_test(fit, "category")


def test_factor_with_a_single_level_cannot_be_tested():
    fit = fit_logistic([6, 4], [8, 8], cells(("a", "b"), ("easy",)))
    with pytest.raises(NoEstimateError, match="single level"):
        factor_test(fit, "difficulty")


def test_independent_outcomes_have_nearly_equal_errors():
    rng = np.random.default_rng(6)
    result = fit_logistic_clustered(*simulated(rng, problems=2000, spread=0.0))
    assert result.cr0 == pytest.approx(result.fit.standard_errors, rel=0.08)


def test_duplicated_outcomes_do_not_narrow_clustered_errors():
    passed, factors, problems = simulated(np.random.default_rng(7))
    one = fit_logistic_clustered(passed, factors, problems)
    twice = [Factor(f.name, f.levels, np.tile(f.codes, 2)) for f in factors]
    two = fit_logistic_clustered(np.tile(passed, 2), twice, np.tile(problems, 2))
    assert two.cr0 == pytest.approx(one.cr0)
    assert two.fit.standard_errors == pytest.approx(one.fit.standard_errors / 2**0.5)


def test_adjusted_rates_on_the_own_mix_are_the_raw_rates():
    # With equal designs the fitted margins are the observed ones.
    passed = [8, 5, 2, 7, 6, 1, 9, 2, 3]
    fit = fit_logistic(passed, [10] * 9, cells())
    found = adjusted_rates(fit, [(level,) for level in LEVELS], [1, 1, 1])
    assert [rate.estimate.value for rate in found] == pytest.approx([15 / 30, 14 / 30, 14 / 30])
    assert [rate.level for rate in found] == list(MODELS)
    assert all(0 < r.estimate.interval.low < r.estimate.interval.high < 1 for r in found)
    assert [rate.estimate.n for rate in found] == [30, 30, 30]


def test_adjusted_rates_on_one_cell_are_its_fitted_rate():
    fit = fit_logistic([6, 4], [8, 8], cells(("a", "b"), ("easy",)))
    (a, _) = adjusted_rates(fit, [("easy",)], [5])
    assert a.estimate.value == pytest.approx(0.75)
    half = 1.959963984540054 * (1 / 6 + 1 / 2) ** 0.5
    assert a.estimate.interval.low == pytest.approx(expit(np.log(3) - half))


@pytest.mark.parametrize(
    ("mix", "match"),
    [
        (([("huge",)], [1]), "unknown levels"),
        (([("easy",)], [1, 1]), "weights must have shape"),
        (([("easy",)], [0]), "not all 0"),
    ],
)
def test_a_mix_that_is_none(mix, match):
    fit = fit_logistic([6, 4], [8, 8], cells(("a", "b"), ("easy",)))
    with pytest.raises(ValueError, match=match):
        adjusted_rates(fit, *mix)


@pytest.mark.parametrize(
    ("passed", "totals", "error", "match"),
    [
        ([6, 4], [8], ValueError, "shape"),
        ([9, 4], [8, 8], ValueError, "between 0"),
        ([6.0, 4.0], [8, 8], TypeError, "whole numbers"),
        ([6, 0], [8, 0], NoEstimateError, "no outcome for b"),
    ],
)
def test_bad_rows(passed, totals, error, match):
    with pytest.raises(error, match=match):
        fit_logistic(passed, totals, [Factor.of("model", ["a", "b"], ["a", "b"])])


def test_factors_that_imply_each_other():
    model = Factor.of("model", ["a", "b", "a", "b"], ["a", "b"])
    group = Factor.of("group", ["x", "y", "x", "y"], ["x", "y"])
    with pytest.raises(NoEstimateError, match="cannot be told apart"):
        fit_logistic([1, 2, 3, 2], [4] * 4, [model, group])


def test_clusters_have_to_be_several_and_whole():
    model = Factor.of("model", ["a", "b", "a", "b"], ["a", "b"])
    with pytest.raises(NoEstimateError, match="at least two"):
        fit_logistic_clustered([1, 0, 0, 1], [model], [1, 1, 1, 1])
    with pytest.raises(ValueError, match="one value for each row"):
        fit_logistic_clustered([1, 0, 0, 1], [model], [1, 1])
    with pytest.raises(NoEstimateError, match="two outcomes"):
        fit_exchangeable([1, 0, 0, 1], [model], [1, 2, 3, 4])
