"""Progress on a terminal, and nothing where nobody watches (CI, a pipe)."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that says what is being done; the last step stays until the next one."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where a person watches

    console, start = Console(stderr=True), time.monotonic()
    with console.status("starting") as status:
        yield lambda sentence: status.update(f"{sentence} ({time.monotonic() - start:.1f} s)")
    console.print(f"[dim]built in {time.monotonic() - start:.1f} s[/]")
