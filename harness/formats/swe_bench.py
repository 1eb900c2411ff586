"""SWE-bench's report of a run: lists of instance ids, in the current schema and that of 2024."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from harness.formats.files import read_json
from harness.formats.peek import peek_json
from harness.formats.place import Place
from harness.formats.reading import Format, Reading, SetAside
from harness.formats.records import problem_table, row_table

# What a report says of an instance; the first list that holds an id decides.
VERDICTS = ("resolved", "unresolved", "error", "empty_patch")
TRIED = ("submitted", "completed")
NOT_TRIED = "incomplete"
CURRENT = (*VERDICTS, *TRIED, NOT_TRIED)
# Stages of the schema of 2024, the last one reached first.
STAGES = (
    "resolved", "test_timeout", "test_errored", "applied", "no_apply", "reset_failed",
    "install_fail", "with_logs", "generated", "no_generation", "no_logs",
)  # fmt: skip
# Pairs of lists of 2024 of which an instance can be in one only.
ALTERNATIVES = (("applied", "no_apply"), ("generated", "no_generation"), ("with_logs", "no_logs"))

INSTANCE = re.compile(
    r"(?:instance_)?(?P<owner>.+?)__(?P<repository>.+?)-(?:\d+|[0-9a-f]{40}(?:-.+)?)\Z"
)


@dataclass(frozen=True, slots=True)
class IdList:
    """One list of a report: its ids once each, and how many stood there again."""

    ids: tuple[str, ...]
    repeated: int


def repository(instance: str) -> str | None:
    """Give the repository that an instance id speaks of, as ``owner/name``; None where none is."""
    match = INSTANCE.match(instance)
    return f"{match['owner']}/{match['repository']}" if match else None


def repositories(instances: Mapping[str, Any]) -> pl.DataFrame:
    """Lay out each instance with its repository as the category."""
    return problem_table({"problem": i, "category": repository(i)} for i in instances)


def matches_current(path: Path, head: bytes) -> bool:
    """Tell a report whose lists are named ``resolved_ids`` and the like."""
    del path
    keys = _keys(head)
    lists = {f"{word}_ids" for word in CURRENT}
    counts = {f"{word}_instances" for word in CURRENT}
    return len(keys & lists) >= 2 or bool(keys & lists and keys & counts) or len(keys & counts) >= 3


def matches_2024(path: Path, head: bytes) -> bool:
    """Tell a report of 2024, whose lists are named after the stages of a run."""
    del path
    return not matches_current(Path(), head) and len(_keys(head) & set(STAGES)) >= 2


def read_current(path: Path) -> Reading:
    """Read a report of the current schema.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a list that is none, a count that is not its list's, an id both resolved and not,
        or no list of what was tried.
    """
    report = Place(path, read_json(path))
    lists = {word: _ids(place) for word in CURRENT if (place := _current(report, word))}
    _check_counts(report, lists)
    _check_tried(report, lists, ("unresolved", *TRIED))
    _check_resolved(report, lists, ("unresolved", "error", "empty_patch", NOT_TRIED))
    _check_within(report, lists, VERDICTS, "submitted")
    _check_within(report, lists, ("resolved", "unresolved"), "completed")
    outcomes = _current_outcomes(lists)
    skipped = lists[NOT_TRIED].ids if NOT_TRIED in lists else ()
    total = report.get("total_instances")
    size = total.whole() if total else None
    return Reading(
        format="swe-bench",
        path=path,
        rows=_rows(outcomes),
        problems=repositories(dict.fromkeys((*outcomes, *skipped))),
        model_names={},
        rules=_current_rules(size, len(outcomes)),
        set_aside=(*_repeats(lists, _in_two_verdicts(lists)), *_current_missing(lists, outcomes)),
        n_problems=size,
    )


def read_2024(path: Path) -> Reading:
    """Read a report of the schema of 2024.

    Raises
    ------
    harness.errors.ResultFileError
        No JSON, a list that is none, an id both resolved and not applied, or no list of what was
        tried, as in a leaderboard's ``results.json``.
    """
    report = Place(path, read_json(path))
    lists = {word: _ids(place) for word in STAGES if (place := report.get(word))}
    _check_tried(report, lists, ("generated", "applied", "with_logs"))
    _check_resolved(report, lists, ("no_apply",))
    _check_within(report, lists, ("resolved",), "applied" if "applied" in lists else "generated")
    outcomes: dict[str, str] = {}
    for stage in STAGES:
        for instance in lists[stage].ids if stage in lists else ():
            outcomes.setdefault(instance, stage)
    applied = set(lists["applied"].ids) if "applied" in lists else None
    return Reading(
        format="swe-bench-2024",
        path=path,
        rows=_rows(outcomes, applied),
        problems=repositories(outcomes),
        model_names={},
        rules=(
            (
                "An instance is passed where it stands in resolved, and failed where it stands in "
                "other lists alone; the outcome names the last stage it reached."
            ),
            (
                f"The report states no size of the benchmark: the {len(outcomes):,} instances are "
                "those of all lists together, and an instance in no list is missing, not failed."
            ),
        ),
        set_aside=_repeats(lists, _in_two_stages(lists)),
    )


def _keys(head: bytes) -> set[str]:
    """Give the keys of a report's lists and counts, as far as the first bytes show."""
    value = peek_json(head)
    if not isinstance(value, dict):
        return set()
    return {key for key, held in value.items() if _is_ids(held) or type(held) is int}


def _is_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _current(report: Place, word: str) -> Place | None:
    """Go to a list by its name in the report, ``resolved_ids`` or ``resolved``."""
    named = report.get(f"{word}_ids")
    if named is not None:
        return named
    bare = report.get(word)
    return bare if bare is not None and isinstance(bare.value, list) else None


def _ids(place: Place) -> IdList:
    names = [entry.name() for entry in place.entries()]
    once = tuple(dict.fromkeys(names))
    return IdList(once, len(names) - len(once))


def _check_counts(report: Place, lists: Mapping[str, IdList]) -> None:
    """Hold each stated count against its list: a shorter list was cut off or edited."""
    for word, ids in lists.items():
        stated = report.get(f"{word}_instances")
        if stated is None:
            continue
        count = stated.whole()
        if count not in {len(ids.ids), len(ids.ids) + ids.repeated}:
            raise stated.error(
                expected=f"{len(ids.ids):,}, the number of ids that the report lists",
                way_out="Was the file edited? Write the report again with the harness.",
            )


def _check_tried(report: Place, lists: Mapping[str, IdList], words: tuple[str, ...]) -> None:
    if not any(word in lists for word in words):
        raise report.error(
            found="no list of the instances that were tried and not resolved",
            expected=f"one of the lists {', '.join(words)}",
            way_out="The rate's denominator is not in this file: take the report that the harness "
            "wrote of the run, not the leaderboard's extract.",
        )


def _check_resolved(report: Place, lists: Mapping[str, IdList], against: tuple[str, ...]) -> None:
    resolved = set(lists["resolved"].ids) if "resolved" in lists else set()
    for word in against:
        both = sorted(resolved & set(lists[word].ids)) if word in lists else []
        if both:
            raise Place(report.path, both[0], (both[0],)).error(
                found=f"the instance stands in resolved and in {word}",
                expected="one of them",
                way_out="Which holds? Take it out of the other list.",
            )


def _check_within(
    report: Place, lists: Mapping[str, IdList], words: tuple[str, ...], whole: str
) -> None:
    """Refuse an id with a verdict that a list of what was tried does not hold."""
    for word in words if whole in lists else ():
        outside = sorted(set(lists[word].ids) - set(lists[whole].ids)) if word in lists else []
        if outside:
            raise Place(report.path, outside[0], (outside[0],)).error(
                found=f"the instance stands in {word} and not in {whole}",
                expected="both, or neither",
                way_out="Was the file edited? Write the report again with the harness.",
            )


def _current_outcomes(lists: Mapping[str, IdList]) -> dict[str, str]:
    """Give the outcome of every instance that was tried, by id."""
    outcomes: dict[str, str] = {}
    for word in VERDICTS:
        for instance in lists[word].ids if word in lists else ():
            outcomes.setdefault(instance, word)
    rest = "submitted" if "unresolved" in lists else "unresolved"
    for word in TRIED:
        for instance in lists[word].ids if word in lists else ():
            outcomes.setdefault(instance, rest)
    return outcomes


def _current_rules(size: int | None, tried: int) -> tuple[str, ...]:
    rules = (
        (
            "An instance is passed where it stands in resolved_ids; unresolved, an error of the "
            "evaluation and an empty patch count as failed, as the harness counts them, and the "
            "outcome names which."
        ),
        "An instance that was not submitted is missing, not failed.",
    )
    if size is None:
        return (
            *rules,
            f"The report states no size of the benchmark; it names {tried:,} instances.",
        )
    return (
        *rules,
        (
            f"{tried:,} of the benchmark's {size:,} instances were tried; the harness divides by "
            f"{size:,}, the rates of this release by what was tried."
        ),
    )


def _current_missing(
    lists: Mapping[str, IdList], outcomes: Mapping[str, str]
) -> tuple[SetAside, ...]:
    unscored = sum(outcome == "submitted" for outcome in outcomes.values())
    skipped = [i for i in lists[NOT_TRIED].ids if i not in outcomes] if NOT_TRIED in lists else []
    both = len(lists[NOT_TRIED].ids) - len(skipped) if NOT_TRIED in lists else 0
    notes = (
        SetAside(
            "submitted instances without a verdict",
            unscored,
            "They stand in submitted_ids and in no other list: unscored, not failed.",
        ),
        SetAside(
            "instances not submitted",
            len(skipped),
            "They stand in incomplete_ids: missing, not failed.",
        ),
        SetAside(
            "instances in incomplete_ids that have a verdict",
            both,
            "The verdict is taken.",
        ),
    )
    return tuple(note for note in notes if note.count)


def _repeats(lists: Mapping[str, IdList], contradictory: int) -> tuple[SetAside, ...]:
    """Count ids that a list holds twice, and ids in two lists that exclude each other."""
    repeated = sum(ids.repeated for ids in lists.values())
    notes = (
        SetAside("ids that stand twice in one list", repeated, "Each counts once."),
        SetAside(
            "ids in two lists that exclude each other",
            contradictory,
            "Each counts once, with the outcome that lies furthest along the run.",
        ),
    )
    return tuple(note for note in notes if note.count)


def _in_two_verdicts(lists: Mapping[str, IdList]) -> int:
    held = Counter(i for word in VERDICTS if word in lists for i in lists[word].ids)
    return sum(count > 1 for count in held.values())


def _in_two_stages(lists: Mapping[str, IdList]) -> int:
    both: set[str] = set()
    for reached, missed in ALTERNATIVES:
        if reached in lists and missed in lists:
            both |= set(lists[reached].ids) & set(lists[missed].ids)
    return len(both)


def _rows(outcomes: Mapping[str, str], applied: set[str] | None = None) -> pl.LazyFrame:
    records = (
        {
            "problem": instance,
            "sample": 0,
            "passed": None if outcome == "submitted" else outcome == "resolved",
            "outcome": outcome,
            **({"applied": instance in applied} if applied is not None else {}),
        }
        for instance, outcome in outcomes.items()
    )
    return row_table(records, metrics={"applied": pl.Boolean()} if applied is not None else None)


FORMAT = Format(
    id="swe-bench",
    title="SWE-bench report",
    matches=matches_current,
    read=read_current,
    harness="SWE-bench",
)
FORMAT_2024 = Format(
    id="swe-bench-2024",
    title="SWE-bench report of 2024",
    matches=matches_2024,
    read=read_2024,
    harness="SWE-bench until 2024",
)
FORMATS = (FORMAT, FORMAT_2024)
