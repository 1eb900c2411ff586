"""Where each model stood and stands, and whether the ranks it could have held overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from report.analysis import Analysis
from report.changes.matching import Matching

Ranks = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RankChange:
    """One model's place in both releases, 1 is best.

    ``before`` and ``after`` are its positions among all models, ``among_before`` and
    ``among_after`` those among the models of both releases: a new model above pushes the first
    down and not the second. ``set_before`` and ``set_after`` are the ranks it could hold.
    """

    model: str
    before: int
    after: int
    among_before: int
    among_after: int
    set_before: Ranks
    set_after: Ranks

    @property
    def overlap(self) -> bool:
        """Whether one rank is possible in both releases."""
        return self.set_before[0] <= self.set_after[1] and self.set_after[0] <= self.set_before[1]

    @property
    def moved(self) -> bool:
        """Whether its position, among all or among the same models, is another."""
        return self.before != self.after or self.among_before != self.among_after


def rank_changes(before: Analysis, after: Analysis, matching: Matching) -> tuple[RankChange, ...]:
    """Compare the ranks of every model with results in both, in the later release's order.

    The rank sets are those of the unlinked tests, or of the paired ones where a release has
    outcomes: the narrowest that its evidence allows.
    """
    ids = matching.ids
    old = {ids[rank.model]: rank for rank in before.ranks}
    new = {rank.model: rank for rank in after.ranks}
    rates = [
        {ids.get(m, m): r.value for (m, metric), r in analysis.rates.items() if metric == main}
        for analysis, main in ((before, "passed"), (after, "passed"))
    ]
    both = [model for model in new if model in old]
    return tuple(
        RankChange(
            model,
            old[model].position,
            new[model].position,
            _place(rates[0], model, both),
            _place(rates[1], model, both),
            old[model].unlinked,
            new[model].unlinked,
        )
        for model in both
    )


def _place(rates: Mapping[str, float], model: str, among: Sequence[str]) -> int:
    return 1 + sum(rates[other] > rates[model] for other in among)
