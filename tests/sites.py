"""What a built site holds, for tests that go over all of it whatever pages it has."""

from pathlib import Path


def all_pages(site: Path) -> list[str]:
    """Every page of a site by path, redirects of aliases left out."""
    found = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return [path for path in found if not path.startswith(("latest/", "index.html"))]


def pages_of_latest(site: Path) -> list[str]:
    """Every page of the latest version by path, and those that lie beside the versions."""
    latest = (site / "latest/index.html").read_text("utf-8").split("url=../")[1].split("/")[0]
    return [p for p in all_pages(site) if "/" not in p or p.startswith(f"{latest}/")]
