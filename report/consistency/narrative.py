"""Rule on our own pages: a figure typed by hand that the analysis has, and that would go stale."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from report import numbers
from report.consistency.findings import Facts, Finding, Rule, RuleResult
from report.quantities import Quantity
from stats.consistency import printed_matches

TYPED = Rule(
    "typed-figures",
    "Figures typed by hand",
    "A number in the narrative that repeats a figure of the analysis instead of asking for it.",
    "numbers",
    lambda _: iter(()),
)

_TEMPLATE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|```.*?```|`[^`\n]*`", re.DOTALL)
_MARKUP = re.compile(r"<[^<>]*>|\]\([^()\s]*\)|\{[:#.][^{}\n]*\}")
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<digits>[+−-]?\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?P<unit>\s?(?:%|×|per ?cent\b|(?:percentage )?points?\b|times\b|x\b|B\b|billion\b"
    r"|problems?\b|models?\b|of \d+))?(?![\w/]|[.,]\d|-\w)"
)
# What stands before a number that names a place and states nothing.
_PLACE = re.compile(
    r"(?:tables?|figures?|sections?|chapters?|version|release|§|#)\s*$", re.IGNORECASE
)

_SCALED: Mapping[str, tuple[str, ...]] = {
    "%": ("fraction", "relative", "share"),
    "points": ("points", "fraction"),
    "x": ("ratio",),
    "B": ("billion",),
    "count": ("count",),
    "": ("number", "per_billion", "fraction", "relative", "share", "points", "ratio", "p"),
}
"""Units of the analysis that a number with this ending could be in."""

_HUNDREDFOLD = frozenset({"fraction", "relative", "share", "points", "per_billion"})
_TRIVIAL = frozenset({"0", "50", "100"})
_TELLING = 3
"""Significant digits from which a number says by itself which figure it is."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the narrative: the line it stands on, its digits and what they are of."""

    line: int
    words: str
    digits: str
    unit: str
    context: str


def typed_figures(facts: Facts, pages: Mapping[str, Path]) -> RuleResult:
    """Hold every number of some pages of narrative against the figures of the analysis.

    ``pages`` are files by the name that findings give them.

    What a template asks for, code, links, names of models and numbers of tables do not count. A
    number of three significant digits or more is taken for the figure that it equals at its own
    rounding; one of fewer only where its sentence speaks of the model that the figure is of.
    """
    found: list[Finding] = []
    held = 0
    for page, path in pages.items():
        for number in numbers_of(path.read_text("utf-8-sig"), facts):
            repeated = _repeated(facts, number)
            held += not repeated
            if repeated:
                found.append(_finding(page, number, repeated))
    return RuleResult(TYPED, tuple(found), held)


def numbers_of(text: str, facts: Facts) -> Iterator[Number]:
    """Yield the numbers of a page that a reader would take for a figure."""
    bare = _MARKUP.sub(_blank, _TEMPLATE.sub(_blank, text))
    for name in sorted(_names(facts), key=len, reverse=True):
        bare = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _blank, bare)
    shown = text.splitlines()
    for at, line in enumerate(bare.splitlines()):
        for match in _NUMBER.finditer(line):
            unit = _unit(match["unit"] or "")
            digits = match["digits"].replace(",", "")
            stated = unit or "." in digits
            if stated and not _PLACE.search(line[: match.start()]):
                yield Number(at + 1, match[0].strip(), digits, unit, shown[at])


def _blank(match: re.Match[str]) -> str:
    """Keep lines and columns where they are."""
    return re.sub(r"[^\n]", " ", match[0])


def _names(facts: Facts) -> list[str]:
    release = facts.release
    names = [n for model in release.models for n in (model.name, *model.aliases)]
    return [*names, *(table.title for table in release.printed_tables), release.version]


def _unit(words: str) -> str:
    bare = words.strip().lower()
    if bare in {"%", "percent", "per cent"}:
        return "%"
    if bare.endswith(("point", "points")):
        return "points"
    if bare in {"×", "x", "times"}:
        return "x"
    if bare in {"b", "billion"}:
        return "B"
    return "count" if bare else ""


def _repeated(facts: Facts, number: Number) -> list[Quantity]:
    """Figures that the number equals at its own rounding, the likeliest first."""
    bare = number.digits.lstrip("+−-")
    level = f"{100 * facts.analysis.level:g}"
    if number.unit == "%" and bare in {*_TRIVIAL, level}:
        return []
    telling = len(bare.replace(".", "").lstrip("0")) >= _TELLING
    named = [
        model
        for model, label in facts.labels.items()
        if model in number.context or label in number.context
    ]
    found = [
        quantity
        for quantity in facts.quantities.values()
        if quantity.unit in _SCALED[number.unit]
        and (telling or quantity.key == "problems" or any(m in quantity.key for m in named))
        and _equal(number.digits, quantity)
    ]
    return sorted(found, key=lambda q: (not any(m in q.key for m in named), q.key.count("/")))


def _equal(digits: str, quantity: Quantity) -> bool:
    value = quantity.value * (100 if quantity.unit in _HUNDREDFOLD else 1)
    if abs(value) == float("inf"):
        return False
    signed = digits if digits[0] in "+−-" else digits.lstrip("+")
    return printed_matches(signed, value).matches or printed_matches(signed, -value).matches


def _finding(page: str, number: Number, repeated: Sequence[Quantity]) -> Finding:
    first, *others = repeated
    asked = ", ".join(f'"{part}"' for part in first.key.split("/"))
    more = f"; also {', '.join(q.key for q in others[:2])}" if others else ""
    return Finding(
        rule=TYPED.id,
        severity="doubtful",
        where=f"{page}:{number.line}",
        part=number.words,
        found=number.words,
        expected=f"{{{{ value({asked}) }}}}",
        arithmetic=f"It is {first.key}, {numbers.written(first.value, first.unit)}{more}.",
    )
