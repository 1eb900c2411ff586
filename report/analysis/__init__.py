"""One Release through the statistics: the frozen Analysis that every page reads."""

from dataclasses import dataclass
from types import MappingProxyType

from harness.release import Release
from report.analysis.board import Board, board
from report.analysis.cells import Breakdown, board_breakdowns, breakdowns
from report.analysis.censored import Censored, censored
from report.analysis.groups import (
    Gap,
    GroupMean,
    Proximity,
    gaps,
    group_means,
    proximities,
)
from report.analysis.linked import linked_pairs
from report.analysis.matched import MatchedPair, matched_pairs
from report.analysis.order import Order, order
from report.analysis.pairs import Pair, RankRange, all_pairs, rank_ranges
from report.analysis.rates import Rate, Rates, all_rates, board_rates
from report.analysis.runtimes import MetricSummaries, metric_summaries
from report.analysis.samples import Repeated, repeated
from report.analysis.sizes import Efficiency, SizeRatio, efficiencies, size_ratios
from report.analysis.standing import MissingRuns, Winner, missing_runs, winner
from report.analysis.timed import Timed, timed
from stats.items import ItemStatistics, item_statistics

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Analysis:
    """Every figure of one release. Tuples are in the order a page shows them."""

    release: Release
    level: float
    rates: Rates
    ranks: tuple[RankRange, ...]
    pairs: tuple[Pair, ...]
    group_means: tuple[GroupMean, ...]
    gaps: tuple[Gap, ...]
    proximities: tuple[Proximity, ...]
    breakdowns: tuple[Breakdown, ...]
    efficiencies: tuple[Efficiency, ...]
    size_ratios: tuple[SizeRatio, ...]
    summaries: tuple[MetricSummaries, ...]
    matched: tuple[MatchedPair, ...]
    winner: Winner | None
    missing: tuple[MissingRuns, ...]
    board: Board | None = None
    items: ItemStatistics | None = None
    timed: Timed | None = None
    order: Order | None = None
    censored: Censored | None = None
    repeated: tuple[Repeated, ...] = ()

    @property
    def linked(self) -> bool:
        """Whether single outcomes are known, so that models are compared problem by problem."""
        return self.board is not None

    @property
    def fractional(self) -> bool:
        """Whether the main result is a share of each problem instead of a pass."""
        return self.board is not None and self.board.fractional["passed"]

    def rates_of(self, metric: str) -> tuple[Rate, ...]:
        """Return the rates of one metric, models in order of their pass rate, best first."""
        return tuple(found for (_, name), found in self.rates.items() if name == metric)

    def pairs_of(self, metric: str) -> tuple[Pair, ...]:
        """Return all pairs of one metric."""
        return tuple(pair for pair in self.pairs if pair.metric == metric)

    def pair(self, a: str, b: str, metric: str = "passed") -> Pair:
        """Return the pair of two models, whichever is ahead; KeyError where there is none."""
        for found in self.pairs:
            if found.metric == metric and {found.a, found.b} == {a, b}:
                return found
        raise KeyError(f"no pair {a!r}, {b!r} on {metric!r} in {self.release.version}")


def analyse(release: Release, *, level: float = LEVEL) -> Analysis:
    """Compute every statistic of a release; equal input gives equal output, no chance involved."""
    laid = board(release)
    found = all_rates(release, level=level) if laid is None else board_rates(laid, level=level)
    rates: Rates = {(r.model, r.metric): r for r in found}
    pairs = {}
    for metric in ("passed", "compiled"):
        family = [r for r in rates.values() if r.metric == metric]
        pairs[metric] = (
            all_pairs(family, release, level=level)
            if laid is None
            else linked_pairs(family, laid, level=level)
        )
    own_breakdowns = (
        breakdowns(release, level=level)
        if laid is None
        else board_breakdowns(release, laid, level=level)
    )
    passed = [r for r in rates.values() if r.metric == "passed"]
    return Analysis(
        release=release,
        level=level,
        rates=MappingProxyType(dict(rates)),
        ranks=rank_ranges(passed, pairs["passed"], level=level),
        pairs=pairs["passed"] + pairs["compiled"],
        group_means=group_means(release, rates, laid, level=level),
        gaps=gaps(release, rates, laid, level=level),
        proximities=proximities(rates, laid, level=level),
        breakdowns=own_breakdowns,
        # With single outcomes pairs are compared on their problems: nothing is left to match.
        matched=matched_pairs(own_breakdowns, level=level) if laid is None else (),
        efficiencies=efficiencies(release, rates),
        size_ratios=size_ratios(release, rates, laid, level=level),
        summaries=metric_summaries(release, level=level),
        winner=winner(passed, laid, level=level),
        missing=missing_runs(passed, laid, n_problems=release.n_problems, level=level),
        board=laid,
        timed=timed(release, laid, level=level),
        censored=censored(release, laid, level=level),
        repeated=repeated(found, release, laid, level=level),
        order=order(found, pairs["passed"], release, laid, level=level),
        items=None if laid is None else item_statistics(laid.values["passed"]),
    )
