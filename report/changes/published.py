"""Two published tables of rates, without counts: what moved, and what that cannot tell.

A rate without its number of problems has no interval and allows no test. All that two such tables
allow is to list who came and went, and which figures moved by more than their rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from harness.errors import ResultFileError
from harness.formats.reading import ClaimedRate, Reading
from harness.formats.registry import detect
from report import numbers
from report.html import plain
from report.labels import listed


@dataclass(frozen=True, slots=True)
class RateMove:
    """One model's stated rate in both tables, as fractions.

    ``margin`` is what rounding leaves open of the change; ``certain`` that it cannot explain it.
    """

    model: str
    metric: str
    before: float
    after: float
    margin: float

    @property
    def change(self) -> float:
        """After minus before, without the noise of binary fractions."""
        return float(_exact(self.after) - _exact(self.before))

    @property
    def certain(self) -> bool:
        """Whether the two rates differ however they were rounded."""
        return abs(_exact(self.after) - _exact(self.before)) >= _exact(self.margin)


@dataclass(frozen=True, slots=True)
class PublishedChanges:
    """What two tables of rates state differently.

    Attributes
    ----------
    before, after : str
        How the tables are called.
    added, removed : tuple of str
        Models of one table only.
    moved : tuple of RateMove
        Rates that both state, and not alike, largest change first.
    same : int
        Rates that both state alike.
    filled, emptied : tuple of (model, metric)
        Rates of models in both that only the later, only the earlier table states.
    """

    before: str
    after: str
    models: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[RateMove, ...]
    same: int
    filled: tuple[tuple[str, str], ...]
    emptied: tuple[tuple[str, str], ...]

    @property
    def moved_models(self) -> tuple[str, ...]:
        """Models of which at least one rate moved."""
        return tuple(dict.fromkeys(move.model for move in self.moved))

    def summary(self) -> list[str]:
        """Sentences, most important first, the last on what the evidence allows."""
        stated = len(self.moved) + self.same
        moved = f"{len(self.moved)} of {stated} rates that both tables state moved"
        told = [f"{moved}, those of {len(self.moved_models)} of the {self.models} models in both."]
        for models, verb in ((self.added, "added"), (self.removed, "removed")):
            if models:
                names = listed(map(plain, models)) if len(models) <= 5 else "they are listed below"
                told.append(f"{len(models)} models {verb}: {names}.")
        for pairs, words in ((self.filled, "for the first time"), (self.emptied, "no more")):
            if pairs:
                told.append(f"{len(pairs)} rates of models in both are stated {words}.")
        return [*told, LIMITS]


LIMITS = (
    "Evidence: stated rates alone. Without the number of problems behind them they have no "
    "interval, so nothing here can say whether a change is more than chance, which problems it "
    "comes from, or whether the problems are the same."
)


def read_published(path: Path) -> Reading:
    """Read a table of rates.

    Raises
    ------
    ResultFileError
        The file is no harness output, or holds rows or counts: those belong into a release.
    """
    reading = detect(path).read(path)
    if reading.lacks is None:
        raise ResultFileError(
            path,
            found="results that make a release",
            expected="a published table of rates, or the names of two releases",
            way_out="Put each file into a release with `build.py ingest`, then compare the two.",
        )
    return reading


def published_changes(before: Reading, after: Reading) -> PublishedChanges:
    """Compare the rates that two readings state, by model and metric."""
    old, new = (_rates(reading.claimed) for reading in (before, after))
    models = [dict.fromkeys(model for model, _ in rates) for rates in (old, new)]
    both = {model for model in models[1] if model in models[0]}
    shared = [key for key in new if key in old]
    moves = [_move(key, old[key], new[key]) for key in shared]
    moved = sorted((m for m in moves if m.change != 0), key=lambda m: -abs(m.change))
    return PublishedChanges(
        before=_name(before, after),
        after=_name(after, before),
        models=len(both),
        added=tuple(m for m in models[1] if m not in both),
        removed=tuple(m for m in models[0] if m not in both),
        moved=tuple(moved),
        same=len(moves) - len(moved),
        filled=tuple(key for key in new if key not in old and key[0] in both),
        emptied=tuple(key for key in old if key not in new and key[0] in both),
    )


def _name(reading: Reading, other: Reading) -> str:
    """The file's name, or that of the nearest folder in which the two paths differ."""
    for own, its in zip(reversed(reading.path.parts), reversed(other.path.parts), strict=False):
        if own != its:
            return own
    return str(reading.path)


def _rates(claimed: Sequence[ClaimedRate]) -> dict[tuple[str, str], ClaimedRate]:
    return {
        (rate.model or "", rate.metric): rate
        for rate in claimed
        if rate.category is None and rate.difficulty is None
    }


def _move(key: tuple[str, str], before: ClaimedRate, after: ClaimedRate) -> RateMove:
    return RateMove(*key, before.value, after.value, before.margin + after.margin)


def _exact(value: float) -> Fraction:
    return Fraction(value).limit_denominator(10**9)


def published_json(found: PublishedChanges) -> dict[str, object]:
    """Return the comparison as plain data."""
    return {
        "before": found.before,
        "after": found.after,
        "evidence": "rates",
        "summary": found.summary(),
        "models": {
            "common": found.models,
            "added": list(found.added),
            "removed": list(found.removed),
        },
        "unchanged_rates": found.same,
        "moved": [
            {
                "model": move.model,
                "metric": move.metric,
                "before": move.before,
                "after": move.after,
                "change": move.change,
                "rounding": move.margin,
                "beyond_rounding": move.certain,
            }
            for move in found.moved
        ],
        "stated_first": [list(key) for key in found.filled],
        "stated_no_more": [list(key) for key in found.emptied],
    }


def print_published(found: PublishedChanges) -> None:
    """Print the comparison for a person."""
    from rich.console import Console  # noqa: PLC0415 - only where a person reads
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console()
    console.print(Text(f"From {plain(found.before)} to {plain(found.after)}", style="bold"))
    for sentence in found.summary():
        console.print(Text(f"  {sentence}"))
    if found.moved:
        grid = Table("Model", "Rate", title="Rates that moved", title_justify="left")
        for head in (found.before, found.after, "Change, points", "Rounding, points"):
            grid.add_column(Text(plain(head)), justify="right")
        for move in found.moved:
            cells = (
                move.model,
                move.metric,
                numbers.percent(move.before),
                numbers.percent(move.after),
                numbers.points(move.change),
                f"±{numbers.fixed(100 * move.margin, 2)}",
            )
            grid.add_row(*(Text(plain(cell)) for cell in cells))
        console.print(grid)
    for models, verb in ((found.added, "Added"), (found.removed, "Removed")):
        if len(models) > 5:
            console.print(Text(f"  {verb}: {', '.join(map(plain, models))}"))
