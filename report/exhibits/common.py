"""Cells that tables share: a rate with its interval, a difference, a p-value."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from harness.release import Model, Release
from report import numbers
from report.analysis import Analysis
from report.analysis.pairs import RankRange
from report.analysis.rates import Rate
from report.changes.history import History
from report.claims import JudgedClaim, judge
from report.consistency import Facts, RuleResult, audit_facts
from report.document import Cell, Column
from report.drift import Drift, drifts
from report.fitted import Fitted, fitted, fitted_quantities
from report.html import escape, plain
from report.labels import model_labels, model_slugs
from report.quantities import Quantity, as_json, quantities
from report.tables import interval_bar
from stats.interval import Estimate, Interval
from stats.missing import DifferenceBracket, RateBracket

if TYPE_CHECKING:
    from report.page_memo import PageMemo

MODEL_PAGES = 60
"""Models up to which each has a page of its own, and up to which any two can be chosen."""


LARGE_BOARD, STRONGEST = 60, 40
"""Above so many models some pictures show only so many: they would be unreadable megabytes."""


@dataclass(frozen=True)
class Context:
    """What every exhibit is handed: the analysis, its named figures and the models' labels."""

    analysis: Analysis
    kept: Path | None = None
    """Folder that keeps slow results between builds."""
    history: History | None = None
    """All releases, for pages that compare two; None where a release is shown alone."""
    earlier: tuple[Release, ...] = ()
    """The releases that this one follows, nearest first."""
    url: str = ""
    """The version's lasting address; empty where the site has none."""

    @cached_property
    def drawn(self) -> tuple[str, ...]:
        """Models that pictures of many marks for each model draw: of a large board the strongest.

        Focus models are among them whatever their place. Tables to download have all models.
        """
        ordered = [found.model for found in self.analysis.rates_of("passed")]
        if len(ordered) <= LARGE_BOARD:
            return tuple(ordered)
        first = set(ordered[:STRONGEST])
        return tuple(m for m in ordered if m in first or self.is_focus(m))

    @cached_property
    def memo(self) -> "PageMemo":
        """Pages rendered of this context, for the next rendering of it."""
        from report.page_memo import PageMemo  # noqa: PLC0415 - which itself knows contexts

        return PageMemo()

    @cached_property
    def labels(self) -> dict[str, str]:
        """Label of each model id."""
        return model_labels(self.analysis.release)

    @cached_property
    def slugs(self) -> dict[str, str]:
        """Id of each model for files and anchors."""
        return model_slugs(self.analysis.release)

    @cached_property
    def fitted(self) -> Fitted | None:
        """Models fitted to single outcomes; None where the release has none of two models."""
        return fitted(self.analysis, kept=self.kept)

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """Every named figure, those of the fitted models last."""
        return self.unfitted | fitted_quantities(self.fitted, level=self.analysis.level)

    @cached_property
    def unfitted(self) -> dict[str, Quantity]:
        """Return the figures that freezing keeps and audits read: no sensitivity, quick to have."""
        return quantities(self.analysis)

    @cached_property
    def drift(self) -> tuple[Drift, ...]:
        """Figures that moved since the release was frozen."""
        return drifts(self.analysis.release, as_json(self.unfitted))

    @cached_property
    def claims(self) -> tuple[JudgedClaim, ...]:
        """Every claim of the release with its verdict, in the report's order."""
        return judge(self.analysis)

    @cached_property
    def facts(self) -> Facts:
        """Return what the rules of the consistency audit are handed."""
        return Facts(self.analysis, self.unfitted, self.earlier)

    @cached_property
    def audit(self) -> tuple[RuleResult, ...]:
        """What every rule of the consistency audit says."""
        return audit_facts(self.facts)

    @cached_property
    def focus(self) -> tuple[Model, ...]:
        """Return the focus models that have results."""
        return tuple(
            m
            for m in self.analysis.release.models
            if m.focus and (m.id, "passed") in self.analysis.rates
        )

    def is_focus(self, model: str) -> bool:
        """Whether the model is drawn in blue."""
        return self.analysis.release.model(model).focus

    @property
    def linked(self) -> bool:
        """Whether single outcomes are known, so that models are compared problem by problem."""
        return self.analysis.linked

    @property
    def rate(self) -> str:
        """Title of the main result: "Pass rate", or what the release calls its score."""
        release = self.analysis.release
        if release.success == "passed":
            return "Pass rate"
        return next((plain(m.title) for m in release.metrics if m.id == "score"), "Score")

    def model_page(self, model: str) -> str | None:
        """Path of a model's page below the version's folder, without ending; None without one."""
        tested = self.analysis.release.tested
        if not self.linked or not 1 < len(tested) <= MODEL_PAGES or model not in tested:
            return None
        return f"models/{self.slugs[model]}"

    def pair_page(self, a: str, b: str) -> str | None:
        """Address of the page that sets two models against each other; None where none can."""
        if not 2 <= len(self.analysis.rates_of("passed")) <= MODEL_PAGES:
            return None
        return f"versus.html#a={self.slugs[a]}&b={self.slugs[b]}"

    def model_cell(self, model: str) -> Cell:
        """A cell with the model's label, which leads to its page where it has one."""
        page = self.model_page(model)
        return Cell(self.labels[model], link=f"{page}.html" if page else None)

    def words(self, metric: str) -> str:
        """Name of a rate inside a sentence: "pass rate", "compile rate"."""
        title = self.rate if metric == "passed" else "Compile rate"
        return title[0].lower() + title[1:] if title[1:2].islower() else title

    @property
    def score_intervals(self) -> str:
        """What kind of interval a rate has, for a caption: "Wilson 95% intervals"."""
        kind = "score intervals by problem" if self.analysis.fractional else "Wilson intervals"
        return f"{self.level} {kind}"

    @property
    def level(self) -> str:
        """Return the confidence level as a reader writes it."""
        return numbers.level(self.analysis.level)


def problems_words(context: Context) -> str:
    """How many problems stand behind the pass rates: "107", or "106 to 107"."""
    n = [rate.n for rate in context.analysis.rates_of("passed")]
    return str(min(n)) if min(n) == max(n) else f"{min(n)} to {max(n)}"


def rank_words(ranks: tuple[int, int]) -> str:
    """Write a rank set: "1 to 3", or "1" where only one rank is possible."""
    low, high = ranks
    return str(low) if low == high else f"{low} to {high}"


def rank_cell(ranks: tuple[int, int], *, level: float, method: str) -> Cell:
    """A rank set; sorts by its best rank, then by its worst."""
    limits = Interval(*ranks, level, method)
    words = rank_words(ranks)
    return Cell(words, sort=ranks[0] + ranks[1] / 1e4, raw=words, interval=limits)


def rank_cells(context: Context, rank: RankRange) -> dict[str, Cell]:
    """Cells for `rank_columns`."""
    level = context.analysis.level
    if context.linked:
        return {"rank": rank_cell(rank.any_pairing, level=level, method="holm_rank_set_paired")}
    return {
        "rank": rank_cell(rank.unlinked, level=level, method="holm_rank_set_unlinked"),
        "rank_any": rank_cell(rank.any_pairing, level=level, method="holm_rank_set_any_pairing"),
    }


def rank_columns(context: Context) -> list[Column]:
    """Columns of rank sets: one where pairs are tested on their problems, two from counts."""
    if context.linked:
        return [Column("rank", "Rank", "number")]
    return [
        Column("rank", "Rank, unlinked", "number"),
        Column("rank_any", "Rank, any pairing", "number"),
    ]


def badge(words: str, kind: str) -> Markup:
    """A pill; `kind` is a verdict and chooses the colour, the words say the same without it."""
    return Markup('<span class="bp-badge bp-badge--{}">{}</span>').format(kind, escape(words))


def text(value: str | None, *, weak: bool = False) -> Cell:
    """A cell of words; what nobody stated is shown as such, not left blank."""
    if value is None:
        return Cell("not stated", sort="", raw="", weak=True)
    return Cell(value, weak=weak)


def whole(value: int) -> Cell:
    """A whole number."""
    return Cell(numbers.count(value), sort=value, raw=value)


def missing(reason: str) -> Cell:
    """A figure that this release does not support; the reason shows on hovering."""
    return Cell("–", sort=float("-inf"), raw="", weak=True, title=reason)


MISSING_WORDS = (
    "“With missing”: from all missing results of the models failed to all of them passed, or the "
    "other way round; what chance adds is not in it."
)
"""What a bracket is, for captions of tables that have one."""


def bracket_cell(bracket: RateBracket | DifferenceBracket | None, unit: str) -> Cell:
    """Range of a rate or difference over what missing results could have been."""
    if bracket is None:
        return missing("a result for every problem")
    ends = [numbers.written(end, unit) for end in (bracket.low, bracket.high)]
    words = " to ".join(end.removesuffix("%") if i == 0 else end for i, end in enumerate(ends))
    return Cell(words, sort=bracket.low, raw=f"{bracket.low} to {bracket.high}")


def rate_columns(key: str, heading: str, *, bar: bool = False) -> list[Column]:
    """Columns of an estimate: figure above limits, perhaps a bar; CSV has the limits apart."""
    columns = [
        Column(key, heading, "number"),
        Column(f"{key}_low", "low", "number", in_page=False),
        Column(f"{key}_high", "high", "number", in_page=False),
    ]
    if bar:
        columns.insert(1, Column(f"{key}_bar", "0 to 100%", sortable=False, in_export=False))
    return columns


def rate_cells(key: str, found: Rate, *, focus: bool = False) -> dict[str, Cell]:
    """Cells for `rate_columns`, the bar's included."""
    return fraction_cells(key, Estimate(found.value, found.wilson, found.n), focus=focus)


def fraction_cells(key: str, found: Estimate, *, focus: bool = False) -> dict[str, Cell]:
    """Cells for `rate_columns` of any estimate between 0 and 1, the bar's included."""
    limits = found.interval
    bar = interval_bar(limits.low, found.value, limits.high, start=0, stop=1, focus=focus)
    return {**estimate_cells(key, found, "fraction"), f"{key}_bar": Cell("", html=bar)}


def estimate_cells(
    key: str, found: Estimate | None, unit: str, *, reason: str = ""
) -> dict[str, Cell]:
    """Cells for `rate_columns` of any estimate, written in its unit."""
    if found is None:
        empty = missing(reason)
        return {key: empty, f"{key}_low": empty, f"{key}_high": empty}
    limits = found.interval
    shown, ends = numbers.written(found.value, unit), numbers.interval(limits, unit)
    stacked = Markup('{}<span class="bp-limits">{}</span>').format(escape(shown), escape(ends))
    return {
        key: Cell(
            f"{shown} ({ends})", sort=found.value, raw=found.value, html=stacked, interval=limits
        ),
        f"{key}_low": Cell(numbers.written(limits.low, unit), raw=limits.low),
        f"{key}_high": Cell(numbers.written(limits.high, unit), raw=limits.high),
    }


def of_cell(successes: float, n: int) -> Cell:
    """A count out of n: "75/107"."""
    return Cell(f"{numbers.tally(successes)}/{n}", sort=successes, raw=successes)


def p_cell(p: float) -> Cell:
    """A p-value."""
    return Cell(numbers.p_value(p), sort=p, raw=p)


def span_cell(low: float, high: float) -> Cell:
    """A range of p-values; sorts by its upper end, the one that is certain."""
    words = numbers.p_value(low)
    if numbers.p_value(high) != words:
        words = f"{words} to {numbers.p_value(high)}"
    return Cell(words, sort=high, raw=f"{low} to {high}")
