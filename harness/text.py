"""Bytes of a release file to text, and text as a message may show it."""

import difflib
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from harness.errors import ResultFileError

LARGEST = 64 * 1024 * 1024  # bytes; these tables hold some hundred rows
SHOWN = 80  # characters of a value that a message quotes
NAMED = 12  # known words that a message lists


def read_text(path: Path, *, folder: Path) -> str:
    r"""Read one small UTF-8 file of a release, with ``\n`` as the only line end.

    Parameters
    ----------
    path : Path
        The file; a symbolic link must stay inside the folder.
    folder : Path
        The release folder it belongs to.

    Raises
    ------
    ResultFileError
        Missing, not a regular file, outside the folder, above 64 MB, empty, not UTF-8, unreadable.
    """
    try:
        check_file(path, folder)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ResultFileError(
            path,
            found="the file is missing",
            expected=f"{path.name} in the folder",
            way_out="results/README.md describes it.",
        ) from error
    except OSError as error:
        raise ResultFileError(
            path,
            found=f"cannot be read ({error.strerror or 'operating system error'})",
            expected="a readable file",
            way_out="Check that you may read it.",
        ) from error
    text = _decoded(path, data).replace("\r\n", "\n")
    if not text.strip():
        raise ResultFileError(
            path,
            found="the file is empty",
            expected="content",
            way_out="Fill it, or delete it if the release has nothing of this kind.",
        )
    return text


def normalised(text: str) -> str:
    """Bring text into Unicode NFC, so that equal words compare equal; nothing else changes."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Reduce a name to what a reader distinguishes: NFC, without case and outer spaces."""
    return normalised(normalised(text).casefold()).strip()


def shown(value: object) -> str:
    """Quote a found value for a message: one line, no control or direction marks, not too long."""
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    if len(text) > SHOWN:
        text = text[: SHOWN - 1] + "…"
    visible = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return f'"{visible}"' if isinstance(value, str) else visible


def listed(words: Iterable[str]) -> str:
    """Join words for a message; ``none`` where there are none."""
    return ", ".join(shown(word)[1:-1] for word in words) or "none"


def near_miss(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that was probably meant, or None."""
    by_fold = {folded(candidate): candidate for candidate in known}
    close = difflib.get_close_matches(folded(word), by_fold, n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Compose the way out for an unknown word: what was probably meant, and what is known."""
    words = list(dict.fromkeys(known))
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return f"{question(word, words)} Known: {listed(words[:NAMED])}{more}.".lstrip()


def question(word: str, known: Iterable[str]) -> str:
    """Ask whether the nearest known word was meant; empty where none is near."""
    meant = near_miss(word, known)
    return f"Did you mean {shown(meant)}?" if meant is not None else ""


def check_file(path: Path, folder: Path, *, largest: int | None = LARGEST) -> None:
    """Raise ResultFileError unless it is a regular file inside the folder, not above a size.

    ``largest`` is in bytes; None where only what is read of it counts.
    """
    size = path.stat().st_size  # first: it refuses links that lead nowhere or in a circle
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ResultFileError(
            path,
            found=f"a link to {shown(str(path.resolve()))}",
            expected="a file inside the release folder",
            way_out="Replace the link by the file itself.",
        )
    if not path.is_file():
        raise ResultFileError(path, found="not a regular file", expected="a file")
    if largest is not None and size > largest:
        raise ResultFileError(
            path,
            found=f"{size:,} bytes",
            expected=f"at most {largest:,} bytes",
            way_out="These tables hold counts and summaries; is this the raw output of a harness?",
        )


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ResultFileError(
            path,
            line=data.count(b"\n", 0, error.start) + 1,
            found=f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8",
            expected="UTF-8 text",
            way_out="Save the file again with the encoding UTF-8.",
        ) from error
