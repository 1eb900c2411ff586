"""claims.toml: what must hold beyond its schema, and the claims as objects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from harness.claim import REPORT, Assertion, Claim, Family
from harness.claim_kinds import KINDS, misfits
from harness.errors import ResultFileError
from harness.figures import FIGURES
from harness.raw import RawRelease, tables_of
from harness.release_checks import BEST
from harness.text import folded, listed, shown, suggestion
from harness.toml_file import TomlFile
from harness.toml_lines import KeyPath

ALL = "all"
"""What stands for every other model with results."""

DERIVED = ("passed_of_compiled", "parameters", "efficiency")
"""Metrics that follow from counts and sizes, besides those that release.toml declares."""


def claim_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    """Yield what is wrong with claims.toml: names that nothing has, fields that do not fit."""
    file = raw.claims
    if file is None:
        return
    yield from _repeated(file, "claims")
    yield from _repeated(file, "families")
    yield from _claim_reference_errors(file)
    yield from _circle_errors(file)
    for where, assertion in _assertions(file):
        for misfit in misfits(assertion):
            yield file.error(
                (*where, misfit.field),
                found=misfit.found,
                expected=misfit.expected,
                way_out=misfit.way_out,
            )
        yield from _name_errors(raw, file, where, assertion)
        yield from _figure_errors(raw, file, where, assertion)
        yield from _statistic_errors(raw, file, where, assertion)


def claims_of(file: TomlFile) -> tuple[Claim, ...]:
    """Make the claims of a file that every check has passed."""
    return tuple(_claim(file, i, item) for i, item in enumerate(file.document["claims"]))


def families_of(file: TomlFile) -> tuple[Family, ...]:
    """Make the families of a file that every check has passed."""
    return tuple(Family(**item) for item in file.document.get("families", ()))


def _claim(file: TomlFile, position: int, item: Mapping[str, Any]) -> Claim:
    where: KeyPath = ("claims", position)
    assertions = tuple(
        _assertion(file.line_of((*where, "assertions", i)) or 0, assertion)
        for i, assertion in enumerate(item.get("assertions", ()))
    )
    known = {**item, "assertions": assertions, "rests_on": tuple(item.get("rests_on", ()))}
    return Claim(line=file.line_of(where) or 0, **known)


def _assertion(line: int, item: Mapping[str, Any]) -> Assertion:
    known: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in item.items()
    }
    return Assertion(line=line, **known)


def _assertions(file: TomlFile) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    for position, claim in tables_of(file, "claims"):
        items = claim.get("assertions", [])
        for i, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                yield ("claims", position, "assertions", i), item


def _repeated(file: TomlFile, tables: str) -> Iterator[ResultFileError]:
    first: dict[str, KeyPath] = {}
    for position, item in tables_of(file, tables):
        where: KeyPath = (tables, position, "id")
        earlier = first.setdefault(folded(item["id"]), where)
        if earlier != where:
            yield file.error(
                where,
                found=f"{shown(item['id'])} stands on line {file.line_of(earlier)} already",
                expected=f"{tables} with different ids",
            )


def _claim_reference_errors(file: TomlFile) -> Iterator[ResultFileError]:
    claims = [item["id"] for _, item in tables_of(file, "claims")]
    families = [REPORT, *(item["id"] for _, item in tables_of(file, "families"))]
    for position, claim in tables_of(file, "claims"):
        where: KeyPath = ("claims", position)
        for i, other in _texts(claim.get("rests_on")):
            if other not in claims:
                yield _unknown(file, (*where, "rests_on", i), other, claims, "another claim")
        family = claim.get("family", REPORT)
        if isinstance(family, str) and family not in families:
            yield _unknown(file, (*where, "family"), family, families, "a [[families]] table")
        if not claim.get("assertions") and not claim.get("rests_on"):
            yield file.error(
                (*where, "assertions"),
                found="neither assertions nor rests_on",
                expected="at least one part that can be judged",
                way_out='What no data could test is said so: { kind = "untestable", reason = … }.',
            )


def _circle_errors(file: TomlFile) -> Iterator[ResultFileError]:
    """One error for each circle, at the claim of it that stands first."""
    places = {item["id"]: position for position, item in tables_of(file, "claims")}
    rests = {
        item["id"]: [name for _, name in _texts(item.get("rests_on")) if name in places]
        for _, item in tables_of(file, "claims")
    }
    told: set[str] = set()
    for start in rests:
        circle = _circle(rests, start)
        if circle and not told & set(circle):
            told |= set(circle)
            yield file.error(
                ("claims", places[start], "rests_on"),
                found=f"a circle: {' → '.join([*circle, circle[0]])}",
                expected="claims that rest on others without coming back",
                way_out="Give one of them assertions of its own.",
            )


def _circle(rests: Mapping[str, Sequence[str]], start: str) -> list[str]:
    """Find a way from a claim back to itself; empty where there is none."""
    stack: list[list[str]] = [[start]]
    seen: set[str] = set()
    while stack:
        path = stack.pop()
        for following in rests[path[-1]]:
            if following == start:
                return path
            if following not in seen:
                seen.add(following)
                stack.append([*path, following])
    return []


def _name_errors(
    raw: RawRelease, file: TomlFile, where: KeyPath, item: Mapping[str, Any]
) -> Iterator[ResultFileError]:
    models, groups = raw.ids("models"), raw.ids("comparisons")
    if models is not None:
        for field in ("models", "rows"):
            yield from _unknown_words(file, (*where, field), item.get(field), models, _MODEL)
    if models is not None and groups is not None:
        known = [*models, *groups]
        for field, more in (("against", (BEST, ALL)), ("among", (ALL,))):
            words = [*known, *more]
            yield from _unknown_words(file, (*where, field), item.get(field), words, _GROUP)
    metrics = raw.ids("metrics")
    if metrics is not None:
        words = [*metrics, *DERIVED]
        yield from _unknown_words(file, (*where, "metric"), item.get("metric"), words, _METRIC)
    for field, plural in (("category", "categories"), ("difficulty", "difficulties")):
        parts = raw.words(plural)
        if parts is not None:
            expected = f"a {field} of release.toml"
            yield from _unknown_words(file, (*where, field), item.get(field), parts, expected)
    if "printed" in raw.clean or "printed" not in raw.tables:
        places = [str(row.values["table"]) for row in raw.table("printed").rows]
        yield from _unknown_words(file, (*where, "tables"), item.get("tables"), places, _PLACE)


_MODEL = "the id of a model in models.toml"
_GROUP = "the id of a model or a comparison, best or all"
_METRIC = "a metric of release.toml, passed_of_compiled, parameters or efficiency"
_PLACE = "a place that printed.csv names"


def _unknown_words(
    file: TomlFile, where: KeyPath, value: Any, known: Sequence[str], expected: str
) -> Iterator[ResultFileError]:
    """Check one name, or each of a list; anything else the schema has refused."""
    named: Iterable[tuple[KeyPath, str]] = (
        [(where, value)]
        if isinstance(value, str)
        else [((*where, i), word) for i, word in _texts(value)]
    )
    for place, word in named:
        if word not in known:
            yield _unknown(file, place, word, known, expected)


def _unknown(
    file: TomlFile, where: KeyPath, word: str, known: Sequence[str], expected: str
) -> ResultFileError:
    return file.error(
        where,
        found=f"{shown(word)} is unknown",
        expected=expected,
        way_out=suggestion(word, known),
    )


def _figure_errors(
    raw: RawRelease, file: TomlFile, where: KeyPath, item: Mapping[str, Any]
) -> Iterator[ResultFileError]:
    """A single printed figure of the vocabulary has the unit, model and versus that it takes."""
    word, unit = item.get("figure"), item.get("unit")
    if "tables" in item or not isinstance(word, str) or word not in FIGURES:
        return
    figure = FIGURES[word]
    if isinstance(unit, str) and unit not in figure.units:
        yield file.error(
            (*where, "unit"),
            found=shown(unit),
            expected=f"{listed(figure.units)}, as {word} is given",
        )
    models, against = (len(_texts(item.get(field))) for field in ("models", "against"))
    if models > 1 or (figure.model == "needed" and models == 0):
        yield file.error(
            (*where, "models"),
            found=f"{models} models",
            expected=f"one model, whose {word} it is",
        )
    if against > 1 or (figure.versus and figure.versus_needed and against == 0):
        yield file.error(
            (*where, "against"), found=f"{against} names", expected=f"one name: {word} needs one"
        )
    yield from _versus_errors(raw, file, where, item, word)


def _versus_errors(
    raw: RawRelease, file: TomlFile, where: KeyPath, item: Mapping[str, Any], word: str
) -> Iterator[ResultFileError]:
    known = {"model": raw.ids("models"), "comparison": raw.ids("comparisons"), "best": [BEST]}
    choices = [known[kind] for kind in FIGURES[word].versus]
    words = [name for choice in choices if choice is not None for name in choice]
    for i, name in _texts(item.get("against")):
        everything = [*(raw.ids("models") or []), *(raw.ids("comparisons") or []), BEST, ALL]
        if name in everything and name not in words and None not in choices:
            yield file.error(
                (*where, "against", i),
                found=shown(name),
                expected=f"what {word} is computed against: {listed(words) or 'nothing'}",
            )


def _statistic_errors(
    raw: RawRelease, file: TomlFile, where: KeyPath, item: Mapping[str, Any]
) -> Iterator[ResultFileError]:
    """A continuous metric has several figures, so one is named; a rate or a size is one already."""
    metric, kind = item.get("metric"), item.get("kind")
    if not isinstance(metric, str) or raw.release is None or kind in {"count", "consistent"}:
        return
    declared = {m["id"]: m.get("kind") for _, m in tables_of(raw.release, "metrics")}
    continuous = declared.get(metric) == "continuous"
    if continuous and "statistic" not in item and "statistic" in KINDS_WITH.get(str(kind), ()):
        yield file.error(
            (*where, "statistic"),
            found="it is missing",
            expected=f"which figure of {metric}: count, mean, median, std, min or max",
        )
    if not continuous and metric in {*declared, *DERIVED} and "statistic" in item:
        yield file.error(
            (*where, "statistic"),
            found=shown(item["statistic"]),
            expected=f"nothing: {metric} is one figure for each model",
        )
    if continuous and "statistic" not in KINDS_WITH.get(str(kind), ("statistic",)):
        yield file.error(
            (*where, "metric"),
            found=shown(metric),
            expected=f"a rate, a size or an efficiency: {kind} takes no summary",
        )


KINDS_WITH = {name: kind.fields for name, kind in KINDS.items()}
"""Fields of each kind."""


def _texts(value: Any) -> list[tuple[int, str]]:
    items = value if isinstance(value, list) else []
    return [(i, word) for i, word in enumerate(items) if isinstance(word, str)]
