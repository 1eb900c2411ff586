"""results/README.md, the schemas and the vocabulary say the same."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.claim_kinds import KINDS
from harness.figures import FIGURES
from harness.reader import LEFT_ALONE, OUTCOMES, READ, TABLES, TOMLS
from harness.schema import NAMES, load_schema

README = Path(__file__).resolve().parents[2] / "results" / "README.md"


def tables(heading: str) -> list[list[str]]:
    """Give the cells of the first table below a heading, without its two head rows."""
    section = README.read_text("utf-8").split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def fields(schema: dict[str, Any], above: str = "") -> Iterator[tuple[str, bool]]:
    """Yield (dotted name, whether it must be there) of every property."""
    for name, property_ in schema.get("properties", {}).items():
        yield above + name, name in schema["required"]
        yield from fields(property_.get("items", property_), f"{above}{name}.")


def heading(name: str) -> str:
    if name == "freeze":
        return "## `freeze.json`"
    return f"## `{name}.toml`" if name in TOMLS else f"## `{name}.csv`"


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_documented_and_every_documented_field_exists(name):
    documented = [row[0].strip("`") for row in tables(heading(name))]
    assert sorted(documented) == sorted(field for field, _ in fields(load_schema(name)))


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_says_what_missing_means(name):
    required = dict(fields(load_schema(name)))
    for field, kind, _unit, says, missing in tables(heading(name)):
        assert kind
        assert says
        assert (missing == "error") == required[field.strip("`")], field


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_valid_and_every_property_has_its_phrase(name):
    schema = load_schema(name)
    Draft202012Validator.check_schema(schema)

    def check(part: dict[str, Any]) -> None:
        assert part["x-expected"]
        assert part.get("description") or part.get("title")
        for inner in part.get("properties", {}).values():
            check(inner)
        for key in ("items", "additionalProperties"):
            if isinstance(part.get(key), dict):
                check(part[key])

    for property_ in schema["properties"].values():
        check(property_)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("name", TABLES)
def test_keys_and_optional_columns_are_columns(name):
    schema = load_schema(name)
    assert set(schema["x-key"]) <= set(schema["properties"])
    assert not set(schema["x-optional-columns"]) & set(schema["required"])


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_names_the_key(name):
    text = README.read_text("utf-8").split(f"\n{heading(name)}\n", 1)[1].split("|", 1)[0]
    found = re.search(r"Key: ([^.]*)\.", text)
    named = re.findall(r"`(\w+)`", found[1]) if found else []
    assert named == list(load_schema(name)["x-key"])


def test_the_readme_lists_every_file():
    listing = README.read_text("utf-8").split("```")[1]
    named = re.findall(r"^  (\S+)", listing, re.MULTILINE)
    assert {name.strip("/") for name in named} == {*READ, *LEFT_ALONE, OUTCOMES[0]}


def test_the_vocabulary_is_the_same_in_schema_code_and_readme():
    words = [row[0].strip("`") for row in tables("### The vocabulary of printed figures")]
    assert words == list(FIGURES) == load_schema("printed")["properties"]["figure"]["enum"]


def test_the_readme_says_what_each_word_needs():
    marks = {"needed": "●", "allowed": "○", "empty": "–"}
    for row in tables("### The vocabulary of printed figures"):
        figure = FIGURES[row[0].strip("`")]
        versus = "needed" if figure.versus_needed else "allowed"
        expected = [
            marks[figure.model],
            f"{marks[versus]} {', '.join(figure.versus)}" if figure.versus else "–",
            marks[figure.category],
            marks[figure.difficulty],
            ", ".join(figure.units),
        ]
        assert row[1:6] == expected, row[0]


def test_the_schema_knows_every_unit_and_no_other():
    known = load_schema("printed")["properties"]["unit"]
    units = {unit for figure in FIGURES.values() for unit in figure.units}
    assert set(known["enum"]) == units
    assert known["x-expected"] == f"one of {', '.join(known['enum'])}"


def test_the_readme_says_what_each_kind_of_assertion_needs():
    rows = tables("### The kinds of assertion")
    assert [row[0].strip("`") for row in rows] == list(KINDS)
    assert load_schema("claims")["properties"]["claims"]["items"]["properties"]["assertions"][
        "items"
    ]["properties"]["kind"]["enum"] == list(KINDS)
    for row in rows:
        kind = KINDS[row[0].strip("`")]
        groups = [f"({listed(group)})" for group in kind.some]
        needs = ", ".join([*(f"`{field}`" for field in kind.needed), *groups])
        assert row[1] == needs, row[0]
        assert row[2] == listed(kind.allowed), row[0]


def listed(fields):
    return ", ".join(f"`{field}`" for field in fields)
