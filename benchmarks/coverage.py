"""Coverage of intervals and error of tests, counted: ``python -m benchmarks.coverage [--write]``.

Every table that the problems can give is weighed with its probability at every point of a grid of
truths; nothing is simulated. ``--write`` keeps the figures in coverage.json and writes the page on
correctness from them.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import methods, tables
from benchmarks.correctness_page import page
from benchmarks.tables import Floats, Tables
from stats.binomial import binomial_pmf
from stats.coverage import rate_coverage
from stats.coverage_unlinked import difference_coverage, ratio_coverage, type_one_error

HERE = Path(__file__).resolve().parent
COUNTED = HERE / "coverage.json"
REFERENCE = HERE.parents[1] / "shared" / "reference"
PAGE = HERE.parent / "docs" / "methods" / "correctness.md"

LEVEL = 0.95
SIZES = (20, 107, 500)
RATES = (np.arange(30) + 0.5) / 30
SHARED_RATES = (np.arange(200) + 0.5) / 200
STRATA = np.array([8, 37, 62])
MIXES = {"own": STRATA / STRATA.sum(), "equal": np.ones(3) / 3}
TIE = 1e-12
"""A limit that is the truth but for its last digits holds it."""
NUDGE = 1e-9
"""Distance from a limit at which a rate is surely on one side of it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a method does over the grid at one number of problems.

    Attributes
    ----------
    kind, method : str
    n : int
        Problems (of each model, where they are not the same ones).
    mean, extreme : float
        Of an interval: mean and lowest coverage. Of a test: mean and highest chance to reject
        what is true.
    width : float or None
        Mean expected width; None for tests and for ratios, whose limits can be infinite.
    """

    kind: str
    method: str
    n: int
    mean: float
    extreme: float
    width: float | None = None


def rate(kind: str, limits: Mapping[str, Any], n: int) -> Iterator[Counted]:
    """Intervals of one rate: mean over 1,000 true rates, lowest over every rate there is."""
    for name, method in limits.items():
        found = rate_coverage(method, n, level=LEVEL)
        lowest = rate_coverage(method, n, rates=_beside_limits(method, n), level=LEVEL).minimum
        lowest = min(lowest, found.minimum)
        yield Counted(kind, name, n, found.mean, lowest, float(found.width.mean()))


def _beside_limits(method: Callable[..., methods.Limits], n: int) -> Floats:
    """Rates just below and above each limit: where coverage is lowest.

    Between two limits the same counts hold the truth, and their probability, as a function of the
    rate, rises to one peak and falls: it is lowest at an end.
    """
    limits = np.concatenate(method(np.arange(n + 1), n, level=LEVEL))
    beside = np.concatenate([limits - NUDGE, limits + NUDGE])
    inside: Floats = beside[(beside > 0) & (beside < 1)]
    return inside


def unlinked(kind: str, limits: Mapping[str, Any], n: int) -> Iterator[Counted]:
    """Intervals of two unlinked rates, at 30 by 30 true rates."""
    count = difference_coverage if kind == "difference" else ratio_coverage
    chance = binomial_pmf(n, RATES).mean(axis=0)
    sides = np.arange(n + 1)[:, None], np.arange(n + 1)
    for name, method in limits.items():
        low, high = method(sides[0], n, sides[1], n, level=LEVEL)

        def known(*_: Any, level: float, ends: tuple[Floats, Floats] = (low, high)) -> Any:
            del level
            return ends

        covered = count(known, n, n, rates=RATES, level=LEVEL)
        mean, lowest = float(covered.mean()), float(covered.min())
        width = float(chance @ (high - low) @ chance) if kind == "difference" else None
        yield Counted(kind, name, n, mean, lowest, width)


def paired_three(kind: str, limits: Mapping[str, Any], n: int) -> Iterator[Counted]:
    """Intervals of a paired difference that depend on the discordant problems and n alone."""
    every, truths = tables.three_cells(n), tables.three_truths()
    return _paired(kind, limits, every, truths, [a - b for a, b, _ in truths])


def paired_four(kind: str, limits: Mapping[str, Any], n: int) -> Iterator[Counted]:
    """Intervals of a paired difference that depend on the whole table."""
    every, truths = tables.four_cells(n), tables.four_truths()
    return _paired(kind, limits, every, truths, [a - b for _, a, b, _ in truths])


def paired_ratios(kind: str, limits: Mapping[str, Any], n: int) -> Iterator[Counted]:
    """Intervals of the ratio of two paired rates."""
    every, truths = tables.four_cells(n), tables.four_truths()
    values = [(both + a) / (both + b) for both, a, b, _ in truths]
    return _paired(kind, limits, every, truths, values)


def _paired(
    kind: str,
    limits: Mapping[str, Any],
    every: Tables,
    truths: list[tuple[float, ...]],
    values: Sequence[float],
) -> Iterator[Counted]:
    ends = {name: method(*every.cells, level=LEVEL) for name, method in limits.items()}
    sums: dict[str, list[tuple[float, float]]] = {name: [] for name in limits}
    for value, chance in zip(values, every.chances(truths), strict=True):
        for name, (low, high) in ends.items():
            held = (low <= value + TIE) & (value - TIE <= high)
            width = float(chance @ (high - low)) if kind != "paired_ratio" else 0.0
            sums[name].append((float(chance[held].sum()), width))
    for name, found in sums.items():
        covered, widths = np.array(found).T
        mean_width = float(widths.mean()) if kind != "paired_ratio" else None
        yield Counted(kind, name, every.n, float(covered.mean()), float(covered.min()), mean_width)


def standardised(kind: str, limits: Mapping[str, Any], n: int) -> Iterator[Counted]:
    """Intervals of a standardised rate over three difficulties of 8, 37 and 62 problems."""
    weights = MIXES[kind.removeprefix("standardised_")]
    counts = np.array(list(product(*(range(size + 1) for size in STRATA))))
    grid = (np.arange(8) + 0.5) / 8
    single = [binomial_pmf(int(size), grid) for size in STRATA]
    for name, method in limits.items():
        low, high = method(counts, STRATA, weights, LEVEL)
        covered, widths = [], []
        for i, j, k in product(range(grid.size), repeat=3):
            value = float(weights @ grid[[i, j, k]])
            chance = np.einsum("a,b,c->abc", single[0][i], single[1][j], single[2][k]).ravel()
            covered.append(chance[(low <= value + TIE) & (value - TIE <= high)].sum())
            widths.append(chance @ (high - low))
        yield Counted(
            kind, name, n, float(np.mean(covered)), float(min(covered)), float(np.mean(widths))
        )


def paired_test(kind: str, tests: Mapping[str, Any], n: int) -> Iterator[Counted]:
    """Tests of two models on the same problems, equal in truth, at discordances of 5 % to 60 %."""
    every = tables.three_cells(n)
    truths = [(psi / 2, psi / 2, 1 - psi) for psi in np.arange(5, 61) / 100]
    rejected = {name: p_values(*every.cells[:2]) <= 1 - LEVEL for name, p_values in tests.items()}
    errors = np.array(
        [[chance[r].sum() for r in rejected.values()] for chance in every.chances(truths)]
    )
    for name, error in zip(tests, errors.T, strict=True):
        yield Counted(kind, name, n, float(error.mean()), float(error.max()))


def unlinked_test(kind: str, tests: Mapping[str, Any], n: int) -> Iterator[Counted]:
    """Tests of two unlinked rates, equal in truth, at 200 rates."""
    for name, rejects in tests.items():
        error = type_one_error(rejects, n, n, rates=SHARED_RATES, alpha=1 - LEVEL)
        yield Counted(kind, name, n, float(error.mean()), float(error.max()))


@dataclass(frozen=True, slots=True)
class Kind:
    """Methods that answer one question, how they are counted, and at which numbers of problems."""

    count: Callable[[str, Mapping[str, Any], int], Iterator[Counted]]
    methods: Mapping[str, Any]
    sizes: tuple[int, ...] = SIZES


KINDS = {
    "rate": Kind(rate, methods.RATE),
    "difference": Kind(unlinked, methods.DIFFERENCE),
    "ratio": Kind(unlinked, methods.RATIO),
    "paired_difference": Kind(paired_three, methods.PAIRED_DIFFERENCE),
    "paired_difference_of_four": Kind(
        paired_four, methods.PAIRED_DIFFERENCE_OF_FOUR, sizes=(20, 107)
    ),
    "paired_ratio": Kind(paired_ratios, methods.PAIRED_RATIO, sizes=(20, 107)),
    "standardised_own": Kind(standardised, methods.STANDARDISED, sizes=(107,)),
    "standardised_equal": Kind(standardised, methods.STANDARDISED, sizes=(107,)),
    "paired_test": Kind(paired_test, methods.PAIRED_TEST),
    "unlinked_test": Kind(unlinked_test, methods.UNLINKED_TEST),
}
"""Everything that is counted. 500 problems give 21 million tables of four cells: left out."""


def count(kind: str, n: int, *names: str) -> list[Counted]:
    """Count methods of one kind; all of them where none is named."""
    chosen = {name: KINDS[kind].methods[name] for name in names or KINDS[kind].methods}
    return list(KINDS[kind].count(kind, chosen, n))


def reference() -> dict[str, int]:
    """Count methods and cases of the reference files; as last written where they are missing."""
    if not REFERENCE.is_dir():
        kept: dict[str, int] = json.loads(COUNTED.read_text("utf-8"))["reference"]
        return kept
    files = [json.loads(path.read_text("utf-8")) for path in REFERENCE.glob("*.json")]
    return {"methods": len(files), "cases": sum(len(file["cases"]) for file in files)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Count everything, print it, and write where asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write coverage.json and the page")
    options = parser.parse_args(arguments)
    rows: list[Counted] = []
    for kind, of in KINDS.items():
        for n in of.sizes:
            start = perf_counter()
            found = count(kind, n)
            print(f"{kind}, n = {n} ({perf_counter() - start:.1f} s)")
            for row in found:
                width = "" if row.width is None else f"  width {row.width:.4f}"
                print(f"  {row.method:40} mean {row.mean:.4f}  extreme {row.extreme:.4f}{width}")
            rows += found
    if options.write:
        document = {"reference": reference(), "counted": [asdict(row) for row in rows]}
        COUNTED.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
        PAGE.write_text(page(document), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
