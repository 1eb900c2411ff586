"""Rules on sizes: what a name, a table and another release say about one and the same model."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.release import Model, Release
from report import numbers
from report.consistency.findings import Checks, Facts, Finding, Held, table_words
from report.labels import listed
from stats.rounded import Span, exact_span, overlap, printed_span

# "8B" and "1T", "1.5 B", "350M"; not the active part of "30B-A3B", nor a factor of "8x7B".
_SIZE = re.compile(r"(?<![\w.×])(\d+(?:\.\d+)?)\s?([TBM])(?!\w)")
_ACTIVE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?([TBM])\s+active", re.IGNORECASE)
_BILLIONS = {"T": 1000, "B": 1, "M": 0.001}


@dataclass(frozen=True, slots=True)
class Statement:
    """One place that states a size: where, in which words, and what it could stand for."""

    where: str
    words: str
    span: Span


def sizes(facts: Facts) -> Checks:
    """One model with two sizes within the release."""
    for model in facts.release.models:
        stated = list(_statements(facts, model))
        if len(stated) < 2:
            continue
        first, *others = stated
        against = [s for s in others if not overlap(s.span, first.span)]
        if not against:
            yield Held("models", (model.id,))
            continue
        agree = [s for s in stated if s not in against]
        low, high = sorted((first.span.middle, against[0].span.middle))
        yield Finding(
            rule="sizes",
            severity="contradiction",
            where=listed(dict.fromkeys(s.where for s in against)),
            models=(model.id,),
            found=listed(dict.fromkeys(s.words for s in against)),
            expected=listed(dict.fromkeys(f"{s.words} ({s.where})" for s in agree)),
            arithmetic=f"{numbers.billions(high)} is {numbers.ratio(high / low)} "
            f"{numbers.billions(low)}.",
        )


def _statements(facts: Facts, model: Model) -> Iterator[Statement]:
    """Every statement of a model's total size, the one that counts as known first."""
    size = model.parameters
    if size.total is not None:
        yield Statement("models.toml", numbers.billions(size.total), exact_span(size.total))
    for where, words in (
        ("its description", size.printed),
        *(("a name", name) for name in (model.name, *model.aliases)),
    ):
        if words and (found := _SIZE.search(words)):
            yield Statement(where, f"{found[1]}{found[2]}", _span(found[1], found[2]))
    for figure in facts.release.printed:
        if figure.figure == "parameters" and figure.model == model.id:
            where = table_words(figure.table)
            yield Statement(where, f"{figure.printed} B", printed_span(figure.printed))


def _span(digits: str, unit: str) -> Span:
    rounded = printed_span(digits)
    scale = exact_span(_BILLIONS[unit]).low
    return Span(rounded.low * scale, rounded.high * scale)


def active_sizes(facts: Facts) -> Checks:
    """A printed number of active parameters that is not the model's."""
    for model in facts.release.models:
        size = model.parameters
        found = _ACTIVE.search(size.printed or "")
        if size.active is None or not found:
            continue
        if overlap(_span(found[1], found[2].upper()), exact_span(size.active)):
            yield Held("models", (model.id,))
            continue
        yield Finding(
            rule="active-sizes",
            severity="contradiction",
            where="its description",
            models=(model.id,),
            found=f"{found[1]}{found[2]} active",
            expected=f"{numbers.billions(size.active)} active",
            arithmetic=f"{found[1]}{found[2]} does not round to {numbers.billions(size.active)}.",
        )


def sizes_between_releases(facts: Facts) -> Checks:
    """One model with another size in an earlier release of the same report."""
    for model in facts.release.models:
        now = model.parameters.total
        before = _stated_before(facts.earlier, model.id)
        if now is None or not before:
            continue
        other = {version: size for version, size in before.items() if size != now}
        if not other:
            yield Held("models", (model.id,))
            continue
        nearest = next(iter(other.values()))
        yield Finding(
            rule="sizes-between-releases",
            severity="doubtful",
            where=listed([facts.release.version, *other]),
            models=(model.id,),
            found=f"{numbers.billions(now)} in {facts.release.version}",
            expected="; ".join(f"{numbers.billions(s)} in {v}" for v, s in other.items()),
            arithmetic=f"{numbers.ratio(now / nearest)} the earlier size under the same name: "
            "one of the two is wrong, or these are two models.",
        )


def _stated_before(earlier: tuple[Release, ...], model: str) -> Mapping[str, float]:
    """Size of a model by earlier release, nearest first."""
    return {
        release.version: found.parameters.total
        for release in earlier
        for found in release.models
        if found.id == model and found.parameters.total is not None
    }


def problems_between_releases(facts: Facts) -> Checks:
    """A benchmark of the same name with another number of problems."""
    for release in facts.earlier:
        if release.benchmark != facts.release.benchmark:
            continue
        if release.n_problems == facts.release.n_problems:
            yield Held(release.version)
            continue
        yield Finding(
            rule="problems-between-releases",
            severity="doubtful",
            where=f"{facts.release.version} and {release.version}",
            found=f"{facts.release.n_problems} problems in {facts.release.version}",
            expected=f"{release.n_problems}, as in {release.version}",
            arithmetic="Rates over two sets of problems under one name cannot be compared.",
        )
