"""Versions staged and built, those that changed, on as many cores as there are.

Each is built in a folder of this process's own and moved into place when whole: a build that was
killed, or a helper process that outlives it, spoils nothing that a later build uses.
"""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp

from harness.errors import BenchproofError
from report.builders import Builder
from report.document import Version
from report.mkdocs_build import build_docs
from report.staging import stage

_HALF = ".building-"
"""Starts the name of a folder that no later build uses; no version's name starts with a dot."""

Progress = Callable[[str], None]


def built_versions(
    prints: Mapping[str, str],
    versions: Sequence[Version],
    *,
    config: Path,
    theme: Path,
    work: Path,
    progress: Progress,
    builder: Builder | None = None,
) -> dict[str, Path]:
    """Return the folder of each built version by name, building those that changed.

    ``prints`` are the fingerprints of the versions by name; a version with the fingerprint of its
    last build is taken as it is. What another ``builder`` than MkDocs makes is kept apart.
    """
    home = work / builder.name / "versions" if builder else work / "versions"
    home.mkdir(parents=True, exist_ok=True)
    _sweep(home)
    changed = []
    for version in versions:
        same = _read(home / version.name / "fingerprint") == prints[version.name]
        progress(f"{version.name}: {'unchanged' if same else f'{len(version.pages)} pages'}")
        changed += [] if same else [version]
    try:
        fresh = {v.name: Path(mkdtemp(dir=home, prefix=_HALF)) for v in changed}
        jobs = [
            (
                stage(v, folder=fresh[v.name], config=config, theme=theme, cache=work / "drawings"),
                fresh[v.name] / "site",
                v.name,
                v.date,
                builder,
            )
            for v in changed
        ]
        _build_all(jobs)
        for name, folder in fresh.items():
            (folder / "fingerprint").write_text(prints[name], "utf-8")
            if (home / name).exists():
                # Away at once: half-deleted, it would still carry the fingerprint of the whole.
                (home / name).rename(mkdtemp(dir=home, prefix=_HALF))
            folder.rename(home / name)
    finally:
        _sweep(home)
    return {version.name: home / version.name / "site" for version in versions}


def _sweep(home: Path) -> None:
    """Drop what killed and failed builds left, and versions that were replaced."""
    for left in home.glob(f"{_HALF}*"):
        shutil.rmtree(left, ignore_errors=True)


def _read(file: Path) -> str | None:
    return file.read_text("utf-8") if file.exists() else None


Job = tuple[Path, Path, str, str, Builder | None]


def _build_all(jobs: Sequence[Job]) -> None:
    """Build every job, some of them in a second process where that is quicker."""
    theirs = jobs[1::2] if (os.cpu_count() or 1) > 1 else []
    if not theirs:
        for job in jobs:
            _build(job)
        return
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            waiting = [pool.submit(_build, job) for job in theirs]
            for job in jobs[::2]:
                _build(job)
            for result in waiting:
                result.result()
    except BrokenProcessPool as error:
        raise BenchproofError(
            "a process that builds some of the versions was stopped; the site is as it was\n"
            "  It may have run out of memory. Run again."
        ) from error


def _build(job: Job) -> None:
    staged, into, name, date, builder = job
    if builder:
        builder.build(staged, version=name, date=date)
    else:
        build_docs(staged, into=into, version=name, date=date)
