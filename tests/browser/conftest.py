"""The system's Chromium on a folder served or opened from disk; it records what went wrong."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hostile import write_hostile_releases
from playwright.sync_api import Browser, Page, Request, sync_playwright

import build
from report.policy import HEADERS

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # containers run tests as root, where the sandbox cannot start
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Visit:
    """A page, where it comes from, and everything that should not have happened on it."""

    page: Page
    base: str
    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)
    _loading: list[str] = field(default_factory=list)

    def go(self, path: str = "") -> Page:
        """Open a path of the site and wait until nothing is loading."""
        self.page.goto(f"{self.base}{path}")
        quiet = 0
        for _ in range(500):
            self.page.wait_for_timeout(20)
            quiet = 0 if self._loading else quiet + 1
            if quiet == 5:
                return self.page
        raise TimeoutError(f"{path} still loads {', '.join(self._loading)}")

    def assert_clean(self) -> None:
        """Fail on a console error, a failed request or a request to another host."""
        found = {"errors": self.errors, "failed": self.failed, "foreign": self.foreign}
        assert not any(found.values()), {name: these for name, these in found.items() if these}

    def _request(self, request: Request) -> None:
        self.requested.append(request.url)
        self._loading.append(request.url)
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.foreign.append(request.url)

    def _finish(self, request: Request) -> None:
        if request.url in self._loading:
            self._loading.remove(request.url)

    def _failure(self, request: Request) -> None:
        self._finish(request)
        if request.failure != "net::ERR_ABORTED":  # dropped because the reader went on
            self.failed.append(f"{request.url}: {request.failure}")

    def _listen(self) -> None:
        self.page.on("request", self._request)
        self.page.on("requestfinished", self._finish)
        self.page.on("requestfailed", self._failure)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", lambda r: r.status >= 400 and self.failed.append(r.url))
        self.page.on(
            "console", lambda m: m.type in {"error", "warning"} and self.errors.append(m.text)
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; without one the tests are skipped, in CI they fail."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        reason = f"no Chromium on the path ({', '.join(_NAMES)}); set CHROMIUM to its program"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield chromium
        chromium.close()


class _Host(http.server.SimpleHTTPRequestHandler):
    """As a host would that reads ``_headers``, and that has the site in a folder of its own."""

    under = "/some/where/"

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        inside = path.startswith(self.under)
        return super().translate_path(path.removeprefix(self.under) if inside else "/nowhere")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def founding_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that ``build.py site`` makes of the founding releases; built once a worker."""
    folder = tmp_path_factory.mktemp("founding")
    assert build.main(["site", "--site", str(folder / "site"), "--cache", str(folder / "c")]) == 0
    return folder / "site"


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of counts and of outcomes whose every free text is hostile; built once a worker."""
    folder = tmp_path_factory.mktemp("hostile")
    results = write_hostile_releases(folder)
    places = [("--results", results), ("--site", folder / "site"), ("--cache", folder / "cache")]
    assert build.main(["site", *(part for flag, at in places for part in (flag, str(at)))]) == 0
    return folder / "site"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine, under a path, with the site's headers."""
    handler = functools.partial(_Host, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{_Host.under}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Return `_visits` for one test."""
    with _visits(browser) as make:
        yield make


@pytest.fixture(scope="module")
def visiting(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Return `_visits` for a module, whose tests share what one visit found."""
    with _visits(browser) as make:
        yield make


@contextmanager
def _visits(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Give ``visit(folder, from_disk=False, **context)``, which gives a `Visit` of a new page.

    ``context`` goes to Playwright: ``viewport``, ``color_scheme``, ``java_script_enabled``,
    ``permissions`` …
    """
    closing: list[Callable[[], object]] = []

    def make(folder: Path, *, from_disk: bool = False, **context: Any) -> Visit:
        if from_disk:
            base = f"{folder.resolve().as_uri()}/"
        else:
            server = served(folder)
            base = server.__enter__()
            closing.append(lambda: server.__exit__(None, None, None))
        opened = browser.new_context(**context)
        opened.set_default_timeout(30_000)  # two workers share the machine
        closing.append(opened.close)
        made = Visit(opened.new_page(), base)
        made._listen()
        return made

    try:
        yield make
    finally:
        for close in reversed(closing):
            close()
