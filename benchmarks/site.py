"""How long the founding site takes: from nothing, after an edited sentence, and `--help`."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.preview import preview_seconds
from benchmarks.simulated_release import write_simulated_release

ROOT = Path(__file__).resolve().parents[1]
SENTENCE = "\nOne more sentence.\n"


SIMULATED = (500, 150)
"""Problems and models of the large release."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build from nothing, in a process of its own.

    Attributes
    ----------
    what : str
    seconds, warm : float
        From nothing, and once more with what the first build kept.
    stages : dict of str to float
        Where the seconds went.
    peak : float
        Resident megabytes at most; the process that builds every other version is not in it.
    pages : int
    """

    what: str
    seconds: float
    warm: float
    stages: dict[str, float]
    peak: float
    pages: int


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
        From saving a page to its being served by ``build.py serve``, the median of ten edits.
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
        page = folder / "docs" / "about.md"
        preview = preview_seconds(_folders(folder), page=page, address="v0.1/about.html")
        return SiteTimes(
            cold=cold,
            edited=edited,
            preview=preview,
            help=min(_seconds("--help") for _ in range(5)),
            versions=len(json.loads((folder / "site" / "versions.json").read_text("utf-8"))),
            pages=sum(1 for _ in (folder / "site").rglob("*.html")),
        )


def builds() -> tuple[Build, Build]:
    """Build the founding releases and a large simulated one, with where the time goes."""
    problems, models = SIMULATED
    with TemporaryDirectory() as name:
        folder = Path(name)
        results = folder / "large/results"
        write_simulated_release(results, problems=problems, models=models)
        return (
            _staged("the three founding releases", folder / "founding", ROOT / "results"),
            _staged(f"{models} models × {problems} problems, simulated", folder / "large", results),
        )


def _staged(what: str, folder: Path, results: Path) -> Build:
    places = ["--results", str(results), "--docs", str(ROOT / "docs")]
    for name in ("site", "cache"):
        places += [f"--{name}", str(folder / name)]
    found = json.loads(_run("-m", "benchmarks.site_stages", *places).splitlines()[-1])
    pages = sum(1 for _ in (folder / "site").rglob("*.html"))
    shutil.rmtree(folder / "site")
    shutil.rmtree(folder / "cache/versions")  # built anew, with what was computed and drawn
    warm = json.loads(_run("-m", "benchmarks.site_stages", *places).splitlines()[-1])
    return Build(what, found["seconds"], warm["seconds"], found["stages"], found["peak"], pages)


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
