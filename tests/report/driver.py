"""Builds in forked processes that are killed, or whose disk fills, at chosen moments.

Run as a program by test_survival.py, so that it can fork before any library has started a thread:
``driver.py FOLDER PLAN`` reads a plan of trials as JSON and prints what came of each as JSON.
"""

import errno
import hashlib
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

# Everything that a build imports, so that a child starts at once.
for _name in (
    *("build", "harness.folder", "report.versions", "report.site", "report.disk"),
    *("mkdocs.commands.build", "mkdocs.config", "material", "altair", "markdown", "yaml"),
):
    importlib.import_module(_name)

import build  # noqa: E402 - after the path is set
from report import page_list  # noqa: E402

_TOUCHES = frozenset({"os.mkdir", "os.rename", "os.rmdir", "os.remove", "shutil.rmtree"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Builds:
    """A small site, and two contents of its release between which every build changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.counts = folder / "results/v1/counts.csv"
        self.text = self.counts.read_text("utf-8")
        page_list.SPECS = page_list.SPECS[:2]  # two pages; a kill does not care how many follow
        self.arguments = [
            *("site", "--results", str(folder / "results"), "--site", str(self.site)),
            *("--cache", str(folder / "cache"), "--docs", str(folder / "docs")),
        ]

    def turn(self, number: int) -> None:
        changed = self.text.replace("b,,,10,9,9", "b,,,10,9,8") if number % 2 else self.text
        self.counts.write_text(changed, "utf-8")

    def digest(self) -> str:
        """Every path and byte of the served site in one checksum."""
        found = hashlib.sha256()
        for file in sorted(path for path in self.site.rglob("*") if path.is_file()):
            found.update(f"{file.relative_to(self.site)}\0".encode() + file.read_bytes())
        return found.hexdigest() if self.site.exists() else "no site"

    def start(self, prepare: Callable[[], None] = lambda: None) -> tuple[int, int]:
        """Fork a build; give its process id and the end from which its errors can be read."""
        read, write = os.pipe()
        child = os.fork()
        if child:
            os.close(write)
            return child, read
        code = 70
        try:
            os.dup2(write, 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            prepare()
            code = build.main(self.arguments)
        finally:
            os._exit(code)

    def run(self, prepare: Callable[[], None] = lambda: None) -> tuple[int, str]:
        child, errors = self.start(prepare)
        with os.fdopen(errors) as stream:
            said = stream.read()
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said

    def left(self) -> list[str]:
        """What a build leaves that it should not."""
        beside = [path.name for path in self.folder.iterdir() if path.name.startswith(".")]
        return beside + [path.name for path in (self.folder / "cache/versions").glob(".*")]


def at_event(folder: Path, number: int, act: Callable[[], None]) -> Callable[[], None]:
    """Act whenever the build touches the disk below the folder, from the given time on."""
    seen = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
        if (writing or event in _TOUCHES) and str(arguments[0]).startswith(str(folder)):
            seen += 1
            if seen >= number:
                act()

    return lambda: sys.addaudithook(hook)


def fill() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "some/file")


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def count_events(builds: Builds) -> int:
    read, write = os.pipe()
    builds.run(at_event(builds.folder, 1, lambda: os.write(write, b".") and None))
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        return len(stream.read())


def trial(
    builds: Builds, number: int, kind: str, moment: float, scale: dict[str, float]
) -> dict[str, Any]:
    old = builds.digest()
    builds.turn(number)
    said, code = "", 0
    if kind == "time":
        child, errors = builds.start()
        time.sleep(moment * scale["seconds"])
        os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.close(errors)
    else:
        at = 1 + int(moment * scale["events"])
        act = kill if kind == "event" else fill
        code, said = builds.run(at_event(builds.folder, at, act))
    then, left = builds.digest(), builds.left()
    again, complaint = builds.run()
    return {
        "kind": kind,
        "code": code,
        "said": said,
        "old": old,
        "then": then,
        "left": left,
        "again": again,
        "complaint": complaint,
        "new": builds.digest(),
        "left_again": builds.left(),
    }


def main(folder: Path, plan: list[tuple[str, float]], kills: int | None = None) -> None:
    builds = Builds(folder)
    for number in (0, 1, 0):  # the third time every drawing is kept
        builds.turn(number)
        code, said = builds.run()
        assert code == 0, said
    builds.turn(1)
    events = count_events(builds)
    builds.turn(0)
    start = time.monotonic()
    builds.run()
    scale = {"seconds": time.monotonic() - start, "events": events}
    results: list[dict[str, Any]] = []
    for number, (kind, moment) in enumerate(plan, start=1):
        results.append(trial(builds, number, kind, moment, scale))
        if kills and sum(found["code"] == -signal.SIGKILL for found in results) == kills:
            break  # a moment of the clock can lie after the build's end: as many as it takes
    sys.stdout.write(json.dumps({"scale": scale, "trials": results}))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), json.loads(sys.argv[2]), *map(int, sys.argv[3:]))
