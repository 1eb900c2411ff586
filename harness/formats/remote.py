"""Our own formats behind a URL, read by polars itself: https, s3 and what else it knows."""

import re
from pathlib import Path, PosixPath, WindowsPath
from typing import Self

import polars as pl

from harness.errors import ResultFileError
from harness.formats import own
from harness.formats.reading import Format, Reading
from harness.text import shown

URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
SCHEMES = ("https", "http", "s3", "gs", "az", "abfs", "abfss", "hf")
KINDS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".jsonl": "jsonl"}
LOCAL = PosixPath if isinstance(Path(), PosixPath) else WindowsPath


class Remote(LOCAL):  # type: ignore[misc, valid-type]
    """A URL where a path is expected; only its text is used."""

    url: str

    def __new__(cls, url: str) -> Self:
        """Keep the URL as it is: a path would lose one of its slashes."""
        path: Self = super().__new__(cls, url)
        path.url = url
        return path

    def __str__(self) -> str:
        """Give the URL without user, password and query, which may hold a secret."""
        plain = re.sub(r"//[^/@]*@", "//", self.url)
        return plain.partition("?")[0]


def is_url(file: str) -> bool:
    """Tell whether an argument is a URL rather than a path."""
    return URL.match(file) is not None


def remote_format(url: str, format_id: str | None) -> Format:
    """Choose the reader of a URL by ``--format`` or by the ending of its path.

    Raises
    ------
    ResultFileError
        Another scheme, another ending, or a foreign format: those are read from files.
    """
    path = Remote(url)
    scheme = url.partition(":")[0].lower()
    if scheme not in SCHEMES:
        raise ResultFileError(
            path, found=f"the scheme {shown(scheme)}", expected=f"one of {', '.join(SCHEMES)}"
        )
    ending = next((e for e in KINDS if str(path).lower().endswith(e)), None)
    kind = (format_id or "").removeprefix("benchproof-") or (KINDS[ending] if ending else "")
    for format_ in own.FORMATS:
        if format_.id == f"benchproof-{kind}":
            return Format(
                format_.id, format_.title, format_.matches, _READERS[kind], format_.harness
            )
    raise ResultFileError(
        path,
        found="a URL of another format",
        expected="Parquet, CSV or JSON lines of our own columns",
        way_out="Download the file first; harness outputs are read from files.",
    )


def _parquet(path: Path) -> Reading:
    return _scanned(path, "parquet")


def _csv(path: Path) -> Reading:
    return _scanned(path, "csv")


def _jsonl(path: Path) -> Reading:
    return _scanned(path, "jsonl")


_READERS = {"parquet": _parquet, "csv": _csv, "jsonl": _jsonl}


def _scanned(path: Path, kind: str) -> Reading:
    assert isinstance(path, Remote)  # noqa: S101 - `remote_format` gave this reader
    try:
        if kind == "parquet":
            frame = pl.scan_parquet(path.url)
            return own.reading(path, kind, frame, frame.collect_schema())
        if kind == "csv":
            frame = pl.scan_csv(path.url, infer_schema=False)
            return own.reading(path, kind, frame, {})
        types = pl.scan_ndjson(path.url, infer_schema_length=None).collect_schema()
        frame = pl.scan_ndjson(path.url, schema=dict.fromkeys(types, pl.String()))
        return own.reading(path, kind, frame, types)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ResultFileError(
            path,
            found=f"cannot be read ({shown(str(error).splitlines()[0])[1:-1]})",
            expected=f"a {kind} file at this address",
            way_out="Check the address, and that your credentials are set in the environment.",
        ) from error
