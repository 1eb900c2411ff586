"""Our own formats behind an address: polars reads it, here from a server on this computer."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from harness.errors import ResultFileError
from harness.formats.remote import Remote, is_url, remote_format
from harness.ingest.result import Options
from harness.ingest.run import ingest
from harness.reader import read_release

FRAME = pl.DataFrame(
    {
        "model": ["A", "A", "B"],
        "problem": ["p1", "p2", "p1"],
        "sample": [0, 0, 0],
        "passed": [True, False, True],
        "runtime_s": [0.5, None, 0.25],
    }
)


class Ranged(http.server.SimpleHTTPRequestHandler):
    """Serves byte ranges, as the servers do that Parquet is read from."""

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        data = Path(self.translate_path(self.path)).read_bytes() if self.found() else b""
        if not self.found():
            self.send_error(404)
            return
        start, end = 0, len(data) - 1
        if asked:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            start = int(first) if first else max(len(data) - int(last), 0)
            end = min(int(last), end) if first and last else end
        self.send_response(206 if asked else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(end - start + 1))
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(data[start : end + 1])

    def do_HEAD(self) -> None:
        if not self.found():
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Accept-Ranges", "bytes")
        size = Path(self.translate_path(self.path)).stat().st_size
        self.send_header("Content-Length", str(size))
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()

    def found(self) -> bool:
        return Path(self.translate_path(self.path)).is_file()


@pytest.fixture
def address(tmp_path) -> Iterator[str]:
    folder = tmp_path / "served"
    folder.mkdir()
    FRAME.write_parquet(folder / "x.parquet")
    FRAME.write_csv(folder / "x.csv")
    FRAME.write_ndjson(folder / "x.jsonl")
    handler = functools.partial(Ranged, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_an_address_is_read_like_a_file(release, address, kind) -> None:
    done = ingest([f"{address}/x.{kind}"], release, Options(), estimate=lambda *_: 0.0)
    read = read_release(release)
    assert read.outcomes is not None
    assert read.outcomes.frame.select("problem", "passed", "runtime_s").rows() == [
        ("p1", True, 0.5),
        ("p2", False, None),
        ("p1", True, 0.25),
    ]
    assert done.sources[0]["sha256"] is None
    assert done.sources[0]["name"] == f"{address}/x.{kind}"


def test_a_bucket_is_read_with_the_credentials_of_the_environment(
    release, address, tmp_path, monkeypatch
) -> None:
    (tmp_path / "served" / "bucket").mkdir()
    FRAME.write_parquet(tmp_path / "served" / "bucket" / "x.parquet")
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
    }.items():
        monkeypatch.setenv(name, value)
    ingest(["s3://bucket/x.parquet"], release, Options(), estimate=lambda *_: 0.0)
    read = read_release(release)
    assert read.outcomes is not None
    assert read.outcomes.frame.height == 3


def test_an_address_that_is_not_there_is_one_error(release, address, untouched) -> None:
    before = untouched()
    with pytest.raises(ResultFileError, match=r"http://127.*none\.parquet: cannot be read"):
        ingest([f"{address}/none.parquet"], release, Options(), estimate=lambda *_: 0.0)
    assert untouched() == before


def test_a_secret_in_an_address_is_not_written_down() -> None:
    remote = Remote("https://user:pass@example.org/x.parquet?token=abc")
    assert str(remote) == "https://example.org/x.parquet"
    assert remote.url.endswith("token=abc")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.org/x.csv", 'the scheme "ftp"'),
        ("https://example.org/results.json", "a URL of another format"),
        ("s3://bucket/samples.eval", "a URL of another format"),
    ],
)
def test_what_is_not_read_from_afar_is_said(url, sentence) -> None:
    assert is_url(url)
    with pytest.raises(ResultFileError, match=sentence):
        remote_format(url, None)


@pytest.mark.parametrize("path", ["x.csv", "a/b:c.csv", "C:\\x.csv", "s3/x.csv"])
def test_a_path_is_no_address(path) -> None:
    assert not is_url(path)
