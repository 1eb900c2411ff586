"""The command line: exit codes, what it prints, and that bad input leaves the old site alone."""

import json
import shutil
import socket
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from small import write_small_release

import build

ROOT = Path(__file__).resolve().parents[1]


def arguments(folder: Path, *command: str) -> list[str]:
    return [
        *command,
        *("--results", str(folder / "results")),
        *("--site", str(folder / "site")),
        *("--cache", str(folder / "cache")),
    ]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        build.main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert all(command in text for command in ("site", "serve", "check"))


def test_help_imports_none_of_the_slow_libraries() -> None:
    code = (
        "import sys, build\n"
        "try: build.main(['--help'])\n"
        "except SystemExit: pass\n"
        "slow = {'numpy', 'scipy', 'statsmodels', 'altair', 'mkdocs', 'vl_convert'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_bad_usage_exits_with_two() -> None:
    with pytest.raises(SystemExit) as stopped:
        build.main(["nonsense"])
    assert stopped.value.code == 2


def test_check_counts_what_the_report_got_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["check", "v0.1"]) == 0
    text = capsys.readouterr().out
    assert "153 printed figures, 131 agree with the data, 22 do not" in text


def test_check_strict_fails_on_a_figure_that_the_data_do_not_give(tmp_path: Path) -> None:
    folder = write_small_release(tmp_path / "printed")
    (folder / "printed.csv").write_text(
        "table,figure,model,versus,category,difficulty,printed,unit\n1,pass_rate,a,,,,61,%\n"
    )
    assert build.main(arguments(tmp_path / "printed", "check", "--strict")) == 1
    write_small_release(tmp_path)
    assert build.main(arguments(tmp_path, "check", "--strict")) == 0


def test_the_founding_release_acknowledges_what_it_reports_as_published(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert build.main(["check", "--strict"]) == 0
    assert "51 claims: 11 supported" in capsys.readouterr().out


def founding_copy(folder: Path, old: str, new: str, *, file: str) -> Path:
    """Copy the final founding release with one line changed; it follows nothing."""
    copy = folder / "results" / "v0.1"
    shutil.copytree(ROOT / "results" / "v0.1", copy)
    text = (copy / "release.toml").read_text("utf-8")
    (copy / "release.toml").write_text(text.replace('previous = "v0.1-draft2"\n', ""), "utf-8")
    text = (copy / file).read_text("utf-8")
    assert text.count(old) == 1
    (copy / file).write_text(text.replace(old, new), "utf-8")
    return folder


def test_check_strict_fails_on_a_claim_that_nobody_acknowledges(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = 'acknowledged = "Published as stated, against several of the report\'s own tables."\n'
    folder = founding_copy(tmp_path, line, "", file="claims.toml")
    assert build.main(arguments(folder, "check")) == 0
    assert build.main(arguments(folder, "check", "--strict")) == 1
    assert "NOT" in capsys.readouterr().out


def test_a_changed_count_in_a_copy_flips_the_right_verdicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Maverick passes 40 instead of 51: now it is behind both H2looP models, but not surely so.
    folder = founding_copy(
        tmp_path,
        "llama-4-maverick,,,107,72,51",
        "llama-4-maverick,,,107,72,40",
        file="counts.csv",
    )
    verdicts = []
    for options in (arguments(folder, "check", "--json"), ["check", "v0.1", "--json"]):
        build.main(options)
        (found,) = json.loads(capsys.readouterr().out)
        verdicts.append({claim["id"]: claim["verdict"] for claim in found["claims"]})
    now, before = verdicts
    flipped = {key: (before[key], now[key]) for key in now if now[key] != before[key]}
    assert flipped == {
        "moe-lag-dense": ("contradicted", "unresolved"),  # the direction holds now
        "overall-table": ("supported", "misstated"),  # its printed rates no longer follow
    }


def test_check_writes_a_summary_for_ci(tmp_path: Path) -> None:
    assert build.main(["check", "v0.1", "--summary", str(tmp_path / "summary.md")]) == 0
    text = (tmp_path / "summary.md").read_text("utf-8")
    assert text.startswith("## Claims against the data")
    assert text.count("\n| misstated |") == 12
    assert build.main(["check", "v0.1", "--summary", str(tmp_path)]) == 2


def test_check_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["check", "--json"]) == 0
    found = {item["release"]: item for item in json.loads(capsys.readouterr().out)}
    assert set(found) == {"v0.1-draft1", "v0.1-draft2", "v0.1"}
    assert len(found["v0.1"]["disagreements"]) == 22


def test_check_names_the_releases_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["check", "v9"]) == 2
    error = capsys.readouterr().err
    assert "no release is called 'v9'" in error
    assert "v0.1-draft1" in error


def test_a_missing_results_folder_is_one_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(arguments(tmp_path, "check")) == 2
    assert str(tmp_path / "results") in capsys.readouterr().err


@pytest.mark.slow
def test_bad_input_leaves_the_old_site_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_small_release(tmp_path)
    assert build.main(arguments(tmp_path, "site")) == 0
    before = contents(tmp_path / "site")
    assert "v1/index.html" in before

    counts = folder / "counts.csv"
    counts.write_text(counts.read_text("utf-8").replace("a,,,10,8,6", "a,,,10,6,8"), "utf-8")
    assert build.main(arguments(tmp_path, "site")) == 2
    error = capsys.readouterr().err
    assert "counts.csv:2" in error
    assert contents(tmp_path / "site") == before

    counts.write_text(counts.read_text("utf-8").replace("a,,,10,6,8", "a,,,10,8,6"), "utf-8")
    (folder / "pages").mkdir()
    (folder / "pages" / "overall.md").write_text("{{ value('nobody') }}", "utf-8")
    assert build.main(arguments(tmp_path, "site")) == 2
    assert "overall.md:1" in capsys.readouterr().err
    (folder / "pages" / "overall.md").write_text("[gone](nowhere.md)", "utf-8")
    assert build.main(arguments(tmp_path, "site")) == 2
    assert "nowhere.md" in capsys.readouterr().err
    assert contents(tmp_path / "site") == before
    assert {p.name for p in tmp_path.iterdir()} == {"results", "site", "cache"}


def contents(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_an_edit_changes_only_what_it_should(tmp_path: Path) -> None:
    folder = write_small_release(tmp_path)
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", docs)
    command = [*arguments(tmp_path, "site"), "--docs", str(docs)]
    assert build.main(command) == 0
    before = contents(tmp_path / "site")
    page = docs / "about.md"
    page.write_text(page.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    assert build.main(command) == 0
    after = contents(tmp_path / "site")
    changed = {path for path in after if after[path] != before.get(path)}
    assert before.keys() == after.keys()
    assert changed == {"v1/about.html", "v1/search/search_index.json"}, folder


@pytest.mark.slow
def test_serve_answers_and_shows_an_edit(tmp_path: Path) -> None:
    write_small_release(tmp_path)
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", docs)
    with socket.socket() as probe:  # other checkouts of the project may be tested at this moment
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*arguments(tmp_path, "serve"), "--docs", str(docs), "--port", str(port)]
    server = subprocess.Popen([sys.executable, "build.py", *command], cwd=ROOT)

    def text() -> str:
        try:
            with urlopen(f"http://127.0.0.1:{port}/v1/about.html") as answer:
                return str(answer.read().decode())
        except (URLError, HTTPException):  # not there yet, or just being written
            return ""

    def wait_for(words: str) -> None:
        for _ in range(300):
            if words in text():
                return
            time.sleep(0.2)
        pytest.fail(f"{words!r} was not served within a minute")

    try:
        wait_for("Cite this version")
        page = docs / "about.md"
        page.write_text(page.read_text("utf-8") + "\nServed anew.\n", "utf-8")
        wait_for("Served anew.")
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_compare_prints_what_changed_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["compare", "v0.1-draft2", "v0.1"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Llama 3.3 8B: 23 of 106 passed (21.7%), then 14 of 107 passed (13.1%)" in text
    assert "H2looP v0.1-Coder 7 B → 32 B" in text


def test_compare_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["compare", "v0.1-draft2", "v0.1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["models"]["copied_rows"] == {"llama-3.3-8b": "mistral-nemo-12b"}
    (moved,) = (c for c in found["metrics"][0]["changes"] if not c["same"])
    assert moved["parts"]["total"]["exact"] == "-977/11342"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("v0.1", "v9"), "no release is called 'v9'; known: v0.1-draft1"),
        (("v0.1", "v0.1"), "are one release; name two"),
    ],
)
def test_compare_refuses_what_it_cannot_compare(
    names: tuple[str, str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["compare", *names]) == 2
    assert sentence in capsys.readouterr().err
