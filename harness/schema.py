"""The shipped JSON Schemas: what the reader validates with, its complaints in our own words.

Each property carries ``x-expected``, the phrase a person reads when a value does not fit it, so a
schema says both what is checked and what is told.
"""

import functools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from harness.text import near_miss, question, shown, suggestion
from harness.toml_lines import KeyPath

Schema = Mapping[str, Any]

UNKNOWN = re.compile(r"[+-]?(nan|inf|infinity)|n/?a|none|null|[-–—?]", re.IGNORECASE)
NAMES = (
    "release",
    "models",
    "claims",
    "problem_counts",
    "problems",
    "counts",
    "summaries",
    "runtimes",
    "printed",
    "freeze",
    "printed_tables",
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One value that does not fit its schema: where it is, and the sentence about it."""

    where: KeyPath
    found: str
    expected: str
    way_out: str = ""


@functools.cache
def load_schema(name: str) -> Schema:
    """Load one of the shipped schemas, such as ``counts``.

    Raises
    ------
    ValueError
        No schema has this name.
    """
    if name not in NAMES:
        raise ValueError(f"name must be one of {', '.join(NAMES)}, got {name!r}")
    text = resources.files("harness").joinpath(f"schemas/{name}.schema.json").read_text("utf-8")
    schema: Schema = json.loads(text)
    return schema


def violations(instance: Any, name: str) -> Iterator[Violation]:
    """Yield what does not fit the schema, one for each place, in the document's order."""
    seen: set[KeyPath] = set()
    for error in _validator(name).iter_errors(instance):
        for violation in _told(error):
            if violation.where not in seen:
                seen.add(violation.where)
                yield violation


def number_way_out(text: str, *, whole: bool) -> str:
    """Say how to write a number that was meant but cannot be taken; empty where that is unclear."""
    if UNKNOWN.fullmatch(text.strip()):
        return "A number that is not known is left out."
    if whole and text.endswith("%"):
        return "Write the count, not the percentage."
    plain = _plain_number(text, whole=whole)
    return f"Write {plain}." if plain not in {None, text} else ""


def _plain_number(text: str, *, whole: bool) -> str | None:
    """Reduce a number in a usual notation to plain digits; None where it could mean two things."""
    bare = text.strip(" \t\u00a0%")
    if not whole and re.fullmatch(r"[0-9]{1,3},[0-9]{3}", bare):
        return None
    if re.fullmatch(r"[0-9]{1,3}([,' \u00a0\u202f][0-9]{3})+(\.[0-9]+)?", bare):
        bare = re.sub(r"[^0-9.]", "", bare)
    elif re.fullmatch(r"-?[0-9]+,[0-9]+", bare):
        bare = bare.replace(",", ".")
    if whole:
        bare = re.sub(r"\.0+$", "", bare)
    pattern = r"-?[0-9]+" if whole else r"-?[0-9]+(\.[0-9]+)?"
    return bare if re.fullmatch(pattern, bare) else None


@functools.cache
def _validator(name: str) -> Validator:
    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    checker = checker.redefine("number", _is_finite)
    make: Callable[[Schema], Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, type_checker=checker
    )
    return make(load_schema(name))


def _is_integer(_: Any, value: Any) -> bool:
    """Take only whole numbers written as such: 12.0 is a sign that something was averaged."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(_: Any, value: Any) -> bool:
    return _is_integer(_, value) or (isinstance(value, float) and math.isfinite(value))


def _told(error: ValidationError) -> Iterator[Violation]:
    where: KeyPath = tuple(error.absolute_path)
    schema = cast("Schema", error.schema)
    instance = cast("Any", error.instance)
    properties = schema.get("properties", {})
    unknown = [k for k in instance if k not in properties] if isinstance(instance, dict) else []
    if error.validator == "required":
        meant = {near_miss(key, properties) for key in unknown}
        for key in schema["required"]:
            if key not in instance and key not in meant:
                yield Violation(
                    (*where, key), found="it is missing", expected=_expected(properties[key])
                )
    elif error.validator == "additionalProperties":
        for key in unknown:
            yield Violation(
                (*where, key),
                found="an unknown key",
                expected="a key that this version knows",
                way_out=suggestion(key, properties),
            )
    else:
        yield Violation(where, _found(instance), _expected(schema), _way_out(error))


def _found(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, dict)):
        kind = "list" if isinstance(value, list) else "table"
        return f"a {kind}" if value else f"an empty {kind}"
    return shown(value)


def _expected(schema: Schema) -> str:
    return str(schema["x-expected"])


def _way_out(error: ValidationError) -> str:
    schema = cast("Schema", error.schema)
    value = error.instance
    if isinstance(value, str) and "enum" in schema:
        return question(value, schema["enum"])
    if isinstance(value, str | float) and schema.get("type") in {"integer", "number"}:
        return number_way_out(str(value), whole=schema["type"] == "integer")
    return str(schema.get("x-way-out", ""))
