"""Golden methods of difficulty, item response, repeated samples, runtimes and printed figures."""

from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import Any

from stats.check import NoEstimateError
from stats.consistency import grim
from stats.difficulty import standardised_rate_bootstrap, standardised_rate_normal
from stats.difficulty_paired import (
    standardised_difference_bootstrap,
    standardised_difference_normal,
)
from stats.factors import Factor
from stats.gee import fit_exchangeable
from stats.irt import MarginalFit, fit_2pl, fit_rasch_marginal
from stats.logistic import factor_test, fit_logistic, fit_logistic_clustered
from stats.mantel_haenszel import breslow_day as breslow_day_test
from stats.mantel_haenszel import mantel_haenszel
from stats.profiles import performance_profile as profile_of
from stats.rasch import fit_rasch
from stats.runtime_pairs import runtime_ratio
from stats.samples import clustered_error, pass_all_k, variance_split
from stats.samples import pass_at_k as at_k
from stats.samples import pass_at_k_benchmark as at_k_benchmark
from stats.survival import Transform, kaplan_meier, median_time

Strata = list[dict[str, Any]]


def direct_standardisation(strata: Strata, conf_level: float) -> dict[str, Any]:
    columns = [[stratum[key] for stratum in strata] for key in ("x", "n", "weight")]
    normal = standardised_rate_normal(*columns, level=conf_level)
    bootstrap = standardised_rate_bootstrap(*columns, level=conf_level).interval
    return {
        "estimate": normal.estimate,
        "standard_error": normal.standard_error,
        "lower": normal.interval.low,
        "upper": normal.interval.high,
        "standard_error_n_minus_1": normal.standard_error_unbiased,
        "bootstrap_lower": bootstrap.low,
        "bootstrap_upper": bootstrap.high,
    }


def grim_percentage(reported: str, n: int) -> dict[str, Any]:
    result = grim(reported, n)
    return {
        "consistent_half_up": bool(result.half_up),
        "counts_half_up": list(result.half_up),
        "consistent_half_even": bool(result.half_even),
        "counts_half_even": list(result.half_even),
        "consistent_truncated": bool(result.truncated),
        "counts_truncated": list(result.truncated),
        "consistent": result.consistent,
        "counts": list(result.counts),
    }


def cochran_mantel_haenszel(strata: Strata, conf_level: float) -> dict[str, Any]:
    columns = [[stratum[key] for stratum in strata] for key in ("x1", "n1", "x2", "n2")]
    try:
        result = mantel_haenszel(*columns, level=conf_level)
    except NoEstimateError:
        keys = "statistic p_value statistic_cc p_value_cc odds_ratio log_or_se or_lower or_upper"
        return dict.fromkeys([*keys.split(), "p_exact"])
    finite = result.log_standard_error is not None
    return {
        "statistic": result.test.statistic,
        "p_value": result.test.p_value,
        "statistic_cc": result.test_corrected.statistic,
        "p_value_cc": result.test_corrected.p_value,
        "p_exact": result.test_exact.p_value,
        "odds_ratio": result.odds_ratio,
        "log_or_se": result.log_standard_error,
        "or_lower": result.interval.low if finite else None,
        "or_upper": result.interval.high if finite else None,
    }


def breslow_day(strata: Strata) -> dict[str, Any]:
    columns = [[stratum[key] for stratum in strata] for key in ("x1", "n1", "x2", "n2")]
    try:
        result = breslow_day_test(*columns)
    except NoEstimateError:
        tests = dict.fromkeys(["statistic", "p_value", "statistic_tarone", "p_value_tarone"])
        return tests | _common_odds_ratio(columns)
    return {
        "odds_ratio_mh": result.odds_ratio,
        "df": result.degrees_of_freedom,
        "statistic": result.test.statistic,
        "p_value": result.test.p_value,
        "statistic_tarone": result.test_tarone.statistic,
        "p_value_tarone": result.test_tarone.p_value,
        "n_informative_strata": len(result.informative),
    }


def _common_odds_ratio(columns: list[list[int]]) -> dict[str, Any]:
    """What remains to say where the test of homogeneity has nothing to test."""
    try:
        common = mantel_haenszel(*columns)
    except NoEstimateError:
        return {"odds_ratio_mh": None, "df": None, "n_informative_strata": 0}
    strata = len(common.informative)
    return {
        "odds_ratio_mh": common.odds_ratio,
        "df": strata - 1,
        "n_informative_strata": strata,
    }


def logistic_difficulty(
    models: list[str], difficulties: list[str], cells: list[dict[str, Any]]
) -> dict[str, Any]:
    factors = [
        Factor.of("model", [cell["model"] for cell in cells], models),
        Factor.of("difficulty", [cell["difficulty"] for cell in cells], difficulties),
    ]
    passed, totals = ([cell[key] for cell in cells] for key in ("passed", "n"))
    try:
        fit = fit_logistic(passed, totals, factors)
    except NoEstimateError as error:
        keys = "coefficients standard_errors log_likelihood lr_model_statistic lr_model_df"
        nothing = dict.fromkeys([*keys.split(), "lr_model_p"])
        return {"separated": "separated" in str(error), **nothing}
    ratio = factor_test(fit, "model")
    return {
        "separated": False,
        "coefficients": _named(fit.names, fit.coefficients),
        "standard_errors": _named(fit.names, fit.standard_errors),
        "log_likelihood": fit.log_likelihood,
        "lr_model_statistic": ratio.test.statistic,
        "lr_model_df": ratio.degrees_of_freedom,
        "lr_model_p": ratio.test.p_value,
    }


def _named(names: Sequence[str], values: Iterable[float]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _outcome_rows(
    models: list[str],
    difficulties: list[str],
    problem_difficulty: list[str],
    outcomes: list[list[int]],
) -> tuple[list[int], list[Factor], list[int]]:
    """Outcomes of problems by models as rows, with their factors and problems."""
    rows = [(p, m) for p in range(len(outcomes)) for m in range(len(models))]
    factors = [
        Factor.of("model", [models[m] for _, m in rows], models),
        Factor.of("difficulty", [problem_difficulty[p] for p, _ in rows], difficulties),
    ]
    return [outcomes[p][m] for p, m in rows], factors, [p for p, _ in rows]


def cluster_robust_logistic(**inputs: Any) -> dict[str, Any]:
    result = fit_logistic_clustered(*_outcome_rows(**inputs))
    fit = result.fit
    return {
        "coefficients": _named(fit.names, fit.coefficients),
        "se_model": _named(fit.names, fit.standard_errors),
        "se_cr0": _named(fit.names, result.cr0),
        "se_cr1": _named(fit.names, result.cr1),
        "se_cr1s": _named(fit.names, result.cr1s),
        "n_clusters": result.n_clusters,
        "n_observations": result.n_rows,
    }


def gee_by_problem(**inputs: Any) -> dict[str, Any]:
    rows = _outcome_rows(**inputs)
    independence, exchangeable = fit_logistic_clustered(*rows), fit_exchangeable(*rows)
    names = exchangeable.names
    return {
        "coefficients_independence": _named(names, independence.fit.coefficients),
        "robust_se_independence": _named(names, independence.cr0),
        "coefficients_exchangeable": _named(names, exchangeable.coefficients),
        "robust_se_exchangeable": _named(names, exchangeable.standard_errors),
        "working_correlation": exchangeable.correlation,
    }


def rasch_conditional_ml(outcomes: list[list[int]]) -> dict[str, Any]:
    try:
        fit = fit_rasch(outcomes)
    except NoEstimateError:
        keys = "difficulty_sum_zero se_sum_zero difficulty_first_zero se_first_zero"
        nothing = dict.fromkeys([*keys.split(), "conditional_log_likelihood"])
        return {"estimable": False, **nothing, "n_informative_persons": None}
    return {
        "estimable": True,
        "difficulty_sum_zero": (-fit.ability).tolist(),
        "se_sum_zero": fit.standard_errors.tolist(),
        "difficulty_first_zero": (fit.ability[0] - fit.ability).tolist(),
        "se_first_zero": fit.difference_errors(0).tolist(),
        "conditional_log_likelihood": fit.log_likelihood,
        "n_informative_persons": fit.n_informative,
    }


Patterns = list[dict[str, Any]]


def rasch_marginal_ml(patterns: Patterns) -> dict[str, Any]:
    fit = _on_patterns(fit_rasch_marginal, patterns)
    return {
        "difficulty": (-fit.ability).tolist(),
        "standard_error": fit.ability_errors.tolist(),
        "sigma": float(fit.slopes[0]),
        "log_likelihood": fit.log_likelihood,
    }


def irt_2pl_marginal_ml(patterns: Patterns) -> dict[str, Any]:
    fit = _on_patterns(fit_2pl, patterns)
    return {
        "discrimination": fit.slopes.tolist(),
        "difficulty": fit.difficulty.tolist(),
        "se_discrimination": fit.slope_errors.tolist(),
        "se_difficulty": fit.difficulty_errors.tolist(),
        "log_likelihood": fit.log_likelihood,
    }


def _on_patterns(fit: Callable[..., MarginalFit], patterns: Patterns) -> MarginalFit:
    return fit([p["responses"] for p in patterns], counts=[p["count"] for p in patterns])


def clustered_standard_error(clusters: list[list[float]]) -> dict[str, Any]:
    names = [name for name, cluster in enumerate(clusters) for _ in cluster]
    result = clustered_error([score for cluster in clusters for score in cluster], names)
    return {
        "mean": result.mean,
        "n": result.n,
        "n_clusters": result.n_clusters,
        "se_clt": result.independent,
        "se_miller": result.miller,
        "se_cr0": result.cr0,
        "se_cr1": result.cr1,
    }


def pass_at_k(n: int, c: int, k: int) -> dict[str, Any]:
    try:
        return {"pass_at_k": float(at_k(c, n, k)), "pass_hat_k": float(pass_all_k(c, n, k))}
    except NoEstimateError:
        return {"pass_at_k": None, "pass_hat_k": None}


def pass_at_k_benchmark(problems: list[dict[str, int]], k: int) -> dict[str, Any]:
    try:
        result = at_k_benchmark([p["c"] for p in problems], [p["n"] for p in problems], k)
    except NoEstimateError:
        return {"mean": None, "standard_error": None, "n_problems": len(problems)}
    return {
        "mean": result.estimate.value,
        "standard_error": result.standard_error,
        "n_problems": result.estimate.n,
    }


def variance_decomposition(samples: list[list[float]]) -> dict[str, Any]:
    split = variance_split(samples)
    return {
        "mean": split.mean,
        "variance_of_problem_means": split.variance_of_means,
        "within_variance": split.within,
        "between_variance": split.between,
        "between_variance_truncated": split.between_truncated,
        "icc": split.icc,
        "se_mean": split.standard_error,
        "se_mean_single_sample": split.standard_error_at(1),
        "se_mean_infinite_samples": split.standard_error_at(inf),
    }


def geometric_mean_ratio(x: list[float], y: list[float], conf_level: float) -> dict[str, Any]:
    result = runtime_ratio(x, y, level=conf_level)
    limits = result.interval
    equal = result.ratio if result.standard_error == 0 else None
    return {
        "ratio": result.ratio,
        "mean_log_ratio": result.mean_log_ratio,
        "se_log_ratio": result.standard_error,
        "lower": limits.low if limits else equal,
        "upper": limits.high if limits else equal,
        "p_value": result.test.p_value if result.test else None,
    }


def kaplan_meier_median(times: list[float], events: list[int], conf_level: float) -> dict[str, Any]:
    curve = kaplan_meier(times, events)
    median = median_time(curve, level=conf_level)
    found = {
        "median_left": median.value,
        "median_midpoint": median.midpoint,
        "survival_at_half_exactly": median.exactly_half,
    }
    transforms: tuple[Transform, ...] = ("plain", "log", "log_log")
    for transform in transforms:
        limits = median_time(curve, level=conf_level, transform=transform)
        found |= {f"lower_{transform}": limits.low, f"upper_{transform}": limits.high}
    return found


def performance_profile(times: list[list[float | None]], taus: list[float]) -> dict[str, Any]:
    solved = [[inf if t is None else t for t in row] for row in times]
    return {"profile": profile_of(solved, taus).share.tolist()}


def standardised_paired_difference(strata: Strata, conf_level: float) -> dict[str, Any]:
    columns = [[stratum[key] for stratum in strata] for key in ("b", "c", "n", "weight")]
    normal = standardised_difference_normal(*columns, level=conf_level)
    bootstrap = standardised_difference_bootstrap(*columns, level=conf_level).interval
    return {
        "estimate": normal.estimate,
        "standard_error": normal.standard_error,
        "lower": normal.interval.low,
        "upper": normal.interval.high,
        "bootstrap_lower": bootstrap.low,
        "bootstrap_upper": bootstrap.high,
    }


METHODS: dict[str, Callable[..., dict[str, Any]]] = {
    "breslow_day": breslow_day,
    "cluster_robust_logistic": cluster_robust_logistic,
    "clustered_standard_error": clustered_standard_error,
    "cochran_mantel_haenszel": cochran_mantel_haenszel,
    "direct_standardisation": direct_standardisation,
    "gee_by_problem": gee_by_problem,
    "geometric_mean_ratio": geometric_mean_ratio,
    "grim_percentage": grim_percentage,
    "irt_2pl_marginal_ml": irt_2pl_marginal_ml,
    "kaplan_meier_median": kaplan_meier_median,
    "logistic_difficulty": logistic_difficulty,
    "pass_at_k": pass_at_k,
    "pass_at_k_benchmark": pass_at_k_benchmark,
    "performance_profile": performance_profile,
    "rasch_conditional_ml": rasch_conditional_ml,
    "rasch_marginal_ml": rasch_marginal_ml,
    "standardised_paired_difference": standardised_paired_difference,
    "variance_decomposition": variance_decomposition,
}
