"""What a rule of the audit says: a finding, or that something was checked and holds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from harness.release import PrintedFigure, Release
from harness.text import folded
from report.analysis import Analysis
from report.analysis.rates import Rate
from report.labels import listed, model_labels, slug
from report.quantities import Quantity

Severity = Literal["contradiction", "doubtful", "note"]
SEVERITIES: tuple[Severity, ...] = ("contradiction", "doubtful", "note")


@dataclass(frozen=True, slots=True)
class Total:
    """One model over all its problems; None where a count is not known or not whole."""

    model: str
    problems: int
    compiled: int | None
    passed: int | None


@dataclass(frozen=True)
class Facts:
    """What rules are handed: one release with its analysis, and the releases it follows.

    ``earlier`` holds the chain of `previous`, nearest first.
    """

    analysis: Analysis
    quantities: Mapping[str, Quantity]
    earlier: tuple[Release, ...] = ()

    @property
    def release(self) -> Release:
        """The release under audit."""
        return self.analysis.release

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Label of each model id."""
        return model_labels(self.release)

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Model id by every name, alias and id, case and outer spaces aside."""
        return {
            folded(name): model.id
            for model in self.release.models
            for name in (model.id, *model.aliases, model.name)
        }

    @cached_property
    def totals(self) -> Mapping[str, Total]:
        """Overall counts of each model with results, whatever the evidence, in files' order."""
        rates = self.analysis.rates
        return {
            model.id: Total(
                model.id,
                rates[model.id, "passed"].n,
                _whole(rates.get((model.id, "compiled"))),
                _whole(rates[model.id, "passed"]),
            )
            for model in self.release.models
            if (model.id, "passed") in rates
        }

    def named(self, *models: str) -> str:
        """Join the labels of models as a sentence does."""
        return listed(self.labels.get(model, model) for model in models)


def _whole(rate: Rate | None) -> int | None:
    return None if rate is None or rate.fractional else rate.count


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a release that does not go with something else in it.

    ``severity``: a *contradiction* cannot be right as it stands; something *doubtful* may be
    right and deserves a look; a *note* explains. ``where`` is the table, file or place;
    ``models`` are ids. ``found`` and ``expected`` stand side by side, ``arithmetic`` shows how one
    gets from the data to the other. All four are plain text, hostile where it quotes a release.
    """

    rule: str
    severity: Severity
    where: str
    found: str
    expected: str
    arithmetic: str
    models: tuple[str, ...] = ()
    part: str = ""
    number: int = 1

    @property
    def id(self) -> str:
        """A name that stays while the facts do: rule, place, models and part.

        Parts without a Latin letter leave nothing in it; ``number`` then tells findings apart.
        """
        more = [str(self.number)] if self.number > 1 else []
        return slug(self.rule, self.where, *self.models, self.part, *more)


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that a rule checked and that holds."""

    where: str
    models: tuple[str, ...] = ()


Check = Finding | Held
Checks = Iterator[Check]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, what it looks for in a sentence, what it counts, and the check itself."""

    id: str
    title: str
    says: str
    counts: str
    check: Callable[[Facts], Checks]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule over one release: what it found and how much it looked at."""

    rule: Rule
    findings: tuple[Finding, ...]
    held: int

    @property
    def checked(self) -> int:
        """How many things were checked; 0 where the release holds nothing of the kind."""
        return self.held + len(self.findings)


def figure_place(figure: PrintedFigure) -> str:
    """Where a figure is printed, in words: "table 5.1", "conclusion"."""
    return table_words(figure.table)


def table_words(table: str) -> str:
    """A table's name in a sentence; a bare number gets the word before it."""
    return f"table {table}" if table[:1].isdigit() else table


def part_words(*parts: str | None) -> str:
    """Category and difficulty as one phrase."""
    return ", ".join(part for part in parts if part)
