"""A release of two models and ten problems whose free texts a test chooses."""

from pathlib import Path

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


def write_small_release(
    parent: Path, *, version: str = "v1", text: str = "Plain", category: str = "Maths"
) -> Path:
    """Write the release below ``parent``/results and return its folder."""
    folder = parent / "results" / version
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
