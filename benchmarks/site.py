"""How long the founding site takes: from nothing, after an edited sentence, and `--help`."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
SENTENCE = "\nOne more sentence.\n"


@dataclass(frozen=True, slots=True)
class SiteTimes:
    """Seconds.

    Attributes
    ----------
    cold : float
        ``build.py site`` into an empty folder, nothing drawn before.
    edited : float
        The same after a sentence was added to one page, the best of three.
    preview : float
        That within a running process, as ``build.py serve`` does it, the best of three.
    help : float
        ``build.py --help``.
    versions, pages : int
        How many releases the site has, and HTML pages in all.
    """

    cold: float
    edited: float
    preview: float
    help: float
    versions: int
    pages: int


def site_times() -> SiteTimes:
    """Build the founding site in a temporary folder."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "docs", folder / "docs")
        cold = _seconds("site", *_folders(folder))
        edited = min(_edited(folder) for _ in range(3))
        printed = _run("-m", "benchmarks.site", str(folder))
        return SiteTimes(
            cold=cold,
            edited=edited,
            preview=float(printed.splitlines()[-1]),
            help=min(_seconds("--help") for _ in range(5)),
            versions=len(json.loads((folder / "site" / "versions.json").read_text("utf-8"))),
            pages=sum(1 for _ in (folder / "site").rglob("*.html")),
        )


def main(arguments: Sequence[str]) -> None:
    """Build, then edit and build three times in one process; print the least seconds."""
    import build  # noqa: PLC0415 - only the process that is measured needs it

    folder = Path(arguments[0])
    build.main(["site", *_folders(folder)])
    seconds = []
    for _ in range(3):
        _add_sentence(folder)
        start = perf_counter()
        build.main(["site", *_folders(folder)])
        seconds.append(perf_counter() - start)
    print(min(seconds))


def _edited(folder: Path) -> float:
    _add_sentence(folder)
    return _seconds("site", *_folders(folder))


def _add_sentence(folder: Path) -> None:
    page = folder / "docs" / "about.md"
    page.write_text(page.read_text("utf-8") + SENTENCE, "utf-8")


def _folders(folder: Path) -> list[str]:
    places = {name: str(folder / name) for name in ("site", "cache", "docs")}
    return [part for name, place in places.items() for part in (f"--{name}", place)]


def _seconds(*arguments: str) -> float:
    start = perf_counter()
    _run("build.py", *arguments)
    return perf_counter() - start


def _run(*arguments: str) -> str:
    """Run Python on the project and return what it prints; its own words where it fails."""
    run = [sys.executable, *arguments]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[:2])} failed:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1:])
