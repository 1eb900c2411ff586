"""The page of any two models: its HTML for one pair, and the files that hold all the others."""

import json
import re
from collections.abc import Iterator, Sequence

import numpy as np
from markupsafe import Markup

from report import numbers
from report.claims import JudgedClaim
from report.drawing import script_json
from report.exhibits.common import MODEL_PAGES, Context
from report.exhibits.similar import STANDINGS, UNLINKED_TEST, pair_words
from report.html import block, escape, plain
from report.labels import slug
from report.versus import (
    Panel,
    Row,
    Versus,
    rate_headings,
    runtime_headings,
)

MOST_PROBLEMS = 400
"""Problems listed for a pair; the download of all outcomes has the rest."""


def versus_files(context: Context) -> dict[str, bytes]:
    """Return what the page loads: a list of models, and each model against all others.

    They are scripts, because a page opened from disk may load one but may not read a file. Nothing
    for a release with fewer than two models, or more than `MODEL_PAGES`.
    """
    versus = Versus(context)
    if not versus.choosable:
        return {}
    files = {"data/versus.js": _call("", _index(versus))}
    for model in versus.models:
        own = context.slugs[model]
        files[f"data/versus/{own}.js"] = _call(own, _of_model(versus, model))
    return files


def _call(name: str, value: object) -> bytes:
    return f"benchproof.versus({json.dumps(name)},{script_json(value)});\n".encode()


def _index(versus: Versus) -> dict[str, object]:
    context = versus.context
    return {
        "models": [[context.slugs[m], context.labels[m]] for m in versus.models],
        "standings": STANDINGS,
        "claims": [_claim(judged) for judged in context.claims],
        "problems": _problems(context),
        "most": MOST_PROBLEMS,
    }


def _claim(judged: JudgedClaim) -> list[str]:
    return [plain(judged.claim.text), judged.verdict, f"claims.html#{slug(judged.id)}"]


def _of_model(versus: Versus, model: str) -> dict[str, object]:
    others = (other for other in versus.models if other != model)
    return {
        "results": _results(versus.context, model),
        "against": {
            versus.context.slugs[other]: versus.panel(model, other).as_json() for other in others
        },
    }


def _problems(context: Context) -> list[list[str]]:
    board = context.analysis.board
    return [
        [plain(p.title or p.id), plain(p.category or ""), plain(p.difficulty or "")]
        for p in (board.problems if board else ())
    ]


def _results(context: Context, model: str) -> list[str]:
    """What the model did on each problem, in words; empty where it has no outcome."""
    board = context.analysis.board
    if board is None:
        return []
    words = {0.0: "failed", 1.0: "passed"}
    return [
        "" if np.isnan(v) else numbers.percent(v, 0) if context.analysis.fractional else words[v]
        for v in board.of(model).tolist()
    ]


# ---- The page ------------------------------------------------------------------------------------


def versus_html(context: Context) -> Markup:
    """Return the choice and the panel, which shows the two best models until a reader chooses."""
    versus = Versus(context)
    a, b = versus.models[:2]
    parts = [
        _form(versus, a, b) if versus.choosable else _too_many(versus),
        _panel(versus, a, b),
        _SCRIPT if versus.choosable else Markup(),
    ]
    html = Markup('<div class="bp-versus" data-a="{}" data-b="{}">\n{}\n</div>').format(
        context.slugs[a], context.slugs[b], Markup("\n").join(parts)
    )
    return Markup(block(html))  # noqa: S704 - every part is escaped


_SCRIPT = Markup('<script src="assets/versus.js" defer></script>')


def _too_many(versus: Versus) -> Markup:
    return Markup(
        "<p>With {} models the pairs are too many to choose from here (the limit is {}); this is "
        'the pair of the two best. <a href="data/pairs.csv" download>pairs.csv</a> has all.</p>'
    ).format(len(versus.models), MODEL_PAGES)


def _form(versus: Versus, a: str, b: str) -> Markup:
    return Markup(
        '<p class="bp-unscripted">Choosing two models needs a script. Shown is the pair of the '
        'two best; <a href="data/pairs.csv" download>pairs.csv</a> has every pair.</p>\n'
        '<form class="bp-compare bp-versus__form" hidden>\n<label>Model {}</label>\n'
        '<button type="button" class="bp-versus__swap" aria-label="Swap the two models">⇄</button>'
        "\n<label>against {}</label>\n"
        '<p class="bp-compare__note" role="status"></p>\n</form>'
    ).format(_select(versus, "a", a), _select(versus, "b", b))


def _select(versus: Versus, name: str, chosen: str) -> Markup:
    context = versus.context
    options = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            context.slugs[m], Markup(" selected") * (m == chosen), escape(context.labels[m])
        )
        for m in versus.models
    )
    return Markup('<select name="{}" autocomplete="off">{}</select>').format(name, options)


def _panel(versus: Versus, a: str, b: str) -> Markup:
    context, panel = versus.context, versus.panel(a, b)
    names = {"A": ("a", context.labels[a]), "B": ("b", context.labels[b])}
    parts = [
        _slot("p", "lead", panel.lead, "bp-lead"),
        _cards(context, panel),
        _table("rates", "Rates and difference", _rates_note(context),
               [h for _, h in rate_headings(context)], panel.rates, names, 4, panel.scale),
        _table("counts", "On the same problems", "How many problems each passed.",
               ["Both passed", "Only A", "Only B", "Neither"], panel.counts, names),
        _table("strata", "By difficulty and category", _strata_note(context),
               ["Part", "Problems", "A", "B", "Difference, points"], panel.strata, names,
               5, panel.scale),
        _table("runtime", "Runtime", _runtime_note(context),
               runtime_headings(context), panel.runtime, names),
        _claims(context, panel),
        _discordant(context, a, b, names) if context.linked else Markup(),
    ]  # fmt: skip
    return Markup("\n").join(part for part in parts if part)


def _slot(tag: str, name: str, text: str, css: str = "") -> Markup:
    return Markup('<{0} class="{1}" data-slot="{2}">{3}</{0}>').format(tag, css, name, escape(text))


def _cards(context: Context, panel: Panel) -> Markup:
    own = f"points of {context.words('passed')}, {context.level} interval for this pair alone"
    range_words = "" if context.linked else ", over every overlap of their successes"
    cards = (
        ("difference", panel.difference, own),
        ("standing", STANDINGS[panel.standing], "by the paired test, corrected for all pairs"),
        ("corrected", panel.corrected, f"corrected p (Holm){range_words}"),
    )
    card = Markup('<div class="bp-card">{}<small>{}</small></div>')
    return Markup('<div class="bp-cards bp-versus__cards">{}</div>').format(
        Markup("").join(
            card.format(_slot("strong", name, text), escape(label)) for name, text, label in cards
        )
    )


def _rates_note(context: Context) -> str:
    if context.analysis.fractional:
        return pair_words(context, bracket=False)
    prior = (
        "from the problems that one of the two alone passed"
        if context.linked
        else "as if the two had run on different problems"
    )
    return (
        f"{pair_words(context, bracket=False)} The last column is the posterior probability "
        "that the first model is better: every rate counts as equally open at the start (Jeffreys "
        "prior), "
        f"{prior}; no correction is part of it."
    )


def _strata_note(context: Context) -> str:
    how = (
        "on the problems that both have"
        if context.linked
        else f"results treated as unlinked, as {UNLINKED_TEST} does"
    )
    return (
        f"First model minus second, {how}; {context.level} intervals, each for itself. Of many "
        "rows some exclude no difference by chance alone."
    )


def _runtime_note(context: Context) -> str:
    if context.analysis.timed is not None:
        return (
            "Geometric mean of the ratio over the problems that both solved; below 1 the first "
            f"model's programs are faster. {context.level} interval by Student's t on logarithms."
        )
    return (
        "As published, over each model's own passing programs: without single runtimes the two "
        "cannot be compared on the same problems."
    )


def _heading(text: str, names: dict[str, tuple[str, str]]) -> Markup:
    words = [
        Markup('<span data-name="{}">{}</span>').format(names[w][0], escape(names[w][1]))
        if w in names
        else escape(w)
        for w in text.split(" ")
    ]
    return Markup(" ").join(words)


def _table(  # noqa: PLR0913 - the parts of one table
    key: str,
    title: str,
    note: str,
    headings: Sequence[str],
    rows: Sequence[Row],
    names: dict[str, tuple[str, str]],
    bar: int | None = None,
    scale: str = "",
    *,
    words: bool = False,
) -> Markup:
    """One table of the panel; hidden without rows.

    ``bar`` is the column that the bars stand in, ``words`` whether all cells are text.
    """
    heads = [_heading(text, names) for text in headings]
    if bar is not None:
        heads.insert(bar, Markup('<span data-slot="scale">{}</span>').format(escape(scale)))
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_NUMBER if i and not words else "", h)
        for i, h in enumerate(heads)
    )
    body = Markup("\n").join(_row(row, bar, words=words) for row in rows)
    return Markup(
        '<section class="bp-versus__part" data-part="{0}"{1}>\n<h2 id="versus-{0}">{2}</h2>\n'
        '<div class="bp-table">\n<p class="bp-table__caption">{3}</p>\n'
        '<div class="bp-table__scroll" role="region" tabindex="0" aria-labelledby="versus-{0}">\n'
        '<table class="bp-grid"{5} aria-labelledby="versus-{0}">\n<thead><tr>{4}</tr></thead>\n'
        "<tbody>\n{6}\n</tbody>\n</table>\n</div>\n</div>\n</section>"
    ).format(
        key,
        Markup(" hidden") * (not rows),
        title,
        escape(note),
        head,
        Markup(' data-bar="{}"').format("" if bar is None else bar) + Markup(" data-words") * words,
        body,
    )


_NUMBER = Markup(' class="bp-num"')


def _row(row: Row, bar: int | None, *, words: bool) -> Markup:
    cells = [
        Markup('<th scope="row">{}</th>').format(escape(text))
        if i == 0
        else Markup("<td>{}</td>").format(escape(text))
        if words
        else Markup('<td class="bp-num">{}</td>').format(_stacked(text))
        for i, text in enumerate(row.cells)
    ]
    if bar is not None and row.bar:
        drawn = Markup(
            '<td><span class="bp-pairbar" style="--low:{};--at:{};--high:{}"></span></td>'
        ).format(*row.bar)
        cells.insert(bar, drawn)
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


_LIMITS = re.compile(r"(.*[0-9%×]) \((.*)\)")


def _stacked(text: str) -> Markup:
    """A figure above its limits, as other tables have it."""
    found = _LIMITS.fullmatch(text)
    if found is None:
        return escape(text)
    return Markup('{}<span class="bp-limits">{}</span>').format(*map(escape, found.groups()))


def _claims(context: Context, panel: Panel) -> Markup:
    items = Markup("\n").join(
        Markup(
            '<li><span class="bp-badge bp-badge--{0}">{0}</span> <a href="{2}">{1}</a></li>'
        ).format(verdict, escape(text), href)
        for text, verdict, href in (_claim(context.claims[i]) for i in panel.claims)
    )
    return Markup(
        '<section class="bp-versus__part" data-part="claims"{}>\n<h2 id="versus-claims">What the '
        "report claims of the two</h2>\n<ul>{}</ul>\n</section>"
    ).format(Markup(" hidden") * (not panel.claims), items)


def _discordant(context: Context, a: str, b: str, names: dict[str, tuple[str, str]]) -> Markup:
    found = list(_differing(context, a, b))
    rows = [Row(cells) for cells in found[:MOST_PROBLEMS]]
    title = "Problems on which they differ"
    note = (
        "The problems with another share for each, largest difference first."
        if context.analysis.fractional
        else "Only these problems tell the two apart; what both passed, or neither, says nothing."
    )
    table = _table(
        "problems",
        title,
        note,
        ["Problem", "Category", "Difficulty", "A", "B"],
        rows,
        names,
        words=True,
    )
    count = f"{numbers.count(len(found))} problems"
    if len(found) > MOST_PROBLEMS:
        count += f", the first {MOST_PROBLEMS} listed"
    return table.replace(
        Markup('<p class="bp-table__caption">'),
        Markup('<p class="bp-table__caption"><strong data-slot="count">{}.</strong> ').format(
            count
        ),
        1,
    )


def _differing(context: Context, a: str, b: str) -> Iterator[tuple[str, ...]]:
    """Problems with unlike results; assets/versus.js lists those of other pairs in this order."""
    shown = list(zip(_problems(context), _results(context, a), _results(context, b), strict=True))
    unlike = [(p, x, y) for p, x, y in shown if x and y and x != y]
    if context.analysis.fractional:
        unlike.sort(key=lambda item: -abs(_share(item[1]) - _share(item[2])))
    else:
        unlike.sort(key=lambda item: item[1] != "passed")
    for problem, x, y in unlike:
        yield (*problem, x, y)


def _share(text: str) -> int:
    return int(text.removesuffix("%"))
