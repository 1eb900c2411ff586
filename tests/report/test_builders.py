"""Another builder than MkDocs: found, asked, its failures told; what is staged can be moved."""

import os
import stat
from pathlib import Path

import pytest

import build
from harness.errors import BenchproofError
from report.builders import Builder, chosen_builder, find_builder
from report.document import Page, Version
from report.mkdocs_build import SiteError
from report.site import build_site, fingerprint
from report.staging import stage_all

ROOT = Path(__file__).resolve().parents[2]
CONFIG, THEME = ROOT / "mkdocs.yml", ROOT / "docs" / "theme"
GOOD = """
[ "$1" = --version ] && { echo "zensical, version 7.8.9 from somewhere"; exit; }
echo "$@" > asked.txt; echo "$SOURCE_DATE_EPOCH" > epoch.txt
mkdir -p site/assets/javascripts/lunr .cache
for page in index about; do echo "<html>$page</html>" > site/$page.html; done
touch site/404.html site/assets/javascripts/bundle.js.map
"""
BAD = """
[ "$1" = --version ] && { echo 7.8.9; exit; }
echo "Build started"; printf '\\033[33mWarning:\\033[0m page not found: nowhere.md\\n' >&2
exit 3
"""


def program(folder: Path, text: str, name: str = "zensical") -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}", "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def found(folder: Path, text: str) -> Builder:
    builder = find_builder(str(program(folder, text)))
    assert builder is not None
    return builder


def version(name: str = "v1") -> Version:
    pages = (Page("index.md", "Start", "# Start\n"), Page("about.md", "About", "# About\n"))
    return Version(name, name, "2025-03-01", False, pages, {})


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr("report.staging.runtime", lambda **_: "")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    def run(builder: Builder | None, work: str = "work") -> Path:
        build_site(
            [version()],
            target=tmp_path / "site",
            config=CONFIG,
            theme=THEME,
            work=tmp_path / work,
            progress=lambda _: None,
            builder=builder,
        )
        return tmp_path / "site"

    return run


def test_a_program_builds_what_is_staged_and_the_rest_is_as_ever(site, tmp_path) -> None:
    built = site(found(tmp_path, GOOD))
    assert (built / "v1" / "about.html").read_text("utf-8") == "<html>about</html>\n"
    assert (built / "versions.json").is_file()
    assert not (built / "v1" / "404.html").exists()
    assert not list((built / "v1").rglob("*.map"))
    staged = tmp_path / "work" / "zensical" / "versions" / "v1"
    asked = (staged / "asked.txt").read_text("utf-8").split()
    assert asked == ["build", "--strict", "--config-file", "mkdocs.yml"]
    assert (staged / "epoch.txt").read_text("utf-8").strip() == "1740787200"  # 1 March 2025
    assert not (staged / ".cache").exists()


def test_what_mkdocs_built_is_kept_beside_it(site, tmp_path) -> None:
    site(None)
    kept = tmp_path / "work" / "versions" / "v1" / "site" / "about.html"
    before = kept.read_bytes()
    site(found(tmp_path, GOOD))
    assert kept.read_bytes() == before


def test_a_failure_says_what_the_program_said_and_the_old_site_stays(site, tmp_path) -> None:
    old = (site(found(tmp_path, GOOD)) / "v1" / "about.html").read_bytes()
    with pytest.raises(SiteError) as error:
        site(found(tmp_path, BAD), work="other")
    assert error.value.problems == (
        "zensical 7.8.9 ended with 3",
        "Warning: page not found: nowhere.md",
    )
    assert (tmp_path / "site" / "v1" / "about.html").read_bytes() == old


def test_a_program_that_makes_no_page_has_failed(site, tmp_path) -> None:
    with pytest.raises(SiteError, match=r"zensical 7\.8\.9 ended with 0"):
        site(found(tmp_path, BAD.replace("exit 3", "exit 0")))


def test_another_builder_or_version_of_it_is_another_print(tmp_path) -> None:
    builders = [None] + [
        Builder(name, tmp_path, number)
        for name in ("properdocs", "zensical")
        for number in ("1.0", "2.0")
    ]
    prints = {fingerprint(version(), config=CONFIG, theme=THEME, builder=b) for b in builders}
    assert len(prints) == 5


def test_mkdocs_is_no_other_builder() -> None:
    assert find_builder("mkdocs") is None


def test_the_configuration_names_the_default_and_the_command_line_goes_first(tmp_path) -> None:
    settings = {"extra": {"builder": str(program(tmp_path, GOOD))}}
    assert chosen_builder(None, settings) == Builder("zensical", tmp_path / "zensical", "7.8.9")
    assert chosen_builder("mkdocs", settings) is None
    assert chosen_builder(None, {"extra": None}) is None


@pytest.mark.parametrize("asked", ["sphinx", "/usr/bin/env", ""])
def test_only_known_programs_are_run(asked: str) -> None:
    with pytest.raises(BenchproofError, match="expected mkdocs, or properdocs or zensical"):
        find_builder(asked)


def test_a_missing_program_names_the_way_out(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    for asked in ("zensical", str(tmp_path / "zensical")):
        with pytest.raises(BenchproofError, match=r"no such program\n.*make builders"):
            find_builder(asked)


def test_a_name_is_looked_for_on_the_path(tmp_path, monkeypatch) -> None:
    program(tmp_path, GOOD, name="properdocs")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    builder = find_builder("properdocs")
    assert builder == Builder("properdocs", tmp_path / "properdocs", "7.8.9")


def test_a_program_that_does_not_answer_is_refused(tmp_path) -> None:
    with pytest.raises(BenchproofError, match="does not say its version"):
        found(tmp_path, "exit 4\n")


def test_the_command_line_refuses_before_it_reads_anything(tmp_path, capsys) -> None:
    assert build.main(["site", "--builder", "sphinx", "--results", str(tmp_path / "none")]) == 2
    assert "--builder: found sphinx" in capsys.readouterr().err


# ---- Staging -----------------------------------------------------------------------------------


def staged(into: Path, *names: str, only: str | None = None) -> list[Path]:
    versions = [version(name) for name in names]
    return stage_all(versions, into=into, config=CONFIG, theme=THEME, cache=None, only=only)


def test_every_version_or_one_is_staged(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("report.staging.runtime", lambda **_: "")
    assert len(staged(tmp_path / "all", "v1", "v2")) == 2
    old = tmp_path / "all" / "v1" / "docs" / "gone.md"
    old.write_text("# Gone\n", "utf-8")
    (config,) = staged(tmp_path / "all", "v1", "v2", only="v1")
    assert config == tmp_path / "all" / "v1" / "mkdocs.yml"
    assert not old.exists()
    assert "# Start" in (config.parent / "docs" / "index.md").read_text("utf-8")


def test_a_folder_of_something_else_is_not_replaced(tmp_path) -> None:
    mine = tmp_path / "v2" / "thesis.tex"
    mine.parent.mkdir()
    mine.write_text("years of work", "utf-8")
    with pytest.raises(BenchproofError, match="holds no staged release"):
        staged(tmp_path, "v1", "v2")
    assert mine.exists()
    assert not (tmp_path / "v1").exists()


def test_an_unknown_release_is_named_with_those_there_are(tmp_path) -> None:
    with pytest.raises(BenchproofError, match="v9: no such release; there are v1, v2"):
        staged(tmp_path, "v1", "v2", only="v9")
