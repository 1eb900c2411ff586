"""Another mix: what the page of sliders needs to standardise rates in the browser, exactly."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np

from report.analysis.cells import CellRate, mixes
from report.exhibits.common import Context
from report.labels import slug
from stats.check import NoEstimateError
from stats.difficulty import standardised_mean, standardised_rate
from stats.difficulty_ranks import pairwise_level, standardised_rank_sets
from stats.interval import Interval
from stats.problem_means import score_interval_of_means
from stats.proportion import normal_quantile

Stratum = tuple[str | None, str | None]
"""Category and difficulty; None for all."""

Factors = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """One model on a mix: its rate with limits, and the ranks it could hold."""

    model: str
    estimate: float
    interval: Interval
    ranks: tuple[int, int]


@dataclass(frozen=True)
class Mix:
    """A release's strata and what each model did in them.

    Sliders multiply the benchmark's own number of problems. A mix is standardised over the fewest
    strata that hold it: difficulties while no category is touched, categories while no difficulty
    is, else both crossed.
    """

    context: Context

    @property
    def usable(self) -> bool:
        """Whether there are problems by difficulty or category to weigh, and results by them."""
        enough = max(len(self.difficulties), len(self.categories)) > 1
        return enough and bool(self.models) and bool(self.sizes)

    @cached_property
    def models(self) -> list[str]:
        """Models whose results are known by category and difficulty, best pass rate first."""
        known = {part.model for part in self.context.analysis.breakdowns}
        return [r.model for r in self.context.analysis.rates_of("passed") if r.model in known]

    @property
    def fractional(self) -> bool:
        """Whether a problem's value is a share."""
        return self.context.analysis.fractional

    @cached_property
    def sizes(self) -> dict[Stratum, int]:
        """How many problems the benchmark has in each cell."""
        cells = self.context.analysis.release.problem_cells
        return {(c.category, c.difficulty): c.problems for c in cells if c.problems}

    @cached_property
    def difficulties(self) -> tuple[str, ...]:
        """Difficulties that have problems, in order."""
        known = {difficulty for _, difficulty in self.sizes}
        return tuple(d for d in self.context.analysis.release.difficulties if d in known)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Categories that have problems, in order."""
        known = {category for category, _ in self.sizes}
        return tuple(c for c in self.context.analysis.release.categories if c in known)

    def keys(self, names: Sequence[str]) -> dict[str, str]:
        """Short names for the address, no two alike."""
        found: dict[str, str] = {}
        for name in names:
            own = slug(name) or "other"
            taken = set(found.values())
            tries = (own if i == 1 else f"{own}-{i}" for i in count(1))
            found[name] = next(key for key in tries if key not in taken)
        return found

    def strata(self, grouping: str) -> list[Stratum]:
        """Strata of a grouping: "difficulty", "category" or "cell"."""
        if grouping == "difficulty":
            return [(None, d) for d in self.difficulties]
        if grouping == "category":
            return [(c, None) for c in self.categories]
        return list(self.sizes)

    @property
    def groupings(self) -> list[str]:
        """Groupings that the release's problems have."""
        both = bool(self.difficulties) and bool(self.categories)
        found = ["difficulty"] * bool(self.difficulties) + ["category"] * bool(self.categories)
        return [*found, *["cell"] * both]

    def size(self, stratum: Stratum) -> int:
        """Problems of the benchmark in a stratum."""
        return sum(
            n
            for (category, difficulty), n in self.sizes.items()
            if stratum[0] in {None, category} and stratum[1] in {None, difficulty}
        )

    def grouping(self, by_category: Factors, by_difficulty: Factors) -> str:
        """Return the coarsest grouping that holds a mix."""
        even = [
            len({factors.get(name, 1.0) for name in names}) <= 1
            for factors, names in (
                (by_category, self.categories),
                (by_difficulty, self.difficulties),
            )
        ]
        if self.difficulties and (even[0] or not self.categories):
            return "difficulty"
        return "category" if even[1] or not self.difficulties else "cell"

    def standardised(self, by_category: Factors, by_difficulty: Factors) -> list[Placed]:
        """Every model on a mix, in the order of `models`; without those that have no problem in it.

        A factor that is not given is 1. assets/mix.js does the same in the browser.
        """
        grouping, level = self.grouping(by_category, by_difficulty), self.context.analysis.level
        strata = self.strata(grouping)
        weights = [
            by_category.get(c or "", 1.0) * by_difficulty.get(d or "", 1.0) * self.size((c, d))
            for c, d in strata
        ]
        wide = pairwise_level(level, len(self.models))
        found = []
        for model in self.models:
            try:
                own = self._one(model, strata, weights, level)
                joint = self._one(model, strata, weights, wide)
            except NoEstimateError:
                continue
            found.append((model, own, joint))
        if not found:
            return []
        limits = [(value, ends.low, ends.high) for _, _, (value, ends) in found]
        ranks = standardised_rank_sets(*np.array(limits).T)
        return [
            Placed(model, value, interval, (int(best), int(worst)))
            for (model, (value, interval), _), (best, worst) in zip(found, ranks, strict=True)
        ]

    def _one(
        self, model: str, strata: Sequence[Stratum], weights: Sequence[float], level: float
    ) -> tuple[float, Interval]:
        if self.fractional:
            mean = standardised_mean([self._values(model, s) for s in strata], weights, level=level)
            return mean.estimate, mean.interval
        counts = [self._count(model, s) for s in strata]
        passed, totals = zip(*counts, strict=True)
        rate = standardised_rate(passed, totals, weights, level=level)
        return rate.estimate, rate.interval

    @cached_property
    def _counts(self) -> dict[tuple[str, Stratum], CellRate]:
        return {
            (part.model, (cell.category, cell.difficulty)): cell
            for part in self.context.analysis.breakdowns
            for cell in (*part.cells, *part.by_category, *part.by_difficulty)
            if cell.rate.metric == "passed"
        }

    def _count(self, model: str, stratum: Stratum) -> tuple[int, int]:
        cell = self._counts.get((model, stratum))
        return (cell.rate.count, cell.rate.n) if cell else (0, 0)

    def _values(
        self, model: str, stratum: Stratum
    ) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        board = self.context.analysis.board
        if board is None:
            raise ValueError("shares of problems come from single outcomes")
        values = board.of(model)[board.where(category=stratum[0], difficulty=stratum[1])]
        return values[~np.isnan(values)]

    # ---- What the browser gets -----------------------------------------------------------------

    def as_json(self) -> dict[str, object]:
        """Return what assets/mix.js needs; numbers are exact."""
        level, context = self.context.analysis.level, self.context
        wide = pairwise_level(level, len(self.models))
        names = {
            "c": [[key, name] for name, key in self.keys(self.categories).items()],
            "d": [[key, name] for name, key in self.keys(self.difficulties).items()],
        }
        return {
            "z": [normal_quantile(level), normal_quantile(wide)],
            "shares": self.fractional,
            "names": names,
            "strata": {
                grouping: [
                    [
                        self._at(self.categories, c),
                        self._at(self.difficulties, d),
                        self.size((c, d)),
                    ]
                    for c, d in self.strata(grouping)
                ]
                for grouping in self.groupings
            },
            "models": [
                {
                    "key": context.slugs[model],
                    "strata": {
                        grouping: [
                            self._given(model, s, (level, wide)) for s in self.strata(grouping)
                        ]
                        for grouping in self.groupings
                    },
                }
                for model in self.models
            ],
        }

    @staticmethod
    def _at(names: Sequence[str], name: str | None) -> int | None:
        return None if name is None else names.index(name)

    def _given(self, model: str, stratum: Stratum, levels: Sequence[float]) -> list[float]:
        """Passes and problems; of shares problems, mean, and limits at both levels."""
        if not self.fractional:
            return list(self._count(model, stratum))
        values = self._values(model, stratum)
        if not values.size:
            return [0]
        found = [score_interval_of_means(values, level=level) for level in levels]
        ends = [end for f in found for end in (f.interval.low, f.interval.high)]
        return [int(values.size), found[0].value, *ends]

    def presets(self) -> Iterator[tuple[str, dict[str, float]]]:
        """Title and difficulty factors of stated mixes other than the benchmark's own."""
        release = self.context.analysis.release
        total = sum(self.sizes.values())
        for key, (title, weights) in mixes(release).items():
            share = sum(weights.get(d, 0.0) for d in self.difficulties)
            if key != "benchmark" and share and len(self.difficulties) > 1:
                yield (
                    title,
                    {
                        d: weights.get(d, 0.0) / share * total / self.size((None, d))
                        for d in self.difficulties
                    },
                )
