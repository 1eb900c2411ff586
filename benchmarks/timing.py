"""How long a call takes: the best of several runs, in full or of a part that is then scaled."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

RUNS = 5


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
        How many equal parts (pairs, resamples) were run, of how many; equal where all were.
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
    def ratio(self) -> float:
        """How many times as long the other way takes."""
        return self.other.seconds / self.ours.seconds


def best(name: str, call: Callable[[], object], *, budget: float) -> Timing:
    """Time a call at its best: five runs, or as many as fit into ``budget`` seconds, at least one.

    The best run is the one that other programs on the computer disturbed least.
    """
    seconds: list[float] = []
    while not seconds or (len(seconds) < RUNS and sum(seconds) < budget):
        start = perf_counter()
        call()
        seconds.append(perf_counter() - start)
    return Timing(name, min(seconds))


def scaled(
    name: str, call: Callable[[int], object], whole: int, unit: str, *, budget: float
) -> Timing:
    """Time a call whose work is proportional to its argument: as much of it as the budget allows.

    Grows the part until it fills a third of the budget, runs it thrice, scales up the best run.
    """
    part = min(whole, 10)
    seconds = _once(call, part)
    while part < whole and seconds < budget / 6:
        part = min(whole, 2 * part)
        seconds = _once(call, part)
    least = min(seconds, _once(call, part), _once(call, part))
    return Timing(name, least * whole / part, part, whole, unit)


def _once(call: Callable[[int], object], size: int) -> float:
    start = perf_counter()
    call(size)
    return perf_counter() - start
