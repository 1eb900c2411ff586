"""Exhibits as files for a paper: all of them, the same bytes each time; the report, or why not."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from small import write_outcome_release

import build
from harness.errors import BenchproofError
from harness.reader import read_release
from report import drawing, export_report
from report.document import Page, Version
from report.export import choose, export_exhibits
from report.export_report import NoBrowserError, find_browser, joined
from report.latex import PACKAGES, latex_table
from report.tables import latex_text
from report.versions import render_version

ROOT = Path(__file__).resolve().parents[2]
ROWS = "model,problem,passed\n" + "".join(
    f"{m},p{i},{'true' if i % k else 'false'}\n" for m, k in (("a", 2), ("b", 3)) for i in range(10)
)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    folder = write_outcome_release(tmp_path_factory.mktemp("release"), ROWS)
    return render_version(read_release(folder), docs=ROOT / "docs", cache=None, site_name="Site")


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_every_exhibit_is_there_in_every_form_and_twice_the_same(
    version: Version, tmp_path: Path
) -> None:
    written = export_exhibits(version, tmp_path / "one", cache=None)
    export_exhibits(version, tmp_path / "two", cache=tmp_path / "kept")
    export_exhibits(version, tmp_path / "three", cache=tmp_path / "kept")
    one = files(tmp_path / "one")
    assert one == files(tmp_path / "two") == files(tmp_path / "three")
    assert len(written) == len(one)
    placed = {p.rpartition(".")[0] for p in version.files if p.startswith("data/tables/")}
    charts = {p.rpartition(".")[0] for p in version.files if p.startswith("data/charts/")}
    assert placed
    assert charts
    expected = {f"{p.removeprefix('data/')}.{end}" for p in placed for end in ("csv", "tex")}
    expected |= {
        f"{p.removeprefix('data/')}.{end}" for p in charts for end in ("csv", "svg", "pdf", "png")
    }
    assert one.keys() == expected
    for name, content in one.items():
        start = {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<svg"}.get(
            name.rpartition(".")[2], b""
        )
        assert content.startswith(start), name
        assert b"var(--" not in content, name
        if name.endswith(".tex"):
            assert rb"\toprule" in content


def hostile_tables() -> dict[str, str]:
    nasty = [
        latex_text(text) for text in (r"\input{x} $ & # % _ ^ ~", "[a] {b} <c|d>", "wide " * 60)
    ]
    return {
        f"hostile{rows}.tex": latex_table(
            label=f"tab:hostile{rows}", caption=nasty[0], headings=nasty, rows=[nasty] * rows,
            texts=[True, False, True],
        )
        for rows in (1, 41)
    }  # fmt: skip


def tables_of(version: Version) -> dict[str, str]:
    own = {
        path.rpartition("/")[2]: content.decode()
        for path, content in version.files.items()
        if path.endswith(".tex")
    }
    return own | hostile_tables()


def test_every_table_in_latex_is_balanced(version: Version) -> None:
    for name, text in tables_of(version).items():
        begun = re.findall(r"\\begin\{(\w+)\}", text)
        assert begun == re.findall(r"\\end\{(\w+)\}", text)[::-1], name
        assert begun in (["table", "tabular"], ["longtable"]), name
        bare = re.sub(r"\\.", "", text)
        assert bare.count("{") == bare.count("}"), name
    assert "{longtable}" in hostile_tables()["hostile41.tex"]
    assert "{longtable}" not in hostile_tables()["hostile1.tex"]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex, which is not here")
def test_every_table_in_latex_compiles_within_the_line(version: Version, tmp_path: Path) -> None:
    tables = tables_of(version)
    for name, text in tables.items():
        (tmp_path / name).write_text(text, "utf-8")
    inputs = "\n".join(f"\\input{{{name}}}\\clearpage" for name in tables)
    document = (
        f"\\documentclass{{article}}\\usepackage[a4paper,margin=25mm]{{geometry}}"
        f"\\usepackage[T1]{{fontenc}}\\usepackage{{{PACKAGES}}}"
        f"\\begin{{document}}{inputs}\\end{{document}}"
    )
    (tmp_path / "all.tex").write_text(document, "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[-1500:]
    assert "too large for page" not in said
    overfull = re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\) in alignment", said)
    assert not [width for width in overfull if float(width) > 5]


def test_a_long_table_that_no_size_of_type_fits_fills_the_line_and_no_more() -> None:
    cells = [
        "word " * 30,
        "a/long/name/of/a/figure/with/parts",
        "0.123456 (0.1 to 0.2)",
        "1",
        "x " * 70,
    ]
    text = latex_table(
        label="tab:x", caption="X", headings=["A", "B", "C", "D", "E"], rows=[cells] * 60,
        texts=[True, True, False, False, True],
    )  # fmt: skip
    parts = [float(part) for part in re.findall(r"dimexpr ([0-9.]+).linewidth", text)]
    assert len(parts) == 5
    assert 0.98 < sum(parts) < 1.005
    assert parts[0] > parts[3]


def test_the_release_is_the_one_named_or_the_latest_published() -> None:
    old, new, draft = (
        Version(name, name, "", name == "v3", [Page("index.md", "x", "# x")])
        for name in ("v1", "v2", "v3")
    )
    assert choose([old, new, draft], None) is new
    assert choose([old, new, draft], "v3") is draft
    assert choose([draft], None) is draft
    with pytest.raises(BenchproofError, match="no release is called 'v9'; known: v1, v2"):
        choose([old, new], "v9")


def test_without_chromium_the_way_out_is_said_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(NoBrowserError, match="apt install chromium"):
        find_browser()
    monkeypatch.setenv("CHROMIUM", "/no/such")
    with pytest.raises(NoBrowserError, match="CHROMIUM=/no/such"):
        find_browser()
    write_outcome_release(tmp_path, ROWS)
    arguments = ["export", "--results", str(tmp_path / "results"), "--cache", str(tmp_path / "c")]
    arguments += ["--to", str(tmp_path / "out")]
    assert build.main(arguments) == 2
    assert "--without-report" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert build.main([*arguments, "--without-report"]) == 0
    assert re.search(r"\d+ files of v1 in ", capsys.readouterr().out)
    assert (tmp_path / "out/tables/leaderboard.tex").exists()
    assert not (tmp_path / "out/report.pdf").exists()


def test_pages_are_joined_with_ids_apart_and_links_within(tmp_path: Path) -> None:
    pages = {
        "index.html": '<a href="deep/page.html#two">x</a><h2 id="two">I</h2>'
        '<a href="data/pairs.csv">csv</a><a href="https://example.org/a">out</a>',
        "deep/page.html": '<h2 id="two">D</h2><a href="#two">x</a><a href="../index.html">y</a>'
        '<a href="../index.html#a=1&#38;b=2">z</a><g clip-path="url(#two)"></g>'
        '<script>gone()</script><details class="bp-fold"><summary>s</summary></details>'
        '<details class="bp-panel"><summary>s</summary></details>'
        '<details class="bp-data"><summary>d</summary></details>',
    }
    for path, body in pages.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        head = '<link rel="stylesheet" href="assets/a.css">'
        file.write_text(f"{head}<article class='x'>{body}</article>", "utf-8")
    version = Version(
        "v1", "<v1>", "2025-01-01", True,
        [Page("index.md", "Home & more", ""), Page("deep/page.md", "Deep", "")],
    )  # fmt: skip
    html = joined(version, tmp_path)
    assert '<link rel="stylesheet" href="assets/a.css">' in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert sorted(ids) == ["p0", "p0-two", "p1", "p1-two"]
    links = re.findall(r' href="([^"]+)"', html)
    assert links[1:] == ["#p0", "#p1", "#p1-two", "https://example.org/a",
                         "#p1-two", "#p0", "#p0"]  # fmt: skip
    assert "url(#p1-two)" in html
    assert "gone" not in html
    assert "bp-data" not in html
    assert '<details open class="bp-fold">' in html
    assert '<details class="bp-panel">' in html
    assert "Home &#38; more" in html
    assert "(draft)" in html


def test_a_browser_that_fails_is_named(tmp_path: Path) -> None:
    false = tmp_path / "browser"
    false.write_text("#!/bin/sh\necho no paper >&2\nexit 3\n", "utf-8")
    false.chmod(0o755)
    with pytest.raises(BenchproofError, match="could not print the report\n  no paper"):
        export_report._print(str(false), tmp_path / "a", tmp_path / "b", profile=tmp_path)


def test_tags_are_numbered_from_one_in_their_order() -> None:
    given = b"/ID (node00000347) /K (node00000351) /Names [(node00000347) 1 (node00000351) 2]"
    found = export_report._settled(given)
    assert (
        found == b"/ID (node00000001) /K (node00000002) /Names [(node00000001) 1 (node00000002) 2]"
    )
    assert export_report._settled(given.replace(b"00003", b"00004")) == found


def test_dates_of_printing_become_the_releases() -> None:
    given = b"/CreationDate (D:20261125224500+00'00')\n/ModDate (D:20261125224500+00'00')"
    found = export_report._dated(given, "2025-03-01")
    assert len(found) == len(given)
    assert found.count(b"D:20250301000000") == 2


def test_a_pdf_whose_fonts_never_come_in_order_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Renderer:
        def vegalite_to_pdf(self, *_: object, **__: object) -> bytes:
            return b"".join(
                b"/Subtype /Type0\n  /BaseFont /ABCDEF+%b\n" % name for name in (b"Two", b"One")
            )

    monkeypatch.setattr(drawing, "_renderer", Renderer)
    with pytest.raises(BenchproofError, match=r"none of 1,500 drawings has its 2 fonts in order"):
        drawing.print_forms({}, cache=None)
