"""Every figure of an analysis under one name, so that prose, files and audits cite the same one.

A key is a path: ``passed/h2loop-coder``, ``gap/similar/h2loop-coder/passed``. Narrative asks for a
figure by its key, ``data/analysis.json`` lists them all, and a printed figure is held against one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf

from harness.release import Evidence
from report import numbers
from report.analysis import Analysis
from report.analysis.cells import CellRate
from report.analysis.pairs import Pair
from report.analysis.rates import Rate
from stats.interval import Estimate, Interval


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure: full-precision value, the unit it is written in, and what it rests on.

    ``unit`` is a key of `report.numbers`; ``detail`` holds the counts behind a rate.
    """

    key: str
    value: float
    unit: str
    evidence: Evidence | None
    interval: Interval | None = None
    method: str | None = None
    n: int | None = None
    detail: str | None = None


def quantities(analysis: Analysis) -> dict[str, Quantity]:
    """Name every figure of the analysis; a key that occurs twice is a fault of this module."""
    found: dict[str, Quantity] = {}
    for source in (
        _benchmark,
        _rates,
        _ranks,
        _winner,
        _order,
        _repeated,
        _timeouts,
        _groups,
        _pairs,
        _cells,
        _sizes,
        _summaries,
    ):
        for quantity in source(analysis):
            if quantity.key in found:
                raise ValueError(f"two figures are called {quantity.key!r}")
            found[quantity.key] = _by_outcomes(quantity) if analysis.linked else quantity
    return found


def _by_outcomes(quantity: Quantity) -> Quantity:
    """What counts can give rests on the outcomes that the counts are taken from."""
    return replace(quantity, evidence="outcomes") if quantity.evidence == "counts" else quantity


def _count(key: str, value: float) -> Quantity:
    return Quantity(key, value, "count", "counts")


def _estimated(
    key: str,
    estimate: Estimate,
    unit: str,
    evidence: Evidence = "counts",
    detail: str | None = None,
) -> Quantity:
    limits = estimate.interval
    return Quantity(key, estimate.value, unit, evidence, limits, limits.method, estimate.n, detail)


def _rate(key: str, found: Rate) -> Quantity:
    return Quantity(
        key,
        found.value,
        "fraction",
        "counts",
        found.wilson,
        found.wilson.method,
        found.n,
        f"{numbers.tally(found.successes)} of {found.n}",
    )


def _benchmark(analysis: Analysis) -> Iterator[Quantity]:
    release = analysis.release
    yield _count("problems", release.n_problems)
    yield _count("models", len(release.models))
    yield _count("models_with_results", len(release.tested))
    for name, members in (("category", release.categories), ("difficulty", release.difficulties)):
        for member in members:
            total = sum(c.problems for c in release.problem_cells if getattr(c, name) == member)
            if release.problem_cells:
                yield _count(f"problems/{name}/{member}", total)
                yield Quantity(
                    f"share/{name}/{member}",
                    total / release.n_problems,
                    "share",
                    "counts",
                    n=release.n_problems,
                    detail=f"{total} of {release.n_problems}",
                )


def _rates(analysis: Analysis) -> Iterator[Quantity]:
    for (model, metric), found in analysis.rates.items():
        if metric == "passed":
            yield _count(f"problems/{model}", found.n)
        yield _count(f"count/{metric}/{model}", found.successes)
        yield _rate(f"{metric}/{model}", found)


def _ranks(analysis: Analysis) -> Iterator[Quantity]:
    for rank in analysis.ranks:
        for kind, (low, high) in (
            ("unlinked", rank.unlinked),
            ("any_pairing", rank.any_pairing),
        ):
            limits = Interval(low, high, analysis.level, f"holm_rank_set_{kind}")
            yield Quantity(
                f"rank/{kind}/{rank.model}",
                rank.position,
                "rank",
                "counts",
                limits,
                limits.method,
                rank.family,
            )


def _winner(analysis: Analysis) -> Iterator[Quantity]:
    if analysis.winner:
        yield _estimated("winner/rate", analysis.winner.rate, "fraction")
        yield _estimated("winner/lead", analysis.winner.lead, "points")
    for runs in analysis.missing:
        yield _count(f"missing/{runs.model}", runs.bracket.missing)
        for end, value in (("as_failed", runs.bracket.low), ("as_passed", runs.bracket.high)):
            yield Quantity(f"{end}/{runs.model}", value, "fraction", "counts", n=runs.bracket.n)


def _order(analysis: Analysis) -> Iterator[Quantity]:
    found = analysis.order
    if found is None:
        return
    positions = {rank.model: rank.position for rank in analysis.ranks}
    for place in found.places:
        held = {"marginal": ("holm_rank_set_marginal", place.marginal)}
        if place.resampled:
            held["bootstrap"] = (f"{found.method}_rank", place.resampled)
        for kind, (method, (low, high)) in held.items():
            limits = Interval(low, high, analysis.level, method)
            key, position = f"rank/{kind}/{place.model}", positions[place.model]
            yield Quantity(key, position, "rank", "counts", limits, method, len(found.places) - 1)
        if place.best is not None:
            key, method = f"comes_first/{place.model}", f"{found.method}_first"
            yield Quantity(key, place.best, "fraction", "counts", method=method)
    for metric, model, ratio in found.ratios:
        yield _estimated(f"ratio_to_best/{metric}/{model}", ratio, "fraction")
    if found.omnibus:
        test = found.omnibus
        yield Quantity(
            "p_omnibus/passed", test.p_value, "p", "outcomes", method=test.method, n=test.n
        )


def _repeated(analysis: Analysis) -> Iterator[Quantity]:
    for own in analysis.repeated:
        for found in own.pass_at_k:
            yield _estimated(f"pass_at_{found.k}/{own.model}", found.estimate, "fraction")
        if own.split:
            where, n = own.model, own.split.n
            for name, error in (
                ("standard_error", own.split.standard_error),
                ("standard_error_of_problems", own.split.standard_error_at(inf)),
            ):
                yield Quantity(
                    f"{name}/{where}", error, "share", "outcomes", method="variance_split", n=n
                )
        if own.worth is not None:
            yield Quantity(
                f"samples_worth/{own.model}",
                own.worth,
                "count",
                "outcomes",
                method="variance_split",
            )


def _timeouts(analysis: Analysis) -> Iterator[Quantity]:
    if analysis.censored and analysis.censored.test:
        test = analysis.censored.test.test
        n = sum(own.finished + own.stopped for own in analysis.censored.models)
        yield Quantity("p_log_rank/runtime", test.p_value, "p", "outcomes", method=test.method, n=n)


def _groups(analysis: Analysis) -> Iterator[Quantity]:
    for mean in analysis.group_means:
        yield _estimated(f"group_mean/{mean.comparison}/{mean.metric}", mean.mean, "fraction")
    for gap in analysis.gaps:
        where = f"{gap.comparison}/{gap.model}/{gap.metric}"
        yield _estimated(f"gap/{where}", gap.points, "points")
        if gap.relative:
            limits = gap.relative.interval
            shifted = Estimate(
                gap.relative.value - 1,
                Interval(limits.low - 1, limits.high - 1, limits.level, limits.method),
                gap.relative.n,
            )
            yield _estimated(f"gap_relative/{where}", shifted, "relative")
    for found in analysis.proximities:
        if found.share:
            yield _estimated(f"proximity/{found.metric}/{found.model}", found.share, "fraction")


def _pairs(analysis: Analysis) -> Iterator[Quantity]:
    for pair in analysis.pairs:
        both_ways = ((pair.a, pair.b, pair.difference), (pair.b, pair.a, _mirror(pair.difference)))
        for a, b, difference in both_ways:
            where = f"{pair.metric}/{a}/{b}"
            yield _estimated(f"difference/{where}", difference, "points")
            n = difference.n
            if pair.better is not None:
                chance = pair.better if a == pair.a else 1 - pair.better
                method = "dirichlet_paired" if pair.linked else "beta_independent"
                yield Quantity(f"better/{where}", chance, "share", "counts", method=method, n=n)
            for name, p, method in _p_values(pair):
                yield Quantity(f"{name}/{where}", p, "p", "counts", method=method, n=n)


def _p_values(pair: Pair) -> Iterator[tuple[str, float, str]]:
    test = pair.test.method
    yield "p", pair.test.p_value, test
    yield "p_holm", pair.adjusted, f"{test}_holm"
    if pair.linked is None:
        yield "p_paired_low", pair.p_paired_low, "mcnemar_midp_range"
        yield "p_paired_high", pair.p_paired_high, "mcnemar_midp_range"
        return
    if pair.linked.p_exact is not None:
        yield "p_exact", pair.linked.p_exact, "mcnemar_exact"
    if pair.linked.adjusted_max_t is not None:
        yield "p_max_t", pair.linked.adjusted_max_t, "westfall_young"


def _mirror(estimate: Estimate) -> Estimate:
    limits = estimate.interval
    mirrored = Interval(-limits.high, -limits.low, limits.level, limits.method)
    return Estimate(-estimate.value, mirrored, estimate.n)


def _cells(analysis: Analysis) -> Iterator[Quantity]:
    for breakdown in analysis.breakdowns:
        model = breakdown.model
        for cell in (*breakdown.cells, *breakdown.by_category, *breakdown.by_difficulty):
            yield _rate(f"{_place(cell)}/{cell.rate.metric}/{model}", cell.rate)
            yield _count(f"count/{_place(cell)}/{cell.rate.metric}/{model}", cell.rate.successes)
        for metric, trend in breakdown.trends.items():
            yield Quantity(
                f"p_trend/{metric}/{model}", trend.p_value, "p", "counts", method=trend.method
            )
        for item in breakdown.standardised:
            result = item.result
            yield Quantity(
                f"standardised/{item.mix}/{model}",
                result.estimate,
                "fraction",
                "counts",
                result.interval,
                result.interval.method,
                result.n,
            )


def _place(cell: CellRate) -> str:
    if cell.category is None:
        return f"difficulty/{cell.difficulty}"
    if cell.difficulty is None:
        return f"category/{cell.category}"
    return f"cell/{cell.category}/{cell.difficulty}"


def _sizes(analysis: Analysis) -> Iterator[Quantity]:
    for model in analysis.release.models:
        if model.parameters.total is not None:
            yield Quantity(f"size/{model.id}", model.parameters.total, "billion", None)
    for found in analysis.efficiencies:
        yield _estimated(f"efficiency/{found.model}", found.estimate, "per_billion")
        yield _count(f"efficiency_rank/{found.model}", found.rank)
    for pair in analysis.size_ratios:
        where = f"{pair.model}/{pair.against}"
        yield Quantity(f"size_ratio/{where}", pair.size, "ratio", None)
        if pair.performance:
            yield _estimated(f"performance_ratio/{where}", pair.performance, "ratio")


def _summaries(analysis: Analysis) -> Iterator[Quantity]:
    for group in analysis.summaries:
        for item in group.models:
            where, summary = f"{group.metric.id}/{item.summary.model}", item.summary
            if item.mean:
                yield _estimated(f"mean/{where}", item.mean, "number", "summaries")
            for name in ("median", "std", "min", "max"):
                yield Quantity(
                    f"{name}/{where}",
                    getattr(summary, name),
                    "number",
                    "summaries",
                    n=summary.count,
                )


_SOURCES = (
    _benchmark,
    _rates,
    _ranks,
    _winner,
    _order,
    _repeated,
    _timeouts,
    _groups,
    _pairs,
    _cells,
    _sizes,
    _summaries,
)


def as_json(found: Mapping[str, Quantity]) -> dict[str, dict[str, object]]:
    """Prepare the quantities for ``analysis.json``; infinite limits become null."""
    return {key: _entry(quantity) for key, quantity in found.items()}


def _entry(quantity: Quantity) -> dict[str, object]:
    limits = quantity.interval
    return {
        "value": _finite(quantity.value),
        "unit": quantity.unit,
        "low": _finite(limits.low) if limits else None,
        "high": _finite(limits.high) if limits else None,
        "level": limits.level if limits else None,
        "method": quantity.method,
        "n": quantity.n,
        "evidence": quantity.evidence,
        "detail": quantity.detail,
    }


def _finite(value: float) -> float | None:
    return value if abs(value) != float("inf") else None
