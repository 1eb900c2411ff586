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


def write_outcome_release(
    parent: Path,
    outcomes: str,
    *,
    version: str = "v1",
    problems: str = "",
    n_problems: int = 10,
    extra: str = "",
    main: str = "passed",
) -> Path:
    """Write a release whose evidence is ``outcomes`` (CSV text) and return its folder.

    Its models are those of the outcomes; ``extra`` is added at the top of release.toml.
    """
    folder = parent / "results" / version
    folder.mkdir(parents=True)
    header, *lines = outcomes.strip().splitlines()
    at = header.split(",").index("model")
    models = list(dict.fromkeys(line.split(",")[at] for line in lines))
    categories, difficulties = ({}, {}) if not problems else _parts(problems)
    kind = "binary" if main == "passed" else "fraction"
    text = f"""\
version = "{version}"
title = "Outcomes"
status = "published"
benchmark = "Small"
n_problems = {n_problems}
categories = {list(categories)}
difficulties = {list(difficulties)}
{extra}

[[metrics]]
id = "compiled"
title = "Compile rate"
unit = "%"
kind = "binary"

[[metrics]]
id = "{main}"
title = "Pass rate"
unit = "%"
kind = "{kind}"
"""
    (folder / "release.toml").write_text(text.replace("'", '"'), "utf-8")
    named = (f'[[models]]\nid = "{m}"\nname = "{m.upper()}"\ngroup = "other"\n' for m in models)
    (folder / "models.toml").write_text("\n".join(named), "utf-8")
    (folder / "outcomes.csv").write_text(outcomes, "utf-8")
    if problems:
        (folder / "problems.csv").write_text(problems, "utf-8")
    return folder


def _parts(problems: str) -> tuple[dict[str, None], dict[str, None]]:
    header, *lines = problems.strip().splitlines()
    columns = header.split(",")
    rows = [dict(zip(columns, line.split(","), strict=True)) for line in lines]
    return tuple(  # type: ignore[return-value]
        {row[name]: None for row in rows if row.get(name)} for name in ("category", "difficulty")
    )
