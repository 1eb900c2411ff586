"""Which pages a release has, and how narrative becomes Markdown with its exhibits in place."""

import difflib
from collections.abc import Mapping
from functools import cache as once
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateSyntaxError,
)
from markupsafe import Markup

from harness.release import Release
from report import numbers
from report.citation import citation_html
from report.comparison_pages import comparison_names
from report.consistency import tally
from report.covers import stated_figure, stated_table
from report.disk import OF_THE_DISK
from report.document import Page
from report.exhibits import FIGURES, TABLES
from report.exhibits.abilities import abilities_words
from report.exhibits.audit import findings_html
from report.exhibits.common import Context, rank_words
from report.exhibits.ingested import record_of
from report.exhibits.power import power_words
from report.exhibits.printed import checks
from report.exhibits.repeated import noise_words
from report.exhibits.solved import extremes, suspects
from report.html import block, escape, finalize, link
from report.labels import listed
from report.mix_page import mix_html
from report.narrative_claims import claim_names
from report.page_list import NarrativeError, PageSpec, page_specs
from report.page_memo import PageMemo
from report.placing import Placer
from report.printed import with_unit
from report.quantities import Quantity
from report.release_log import log_names
from report.tool import library_versions, tool_version
from report.versus_page import versus_html

T = TypeVar("T")

__all__ = ["NarrativeError", "PageSpec", "Placer", "render_pages"]


def render_pages(
    context: Context, *, docs: Path, placer: Placer, memo: PageMemo | None = None
) -> list[Page]:
    """Render every page that this release has; an unknown name anywhere fails the whole.

    A page of the release's own ``pages`` folder replaces or extends the one of the same name in
    docs/; one that docs/ does not know is added. With a ``memo``, which has to be of this context,
    a page that would come out as it did is not rendered again.

    Raises
    ------
    NarrativeError
        With the template's file and line, what is wrong, and the nearest known name.
    """
    own = context.analysis.release.path / "pages"
    specs = page_specs(context, own)
    listed_own = frozenset(own.rglob("*.md")) if own.is_dir() else frozenset()
    environment = _environment(docs, own, placer.cache, listed_own)
    pages = frozenset(spec.path for spec in specs)
    names = _names(context, placer, pages)
    # The data page lists what the others placed, so it is rendered last whatever its place.
    order = sorted(specs, key=lambda spec: spec.path == "data.md")
    rendered = {}
    for spec in order:
        placer.start(spec.path)
        render = partial(_render, environment, spec, names)
        rendered[spec.path] = (
            memo.page(spec, environment=environment, pages=pages, placer=placer, render=render)
            if memo
            else render()
        )
    return [Page(s.path, s.title, rendered[s.path], s.section, wide=s.wide) for s in specs]


@once
def _environment(docs: Path, own: Path, cache: Path | None, _: frozenset[Path]) -> Environment:
    """Templates stay loaded while their files do not change.

    Files of the release's own are named, since a new one may take the place of one of docs/.
    """
    shared = FileSystemLoader(docs)
    loaders: list[BaseLoader] = [shared, PrefixLoader({"docs": shared})]
    if own.is_dir():
        loaders.insert(0, FileSystemLoader(own))
    return Environment(
        loader=ChoiceLoader(loaders),
        bytecode_cache=_compiled(cache),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _compiled(cache: Path | None) -> FileSystemBytecodeCache | None:
    """Keep compiled templates between builds; all versions share most of them."""
    if cache is None:
        return None
    folder = cache.parent / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def _render(environment: Environment, spec: PageSpec, names: Mapping[str, Any]) -> str:
    own = {"before": spec.before or names["predecessor"], "model": spec.model}
    try:
        return environment.get_template(spec.template or spec.path).render(
            names, **{name: value for name, value in own.items() if value is not None}
        )
    except TemplateSyntaxError as error:
        raise NarrativeError(
            f"{error.filename or spec.path}:{error.lineno}: {error.message}"
        ) from error
    except Exception as error:  # a template can raise anything, and the author needs its line
        if isinstance(error, OSError) and error.errno in OF_THE_DISK:
            raise
        where, line = _template_line(error)
        message = error.args[0] if error.args else str(error)
        raise NarrativeError(f"{where or spec.path}:{line}: {message}") from error


def _template_line(error: BaseException) -> tuple[str | None, int]:
    """Find the innermost frame of the traceback that is a template."""
    found: tuple[str | None, int] = (None, 1)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".md"):
            found = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _names(context: Context, placer: Placer, pages: frozenset[str]) -> dict[str, Any]:
    """Everything a page may name; docs/WRITING.md describes each for authors."""
    analysis = context.analysis

    def value(*key: str, interval: bool = True) -> Markup:
        return value_html(
            _known(context.quantities, "/".join(key), "figure of the analysis"), interval=interval
        )

    def limits(*key: str) -> str:
        quantity = _known(context.quantities, "/".join(key), "figure of the analysis")
        if quantity.interval is None:
            raise ValueError(f"the figure {quantity.key!r} has no interval")
        low, high = quantity.interval.low, quantity.interval.high
        low_high = (numbers.written(end, quantity.unit) for end in (low, high))
        return " and ".join(low_high)

    def number(*key: str) -> float:
        return _known(context.quantities, "/".join(key), "figure of the analysis").value

    def has(*key: str) -> bool:
        return "/".join(key) in context.quantities

    def rank(model: str, kind: str = "unlinked") -> str:
        limits = _known(context.quantities, f"rank/{kind}/{model}", "rank").interval
        return rank_words((int(limits.low), int(limits.high))) if limits else ""

    def printed(figure: str, model: str = "", **where: str) -> str:
        return printed_words(analysis.release, figure, model, where)

    return {
        "printed": printed,
        "release": analysis.release,
        "analysis": analysis,
        "pages": pages,
        "focus": context.focus,
        "labels": context.labels,
        "level": context.level,
        "linked": context.linked,
        "ingested": bool(record_of(analysis.release.path).sources),
        "fractional": analysis.fractional,
        "rate": context.rate,
        "rate_word": context.words("passed"),
        "alpha": numbers.level(1 - analysis.level),
        "figure": partial(_figure, context, placer),
        "table": partial(_table, context, placer),
        "value": value,
        "number": number,
        "limits": limits,
        "has": has,
        "rank": rank,
        "name": lambda model: _known(context.labels, model, "model"),
        "link": link,
        "listed": lambda models: listed(_known(context.labels, m, "model") for m in models),
        "card": card_html,
        "power": power_words(context),
        "ordered": [found.model for found in analysis.rates_of("passed")],
        "standings": lambda metric="passed": _standings(context, metric),
        "standing": lambda a, b, metric="passed": analysis.pair(a, b, metric).standing(
            1 - analysis.level
        ),
        "disagreements": [c for c in checks(context) if c.agrees is False],
        "agreements": [c for c in checks(context) if c.agrees],
        "drift": context.drift,
        "tool": {"version": tool_version(), "libraries": library_versions()},
        "audit": context.audit,
        "audit_tally": tally(context.audit),
        "findings": lambda rule: findings_html(context, rule),
        "downloads": lambda: downloads_html(placer),
        **comparison_names(context),
        "extremes": lambda: extremes(context),
        "noise": lambda: noise_words(context),
        "abilities": lambda: abilities_words(context),
        "suspects": lambda: len(suspects(context)),
        "citation": lambda: citation_html(analysis.release, url=context.url),
        **log_names(context),
        "mix": lambda: Markup("") if placer.wordless else mix_html(context),
        "versus": lambda: Markup("") if placer.wordless else versus_html(context),
        **claim_names(context, placer),
    }


def _figure(context: Context, placer: Placer, name: str, *arguments: str) -> Markup:
    make = _known(FIGURES, name, "figure")
    if placer.wordless:
        return Markup("")
    return placer.figure(stated_figure(context.analysis, make(context, *arguments)))


def _table(
    context: Context, placer: Placer, name: str, *arguments: str, folded: str | None = None
) -> Markup:
    make = _known(TABLES, name, "table")
    if placer.wordless:
        return Markup("")
    return placer.table(stated_table(context.analysis, make(context, *arguments)), folded=folded)


def _known(known: Mapping[str, T], name: str, what: str) -> T:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    raise KeyError(f"no {what} is called {name!r}{hint}")


def printed_words(release: Release, figure: str, model: str, where: Mapping[str, str]) -> str:
    """Return a figure as the report printed it; all places that match must have printed the same.

    Raises
    ------
    KeyError
        Nothing printed matches, or what matches was printed in different ways.
    """
    wanted = {"figure": figure, "model": model or None, **where}
    found = {
        with_unit(item.printed, item.unit)
        for item in release.printed
        if all(getattr(item, key) == value for key, value in wanted.items())
    }
    if len(found) != 1:
        what = ", ".join(f"{key} {value!r}" for key, value in wanted.items() if value)
        raise KeyError(f"{len(found) or 'no'} different printed figures with {what}")
    return found.pop()


def _standings(context: Context, metric: str) -> dict[str, int]:
    alpha = 1 - context.analysis.level
    found = [pair.standing(alpha) for pair in context.analysis.pairs_of(metric)]
    return {name: found.count(name) for name in ("separated", "open", "not_separated")}


def value_html(quantity: Quantity, *, interval: bool = True) -> Markup:
    """One figure inside a sentence, with its interval; method, n and level show on hovering."""
    shown = numbers.written(quantity.value, quantity.unit)
    limits = quantity.interval
    basis = [
        quantity.detail,
        f"{numbers.level(limits.level)} interval" if limits else None,
        quantity.method.replace("_", " ") if quantity.method else None,
        f"evidence: {quantity.evidence}" if quantity.evidence else None,
    ]
    title = escape(", ".join(part for part in basis if part))
    ends = (
        Markup(' <span class="bp-ci">({})</span>').format(
            escape(numbers.interval(limits, quantity.unit))
        )
        if interval and limits
        else ""
    )
    return Markup('<span class="bp-value" title="{}">{}{}</span>').format(
        title, escape(shown), ends
    )


def card_html(figure: str | Markup, label: str, page: str = "") -> Markup:
    """One stat card; `figure` is text or what ``value`` returned.

    With ``page``, a page beside the current one as narrative names it, the label is a link to it
    and the whole card can be clicked.
    """
    words = escape(label)
    if page:
        target = page.removesuffix(".md") + ".html"
        words = Markup('<a href="{}">{}</a>').format(escape(target), words)
    return Markup('<div class="bp-card"><strong>{}</strong><small>{}</small></div>').format(
        escape(figure), words
    )


def downloads_html(placer: Placer) -> Markup:
    """List every table and chart of the version with links to its files."""
    own, changes = (
        Markup("").join(
            Markup('<li><a href="data/tables/{0}.csv" download>{0}.csv</a>: {1}</li>').format(
                escape(key), escape(table.caption)
            )
            for key, table in sorted(placer.tables.items())
            if key.startswith("changes-") is between
        )
        for between in (False, True)
    )
    charts = Markup("").join(
        Markup(
            '<li>{0}: <a href="data/charts/{0}.svg" download>SVG</a>, '
            '<a href="data/charts/{0}.csv" download>CSV</a>, '
            '<a href="data/charts/{0}.json" download>Vega-Lite</a></li>'
        ).format(escape(key))
        for key in sorted(placer.figures)
    )
    lists = Markup('<ul class="bp-downloads">{}</ul>')
    folded = Markup(
        '<details class="bp-fold"><summary>Comparisons with other releases</summary>{}</details>'
    )
    return Markup("### Tables\n{}{}### Charts\n{}").format(
        Markup(block(lists.format(own))),  # noqa: S704 - Markup already
        Markup(block(folded.format(lists.format(changes)))) if changes else "",  # noqa: S704
        Markup(block(lists.format(charts))),  # noqa: S704
    )
