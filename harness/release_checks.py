"""What release.toml and models.toml must hold beyond their schemas."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.errors import ResultFileError
from harness.raw import RawRelease, tables_of, usual_order
from harness.text import folded, listed, shown, suggestion
from harness.toml_file import TomlFile
from harness.toml_lines import KeyPath

RESERVED = frozenset(
    {
        *("latest", "draft", "assets", "search"),
        *("index.html", "404.html", "versions.html", "versions.json", "versions.js"),
        *("feed.xml", "redirect.js"),
    }
)
BEST = "best"  # printed.csv's word for the best model


def release_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    """Yield what is wrong with the two TOML files, each on its own and with one another."""
    if raw.release is not None:
        yield from _version_errors(raw.release, raw.folder.absolute().name)
        yield from _date_errors(raw.release)
        yield from _derived_errors(raw, raw.release)
        yield from _mix_errors(raw, raw.release)
        for words in ("categories", "difficulties"):
            yield from _same_word_errors(raw.release, words)
        for tables in ("metrics", "comparisons"):
            yield from _duplicate_errors(raw.release, tables, _named(raw.release, tables, "id"))
        yield from _passed_errors(raw, raw.release)
        yield from _comparison_errors(raw, raw.release)
    if raw.models is not None:
        yield from _duplicate_errors(raw.models, "models", _named(raw.models, "models", "id"))
        yield from _duplicate_errors(raw.models, "models", _model_names(raw.models))
        yield from _model_errors(raw.models)


def _version_errors(release: TomlFile, folder: str) -> Iterator[ResultFileError]:
    version = release.document.get("version")
    if isinstance(version, str) and version != folder:
        yield release.error(
            ("version",),
            found=shown(version),
            expected=f"the name of the folder, {shown(folder)}",
            way_out="Rename one of the two.",
        )
    if isinstance(version, str) and version.casefold() in RESERVED:
        yield release.error(
            ("version",),
            found=shown(version),
            expected="a name that the site does not use itself",
            way_out=f"Names in use: {listed(sorted(RESERVED))}.",
        )
    if isinstance(version, str) and release.document.get("previous") == version:
        yield release.error(
            ("previous",),
            found=f"{shown(version)}, the release itself",
            expected="an earlier release",
            way_out="Leave it out if there is none.",
        )


def _derived_errors(raw: RawRelease, release: TomlFile) -> Iterator[ResultFileError]:
    """What release.toml leaves to problems.csv has to be there, and in a known order."""
    if "n_problems" not in release.document and raw.n_problems is None:
        yield release.error(
            ("n_problems",),
            found="it is missing, and no problems.csv says how many problems there are",
            expected="a whole number, 1 or more",
        )
    words = raw.words("difficulties") or ()
    kinds = {usual_order(word)[0] for word in words}
    if "difficulties" not in release.document and (len(kinds) > 1 or (2 in kinds and words[1:])):
        yield release.error(
            ("difficulties",),
            found="it is missing, and problems.csv has words whose order is not known",
            expected="the difficulties, easiest first",
            way_out=f"Add difficulties = {json.dumps(list(words), ensure_ascii=False)} in the "
            "right order.",
        )


def _date_errors(release: TomlFile) -> Iterator[ResultFileError]:
    date = release.document.get("date")
    if not isinstance(date, str) or len(date) != len("2025-08-31"):
        return  # the schema has said so
    try:
        dt.date.fromisoformat(date)
    except ValueError:
        yield release.error(
            ("date",),
            found=f"{shown(date)}, a day that does not exist",
            expected="a date such as 2025-08-31",
        )


def _mix_errors(raw: RawRelease, release: TomlFile) -> Iterator[ResultFileError]:
    mix = release.document.get("reference_mix")
    difficulties = raw.words("difficulties")
    if not isinstance(mix, dict) or difficulties is None:
        return
    unknown = [name for name in mix if name not in difficulties]
    for name in unknown:
        yield release.error(
            ("reference_mix", name),
            found=f"{shown(name)} is no difficulty of this release",
            expected="its difficulties",
            way_out=suggestion(name, difficulties),
        )
    missing = [name for name in difficulties if name not in mix]
    if missing and not unknown:
        yield release.error(
            ("reference_mix",),
            found=f"no weight for {listed(missing)}",
            expected="a weight for every difficulty",
            way_out="Without reference_mix the benchmark's own mix is used.",
        )
    weights = [w for w in mix.values() if isinstance(w, (int, float)) and 0 < w <= 1]
    if len(weights) == len(mix) and abs(sum(weights) - 1) > 1e-6:
        yield release.error(
            ("reference_mix",),
            found=f"weights that sum to {sum(weights):.6g}",
            expected="weights that sum to 1",
        )


def _same_word_errors(release: TomlFile, field: str) -> Iterator[ResultFileError]:
    words = release.document.get(field, [])
    if isinstance(words, list):
        named = [((field, i), w) for i, w in enumerate(words) if isinstance(w, str)]
        yield from _duplicate_errors(release, field, named)


def _passed_errors(raw: RawRelease, release: TomlFile) -> Iterator[ResultFileError]:
    kinds = {item["id"]: item.get("kind") for _, item in tables_of(release, "metrics")}
    if raw.table("counts").rows and kinds.get("passed") != "binary":
        yield release.error(
            ("metrics",),
            found='no binary metric "passed"',
            expected='a [[metrics]] table with id = "passed" and kind = "binary"',
            way_out="counts.csv counts what passed, so the release has to say what that means.",
        )


def _comparison_errors(raw: RawRelease, release: TomlFile) -> Iterator[ResultFileError]:
    known = raw.ids("models")
    for position, comparison in tables_of(release, "comparisons"):
        where: KeyPath = ("comparisons", position)
        if known is None:
            continue
        if comparison["id"] in {*known, BEST}:
            yield release.error(
                (*where, "id"),
                found=f"{shown(comparison['id'])} also names something else",
                expected=f"an id that no model has, and not {shown(BEST)}",
                way_out="printed.csv could not tell the two apart.",
            )
        for side in ("models", "against"):
            yield from _member_errors(raw, release, (*where, side), comparison.get(side))
        both = set(_texts(comparison.get("models"))) & set(_texts(comparison.get("against")))
        if both:
            yield release.error(
                (*where, "against"),
                found=f"{listed(sorted(both))} on both sides",
                expected="models that are not compared with themselves",
            )


def _member_errors(
    raw: RawRelease, release: TomlFile, where: KeyPath, members: Any
) -> Iterator[ResultFileError]:
    known = raw.ids("models") or []
    counted = {row.values["model"] for row in raw.table("counts").rows}
    for position, member in enumerate(_texts(members)):
        if member not in known:
            yield release.error(
                (*where, position),
                found=f"{shown(member)} is not a model of this release",
                expected="the id of a model in models.toml",
                way_out=suggestion(member, known),
            )
        elif "counts" in raw.clean and member not in counted and counted <= set(known):
            yield release.error(
                (*where, position),
                found=f"{shown(member)} has no row in counts.csv",
                expected="models with results",
                way_out="Add its row, or take it out of the comparison.",
            )


def _model_errors(models: TomlFile) -> Iterator[ResultFileError]:
    for position, model in tables_of(models, "models"):
        if model.get("group") == "focus" and model.get("focus") is False:
            yield models.error(
                ("models", position, "focus"),
                found='false, in a model of the group "focus"',
                expected="true",
                way_out="Leave it out: the models of this group are focus models.",
            )
        sizes = model.get("parameters")
        if isinstance(sizes, dict):
            yield from _size_errors(models, ("models", position, "parameters"), sizes)


def _size_errors(
    models: TomlFile, where: KeyPath, sizes: Mapping[str, Any]
) -> Iterator[ResultFileError]:
    total, active = sizes.get("total"), sizes.get("active")
    if isinstance(total, (int, float)) and isinstance(active, (int, float)) and active > total:
        yield models.error(
            (*where, "active"), found=shown(active), expected=f"at most the total, {shown(total)}"
        )
    if sizes.get("speculative") is True and total is None:
        yield models.error(
            (*where, "speculative"),
            found="true, without a size",
            expected="a total that is speculative",
        )


def _model_names(models: TomlFile) -> list[tuple[KeyPath, str]]:
    """List names and aliases of all models; an alias that repeats its own model's name counts."""
    named = _named(models, "models", "name")
    for position, model in tables_of(models, "models"):
        where: KeyPath = ("models", position, "aliases")
        named += [((*where, i), alias) for i, alias in enumerate(_texts(model.get("aliases")))]
    return named


def _named(source: TomlFile, tables: str, key: str) -> list[tuple[KeyPath, str]]:
    return [
        ((tables, position, key), item[key])
        for position, item in tables_of(source, tables)
        if isinstance(item.get(key), str)
    ]


def _duplicate_errors(
    source: TomlFile, what: str, named: Iterable[tuple[KeyPath, str]]
) -> Iterator[ResultFileError]:
    first: dict[str, KeyPath] = {}
    for where, word in named:
        earlier = first.setdefault(folded(word), where)
        if earlier != where:
            yield source.error(
                where,
                found=f"{shown(word)} stands on line {source.line_of(earlier)} already",
                expected=f"{what} that differ in more than case and spaces",
            )


def _texts(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
