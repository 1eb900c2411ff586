"""What the reading room hands on: one checked, immutable Release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from harness.claim import Claim, Family
from harness.frozen import Freeze
from harness.outcomes import Outcomes

Evidence = Literal["outcomes", "counts", "summaries"]
Support = Literal["full", "partial", "none"]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Sizes in billions of parameters; None where nobody has said."""

    total: float | None = None
    active: float | None = None
    speculative: bool = False
    printed: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the release describes it; it may have no results at all."""

    id: str
    name: str
    group: str
    focus: bool = False
    aliases: tuple[str, ...] = ()
    parameters: Parameters = Parameters()
    architecture: str | None = None
    experts: str | None = None
    context_window: str | None = None
    innovations: str | None = None
    code_proportion: str | None = None
    data_techniques: str | None = None
    post_training: Mapping[str, Support] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Count:
    """Successes and totals of one model, overall (category and difficulty None) or in one cell."""

    model: str
    problems: int
    compiled: int | None
    passed: int
    category: str | None = None
    difficulty: str | None = None


@dataclass(frozen=True, slots=True)
class ProblemCell:
    """How many problems of the benchmark lie in one category and difficulty.

    None where the release's problems have no category, or no difficulty.
    """

    category: str | None
    difficulty: str | None
    problems: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of the benchmark, as problems.csv describes it."""

    id: str
    category: str | None = None
    difficulty: str | None = None
    title: str | None = None
    url: str | None = None
    date: str | None = None
    content_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A published summary of one metric of one model; no raw rows stand behind it here."""

    model: str
    metric: str
    count: int
    mean: float
    median: float
    std: float
    min: float
    max: float


@dataclass(frozen=True, slots=True)
class Runtime:
    """One program that ran, its runtime in seconds; not linked to a problem."""

    model: str
    runtime_s: float
    passed: bool | None


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure exactly as a report printed it, kept apart from the data so the two can be compared.

    ``figure`` is a word of the vocabulary in results/README.md and says what was meant to be
    computed; ``printed`` keeps the digits as printed, so that rounding can be judged.
    """

    line: int
    table: str
    figure: str
    printed: str
    unit: str
    model: str | None = None
    versus: str | None = None
    category: str | None = None
    difficulty: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as the report prints it: rows top to bottom, units and order as it states them.

    ``id`` is the word that printed.csv uses for the table. ``covers`` says which models the report
    gives a row (those it describes, or those it evaluated), ``sorted_by`` is a word of the
    vocabulary; both are None where the report does not say.
    """

    id: str
    title: str
    rows_are: Literal["models", "categories", "difficulties"] = "models"
    rows: tuple[str, ...] = ()
    aggregates: tuple[str, ...] = ()
    covers: Literal["described", "evaluated"] | None = None
    sorted_by: str | None = None
    direction: Literal["descending", "ascending"] = "descending"
    metric: str | None = None
    units: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the benchmark: how it is called, its unit and which direction is better."""

    id: str
    title: str
    unit: str
    kind: Literal["binary", "continuous", "fraction"]
    higher_is_better: bool | None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A family of comparisons the release declares: its focus models against others."""

    id: str
    title: str
    kind: Literal["similar", "large"]
    models: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts of the release come from."""

    title: str
    url: str | None = None
    licence: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Everything in one folder below results/, validated; tuples keep the files' order."""

    path: Path
    version: str
    title: str
    date: str
    status: Literal["draft", "published"]
    previous: str | None
    benchmark: str
    description: str
    authors: tuple[str, ...]
    n_problems: int
    categories: tuple[str, ...]
    difficulties: tuple[str, ...]
    reference_mix: Mapping[str, float] | None
    metrics: tuple[Metric, ...]
    comparisons: tuple[Comparison, ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    models: tuple[Model, ...]
    problem_cells: tuple[ProblemCell, ...]
    counts: tuple[Count, ...]
    summaries: tuple[Summary, ...]
    runtimes: tuple[Runtime, ...]
    printed: tuple[PrintedFigure, ...]
    outcomes: Outcomes | None = None
    problems: tuple[Problem, ...] = ()
    """Every problem that is known singly: those of problems.csv, else those with outcomes."""
    missing: Literal["absent", "failed"] = "absent"
    """What a problem counts as that a model has no outcome for."""
    digest: str = field(default="", compare=False)
    """One SHA-256 for all files of the folder (`harness.frozen.fingerprint`)."""
    freeze: Freeze | None = field(default=None, compare=False)
    """What freezing wrote down; None in a release that is not frozen."""
    printed_tables: tuple[PrintedTable, ...] = ()
    claims: tuple[Claim, ...] = ()
    families: tuple[Family, ...] = ()

    def model(self, model_id: str) -> Model:
        """Return the model with this id; KeyError lists the known ids."""
        for model in self.models:
            if model.id == model_id:
                return model
        known = ", ".join(model.id for model in self.models)
        raise KeyError(f"no model {model_id!r} in {self.version}; known: {known}")

    @property
    def success(self) -> Literal["passed", "score"]:
        """Which column of the outcomes is the benchmark's main result."""
        return "passed" if any(m.id == "passed" for m in self.metrics) else "score"

    @property
    def tested(self) -> tuple[str, ...]:
        """Ids of the models that have results, in the order of models.toml."""
        found = {c.model for c in self.totals}
        if self.outcomes is not None:
            found |= set(self.outcomes.models())
        return tuple(model.id for model in self.models if model.id in found)

    @property
    def totals(self) -> tuple[Count, ...]:
        """The overall count of each model that has results, in the files' order."""
        return tuple(c for c in self.counts if c.category is None and c.difficulty is None)

    def cells(self, model_id: str) -> tuple[Count, ...]:
        """List one model's counts by category and difficulty; empty where none are known."""
        return tuple(
            c
            for c in self.counts
            if c.model == model_id and c.category is not None and c.difficulty is not None
        )

    @property
    def evidence(self) -> frozenset[Evidence]:
        """Which levels of evidence this release holds."""
        levels: set[Evidence] = set()
        if self.outcomes is not None:
            levels.add("outcomes")
        elif self.counts:
            levels.add("counts")
        if self.summaries or self.runtimes:
            levels.add("summaries")
        return frozenset(levels)
