"""The picture that a link to a release shows where people share it: the leader, and how sure.

Social networks take no SVG and no variables, so this is a PNG with the light palette's colours. Its
figures are those of the page's leaderboard, its intervals too.
"""

from collections.abc import Iterator, Sequence
from math import ceil

from report import numbers
from report.analysis.rates import Rate
from report.drawing import rasterise
from report.exhibits.common import Context, problems_words
from report.html import escape, plain
from report.palette import resolve

WIDTH, HEIGHT = 1200, 630
"""The size that networks ask for; they cut others."""

PATH = "data/social.png"
"""Below the version's folder; an alias copies data files, so ``latest/`` has it, too."""

_ROWS = 6
_LEFT, _RIGHT = 64, 1136
_CHART = 500, 232  # left edge of the names, top of the first row
_NAMES = 270
_ROW = 49

# Widths of Inter's characters in parts of the font's size, a little too large.
_NARROW, _WIDE = frozenset(" iljtfrI.,:;'()-/|!"), frozenset("mwMW@%&—…")


def social_files(context: Context, *, site_name: str) -> dict[str, bytes]:
    """Return the preview of a release by its path below the version's folder."""
    svg = social_svg(context, site_name=site_name)
    return {PATH: rasterise(svg, cache=context.kept)}


def social_svg(context: Context, *, site_name: str) -> str:
    """Draw the preview as SVG, every text escaped."""
    rates = context.analysis.rates_of("passed")
    parts = [
        _rect(0, 0, WIDTH, HEIGHT, "surface"),
        _rect(0, 0, WIDTH, 12, "focus"),
        *_heading(context, site_name),
        *_leader(context, rates),
        *_chart(context, rates[:_ROWS]),
        _text(_footer(context, rates), _LEFT, 600, size=23, colour="muted", room=_RIGHT - _LEFT),
    ]
    return resolve(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Inter">{"".join(parts)}</svg>'
    )


def social_words(context: Context) -> str:
    """Say what the preview shows, for readers who hear it."""
    rates = context.analysis.rates_of("passed")
    best, limits = rates[0], numbers.interval(rates[0].wilson, "fraction")
    return (
        f"{_lead(context, rates)}: {context.words('passed')} {numbers.percent(best.value)}, "
        f"{context.level} interval {limits}. {_footer(context, rates)}."
    )


def _heading(context: Context, site_name: str) -> Iterator[str]:
    release = context.analysis.release
    parts = [site_name, release.version, release.date or ""]
    parts += ["draft"] if release.status == "draft" else []
    line = " · ".join(part for part in parts if part)
    yield _text(line, _LEFT, 72, size=25, colour="muted", room=_RIGHT - _LEFT)
    for number, words in enumerate(_lines(release.title, size=44, room=_RIGHT - _LEFT)):
        yield _text(words, _LEFT, 130 + 54 * number, size=44, bold=True, room=_RIGHT - _LEFT)


def _leader(context: Context, rates: Sequence[Rate]) -> Iterator[str]:
    best, room = rates[0], _CHART[0] - _LEFT - 40
    limits = numbers.interval(best.wilson, "fraction")
    yield _text(_lead(context, rates), _LEFT, 262, size=28, bold=True, room=room)
    value = numbers.percent(best.value)
    colour = "focus" if context.is_focus(best.model) else "text"
    yield _text(value, _LEFT, 366, size=100, colour=colour, bold=True, room=room)
    yield _text(f"{context.level} interval {limits}", _LEFT, 422, size=26, room=room)
    counted = f"{context.rate}, {numbers.tally(best.successes)} of {best.n} problems"
    yield _text(counted, _LEFT, 464, size=24, colour="muted", room=room)


def _lead(context: Context, rates: Sequence[Rate]) -> str:
    if rates[0].value == 0:
        return "No model passes a problem"
    shared = sum(rate.value == rates[0].value for rate in rates)
    if shared > 1:
        return f"{shared} models share the lead"
    return plain(context.labels[rates[0].model])


def _footer(context: Context, rates: Sequence[Rate]) -> str:
    shown = min(len(rates), _ROWS)
    models = f"{shown} best of {len(rates)} models" if shown < len(rates) else f"{shown} models"
    models = "1 model" if len(rates) == 1 else models
    return f"{models} · {problems_words(context)} problems · {context.score_intervals}"


def _chart(context: Context, rates: Sequence[Rate]) -> Iterator[str]:
    most = max(1, min(10, ceil(10 * max(rate.wilson.high for rate in rates) - 1e-9)))
    left = _CHART[0] + _NAMES + 16
    across = (_RIGHT - left) * 10 / most
    bottom = _CHART[1] + _ROW * len(rates)
    step = 1 if most <= 5 else 2
    for tick in range(0, most + 1, step):
        x = left + across * tick / 10
        yield _line(x, x, _CHART[1], bottom, colour="axis" if tick == 0 else "grid", width=2)
        label = numbers.percent(tick / 10, 0)
        yield _text(label, x, bottom + 32, size=21, colour="muted", room=80, anchor="middle")
    for number, rate in enumerate(rates):
        y = _CHART[1] + _ROW * (number + 0.5)
        colour = "focus" if context.is_focus(rate.model) else "other"
        low, at, high = (left + across * v for v in (rate.wilson.low, rate.value, rate.wilson.high))
        name = plain(context.labels[rate.model])
        end = left - 16
        yield _text(name, end, y + 8, size=21, room=_NAMES, anchor="end")
        yield _line(low, high, y, y, colour=colour, width=5)
        yield f'<circle cx="{at:.2f}" cy="{y:.2f}" r="9" fill="var(--bp-{colour})"/>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    where = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {where} fill="var(--bp-{colour})"/>'


def _line(x: float, x2: float, y: float, y2: float, *, colour: str, width: float) -> str:
    ends = f'x1="{x:.2f}" x2="{x2:.2f}" y1="{y:.2f}" y2="{y2:.2f}"'
    return f'<line {ends} stroke="var(--bp-{colour})" stroke-width="{width}"/>'


def _text(
    text: str,
    x: float,
    y: float,
    *,
    size: int,
    room: float,
    colour: str = "text",
    bold: bool = False,
    anchor: str = "start",
) -> str:
    look = f'font-size="{size}" font-weight="{600 if bold else 400}" text-anchor="{anchor}"'
    shown = escape(_cut(text, size=size, room=room))
    return f'<text x="{x:.2f}" y="{y:.2f}" {look} fill="var(--bp-{colour})">{shown}</text>'


def _lines(text: str, *, size: int, room: float) -> list[str]:
    """Break a title into one or two lines; what the second has no room for is cut."""
    words, first = plain(text).split(), ""
    while words and _width(f"{first} {words[0]}", size) <= room:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    return [part for part in (first, rest) if part]


def _cut(text: str, *, size: int, room: float) -> str:
    # Two code points that no XML may hold, and no font draws.
    shown = plain(text.translate({0xFFFE: None, 0xFFFF: None}))
    if _width(shown, size) <= room:
        return shown
    while shown and _width(f"{shown}…", size) > room:
        shown = shown[:-1]
    return f"{shown.rstrip()}…"


def _width(text: str, size: int) -> float:
    return size * sum(map(_part, text))


def _part(char: str) -> float:
    if char in _NARROW:
        return 0.37
    if char in _WIDE or ord(char) > 0x2E7F:
        return 1.0
    return 0.74 if char.isupper() else 0.62
