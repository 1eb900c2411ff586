"""What claims are judged on: figures, rates, groups and names, looked up in one analysis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.claim import Assertion
from harness.release import Summary
from report.analysis import Analysis
from report.analysis.rates import Rate
from report.labels import model_labels
from report.quantities import Quantity, quantities

SIZES = {"parameters": "size", "efficiency": "efficiency"}
"""Metrics that need a model's size, and the names of their figures."""

MAIN = "passed"
"""What the analysis calls the release's main result, be it passes or scores."""

_TITLES = {
    "passed_of_compiled": "pass rate of what compiled",
    "parameters": "size",
    "efficiency": "pass rate per billion parameters",
}


class NoDataError(Exception):
    """The release holds nothing that could judge the part; the message says what is missing."""


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
        if metric == MAIN:
            metric = self.analysis.release.success
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


def ground_of(analysis: Analysis) -> Ground:
    """Make the ground of an analysis."""
    return Ground(analysis, quantities(analysis), model_labels(analysis.release))


def _place(category: str | None, difficulty: str | None) -> str:
    if category is None:
        return f"difficulty/{difficulty}"
    return f"category/{category}" if difficulty is None else f"cell/{category}/{difficulty}"
