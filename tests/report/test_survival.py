"""Killed, out of disk, twice at once: the served site is the old or the new one, whole."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small import write_small_release

from harness.errors import BenchproofError
from report import swap
from report.site import check_target

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("driver.py")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="forks, and kills with SIGKILL"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_small_release(tmp_path, version="v0")
    write_small_release(tmp_path, version="v1")
    toml = tmp_path / "results/v1/release.toml"
    toml.write_text(toml.read_text("utf-8").replace("title", 'previous = "v0"\ntitle', 1), "utf-8")
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text('# Overview\n\n{{ figure("leaderboard") }}\n', "utf-8")
    (docs / "overall.md").write_text('# Board\n\n{{ table("leaderboard") }}\n', "utf-8")
    return tmp_path


def drive(folder: Path, plan: list[tuple[str, float]], *kills: int) -> dict[str, Any]:
    done = run([sys.executable, str(DRIVER), str(folder), json.dumps(plan), *map(str, kills)])
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_killed_at_50_random_moments_the_site_is_old_or_new_and_whole(folder: Path) -> None:
    # Moments of the clock and of the disk by turns: the latter find the instants around a write.
    chance = random.Random(20_260_101)  # noqa: S311 - moments, no secret
    plan = [("time" if i % 2 else "event", chance.random()) for i in range(90)]
    trials = drive(folder, plan, 50)["trials"]
    for number, trial in enumerate(trials):
        assert trial["then"] in {trial["old"], trial["new"]}, (number, trial)
        assert trial["old"] != trial["new"], (number, trial)
        assert (trial["again"], trial["complaint"]) == (0, ""), (number, trial)
        assert trial["left_again"] == [], (number, trial)
    killed = [trial for trial in trials if trial["code"] == -9]
    assert len(killed) == 50, "the moments lie after the build"
    assert len({trial["new"] for trial in trials}) == 2
    assert any(trial["left"] for trial in killed), "no build was killed half-way"


def test_a_disk_that_fills_at_any_write_is_a_clear_error_and_leaves_the_old_site(
    folder: Path,
) -> None:
    plan = [("full", (i + 0.5) / 16 * 0.9) for i in range(16)]
    for number, trial in enumerate(drive(folder, plan)["trials"]):
        assert trial["code"] == 2, (number, trial)
        assert "the disk is full; the site is as it was\n  Free some space" in trial["said"], trial
        assert "Traceback" not in trial["said"], trial
        assert trial["then"] == trial["old"], (number, trial)
        assert trial["again"] == 0, (number, trial)
        assert trial["left_again"] == [], (number, trial)


PROGRAM = """
import sys, build
from report import page_list
page_list.SPECS = page_list.SPECS[:2]
sys.exit(build.main(sys.argv[1:]))
"""


def command(
    folder: Path, *, site: Path, results: str = "results", cache: str = "cache"
) -> list[str]:
    return [
        *(sys.executable, "-c", PROGRAM, "site", "--docs", str(folder / "docs")),
        *("--results", str(folder / results), "--site", str(site), "--cache", str(folder / cache)),
    ]


def contents(site: Path) -> dict[str, bytes]:
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def run(arguments: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, **more)


def change(results: Path) -> None:
    counts = results / "v1/counts.csv"
    counts.write_text(counts.read_text("utf-8").replace("b,,,10,9,9", "b,,,10,9,8"), "utf-8")


def with_a_disk(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script that may mount disks which nobody else sees."""
    mount = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    probe = run([*mount, 'mount -t tmpfs none "$0"', arguments[0]])
    if probe.returncode:
        pytest.skip(f"this machine lets nobody mount a disk: {probe.stderr.strip()}")
    return run([*mount, script, *arguments])


def test_a_small_disk_keeps_the_old_site(folder: Path, tmp_path: Path) -> None:
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    for made in (disk, kept):
        made.mkdir()
    build = command(folder, site=folder / "plain")
    assert run(build).returncode == 0
    size = sum(len(content) for content in contents(folder / "plain").values())
    # Room for one site and a half: the second build runs out of it.
    script = (
        f'mount -t tmpfs -o size={size * 3 // 2} none "$0" && shift 0 && "$@" || exit 1\n'
        f'cp -r "$0/site" {kept}/before && sed -i s/b,,,10,9,9/b,,,10,9,8/ '
        f'{folder}/results/v1/counts.csv\n"$@"; code=$?\n'
        f'cp -r "$0/site" {kept}/after; ls -A "$0" > {kept}/left; exit $code'
    )
    done = with_a_disk(script, str(disk), *command(folder, site=disk / "site"))
    assert done.returncode == 2, done.stderr
    assert "the disk is full; the site is as it was" in done.stderr
    assert contents(kept / "before") == contents(kept / "after") != {}
    assert (kept / "left").read_text("utf-8").split() == ["site"]


def test_a_target_that_can_only_be_read_keeps_the_old_site(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    build = command(folder, site=place / "site")
    assert run(build).returncode == 0
    before = contents(place / "site")
    change(folder / "results")
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && shift 0 && exec "$@"'
    done = with_a_disk(script, str(place), *build)
    assert done.returncode == 2
    assert "the disk can only be read; the site is as it was\n  Take a folder" in done.stderr
    assert contents(place / "site") == before


def test_a_folder_that_is_a_disk_of_its_own_is_refused_with_the_way_out(
    folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    script = 'mount -t tmpfs none "$0" && shift 0 && exec "$@"'
    done = with_a_disk(script, str(place), *command(folder, site=place))
    assert done.returncode == 2
    assert "in use as a mount; the site is as it was\n  Take a folder inside it" in done.stderr


@pytest.mark.parametrize("caches", [("cache", "cache"), ("cache", "other")])
def test_two_builds_at_once_do_not_mix(folder: Path, caches: tuple[str, str]) -> None:
    shutil.copytree(folder / "results", folder / "changed")
    change(folder / "changed")
    alone = []
    for results in ("results", "changed"):
        site = folder / "alone" / results
        assert run(command(folder, site=site, results=results)).returncode == 0
        alone.append(contents(site))
    shutil.copytree(folder / "cache", folder / "other")
    assert alone[0] != alone[1]
    both = [
        subprocess.Popen(
            command(folder, site=folder / "site", results=results, cache=cache),
            cwd=ROOT,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        for results, cache in zip(("results", "changed"), caches, strict=True)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert ends == [("", 0), ("", 0)]
    assert contents(folder / "site") in alone
    assert not list(folder.glob(".*"))


def test_a_build_says_that_it_waits(tmp_path: Path) -> None:
    said: list[str] = []
    with swap.locked(tmp_path):
        script = (
            "import sys; from pathlib import Path; from report import swap\n"
            "with swap.locked(Path(sys.argv[1]), waiting=lambda: print('waits', flush=True)): pass"
        )
        other = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert other.stdout is not None
        said.append(other.stdout.readline())
        assert other.poll() is None
    other.communicate()
    assert (said, other.returncode) == (["waits\n"], 0)


@pytest.mark.parametrize("steps", [1, 2])
def test_a_system_that_cannot_exchange_folders_renames_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    exchanges: list[bool] = []
    real = swap._exchange

    def exchange(one: Path, other: Path) -> bool:
        exchanges.append(steps == 1 and real(one, other))
        return exchanges[-1]

    monkeypatch.setattr(swap, "_exchange", exchange)
    target = tmp_path / "site"
    for text in ("one", "two", "three"):
        swap.incoming(target).mkdir()
        (swap.incoming(target) / "page").write_text(text, "utf-8")
        swap.into_place(target)
        assert (target / "page").read_text("utf-8") == text
        assert [path.name for path in tmp_path.iterdir()] == ["site"]
    if sys.platform == "linux":
        assert exchanges == [steps == 1] * 2


def test_a_folder_that_is_no_site_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years", "utf-8")
    with pytest.raises(BenchproofError, match=r"holds files that are no site \(thesis\.tex\)"):
        check_target(tmp_path)
    with pytest.raises(BenchproofError, match="a file; expected a folder"):
        check_target(tmp_path / "thesis.tex")


def test_a_link_to_a_site_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert check_target(tmp_path / "link") == (tmp_path / "real").resolve()
