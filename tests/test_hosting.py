"""What docs/HOSTING.md says is so: its headers are those that are sent, its commands run."""

import os
import re
import shlex
from pathlib import Path

import pytest
from small import write_small_release

import build
from report.policy import HEADERS, POLICY

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "HOSTING.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line for kind, text in BLOCKS if kind == "sh" for line in text.strip().splitlines()]


def test_the_headers_and_the_policy_are_those_of_the_site() -> None:
    (headers,) = [text for kind, text in BLOCKS if kind == "headers"]
    assert dict(line.split(": ", 1) for line in headers.strip().splitlines()) == HEADERS
    (policy,) = [text for kind, text in BLOCKS if kind == ""]
    assert policy.strip() == POLICY


def test_the_make_targets_exist() -> None:
    named = {word for part in re.findall(r"`make ([a-z]+)`", TEXT) for word in part.split()}
    asked = named | {line.split()[1] for line in COMMANDS if line.startswith("make ")}
    assert asked >= {"builders", "hedge", "lock"}
    for target in asked:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


def test_the_versions_are_those_of_the_lock() -> None:
    lock = (ROOT / ".ci" / "hedge" / "requirements.lock").read_text("utf-8")
    versions = dict(re.findall(r"^([\w-]+)==(\S+) \\$", lock, re.MULTILINE))
    (tried,) = re.findall(r"^\| tried with \|(.*)", TEXT, re.MULTILINE)
    assert versions["properdocs"] in tried
    assert versions["zensical"] in tried
    assert versions["mkdocs"] in tried
    assert ".".join(versions["mkdocs-material"].split(".")[:2]) in tried
    assert not re.search(r"https?://|file:", lock)  # hashes, and no host


@pytest.mark.slow
def test_every_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_small_release(tmp_path, version="v1")
    lines = [line for line in COMMANDS if line.startswith("python build.py ")]
    assert len(lines) == 3
    monkeypatch.chdir(tmp_path)
    if (ROOT / ".venv-hedge").exists():
        (tmp_path / ".venv-hedge").symlink_to(ROOT / ".venv-hedge")
    elif os.environ.get("CI") == "true":
        pytest.fail("no .venv-hedge: `make builders` makes it")
    for line in lines:
        if "--builder" in line and not (tmp_path / ".venv-hedge").exists():
            continue  # tests/browser/test_builders.py says why
        folders = [f"--{name}={tmp_path / name}" for name in ("results", "site", "cache")]
        assert build.main([*shlex.split(line)[2:], *folders]) == 0, line
    assert (tmp_path / "staged" / "v1" / "mkdocs.yml").is_file()
