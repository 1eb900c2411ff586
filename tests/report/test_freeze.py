"""Freezing a release, and what is said when a later version of the tool computes differently."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from undrawn import Undrawn

from harness.errors import BenchproofError, ReleaseFolderError
from harness.folder import read_releases
from harness.frozen import seal
from harness.reader import read_release
from report import freeze as freezing
from report.analysis import analyse
from report.audit import audit, print_audit
from report.exhibits.common import Context
from report.freeze import freeze, frozen_toml
from report.pages import render_pages

ROOT = Path(__file__).resolve().parents[2]


def releases(folder: Path) -> Any:
    return read_releases(folder.parent)


def moved(folder: Path, key: str, **change: object) -> None:
    """Write another figure into the record, as if an earlier version had computed it."""
    file = folder / "freeze.json"
    document = json.loads(file.read_text("utf-8"))
    document["quantities"].setdefault(key, {}).update(change)
    file.write_text(seal(json.dumps(document, indent=1)), "utf-8")


# ---- Freezing --------------------------------------------------------------------------------


def test_a_frozen_draft_is_published_and_keeps_its_comments(
    small_release: Callable[..., Path],
) -> None:
    folder = small_release()
    toml = folder / "release.toml"
    text = toml.read_text("utf-8").replace(
        'status = "published"', "  status  =  'draft'  # until June"
    )
    toml.write_text(f"# Ours.\n{text}", "utf-8")
    done = freeze(releases(folder), "v1")
    expected = f"# Ours.\n{text}".replace("'draft'  # until June", "'published'  # until June")
    status = "  status  =  'published'  # until June\n"
    assert toml.read_text("utf-8") == expected.replace(status, f"{status}frozen = true\n")
    (release,) = releases(folder)
    assert release.status == "published"
    assert release.freeze is not None
    assert done.digest == release.digest
    assert (done.files, done.figures) == (4, len(release.freeze.quantities))
    assert release.freeze.quantities["passed/a"]["value"] == 0.6
    assert {path.name for path in folder.iterdir()} == {*release.freeze.files, "freeze.json"}


def test_windows_line_ends_and_a_byte_order_mark_stay(small_release: Callable[..., Path]) -> None:
    toml = small_release() / "release.toml"
    before = b"\xef\xbb\xbf" + toml.read_bytes().replace(b"\n", b"\r\n")
    toml.write_bytes(before)
    after = frozen_toml(toml, "published")
    assert after.replace(b"frozen = true\r\n", b"") == before
    assert after.count(b"frozen = true\r\n") == 1


@pytest.mark.parametrize(
    "line",
    ['status = """draft"""', 'status = "dr\\u0061ft"', 'x = """\nstatus = "draft"""\nstatus=1'],
)
def test_a_line_that_cannot_be_edited_safely_is_an_error(tmp_path: Path, line: str) -> None:
    toml = tmp_path / "release.toml"
    toml.write_text(f"version = 'v1'\n{line}\n", "utf-8")
    with pytest.raises(BenchproofError, match="cannot be edited safely; expected a line of its"):
        frozen_toml(toml, "published")


def test_freezing_twice_says_what_to_do_instead(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    freeze(releases(folder), "v1")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(BenchproofError, match=r'frozen already.*\n.*previous = "v1"'):
        freeze(releases(folder), "v1")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_an_unknown_release_lists_the_known_ones(small_release: Callable[..., Path]) -> None:
    with pytest.raises(BenchproofError, match="'v2'; known: v1"):
        freeze(releases(small_release()), "v2")


def test_a_release_with_errors_cannot_be_frozen(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    (folder / "counts.csv").write_text("model\n", "utf-8")
    with pytest.raises(ReleaseFolderError, match=r"counts\.csv"):
        freeze(releases(folder), "v1")
    assert not (folder / "freeze.json").exists()


def test_a_report_waits_for_its_drafts(small_release: Callable[..., Path]) -> None:
    draft, final = small_release(version="v1-draft"), small_release(version="v1")
    for folder, old, new in (
        (draft, 'status = "published"', 'status = "draft"'),
        (final, "benchmark", 'previous = "v1-draft"\nbenchmark'),
    ):
        toml = folder / "release.toml"
        toml.write_text(toml.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(BenchproofError, match="v1-draft is a draft that can still change"):
        freeze(releases(final), "v1")
    assert freeze(releases(final), "v1-draft", as_draft=True).status == "draft"
    assert freeze(releases(final), "v1").status == "published"
    assert [(r.status, bool(r.freeze)) for r in releases(final)] == [
        ("draft", True),
        ("published", True),
    ]


def test_only_a_draft_is_frozen_as_a_draft(small_release: Callable[..., Path]) -> None:
    with pytest.raises(BenchproofError, match=r"is published; .*\n  Leave out --draft"):
        freeze(releases(small_release()), "v1", as_draft=True)


def test_a_folder_that_changes_meanwhile_is_not_frozen(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    found = releases(folder)
    (folder / "README.md").write_text("more", "utf-8")
    with pytest.raises(BenchproofError, match="changed while it was frozen"):
        freeze(found, "v1")
    assert not (folder / "freeze.json").exists()


@pytest.mark.parametrize("step", [1, 2])
def test_stopped_at_any_step_it_is_frozen_or_not_and_can_go_on(
    small_release: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    folder = small_release()
    written = []
    real = freezing.write_atomically

    def write(file: Path, content: bytes) -> None:
        written.append(file)
        if len(written) == step:
            raise KeyboardInterrupt
        real(file, content)

    monkeypatch.setattr(freezing, "write_atomically", write)
    with pytest.raises(KeyboardInterrupt):
        freeze(releases(folder), "v1")
    (release,) = releases(folder)
    assert release.freeze is None
    monkeypatch.undo()
    freeze(releases(folder), "v1")
    assert releases(folder)[0].freeze is not None


def test_stopped_before_the_last_step_it_is_frozen(
    small_release: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_release()
    monkeypatch.setattr(freezing, "RECORD", "no/such/folder")
    with pytest.raises(OSError, match="no/such/folder"):
        freeze(releases(folder), "v1")
    monkeypatch.undo()
    assert releases(folder)[0].freeze is not None
    assert not (folder / "freeze.json").exists()
    with pytest.raises(BenchproofError, match="frozen already"):
        freeze(releases(folder), "v1")
    assert (folder / "freeze.json").exists()
    assert releases(folder)[0].freeze is not None


# ---- Drift -----------------------------------------------------------------------------------


@pytest.fixture
def frozen(small_release: Callable[..., Path]) -> Path:
    folder = small_release()
    freeze(releases(folder), "v1")
    return folder


def context(folder: Path) -> Context:
    return Context(analyse(read_release(folder)))


def test_nothing_drifts_between_equal_versions(frozen: Path) -> None:
    assert context(frozen).drift == ()
    pages = render_pages(context(frozen), docs=ROOT / "docs", placer=Undrawn(None))
    assert "drift.md" not in {page.path for page in pages}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": 0.61}, "61.0% (31.3 to 83.2%) when frozen, 60.0% (31.3 to 83.2%) now"),
        ({"low": 0.3}, "60.0% (30.0 to 83.2%) when frozen, 60.0% (31.3 to 83.2%) now"),
        ({"method": "wald"}, "(wald, n 10 → wilson, n 10)"),
        ({"value": 0.600001}, "0.600001"),
    ],
)
def test_a_figure_that_moved_is_on_a_page_and_in_check(
    frozen: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], words: str
) -> None:
    moved(frozen, "passed/a", **change)
    (item,) = context(frozen).drift
    assert item.key == "passed/a"
    found = audit(read_release(frozen))
    assert not found.failed
    assert json.loads(json.dumps(found.as_json()))["drift"][0]["frozen"]["unit"] == "fraction"
    print_audit([found])
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("v1: ")
    assert "drift: passed/a: " in said
    assert words in said
    placer = Undrawn(None)
    pages = {p.path: p for p in render_pages(context(frozen), docs=ROOT / "docs", placer=placer)}
    text = pages["drift.md"].markdown
    assert "1 figure of" in text
    assert "passed/a" in text
    assert placer.files["data/tables/drift.csv"].count(b"\n") == 2


def test_a_figure_that_is_no_longer_computed_drifted(frozen: Path) -> None:
    moved(frozen, "passed/gone", value=0.5, unit="fraction", method="wilson", level=None)
    (item,) = context(frozen).drift
    assert item.now is None
    pages = render_pages(context(frozen), docs=ROOT / "docs", placer=Undrawn(None))
    assert "no longer computed" in next(p for p in pages if p.path == "drift.md").markdown


def test_rounding_of_the_last_bits_and_new_figures_are_no_drift(frozen: Path) -> None:
    moved(frozen, "passed/a", value=0.6 * (1 + 1e-12))
    file = frozen / "freeze.json"
    document = json.loads(file.read_text("utf-8"))
    del document["quantities"]["passed/b"]
    file.write_text(seal(json.dumps(document, indent=1)), "utf-8")
    assert context(frozen).drift == ()


def test_a_hostile_key_is_inert(frozen: Path) -> None:
    moved(frozen, "</table><script>", value=1, unit="</td><b>", method="<i>")
    pages = render_pages(context(frozen), docs=ROOT / "docs", placer=Undrawn(None))
    text = next(p for p in pages if p.path == "drift.md").markdown
    assert "<script" not in text
    assert "<b>" not in text
    assert "<i>" not in text


def test_what_is_frozen_does_not_depend_on_the_status(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    release = read_release(folder)
    draft = replace(release, status="draft")
    assert Context(analyse(release)).quantities == Context(analyse(draft)).quantities
