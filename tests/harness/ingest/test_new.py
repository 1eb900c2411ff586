import tomllib

import pytest

from harness.errors import ReleaseFolderError, ResultFileError
from harness.folder import read_releases, waiting
from harness.ingest.scaffold import new_release
from harness.reader import read_release

HEADER = "model,problem,sample,compiled,passed,runtime_s\n"
ROWS = "A,p1,0,true,true,0.5\nB,p1,0,true,false,\n"


def test_a_new_release_waits_for_results_and_is_built_after_an_ingest(release, take) -> None:
    results = release.parent
    assert waiting(results) == ("v1",)
    with pytest.raises(ReleaseFolderError, match=r"without results.*\n.*ingest FILE… --release v1"):
        read_releases(results)
    take(HEADER + ROWS)
    assert waiting(results) == ()
    assert [r.version for r in read_releases(results)] == ["v1"]
    new_release(results, "v2", earlier="v1")
    assert waiting(results) == ("v2",)
    assert [r.version for r in read_releases(results)] == ["v1"]


def test_the_new_files_hold_no_number_and_no_model(release) -> None:
    assert "models" not in tomllib.loads((release / "models.toml").read_text(encoding="utf-8"))
    facts = tomllib.loads((release / "release.toml").read_text(encoding="utf-8"))
    assert facts["status"] == "draft"
    assert not any(isinstance(value, int | float) for value in facts.values())


def test_going_on_from_a_release_changes_what_differs_and_no_other_line(release, take) -> None:
    path = release / "release.toml"
    text = path.read_text(encoding="utf-8").replace(
        'status = "draft"', 'date = "2025-01-02"\nn_problems = 1\nstatus = "published"'
    )
    path.write_text(text + "# a remark\n", encoding="utf-8")
    take(HEADER + ROWS)
    second = release.parent / "v2"
    new_release(release.parent, "v2", earlier="v1")
    facts = tomllib.loads((second / "release.toml").read_text(encoding="utf-8"))
    assert (facts["version"], facts["previous"], facts["status"]) == ("v2", "v1", "draft")
    assert "date" not in facts
    assert "n_problems" not in facts
    assert "# a remark" in (second / "release.toml").read_text(encoding="utf-8")
    assert (second / "models.toml").read_bytes() == (release / "models.toml").read_bytes()
    assert not (second / "ingest.json").exists()
    assert read_release(release).version == "v1"


@pytest.mark.parametrize("name", ["../v1", "v 1", "", ".v1", "x" * 65, "v1/v2"])
def test_a_name_that_is_no_version_is_refused(tmp_path, name) -> None:
    with pytest.raises(ResultFileError, match=r"expected letters, digits"):
        new_release(tmp_path, name)
    with pytest.raises(ResultFileError, match=r"expected letters, digits"):
        new_release(tmp_path, "v2", earlier=name or "..")
    assert not list(tmp_path.iterdir())


def test_a_release_is_never_overwritten(release) -> None:
    with pytest.raises(ResultFileError, match="a release of this name"):
        new_release(release.parent, "V1")
    with pytest.raises(ResultFileError, match=r"expected a release to go on from.*\n.*Known: v1"):
        new_release(release.parent, "v2", earlier="v0")
