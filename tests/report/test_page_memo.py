"""Pages kept between renderings: the same as rendered anew, after any edit."""

import shutil
from pathlib import Path

import pytest
from small import write_small_release
from undrawn import Undrawn

from harness.folder import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.page_memo import PageMemo
from report.pages import NarrativeError, render_pages

ROOT = Path(__file__).resolve().parents[2]


class Edited:
    """A release and its narrative, rendered with a memo and without after each edit."""

    def __init__(self, folder: Path) -> None:
        write_small_release(folder)
        self.docs, self.own = folder / "docs", folder / "results/v1/pages"
        self.own.mkdir()
        shutil.copytree(ROOT / "docs", self.docs)
        self.context = Context(analyse(read_release(folder / "results/v1")))
        self.memo = PageMemo()
        self.rendered = 0

    def pages(self) -> dict[str, str]:
        """Render with the memo; what it gives has to be what rendering anew gives."""
        kept, anew = Undrawn(cache=None), Undrawn(cache=None)
        found = {
            page.path: page.markdown
            for page in render_pages(self.context, docs=self.docs, placer=kept, memo=self.memo)
        }
        whole = {
            page.path: page.markdown
            for page in render_pages(self.context, docs=self.docs, placer=anew)
        }
        assert found == whole
        assert kept.tables
        assert kept.tables.keys() == anew.tables.keys()
        assert kept.figures.keys() == anew.figures.keys()
        assert kept.files == anew.files
        return found


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


def write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


def test_nothing_edited_is_the_same_again(edited: Edited) -> None:
    assert edited.pages() == edited.pages()


def test_an_edited_page_is_rendered_and_others_are_not(
    edited: Edited, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited.pages()
    page = edited.docs / "overall.md"
    write(page, page.read_text("utf-8") + "\nOne more sentence.\n")
    asked = []
    take = edited.memo.page

    def spy(spec, *, render, **more):  # type: ignore[no-untyped-def]
        return take(spec, render=lambda: asked.append(spec.path) or render(), **more)

    monkeypatch.setattr(edited.memo, "page", spy)
    assert "One more sentence." in edited.pages()["overall.md"]
    assert "overall.md" in asked
    assert not {"pairs.md", "methods/index.md", "problems.md"} & set(asked)


def test_an_override_of_a_page_is_rendered_when_what_it_extends_changes(edited: Edited) -> None:
    write(edited.own / "pairs.md", '{% extends "docs/pairs.md" %}\n')
    edited.pages()
    page = edited.docs / "pairs.md"
    write(page, page.read_text("utf-8") + "\nSaid below.\n")
    assert "Said below." in edited.pages()["pairs.md"]


def test_a_new_override_takes_the_place_of_a_kept_page(edited: Edited) -> None:
    before = edited.pages()["pairs.md"]
    write(edited.own / "pairs.md", "# Pairs\n\nOnly this.\n")
    assert "Only this." in edited.pages()["pairs.md"]
    (edited.own / "pairs.md").unlink()
    assert edited.pages()["pairs.md"] == before


def test_an_exhibit_stays_on_one_page_when_another_drops_it(edited: Edited) -> None:
    assert "leaderboard-chart" in edited.pages()["index.md"]
    page = edited.docs / "index.md"
    write(page, page.read_text("utf-8").replace('{{ figure("leaderboard") }}', ""))
    found = edited.pages()
    assert "leaderboard-chart" not in found["index.md"]
    assert "leaderboard-chart" in found["overall.md"]


def test_a_broken_template_is_told_with_its_place(edited: Edited) -> None:
    edited.pages()
    write(edited.docs / "pairs.md", "# Pairs\n\n{% if %}\n")
    with pytest.raises(NarrativeError, match=r"pairs\.md:3"):
        edited.pages()
