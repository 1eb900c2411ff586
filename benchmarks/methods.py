"""The intervals and tests whose coverage and error are counted, by kind, as array functions."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.tables import Floats, Ints
from stats import (
    bootstrap,
    independent,
    mcnemar,
    paired,
    paired_ratio,
    power,
    power_unpaired,
    proportion,
    ratio,
)
from stats.check import NoEstimateError
from stats.chi_square import chi_square, chi_square_n_minus_1, chi_square_yates
from stats.difficulty import (
    StandardisedRate,
    standardised_rate_mover,
    standardised_rate_normal,
    standardised_rates,
)
from stats.fisher import fisher_probabilities
from stats.interval import Interval, TestResult
from stats.power_unpaired import Region, Rejects
from stats.tango import tango_limits
from stats.unconditional import boschloo

Limits = tuple[Floats, Floats]
OfCells = Callable[..., Limits]
"""Takes the cells of `benchmarks.tables.Tables` and level."""

MISS = (2.0, 2.0)
"""No width, holds nothing: where a method gives no interval."""


def bca_or_miss(successes: ArrayLike, n: int, *, level: float) -> Limits:
    """Take what BCa refuses, no success and no failure, as an interval that misses."""
    x = np.asarray(successes)
    low, high = np.full(x.shape, MISS[0]), np.full(x.shape, MISS[1])
    varies = (x > 0) & (x < n)
    low[varies], high[varies] = bootstrap.bca_limits(x[varies], n, level=level)
    return low, high


RATE: Mapping[str, Callable[..., Limits]] = {
    "wilson": proportion.wilson_limits,
    "wilson_cc": proportion.wilson_continuity_limits,
    "clopper_pearson": proportion.clopper_pearson_limits,
    "jeffreys": proportion.jeffreys_limits,
    "agresti_coull": proportion.agresti_coull_limits,
    "bootstrap_percentile_exact": bootstrap.percentile_limits,
    "bootstrap_bca_exact": bca_or_miss,
    "wald": proportion.wald_limits,
}


def each(method: Callable[..., Interval]) -> OfCells:
    """Call a function of whole numbers once for each table."""

    def limits(*counts: ArrayLike, level: float) -> Limits:
        tables = np.broadcast_arrays(*counts)
        rows = zip(*(cell.ravel().tolist() for cell in tables), strict=True)
        found = [method(*row, level=level) for row in rows]
        low, high = np.array([(i.low, i.high) for i in found]).T
        return low.reshape(tables[0].shape), high.reshape(tables[0].shape)

    return limits


DIFFERENCE: Mapping[str, Callable[..., Limits]] = {
    "miettinen_nurminen_difference": independent.miettinen_nurminen_limits,
    "newcombe_hybrid_score": independent.newcombe_limits,
    "agresti_caffo": independent.agresti_caffo_limits,
    "difference_wald": independent.difference_wald_limits,
}

RATIO: Mapping[str, Callable[..., Limits]] = {
    "koopman_score_ratio": ratio.koopman_limits,
    "katz_log_ratio": each(ratio.katz),
}


def _discordant(method: Callable[..., Interval]) -> OfCells:
    """Of the concordant problems only their number counts: call them neither."""
    return each(lambda a, b, rest, *, level: method(0, a, b, rest, level=level))


def _tango(a: Ints, b: Ints, rest: Ints, *, level: float) -> Limits:
    return tango_limits(a, b, a + b + rest, level=level)


def _paired_bootstrap(a: Ints, b: Ints, rest: Ints, *, level: float) -> Limits:
    return bootstrap.paired_percentile_limits(a, b, a + b + rest, level=level)


PAIRED_DIFFERENCE: Mapping[str, OfCells] = {
    "paired_difference_tango": _tango,
    "paired_difference_bonett_price": _discordant(paired.bonett_price),
    "paired_bootstrap_percentile_exact": _paired_bootstrap,
    "paired_difference_wald": _discordant(paired.wald),
}

PAIRED_DIFFERENCE_OF_FOUR: Mapping[str, OfCells] = {
    "paired_difference_newcombe": each(paired.newcombe),
}


def _tang(both: Ints, a: Ints, b: Ints, neither: Ints, *, level: float) -> Limits:
    del neither
    return paired_ratio.tang_limits(both, a, b, level=level)


PAIRED_RATIO: Mapping[str, OfCells] = {
    "paired_ratio_tang": _tang,
    "paired_ratio_bonett_price": each(paired_ratio.bonett_price_ratio),
    "paired_ratio_wald": each(paired_ratio.wald_ratio),
}

Standardised = Callable[[Ints, Ints, Floats, float], Limits]


def _score(successes: Ints, totals: Ints, weights: Floats, level: float) -> Limits:
    # A thousand at a time: one call takes longer than in proportion for tens of thousands.
    blocks = np.array_split(successes, -(-len(successes) // 1_000))
    ends = [_limits(standardised_rates(b, totals, weights, level=level)) for b in blocks]
    low, high = np.concatenate(ends, axis=1)
    return low, high


def _one_by_one(method: Callable[..., StandardisedRate]) -> Standardised:
    def limits(successes: Ints, totals: Ints, weights: Floats, level: float) -> Limits:
        found = (method(row, totals, weights, level=level) for row in successes)
        return _limits(tuple(found))

    return limits


def _limits(found: tuple[StandardisedRate, ...]) -> Limits:
    low, high = np.array([(r.interval.low, r.interval.high) for r in found]).T
    return low, high


def _stratified_bootstrap(successes: Ints, totals: Ints, weights: Floats, level: float) -> Limits:
    low, high, _ = bootstrap.stratified_percentile_limits(successes, totals, weights, level=level)
    return low, high


STANDARDISED: Mapping[str, Standardised] = {
    "stratified_score": _score,
    "mover_wilson": _one_by_one(standardised_rate_mover),
    "stratified_bootstrap_percentile_exact": _stratified_bootstrap,
    "normal": _one_by_one(standardised_rate_normal),
}

PAIRED_TEST: Mapping[str, Callable[..., Floats]] = {
    "mcnemar_midp": mcnemar.midp_p_values,
    "mcnemar_exact": mcnemar.exact_p_values,
    "mcnemar_asymptotic": power.asymptotic_p_values,
    "mcnemar_asymptotic_cc": power.asymptotic_corrected_p_values,
}


def _boschloo_region(n_a: int, n_b: int, alpha: float) -> Region:
    """Tables from some Fisher p-value down: Boschloo's p rises with it, so halving finds where."""
    a, b = np.arange(n_a + 1)[:, None], np.arange(n_b + 1)
    fisher = fisher_probabilities(a, n_a, b, n_b).two_sided
    values = np.unique(fisher)
    low, high = 0, values.size
    while low < high:
        middle = (low + high) // 2
        at = np.argwhere(fisher == values[middle])[0]
        rejects = boschloo(int(at[0]), n_a, int(at[1]), n_b).p_value <= alpha
        low, high = (middle + 1, high) if rejects else (low, middle)
    region: Region = fisher <= (values[low - 1] if low else -1.0)
    return region


def _each_rejects(test: Callable[..., TestResult]) -> Rejects:
    def region(n_a: int, n_b: int, alpha: float) -> NDArray[np.bool_]:
        return np.array(
            [
                [_rejects(test, a, n_a, b, n_b, alpha) for b in range(n_b + 1)]
                for a in range(n_a + 1)
            ]
        )

    return region


def _rejects(
    test: Callable[..., TestResult], a: int, n_a: int, b: int, n_b: int, alpha: float
) -> bool:
    try:
        return test(a, n_a, b, n_b).p_value <= alpha
    except NoEstimateError:  # all outcomes alike: nothing speaks against equal rates
        return False


UNLINKED_TEST: Mapping[str, Rejects] = {
    "unconditional_z_pooled": power_unpaired.z_pooled_region,
    "boschloo": _boschloo_region,
    "fisher_midp": power_unpaired.fisher_midp_region,
    "fisher_exact": power_unpaired.fisher_region,
    "chi_square": _each_rejects(chi_square),
    "chi_square_n_minus_1": _each_rejects(chi_square_n_minus_1),
    "chi_square_yates": _each_rejects(chi_square_yates),
}
