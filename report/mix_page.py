"""The page of another mix: sliders for a script, and the table on the benchmark's own mix."""

from math import ceil

from markupsafe import Markup

from report import numbers
from report.drawing import script_json
from report.exhibits.common import Context, rank_words
from report.html import block, escape
from report.mix import Mix, Placed


def mix_html(context: Context) -> Markup:
    """Return sliders, which need a script, and each model's rate on the mix they stand at."""
    mix = Mix(context)
    groups = [
        _group(mix, kind, title, names)
        for kind, title, names in (
            ("d", "Difficulty", mix.difficulties),
            ("c", "Category", mix.categories),
        )
        if len(names) > 1
    ]
    html = Markup(
        '<div class="bp-mix">\n<p class="bp-unscripted">Changing the mix needs a script. Shown '
        "is the benchmark’s own mix.</p>\n"
        '<form class="bp-mix__form" hidden>\n{}\n<div class="bp-mix__presets">{}</div>\n</form>\n'
        '<p class="bp-mix__status" role="status"></p>\n{}\n'
        '<script src="assets/mix-statistics.js" defer></script>\n'
        '<script src="data/mix.js" defer></script>\n'
        '<script src="assets/mix.js" defer></script>\n</div>'
    ).format(Markup("\n").join(groups), _presets(mix), _table(mix))
    return Markup(block(html))  # noqa: S704 - every part is escaped


def mix_files(context: Context) -> dict[str, bytes]:
    """Return the strata as a script: a page opened from disk may load one, but not read a file."""
    mix = Mix(context)
    if not mix.usable:
        return {}
    return {"data/mix.js": f"window.benchproofMix={script_json(mix.as_json())};\n".encode()}


def _most(mix: Mix) -> int:
    """End of the sliders: every stated mix lies within."""
    factors = [factor for _, preset in mix.presets() for factor in preset.values()]
    return max(4, ceil(max(factors, default=0)))


def _group(mix: Mix, kind: str, title: str, names: tuple[str, ...]) -> Markup:
    total = sum(mix.sizes.values())
    sliders = Markup("\n").join(
        Markup(
            '<div class="bp-mix__slider"><label for="mix-{0}-{1}">{2}</label>'
            '<input id="mix-{0}-{1}" name="{0}.{1}" type="range" min="0" max="{3}" step="0.05" '
            'value="1" autocomplete="off"><span>×1, {4}</span></div>'
        ).format(
            kind,
            key,
            escape(name),
            _most(mix),
            numbers.percent(mix.size(_stratum(kind, name)) / total, 0),
        )
        for name, key in mix.keys(names).items()
    )
    return Markup("<fieldset><legend>{}</legend>\n{}\n</fieldset>").format(title, sliders)


def _stratum(kind: str, name: str) -> tuple[str | None, str | None]:
    return (name, None) if kind == "c" else (None, name)


def _presets(mix: Mix) -> Markup:
    keys = mix.keys(mix.difficulties)
    buttons = [
        Markup(
            '<button type="button" data-preset="{}">Reset to the benchmark’s mix</button>'
        ).format(escape("{}"))
    ]
    for title, factors in mix.presets():
        preset = script_json({f"d.{keys[name]}": factor for name, factor in factors.items()})
        label = title[0].upper() + title[1:]
        buttons.append(
            Markup('<button type="button" data-preset="{}">{}</button>').format(
                escape(preset), escape(label)
            )
        )
    return Markup("").join(buttons)


def _table(mix: Mix) -> Markup:
    context = mix.context
    found = mix.standardised({}, {})
    shown = sorted(found, key=lambda placed: -placed.estimate)
    rows = Markup("\n").join(_row(mix, placed, shown) for placed in shown)
    heads = ("#", "Model", "As attempted", "On this mix", "0 to 100%", "Rank")
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="bp-num"') * (text != "Model"), text
        )
        for text in heads
    )
    return Markup(
        '<div class="bp-table">\n<p class="bp-table__caption" id="mix-caption">{}</p>\n'
        '<div class="bp-table__scroll" role="region" tabindex="0" aria-labelledby="mix-caption">\n'
        '<table class="bp-grid" aria-labelledby="mix-caption">\n<thead><tr>{}</tr></thead>\n'
        "<tbody>\n{}\n</tbody>\n</table>\n</div>\n</div>"
    ).format(_caption(context), head, rows)


def _caption(context: Context) -> str:
    kind = "MOVER" if context.analysis.fractional else "stratified score"
    return (
        f"{context.rate} standardised to the mix, {context.level} {kind} intervals; the mark in a "
        "bar is the rate as attempted. Ranks: the places a model could hold, from differences of "
        "the standardised rates treated as unlinked and corrected for all pairs (Bonferroni)."
    )


def _row(mix: Mix, placed: Placed, shown: list[Placed]) -> Markup:
    context, model, ends = mix.context, placed.model, placed.interval
    raw = context.analysis.rates[model, "passed"].value
    place = 1 + sum(other.estimate > placed.estimate + 1e-12 for other in shown)
    page = context.model_page(model)
    name = escape(context.labels[model])
    return Markup(
        '<tr data-model="{0}" data-m="{0}"{8}><td class="bp-num">{1}</td><th scope="row">{2}</th>'
        '<td class="bp-num">{3}</td><td class="bp-num">{4}<span class="bp-limits">{5}</span></td>'
        '<td><span class="bp-ratebar" style="--low:{6[0]};--at:{6[1]};--high:{6[2]};--raw:{6[3]}">'
        '</span></td><td class="bp-num">{7}</td></tr>'
    ).format(
        context.slugs[model],
        place,
        Markup('<a href="{}.html">{}</a>').format(page, name) if page else name,
        numbers.percent(raw),
        numbers.percent(placed.estimate),
        numbers.interval(ends, "fraction"),
        [round(100 * end, 2) for end in (ends.low, placed.estimate, ends.high, raw)],
        rank_words(placed.ranks),
        Markup(' class="bp-focus"') * context.is_focus(model),
    )
