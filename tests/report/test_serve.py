"""The preview: it rebuilds after an edit, and an error leaves the site as it was."""

import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs.livereload import LiveReloadServer

from harness.errors import BenchproofError
from report.serve import serve


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, path: str = "index.html") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
        return str(answer.read().decode())


def eventually(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not check():
        assert time.monotonic() < deadline, "did not happen within 10 s"
        time.sleep(0.05)


@pytest.mark.slow
def test_an_edit_shows_and_an_error_does_not(
    tmp_path: Path,
    free_port: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    site, source = tmp_path / "site", tmp_path / "source"
    site.mkdir()
    source.mkdir()
    (site / "index.html").write_text("<body>one</body>")
    (site / "404.html").write_text("<body>not here</body>")
    servers: list[LiveReloadServer] = []

    def rebuild() -> None:
        text = (source / "page.md").read_text()
        if text == "bad":
            raise BenchproofError("page.md: found bad; expected good")
        (site / "index.html").write_text(f"<body>{text}</body>")

    original = LiveReloadServer.serve
    monkeypatch.setattr(
        LiveReloadServer, "serve", lambda self: (servers.append(self), original(self))
    )
    thread = threading.Thread(
        target=serve,
        args=(site,),
        kwargs={"rebuild": rebuild, "watched": [source], "port": free_port},
    )
    thread.start()
    try:
        eventually(lambda: bool(servers) and servers[0].serve_thread.is_alive())
        assert "one" in fetch(free_port)
        with pytest.raises(urllib.error.HTTPError) as missing:
            fetch(free_port, "nowhere.html")
        assert b"not here" in missing.value.read()
        missing.value.close()
        (source / "page.md").write_text("two")
        eventually(lambda: "two" in fetch(free_port))
        (source / "page.md").write_text("bad")
        eventually(lambda: "expected good" in capsys.readouterr().err)
        assert "two" in (site / "index.html").read_text()
    finally:
        servers[0].shutdown(wait=True)
        thread.join()


def test_a_taken_port_is_said(tmp_path: Path, free_port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port))
        other.listen()
        with pytest.raises(BenchproofError, match=f"127.0.0.1:{free_port}"):
            serve(tmp_path, rebuild=lambda: None, watched=[], port=free_port)
