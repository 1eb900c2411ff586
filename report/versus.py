"""Any two models on one page: what is known of a pair, written out as text and places of bars.

The page shows one pair without a script, and loads another's from ``data/versus/``; both come
from `panel`, so that no figure is computed or rounded in the browser.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from math import ceil

import numpy as np

from report import numbers
from report.analysis.pairs import Pair
from report.analysis.strata import StrataPairs, StratumPair, strata_pairs
from report.claims import JudgedClaim
from report.exhibits.common import MODEL_PAGES, Context
from report.exhibits.similar import versus_row
from stats.families import holm
from stats.interval import Interval

Bar = tuple[float, float, float]
"""Low limit, estimate and high limit as places from 0 (left) to 100, 50 being no difference."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a panel's table: its words from left to right, and a bar where it has one."""

    cells: tuple[str, ...]
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the release knows of model a against model b, seen from a.

    ``standing`` is a key of `report.exhibits.similar.STANDINGS`; ``scale`` is what
    the ends of the bars stand for; ``claims`` are places in the release's list of claims.
    """

    lead: str
    difference: str
    standing: str
    corrected: str
    scale: str
    rates: tuple[Row, ...]
    strata: tuple[Row, ...]
    counts: tuple[Row, ...]
    runtime: tuple[Row, ...]
    claims: tuple[int, ...]

    def as_json(self) -> dict[str, object]:
        """Return the panel as data; a row is its cells and then, perhaps, its bar."""
        found = asdict(self)
        for name in TABLES:
            rows: tuple[Row, ...] = getattr(self, name)
            found[name] = [[*row.cells, *([list(row.bar)] if row.bar else [])] for row in rows]
        return found


TABLES = ("rates", "strata", "counts", "runtime")


@dataclass(frozen=True)
class Versus:
    """All pairs of one release, indexed once."""

    context: Context

    @cached_property
    def models(self) -> list[str]:
        """Ids of the models with results, best first."""
        return [rate.model for rate in self.context.analysis.rates_of("passed")]

    @property
    def choosable(self) -> bool:
        """Whether a reader can choose: there are two models, and not too many."""
        return 2 <= len(self.models) <= MODEL_PAGES

    @cached_property
    def _pairs(self) -> dict[tuple[str, str, str], Pair]:
        found = {(p.metric, p.a, p.b): p for p in self.context.analysis.pairs}
        return found | {(metric, b, a): p for (metric, a, b), p in found.items()}

    @cached_property
    def _strata(self) -> StrataPairs:
        return strata_pairs(self.context.analysis)

    @cached_property
    def _runtimes(self) -> dict[tuple[str, str], tuple[str, ...]]:
        timed = self.context.analysis.timed
        if timed is None:
            return {}
        ratios = timed.ratios
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        usable = ~np.isnan(ratios.p_value)
        adjusted = np.full(ratios.p_value.shape, np.nan)
        if usable.any():
            adjusted[usable] = holm(ratios.p_value[usable])
        for k in np.flatnonzero(usable).tolist():
            a, b = timed.models[ratios.first[k]], timed.models[ratios.second[k]]
            ends = (float(ratios.ratio[k]), float(ratios.low[k]), float(ratios.high[k]))
            rest = (
                numbers.count(int(ratios.n_common[k])),
                numbers.p_value(float(ratios.p_value[k])),
                numbers.p_value(float(adjusted[k])),
            )
            found[a, b] = (_ratio(*ends, ratios.level), *rest)
            value, low, high = (1 / end if end else np.inf for end in ends)
            found[b, a] = (_ratio(value, high, low, ratios.level), *rest)
        return found

    @cached_property
    def _claims(self) -> list[tuple[set[frozenset[str]], JudgedClaim]]:
        return [(_couples(judged), judged) for judged in self.context.claims]

    def panel(self, a: str, b: str) -> Panel:
        """Return what is known of a against b; KeyError where a model has no results."""
        pair = self._pairs["passed", a, b]
        strata = list(self._strata_of(a, b))
        limits = [self._limits(a, b, metric) for metric in self._metrics(a, b)]
        limits += [item.difference.interval for item in strata]
        reach = max(abs(end) for found in limits for end in (found.low, found.high))
        scale = min(max(ceil(reach * 10) / 10, 0.1), 1.0)
        alpha = 1 - self.context.analysis.level
        low, high = map(numbers.p_value, (pair.adjusted_paired_low, pair.adjusted_paired_high))
        return Panel(
            lead=self._lead(a, b, pair),
            difference=self._difference(a, b),
            standing=pair.standing(alpha),
            corrected=low if low == high else f"{low} to {high}",
            scale=f"{numbers.points(-scale, 0)} to {numbers.points(scale, 0)}",
            rates=tuple(self._rate_row(a, b, metric, scale) for metric in self._metrics(a, b)),
            strata=tuple(_stratum_row(item, scale) for item in strata),
            counts=tuple(_counts_rows(pair, swapped=pair.a != a)),
            runtime=tuple(self._runtime_rows(a, b)),
            claims=tuple(i for i, (of, _) in enumerate(self._claims) if frozenset((a, b)) in of),
        )

    def _metrics(self, a: str, b: str) -> list[str]:
        return [m for m in ("passed", "compiled") if (m, a, b) in self._pairs]

    def _limits(self, a: str, b: str, metric: str) -> Interval:
        limits = self.context.quantities[f"difference/{metric}/{a}/{b}"].interval
        if limits is None:
            raise ValueError(f"the difference {a} - {b} has no interval")
        return limits

    def _difference(self, a: str, b: str) -> str:
        value = self.context.quantities[f"difference/passed/{a}/{b}"].value
        return (
            f"{numbers.points(value)} ({numbers.interval(self._limits(a, b, 'passed'), 'points')})"
        )

    def _lead(self, a: str, b: str, pair: Pair) -> str:
        context, standing = self.context, pair.standing(1 - self.context.analysis.level)
        value = context.quantities[f"difference/passed/{a}/{b}"].value
        names = context.labels[a], context.labels[b]
        size = numbers.fixed(abs(100 * value), 1)
        ahead = (
            f"{names[0]} and {names[1]} have the same {context.words('passed')}"
            if size == "0.0"
            else f"{names[0]} is {size} points {'ahead of' if value > 0 else 'behind'} {names[1]}"
        )
        of = len(context.analysis.pairs_of("passed"))
        corrected = f"corrected for all {of} pairs" if of > 1 else "on one pair"
        if pair.linked:
            told = "tells them apart" if standing == "separated" else "does not tell them apart"
            return f"{ahead}; the paired test, {corrected}, {told}."
        told = {
            "separated": "however their successes overlapped, the paired test tells them apart",
            "open": "whether the paired test tells them apart depends on who solved what, which "
            "this release does not say",
            "not_separated": "no overlap of their successes lets the paired test tell them apart",
        }[standing]
        return f"{ahead}; {told} ({corrected})."

    def _rate_row(self, a: str, b: str, metric: str, scale: float) -> Row:
        context = self.context
        row = versus_row(context, a, b, metric, pair=self._pairs[metric, a, b])
        rates = (context.analysis.rates[model, metric] for model in (a, b))
        shown = tuple(
            f"{numbers.percent(r.value)} ({numbers.interval(r.wilson, 'fraction')})" for r in rates
        )
        wanted = [key for key, _ in rate_headings(context)[4:]]
        cells = (context.words(metric), *shown, row["difference"].text)
        value = context.quantities[f"difference/{metric}/{a}/{b}"].value
        return Row(
            (*cells, *(row[key].text if key in row else "–" for key in wanted)),
            _bar(value, self._limits(a, b, metric), scale),
        )

    def _strata_of(self, a: str, b: str) -> Iterator[StratumPair]:
        yield from self._strata.get((a, b), ())
        for item in self._strata.get((b, a), ()):
            found = item.difference.interval
            turned = Interval(-found.high, -found.low, found.level, found.method)
            yield StratumPair(
                item.kind,
                item.name,
                item.rate_b,
                item.rate_a,
                type(item.difference)(-item.difference.value, turned, item.difference.n),
            )

    def _runtime_rows(self, a: str, b: str) -> Iterator[Row]:
        if (a, b) in self._runtimes:
            yield Row(self._runtimes[a, b])
        for metric in self.context.analysis.summaries:
            own = {s.summary.model: s for s in metric.models}
            if a in own and b in own:
                shown = (
                    f"{numbers.written(own[m].summary.mean, 'number')} "
                    f"(median {numbers.written(own[m].summary.median, 'number')}, "
                    f"n {numbers.count(own[m].summary.count)})"
                    for m in (a, b)
                )
                yield Row((metric.metric.title, *shown))


def rate_headings(context: Context) -> list[tuple[str, str]]:
    """Key and heading of the columns of `Panel.rates`; A and B stand for the models' names."""
    start = [("metric", "Metric"), ("rate_a", "A"), ("rate_b", "B")]
    start.append(("difference", "Difference, points"))
    if not context.linked:
        tests = [("p", "p, unlinked"), ("p_holm", "Holm"), ("p_paired", "p if paired")]
        return [*start, *tests, ("standing", "Paired and corrected"), _BETTER]
    tests = [("n", "Problems"), ("p", "p")]
    if not context.analysis.fractional:
        tests.append(("p_exact", "p, exact"))
    return [
        *start,
        *tests,
        ("p_holm", "p, Holm"),
        ("p_max_t", "p, max-T"),
        ("standing", "Corrected"),
        *([] if context.analysis.fractional else [_BETTER]),
    ]


_BETTER = ("better", "A better")


def runtime_headings(context: Context) -> list[str]:
    """Headings of `Panel.runtime`: ratios of single runtimes, or published summaries."""
    if context.analysis.timed is not None:
        return ["Runtime, first over second", "Both solved", "p", "p, Holm"]
    return ["Published mean", "A", "B"]


def _ratio(value: float, low: float, high: float, level: float) -> str:
    ends = numbers.interval(Interval(low, high, level, "paired_log_t"), "ratio")
    return f"{numbers.ratio(value)} ({ends})"


def _stratum_row(item: StratumPair, scale: float) -> Row:
    found = item.difference
    return Row(
        (
            item.name,
            numbers.count(found.n),
            numbers.percent(item.rate_a),
            numbers.percent(item.rate_b),
            f"{numbers.points(found.value)} ({numbers.interval(found.interval, 'points')})",
        ),
        _bar(found.value, found.interval, scale),
    )


def _bar(value: float, limits: Interval, scale: float) -> Bar:
    low, at, high = (
        round(float(50 + 50 * min(max(end / scale, -1), 1)), 1)
        for end in (limits.low, value, limits.high)
    )
    return low, at, high


def _counts_rows(pair: Pair, *, swapped: bool) -> Iterator[Row]:
    """Who passed what, as four counts; nothing where outcomes are unknown or shares."""
    if pair.linked is None or pair.linked.table is None:
        return
    both, first, second, neither = pair.linked.table
    one, other = (second, first) if swapped else (first, second)
    yield Row(tuple(numbers.count(count) for count in (both, one, other, neither)))


def _couples(judged: JudgedClaim) -> set[frozenset[str]]:
    """Every two models that a claim compares with each other."""
    found = {frozenset(part.subject[:2]) for part in judged.parts if part.subject}
    for item in judged.claim.assertions:
        found |= {frozenset((a, b)) for a in item.models for b in (*item.against, *item.among)}
    return found
