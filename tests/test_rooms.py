"""The three rooms stay apart: imports run one way only."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MAY_IMPORT = {
    "stats": {"stats"},
    "harness": {"harness"},
    "report": {"report", "stats", "harness"},
}
"""What each room may import of the project itself."""

STATS_LIBRARIES = {"numpy", "scipy", "statsmodels"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its room"
            yield (node.module or "").partition(".")[0]


def sources(room: str) -> list[Path]:
    found = sorted((ROOT / room).rglob("*.py"))
    assert found, f"no sources in {room}"
    return found


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_what_it_may(room: str) -> None:
    others = (set(MAY_IMPORT) | {"build", "tests", "benchmarks"}) - MAY_IMPORT[room]
    wrong = [(p.name, name) for p in sources(room) for name in imported(p) if name in others]
    assert wrong == []


def test_stats_knows_no_library_but_the_numerical_ones() -> None:
    allowed = STATS_LIBRARIES | {"stats"} | set(sys.stdlib_module_names)
    wrong = [(p.name, name) for p in sources("stats") for name in set(imported(p)) - allowed]
    assert wrong == []


def test_stats_neither_reads_nor_writes_nor_prints() -> None:
    forbidden = {"open", "print", "input"}
    wrong = [
        (path.name, node.lineno)
        for path in sources("stats")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in forbidden
    ]
    assert wrong == []


def test_build_py_holds_no_logic() -> None:
    # Wiring: no loops over data, no arithmetic beyond joining paths.
    tree = ast.parse((ROOT / "build.py").read_text("utf-8"))
    loops = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.While)]
    assert loops == []
    assert len((ROOT / "build.py").read_text("utf-8").splitlines()) < 400
