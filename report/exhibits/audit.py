"""The consistency audit: findings side by side with what contradicts them, and what holds."""

import re

from markupsafe import Markup

from report import numbers
from report.consistency import Finding, RuleResult, Severity, findings
from report.document import Cell, Column, Table
from report.exhibits.common import Context, badge, whole
from report.html import block, escape, plain
from report.labels import listed

_WORD = re.compile(r"[^\W\d_]+(-[^\W\d_]+)*(?![\w.-])")

KINDS: dict[Severity, str] = {
    "contradiction": "contradicted",
    "doubtful": "unresolved",
    "note": "note",
}
"""Which badge a severity wears."""


def findings_html(context: Context, rule: str) -> Markup:
    """Every finding of one rule as a card: what was found, what it stands against, and why."""
    result = next(item for item in context.audit if item.rule.id == rule)
    cards = Markup("\n").join(_card(context, finding) for finding in result.findings)
    html = Markup('<div class="bp-findings">\n{}\n</div>').format(cards)
    return Markup(block(html))  # noqa: S704 - cards are escaped


def _card(context: Context, finding: Finding) -> Markup:
    models = listed(context.labels[model] for model in finding.models)
    unsaid = models if models not in finding.found and len(finding.models) < 3 else ""
    part = finding.part if finding.part not in finding.found else ""
    titles = {table.id: table.title for table in context.analysis.release.printed_tables}
    where = titles.get(finding.where, finding.where)
    place = " · ".join(words for words in (where, unsaid, part) if words)
    return Markup(
        '<div class="bp-finding bp-finding--{kind}" id="{id}">'
        '<p class="bp-finding__head">{badge} <span>{place}</span></p>\n'
        '<dl class="bp-finding__sides"><div><dt>Found</dt> <dd>{found}</dd></div>\n'
        "<div><dt>Against</dt> <dd>{expected}</dd></div></dl>\n"
        '<p class="bp-finding__why">{why}</p></div>'
    ).format(
        kind=KINDS[finding.severity],
        id=finding.id,
        badge=badge(finding.severity, KINDS[finding.severity]),
        place=escape(_sentence(place)),
        found=escape(finding.found),
        expected=escape(finding.expected),
        why=escape(finding.arithmetic),
    )


def _sentence(place: str) -> str:
    """Begin with a capital, unless the first word is a name with a number, such as a version."""
    return place[:1].upper() + place[1:] if _WORD.match(place) else place


def findings_table(context: Context) -> Table:
    """All findings, worst first; for the downloads above all."""
    titles = {result.rule.id: result.rule.title for result in context.audit}
    return Table(
        id="audit-findings",
        caption="Every finding of the consistency audit, worst first.",
        columns=[
            Column("severity", "Severity"),
            Column("rule", "Rule"),
            Column("where", "Where"),
            Column("models", "Models"),
            Column("part", "Of"),
            Column("found", "Found"),
            Column("expected", "Against"),
            Column("arithmetic", "Arithmetic"),
            Column("id", "Id", in_page=False),
        ],
        rows=[
            {
                "severity": Cell(f.severity, html=badge(f.severity, KINDS[f.severity])),
                "rule": Cell(titles[f.rule], raw=f.rule),
                "where": Cell(plain(f.where)),
                "models": Cell(listed(context.labels[m] for m in f.models), raw=" ".join(f.models)),
                "part": Cell(plain(f.part)),
                "found": Cell(plain(f.found)),
                "expected": Cell(plain(f.expected)),
                "arithmetic": Cell(plain(f.arithmetic)),
                "id": Cell(f.id),
            }
            for f in findings(context.audit)
        ],
    )


def rules_table(context: Context) -> Table:
    """Every rule: what it looks for, how much it looked at, how much of that holds."""
    return Table(
        id="audit-rules",
        caption="Every rule of the consistency audit over this release: how much it looked at, "
        "and how much of that holds. A rule with nothing to look at says so.",
        columns=[
            Column("rule", "Rule"),
            Column("says", "Looks for"),
            Column("checked", "Checked", "number"),
            Column("held", "Hold", "number"),
            Column("found", "Findings", "number"),
        ],
        rows=[_rule_row(result) for result in context.audit],
        row_header="rule",
    )


def _rule_row(result: RuleResult) -> dict[str, Cell]:
    rule = result.rule
    checked = f"{numbers.count(result.checked)} {rule.counts}"
    nothing = Cell("nothing of the kind", sort=0, raw=0, weak=True)
    return {
        "rule": Cell(rule.title, raw=rule.id, html=_rule_link(result)),
        "says": Cell(rule.says),
        "checked": Cell(checked, sort=result.checked, raw=result.checked)
        if result.checked
        else nothing,
        "held": whole(result.held) if result.checked else Cell("", sort=0, raw=0),
        "found": whole(len(result.findings)) if result.findings else Cell("–", sort=0, raw=0),
    }


def _rule_link(result: RuleResult) -> Markup:
    if not result.findings:
        return escape(result.rule.title)
    return Markup('<a href="#{}">{}</a>').format(result.rule.id, escape(result.rule.title))
