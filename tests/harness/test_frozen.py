"""A frozen folder: every changed, added or missing byte is an error that names the file."""

import hashlib
import json
import random
import subprocess
from pathlib import Path

import pytest

from harness.frozen import PENDING, RECORD, checksums, fingerprint, seal

WAY_OUT = (
    "  A frozen release does not change: restore the file from version control. "
    'A correction is a new release whose previous is "r1".'
)


def record(folder: Path, **more: object) -> str:
    document = {
        "format": 1,
        "sha256": "0" * 64,
        "version": folder.name,
        "tool": "0.1.0",
        "libraries": {"numpy": "2.0"},
        "files": checksums(folder),
        "quantities": {"problems": {"value": 10}},
        **more,
    }
    return seal(json.dumps(document, indent=1) + "\n")


@pytest.fixture
def frozen(folder):
    folder.replace(
        "release.toml", 'status = "published"\n', 'status = "published"\nfrozen = true\n'
    )
    (folder.path / "pages").mkdir()
    folder.write("pages/own.md", "# Own\n")
    folder.write(RECORD, record(folder.path))
    return folder


def test_an_untouched_release_is_read_with_its_record(frozen):
    release = frozen.read()
    assert release.freeze is not None
    assert release.freeze.quantities == {"problems": {"value": 10}}
    assert set(release.freeze.files) == {
        path.relative_to(frozen.path).as_posix()
        for path in frozen.path.rglob("*")
        if path.is_file() and path.name != RECORD
    }
    assert release.digest == fingerprint(checksums(frozen.path))


def test_a_release_that_is_not_frozen_has_a_digest_all_the_same(folder):
    release = folder.read()
    assert release.freeze is None
    assert len(release.digest) == 64


def test_a_changed_byte_in_any_file_names_it(frozen):
    chance = random.Random(20_250_831)  # noqa: S311 - which byte, no secret
    for file in [path for path in sorted(frozen.path.rglob("*")) if path.is_file()]:
        before = file.read_bytes()
        at = chance.randrange(len(before))
        file.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
        name = file.relative_to(frozen.path).as_posix()
        assert any(error.startswith(f"r1/{name}") for error in frozen.errors()), name
        file.write_bytes(before)
    assert frozen.read().version == "r1"


def test_a_change_that_is_valid_otherwise(frozen):
    before = hashlib.sha256(frozen.path.joinpath("counts.csv").read_bytes()).hexdigest()
    frozen.replace("counts.csv", "other,,,10,,1", "other,,,10,,2")
    after = hashlib.sha256(frozen.path.joinpath("counts.csv").read_bytes()).hexdigest()
    assert frozen.error() == (
        f"r1/counts.csv: changed after freezing (SHA-256 {after[:12]}…); "
        f"expected the file as it was frozen ({before[:12]}…)\n{WAY_OUT}"
    )


@pytest.mark.parametrize("name", ["README.md", "pages/more.md", "pages/deep/er.md"])
def test_an_added_file_is_named(frozen, name):
    (frozen.path / name).parent.mkdir(exist_ok=True)
    frozen.write(name, "more")
    assert frozen.error() == (
        f"r1/{name}: a file that was added after freezing; "
        f"expected only the frozen files\n{WAY_OUT}"
    )


def test_a_missing_file_is_named(frozen):
    frozen.remove("pages/own.md")
    assert frozen.error() == (
        f"r1/pages/own.md: the file is missing; expected the file as it was frozen\n{WAY_OUT}"
    )


def test_the_record_cannot_be_taken_away(frozen):
    frozen.remove(RECORD)
    assert frozen.error() == (
        "r1/freeze.json: the file is missing; expected the checksums of this release, which is "
        "frozen as its release.toml says\n  Restore it from version control."
    )


def test_nor_can_the_line_that_says_so(frozen):
    frozen.replace("release.toml", "frozen = true\n", "")
    assert "r1/release.toml: changed after freezing" in frozen.error()


def test_the_record_holds_its_own_checksum(frozen):
    frozen.replace(RECORD, '"value": 10', '"value": 11')
    assert frozen.error().startswith("r1/freeze.json: content that is not what freezing wrote")


@pytest.mark.parametrize(
    "spoil",
    [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n"), lambda b: b + b" "],
)
def test_even_white_space_of_the_record_counts(frozen, spoil):
    file = frozen.path / RECORD
    file.write_bytes(spoil(file.read_bytes()))
    assert frozen.error().startswith("r1/freeze.json: content that is not what freezing wrote")


def test_a_sealed_record_of_another_shape_is_an_error_not_a_crash(frozen):
    frozen.write(RECORD, record(frozen.path, files=["a"]))
    assert frozen.error() == ("r1/freeze.json: files: a list; expected a checksum for each file")
    frozen.write(RECORD, seal('{"sha256": "' + "0" * 64 + '"'))
    assert frozen.error().startswith("r1/freeze.json: not JSON")


def test_a_record_that_was_about_to_get_its_name_counts(frozen):
    (frozen.path / RECORD).rename(frozen.path / PENDING)
    assert frozen.read().freeze is not None
    frozen.append("counts.csv", "")
    assert "counts.csv: changed after freezing" in frozen.error()


def test_a_half_done_freeze_is_no_freeze(folder):
    folder.write(PENDING, record(folder.path))
    assert folder.read().freeze is None


def test_files_with_a_dot_are_neither_read_nor_frozen(frozen):
    frozen.write(".DS_Store", b"\xff")
    frozen.write("pages/.own.md.swp", b"\xff")
    assert frozen.read().freeze is not None


def test_a_link_to_a_folder_is_an_added_file(frozen, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (frozen.path / "pages" / "linked").symlink_to(tmp_path / "elsewhere")
    assert frozen.error().startswith("r1/pages/linked: a file that was added after freezing")


def test_the_digest_is_what_sha256sum_says(folder):
    (folder.path / "pages").mkdir()
    folder.write("pages/é b.md", "# Own\n")
    command = (
        "find . -type f ! -name '.*' ! -name freeze.json -printf '%P\\0' "
        "| LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
    )
    run = subprocess.run(
        ["bash", "-c", command], cwd=folder.path, capture_output=True, text=True, check=True
    )
    assert run.stdout.split()[0] == folder.read().digest
