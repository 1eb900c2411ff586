"""How long a call takes: the best of its runs, in full or of a part that is then scaled."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter

LEAST_RUNS, MOST_RUNS = 3, 100


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds for the whole of something, and how much of it was in fact run.

    Attributes
    ----------
    name : str
        What ran, as tables show it.
    seconds : float
        For the whole; scaled up where only a part was run.
    measured, whole : int
        How many equal parts (pairs, resamples) were run, of how many; equal where all were,
        none where it does not run at all.
    unit : str
        What the parts are.
    """

    name: str
    seconds: float
    measured: int = 1
    whole: int = 1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same result by two ways on one board."""

    subject: str
    board: str
    ours: Timing
    other: Timing

    @property
    def ratio(self) -> float | None:
        """How many times as long the other way takes; None where it does not run."""
        return self.other.seconds / self.ours.seconds if self.other.measured else None


def compared(
    subject: str,
    board: str,
    ours: Callable[[], object],
    other: Callable[[], Timing],
    *,
    budget: float,
) -> Comparison:
    """Time our way before and after the other one: what disturbs the computer comes in spells."""
    before = best("Benchproof", ours, budget=budget / 2)
    theirs = other()
    after = best("Benchproof", ours, budget=budget / 2)
    quicker = min(before, after, key=lambda timing: timing.seconds)
    return Comparison(subject, board, quicker, theirs)


def best(name: str, call: Callable[[], object], *, budget: float) -> Timing:
    """Time a call at its best, over as many runs as fit into ``budget`` seconds, 3 to 100.

    The best run is the one that other programs on the computer disturbed least.
    """
    return Timing(name, _least(call, budget))


def scaled(
    name: str, call: Callable[[int], object], whole: int, unit: str, *, budget: float
) -> Timing:
    """Time a call whose work is proportional to its argument: as much of it as the budget allows.

    Grows the part until a run fills a sixth of the budget, then scales up the best run of it.
    """
    part = min(whole, 10)
    while part < whole and _once(partial(call, part)) < budget / 6:
        part = min(whole, 2 * part)
    return Timing(name, _least(partial(call, part), budget) * whole / part, part, whole, unit)


def _least(call: Callable[[], object], budget: float) -> float:
    runs: list[float] = []
    while len(runs) < LEAST_RUNS or (len(runs) < MOST_RUNS and sum(runs) < budget):
        runs.append(_once(call))
    return min(runs)


def _once(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start
