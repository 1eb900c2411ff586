"""Translates golden cases of the paired and many-model methods to calls of `stats`."""

from collections.abc import Callable
from math import comb, factorial, prod
from typing import Any

import numpy as np

from stats import allpairs, families, maxt, omnibus, paired, ranks, signflip, wilcoxon
from stats import paired_ratio as paired_ratios
from stats.check import NoEstimateError
from stats.interval import Interval

Case = dict[str, Any]

MOST_ENUMERATED = 1_000_000  # the reference gives exact p-values "only for small tables"


def mcnemar_exact(*, a: int, b: int, c: int, d: int) -> Case:  # noqa: ARG001 - concordant pairs say nothing
    return {
        "p_two_sided": paired.mcnemar_exact(b, c).p_value,
        "p_greater": paired.mcnemar_exact_one_sided(b, c).p_value,
        "p_less": paired.mcnemar_exact_one_sided(c, b).p_value,
    }


def mcnemar_midp(*, a: int, b: int, c: int, d: int) -> Case:  # noqa: ARG001 - concordant pairs say nothing
    return {
        "p_two_sided": paired.mcnemar_midp(b, c).p_value,
        "p_two_sided_fagerland": paired.mcnemar_midp(b, c, tie_below_one=True).p_value,
    }


def mcnemar_asymptotic(*, a: int, b: int, c: int, d: int) -> Case:  # noqa: ARG001 - concordant pairs say nothing
    try:
        plain = paired.mcnemar_asymptotic(b, c)
        corrected = paired.mcnemar_asymptotic(b, c, corrected=True)
    except NoEstimateError:
        return dict.fromkeys(("statistic", "p_value", "statistic_cc", "p_value_cc"))
    return {
        "statistic": plain.statistic,
        "p_value": plain.p_value,
        "statistic_cc": corrected.statistic,
        "p_value_cc": corrected.p_value,
    }


def _limits(interval: Interval, suffix: str = "") -> Case:
    return {f"lower{suffix}": interval.low, f"upper{suffix}": interval.high}


def paired_difference_wald(*, a: int, b: int, c: int, d: int, conf_level: float) -> Case:
    return {
        "estimate": (b - c) / (a + b + c + d),
        "standard_error": paired.wald_standard_error(a, b, c, d),
        **_limits(paired.wald(a, b, c, d, level=conf_level)),
    }


def paired_difference_bonett_price(*, a: int, b: int, c: int, d: int, conf_level: float) -> Case:
    n = a + b + c + d
    untruncated = paired.bonett_price(a, b, c, d, level=conf_level, truncated=False)
    return {
        "estimate": (b - c) / n,
        "adjusted_estimate": (b - c) / (n + 2),
        **_limits(paired.bonett_price(a, b, c, d, level=conf_level)),
        **_limits(untruncated, "_untruncated"),
    }


def paired_difference_newcombe(*, a: int, b: int, c: int, d: int, conf_level: float) -> Case:
    method8 = paired.newcombe(a, b, c, d, level=conf_level, corrected=False)
    return {
        "estimate": (b - c) / (a + b + c + d),
        "phi": paired.newcombe_phi(a, b, c, d),
        **_limits(paired.newcombe(a, b, c, d, level=conf_level)),
        "phi_method8": paired.newcombe_phi(a, b, c, d, corrected=False),
        **_limits(method8, "_method8"),
    }


def paired_difference_tango(*, a: int, b: int, c: int, d: int, conf_level: float) -> Case:
    estimate = paired.difference(a, b, c, d, level=conf_level)
    return {"estimate": estimate.value, **_limits(estimate.interval)}


def paired_ratio(*, a: int, b: int, c: int, d: int, conf_level: float) -> Case:
    try:
        estimate = paired_ratios.ratio(a, b, c, d, level=conf_level).value
    except NoEstimateError:
        estimate = None
    intervals = {
        "_wald": paired_ratios.wald_ratio,
        "_bonett_price": paired_ratios.bonett_price_ratio,
        "_tang": paired_ratios.tang,
    }
    case: Case = {"estimate": estimate}
    for suffix, method in intervals.items():
        case |= _limits(method(a, b, c, d, level=conf_level), suffix)
    return case


def sign_flip_permutation(*, differences: list[float]) -> Case:
    result = signflip.exact_sign_flip(differences)
    return {
        "statistic_sum": result.total,
        "statistic_mean": result.mean,
        "p_two_sided": result.p_two_sided,
        "p_greater": result.p_greater,
        "p_less": result.p_less,
    }


def wilcoxon_signed_rank(*, differences: list[float]) -> Case:
    case: Case = {}
    for suffix, test in (("_wilcox", wilcoxon.wilcoxon), ("_pratt", wilcoxon.pratt)):
        result = test(differences)
        case |= {
            "n": result.n,
            "n_zero": result.n_zero,
            f"w_plus{suffix}": result.w_plus,
            f"w_minus{suffix}": result.w_minus,
            f"p_two_sided{suffix}": result.p_two_sided,
            f"p_greater{suffix}": result.p_greater,
            f"p_less{suffix}": result.p_less,
            f"p_normal{suffix}": result.p_normal,
            f"p_normal_cc{suffix}": result.p_normal_corrected,
        }
    return case


def hodges_lehmann(*, differences: list[float], conf_level: float) -> Case:
    result = wilcoxon.hodges_lehmann(differences, level=conf_level)
    return {
        "estimate": result.estimate.value,
        **_limits(result.estimate.interval),
        "achieved_confidence": result.achieved_level,
    }


def _never() -> np.random.Generator:
    """Give a generator for calls that enumerate and draw nothing."""
    return np.random.default_rng(0)


def _family(result: maxt.MaxT) -> Case:
    assert result.error is None, "the reference values are enumerated"
    return {
        "p_raw": result.p_raw.tolist(),
        "p_adjusted": result.p_adjusted.tolist(),
        "p_adjusted_single_step": result.p_single_step.tolist(),
        "statistic_observed": result.statistic.tolist(),
    }


def westfall_young_maxt(*, differences: list[list[float]], statistic: str) -> Case:
    studentised = {"abs_mean": False, "abs_t": True}[statistic]
    return _family(maxt.westfall_young(differences, rng=_never(), studentised=studentised))


def romano_wolf_bootstrap(*, differences: list[list[float]]) -> Case:
    return _family(maxt.romano_wolf(differences, rng=_never()))


def _small(table: list[list[float]], arrangements: Callable[[list[float]], int]) -> bool:
    """Tell whether the reference gives an exact p-value: only where enumeration was cheap."""
    return prod(arrangements(row) for row in table) <= MOST_ENUMERATED


def cochran_q(*, outcomes: list[list[int]]) -> Case:
    df = len(outcomes[0]) - 1
    try:
        result = omnibus.cochran_q(outcomes)
    except NoEstimateError:
        return {"statistic": None, "df": df, "p_value": None, "p_exact": None}
    small = _small(outcomes, lambda row: comb(len(row), sum(row)))
    return {
        "statistic": result.statistic,
        "df": result.df,
        "p_value": result.p_value,
        "p_exact": omnibus.cochran_q_exact(outcomes) if small else None,
    }


def friedman(*, scores: list[list[float]]) -> Case:
    n, k = len(scores), len(scores[0])
    case: Case = {
        "average_ranks": (omnibus.doubled_ranks_within(scores).mean(axis=0) / 2).tolist(),
        "df": k - 1,
        "iman_davenport_df1": k - 1,
        "iman_davenport_df2": (k - 1) * (n - 1),
    }
    try:
        result = omnibus.friedman(scores)
    except NoEstimateError:
        undefined = ("statistic", "p_value", "iman_davenport", "iman_davenport_p", "p_exact")
        return case | dict.fromkeys((*undefined, "kendall_w"))
    small = _small(scores, lambda row: factorial(len(row)))
    return case | {
        "statistic": result.statistic,
        "p_value": result.p_value,
        "iman_davenport": result.iman_davenport,
        "iman_davenport_p": result.iman_davenport_p,
        "p_exact": omnibus.friedman_exact(scores) if small else None,
        "kendall_w": result.kendall_w,
    }


def nemenyi_critical_difference(*, k: int, n: int, alpha: float) -> Case:
    return {
        "q_alpha": omnibus.range_quantile(k, alpha=alpha),
        "critical_difference": omnibus.nemenyi_critical_difference(k, n, alpha=alpha),
    }


def rank_confidence_sets(*, outcomes: list[list[int]], alpha: float, adjustment: str) -> Case:
    adjust = {"holm": families.holm, "bonferroni": families.bonferroni}[adjustment]
    tables = allpairs.pair_tables(outcomes)
    p_values = tables.matrix(allpairs.pair_p_values(tables)[1], diagonal=1.0)
    gain = tables.matrix(tables.differences(), diagonal=0.0, swapped=-1.0)
    sets = {
        "simultaneous": ranks.simultaneous_rank_sets,
        "marginal": ranks.marginal_rank_sets,
    }
    return {
        "passes": np.sum(outcomes, axis=0).tolist(),
        **{
            name: method(p_values, gain, alpha=alpha, adjustment=adjust).tolist()
            for name, method in sets.items()
        },
        "pairwise_p": [
            [None if i == j else p for j, p in enumerate(row)]
            for i, row in enumerate(p_values.tolist())
        ],
    }


def _adjusting(adjustment: families.Adjustment) -> Callable[..., Case]:
    return lambda *, p_values: {"p_adjusted": adjustment(p_values).tolist()}


METHODS: dict[str, Callable[..., Case]] = {
    "mcnemar_exact": mcnemar_exact,
    "mcnemar_midp": mcnemar_midp,
    "mcnemar_asymptotic": mcnemar_asymptotic,
    "paired_difference_wald": paired_difference_wald,
    "paired_difference_bonett_price": paired_difference_bonett_price,
    "paired_difference_newcombe": paired_difference_newcombe,
    "paired_difference_tango": paired_difference_tango,
    "paired_ratio": paired_ratio,
    "sign_flip_permutation": sign_flip_permutation,
    "wilcoxon_signed_rank": wilcoxon_signed_rank,
    "hodges_lehmann": hodges_lehmann,
    "westfall_young_maxt": westfall_young_maxt,
    "romano_wolf_bootstrap": romano_wolf_bootstrap,
    "cochran_q": cochran_q,
    "friedman": friedman,
    "nemenyi_critical_difference": nemenyi_critical_difference,
    "rank_confidence_sets": rank_confidence_sets,
    "bonferroni": _adjusting(families.bonferroni),
    "holm": _adjusting(families.holm),
    "hochberg": _adjusting(families.hochberg),
    "hommel": _adjusting(families.hommel),
    "benjamini_hochberg": _adjusting(families.benjamini_hochberg),
    "benjamini_yekutieli": _adjusting(families.benjamini_yekutieli),
}
