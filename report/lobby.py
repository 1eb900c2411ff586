"""What lies beside the versions: the way in, the list of versions, redirects of aliases."""

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from report.document import Version
from report.drawing import script_json
from report.feed import FEED, feed_files, in_feed
from report.html import escape, link
from report.policy import headers_file, meta
from report.staging import versions_json

_REDIRECT = """\
// Keeps the query and the anchor, which a redirect by meta element would lose.
const link = document.querySelector("link[rel=canonical]");
location.replace(link.href + location.search + location.hash);
"""

_STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:12vh auto;padding:0 1rem}"
    ":root{color-scheme:light dark;background:#fff;color:#16202b}a{color:#0b6bb8}"
    "@media(prefers-color-scheme:dark){:root{background:#12151b;color:#e6eaf0}a{color:#62b3f5}}"
)


def latest(versions: Sequence[Version]) -> Version:
    """Return the version readers should see: the alias, else the newest published, else the newest.

    ``versions`` are newest first, as `report.site.sort_versions` gives them.
    """
    aliased = [version for version in versions if "latest" in version.aliases]
    published = [version for version in versions if not version.draft]
    return (aliased or published or list(versions))[0]


def lobby_files(versions: Sequence[Version], *, base: str) -> dict[str, bytes]:
    """Return the site's top-level files; ``base`` is the site's URL or empty."""
    home = f"{latest(versions).name}/index.html"
    listed = versions_json(versions)
    files = {
        ".nojekyll": "",
        "_headers": headers_file(),
        "index.html": redirect_page(home),
        "versions.json": f"{listed}\n",
        "versions.js": f"benchproof.versions({_with_pages(versions, listed)});\n",
        "versions.html": _versions_page(versions),
        "404.html": _missing_page(urlsplit(base).path or "/"),
        "redirect.js": _REDIRECT,
    }
    files |= feed_files(versions, base=base)
    return {path: text.encode() for path, text in files.items()}


def _with_pages(versions: Sequence[Version], listed: str) -> str:
    """Return the list of versions with the pages of each, which a page opened from disk needs."""
    known = {v.name: [_html(page.path) for page in v.pages] for v in versions}
    return script_json([{**item, "pages": known[item["version"]]} for item in json.loads(listed)])


def _html(path: str) -> str:
    return f"{path.removesuffix('.md')}.html"


def alias_files(built: Path, *, version: str) -> dict[str, bytes]:
    """Return an alias of a built version: its pages redirect, its data files are copies.

    Readers end at the one lasting address of a page; programs that read ``latest/data/…`` do not
    follow redirects written in HTML, so they get the files themselves.
    """
    files: dict[str, bytes] = {}
    for file in sorted(built.rglob("*")):
        path = file.relative_to(built)
        if file.suffix == ".html":
            root = "../" * len(path.parts)
            page = redirect_page(f"{root}{version}/{path.as_posix()}", root=root)
            files[path.as_posix()] = page.encode()
        elif path.parts[0] == "data" and file.is_file():
            files[path.as_posix()] = file.read_bytes()
    return files


def redirect_page(to: str, *, root: str = "") -> str:
    """Return a page that leads on, with and without JavaScript."""
    url = link(to)
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
{meta()}
<link rel="icon" href="data:,">
<title>Moved</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<link rel="canonical" href="{url}">
<noscript><meta http-equiv="refresh" content="0; url={url}"></noscript>
<style>{_STYLE}</style>
<script src="{root}redirect.js"></script>
</head>
<body><p>This page is at <a href="{url}">{url}</a>.</p></body>
</html>
"""


def _versions_page(versions: Sequence[Version]) -> str:
    items = "\n".join(
        f'<li><a href="{link(version.name)}/index.html">{escape(version.title)}</a>'
        f" {escape(version.date)}{' (draft)' if version.draft else ''}</li>"
        for version in versions
    )
    feed = f'\n<p><a href="{FEED}">Feed of releases</a></p>' if any(map(in_feed, versions)) else ""
    return _plain_page("Versions", f"<h1>Versions</h1>\n<ul>\n{items}\n</ul>{feed}")


def _missing_page(home: str) -> str:
    text = f'<h1>Page not found</h1>\n<p><a href="{link(home)}">To the latest version</a></p>'
    return _plain_page("Page not found", text)


def _plain_page(title: str, body: str) -> str:
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
{meta()}
<link rel="icon" href="data:,">
<title>{title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
