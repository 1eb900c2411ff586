"""Every command of the page "Bring your results" runs, in its order, on small files."""

import json
import re
import shlex
from pathlib import Path

import polars as pl
import pytest

import build
from harness.folder import read_releases
from harness.formats.registry import FORMATS, detect

PAGE = Path(__file__).resolve().parents[1] / "docs" / "bring.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.strip().splitlines()
]
SITE = "python build.py site"


def evalplus(passed: dict[str, bool]) -> str:
    word = {True: "pass", False: "fail"}
    return json.dumps(
        {
            "date": "2025-01-01",
            "eval": {
                task: [{"task_id": task, "base_status": word[ok], "plus_status": word[ok]}]
                for task, ok in passed.items()
            },
        }
    )


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A working folder with the files that the page speaks of."""
    tasks = [f"HumanEval/{number}" for number in range(12)]
    for at, model in enumerate(("model-a", "model-b", "model-c")):
        for folder in ("runs", "next"):
            file = tmp_path / folder / model / "samples_eval_results.json"
            file.parent.mkdir(parents=True)
            file.write_text(evalplus({t: (n + at) % (at + 2) > 0 for n, t in enumerate(tasks)}))
    extra = tmp_path / "extra" / "samples_eval_results.json"
    extra.parent.mkdir()
    extra.write_text(evalplus({t: n % 5 > 0 for n, t in enumerate(tasks)}))
    lines = [f"{t},{'Lists' if n % 2 else 'Text'},easy" for n, t in enumerate(tasks)]
    (tmp_path / "problems.csv").write_text(
        "problem,category,difficulty\n" + "\n".join(lines) + "\n"
    )
    own = re.search(r"```csv\n(.*?)```", TEXT, re.DOTALL)
    assert own is not None
    (tmp_path / "outcomes.csv").write_text(own[1])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str, desk: Path) -> int:
    program, script, *arguments = shlex.split(command)
    assert (program, script) == ("python", "build.py")
    folders = [f"--{name}={desk / name}" for name in ("results", "site", "cache")]
    return build.main([*arguments, *folders])


def test_every_command_but_the_site_runs_in_its_order(desk) -> None:
    assert len(COMMANDS) >= 10
    for command in COMMANDS:
        if command != SITE:
            assert run(command, desk) == 0, command
    first, second = read_releases(desk / "results")
    assert second.previous == "v1"
    assert {model.name for model in first.models} == {
        "model-a",
        "model-b",
        "model-c",
        "Our Model 7B",
    }
    assert first.n_problems == 14
    assert first.categories == ("Lists", "Text")
    assert len(list((desk / "export").rglob("*.json"))) == 4


@pytest.mark.slow
def test_the_first_three_commands_make_a_site(desk) -> None:
    first = COMMANDS[:3]
    assert first[2] == SITE
    for command in first:
        assert run(command, desk) == 0, command
    assert (desk / "site" / "index.html").is_file()
    data = (desk / "site" / "v1" / "data.html").read_text(encoding="utf-8")
    assert "What the outcomes hold" in data
    assert "How the files were read" in data
    assert "model-b" in data


def test_the_records_that_are_written_are_read_again(desk) -> None:
    for command in COMMANDS[:2]:
        assert run(command, desk) == 0
    assert run("python build.py export v1 --format every-eval-ever --to out", desk) == 0
    benchmark = next((desk / "out").iterdir())
    reading = detect(benchmark).read(benchmark)
    assert reading.format == "every-eval-ever"
    assert reading.counts is not None
    rows = pl.read_parquet(desk / "results" / "v1" / "outcomes.parquet")
    passed = rows.group_by("model").agg(pl.col("passed").sum()).sort("model")
    told = reading.counts.sort("model")
    assert told["problems"].unique().to_list() == [12]
    assert [name.rpartition("/")[2] for name in told["model"]] == passed["model"].to_list()
    assert told["passed"].to_list() == passed["passed"].to_list()
    assert run("python build.py export v1 --format every-eval-ever --to out", desk) == 2


def test_the_page_lists_every_format() -> None:
    listed = set(re.findall(r"\| `([a-z0-9][a-z0-9-]*)` \|$", TEXT, re.MULTILINE))
    assert listed == {format_.id for format_ in FORMATS}
    for format_ in FORMATS:
        assert f"| {format_.harness} | {format_.title} | `{format_.id}` |" in TEXT
