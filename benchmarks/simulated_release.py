"""A large release to build a site of: simulated outcomes, and every page says that they are."""

import json
from pathlib import Path

import polars as pl

from benchmarks.boards import simulated

DIFFICULTIES = ("easy", "medium", "hard")
CATEGORIES = ("algorithms", "data", "strings", "systems", "text")
VERSION = "simulated"


def write_simulated_release(results: Path, *, problems: int, models: int) -> Path:
    """Write the release's folder below ``results`` and return it; equal sizes give equal files."""
    board = simulated(problems, models)
    folder = results / VERSION
    folder.mkdir(parents=True)
    ids = [f"model-{i + 1:03}" for i in range(models)]
    names = [f"problem-{i + 1:04}" for i in range(problems)]
    (folder / "release.toml").write_text(_release(problems, models), "utf-8")
    (folder / "models.toml").write_text("\n".join(map(_model, ids)), "utf-8")
    pl.DataFrame(
        {
            "problem": names,
            "category": [CATEGORIES[i % len(CATEGORIES)] for i in range(problems)],
            "difficulty": [DIFFICULTIES[level] for level in board.difficulty],
        }
    ).write_csv(folder / "problems.csv")
    pl.DataFrame(
        {
            "model": [model for model in ids for _ in names],
            "problem": names * models,
            "passed": board.outcomes.T.ravel(),
        }
    ).write_parquet(folder / "outcomes.parquet")
    return folder


def _release(problems: int, models: int) -> str:
    said = f"Simulated: {models} models that do not exist on {problems} problems that nobody wrote."
    return f"""version = "{VERSION}"
title = "Simulated results, not a benchmark"
description = "{said}"
status = "draft"
benchmark = "Simulated"
n_problems = {problems}
categories = {json.dumps(CATEGORIES)}
difficulties = {json.dumps(DIFFICULTIES)}
notes = ["{said}"]

[[metrics]]
id = "passed"
title = "Pass rate, simulated"
unit = "%"
kind = "binary"
"""


def _model(name: str) -> str:
    number = int(name.removeprefix("model-"))
    group = "focus" if number <= 2 else "other"
    return f'[[models]]\nid = "{name}"\nname = "Simulated model {number}"\ngroup = "{group}"\n'
