"""What a built site holds, for tests that go over all of it whatever pages it has."""

from pathlib import Path


def all_pages(site: Path) -> list[str]:
    """Every page of a site by path, redirects of aliases left out."""
    found = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return [path for path in found if not path.startswith(("latest/", "index.html"))]
