"""The Atom feed of releases (RFC 4287): those that are published and have a date.

Atom demands a date of each entry, so a release whose sources state none is not in the feed; one is
never invented. An entry is known by a name-based UUID (RFC 9562, version 5) of the benchmark's and
the release's name: the same on every build, with or without an address.
"""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from report.document import Version
from report.html import link, plain

FEED = "feed.xml"
_ATOM = "http://www.w3.org/2005/Atom"
_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:benchproof:release")


def in_feed(version: Version) -> bool:
    """Whether a version can be in the feed."""
    return version.entry is not None and bool(version.date) and not version.draft


def feed_files(versions: Sequence[Version], *, base: str) -> dict[str, str]:
    """Return the feed by its path; nothing where no release can be in it.

    ``versions`` are newest first; ``base`` is the site's URL or empty: then links are relative.
    """
    told = [version for version in versions if in_feed(version)]
    if not told:
        return {}
    root = base.rstrip("/") + "/" if base else ""
    feed = ET.Element("feed", {"xmlns": _ATOM})
    _text(feed, "title", told[0].site_name)
    _text(feed, "id", _id(told[-1], "feed"))
    _text(feed, "updated", _moment(max(version.date for version in told)))
    ET.SubElement(feed, "link", {"rel": "self", "href": f"{root}{FEED}"})
    ET.SubElement(feed, "link", {"rel": "alternate", "href": f"{root}versions.html"})
    _text(ET.SubElement(feed, "author"), "name", told[0].site_name)
    for version in sorted(told, key=lambda v: v.date, reverse=True):
        _entry(feed, version, root)
    ET.indent(feed)
    return {FEED: '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, "unicode") + "\n"}


def _entry(feed: ET.Element, version: Version, root: str) -> None:
    facts = version.entry
    assert facts is not None  # noqa: S101 - in_feed has seen to it
    entry = ET.SubElement(feed, "entry")
    _text(entry, "title", f"{facts.title}, {version.name}")
    _text(entry, "id", _id(version, version.name))
    _text(entry, "published", _moment(version.date))
    _text(entry, "updated", _moment(version.date))
    href = f"{root}{link(version.name)}/index.html"
    ET.SubElement(entry, "link", {"rel": "alternate", "href": href})
    for name in facts.authors:
        _text(ET.SubElement(entry, "author"), "name", name)
    _text(entry, "summary", " ".join(facts.sentences) or facts.title)


def _text(parent: ET.Element, tag: str, text: str) -> None:
    # XML has no place for the two noncharacters at the end of the first plane.
    ET.SubElement(parent, tag).text = plain(text).replace("\ufffe", "").replace("\uffff", "")


def _id(version: Version, name: str) -> str:
    benchmark = version.entry.benchmark if version.entry else ""
    return uuid.uuid5(_OURS, f"{benchmark}\n{name}").urn


def _moment(date: str) -> str:
    """A day is all that releases state; Atom writes it as its first moment."""
    return f"{date}T00:00:00Z"
