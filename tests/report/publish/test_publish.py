"""Publishing, against a bare repository of this machine and against folders."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import yaml
from small import write_small_release

import build
from harness.errors import BenchproofError
from harness.folder import read_releases
from report import publish as publishing
from report.freeze import freeze
from report.publish import CheckError, PublishError, Request, check_audits, open_drafts, publish
from report.publish.git import without_secrets

IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


@pytest.fixture(autouse=True)
def own_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No configuration of this machine's user."""
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))


def git(folder: Path, *arguments: str) -> str:
    run = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@dataclass
class Project:
    """A repository with a small release, a bare remote, and a site whose building is played."""

    top: Path
    remote: Path
    site: Path
    said: list[str] = field(default_factory=list)
    built: int = 0

    def build(self, text: str = "one") -> None:
        self.built += 1
        shutil.rmtree(self.site, ignore_errors=True)
        versions = []
        for release in reversed(read_releases(self.top / "results")):
            versions.append({"version": release.version, "title": "", "aliases": []})
            data = self.site / release.version / "data"
            data.mkdir(parents=True)
            (data.parent / "ü b.html").write_text(f"{release.version} {text}", "utf-8")
            if release.freeze:
                shutil.copy(release.path / "freeze.json", data / "freeze.json")
        (self.site / "versions.json").write_text(json.dumps(versions), "utf-8")
        (self.site / ".nojekyll").touch()

    def publish(self, *, text: str = "one", **options: object) -> list[str]:
        request = Request(site=self.site, repository=self.top / "results", yes=True)
        self.said = []
        publish(
            read_releases(self.top / "results"),
            replace(request, **options),  # type: ignore[arg-type]
            build=lambda: self.build(text),
            say=self.said.append,
        )
        return self.said

    def commit(self) -> None:
        git(self.top, "add", "-A")
        git(self.top, "commit", "-qm", "More")

    def files(self, branch: str = "gh-pages") -> dict[str, str]:
        listed = git(self.remote, "ls-tree", "-r", "-z", "--name-only", branch).split("\0")
        return {path: git(self.remote, "show", f"{branch}:{path}") for path in listed if path}

    def edit(self, version: str, old: str, new: str) -> None:
        toml = self.top / "results" / version / "release.toml"
        toml.write_text(toml.read_text("utf-8").replace(old, new, 1), "utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    top, remote = tmp_path / "project", tmp_path / "remote.git"
    top.mkdir()
    write_small_release(top)
    (top / ".gitignore").write_text("site/\n", "utf-8")
    git(tmp_path, "init", "-q", "--bare", str(remote))
    git(top, "init", "-q", "-b", "main")
    git(top, "remote", "add", "origin", str(remote))
    git(top, "add", "-A")
    git(top, "commit", "-qm", "Sources")
    return Project(top, remote, top / "site")


# ---- To a branch -------------------------------------------------------------------------------


def test_the_site_is_on_the_branch_byte_for_byte(project: Project) -> None:
    said = project.publish()
    assert project.files() == {
        ".nojekyll": "",
        "v1/ü b.html": "v1 one",
        "versions.json": (project.site / "versions.json").read_text(),
    }
    source = git(project.top, "rev-parse", "HEAD")[:12]
    assert said == [
        f"To branch gh-pages of origin ({project.remote})",
        "  versions  v1 (new)",
        "  files     3 new, 0 changed, 0 removed, 0 as they are; 0.0 MB",
        f"  source    commit {source}",
        "Published.",
    ]
    log = git(project.remote, "log", "--format=%cn <%ce> %s", "gh-pages")
    assert log == f"Ada <ada@example.org> Publish the site of commit {source}"
    assert git(project.top, "status", "--porcelain") == ""
    assert git(project.top, "branch", "--show-current") == "main"


def test_history_is_kept_and_an_equal_site_is_not_pushed_again(project: Project) -> None:
    project.publish()
    first = git(project.remote, "rev-parse", "gh-pages")
    assert project.publish()[-1] == "Nothing changed: it holds this site already."
    assert git(project.remote, "rev-parse", "gh-pages") == first
    said = project.publish(text="two")
    assert "  files     0 new, 1 changed, 0 removed, 2 as they are; 0.0 MB" in said
    assert "  versions  v1" in said
    assert git(project.remote, "rev-parse", "gh-pages^") == first
    assert project.files()["v1/ü b.html"] == "v1 two"


def test_commits_of_others_on_the_branch_are_built_upon(project: Project, tmp_path: Path) -> None:
    project.publish()
    git(tmp_path, "clone", "-q", "-b", "gh-pages", str(project.remote), "clone")
    clone = tmp_path / "clone"
    (clone / "CNAME").write_text("bench.example.org\n", "utf-8")
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "A domain")
    git(clone, "push", "-q")
    project.publish(text="two")
    assert project.files()["CNAME"] == "bench.example.org"
    assert git(project.remote, "log", "--format=%s", "gh-pages").splitlines()[1] == "A domain"
    assert project.publish(text="two")[-1].startswith("Nothing changed")


def test_a_race_is_lost_with_the_way_out_and_nothing_is_overwritten(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.publish()
    git(tmp_path, "clone", "-q", "-b", "gh-pages", str(project.remote), "clone")
    clone = tmp_path / "clone"
    real = publishing.push

    def late(*arguments: object, **options: object) -> None:
        (clone / "other").write_text("other", "utf-8")
        git(clone, "add", "-A")
        git(clone, "commit", "-qm", "Meanwhile")
        git(clone, "push", "-q")
        real(*arguments, **options)  # type: ignore[arg-type]

    local = git(project.top, "rev-parse", "gh-pages")
    monkeypatch.setattr(publishing, "push", late)
    with pytest.raises(PublishError, match=r"rejected(.|\n)*Somebody published meanwhile"):
        project.publish(text="two")
    assert git(project.remote, "log", "-1", "--format=%s", "gh-pages") == "Meanwhile"
    assert git(project.top, "rev-parse", "gh-pages") == local
    monkeypatch.undo()
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    project.publish(text="two")
    assert git(project.remote, "log", "--format=%s", "gh-pages").splitlines()[1] == "Meanwhile"


def test_force_is_only_used_when_asked_for(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = publishing.git.Git.__call__

    def spy(self: publishing.git.Git, *arguments: str) -> str:
        calls.append(arguments)
        return real(self, *arguments)

    monkeypatch.setattr(publishing.git.Git, "__call__", spy)
    project.publish()
    assert not [call for call in calls if "--force" in call]
    project.publish(text="two", force=True)
    assert [call[0] for call in calls if "--force" in call] == ["push"]


def test_local_commits_on_the_branch_are_not_dropped(project: Project) -> None:
    project.publish()
    git(project.top, "checkout", "-q", "gh-pages")
    git(project.top, "commit", "-q", "--allow-empty", "-m", "Mine")
    git(project.top, "checkout", "-q", "main")
    with pytest.raises(PublishError, match="holds commits that the remote lacks"):
        project.publish(text="two")
    assert git(project.top, "log", "-1", "--format=%s", "gh-pages") == "Mine"


def test_a_branch_that_is_checked_out_is_left_alone(project: Project) -> None:
    git(project.top, "checkout", "-q", "-b", "gh-pages")
    with pytest.raises(PublishError, match="is checked out"):
        project.publish()


def test_an_unknown_remote_lists_the_known_ones(project: Project) -> None:
    with pytest.raises(PublishError, match="no remote is called 'upstream'; known: origin"):
        project.publish(remote="upstream")


def test_a_remote_that_is_gone_is_said_by_git(project: Project) -> None:
    shutil.rmtree(project.remote)
    with pytest.raises(PublishError, match="git fetch: "):
        project.publish()


def test_a_committer_is_needed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in IDENTITY:
        monkeypatch.delenv(name)
    git(project.top, "config", "user.useConfigOnly", "true")
    with pytest.raises(PublishError, match=r"does not know who commits\n.*git config user\.name"):
        project.publish()
    git(project.top, "config", "user.name", "Bea")
    git(project.top, "config", "user.email", "bea@example.org")
    project.publish()
    assert git(project.remote, "log", "--format=%cn", "gh-pages") == "Bea"
    assert "GIT_COMMITTER_NAME" not in os.environ


def test_passwords_of_addresses_are_not_shown() -> None:
    assert (
        without_secrets("to https://me:secret@host/x.git failed") == "to https://host/x.git failed"
    )
    assert without_secrets("git@github.com:a/b.git") == "git@github.com:a/b.git"


# ---- What is refused ---------------------------------------------------------------------------


def test_a_dirty_tree_is_refused_and_named(project: Project) -> None:
    (project.top / "results" / "v1" / "README.md").write_text("more", "utf-8")
    with pytest.raises(PublishError, match=r"no commit holds \(results/v1/README\.md\)"):
        project.publish()
    assert project.built == 0
    assert project.publish(allow_dirty=True)[3].endswith(" with uncommitted changes")


def test_the_built_site_makes_no_tree_dirty(project: Project) -> None:
    (project.top / ".gitignore").unlink()
    project.commit()
    project.publish()
    project.publish(text="two", folder=project.top / "public")
    project.publish(text="two", folder=project.top / "public")


def test_a_draft_is_refused_without_draft(project: Project) -> None:
    project.edit("v1", 'status = "published"', 'status = "draft"')
    project.commit()
    with pytest.raises(PublishError, match=r"v1: still a draft; (.|\n)*publish --draft"):
        project.publish()
    assert project.built == 0
    assert project.publish(draft=True)[-1] == "Published."


def test_a_frozen_draft_that_a_published_release_follows_is_history(project: Project) -> None:
    write_small_release(project.top, version="v2")
    project.edit("v1", 'status = "published"', 'status = "draft"')
    project.edit("v2", "benchmark", 'previous = "v1"\nbenchmark')
    results = project.top / "results"
    assert open_drafts(read_releases(results)) == ("v1",)
    freeze(read_releases(results), "v1", as_draft=True)
    assert open_drafts(read_releases(results)) == ()
    project.edit("v2", 'status = "published"', 'status = "draft"')
    assert open_drafts(read_releases(results)) == ("v1", "v2")


def test_a_site_that_fails_the_strict_check_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.top / "results" / "v1" / "printed.csv").write_text(
        "table,figure,model,versus,category,difficulty,printed,unit\n1,pass_rate,a,,,,61,%\n",
        "utf-8",
    )
    project.commit()
    with pytest.raises(CheckError, match=r"v1: fails `build\.py check --strict`"):
        project.publish()
    assert project.built == 0
    monkeypatch.setattr(publishing, "check_audits", lambda _: None)
    project.publish()
    with pytest.raises(CheckError):
        check_audits(read_releases(project.top / "results"))


def test_without_a_terminal_nobody_can_be_asked(project: Project) -> None:
    with pytest.raises(PublishError, match=r"nobody is there to ask(.|\n)*--yes"):
        project.publish(yes=False)


@pytest.mark.parametrize(("answer", "end"), [("y", "Published."), ("", "Not published.")])
def test_on_a_terminal_it_asks(
    project: Project, monkeypatch: pytest.MonkeyPatch, answer: str, end: str
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    assert project.publish(yes=False)[-1] == end


def test_a_dry_run_only_says(project: Project) -> None:
    said = project.publish(dry_run=True, yes=False)
    assert said[-1] == "Not published: --dry-run."
    assert git(project.remote, "branch", "--list") == ""


def test_a_published_version_does_not_vanish_unasked(project: Project) -> None:
    write_small_release(project.top, version="v2")
    project.commit()
    project.publish()
    shutil.rmtree(project.top / "results" / "v1")
    project.commit()
    with pytest.raises(
        BenchproofError, match=r"holds v1, which this site does not(.|\n)*--drop v1"
    ):
        project.publish()
    project.publish(drop=["v1"])
    assert "v1/ü b.html" not in project.files()


@pytest.mark.parametrize("to_a_folder", [False, True])
def test_a_frozen_version_that_is_out_never_changes(project: Project, to_a_folder: bool) -> None:
    where = {"folder": project.top.parent / "public"} if to_a_folder else {}
    results = project.top / "results"
    shutil.copytree(results, project.top.parent / "before")
    freeze(read_releases(results), "v1")
    project.commit()
    project.publish(**where)
    # Thawed by hand, changed, and frozen again: the folder looks right, what is out knows better.
    shutil.rmtree(results)
    shutil.copytree(project.top.parent / "before", results)
    (results / "v1" / "README.md").write_text("more", "utf-8")
    for again in (False, True):
        if again:
            freeze(read_releases(results), "v1")
        project.commit()
        with pytest.raises(BenchproofError, match="v1 was published frozen with other files"):
            project.publish(**where)


# ---- To a folder -------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_folder_is_replaced_whole_and_keeps_its_domain(project: Project, tmp_path: Path) -> None:
    public = tmp_path / "public"
    project.publish(folder=public)
    assert contents(public) == contents(project.site)
    (public / "CNAME").write_text("x.org", "utf-8")
    (public / "stale.html").write_text("old", "utf-8")
    said = project.publish(folder=public, text="two")
    assert "  files     0 new, 1 changed, 1 removed, 2 as they are; 0.0 MB" in said
    assert contents(public) == {**contents(project.site), "CNAME": b"x.org"}
    assert not list(tmp_path.glob(".public*"))
    assert project.publish(folder=public, text="two")[-1].startswith("Nothing changed")


def test_a_folder_beside_the_site_is_no_deadlock(project: Project) -> None:
    assert project.publish(folder=project.site.with_name("public"))[-1] == "Published."


def test_a_folder_of_something_else_is_not_replaced(project: Project, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.tex").write_text("years", "utf-8")
    with pytest.raises(BenchproofError, match="holds files that are no site"):
        project.publish(folder=tmp_path / "home")
    for overlapping in (project.site, project.site / "public", project.top):
        with pytest.raises(BenchproofError, match="overlaps"):
            project.publish(folder=overlapping)
    git(tmp_path, "init", "-q", "tree")
    with pytest.raises(PublishError, match="a git working tree"):
        project.publish(folder=tmp_path / "tree")


def test_without_version_control_only_a_folder_will_do(project: Project, tmp_path: Path) -> None:
    shutil.rmtree(project.top / ".git")
    with pytest.raises(PublishError, match=r"not in a git repository(.|\n)*--folder DIR"):
        project.publish()
    said = project.publish(folder=tmp_path / "public")
    assert "  source    files under no version control" in said


# ---- Together ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_builds_and_publishes(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        *("publish", "--yes", "--results", str(project.top / "results")),
        *("--site", str(tmp_path / "built"), "--cache", str(tmp_path / "cache")),
    ]
    freeze(read_releases(project.top / "results"), "v1")
    assert build.main(arguments) == 2
    assert "changes that no commit holds" in capsys.readouterr().err
    project.commit()
    assert build.main(arguments) == 0
    assert capsys.readouterr().out.endswith("Published.\n")
    out = tmp_path / "out"
    git(tmp_path, "clone", "-q", "-b", "gh-pages", str(project.remote), str(out))
    shutil.rmtree(out / ".git")
    assert contents(out) == contents(tmp_path / "built")
    assert json.loads((out / "versions.json").read_text())[0]["aliases"] == ["latest"]
    record = project.top / "results/v1/freeze.json"
    assert (out / "v1/data/freeze.json").read_bytes() == record.read_bytes()
    assert build.main(arguments) == 0
    assert "Nothing changed" in capsys.readouterr().out


def test_the_workflow_publishes_on_a_tag_what_the_command_line_knows() -> None:
    root = Path(build.__file__).parent
    workflow = yaml.safe_load((root / ".github/workflows/publish.yml").read_text("utf-8"))
    assert workflow[True]["push"] == {"tags": ["v*"]}  # YAML reads the key `on` as true
    assert workflow["permissions"] == {"contents": "write"}
    steps = workflow["jobs"]["publish"]["steps"]
    assert "make publish" in steps[-1]["run"]
    (line,) = re.findall(r"RUN\) build\.py (publish.*)", (root / "Makefile").read_text("utf-8"))
    options = build._parser().parse_args(line.split())
    assert (options.yes, options.draft, options.allow_dirty, options.force) == (True, *[False] * 3)
