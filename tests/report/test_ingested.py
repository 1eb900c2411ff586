"""What the ingest command prints, for people and for programs."""

import json
from pathlib import Path

import pytest

import build

ROWS = (
    "problem,sample,passed,runtime_s,tokens,outcome\n"
    "p1,0,true,0.5,3,ok\np1,1,false,0,4,timeout\np2,0,,,,harness error\n"
)


@pytest.fixture
def results(tmp_path) -> Path:
    assert build.main(["new", "v1", "--results", str(tmp_path / "results")]) == 0
    (tmp_path / "x.csv").write_text(ROWS)
    return tmp_path / "results"


def take(results: Path, *more: str) -> int:
    file = str(results.parent / "x.csv")
    folder = ("--release", "v1", "--results", str(results), "--model", "Our [b]Model[/b]")
    return build.main(["ingest", file, *folder, *more])


def test_everything_that_was_decided_is_printed(results, capsys) -> None:
    capsys.readouterr()
    assert take(results) == 0
    out = capsys.readouterr().out
    row = next(line for line in out.splitlines() if line.startswith("our-b-model-b"))
    assert row.split()[1:] == ["2", "0", "0", "1", "1", "1-2", "1/2"]
    for sentence in (
        "read: x.csv, any script (benchproof-csv), 3 rows",
        "model: our-b-model-b is Our [b]Model[/b] (--model)",
        "set aside (x.csv): 1 runtimes of 0 or -1",
        "left out: tokens; to keep one, declare it as [[metrics]] in release.toml",
        "new in release.toml: metrics passed",
        "new in models.toml: our-b-model-b",
        "written: outcomes.parquet, problems.csv, ingest.json",
    ):
        assert sentence in out


def test_programs_get_the_same_as_json(results, capsys) -> None:
    capsys.readouterr()
    assert take(results, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["release"] == "v1"
    assert told["problems"]["count"] == 2
    (model,) = told["models"]
    assert (model["unscored"], model["errored"], model["new"]) == (1, 1, True)
    assert model["outcomes"] == {"harness error": 1, "ok": 1, "timeout": 1}


@pytest.mark.parametrize("release", ["../v1", "v1/../v1", "", "."])
def test_a_release_outside_the_folder_is_refused(results, capsys, release) -> None:
    file = str(results.parent / "x.csv")
    arguments = ["ingest", file, "--release", release, "--results", str(results)]
    assert build.main(arguments) == 2
    assert "expected the name of a folder in it" in capsys.readouterr().err


def test_a_mistake_exits_with_2_and_names_the_place(results, capsys) -> None:
    (results.parent / "x.csv").write_text("problem,passed\np1,perhaps\n")
    assert take(results) == 2
    err = capsys.readouterr().err
    assert 'x.csv:2: passed: "perhaps"; expected true or false' in err
    assert [p.name for p in results.iterdir()] == ["v1"]


def test_a_release_without_results_is_named_when_a_site_is_built(results, capsys) -> None:
    assert build.main(["check", "--results", str(results)]) == 2
    assert "ingest FILE… --release v1" in capsys.readouterr().err
