"""Narrative to Markdown: strict names, a release's own pages, hostile text rendered inert."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markdown import Markdown
from small import write_small_release
from undrawn import Undrawn

from harness.folder import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.pages import NarrativeError, Placer, render_pages
from report.staging import read_config
from report.versions import data_files, render_version

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a | b | c",
    "{{ release.version }} {% raw %}",
    "[[ x ]] [y](javascript:alert(1))",
    "two\nlines",
    "right\u202eto\u202dleft\u200f",
    "`code` *bold* _under_ #head",
    "\"quoted\" & 'single' \\ back",
    "=HYPERLINK(1)",
    "--8<-- file",
    "&lt;script&gt;",
]


def rendered(folder: Path, placer: Placer | None = None) -> dict[str, str]:
    context = Context(analyse(read_release(folder)))
    pages = render_pages(context, docs=DOCS, placer=placer or Undrawn(cache=None))
    return {page.path: page.markdown for page in pages}


# Scripts that our own pages bring, from the site itself.
OWN = {
    *(f"assets/{name}.js" for name in ("versus", "mix", "mix-statistics")),
    *(f"data/{name}.js" for name in ("versus", "mix")),
}


class Shape(HTMLParser):
    """Elements of a page outside its drawings, and attributes that could run or lead away."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.risky: list[tuple[str, str | None]] = []
        self.drawing = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and dict(attrs) in [{"src": path, "defer": None} for path in OWN]:
            return
        self.drawing += tag == "svg"
        if not self.drawing:
            self.tags.append(tag)
        self.risky += [(k, v) for k, v in attrs if k.startswith("on") or k in {"src", "srcdoc"}]
        self.risky += [
            (k, v)
            for k, v in attrs
            if k == "href" and urlsplit(v or "").scheme not in {"", "http", "https", "mailto"}
        ]

    def handle_endtag(self, tag: str) -> None:
        self.drawing -= tag == "svg"


def as_html(markdown: str) -> str:
    """Convert as MkDocs does, with the extensions of mkdocs.yml."""
    config = read_config(ROOT / "mkdocs.yml")
    names, options = [], {}
    for entry in config["markdown_extensions"]:
        name = entry if isinstance(entry, str) else next(iter(entry))
        names.append(name)
        options[name] = {} if isinstance(entry, str) else entry[name]
    return Markdown(extensions=names, extension_configs=options).convert(markdown)


def own_page(folder: Path, name: str, text: str) -> None:
    (folder / "pages").mkdir(exist_ok=True)
    (folder / "pages" / name).write_text(text, "utf-8")


def test_a_small_release_has_the_pages_its_evidence_allows(
    small_release: Callable[..., Path],
) -> None:
    pages = rendered(small_release())
    assert "difficulty.md" in pages  # it has cells
    assert "runtime.md" not in pages  # and no runtimes
    assert "printed.md" not in pages  # nor printed figures


@pytest.fixture(scope="module")
def plain_shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = write_small_release(tmp_path_factory.mktemp("plain"))
    return {path: Shape(as_html(text)).tags for path, text in rendered(folder).items()}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_on_every_page(
    small_release: Callable[..., Path], plain_shapes: dict[str, list[str]], text: str
) -> None:
    pages = rendered(small_release(text=text, category=text.replace("\n", " ")))
    assert pages.keys() == plain_shapes.keys()
    for path, markdown in pages.items():
        shape = Shape(as_html(markdown))
        assert shape.risky == [], path
        # Whatever the text, the page has the same elements as with plain text.
        assert shape.tags == plain_shapes[path], path
        assert "\u202e" not in markdown, path


@pytest.mark.slow
def test_hostile_text_is_inert_in_drawings(small_release: Callable[..., Path]) -> None:
    text = "</text><script>alert(1)</script>]]>&<!--"
    pages = rendered(small_release(text=text), Placer(cache=None))
    for path, markdown in pages.items():
        shape = Shape(as_html(markdown))
        assert shape.risky == [], path
        assert "script" not in shape.tags, path
        ours = [f'<script src="{own}" defer>' for own in OWN]
        assert markdown.count("<script") == sum(markdown.count(own) for own in ours), path


def test_hostile_text_stays_data_in_the_downloads(small_release: Callable[..., Path]) -> None:
    folder = small_release(text="=1+1")
    files = data_files(Context(analyse(read_release(folder))))
    assert json.loads(files["data/analysis.json"])["models"]["a"] == "=1+1"
    # A spreadsheet must not take a name for a formula.
    assert b"'=1+1" in files["data/models.csv"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{{ value('passed', 'aa') }}", "no figure of the analysis is called 'passed/aa'"),
        ("{{ figure('leader') }}", "no figure is called 'leader'"),
        ("{{ table('leaderbord') }}", "nearest: leaderboard"),
        ("{{ name('nobody') }}", "no model is called 'nobody'"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ release.nothing }}", "nothing"),
        ("{% if %}", "Expected an expression"),
    ],
)
def test_an_unknown_name_fails_the_build_and_says_where(
    small_release: Callable[..., Path], line: str, message: str
) -> None:
    folder = small_release()
    own_page(folder, "overall.md", f"# Title\n\n{line}\n")
    with pytest.raises(NarrativeError) as caught:
        rendered(folder)
    assert message in str(caught.value)
    assert "overall.md:3" in str(caught.value)


def test_a_release_overrides_a_block_of_a_page(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    own_page(
        folder,
        "overall.md",
        '{% extends "docs/overall.md" %}{% block report %}OURS{% endblock %}',
    )
    pages = rendered(folder)
    assert "OURS" in pages["overall.md"]
    assert "# Leaderboard" in pages["overall.md"]


def test_a_release_adds_a_page_with_its_own_title(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    own_page(folder, "lessons.md", "# What we learned\n\n{{ value('passed', 'a') }}\n")
    context = Context(analyse(read_release(folder)))
    pages = render_pages(context, docs=DOCS, placer=Undrawn(cache=None))
    (page,) = [page for page in pages if page.path == "lessons.md"]
    assert (page.title, page.section) == ("What we learned", "More")
    assert "60.0%" in page.markdown


def test_an_added_page_without_a_title_is_refused(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    own_page(folder, "lessons.md", "no heading\n")
    with pytest.raises(NarrativeError, match="has no title"):
        rendered(folder)


@pytest.mark.parametrize(
    "name", ['a">b.md', "a#b.md", "a?b.md", "100%.md", "a b.md", "-a.md", "a\u202eb.md", "a\nb.md"]
)
def test_a_page_whose_name_is_no_address_is_refused(
    small_release: Callable[..., Path], name: str
) -> None:
    folder = small_release()
    own_page(folder, name, "# Title\n")
    with pytest.raises(NarrativeError, match=r"becomes part of the page's address") as caught:
        rendered(folder)
    assert all(char.isprintable() or char == "\n" for char in str(caught.value))
    (folder / "pages" / name).unlink()
    own_page(folder, "été-2.0_模型.md", "# Title\n")
    assert "été-2.0_模型.md" in rendered(folder)


def test_a_value_carries_interval_method_and_counts(small_release: Callable[..., Path]) -> None:
    folder = small_release()
    own_page(folder, "lessons.md", "# L\n\n{{ value('passed', 'a') }}\n")
    line = rendered(folder)["lessons.md"]
    assert "60.0%" in line
    assert "31.3 to 83.2%" in line
    assert "6 of 10" in line
    assert "wilson" in line


def test_every_literal_name_in_the_narrative_is_known_to_every_release(founding: Context) -> None:
    # The shared narrative must not name a model: another benchmark has other ones.
    ids = {model.id for model in founding.analysis.release.models}
    for path in DOCS.glob("**/*.md"):
        text = path.read_text("utf-8")
        assert [model for model in ids if f'"{model}"' in text] == [], path


@pytest.mark.slow
def test_the_whole_version_is_the_same_twice(founding: Context, tmp_path: Path) -> None:
    one, two = (
        render_version(
            founding.analysis.release, docs=DOCS, cache=tmp_path / "cache", site_name="Same"
        )
        for _ in range(2)
    )
    assert one == two


@pytest.mark.slow
def test_downloads_list_every_exhibit(founding: Context, tmp_path: Path) -> None:
    version = render_version(
        founding.analysis.release, docs=DOCS, cache=tmp_path / "cache", site_name="Any"
    )
    (data,) = [page.markdown for page in version.pages if page.path == "data.md"]
    for path in version.files:
        if path.endswith(".csv"):
            assert path in data, path
