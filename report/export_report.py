"""The whole report as one PDF: every page of a built version on paper, by headless Chromium.

The site's own print style is the layout, so the browser that renders the site also prints it. All
pages are first joined to one document: numbered pages, one outline, and links that lead within it.
Chromium is no dependency of a build; only this asks for it.
"""

import os
import posixpath
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from harness.errors import BenchproofError
from report.document import Page, Version
from report.drawing import write_atomically
from report.html import escape

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
PATIENCE = 300
"""Seconds that printing may take."""

_ARTICLE = re.compile(r"<article[^>]*>(.*)</article>", re.DOTALL)
_STYLES = re.compile(r'<link rel="stylesheet" href="[^"]+">')
_ANCHOR = re.compile(r'(\s(?:id|for|aria-labelledby|aria-describedby|popovertarget)=")([^"]+)"')
_HREF = re.compile(r'(\shref=")([^"]*)"')
_CLIP = re.compile(r"url\(#([^)]+)\)")
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
# Data tables of charts: each chart's CSV lies beside the report.
_DATA = re.compile(r'<details class="bp-data".*?</details>', re.DOTALL)
_TAG = re.compile(rb"\(node\d{8}\)")
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")


class NoBrowserError(BenchproofError):
    """No Chromium on this machine, without which the report cannot be printed."""


def find_browser() -> str:
    """Return the program of a Chromium, by the variable CHROMIUM or on the path.

    Raises
    ------
    NoBrowserError
        With how to get one, and how to export without the report.
    """
    given = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, [given] if given else NAMES)), None)
    if found is None:
        looked = f"CHROMIUM={given}" if given else f"none of {', '.join(NAMES)} on the path"
        raise NoBrowserError(
            f"the report as PDF needs Chromium, which is not there: {looked}\n"
            "  Install it (Debian: apt install chromium), set CHROMIUM to its program,\n"
            "  or leave the report out: --without-report"
        )
    return found


def print_report(version: Version, built: Path, target: Path, *, browser: str) -> None:
    """Print a built version to the file ``target``.

    Parameters
    ----------
    version
        The version as it was rendered; its pages give the order.
    built
        Its folder in a built site.
    target
        The PDF; its dates are the release's, so that equal input gives equal bytes with one
        browser.
    browser
        Program of a Chromium.

    Raises
    ------
    BenchproofError
        The browser failed, or took longer than `PATIENCE`.
    """
    with tempfile.TemporaryDirectory(prefix="benchproof-print-") as work:
        folder = Path(work) / "site"
        shutil.copytree(built, folder)
        page = folder / "whole-report.html"
        page.write_text(joined(version, built), "utf-8")
        pdf = Path(work) / "report.pdf"
        _print(browser, page, pdf, profile=Path(work) / "profile")
        write_atomically(target, _settled(_dated(pdf.read_bytes(), version.date)))


def joined(version: Version, built: Path) -> str:
    """Return all pages of a built version as one HTML document, to stand in its folder."""
    places = {page.path.removesuffix(".md") + ".html": i for i, page in enumerate(version.pages)}
    first = (built / "index.html").read_text("utf-8")
    styles = "\n".join(_STYLES.findall(first))
    articles = "\n".join(_article(page, built, places) for page in version.pages)
    title = escape(f"{version.site_name}, {version.title}")
    contents = Markup("\n").join(
        Markup('<li><a href="#p{}">{}</a></li>').format(i, escape(page.title))
        for i, page in enumerate(version.pages)
    )
    state = " (draft)" if version.draft else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"{styles}\n</head>\n"
        '<body dir="ltr" data-md-color-scheme="default" class="bp-whole">\n'
        f'<article class="md-typeset bp-whole__title"><h1>{title}</h1>'
        f"<p>{escape(version.date)}{state}</p><ol>{contents}</ol></article>\n"
        f"{articles}\n</body></html>\n"
    )


def _article(page: Page, built: Path, places: Mapping[str, int]) -> str:
    path = page.path.removesuffix(".md") + ".html"
    found = _ARTICLE.search((built / path).read_text("utf-8"))
    if found is None:
        raise BenchproofError(f"{built / path}: a page without an article; build the site again")
    own = f"p{places[path]}"
    text = _DATA.sub("", _SCRIPT.sub("", found[1]))
    # Panels inside a table's cell stay closed: their row says the same at a glance.
    text = text.replace('<details class="bp-fold', '<details open class="bp-fold')
    text = _ANCHOR.sub(lambda m: f'{m[1]}{_ids(own, m[2])}"', text)
    text = _CLIP.sub(lambda m: f"url(#{own}-{m[1]})", text)
    text = _HREF.sub(lambda m: _link(m, path, places), text)
    return f'<article class="md-typeset bp-whole__page" id="{own}">{text}</article>'


def _ids(own: str, names: str) -> str:
    return " ".join(f"{own}-{name}" for name in names.split())


def _link(found: re.Match[str], path: str, places: Mapping[str, int]) -> str:
    """A link of a page as one of the whole: within it where it leads to one of its pages.

    Files beside the pages are not in the document: their names stay, without a link.
    """
    start, href = found.groups()
    where, _, anchor = href.partition("#")
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", where) or where.startswith("/"):
        return found[0]
    full = posixpath.normpath(posixpath.join(posixpath.dirname(path), where)) if where else path
    if full not in places:
        return ""
    # A choice kept behind the sign is no place on the page.
    inside = f"-{anchor}" if anchor and "=" not in anchor else ""
    return f'{start}#p{places[full]}{inside}"'


def _print(browser: str, page: Path, pdf: Path, *, profile: Path) -> None:
    command = [
        browser,
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
        f"--user-data-dir={profile}",
        f"--print-to-pdf={pdf}",
        *_as_root(),
        page.as_uri(),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 - our own arguments
    except subprocess.TimeoutExpired as error:
        raise BenchproofError(f"{browser}: printing took over {PATIENCE} seconds") from error
    if done.returncode or not pdf.exists():
        said = done.stderr.decode(errors="replace").strip().splitlines()[-3:]
        raise BenchproofError("\n  ".join([f"{browser}: could not print the report", *said]))


def _as_root() -> Sequence[str]:
    # Containers run as root, where Chromium's sandbox cannot start; the page is our own.
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _settled(pdf: bytes) -> bytes:
    """Number the document's tags from 1: the browser starts at another number each time.

    Their order stays, which the index of tags is sorted by, and so does their length.
    """
    tags = sorted(set(_TAG.findall(pdf)))
    numbers = {tag: b"(node%08d)" % number for number, tag in enumerate(tags, start=1)}
    return _TAG.sub(lambda m: numbers[m[0]], pdf)


def _dated(pdf: bytes, date: str) -> bytes:
    """Give the document the release's date for that of printing, byte for byte as long."""
    day = re.sub(r"\D", "", date)[:8].ljust(8, "0") if date else "20000101"
    return _DATE.sub(lambda m: b"/%b (D:%b000000" % (m[1], day.encode()), pdf)
