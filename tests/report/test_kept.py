"""Kept results are the results: made once, told apart by what decides them."""

from pathlib import Path

from report.analysis.power import as_json, from_json, plan_for
from report.kept import kept_json


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    calls = []

    def make() -> list[int]:
        calls.append(1)
        return [len(calls)]

    first = kept_json(tmp_path, "x", {"a": 1}, make, code="report/kept.py")
    again = kept_json(tmp_path, "x", {"a": 1}, make, code="report/kept.py")
    other = kept_json(tmp_path, "x", {"a": 2}, make, code="report/kept.py")
    based = kept_json(tmp_path, "x", {"a": 1}, make, code="report/kept.py", basis="2.0")
    assert (first, again, other, based) == ([1], [1], [2], [3])


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    assert kept_json(None, "x", [], lambda: 1, code="report/kept.py") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_plan_survives_being_kept() -> None:
    plan = plan_for(20, 3, level=0.95)
    assert from_json(as_json(plan)) == plan
