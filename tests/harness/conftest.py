"""A small release in a temporary folder, with every file the reader knows, for tests to spoil."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.errors import ReleaseFolderError
from harness.reader import read_release
from harness.release import Release

FILES = {
    "release.toml": """\
version = "r1"
title = "A small report"
date = 2025-08-31
status = "published"
benchmark = "Ten problems"
description = "Three models, ten problems."
authors = ["Ada"]
n_problems = 10
categories = ["Sorting", "Graphs"]
difficulties = ["easy", "hard"]
notes = ["Made for a test."]

[reference_mix]
easy = 0.5
hard = 0.5

[[metrics]]
id = "compiled"
title = "Compile rate"
unit = "%"
kind = "binary"

[[metrics]]
id = "passed"
title = "Pass rate"
unit = "%"
kind = "binary"
higher_is_better = true

[[metrics]]
id = "inverse_runtime"
title = "Speed"
unit = "runs per 1000 s"
kind = "continuous"
description = "1000 / runtime."

[[comparisons]]
id = "similar"
title = "Similar"
kind = "similar"
models = ["ours"]
against = ["small", "other"]

[[sources]]
title = "The report"
url = "https://example.org/report"
""",
    "models.toml": """\
[[models]]
id = "ours"
name = "Ours 7B"
group = "focus"
aliases = ["Ours"]
[models.parameters]
total = 7
active = 2.5
[models.post_training]
SFT = "full"

[[models]]
id = "small"
name = "Small 3B"
group = "similar"

[[models]]
id = "other"
name = "Other"
group = "similar"
""",
    "problem_counts.csv": """\
category,difficulty,problems
Sorting,easy,4
Sorting,hard,2
Graphs,hard,4
""",
    "counts.csv": """\
model,category,difficulty,problems,compiled,passed
ours,,,10,8,6
small,,,9,5,2
other,,,10,,1
ours,Sorting,easy,4,4,4
ours,Sorting,hard,2,2,1
ours,Graphs,hard,4,2,1
""",
    "summaries.csv": """\
model,metric,count,mean,median,std,min,max
ours,inverse_runtime,8,2.5,2.0,0.5,1.0,4.0
""",
    "runtimes.csv": """\
model,runtime_s,passed
ours,0.25,true
ours,1.5e-3,false
small,2,
""",
    "printed.csv": """\
table,figure,model,versus,category,difficulty,printed,unit,note
1,pass_rate,ours,,,,60.0,%,
1,cell_pass_rate,ours,,Sorting,hard,50,%,
2,gap_points,ours,similar,,,+43.9,%,printed with a percent sign
2,proximity_pass,small,best,,,37.0,%,
""",
    "claims.toml": """\
[[claims]]
id = "mostly-hard"
section = "2"
text = "Most problems are hard."
assertions = [{ kind = "share", difficulty = "hard", above = 50 }]
""",
}


@dataclass(frozen=True)
class Folder:
    """A release folder that a test can spoil."""

    path: Path

    def write(self, name: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        (self.path / name).write_bytes(data)

    def text(self, name: str) -> str:
        return (self.path / name).read_text("utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.text(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def append(self, name: str, line: str) -> None:
        self.write(name, self.text(name) + line + "\n")

    def remove(self, name: str) -> None:
        (self.path / name).unlink()

    def read(self) -> Release:
        return read_release(self.path)

    def errors(self) -> list[str]:
        """Read the folder, which must fail; give the sentences, with paths from the folder on."""
        with pytest.raises(ReleaseFolderError) as caught:
            self.read()
        return [e.sentence().replace(f"{self.path.parent}/", "") for e in caught.value.errors]

    def error(self) -> str:
        """Read the folder, which must fail for one reason."""
        errors = self.errors()
        assert len(errors) == 1, errors
        return errors[0]


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[[str], Folder]:
    def make(name: str) -> Folder:
        folder = Folder(tmp_path / name)
        folder.path.mkdir()
        for file, text in FILES.items():
            folder.write(file, text.replace('"r1"', f'"{name}"'))
        return folder

    return make


@pytest.fixture
def folder(make_folder: Callable[[str], Folder]) -> Folder:
    return make_folder("r1")
