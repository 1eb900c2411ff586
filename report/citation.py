"""How to cite one version: BibTeX and CFF, with the checksum of what was measured."""

import json
import re

from markupsafe import Markup

from harness.release import Release
from report.html import block, escape, plain

_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(release: Release, *, url: str = "") -> str:
    """Return the BibTeX entry of a release; what its sources do not state is left out.

    ``url`` is the lasting address of the version, or empty where the site has none.
    """
    year, month = release.date[:4], release.date[5:7]
    note = f"SHA-256 of the release's files: {release.digest}" if release.digest else ""
    state = "" if release.status == "published" else "Draft. "
    fields = {
        "title": f"{{{{{tex(release.title)}}}}}",
        "author": "{" + " and ".join(f"{{{tex(name)}}}" for name in release.authors) + "}"
        if release.authors
        else "",
        "year": f"{{{year}}}" if year else "",
        "month": _MONTHS[int(month) - 1] if month else "",
        "version": f"{{{tex(release.version)}}}",
        "howpublished": f"{{\\url{{{_tex_url(url)}}}}}" if url else "",
        "note": f"{{{state}{note}}}" if state or note else "",
    }
    body = ",\n".join(f"  {key} = {text}" for key, text in fields.items() if text)
    return f"@misc{{{_key(release)},\n{body}\n}}\n"


def tex(text: str) -> str:
    """Return text that TeX prints as it is."""
    return "".join(_TEX.get(char, char) for char in plain(text))


def _tex_url(url: str) -> str:
    return "".join(f"\\{char}" if char in "%#" else char for char in url if char not in "{}\\ ")


def _key(release: Release) -> str:
    """A key that BibTeX takes, made of what the release is called."""
    words = re.findall(r"[a-z0-9]+", release.benchmark.casefold())
    return "-".join([*words[:4], re.sub(r"[^A-Za-z0-9.-]", "-", release.version)])


def cff(release: Release, *, url: str = "") -> str:
    """Return the release as a Citation File Format 1.2.0 file, which is YAML."""
    fields = {
        "cff-version": "1.2.0",
        "message": "Cite this version of the report.",
        "type": "dataset",
        "title": plain(release.title),
        "authors": [{"name": plain(name)} for name in release.authors] or [{"name": "anonymous"}],
        "version": release.version,
        "date-released": release.date,
        "url": url,
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{release.digest}",
                "description": "SHA-256 of the release's files",
            }
        ]
        if release.digest
        else [],
    }
    # JSON is YAML; every text is quoted, so that a version 1.0 stays a text.
    return "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in fields.items()
        if value
    )


def citation_files(release: Release, *, url: str = "") -> dict[str, bytes]:
    """Return the files that the box links to."""
    return {
        "data/citation.bib": bibtex(release, url=url).encode(),
        "data/CITATION.cff": cff(release, url=url).encode(),
    }


def citation_html(release: Release, *, url: str = "") -> Markup:
    """Return the box that says how to cite a version: facts, BibTeX to copy, files to take."""
    entry = bibtex(release, url=url)
    facts = (
        ("Version", f"{release.version}, {release.status}"),
        ("Date", release.date or "not stated by its sources"),
        ("SHA-256", release.digest),
        ("Address", url),
    )
    rows = Markup("").join(
        Markup("<dt>{}</dt> <dd>{}</dd>").format(escape(name), escape(text))
        for name, text in facts
        if text
    )
    frozen = (
        "Frozen: every file is verified at each build."
        if release.freeze
        else "Not frozen: its files can still change, and the checksum with them."
    )
    lines = Markup("&#10;").join(_line(line) for line in entry.splitlines())
    copied = Markup("&#10;").join(escape(line) for line in entry.splitlines())
    box = Markup(
        '<div class="bp-cite"><dl>{}</dl>\n<p>{}</p>\n'
        '<div class="bp-bibtex"><pre><code>{}</code></pre></div>\n'
        '<div class="bp-actions"><button type="button" class="bp-copy" data-copy="{}">Copy BibTeX'
        '</button><a href="data/citation.bib" download>BibTeX</a>'
        '<a href="data/CITATION.cff" download>CFF</a></div></div>'
    ).format(rows, escape(frozen), lines, copied)
    return Markup(block(box))  # noqa: S704 - box is Markup already


def _line(line: str) -> Markup:
    """One line of code, with the spaces that it starts with."""
    text = line.lstrip(" ")
    return Markup("&#32;") * (len(line) - len(text)) + escape(text)
