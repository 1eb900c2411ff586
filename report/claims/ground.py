"""What claims are judged on: rates, comparisons and names, looked up in one analysis.

Everything that depends on the evidence level is here. With counts a comparison carries the unlinked
test and the range of the paired one; with outcomes `Pair` brings the paired test itself, and
the range shrinks to a point.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.claim import Assertion
from harness.release import Evidence, Summary
from report.analysis import Analysis
from report.analysis.pairs import Pair
from report.analysis.rates import Rate
from report.claims.parts import Test
from report.labels import model_labels
from report.quantities import Quantity, quantities
from stats.bounds import paired_test_range
from stats.check import NoEstimateError
from stats.contrast import mover_contrast
from stats.contrast_test import contrast_test
from stats.fisher import fisher_probabilities
from stats.independent import miettinen_nurminen
from stats.interval import Estimate, Interval
from stats.runtime import welch_difference

SIZES = {"parameters": "size", "efficiency": "efficiency"}
"""Metrics that need a model's size, and the names of their figures."""

_TITLES = {
    "passed_of_compiled": "pass rate of what compiled",
    "parameters": "size",
    "efficiency": "pass rate per billion parameters",
}


class NoDataError(Exception):
    """The release holds nothing that could judge the part; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Model a against model b: value of a minus value of b, and the test of the difference.

    ``test`` is None where no test exists: sizes are exact, and a median alone has no spread.
    """

    a: float
    b: float
    unit: str
    difference: float
    interval: Interval | None
    n: int | None
    evidence: Evidence | None
    test: Test | None
    caution: str = ""


@dataclass(frozen=True)
class Ground:
    """One analysis with the look-ups that judging needs."""

    analysis: Analysis
    quantities: Mapping[str, Quantity] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)

    @property
    def alpha(self) -> float:
        """The level of the tests."""
        return 1 - self.analysis.level

    def title(self, metric: str) -> str:
        """Return what a metric is called inside a sentence."""
        titles = {m.id: m.title[:1].lower() + m.title[1:] for m in self.analysis.release.metrics}
        return _TITLES.get(metric) or titles.get(metric, metric.replace("_", " "))

    def model(self, model: str) -> str:
        """Return the label of a model."""
        return self.labels[model]

    def value(self, model: str, assertion: Assertion) -> Quantity:
        """Return the figure of one model that an assertion speaks of.

        Raises
        ------
        NoDataError
            The release does not have it.
        """
        metric, key = assertion.metric or "", ""
        if assertion.statistic:
            key = f"{assertion.statistic}/{metric}/{model}"
            if assertion.statistic in {"count", "mean"}:
                return self._summary_value(model, assertion)
        elif metric in SIZES:
            key = f"{SIZES[metric]}/{model}"
        elif assertion.category or assertion.difficulty:
            key = f"{_place(assertion.category, assertion.difficulty)}/{metric}/{model}"
        else:
            key = f"{metric}/{model}"
        if key not in self.quantities:
            raise NoDataError(f"The release has no {self.named(assertion)} of {self.model(model)}.")
        return self.quantities[key]

    def _summary_value(self, model: str, assertion: Assertion) -> Quantity:
        found = self.summary(model, assertion)
        name = assertion.statistic or ""
        unit = "count" if name == "count" else "number"
        mean = self.quantities.get(f"mean/{assertion.metric}/{model}")
        if name == "mean" and mean:
            return mean
        key = f"{name}/{assertion.metric}/{model}"
        return Quantity(key, float(getattr(found, name)), unit, "summaries", n=found.count)

    def summary(self, model: str, assertion: Assertion) -> Summary:
        """Return the published summary of a model's metric; NoDataError where there is none."""
        for found in self.analysis.release.summaries:
            if (found.model, found.metric) == (model, assertion.metric):
                return found
        raise NoDataError(f"The release has no {self.named(assertion)} of {self.model(model)}.")

    def named(self, assertion: Assertion) -> str:
        """Name what an assertion measures: "median of runtime performance", "pass rate in …"."""
        words = self.title(assertion.metric or "")
        if assertion.statistic:
            words = f"{assertion.statistic} of {words}"
        parts = [part for part in (assertion.category, assertion.difficulty) if part]
        return f"{words} in {', '.join(parts)}" if parts else words

    def members(self, names: Iterable[str], assertion: Assertion, *, both: bool) -> list[str]:
        """Resolve model ids, comparisons, ``all`` and ``best`` to models, each once.

        A comparison stands for the models it compares with, and with ``both`` for its own too.
        """
        found: list[str] = []
        groups = {c.id: c for c in self.analysis.release.comparisons}
        for name in names:
            if name == "all":
                found += self.everyone(assertion)
            elif name == "best":
                found.append(self.best(assertion))
            elif name in groups:
                found += [*groups[name].models] if both else []
                found += groups[name].against
            else:
                found.append(name)
        return list(dict.fromkeys(found))

    def everyone(self, assertion: Assertion) -> list[str]:
        """List every model that has what the assertion speaks of, in the release's order."""
        return [m.id for m in self.analysis.release.models if self._has(m.id, assertion)]

    def _has(self, model: str, assertion: Assertion) -> bool:
        try:
            self.value(model, assertion)
        except NoDataError:
            return False
        return True

    def best(self, assertion: Assertion) -> str:
        """Return the model with the highest figure, the first of them at a tie."""
        everyone = self.everyone(assertion)
        if not everyone:
            raise NoDataError(f"No model has a {self.named(assertion)}.")
        return max(everyone, key=lambda model: self.value(model, assertion).value)

    def compare(self, a: str, b: str, assertion: Assertion) -> Compared:
        """Compare two models on what the assertion speaks of; NoDataError where one lacks it."""
        own, other = self.value(a, assertion), self.value(b, assertion)
        if assertion.statistic:
            return self._summaries(a, b, assertion)
        if assertion.metric == "parameters":
            return Compared(
                own.value, other.value, "billion", own.value - other.value, None, None, None, None
            )
        if assertion.metric == "efficiency":
            return self._efficiencies(a, b)
        if not (assertion.category or assertion.difficulty):
            pair = self._pair(a, b, assertion.metric or "")
            if pair:
                return _from_pair(pair, a, own.value, other.value)
        return self._rates(a, b, assertion)

    def _pair(self, a: str, b: str, metric: str) -> Pair | None:
        try:
            return self.analysis.pair(a, b, metric)
        except KeyError:
            return None

    def _rates(self, a: str, b: str, assertion: Assertion) -> Compared:
        first, second = self.rate(a, assertion), self.rate(b, assertion)
        counts = (first.successes, first.n, second.successes, second.n)
        total = max(self.problems(assertion.category, assertion.difficulty), first.n, second.n)
        span = paired_test_range(*counts, n_problems=total)
        key = (assertion.metric or "", assertion.category or "", assertion.difficulty or "")
        p = float(fisher_probabilities(*counts).two_sided_midp)
        return Compared(
            first.value,
            second.value,
            "points",
            first.value - second.value,
            miettinen_nurminen(*counts, level=self.analysis.level),
            min(first.n, second.n),
            "counts",
            Test((*key, *sorted((a, b))), min(p, 1.0), span.p_low, span.p_high, "fisher_midp"),
        )

    def rate(self, model: str, assertion: Assertion) -> Rate:
        """Return a rate with its counts; NoDataError where the release has none."""
        where = (assertion.category, assertion.difficulty)
        metric = assertion.metric or ""
        if where == (None, None):
            found = self.analysis.rates.get((model, metric))
        else:
            found = self._cell(model, metric, where)
        if found is None:
            raise NoDataError(f"The release has no {self.named(assertion)} of {self.model(model)}.")
        return found

    def _cell(self, model: str, metric: str, where: tuple[str | None, str | None]) -> Rate | None:
        for breakdown in self.analysis.breakdowns:
            if breakdown.model == model:
                cells = (*breakdown.cells, *breakdown.by_category, *breakdown.by_difficulty)
                for cell in cells:
                    if (cell.category, cell.difficulty, cell.rate.metric) == (*where, metric):
                        return cell.rate
        return None

    def problems(self, category: str | None, difficulty: str | None) -> int:
        """Count the problems of the benchmark in a part of it."""
        release = self.analysis.release
        if not (category or difficulty):
            return release.n_problems
        return sum(
            cell.problems
            for cell in release.problem_cells
            if category in (None, cell.category) and difficulty in (None, cell.difficulty)
        )

    def _summaries(self, a: str, b: str, assertion: Assertion) -> Compared:
        first, second = self.summary(a, assertion), self.summary(b, assertion)
        name = assertion.statistic or ""
        values = [float(getattr(summary, name)) for summary in (first, second)]
        test, interval = None, None
        if name == "mean":
            test, interval = self._welch(first, second)
        return Compared(
            values[0],
            values[1],
            "number",
            values[0] - values[1],
            interval,
            min(first.count, second.count),
            "summaries",
            test,
            "Each summary covers the programs of its own model that compiled, so no test of the "
            "difference is fair to both.",
        )

    def _welch(self, a: Summary, b: Summary) -> tuple[Test | None, Interval | None]:
        try:
            found = welch_difference(
                *(a.count, a.mean, a.std),
                *(b.count, b.mean, b.std),
                level=self.analysis.level,
            )
        except NoEstimateError:
            return None, None
        p = found.test.p_value
        key = ("mean", a.metric, *sorted((a.model, b.model)))
        return Test(key, p, p, p, found.test.method), found.estimate.interval

    def _efficiencies(self, a: str, b: str) -> Compared:
        rates = [self.analysis.rates[model, "passed"] for model in (a, b)]
        sizes = [self.quantities[f"size/{model}"].value for model in (a, b)]
        return self.contrast(
            rates, [1 / sizes[0], -1 / sizes[1]], ("efficiency", *sorted((a, b))), "per_billion"
        )

    def contrast(
        self, rates: list[Rate], weights: list[float], key: tuple[str, ...], unit: str
    ) -> Compared:
        """Compare the first rate, weighted, with the rest: unlinked, and however they link."""
        counts = [rate.successes for rate in rates], [rate.n for rate in rates]
        found = mover_contrast(*counts, weights, level=self.analysis.level)
        test = contrast_test(*counts, weights)
        own = rates[0].value * weights[0]
        return Compared(
            own,
            own - found.value,
            unit,
            found.value,
            found.interval,
            found.n,
            "counts",
            Test(key, test.p_value, 0.0, test.p_any_link, test.method),
        )


def ground_of(analysis: Analysis) -> Ground:
    """Make the ground of an analysis."""
    return Ground(analysis, quantities(analysis), model_labels(analysis.release))


def _place(category: str | None, difficulty: str | None) -> str:
    if category is None:
        return f"difficulty/{difficulty}"
    return f"category/{category}" if difficulty is None else f"cell/{category}/{difficulty}"


def _from_pair(pair: Pair, a: str, own: float, other: float) -> Compared:
    difference = pair.difference if pair.a == a else _mirrored(pair.difference)
    key = (pair.metric, "", "", *sorted((pair.a, pair.b)))
    return Compared(
        own,
        other,
        "points",
        difference.value,
        difference.interval,
        difference.n,
        "counts",
        Test(key, pair.test.p_value, pair.p_paired_low, pair.p_paired_high, pair.test.method),
    )


def _mirrored(estimate: Estimate) -> Estimate:
    limits = estimate.interval
    mirrored = Interval(-limits.high, -limits.low, limits.level, limits.method)
    return Estimate(-estimate.value, mirrored, estimate.n)
