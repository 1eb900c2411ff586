"""Several releases: their order, and what cannot be ordered."""

import shutil

import pytest

from harness.errors import ReleaseFolderError
from harness.folder import read_releases


@pytest.fixture
def results(make_folder, tmp_path):
    """Make releases from {version: previous}; the folder is the temporary one."""

    def make(chain):
        for version, previous in chain.items():
            folder = make_folder(version)
            if previous is not None:
                folder.replace("release.toml", "status =", f'previous = "{previous}"\nstatus =')
        return tmp_path

    return make


def errors(path):
    with pytest.raises(ReleaseFolderError) as caught:
        read_releases(path)
    return [e.sentence().replace(f"{path}/", "") for e in caught.value.errors]


def order(path):
    return [release.version for release in read_releases(path)]


def test_the_first_release_comes_first(results):
    assert order(results({"a": "b", "b": "c", "c": None})) == ["c", "b", "a"]


def test_versions_count_as_people_count(results):
    assert order(results({"v0.10": None, "v0.9": None, "v0.9-rc": None})) == [
        "v0.9",
        "v0.9-rc",
        "v0.10",
    ]


def test_dates_order_what_follows_nothing(results, tmp_path):
    results({"a": None, "b": None})
    (tmp_path / "a/release.toml").write_text(
        (tmp_path / "a/release.toml").read_text().replace("2025-08-31", "2025-09-01")
    )
    assert order(tmp_path) == ["b", "a"]


def test_two_releases_may_follow_one(results):
    assert order(results({"z": None, "b": "z", "a": "z"})) == ["z", "a", "b"]


def test_an_unknown_previous(results):
    assert errors(results({"v1": "v0"})) == [
        (
            'v1/release.toml:4: previous: "v0" is no release; '
            'expected the name of a folder beside "v1"\n  Known: none.'
        )
    ]


def test_a_misspelt_previous(results):
    assert errors(results({"draft1": None, "draft2": "drft1"})) == [
        (
            'draft2/release.toml:4: previous: "drft1" is no release; '
            'expected the name of a folder beside "draft2"\n'
            '  Did you mean "draft1"? Known: draft1.'
        )
    ]


def test_a_circle(results):
    assert errors(results({"a": "b", "b": "c", "c": "a", "d": "a"})) == [
        (
            "a/release.toml:4: previous: a circle: a follows b follows c follows a; "
            "expected releases of which one is the first\n"
            "  The first release has no previous one."
        )
    ]


def test_a_copied_folder_whose_version_was_not_edited(results, tmp_path):
    shutil.copytree(results({"v1": None}) / "v1", tmp_path / "v2")
    assert errors(tmp_path) == [
        (
            'v2/release.toml:1: version: "v1"; expected the name of the folder, "v2"\n'
            "  Rename one of the two."
        )
    ]


def test_versions_that_differ_in_case(results):
    assert errors(results({"RC": None, "rc": None})) == [
        (
            "rc: the same version as RC, but for upper and lower case; "
            "expected one folder for each version\n"
            "  Rename one of the two: many file systems cannot tell them apart."
        )
    ]


def test_errors_of_all_releases_come_together(results, tmp_path):
    results({"v1": None, "v2": "v1", "v3": "v2"})
    (tmp_path / "v1/models.toml").unlink()
    (tmp_path / "v3/counts.csv").write_text("model\n")
    assert [e.partition(": ")[0] for e in errors(tmp_path)] == [
        "v1/models.toml",
        *["v3/counts.csv:1"] * 5,
    ]


def test_no_release(tmp_path):
    (tmp_path / "README.md").write_text("x")
    assert errors(tmp_path)[0].endswith(
        "no release; expected at least one folder with a release.toml\n"
        "  results/README.md describes what a release consists of."
    )


def test_no_folder(tmp_path):
    with pytest.raises(ReleaseFolderError, match="cannot be read") as caught:
        read_releases(tmp_path / "nowhere")
    assert caught.value.path == tmp_path / "nowhere"


def test_a_stray_file(results, tmp_path):
    results({"v1": None})
    (tmp_path / "counts.csv").write_text("x")
    assert errors(tmp_path) == [
        (
            "counts.csv: a file beside the releases; "
            "expected a folder for each release, and README.md\n"
            "  Move it into the release it belongs to, or out of this folder."
        )
    ]


def test_a_folder_that_is_no_release(results, tmp_path):
    results({"v1": None})
    (tmp_path / "old").mkdir()
    assert [e.partition(";")[0] for e in errors(tmp_path)] == [
        "old/release.toml: the file is missing",
        "old/models.toml: the file is missing",
        "old/counts.csv: the file is missing",
    ]


def test_a_link_out_of_the_results(results, tmp_path):
    inside = tmp_path / "results"
    inside.mkdir()
    shutil.move(results({"v1": None}) / "v1", inside / "v1")
    (inside / "v2").symlink_to(tmp_path)
    assert errors(inside)[0].startswith("v2: a link to ")


def test_hidden_folders_are_skipped(results, tmp_path):
    results({"v1": None})
    (tmp_path / ".git").mkdir()
    assert order(tmp_path) == ["v1"]
