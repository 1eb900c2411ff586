"""Claims on a page: the badge inside a sentence with its card, and the full card with all parts."""

from collections.abc import Callable, Sequence
from math import isfinite

from markupsafe import Markup

from harness.claim import Family
from report import numbers
from report.claims.parts import VERDICTS, JudgedClaim, Part, Verdict, tally
from report.claims.sensitivity import Mark
from report.claims.words import (
    MEANS,
    adjusted_words,
    correction_words,
    figure_words,
    interval_words,
    method_words,
    p_words,
    reason,
)
from report.html import block, escape
from report.labels import slug

_TOLD_PARTS = 2
"""Figures of more parts than these are counted in a sentence, not listed."""

_SHOWN_PARTS = 6
"""More parts than these are folded."""

_WIDTH, _LEFT, _RIGHT = 240.0, 8.0, 232.0


def pill(verdict: str) -> Markup:
    """A verdict as a pill; shape and words say what the colour says."""
    return Markup('<span class="bp-badge bp-badge--{0}">{0}</span>').format(verdict)


def inline_claim(judged: JudgedClaim, *, number: int, depth: int, figures: bool = True) -> Markup:
    """The current figures of a claim inside a sentence, and a badge that opens its card.

    All of it is phrasing content, so that it can stand in a paragraph. The card is a popover: it
    opens by mouse, key and touch, closes by Escape, and needs no script.
    """
    parts = [shown_figures(judged)] if figures else []
    anchor = f"claim-{slug(judged.id)}-{number}"
    parts.append(
        Markup(
            '<button type="button" class="bp-claim bp-badge bp-badge--{0}" '
            'popovertarget="{1}" aria-label="{0}: show the evidence">{0}</button>'
        ).format(judged.verdict, anchor)
    )
    parts.append(
        Markup(
            '<span popover role="dialog" class="bp-claim-card" id="{}" '
            'aria-label="Evidence: {}" data-search-exclude>{}</span>'
        ).format(anchor, escape(judged.claim.text), _card(judged, depth=depth))
    )
    return Markup("").join(parts)


def shown_figures(judged: JudgedClaim) -> Markup:
    """The figures of a claim for a sentence, with a space behind; empty where it has none.

    Where all parts hold, those of all parts, or how many there are; else that of the deciding one.
    """
    parts = [part for part in judged.parts if part.estimate is not None]
    if judged.verdict != "supported":
        parts = [part for part in parts if part is judged.deciding]
    if not parts:
        return Markup("")
    if len(parts) > _TOLD_PARTS:
        return Markup('<span class="bp-value">{0} of {0} figures</span> ').format(len(parts))
    return Markup("{} ").format(Markup(" and ").join(map(_figure, parts)))


def _figure(part: Part) -> Markup:
    limits = interval_words(part)
    ci = Markup(' <span class="bp-ci">({})</span>').format(escape(limits)) if limits else ""
    return Markup('<span class="bp-value">{}{}</span>').format(escape(figure_words(part)), ci)


def _card(judged: JudgedClaim, *, depth: int) -> Markup:
    claim, part = judged.claim, judged.deciding
    stated = Markup('<span class="bp-claim-card__stated">Stated: {}</span>').format(
        escape(claim.stated)
    )
    link = Markup('<a href="{}claims.html#{}">All {} of this claim</a>').format(
        "../" * depth, slug(claim.id), "parts" if len(judged.parts) > 1 else "evidence"
    )
    return Markup(
        '<span class="bp-claim-card__head">{} <span>{}</span></span>'
        '<span class="bp-claim-card__text">{}</span>{}{}{}{}{}'
    ).format(
        pill(judged.verdict),
        escape(MEANS[judged.verdict]),
        escape(claim.text),
        stated if claim.stated else "",
        forest(part),
        _facts(part),
        Markup('<span class="bp-claim-card__note">{}</span>').format(escape(_why(part))),
        Markup('<span class="bp-claim-card__link">{}</span>').format(link),
    )


def _why(part: Part) -> str:
    return " ".join(words for words in (part.note, part.needs) if words)


def _facts(part: Part) -> Markup:
    """Name and value of everything behind a part, as rows that fit a paragraph."""
    test = part.test
    rows = [
        ("Part", part.text),
        ("Printed", part.printed),
        ("Estimate", figure_words(part)),
        (_level(part), interval_words(part)),
        ("p", p_words(test) if test else ""),
        ("p corrected", adjusted_words(test) if test else ""),
        ("Family", correction_words(test) if test else ""),
        ("Test", method_words(test.method) if test else ""),
        ("Interval by" if part.interval else "Method", method_words(part.method)),
        ("Evidence", part.evidence),
        ("n", numbers.count(part.n) if part.n else ""),
    ]
    return Markup('<span class="bp-claim-card__facts">{}</span>').format(
        Markup("").join(
            Markup("<span><b>{}</b> <span>{}</span></span>").format(escape(name), escape(value))
            for name, value in rows
            if value
        )
    )


def _level(part: Part) -> str:
    return f"{numbers.level(part.interval.level)} interval" if part.interval else "Interval"


def forest(part: Part) -> Markup:
    """A small forest plot of one estimate: interval, point, and a line at no difference.

    Empty where there is no finite interval to draw.
    """
    if part.estimate is None or part.interval is None:
        return Markup("")
    ends = [part.estimate, part.interval.low, part.interval.high]
    if part.null is not None:
        ends.append(part.null)
    known = [end for end in ends if isfinite(end)]
    start, stop = min(known), max(known)
    if not isfinite(part.estimate) or start == stop:
        return Markup("")

    def at(value: float) -> str:
        inside = min(max(value, start), stop)
        return f"{_LEFT + (_RIGHT - _LEFT) * (inside - start) / (stop - start):.1f}"

    words = f"{figure_words(part)}, {_level(part)} {interval_words(part)}"
    null = (
        Markup('<path class="bp-forest__null" d="M{0} 2V26"/>').format(at(part.null))
        if part.null is not None
        else ""
    )
    labels = Markup('<text x="{}" y="38">{}</text><text x="{}" y="38" text-anchor="end">{}</text>')
    return Markup(
        '<svg class="bp-forest" viewBox="0 0 240 42" role="img" aria-label="{}">'
        '<path class="bp-forest__axis" d="M{} 26H{}"/>{}'
        '<path class="bp-forest__interval" d="M{} 14H{}"/>'
        '<circle class="bp-forest__estimate" cx="{}" cy="14" r="4"/>{}</svg>'
    ).format(
        escape(words),
        _LEFT,
        _RIGHT,
        null,
        at(part.interval.low),
        at(part.interval.high),
        at(part.estimate),
        labels.format(
            _LEFT,
            escape(numbers.written(start, part.unit)),
            _RIGHT,
            escape(numbers.written(stop, part.unit)),
        ),
    )


def tally_html(judged: Sequence[JudgedClaim], *, depth: int) -> Markup:
    """Count the verdicts as a row of linked pills; each opens the claims page filtered by it."""
    counts = tally(judged)
    chips = Markup(" ").join(
        Markup(
            '<a class="bp-badge bp-badge--{0}" href="{1}claims.html#verdict={0}">{2} {0}</a>'
        ).format(verdict, "../" * depth, counts[verdict])
        for verdict in VERDICTS
        if counts[verdict]
    )
    words = Markup("<span>{} claims, tested against the data</span>").format(len(judged))
    html = Markup('<div class="bp-tally">{} {}</div>').format(words, chips)
    return Markup(block(html))  # noqa: S704 - html is Markup already


def filter_html(judged: Sequence[JudgedClaim]) -> Markup:
    """The controls that narrow the list of claims; without JavaScript they are not shown."""
    counts = tally(judged)
    buttons = Markup("").join(
        Markup(
            '<button type="button" class="bp-badge bp-badge--{0}" data-verdict="{0}" '
            'aria-pressed="false">{1} {0}</button>'
        ).format(verdict, counts[verdict])
        for verdict in VERDICTS
        if counts[verdict]
    )
    sections = dict.fromkeys(found.claim.section for found in judged)
    options = Markup("").join(
        Markup('<option value="{}">{}</option>').format(slug("s", name), escape(name))
        for name in sections
    )
    html = Markup(
        '<div class="bp-claims-filter" data-search-exclude>'
        '<div role="group" aria-label="Filter by verdict">{}</div>'
        '<label>Section <select data-filter="section"><option value="">all</option>{}</select>'
        '</label><label>Order <select data-filter="order"><option value="">as in the report'
        '</option><option value="p">by p</option><option value="verdict">worst first</option>'
        "</select></label></div>"
    ).format(buttons, options)
    return Markup(block(html))  # noqa: S704 - html is Markup already


def list_html(
    judged: Sequence[JudgedClaim], families: Sequence[Family], marks: dict[str, Markup]
) -> Markup:
    """Every claim with its full card, one anchor each; ``marks`` is its sensitivity panel."""
    titles = {family.id: family.title for family in families}
    cards = Markup("\n").join(_full(found, titles, marks.get(found.id)) for found in judged)
    return Markup(block(Markup('<div class="bp-claims">\n{}\n</div>').format(cards)))  # noqa: S704


def _full(judged: JudgedClaim, titles: dict[str, str], marks: Markup | None) -> Markup:
    claim, part = judged.claim, judged.deciding
    p = part.test.p if part.test else None
    where = [f"Section {claim.section}" if claim.section[:1].isdigit() else claim.section]
    if claim.stated:
        where.append(f"stated: {claim.stated}")
    if part.test:
        family = titles.get(claim.family, "all claims of the report that name no other family")
        where.append(f"corrected with: {family}")
    notes = [
        Markup("<p>{}</p>").format(escape(words))
        for words in (reason(judged) or MEANS[judged.verdict], claim.note or "")
        if words
    ]
    if claim.acknowledged:
        notes.append(Markup("<p><b>Acknowledged.</b> {}</p>").format(escape(claim.acknowledged)))
    return Markup(
        '<section class="bp-claim-full" data-verdict="{}" data-section="{}" data-p="{}">\n'
        '<h3 id="{}">{}<a class="headerlink" href="#{}" title="Permanent link">&para;</a></h3>\n'
        '<p class="bp-claim-full__meta">{} {}</p>\n{}\n{}\n{}\n</section>'
    ).format(
        judged.verdict,
        slug("s", claim.section),
        "" if p is None else repr(p),
        slug(claim.id),
        escape(claim.text),
        slug(claim.id),
        pill(judged.verdict),
        escape(" · ".join(where)),
        Markup("").join(notes),
        _parts(judged),
        marks or "",
    )


def _parts(judged: JudgedClaim) -> Markup:
    """The parts as a table; open where few decide against the claim, folded else.

    Columns that no part fills are left out, and so is the table of a single part without any.
    """
    parts = judged.parts
    columns = [(head, cells) for head, of in _COLUMNS if any(cells := [of(p) for p in parts])]
    if len(parts) == 1 and not columns:
        return Markup("")
    heads = Markup("").join(
        Markup('<th scope="col" class="bp-num">{}</th>').format(head) for head, _ in columns
    )
    rows = Markup("\n").join(
        _row(part, [cells[i] for _, cells in columns]) for i, part in enumerate(parts)
    )
    table = Markup(
        '<div class="bp-table__scroll" role="region" tabindex="0" aria-label="Parts: {}">'
        '<table class="bp-grid"><thead><tr><th scope="col">Part</th><th scope="col">Verdict</th>{}'
        "</tr></thead><tbody>\n{}\n</tbody></table></div>"
    ).format(escape(judged.claim.text), heads, rows)
    failing = sum(part.verdict != "supported" for part in parts)
    if failing and len(parts) <= _SHOWN_PARTS:
        return table
    many = f"{len(parts)} parts" if len(parts) > 1 else "Evidence"
    words = f"{many}, {failing} of them not supported" if failing else f"{many}, all supported"
    return Markup('<details class="bp-fold"><summary>{}</summary>{}</details>').format(
        escape(words if len(parts) > 1 else many), table
    )


def _row(part: Part, cells: Sequence[Markup]) -> Markup:
    filled = Markup("").join(
        Markup('<td class="bp-num">{}</td>').format(cell or "–") for cell in cells
    )
    return Markup('<tr><th scope="row">{}</th><td title="{}">{}</td>{}</tr>').format(
        escape(part.text), escape(_why(part) or MEANS[part.verdict]), pill(part.verdict), filled
    )


def _stacked(first: str, second: str = "") -> Markup:
    """Two lines, the lower one small; empty where there is no first."""
    below = Markup('<span class="bp-limits">{}</span>').format(escape(second)) if second else ""
    return Markup("{}{}").format(escape(first), below) if first else Markup("")


_COLUMNS: tuple[tuple[str, Callable[[Part], Markup]], ...] = (
    ("Printed", lambda part: escape(part.printed or "")),
    ("Data give", lambda part: _stacked(figure_words(part), interval_words(part))),
    ("Interval", forest),
    ("p", lambda part: _stacked(*p_words(part.test).split("; ")) if part.test else Markup("")),
    (
        "p corrected",
        lambda part: _stacked(*adjusted_words(part.test).split("; ")) if part.test else Markup(""),
    ),
)
"""Heading of a column of parts, and what a part puts there; empty where it has nothing."""


def marks_html(marks: Sequence[Mark], verdict: Verdict) -> Markup:
    """The sensitivity panel of one claim: a row of small marks, one for each alternative."""
    items = Markup("").join(_mark(mark, verdict) for mark in marks)
    return Markup(
        '<div class="bp-marks" data-search-exclude><span>Would the verdict survive?</span>'
        "<ul>{}</ul></div>"
    ).format(items)


def _mark(mark: Mark, verdict: Verdict) -> Markup:
    if mark.verdict is None:
        kind, shown, words = "none", "–", f"{mark.title}: {mark.reason}"
    elif mark.verdict == verdict:
        kind, shown, words = "same", "=", f"{mark.title}: still {verdict}"
    else:
        kind, shown, words = "other", mark.verdict, f"{mark.title}: {mark.verdict}"
    return Markup('<li class="bp-mark bp-mark--{}" title="{}">{} <b>{}</b></li>').format(
        kind, escape(words), escape(mark.label), escape(shown)
    )
