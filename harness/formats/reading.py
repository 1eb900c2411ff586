"""What a format's reader hands on: canonical rows, facts on problems, and what it had to decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

ROW_SCHEMA: Mapping[str, pl.DataType] = {
    "model": pl.String(),
    "problem": pl.String(),
    "sample": pl.Int64(),
    "compiled": pl.Boolean(),
    "passed": pl.Boolean(),
    "score": pl.Float64(),
    "runtime_s": pl.Float64(),
    "outcome": pl.String(),
}
"""Columns of the canonical rows, in order; further columns are metrics of the format's own.

``model`` is null where the file does not name its model; ``sample`` counts from 0 within a model
and problem; ``compiled`` and ``passed`` are null where the harness does not say; ``score`` is a
fraction from 0 to 1 where the harness gives an average or a partial mark instead of a pass
(then ``passed`` is null: an average is no pass); ``runtime_s`` is in seconds and above 0;
``outcome`` keeps the harness's own word for what happened, such as ``timeout``.
"""

PROBLEM_SCHEMA: Mapping[str, pl.DataType] = {
    "problem": pl.String(),
    "category": pl.String(),
    "difficulty": pl.String(),
    "title": pl.String(),
    "date": pl.String(),
    "url": pl.String(),
    "content_hash": pl.String(),
}
"""Columns of the facts on problems; each may be null. ``date`` is ISO, ``YYYY-MM-DD``.

``content_hash`` is the SHA-256 of the problem's text in NFC, so that a problem that changed under
the same id is seen; the text itself is not kept.
"""

COUNT_SCHEMA: Mapping[str, pl.DataType] = {
    "model": pl.String(),
    "category": pl.String(),
    "difficulty": pl.String(),
    "problems": pl.Int64(),
    "compiled": pl.Int64(),
    "passed": pl.Int64(),
}
"""Columns of stated counts, as in a release's ``counts.csv``.

A null category or difficulty means all of them, a null ``compiled`` that the file does not say.
"""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something of a file that could not become a value, counted and said.

    ``what`` is a short noun phrase ("runtimes of 0", "unscored samples", "duplicate rows"),
    ``rule`` the sentence that says what was done with them.
    """

    what: str
    count: int
    rule: str
    model: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedRate:
    """A rate that the file itself states, held against the rows before they are taken."""

    metric: str
    value: float
    model: str | None = None
    k: int | None = None
    """The k of a stated pass@k; a file with fewer samples than k claims what it cannot support."""
    category: str | None = None
    difficulty: str | None = None
    margin: float = 0.0
    """Half a unit of the last digit that the file prints: what was rounded lies this close."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One foreign file, read.

    Attributes
    ----------
    format
        Id of the format in the registry.
    path
        The file or folder that was read.
    rows
        Lazy rows with the columns of `ROW_SCHEMA` and further numeric or boolean columns.
    problems
        Facts on problems with the columns of `PROBLEM_SCHEMA`, one row a problem; may be empty.
    model_names
        Display name of each model id in the rows, where the file has one.
    n_problems
        Size of the benchmark as the file states it, where it does.
    rules
        Sentences: how the harness's statuses became columns.
    set_aside
        What became missing, or was dropped, with counts.
    claimed
        Rates that the file states.
    counts
        Successes and totals with the columns of `COUNT_SCHEMA`, for a file that states them and
        has no rows; None elsewhere.
    lacks
        For a file that has neither rows nor counts: the sentence that says what it lacks to be a
        release's data. Its rates stand in ``claimed`` and can be cited, never tested.
    meanings
        What decides a pass or a score, by category, for formats in which several things can:
        ``base tests`` or ``base and plus tests``. Under ``""`` it holds for all. Readings that
        disagree do not go into one release.
    """

    format: str
    path: Path
    rows: pl.LazyFrame
    problems: pl.DataFrame
    model_names: Mapping[str, str]
    rules: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    claimed: tuple[ClaimedRate, ...] = ()
    n_problems: int | None = None
    counts: pl.DataFrame | None = None
    lacks: str | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """A format in the registry.

    ``matches`` looks at the content of a file (or folder) and tells whether this is it: it is
    given the path and the first bytes, decompressed, and raises nothing. ``read`` raises
    `harness.errors.ResultFileError`.
    """

    id: str
    title: str
    matches: Callable[[Path, bytes], bool]
    read: Callable[[Path], Reading]
    harness: str
    """Which harness writes it, for people."""


def no_problems() -> pl.DataFrame:
    """An empty table of problem facts, for formats that say nothing of their problems."""
    return pl.DataFrame(schema=dict(PROBLEM_SCHEMA))


def no_rows() -> pl.LazyFrame:
    """Empty canonical rows, for files that hold aggregates alone."""
    return pl.LazyFrame(schema=dict(ROW_SCHEMA))
