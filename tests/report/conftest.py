"""The founding releases, analysed once, and a small release that any test may spoil."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.folder import read_release
from report.analysis import analyse
from report.exhibits.common import Context

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def founding() -> Context:
    return Context(analyse(read_release(ROOT / "results" / "v0.1")))


@pytest.fixture(scope="session")
def first_draft() -> Context:
    return Context(analyse(read_release(ROOT / "results" / "v0.1-draft1")))


RELEASE = """\
version = "{version}"
title = {title}
status = "published"
benchmark = "Small"
description = {description}
n_problems = 10
categories = [{category}]
difficulties = ["easy", "hard"]

[[metrics]]
id = "compiled"
title = "Compile rate"
unit = "%"
kind = "binary"
higher_is_better = true

[[metrics]]
id = "passed"
title = "Pass rate"
unit = "%"
kind = "binary"
higher_is_better = true

[[comparisons]]
id = "similar"
title = {title}
kind = "similar"
models = ["a"]
against = ["b"]

[[comparisons]]
id = "large"
title = "Large"
kind = "large"
models = ["a"]
against = ["b"]

[[sources]]
title = {title}
note = {description}
"""

MODELS = """\
[[models]]
id = "a"
name = {name}
group = "focus"
focus = true
architecture = {name}
[models.parameters]
total = 7
[models.post_training]
SFT = "full"

[[models]]
id = "b"
name = "Other"
group = "large"
[models.parameters]
total = 70
"""


def toml_string(text: str) -> str:
    """Write any text as a TOML basic string."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(escapes.get(c, c if c >= " " else f"\\u{ord(c):04x}") for c in text) + '"'


@pytest.fixture
def small_release(tmp_path: Path) -> Callable[..., Path]:
    """Write a release of two models and ten problems whose free texts the test chooses."""

    def write(*, version: str = "v1", text: str = "Plain", category: str = "Maths") -> Path:
        folder = tmp_path / "results" / version
        folder.mkdir(parents=True)
        fields = {
            "version": version,
            "title": toml_string(text),
            "description": toml_string(text),
            "category": toml_string(category),
        }
        (folder / "release.toml").write_text(RELEASE.format(**fields), "utf-8")
        (folder / "models.toml").write_text(MODELS.format(name=toml_string(text)), "utf-8")
        quoted = '"' + category.replace('"', '""') + '"'
        (folder / "problem_counts.csv").write_text(
            f"category,difficulty,problems\n{quoted},easy,4\n{quoted},hard,6\n", "utf-8", newline=""
        )
        (folder / "counts.csv").write_text(
            "model,category,difficulty,problems,compiled,passed\n"
            "a,,,10,8,6\n"
            "b,,,10,9,9\n"
            f"a,{quoted},easy,4,4,4\n"
            f"a,{quoted},hard,6,4,2\n",
            "utf-8",
            newline="",
        )
        return folder

    return write
