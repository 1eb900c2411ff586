"""The cache under what processes and disks do to it: kills, torn files, others that prune."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small import write_small_release

from report.drawing import rasterise
from report.kept import kept_json
from report.unused import read_used, sealed

ROOT = Path(__file__).resolve().parents[2]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>'

WRITER = """
import sys
from pathlib import Path
from report.kept import kept_json
print("ready", flush=True)
for number in range(10**6):
    value = [number % 50] * 40_000
    kept = kept_json(Path(sys.argv[1]), "x", number % 50, lambda: value, code="report/kept.py")
    assert kept == value, number
    if number % 7 == 0:
        for file in Path(sys.argv[1]).glob(f"*{number % 3}.x.json"):
            file.unlink(missing_ok=True)
"""

PRUNER = """
import sys, time
from pathlib import Path
from report.unused import drop_unused
while True:
    drop_unused(Path(sys.argv[1]) / "drawings", now=time.time() + 10, days=0)
"""


def start(code: str, folder: Path) -> subprocess.Popen[str]:
    run = [sys.executable, "-c", code, str(folder)]
    return subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def torn(content: bytes) -> Iterator[bytes]:
    """What a disk may keep of a file when power goes."""
    yield b""
    yield content[:20]
    yield content[:32]
    yield content[: len(content) // 2]
    yield content[:-1]
    yield bytes(len(content))
    yield content[:-1] + bytes([content[-1] ^ 1])
    yield bytes([content[0] ^ 1]) + content[1:]
    yield content + b"\n"


def test_a_torn_entry_is_made_anew(tmp_path: Path) -> None:
    def use() -> tuple[bytes, object]:
        picture = rasterise(SVG, cache=tmp_path)
        return picture, kept_json(tmp_path, "sum", [1], lambda: {"a": 3}, code="report/kept.py")

    made = use()
    for file in [path for path in tmp_path.rglob("*") if path.is_file()]:
        whole = file.read_bytes()
        for broken in torn(whole):
            file.write_bytes(broken)
            assert read_used(file) is None
            assert use() == made
            assert file.read_bytes() == whole


def test_nothing_is_taken_for_sealed_that_is_not(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    for content in (b"", b"x", bytes(64)):
        file.write_bytes(sealed(content))
        assert read_used(file) == content
        file.write_bytes(content)
        assert read_used(file) is None


@pytest.mark.slow
def test_killed_writers_leave_only_whole_entries(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments to kill at
    for _ in range(10):
        writers = [start(WRITER, tmp_path) for _ in range(2)]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.25))
        for writer in writers:
            assert writer.poll() is None  # it found every value as it was made
            writer.kill()
            writer.wait()
            assert writer.stdout is not None
            writer.stdout.close()
        entries = [p for p in tmp_path.iterdir() if not p.name.startswith(".half-")]
        for file in entries:
            found = read_used(file)
            assert found is not None, file
            assert len(set(json.loads(found))) == 1
    assert entries


@pytest.mark.slow
def test_two_builds_of_one_cache_that_a_third_process_empties_agree(tmp_path: Path) -> None:
    """Real processes; each build finds drawings that the other made, or that just went."""
    write_small_release(tmp_path)
    shared = ["--results", str(tmp_path / "results"), "--cache", str(tmp_path / "cache")]

    def built(name: str) -> dict[str, bytes]:
        run = [sys.executable, "build.py", "site", *shared, "--site", str(tmp_path / name)]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        files = (path for path in (tmp_path / name).rglob("*") if path.is_file())
        return {path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in files}

    pruner = start(PRUNER, tmp_path / "cache")
    try:
        with ThreadPoolExecutor(2) as pool:
            one, two = pool.map(built, ("one", "two"))
        assert pruner.poll() is None
    finally:
        pruner.kill()
        pruner.communicate()
    assert one == two
    assert one == built("three")
