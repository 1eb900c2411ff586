"""Which pages a release has: those of docs/ that fit its evidence, its models', its own."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.errors import BenchproofError
from harness.text import shown
from report.comparison_pages import pair_pages
from report.exhibits.common import Context
from report.exhibits.power import plannable
from report.html import plain
from report.mix import Mix


class NarrativeError(BenchproofError):
    """A page of narrative that cannot be rendered: an unknown name, a broken template."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page of the site: where it lies, what it is called, and what a release needs to have it."""

    path: str
    title: str
    section: str | None = None
    needs: Callable[[Context], bool] = lambda _: True
    wide: bool = False
    template: str | None = None
    """Template where it is not the page's own path: one for several pages."""
    model: str | None = None
    """The model that the page is about, for a template of model pages."""
    before: str = ""
    """The release that a page of changes starts from."""


def _has_history(context: Context) -> bool:
    return context.history is not None and len(context.history.versions) > 1


def _has_pairs(context: Context) -> bool:
    return bool(context.analysis.pairs_of("passed"))


MODEL_TEMPLATE = "model.md"


def _has_outcomes(context: Context) -> bool:
    return context.linked and len(context.analysis.release.tested) > 1


def _has_comparison(kind: str) -> Callable[[Context], bool]:
    return lambda context: any(g.kind == kind for g in context.analysis.release.comparisons)


SPECS = (
    PageSpec("index.md", "Overview"),
    PageSpec("overall.md", "Leaderboard", "Results", wide=True),
    PageSpec(
        "similar.md", "Similar-sized models", "Results", _has_comparison("similar"), wide=True
    ),
    PageSpec("large.md", "Large models", "Results", _has_comparison("large"), wide=True),
    PageSpec("pairs.md", "All pairs", "Results", wide=True),
    PageSpec("versus.md", "Two models", "Results", _has_pairs, wide=True),
    PageSpec("power.md", "What it can see", "Results", plannable),
    PageSpec(
        "difficulty.md",
        "Category and difficulty",
        "Results",
        lambda context: bool(context.analysis.breakdowns),
    ),
    PageSpec("mix.md", "Another mix", "Results", lambda c: Mix(c).usable, wide=True),
    PageSpec(
        "runtime.md",
        "Runtime",
        "Results",
        lambda context: bool(context.analysis.summaries or context.analysis.release.runtimes),
    ),
    PageSpec("solved.md", "Who solved what", "Results", _has_outcomes, wide=True),
    PageSpec("conclusion.md", "Conclusion", "Results"),
    PageSpec("problems.md", "Problem set", "Benchmark"),
    PageSpec("models.md", "Models", "Benchmark", wide=True),
    PageSpec("claims.md", "Claims", "Evidence", lambda c: bool(c.claims), wide=True),
    PageSpec(
        "printed.md",
        "Printed figures",
        "Evidence",
        lambda context: bool(context.analysis.release.printed),
        wide=True,
    ),
    PageSpec("drift.md", "Drift", "Evidence", lambda context: bool(context.drift), wide=True),
    PageSpec("audit.md", "Consistency audit", "Evidence", wide=True),
    PageSpec("changes.md", "What changed", "Changes", _has_history, wide=True),
    PageSpec("compare.md", "Compare releases", "Changes", _has_history),
    PageSpec("methods/index.md", "Methods at a glance", "Methods"),
    PageSpec("methods/rates.md", "Rates", "Methods"),
    PageSpec("methods/differences.md", "Differences and ratios", "Methods"),
    PageSpec("methods/bounds.md", "When pairing is unknown", "Methods"),
    PageSpec("methods/claims.md", "Claims and verdicts", "Methods"),
    PageSpec("methods/ranks.md", "Ranks and many comparisons", "Methods"),
    PageSpec("methods/power.md", "Power", "Methods"),
    PageSpec("methods/difficulty.md", "Difficulty", "Methods"),
    PageSpec("methods/runtime.md", "Runtime and size", "Methods"),
    PageSpec("methods/correctness.md", "How we know", "Methods"),
    PageSpec("methods/speed.md", "Speed", "Methods"),
    PageSpec("data.md", "Data", "Data"),
    PageSpec("about.md", "About", "About"),
    PageSpec("releases.md", "Releases", "About"),
)
"""Every page that docs/ holds, in the order of the navigation."""

_ADDRESS = re.compile(r"\w[\w.-]*")

OWN_SECTION = "More"
"""Where a page goes that only the release's own folder holds."""


def page_specs(context: Context, own: Path) -> list[PageSpec]:
    """List the pages of a release in the order of the navigation.

    ``own`` is the folder of narrative of the release itself, which need not exist.
    """
    specs = [spec for spec in SPECS if spec.needs(context)]
    later = (i for i, spec in enumerate(specs) if spec.section in {"Evidence", "Methods"})
    after = next(later, len(specs))
    specs[after:after] = _model_specs(context)
    specs += _pair_specs(context)
    specs += _own_specs(own, {spec.path for spec in SPECS} | {MODEL_TEMPLATE})
    return specs


def _model_specs(context: Context) -> Iterator[PageSpec]:
    """Pages of the models, strongest first."""
    for found in context.analysis.rates_of("passed"):
        path = context.model_page(found.model)
        if path:
            label = context.labels[found.model]
            yield PageSpec(
                f"{path}.md", label, "Models", template=MODEL_TEMPLATE, model=found.model
            )


def _pair_specs(context: Context) -> Iterator[PageSpec]:
    for path, before in pair_pages(context):
        title = f"Since {plain(before)}"
        yield PageSpec(path, title, "Changes", wide=True, template="changes.md", before=before)


def _own_specs(own: Path, known: set[str]) -> Iterator[PageSpec]:
    for path in sorted(own.rglob("*.md")) if own.is_dir() else ():
        name = path.relative_to(own).as_posix()
        _check_address(path, name)
        if name not in known:
            yield PageSpec(name, _first_heading(path), OWN_SECTION)


def _check_address(path: Path, name: str) -> None:
    for part in name.removesuffix(".md").split("/"):
        if not _ADDRESS.fullmatch(part):
            raise NarrativeError(
                f"{shown(str(path))}: the name {shown(part)} becomes part of the page's address; "
                "expected letters, digits, dots, hyphens and underscores\n"
                "  Rename it; the page's title is its first heading, which may hold anything."
            )


def _first_heading(path: Path) -> str:
    for line in path.read_text("utf-8-sig").splitlines():
        if line.startswith("# "):
            return plain(line.removeprefix("# "))
    raise NarrativeError(
        f"{path}: the page has no title; expected a first line such as “# What we learned”"
    )
