"""Two builds of the same commit are the same bytes, wherever, whenever and by whomever."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small import write_small_release

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ("build.py", "mkdocs.yml", "pyproject.toml", "harness", "stats", "report", "docs")

# Loaded by every Python below, helper processes included: the clock says another day.
OTHER_DAY = """\
import datetime, time
_SHIFT = 86_400 * 1_234.5
for _name in ("time", "time_ns"):
    _real = getattr(time, _name)
    _by = _SHIFT if _name == "time" else int(_SHIFT * 10**9)
    setattr(time, _name, lambda _real=_real, _by=_by: _real() + _by)
class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)
class _Date(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())
datetime.datetime, datetime.date = _Datetime, _Date
"""

HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",  # 14 hours ahead: another day for most of the day
    "LC_ALL": "C",
    "LANG": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "4242",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONUTF8": "0",
    "COLUMNS": "20",
    "USER": "somebody",
    "HOME": "/nonexistent",
}


def project(folder: Path, results: Path) -> Path:
    """Copy the project and these results to a folder of another path."""
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)
    shutil.copytree(results, folder / "results")
    return folder


def built(folder: Path, environment: dict[str, str], *, umask: int = 0o022) -> dict[str, bytes]:
    kept = {key: os.environ[key] for key in ("PATH", "VIRTUAL_ENV") if key in os.environ}
    run = subprocess.run(
        [sys.executable, "build.py"],
        cwd=folder,
        env={**kept, **environment},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    site = folder / "site"
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def today(environment: dict[str, str]) -> str:
    code = "import datetime; print(datetime.date.today())"
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout


def assert_equal(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert one.keys() == other.keys()
    assert [path for path in one if one[path] != other[path]] == []
    assert len(one) > 100


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The founding reports, undated, and a dated release that follows them."""
    folder = tmp_path_factory.mktemp("releases")
    shutil.copytree(ROOT / "results", folder / "results")
    small = write_small_release(folder, version="v0.2", text="Ünïcödé ≤ ∞ 模型") / "release.toml"
    more = 'previous = "v0.1"\ndate = 2025-08-31\nstatus'
    small.write_text(small.read_text("utf-8").replace("status", more, 1), "utf-8")
    return folder / "results"


@pytest.mark.slow
def test_another_path_day_locale_time_zone_and_hash_seed(releases: Path, tmp_path: Path) -> None:
    here = project(tmp_path / "here", releases)
    there = project(tmp_path / "some where" / "quite else", releases)
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(OTHER_DAY, "utf-8")
    clock = {"PYTHONPATH": str(tmp_path / "clock")}
    assert today({}) != today(clock)
    first = built(here, HERE)
    assert_equal(first, built(there, {**ELSEWHERE, **clock}, umask=0o077))
    assert b"2025-08-31" in first["v0.2/sitemap.xml"]
    # Again, from what the first build kept: a cache changes nothing either.
    (here / "site" / "versions.json").write_text("[]", "utf-8")
    assert_equal(first, built(here, ELSEWHERE))


@pytest.mark.slow
def test_source_date_epoch_has_priority(releases: Path, tmp_path: Path) -> None:
    folder = project(tmp_path / "project", releases)
    for founding in folder.glob("results/v0.1*"):
        shutil.rmtree(founding)
    toml = folder / "results" / "v0.2" / "release.toml"
    toml.write_text(toml.read_text("utf-8").replace('previous = "v0.1"\n', ""), "utf-8")
    site = built(folder, {**HERE, "SOURCE_DATE_EPOCH": "946684800"})
    assert b"2000-01-01" in site["v0.2/sitemap.xml"]
    assert site["v0.2/sitemap.xml.gz"][4:8] == (946_684_800).to_bytes(4, "little")
