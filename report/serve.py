"""Live preview: the built site on this machine, rebuilt and reloaded after an edit."""

from collections.abc import Callable, Sequence
from pathlib import Path

from harness.errors import BenchproofError


def serve(
    site: Path,
    *,
    rebuild: Callable[[], None],
    watched: Sequence[Path],
    host: str = "127.0.0.1",
    port: int = 8000,
) -> None:
    """Serve ``site`` until interrupted; call ``rebuild`` when a file below ``watched`` changes.

    What ``rebuild`` raises is printed and the site as it was stays: the next edit tries again.

    Raises
    ------
    BenchproofError
        The port is taken.
    """
    from mkdocs.livereload import LiveReloadServer  # noqa: PLC0415 - slow import

    server = LiveReloadServer(
        builder=_reporting(rebuild), host=host, port=port, root=str(site), polling_interval=0.25
    )
    for path in watched:
        server.watch(str(path))
    missing = site / "404.html"
    server.error_handler = lambda code: missing.read_bytes() if code == 404 else None
    try:
        server.serve()
    except KeyboardInterrupt:
        pass
    except OSError as error:
        raise BenchproofError(
            f"cannot serve on {host}:{port}: {error.strerror}\n  Try another port with --port."
        ) from error
    finally:
        server.shutdown()


def _reporting(rebuild: Callable[[], None]) -> Callable[[], None]:
    """Wrap the rebuild so that an error a person can act on is a message, not a traceback."""
    from mkdocs.exceptions import Abort  # noqa: PLC0415 - slow import

    def build() -> None:
        try:
            rebuild()
        except BenchproofError as error:
            raise Abort(str(error)) from error  # printed by the server, which goes on

    return build
