"""A valid call of every public function of `stats`, for tests that walk all of them."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from stats import (
    independent,
    irt,
    logistic,
    power_unpaired,
    proportion,
    rasch,
    resampling,
    survival,
)
from stats.factors import Factor
from stats.interval import Estimate, Interval

Example = Callable[[], dict[str, Any]]

LEVEL = {"level": 0.95}
ALPHA = {"alpha": 0.05}
PLAN = {"alpha": 0.05, "power": 0.8}
RATE = {"successes": 4, "n": 9}
RATES = {"successes": [4, 2, 3], "n": [9, 8, 7]}
TWO = {"successes_a": 7, "n_a": 10, "successes_b": 3, "n_b": 9}
TWOS = {
    "successes_a": [7, 3, 2],
    "n_a": [10, 8, 6],
    "successes_b": [3, 2, 4],
    "n_b": [9, 8, 7],
}
MARGINS = {"passed_a": 7, "n_a": 10, "passed_b": 3, "n_b": 9, "n_problems": 11}
MARGINS_OF_STRATA = {
    "passed_a": [7, 3, 2],
    "n_a": [10, 8, 6],
    "passed_b": [3, 2, 4],
    "n_b": [9, 8, 7],
    "n_problems": [11, 8, 8],
}
TABLE = {"both": 5, "only_a": 4, "only_b": 2, "neither": 3}
DISCORDANT = {"only_a": 4, "only_b": 1}
DISCORDANTS = {"only_a": [4, 2, 1], "only_b": [1, 3, 5]}
STRATA = {"successes": [4, 2, 1], "totals": [9, 8, 5], "weights": [0.5, 0.3, 0.2]}
MODELS = {"successes": [[4, 2, 1], [3, 3, 2]], "totals": [9, 8, 5], "weights": [0.5, 0.3, 0.2]}
PAIR = {"only_a": [4, 2, 1], "only_b": [1, 2, 0], "totals": [9, 8, 5], "weights": [0.5, 0.3, 0.2]}
PAIRS = {
    "only_a": [[4, 2, 1], [1, 1, 1]],
    "only_b": [[1, 2, 0], [2, 0, 1]],
    "totals": [9, 8, 5],
    "weights": [0.5, 0.3, 0.2],
}
CONTRAST = {"successes": [4, 2, 1], "totals": [9, 8, 5], "weights": [0.5, 0.5, -1.0]}
D = {"differences": [0.5, -0.25, 1.0, 0.75, -0.5, 0.25]}
FAMILY = {"differences": [[1.0, 0.5], [-0.5, 0.25], [0.75, -1.0], [0.5, 0.5], [1.0, 0.25]]}
P_VALUES = {"p_values": [0.01, 0.2, 0.04, 0.5]}
VALUES = {"values": [0.5, 0.25, 1.0, 0.75]}
ROWS_OF_MARKS = ["0101", "0011", "1011", "0110", "0001", "1101", "0011", "0111"]
OUTCOMES = {"outcomes": np.array([[int(mark) for mark in row] for row in ROWS_OF_MARKS])}
CHANGE = {"before": [1.0, 0.0, 1.0, 0.5], "after": [1.0, 1.0, 0.5, 0.0]}
BETTER = {"better": np.array([[0, 1, 1], [0, 0, 0], [0, 0, 0]], dtype=np.bool_)}
RANKED = {
    "p_values": [[1.0, 0.01, 0.2], [0.01, 1.0, 0.5], [0.2, 0.5, 1.0]],
    "gain": [[0.0, 0.2, 0.1], [-0.2, 0.0, -0.1], [-0.1, 0.1, 0.0]],
}
SAMPLES = {"passed": [3, 1, 2], "samples": [5, 5, 4], "k": 2}
TIMES = {"times": [[1.0, 2.0], [3.0, 1.0], [2.0, 2.5]]}
TRUE_RATES = {"rates": [0.1, 0.5, 0.7]}
DRAWS = {"n_resamples": 99}
FACTORS = [
    Factor.of("model", ["a", "b"] * 6, ["a", "b"]),
    Factor.of("difficulty", ["e", "e", "h", "h"] * 3, ["e", "h"]),
]
ROWS = {
    "passed": [1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0],
    "factors": FACTORS,
    "clusters": [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
}


def estimate(value: float) -> Estimate:
    return Estimate(value, Interval(value - 0.1, value + 0.1, 0.95, "example"), 10)


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


def many_outcomes() -> np.ndarray:
    rng = generator()
    easiness = rng.normal(size=(120, 1)) * 1.3
    return (rng.random((120, 4)) < 1 / (1 + np.exp(-easiness - [-0.5, 0, 0.3, 0.8]))).astype(int)


def logistic_fit() -> logistic.LogisticFit:
    return logistic.fit_logistic(ROWS["passed"], [1] * 12, FACTORS)


def marginal_fit() -> irt.MarginalFit:
    return irt.fit_rasch_marginal(many_outcomes())


def resamples() -> resampling.Resamples:
    return resampling.joint_bootstrap(OUTCOMES["outcomes"], rng=generator(), n_resamples=200)


def _given(**inputs: Any) -> Example:
    return lambda: inputs


def _one_rate(name: str) -> dict[str, Example]:
    return {
        f"proportion.{name}": _given(**RATE, **LEVEL),
        f"proportion.{name}_limits": _given(**RATES, **LEVEL),
    }


def _two_rates(name: str) -> dict[str, Example]:
    return {
        f"independent.{name}": _given(**TWO, **LEVEL),
        f"independent.{name}_limits": _given(**TWOS, **LEVEL),
    }


ONE_RATE = ("wilson", "wilson_continuity", "clopper_pearson", "jeffreys", "agresti_coull", "wald")
DIFFERENCES = ("difference_wald", "agresti_caffo", "newcombe", "miettinen_nurminen")
ADJUSTMENTS = ("bonferroni", "holm", "hochberg", "hommel")
DISCOVERIES = ("benjamini_hochberg", "benjamini_yekutieli")
INTERVALS_OF_PAIRS = ("difference", "tango", "wald", "bonett_price", "newcombe")
RATIOS_OF_PAIRS = ("ratio", "tang", "wald_ratio", "bonett_price_ratio")
STANDARDISED = ("", "_mover", "_normal", "_bootstrap")

EXAMPLES: dict[str, Example] = {
    "adjusted.adjusted_rates": lambda: {
        "fit": logistic_fit(),
        "cells": [("e",), ("h",)],
        "weights": [0.5, 0.5],
        **LEVEL,
    },
    "adjusted.mix_weights": _given(weights=[0.5, 0.5], size=2),
    "allpairs.check_outcomes": _given(**OUTCOMES),
    "allpairs.compare_all": _given(**OUTCOMES, **LEVEL),
    "allpairs.pair_tables": _given(**OUTCOMES),
    "bayes.beta_posterior": _given(**RATE, **LEVEL),
    "bayes.paired_posterior": _given(both=5, only_first=4, only_second=2, neither=3, **LEVEL),
    "bayes.probability_better": _given(**TWO),
    "bayes.probability_better_paired": _given(only_first=4, only_second=2),
    "bootstrap.bca": _given(**RATE, **LEVEL),
    "bootstrap.bca_correction": _given(**RATES),
    "bootstrap.bca_limits": _given(**RATES, **LEVEL),
    "bootstrap.paired_percentile": _given(both=5, only_first=4, only_second=2, neither=3, **LEVEL),
    "bootstrap.paired_percentile_limits": _given(
        only_first=[4, 2, 1], only_second=[1, 1, 2], n=[9, 8, 7], **LEVEL
    ),
    "bootstrap.percentile": _given(**RATE, **LEVEL),
    "bootstrap.percentile_limits": _given(**RATES, **LEVEL),
    "bootstrap.stratified_percentile": _given(**STRATA, **LEVEL),
    "bootstrap.stratified_percentile_limits": _given(**MODELS, **LEVEL),
    "bounds.paired_difference_range": _given(**MARGINS, **LEVEL),
    "bounds.paired_difference_range_over_strata": _given(**MARGINS_OF_STRATA, **LEVEL),
    "bounds.paired_test_range": _given(**MARGINS),
    "bounds.paired_test_range_over_strata": _given(**MARGINS_OF_STRATA),
    "bounds.paired_test_ranges": _given(**(MARGINS_OF_STRATA | {"n_problems": 11})),
    "check.check_count": _given(successes=3, n=9),
    "check.check_level": _given(**LEVEL),
    "chi_square.chi_square": _given(**TWO),
    "chi_square.chi_square_n_minus_1": _given(**TWO),
    "chi_square.chi_square_yates": _given(**TWO),
    "coincidence.agreement_chance": _given(**TRUE_RATES),
    "coincidence.collision_chance": _given(counts=[3, 2, 1]),
    "consistency.grim": _given(reported="71.0", n=107),
    "consistency.printed_matches": _given(printed="71.0", value=71.03),
    "contrast.mover_contrast": _given(**CONTRAST, **LEVEL),
    "contrast.mover_of_estimates": _given(
        estimates=[estimate(0.3), estimate(0.5)], weights=[1.0, -1.0]
    ),
    "contrast.mover_ratio": _given(
        **RATE, successes_others=[2, 3, 4], totals_others=[8, 7, 9], **LEVEL
    ),
    "contrast_test.contrast_test": _given(**CONTRAST),
    "coverage.binomial_table": _given(n=9, rates=np.array([0.1, 0.5, 0.7])),
    "coverage.rate_coverage": _given(limits=proportion.wilson_limits, n=9, **TRUE_RATES, **LEVEL),
    "coverage_unlinked.difference_coverage": _given(
        limits=independent.newcombe_limits, n_a=9, n_b=8, **TRUE_RATES, **LEVEL
    ),
    "coverage_unlinked.ratio_coverage": _given(
        limits=independent.newcombe_limits, n_a=9, n_b=8, **TRUE_RATES, **LEVEL
    ),
    "coverage_unlinked.type_one_error": _given(
        rejects=power_unpaired.fisher_region, n_a=9, n_b=8, **TRUE_RATES, **ALPHA
    ),
    "decomposition.decompose": _given(
        before=[Fraction(1), Fraction(0), None],
        after=[Fraction(1), Fraction(1), Fraction(1)],
        in_before=[True, True, False],
        in_after=[True, True, True],
    ),
    "decomposition.split_counts": _given(passed_before=4, n_before=9, passed_after=5, n_after=9),
    "difficulty.mix_in_use": _given(weights=[0.5, 0.5], totals=[[3, 4], [2, 2], [1, 5]]),
    "difficulty.standardised_mean": _given(
        strata=[[0.5, 1.0, 0.0], [0.2, 0.3]], weights=[0.5, 0.5], **LEVEL
    ),
    "difficulty.standardised_rates": _given(**MODELS, **LEVEL),
    "difficulty_paired.standardised_difference": _given(**PAIR, **LEVEL),
    "difficulty_paired.standardised_difference_bootstrap": _given(**PAIR, **LEVEL),
    "difficulty_paired.standardised_difference_normal": _given(**PAIR, **LEVEL),
    "difficulty_paired.standardised_differences": _given(**PAIRS, **LEVEL),
    "difficulty_ranks.pairwise_level": _given(models=4, **LEVEL),
    "difficulty_ranks.standardised_rank_sets": _given(
        estimates=[0.5, 0.3, 0.2], low=[0.4, 0.1, 0.1], high=[0.6, 0.5, 0.3]
    ),
    "factors.cluster_codes": _given(clusters=[0.0, 0.0, 1.0, 1.0], shape=(4,)),
    "families.check_p_values": _given(**P_VALUES),
    "fisher.fisher_exact": _given(**TWO),
    "fisher.fisher_midp": _given(**TWO),
    "fisher.fisher_probabilities": _given(**TWOS),
    "gee.fit_exchangeable": _given(**ROWS),
    "grid.check_differences": _given(**D),
    "grid.check_finite": _given(values=np.array([0.5, -0.25]), name="values"),
    "grid.to_grid": _given(**VALUES),
    "irt.expected_scores": lambda: {"fit": marginal_fit(), "outcomes": many_outcomes(), **LEVEL},
    "irt.fit_2pl": lambda: {"outcomes": many_outcomes()},
    "irt.fit_rasch_marginal": lambda: {"outcomes": many_outcomes()},
    "irt.problem_easiness": lambda: {"fit": marginal_fit(), "outcomes": many_outcomes()},
    "items.item_statistics": _given(values=OUTCOMES["outcomes"].astype(np.float64)),
    "lattice.tail_probability": _given(**LEVEL),
    "lestimators.l_estimator": _given(**VALUES, coefficients=[0.0, 0.5, 0.5, 0.0], **LEVEL),
    "lestimators.median": _given(**VALUES, **LEVEL),
    "lestimators.sample_quantile": _given(**VALUES, at=0.25, **LEVEL),
    "lestimators.trimmed_mean_coefficients": _given(n=9, trim=0.1),
    "logistic.factor_test": lambda: {"fit": logistic_fit(), "name": "model"},
    "logistic.fit_logistic": _given(
        passed=[4, 2, 5, 6],
        totals=[9, 8, 7, 7],
        factors=[
            Factor.of("model", ["a", "a", "b", "b"], ["a", "b"]),
            Factor.of("difficulty", ["e", "h", "e", "h"], ["e", "h"]),
        ],
    ),
    "logistic.fit_logistic_clustered": _given(**ROWS),
    "mantel_haenszel.breslow_day": _given(**TWOS),
    "mantel_haenszel.mantel_haenszel": _given(**TWOS, **LEVEL),
    "maxt.romano_wolf": lambda: {**FAMILY, "rng": generator(), "n_draws": 99},
    "maxt.westfall_young": lambda: {**FAMILY, "rng": generator(), "n_draws": 99},
    "maxt.westfall_young_pairs": lambda: {**OUTCOMES, "rng": generator(), "n_draws": 99},
    "mcnemar.discordant_counts": _given(**DISCORDANTS),
    "mcnemar.exact_p_values": _given(**DISCORDANTS),
    "mcnemar.mcnemar_asymptotic": _given(**DISCORDANT),
    "mcnemar.mcnemar_exact": _given(**DISCORDANT),
    "mcnemar.mcnemar_exact_one_sided": _given(**DISCORDANT),
    "mcnemar.mcnemar_midp": _given(**DISCORDANT),
    "mcnemar.midp_and_exact_p_values": _given(**DISCORDANTS),
    "mcnemar.midp_p_values": _given(**DISCORDANTS),
    "missing.difference_bracket": _given(
        outcomes_a=np.array([1.0, 0.0, 1.0]),
        outcomes_b=np.array([0.0, 0.0, 1.0]),
        attempted_a=np.array([True, True, False]),
        attempted_b=np.array([True, False, True]),
    ),
    "missing.difference_bracket_counts": _given(
        successes_a=4, attempted_a=8, successes_b=3, attempted_b=7, n=9
    ),
    "missing.rate_bracket": _given(successes=4, attempted=8, n=9),
    "missing.rate_bracket_interval": _given(successes=4, attempted=8, n=9, **LEVEL),
    "omnibus.cochran_q": _given(**OUTCOMES),
    "omnibus.cochran_q_exact": _given(outcomes=OUTCOMES["outcomes"][:6]),
    "omnibus.doubled_ranks_within": _given(scores=OUTCOMES["outcomes"] / 2),
    "omnibus.friedman": _given(scores=OUTCOMES["outcomes"] / 2),
    "omnibus.friedman_exact": _given(scores=OUTCOMES["outcomes"][:5] / 2),
    "omnibus.nemenyi_critical_difference": _given(k=4, n=12, **ALPHA),
    "omnibus.range_quantile": _given(k=4, **ALPHA),
    "order.order": _given(values=[0.5, 0.3, 0.2], descending=True),
    "overlap.mean_correlation": _given(**CHANGE),
    "overlap.overlapping_difference": _given(**CHANGE, **LEVEL),
    "overlap.paired_mean_difference": _given(**CHANGE, **LEVEL),
    "paired.count_pairs": _given(outcomes_a=[1, 0, 1], outcomes_b=[0, 0, 1]),
    "paired.newcombe_phi": _given(**TABLE),
    "paired.wald_standard_error": _given(**TABLE),
    "paired_ratio.tang_limits": _given(both=[5, 2, 1], only_a=[4, 1, 3], only_b=[2, 2, 1], **LEVEL),
    "power.asymptotic_corrected_p_values": _given(**DISCORDANTS),
    "power.asymptotic_p_values": _given(**DISCORDANTS),
    "power.mcnemar_power": _given(n=30, p_only_a=0.3, p_only_b=0.1, **ALPHA),
    "power.minimum_detectable_paired": _given(n=50, discordance=0.3, **PLAN),
    "power.problems_needed_paired": _given(difference=0.2, discordance=0.3, **PLAN),
    "power_unpaired.fisher_midp_region": _given(n_a=9, n_b=8, **ALPHA),
    "power_unpaired.fisher_power": _given(n_a=9, n_b=8, rate_a=0.8, rate_b=0.3, **ALPHA),
    "power_unpaired.fisher_region": _given(n_a=9, n_b=8, **ALPHA),
    "power_unpaired.minimum_detectable_unpaired": _given(n=30, rate=0.5, **PLAN),
    "power_unpaired.problems_needed_unpaired": _given(rate_a=0.9, rate_b=0.4, **PLAN),
    "power_unpaired.z_pooled_region": _given(n_a=9, n_b=8, **ALPHA),
    "problem_contrasts.fieller": _given(
        above=[0.5, 1.0, 0.3, 0.8], below=[0.6, 0.9, 0.7, 0.8], **LEVEL
    ),
    "problem_contrasts.score_interval_of_differences": _given(**D, **LEVEL),
    "problem_contrasts.score_limits_of_differences": _given(total=3.0, squares=4.0, n=9, **LEVEL),
    "problem_means.bootstrap_of_means": _given(
        values=[Fraction(1, 2), Fraction(1), Fraction(0)], **LEVEL
    ),
    "problem_means.score_interval_of_means": _given(**VALUES, **LEVEL),
    "profiles.performance_profile": _given(**TIMES, factors=[1.0, 2.0], **LEVEL),
    "profiles.profile_steps": _given(**TIMES, most=5.0),
    "proportion.check_counts": _given(**RATES),
    "proportion.normal_quantile": _given(**LEVEL),
    "proportion.whole_numbers": _given(values=[1, 2], name="counts"),
    "ranks.check_better": _given(**BETTER),
    "ranks.letters": _given(**BETTER, order=[0, 1, 2]),
    "ranks.marginal_rank_sets": _given(**RANKED, **ALPHA),
    "ranks.rank_sets": _given(**BETTER),
    "ranks.simultaneous_rank_sets": _given(**RANKED, **ALPHA),
    "rasch.check_outcomes": lambda: {**OUTCOMES, "attempted": OUTCOMES["outcomes"] >= 0},
    "rasch.easiness_by_score": _given(ability=np.array([0.5, -0.5, 0.0])),
    "rasch.fit_rasch": _given(**OUTCOMES),
    "rasch.rasch_mean_squares": lambda: {
        "fit": rasch.fit_rasch(OUTCOMES["outcomes"]),
        **OUTCOMES,
    },
    "ratio.katz": _given(**TWO, **LEVEL),
    "ratio.koopman": _given(**TWO, **LEVEL),
    "ratio.koopman_limits": _given(**TWOS, **LEVEL),
    "ratio.odds_ratio": _given(**TWO),
    "ratio.rate_ratio": _given(**TWO),
    "resampling.independent_bootstrap": lambda: {**RATES, "rng": generator(), **DRAWS},
    "resampling.joint_bootstrap": lambda: {**OUTCOMES, "rng": generator(), **DRAWS},
    "rounded.exact_span": _given(value=0.5),
    "runtime.box_statistics": _given(**VALUES),
    "runtime.ecdf": _given(**VALUES),
    "runtime.mean_interval_from_summary": _given(count=9, mean=3.0, std=1.0, **LEVEL),
    "runtime.summary_contradictions": _given(
        count=9, mean=3.0, median=2.5, std=1.0, minimum=1.0, maximum=6.0, rounding=0.05
    ),
    "runtime.welch_difference": _given(
        count_a=9, mean_a=3.0, std_a=1.0, count_b=8, mean_b=2.0, std_b=1.5, **LEVEL
    ),
    "runtime_pairs.runtime_ratio": _given(
        times_a=[1.0, 2.0, 3.0, 4.0], times_b=[2.0, 1.0, 3.0, 5.0], **LEVEL
    ),
    "runtime_pairs.runtime_ratios": _given(**TIMES, **LEVEL),
    "runtime_pairs.selection": _given(**TIMES),
    "sample_summary.sample_summary": _given(**VALUES),
    "samples.clustered_error": _given(scores=[1.0, 0.0, 1.0, 1.0], clusters=[0.0, 0.0, 1.0, 1.0]),
    "samples.pass_all_k": _given(**SAMPLES),
    "samples.pass_at_k": _given(**SAMPLES),
    "samples.pass_at_k_benchmark": _given(**SAMPLES, **LEVEL),
    "samples.variance_split": _given(samples=[[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]),
    "search.check_plan": _given(n=9, **PLAN),
    "search.problems_needed": _given(power_at=lambda n: n / 100, wanted=0.8, most=200),
    "selection.best_rate": _given(successes=[7, 5, 3], n=10, **LEVEL),
    "selection.best_rate_linked": _given(**OUTCOMES, **LEVEL),
    "selection.lead": _given(successes=[7, 5, 3], n=10, **LEVEL),
    "selection.lead_linked": _given(**OUTCOMES, **LEVEL),
    "signflip.exact_sign_flip": _given(**D),
    "signflip.monte_carlo_sign_flip": lambda: {**D, "rng": generator(), **DRAWS, **LEVEL},
    "signflip.sign_flip": lambda: {**D, "rng": generator(), **DRAWS},
    "standing.contenders": lambda: {"resamples": resamples(), **LEVEL},
    "standing.probability_best": lambda: {"resamples": resamples()},
    "standing.rank_intervals": lambda: {"resamples": resamples(), **LEVEL},
    "standing.ratio_to_best": lambda: {"resamples": resamples(), **LEVEL},
    "survival.kaplan_meier": _given(times=[1.0, 2.0, 3.0], finished=[1, 0, 1]),
    "survival.log_rank": _given(groups=[([1.0, 2.0], [1, 0]), ([2.0, 3.0], [1, 1])]),
    "survival.median_time": lambda: {
        "curve": survival.kaplan_meier([1.0, 2.0, 3.0, 4.0], [1, 1, 0, 1]),
        **LEVEL,
    },
    "tango.tango_limits": _given(only_a=[4, 2, 1], only_b=[1, 1, 0], n=[9, 8, 7], **LEVEL),
    "trend.trend": _given(successes=[4, 2, 1], totals=[9, 8, 5], scores=[1.0, 2.0, 3.0], **LEVEL),
    "two_rates.as_two_rates": _given(**TWOS),
    "two_rates.check_two_rates": _given(**TWO),
    "unconditional.boschloo": _given(**TWO),
    "unconditional.boschloo_greater": _given(**TWO),
    "unconditional.boschloo_p_values": _given(**TWOS),
    "unconditional.pooled_z": _given(**TWO),
    "unconditional.unconditional_z_pooled": _given(**TWO),
    "unconditional.unconditional_z_pooled_greater": _given(**TWO),
    "unconditional.unconditional_z_pooled_p_values": _given(**TWOS),
    "wilcoxon.hodges_lehmann": _given(**D, **LEVEL),
    "wilcoxon.pratt": _given(**D),
    "wilcoxon.walsh_averages": _given(**D),
    "wilcoxon.wilcoxon": _given(**D),
}
for _name in ONE_RATE:
    EXAMPLES |= _one_rate(_name)
for _name in DIFFERENCES:
    EXAMPLES |= _two_rates(_name)
EXAMPLES |= {f"families.{name}": _given(**P_VALUES) for name in (*ADJUSTMENTS, *DISCOVERIES)}
EXAMPLES |= {f"paired.{name}": _given(**TABLE, **LEVEL) for name in INTERVALS_OF_PAIRS}
EXAMPLES |= {f"paired_ratio.{name}": _given(**TABLE, **LEVEL) for name in RATIOS_OF_PAIRS}
EXAMPLES |= {
    f"difficulty.standardised_rate{kind}": _given(**STRATA, **LEVEL) for kind in STANDARDISED
}

# What works on arrays that other functions of `stats` have checked, or on objects that check
# themselves where they are built.
BUILDING_BLOCKS = {
    "allpairs.pair_limits",
    "allpairs.pair_p_values",
    "binomial.binomial_pmf",
    "binomial_sums.weighted_limits",
    "alike.alike_rows",
    "check.check_whole",
    "check.together",
    "coincidence.identical_rows",
    "consistency.parse_printed",
    "coverage.default_rates",
    "dealing.exact_tail",
    "discrete_sums.sum_quantiles",
    "discrete_sums.trinomial_difference",
    "grid.lower_tail",
    "irt.slope_test",
    "lattice.binomial_quantile",
    "lattice.quantile",
    "lattice.trinomial_quantiles",
    "lattice_merge.shared_lattices",
    "linked_tables.linked_tables",
    "linked_tables.linked_tables_over_strata",
    "logistic.root_diagonal",
    "marginal.derivatives",
    "marginal.held_nodes",
    "marginal.log_prior",
    "marginal.nodes_of",
    "mcnemar.check_counts",
    "roots.bracketed_roots",
    "rounded.could_print",
    "rounded.difference",
    "rounded.mean",
    "rounded.overlap",
    "rounded.printed_span",
    "rounded.quotient",
    "rounded.total",
    "search.crossing",
    "search.last_true",
    "signflip.draw_signs",
    "supremum.binomial_suprema",
    "tied_ranks.rank_quantile",
    "tied_ranks.tied_ranks",
    "two_rates.distinct",
    "two_rates.score_scale",
    "wilcoxon.doubled_ranks",
    "missing.difference_of_brackets",
}
