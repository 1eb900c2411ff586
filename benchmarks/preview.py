"""How long `build.py serve` takes to show an edited sentence: from saving it to the served page."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
EDITS = 10
_PATIENCE = 300.0  # seconds for the first build, and more than any edit takes


def preview_seconds(arguments: list[str], *, page: Path, address: str) -> float:
    """Median seconds of ten edits of one page, each polled until the browser would get it.

    Parameters
    ----------
    arguments
        Folders, as ``build.py`` takes them before its command.
    page
        The Markdown file that is edited; a sentence is added each time.
    address
        Where the page is served, below the root of the site.
    """
    with _served(arguments) as root:
        _until(root + address, "</html>")
        return median(_edit(page, root + address, number) for number in range(EDITS))


def _edit(page: Path, url: str, number: int) -> float:
    words = f"Edited for the {number + 1}th time."
    # A page that overrides another shows what stands within its blocks.
    text, block, rest = page.read_text("utf-8").rpartition("{% endblock %}")
    new = f"{text}\n\n{words}\n\n{block}{rest}" if block else f"{rest}\n\n{words}\n"
    page.write_text(new, "utf-8")
    start = perf_counter()
    _until(url, words)
    return perf_counter() - start


def _until(url: str, words: str) -> None:
    start = perf_counter()
    while perf_counter() - start < _PATIENCE:
        try:
            with urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 - this machine's own
                if words in re.sub(r"\s+", " ", answer.read().decode()):
                    return
        except URLError:
            pass  # not served yet
        sleep(0.02)
    raise RuntimeError(f"{url} did not show {words!r} within {_PATIENCE:.0f} s")


@contextmanager
def _served(arguments: list[str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    run = [sys.executable, "build.py", *arguments, "serve", "--port", port]
    with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as p:
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            p.terminate()
