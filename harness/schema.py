"""The shipped JSON Schemas: what the reader validates with, its complaints in our own words.

Each property carries ``x-expected``, the phrase a person reads when a value does not fit it, so a
schema says both what is checked and what is told.
"""

import functools
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from harness.text import shown, suggestion

Schema = Mapping[str, Any]
KeyPath = tuple[str | int, ...]

NAMES = (
    "release",
    "models",
    "problem_counts",
    "problems",
    "counts",
    "summaries",
    "runtimes",
    "printed",
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
    if text.strip().casefold().lstrip("+-") in {"nan", "inf", "infinity", "n/a", "na", "none", "-"}:
        return "A number that is not known is left out: delete the row, or empty an optional cell."
    if re.fullmatch(r"\d{1,3}([,.' \u00a0\u202f]\d{3})+", text) and (whole or "." not in text):
        return f"Write it without separators: {re.sub(r'[^0-9]', '', text)}."
    if whole and re.fullmatch(r"\d+\.0+", text):
        return f"Write {text.partition('.')[0]}."
    if re.fullmatch(r"-?\d+,\d+", text):
        return f"Write it with a point: {text.replace(',', '.')}."
    if text != text.strip():
        return "Remove the spaces around it."
    if text.endswith("%"):
        return "Write the count, not the percentage." if whole else "Leave out the percent sign."
    return ""


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    checker = checker.redefine("number", _is_finite)
    validator: Draft202012Validator = extend(Draft202012Validator, type_checker=checker)(
        load_schema(name)
    )
    return validator


def _is_integer(_: Any, value: Any) -> bool:
    """Take only whole numbers written as such: 12.0 is a sign that something was averaged."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(_: Any, value: Any) -> bool:
    return _is_integer(_, value) or (isinstance(value, float) and math.isfinite(value))


def _told(error: ValidationError) -> Iterator[Violation]:
    where: KeyPath = tuple(error.absolute_path)
    schema = error.schema
    if error.validator == "required":
        for key in schema["required"]:
            if key not in error.instance:
                yield _missing((*where, key), schema["properties"][key])
    elif error.validator == "additionalProperties":
        known = list(schema.get("properties", ()))
        for key in error.instance:
            if key not in known:
                yield Violation(
                    (*where, key),
                    found="an unknown key",
                    expected="a key that this version knows",
                    way_out=suggestion(key, known),
                )
    else:
        yield Violation(where, _found(error.instance), _expected(schema), _way_out(error))


def _missing(where: KeyPath, subschema: Schema) -> Violation:
    return Violation(where, found="it is missing", expected=_expected(subschema))


def _found(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return {list: "a list", dict: "a table"}.get(type(value)) or shown(value)


def _expected(schema: Schema) -> str:
    return str(schema["x-expected"])


def _way_out(error: ValidationError) -> str:
    schema: Schema = error.schema
    value = error.instance
    if isinstance(value, str) and "enum" in schema:
        return suggestion(value, schema["enum"])
    if isinstance(value, str) and schema.get("type") in {"integer", "number"}:
        return number_way_out(value, whole=schema["type"] == "integer")
    return str(schema.get("x-way-out", ""))
