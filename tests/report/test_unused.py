"""The cache: what is used stays, what is not goes, and a build without it gives the same bytes."""

import os
from pathlib import Path

import pytest
from small import write_small_release

import build
from report.drawing import rasterise
from report.kept import kept_json
from report.unused import drop_unused, read_used, sealed

DAY = 86_400
NOW = 2_000_000_000.0
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>'


def aged(file: Path, days: float) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_text("x", "utf-8")
    os.utime(file, (NOW - days * DAY, NOW - days * DAY))
    return file


def test_what_was_not_used_for_30_days_goes(tmp_path: Path) -> None:
    old, half = aged(tmp_path / "ab/old.svg", 30.1), aged(tmp_path / "ab/.half-1-2", 40)
    young = aged(tmp_path / "cd/young.svg", 29.9)
    assert drop_unused(tmp_path, now=NOW) == 2
    assert not old.exists()
    assert not half.exists()
    assert young.exists()
    assert old.parent.is_dir()  # another process may be about to write there
    assert drop_unused(tmp_path / "absent", now=NOW) == 0


def test_a_drawing_and_a_kept_result_stay_by_being_used(tmp_path: Path) -> None:
    def use() -> None:
        rasterise(SVG, cache=tmp_path)
        kept_json(tmp_path, "sum", [1, 2], lambda: 3, code="report/kept.py")

    use()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    before = [path.stat().st_ino for path in files]
    for file in files:
        os.utime(file, (1.0, 1.0))
    use()
    assert drop_unused(tmp_path) == 0
    assert [path.stat().st_ino for path in files] == before  # used, not written again
    for file in files:
        os.utime(file, (1.0, 1.0))
    assert drop_unused(tmp_path) == 2


def test_a_file_that_another_process_drops_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one"
    file.write_bytes(sealed(b"x"))
    monkeypatch.setattr(os, "utime", lambda path: Path(path).unlink() or Path(path).stat())
    assert read_used(file) == b"x"  # dropped between reading and noting that
    assert read_used(file) is None


def test_two_that_drop_the_same_file_do_not_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(tmp_path / "one", 99)
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path: (unlink(path), unlink(path)))
    assert drop_unused(tmp_path, now=NOW) == 0
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_build_without_the_cache_gives_the_same_bytes(tmp_path: Path) -> None:
    write_small_release(tmp_path)
    cache = tmp_path / "cache"

    def built(*options: str) -> dict[str, bytes]:
        folders = ["--results", str(tmp_path / "results"), "--site", str(tmp_path / "site")]
        assert build.main(["site", *options, *folders, "--cache", str(cache)]) == 0
        files = (path for path in sorted((tmp_path / "site").rglob("*")) if path.is_file())
        return {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in files}

    anew = built("--no-cache")
    assert not cache.exists()
    assert built() == anew
    kept = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    assert kept
    assert built("--no-cache") == anew
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == kept
    assert built() == anew
