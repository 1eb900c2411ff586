"""Aliases, and what a version says of the latest one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.reader import read_release
from report.document import Latest, Page, Version
from report.lineage import aliases, in_latest, linked, selector_title


def version(name: str, *, draft: bool = False, pages: tuple[str, ...] = ("index.md",)) -> Version:
    return Version(name, name, "", draft, [Page(path, path, "# P") for path in pages])


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("p", {0: ("latest",)}),
        ("d", {0: ("draft",)}),
        ("ddp", {1: ("draft",), 2: ("latest",)}),
        ("ppd", {1: ("latest",), 2: ("draft",)}),
        ("pdpd", {2: ("latest",), 3: ("draft",)}),
    ],
)
def test_latest_is_the_newest_published_and_draft_the_newest_draft(
    small_release: Callable[..., Path], statuses: str, expected: dict[int, tuple[str, ...]]
) -> None:
    release = read_release(small_release())
    words = {"p": "published", "d": "draft"}
    given = [
        replace(release, version=f"v{at}", status=words[letter])  # type: ignore[arg-type]
        for at, letter in enumerate(statuses)
    ]
    found = aliases(given)
    assert {name: names for name, names in found.items() if names} == {
        f"v{at}": names for at, names in expected.items()
    }
    assert list(found) == [r.version for r in given]


def test_older_versions_are_replaced_and_newer_drafts_are_not() -> None:
    given = [version("a", draft=True), version("b"), version("c"), version("d", draft=True)]
    a, b, c, d = linked(given)
    home = frozenset({"index.md"})
    assert a.latest == b.latest == Latest("c", replaces=True, pages=home)
    assert c.latest is None
    assert d.latest == Latest("c", replaces=False, pages=home)


def test_where_nothing_is_published_there_is_no_latest() -> None:
    assert [v.latest for v in linked([version("a", draft=True)])] == [None]


def test_a_page_has_an_address_in_the_latest_version_only_if_it_is_there() -> None:
    pages = ("index.md", "methods/a b.md", "é.md", "gone.md")
    old, _ = linked([version("v1", pages=pages), version("v2", pages=pages[:3])])
    assert [in_latest(page, old) for page in old.pages] == [
        "v2/index.html",
        "v2/methods/a%20b.html",
        "v2/%C3%A9.html",
        None,
    ]


def test_a_draft_is_known_as_one_in_the_selector() -> None:
    assert selector_title(version("v1")) == "v1"
    assert selector_title(version("v2", draft=True)) == "v2 (draft)"
    assert selector_title(version("v2-Draft1", draft=True)) == "v2-Draft1"
