"""Everything about a board, in a process of its own, for its time and peak memory.

``python -m benchmarks.whole 107 10`` prints them as JSON.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.boards import Board, simulated
from benchmarks.rates import RESAMPLES, WEIGHTS
from stats.allpairs import compare_all
from stats.bootstrap import percentile_limits, stratified_percentile_limits
from stats.difficulty import standardised_rates
from stats.proportion import wilson_limits
from stats.ranks import marginal_rank_sets, simultaneous_rank_sets
from stats.resampling import joint_bootstrap
from stats.standing import probability_best, rank_intervals, ratio_to_best

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Whole:
    """Time and memory of a whole board.

    Attributes
    ----------
    board : str
    seconds : float
    before, peak : float
        Resident megabytes with outcomes and libraries loaded, and at most.
    """

    board: str
    seconds: float
    before: float
    peak: float


def measured(problems: int, models: int) -> Whole:
    """Analyse a board in a fresh process."""
    run = [sys.executable, "-m", "benchmarks.whole", str(problems), str(models)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    return Whole(**json.loads(done.stdout))


def analyse(board: Board) -> None:
    """Compute rates, all pairs, corrected rank sets, rank intervals, standardised rates."""
    wilson_limits(board.solved, board.problems)
    percentile_limits(board.solved, board.problems)
    stratified_percentile_limits(board.solved_by_difficulty, board.totals, WEIGHTS)
    standardised_rates(board.solved_by_difficulty, board.totals, WEIGHTS)
    pairs = compare_all(board.outcomes)
    p_values = pairs.tables.matrix(pairs.p_midp, diagonal=1.0)
    gain = pairs.tables.matrix(pairs.tables.differences(), diagonal=0.0, swapped=-1.0)
    del pairs
    simultaneous_rank_sets(p_values, gain)
    marginal_rank_sets(p_values, gain)
    del p_values, gain
    drawn = joint_bootstrap(board.outcomes, rng=np.random.default_rng(1), n_resamples=RESAMPLES)
    rank_intervals(drawn)
    probability_best(drawn)
    ratio_to_best(drawn)


def main(arguments: Sequence[str]) -> None:
    """Measure one board and print the result."""
    board = simulated(*map(int, arguments))
    before, start = _peak(), perf_counter()
    analyse(board)
    seconds = perf_counter() - start
    print(json.dumps(asdict(Whole(board.label, seconds, before, _peak()))))


def _peak() -> float:
    """Return the most memory held so far, in megabytes.

    Linux keeps the parent's peak in what getrusage tells of a child, hence the status file.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("utf-8").splitlines()
        (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
        return int(peak) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


if __name__ == "__main__":
    main(sys.argv[1:])
