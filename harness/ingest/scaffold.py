"""A new release folder: commented files that wait for results."""

import json
import re
import shutil
import tempfile
from pathlib import Path

from harness.errors import ResultFileError
from harness.text import listed, read_text, shown
from harness.toml_file import parse_toml

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TAKEN_OVER = ("models.toml", "problems.csv", "problem_counts.csv", "claims.toml", "pages")

RELEASE = """\
# What this release is. Every field is described in ../README.md.

version = {version}
title = {title}  # as the report calls itself
status = "draft"  # "published" once nothing changes any more
benchmark = {title}  # the benchmark's name
# description = "What was measured, in a sentence or two."
# authors = ["Who wrote the report"]
# date = "YYYY-MM-DD"  # day of publication
# previous = "NAME"  # the release that this one follows

# How many problems there are is counted from problems.csv; say it if not all are listed there.
# n_problems = N

# What a problem counts as that a model has no outcome for: "absent" (not counted) or "failed".
missing = "absent"

# Difficulties, easiest first. Needed where their order is not plain, as easy < medium < hard is.
# difficulties = ["A", "B"]

# What a reader must know about the data.
# notes = ["A sentence."]

# Families of comparisons: models whose report this is, against others, by their ids.
# [[comparisons]]
# id = "similar"
# title = "Similar-sized models"
# kind = "similar"  # or "large"
# models = ["OURS"]
# against = ["OTHERS"]

# Where the facts come from.
# [[sources]]
# title = "Name of the source"
# url = "https://…"
# licence = "…"

# What was measured: written by the first `python build.py ingest`, from what the rows hold.
"""

MODELS = """\
# The models of the release. Every field is described in ../README.md.
#
# `python build.py ingest` adds a table for each model it does not find here by id, name or alias.
# Write one before to choose its id, or to say that a name in a file is an alias:
#
# [[models]]
# id = "short-name"
# name = "Name for readers"
# aliases = ["name as a file spells it"]
# group = "focus"  # focus, similar, large or other
# [models.parameters]
# total = N  # billions
"""


def new_release(results: Path, version: str, *, earlier: str | None = None) -> tuple[str, ...]:
    """Make a release folder that `ingest` can fill, and give the names of its files.

    Parameters
    ----------
    results, version
        The folder of releases, and the name of the one to make.
    earlier
        The name of a release to go on from: its description, models, problems, claims and pages are
        taken over, its results are not.

    Raises
    ------
    ResultFileError
        The name is no version, the folder is there, or the earlier release is not.
    """
    _check_name(results, version)
    folder = results / version
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as work:
        made = Path(work) / folder.name
        made.mkdir()
        if earlier is None:
            text = RELEASE.format(
                version=json.dumps(folder.name), title=json.dumps(f"Benchmark report {folder.name}")
            )
            (made / "release.toml").write_text(text, encoding="utf-8", newline="\n")
            (made / "models.toml").write_text(MODELS, encoding="utf-8", newline="\n")
        else:
            _take_over(results / _version(results, earlier), made)
        names = tuple(sorted(entry.name for entry in made.iterdir()))
        made.rename(folder)
    return names


def _version(results: Path, version: str) -> str:
    if not VERSION.fullmatch(version):
        raise ResultFileError(
            results,
            found=f"the name {shown(version)}",
            expected="letters, digits, dots, hyphens and underscores, at most 64",
            way_out="The release's name becomes part of the site's addresses.",
        )
    return version


def _check_name(results: Path, version: str) -> None:
    _version(results, version)
    for entry in results.iterdir() if results.is_dir() else ():
        if entry.name.casefold() == version.casefold():
            raise ResultFileError(
                entry,
                found="a release of this name",
                expected="a new name",
                way_out="Choose another, or ingest into this one.",
            )


def _take_over(earlier: Path, made: Path) -> None:
    path = earlier / "release.toml"
    if not path.is_file():
        known = sorted(p.parent.name for p in earlier.parent.glob("*/release.toml"))
        raise ResultFileError(
            earlier,
            found="no release.toml there",
            expected="a release to go on from",
            way_out=f"Known: {listed(known)}.",
        )
    text = read_text(path, folder=earlier)
    parse_toml(path, text)
    listed_singly = (earlier / "problems.csv").exists()
    changed = _as_next(text, made.name, earlier.name, count=listed_singly)
    (made / "release.toml").write_text(changed, encoding="utf-8", newline="\n")
    for name in TAKEN_OVER:
        source = earlier / name
        if source.is_dir():
            shutil.copytree(source, made / name)
        elif source.exists():
            shutil.copyfile(source, made / name)


def _as_next(text: str, version: str, earlier: str, *, count: bool) -> str:
    """Change the keys that differ from release to release, and no other line.

    ``count`` says that problems.csv counts the problems, so that a stated number may go.
    """
    head, table, rest = re.match(r"(?s)(.*?)(^\[.*|\Z)(.*)", text, re.MULTILINE).groups()  # type: ignore[union-attr]
    for key in ("previous", "date", *(["n_problems"] if count else [])):
        head = re.sub(rf"(?m)^{key}\s*=.*\n?", "", head)
    head = re.sub(r"(?m)^status\s*=.*$", 'status = "draft"', head)
    lines = f"version = {json.dumps(version)}\nprevious = {json.dumps(earlier)}"
    return re.sub(r"(?m)^version\s*=.*$", lambda _: lines, head) + table + rest
